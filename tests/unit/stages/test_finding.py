"""What an object says by itself: its status, when time alone changes that, and what it claims."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from presswork.post import Status
from presswork.settings import Site
from presswork.stages.parse.revision import Finding, due, find, names_wanted
from unit.stages.looks import BROKEN, KEY, NOW, PATH, look, text

FAR = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("front_matter", "status", "time"),
    [
        ({}, Status.LIVE, None),
        ({"draft": "true"}, Status.DRAFT, None),
        ({"draft": "true", "date": "2026-05-04 12:00:01"}, Status.DRAFT, None),
        ({"date": "2026-05-04 12:00:00"}, Status.LIVE, None),
        ({"date": "2026-05-04 12:00:01"}, Status.SCHEDULED, NOW + timedelta(seconds=1)),
        ({"publishDate": "2026-05-04 12:00:01"}, Status.SCHEDULED, NOW + timedelta(seconds=1)),
        ({"publishDate": "2026-05-04 12:00:00"}, Status.LIVE, None),
        ({"unlisted": "true"}, Status.UNLISTED, None),
        ({"unlisted": "true", "publishDate": "2099-01-01"}, Status.SCHEDULED, FAR),
        ({"password": "hunter2", "publishDate": "2099-01-01"}, Status.DRAFT, None),
        (
            {"unlisted": "true", "expires": "2026-05-04 12:00:01"},
            Status.UNLISTED,
            NOW + timedelta(seconds=1),
        ),
        ({"expires": "2026-05-04 12:00:01"}, Status.LIVE, NOW + timedelta(seconds=1)),
        ({"expires": "2026-05-04 12:00:00"}, Status.EXPIRED, None),
    ],
)
def test_front_matter_and_time_say_what_a_post_is(
    front_matter: Mapping[str, str], status: Status, time: datetime | None
) -> None:
    """A scheduled post is looked at again when it appears, one that is up at its end."""
    finding = look(text(**front_matter))
    assert (finding.status, due(finding)) == (status, time)


@pytest.mark.parametrize(
    ("finding", "status"),
    [
        (find(None, KEY, Site(), NOW, NOW, theme=""), Status.GONE),
        (look("No front matter.", key="static/a.txt"), Status.SKIPPED),
        (look(BROKEN), Status.REJECTED),
    ],
)
def test_what_is_no_post_has_no_time_and_wants_no_path(finding: Finding, status: Status) -> None:
    """An absent object, one of another kind and a broken one hold no more than an explicit id."""
    assert (finding.status, finding.parsed, due(finding)) == (status, None, None)
    assert names_wanted(finding, explicit_id=None) == ()
    assert names_wanted(finding, explicit_id="the-post") == ("the-post",)


def test_an_undated_post_has_its_first_date() -> None:
    """The instant of the first look is the date of a post that names none."""
    finding = look("---\ntitle: A\n---\n\nText.\n")
    assert finding.parsed is not None
    assert finding.parsed.post.date == NOW


@pytest.mark.parametrize(
    ("front_matter", "names"),
    [
        ({}, (PATH, "/old/", "the-post")),
        ({"date": "2026-05-05 09:00:00"}, (PATH, "/old/", "the-post")),
        ({"unlisted": "true"}, (PATH, "/old/", "the-post")),
        ({"draft": "true"}, ("the-post",)),
        ({"password": "hunter2"}, ("the-post",)),
        ({"expires": "2026-05-04 10:00:00"}, ("the-post",)),
    ],
)
def test_a_post_that_shows_its_path_wants_it(
    front_matter: Mapping[str, str], names: tuple[str, ...]
) -> None:
    """A post that is up or to come wants path and aliases; each wants its explicit id."""
    finding = look(text(aliases=f"[/old/, {PATH}]", **front_matter))
    assert names_wanted(finding, explicit_id="the-post") == names
