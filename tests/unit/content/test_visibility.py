"""Who may see a post, in the words of many generators."""

from datetime import UTC, datetime
from typing import Any

import pytest

from presswork.content import Parsed, Site, parse
from presswork.post import Status, Visibility
from unit.content.reading import OPEN, read, refusal

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def rules(parsed: Parsed) -> list[str]:
    """The rules of the warnings about who may see a post."""
    return [each.rule for each in parsed.warnings if each.rule.startswith("visibility.")]


@pytest.mark.parametrize(
    ("front", "status", "warned"),
    [
        ({}, "live", False),
        ({"draft": "true"}, "draft", False),
        ({"draft": "false"}, "live", False),
        ({"published": "false"}, "draft", False),
        ({"publish": "false"}, "draft", False),
        ({"status": "draft"}, "draft", False),
        ({"status": "private"}, "draft", True),
        ({"status": "sent"}, "draft", True),
        ({"status": "skip"}, "draft", True),
        ({"status": "hidden"}, "unlisted", True),
        ({"status": "published"}, "live", False),
        ({"unlisted": "true"}, "unlisted", False),
        ({"unlisted": "false"}, "live", False),
        ({"unlisted": "true", "draft": "true"}, "draft", False),
        ({"visibility": "public"}, "live", False),
        ({"visibility": "unlisted"}, "unlisted", False),
        ({"visibility": "private"}, "draft", True),
        ({"visibility": "members"}, "draft", True),
        ({"visibility": "paid"}, "draft", True),
        ({"visibility": "my friends"}, "draft", True),
        ({"visibility": "[tiers]"}, "draft", True),
        ({"private": "true"}, "draft", True),
        ({"private": "family"}, "draft", True),
        ({"private": "false"}, "live", False),
        ({"password": "hunter2"}, "draft", True),
        ({"password": "1234"}, "draft", True),
        ({"password": "''"}, "live", False),
        ({"encrypt": "true"}, "draft", True),
        ({"hidden": "true"}, "unlisted", True),
        ({"hidden": "false"}, "live", False),
        ({"render": "never"}, "draft", True),
        ({"render": "false"}, "draft", True),
        ({"render": "always"}, "live", False),
        ({"build": "{render: never}"}, "draft", True),
        ({"build": "{render: link}"}, "draft", True),
        ({"_build": "{list: false}"}, "unlisted", True),
        ({"build": "{list: never}"}, "unlisted", True),
        ({"build": "{list: local}"}, "unlisted", True),
        ({"build": "{list: always, render: always}"}, "live", False),
        ({"build": "{list: never, render: never}"}, "draft", True),
        ({"headless": "true"}, "draft", True),
        ({"permalink": "false"}, "draft", True),
        ({"eleventyExcludeFromCollections": "true"}, "unlisted", True),
        ({"params": "{private: true}"}, "draft", True),
        ({"extra": "{unlisted: true}"}, "unlisted", False),
        ({"extra": "{draft: true}"}, "live", False),
        ({"hiddenFromHomePage": "true"}, "live", True),
        ({"hiddenFromHomePage": "false"}, "live", False),
        ({"expires": "2021-03-05"}, "expired", False),
    ],
)
def test_a_word_says_who_may_see_the_post(front: dict[str, Any], status: str, warned: bool) -> None:
    """Of several words the strictest counts; another generator's is told with what it became."""
    parsed = read(**front)
    assert parsed.post.status(NOW).value == status
    assert bool(rules(parsed)) is warned
    assert all(
        each.line == 2 and each.fix for each in parsed.warnings if each.rule in rules(parsed)
    )


@pytest.mark.parametrize("key", ["posts/_drafts/a.md", "posts/blog/_drafts/b/a.md"])
def test_a_folder_of_drafts(key: str) -> None:
    """What lies in Jekyll's or Hexo's `_drafts` is a draft, whatever it says."""
    assert read(key=key, draft="false").post.draft
    assert not read(key="posts/_drafts.md").post.draft


