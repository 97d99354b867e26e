"""What each file of a folder becomes, when all the others are there, too."""

from datetime import UTC, datetime

import pytest

from presswork.post import Status
from presswork.settings import Site
from presswork_cli.offline.claims import Outcome, read, resolve_claims

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _read(key: str, text: str) -> Outcome:
    return read(key, text.encode(), Site(), "", uploaded=NOW, now=NOW)


def _post(**matter: str) -> str:
    lines = {"title": "A", "date": "2026-05-01"} | matter
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in lines.items()) + "---\n\nText.\n"


def _statuses(*outcomes: Outcome, **holders: str) -> dict[str, str]:
    return {each.key: each.status.value for each in resolve_claims(outcomes, holders=holders)}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (_post(), Status.LIVE),
        (_post(draft="true"), Status.DRAFT),
        (_post(date="2026-05-05"), Status.SCHEDULED),
        (_post(expires="2026-05-04 12:00:00"), Status.EXPIRED),
        (_post(date="2026-13-01"), Status.REJECTED),
    ],
)
def test_a_file_says_its_status_by_itself(text: str, status: Status) -> None:
    """A post is live unless it is a draft, of the future, expired by now, or broken."""
    assert _read("posts/a.md", text).status is status


def test_what_is_no_post_is_skipped() -> None:
    """A picture is neither a post nor broken."""
    assert _read("posts/a.jpg", "no post").status is Status.SKIPPED


def test_the_first_by_key_has_a_path() -> None:
    """Of two posts that want one path the second by key waits, and is told for whom."""
    first, second = _read("posts/a.md", _post()), _read("posts/b.md", _post(slug="a"))
    resolved = resolve_claims([second, first])
    assert [(each.key, each.status) for each in resolved] == [
        ("posts/a.md", Status.LIVE),
        ("posts/b.md", Status.WAITING),
    ]
    error = resolved[1].error
    assert error is not None
    assert error.message == "/2026/05/a/ belongs to posts/a.md."
    assert "remove posts/a.md" in error.fix


def test_two_posts_of_one_title_are_both_live() -> None:
    """Their files have two names, and so have their addresses."""
    weekly = _post(title="Weekly notes")
    outcomes = resolve_claims([_read("posts/one.md", weekly), _read("posts/two.md", weekly)])
    assert [each.status for each in outcomes] == [Status.LIVE, Status.LIVE]
    paths = [each.parsed.post.path for each in outcomes if each.parsed]
    assert paths == ["/2026/05/one/", "/2026/05/two/"]


def test_whoever_holds_a_path_keeps_it() -> None:
    """A claim that is known to be held stays where it is, whatever the keys."""
    resolved = resolve_claims(
        [_read("posts/a.md", _post()), _read("posts/b.md", _post(slug="a"))],
        holders={"/2026/05/a/": "posts/b.md"},
    )
    assert [each.status for each in resolved] == [Status.WAITING, Status.LIVE]


def test_an_alias_and_an_id_are_claims_too() -> None:
    """A post waits for an alias or an explicit id that another has; a scheduled one has its own."""
    one = _read("posts/a.md", _post(slug="one", aliases="[/old/]", id="mine"))
    alias = _read("posts/b.md", _post(slug="two", aliases="[/old/]"))
    named = _read("posts/c.md", _post(slug="three", id="mine"))
    assert _statuses(one, alias, named) == {
        "posts/a.md": "live",
        "posts/b.md": "waiting",
        "posts/c.md": "waiting",
    }
    later = _read("posts/a.md", _post(date="2026-05-09"))
    assert _statuses(later, _read("posts/b.md", _post(slug="a")))["posts/b.md"] == "waiting"


def test_who_waits_and_who_is_unseen_holds_no_path() -> None:
    """A draft, a broken post and one that waits leave their paths to others."""
    waits = _read("posts/b.md", _post(slug="x", aliases="[/2026/05/a/]"))
    assert _statuses(
        _read("posts/a.md", _post()),
        waits,
        _read("posts/c.md", _post(slug="x")),
        _read("posts/d.md", _post(slug="y", draft="true")),
        _read("posts/e.md", _post(slug="y")),
    ) == {
        "posts/a.md": "live",
        "posts/b.md": "waiting",
        "posts/c.md": "live",
        "posts/d.md": "draft",
        "posts/e.md": "live",
    }


def test_authors_come_before_webhooks() -> None:
    """Whatever the keys, a path is an author's; of two sources it is the first one's."""
    hook, other = "posts/hooks/feed/a.md", "posts/hooks/zapier/a.md"
    assert _statuses(_read(hook, _post()), _read("posts/z/a.md", _post())) == {
        hook: "waiting",
        "posts/z/a.md": "live",
    }
    assert _statuses(_read(other, _post()), _read(hook, _post())) == {
        hook: "live",
        other: "waiting",
    }


@pytest.mark.parametrize(
    ("key", "last", "status"),
    [
        ("posts/hooks/feed/a.md", "posts/a.md", "waiting"),
        ("posts/hooks/feed/a.md", "posts/hooks/zapier/a.md", "waiting"),
        ("posts/hooks/feed/a.md", "posts/hooks/feed/b.md", "live"),
        ("posts/b/a.md", "posts/hooks/zapier/a.md", "live"),
        ("posts/b/a.md", "posts/a.md", "live"),
    ],
)
def test_what_was_let_go_is_kept_for_its_authority(key: str, last: str, status: str) -> None:
    """A path that nobody holds is not another authority's, but for authors."""
    path = "/2026/05/a/"
    (found,) = resolve_claims([_read(key, _post())], last_holders={path: last})
    assert found.status.value == status
    (found,) = resolve_claims([_read(key, _post())], holders={path: key}, last_holders={path: last})
    assert found.status.value == "live"


def test_a_source_may_rank_with_authors() -> None:
    """Then the keys alone decide, and what an author let go is its own to take."""
    hook, ranks = "posts/hooks/feed/a.md", frozenset({"feed"})
    outcomes = [_read(hook, _post()), _read("posts/z/a.md", _post())]
    found = {each.key: each.status.value for each in resolve_claims(outcomes, as_authors=ranks)}
    assert found == {hook: "live", "posts/z/a.md": "waiting"}
    before = {"/2026/05/a/": "posts/a.md"}
    (free,) = resolve_claims(outcomes[:1], last_holders=before, as_authors=ranks)
    assert free.status.value == "live"
    (kept,) = resolve_claims(outcomes[:1], last_holders=before, as_authors=frozenset({"other"}))
    assert kept.status.value == "waiting"