@pytest.mark.parametrize(
    ("front", "noindex", "sitemap"),
    [
        ({}, False, True),
        ({"noindex": "true"}, True, False),
        ({"noindex": "false"}, False, True),
        ({"robotsNoIndex": "true"}, True, False),
        ({"robots": "noindex, nofollow"}, True, False),
        ({"robots": "none"}, True, False),
        ({"robots": "index, follow"}, False, True),
        ({"sitemap": "false"}, False, False),
        ({"sitemap": "{disable: true}"}, False, False),
        ({"sitemap": "{exclude: 'yes'}"}, False, False),
        ({"sitemap": "{changefreq: daily}"}, False, True),
        ({"unlisted": "true"}, True, False),
        ({"hidden": "true"}, True, False),
    ],
)
def test_what_search_engines_are_told(front: dict[str, Any], noindex: bool, sitemap: bool) -> None:
    """`noindex` is a tag and no state; an unlisted post has it; `sitemap: false` is less."""
    post = read(**front).post
    assert (post.noindex, post.sitemap) == (noindex, sitemap)
    unlisted = "unlisted" in front or "hidden" in front
    assert (post.visibility is Visibility.UNLISTED) is unlisted


@pytest.mark.parametrize(
    ("front", "date", "appears"),
    [
        ({"date": "2021-03-04"}, "2021-03-04", "2021-03-04"),
        ({"date": "2024-01-02", "publishDate": "2099-01-01"}, "2024-01-02", "2099-01-01"),
        ({"date": "2024-01-02", "publish_at": "2099-01-01"}, "2024-01-02", "2099-01-01"),
        ({"date": "2099-01-01", "publishDate": "2024-01-02"}, "2099-01-01", "2099-01-01"),
        ({"date": "2024-01-02", "published_at": "2024-01-01"}, "2024-01-02", "2024-01-02"),
        ({"date": "", "publishDate": "2099-01-01"}, "2099-01-01", "2099-01-01"),
        ({"date": "2024-01-02", "published": "true"}, "2024-01-02", "2024-01-02"),
    ],
)
def test_a_post_appears_at_the_later_of_its_times(
    front: dict[str, Any], date: str, appears: str
) -> None:
    """A date that is past shows no post before the day that another key names."""
    post = read(**front).post
    assert (f"{post.date:%Y-%m-%d}", f"{post.appears:%Y-%m-%d}") == (date, appears)
    is_ahead = post.appears > NOW
    assert post.status(NOW) is (Status.SCHEDULED if is_ahead else Status.LIVE)


def test_a_time_that_nobody_can_read_is_rejected() -> None:
    """Who cannot know when a post is to appear does not show it."""
    rejected = refusal("---\ndate: 2021-03-04\npublishDate: next week\n---\n")
    assert (rejected.rule, rejected.line) == ("date.form", 3)


def test_a_password_stands_nowhere() -> None:
    """Neither in the post, nor in its fingerprint, nor in a warning."""
    parsed, other = (read(password=each, title="Family") for each in ("hunter2", "swordfish"))
    assert "hunter2" not in parsed.post.model_dump_json()
    assert "hunter2" not in repr(parsed.warnings)
    assert parsed.post.revision == other.post.revision


def test_a_password_alone_makes_front_matter() -> None:
    """Between fences with an empty line below, it is told from prose, and not shown."""
    parsed = parse(b"---\n\npassword: hunter2\n---\nText.\n", "posts/2021-03-04-a.md", Site())
    assert parsed.post.draft
    assert "hunter2" not in parsed.html


def test_extra_is_what_the_site_lists() -> None:
    """Keys that nobody knows are private until the settings name them, in any spelling."""
    front: dict[str, Any] = {
        "mood": "calm",
        "sub_title": "Or not",
        "comments": "false",
        "aliases": "[A note]",
    }
    assert read(**front).post.extra == {"comments": False, "aliases": ["A note"]}
    listed = read(**front, site=Site(extra=("mood", "subTitle"))).post.extra
    assert listed == {
        "mood": "calm",
        "sub_title": "Or not",
        "comments": False,
        "aliases": ["A note"],
    }


def test_a_secret_is_no_extra() -> None:
    """What a key names a secret is dropped, however deep it stands in what is listed."""
    params = "{apiKey: x, deep: [{admin_password: y, ok: 1}], tokens: z, passage: kept}"
    post = read(params=params, site=OPEN).post
    assert post.extra == {"params": {"deep": [{"ok": 1}], "passage": "kept"}}
