"""A source's posts have its defaults where they say nothing; what is wrong with one is told."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from presswork import content
from presswork.content import Parsed, parse
from presswork.errors import Rejected
from presswork.settings import Site, WebhookSource

KEY = "posts/hooks/ci/release.md"


def settings(*defaults: str, extra: str = "[]") -> Site:
    """Settings by which the source `ci` has these defaults, each on a line of its own from 6 on."""
    lines = [f"extra: {extra}", "sources:", "  ci:", "    paths: /releases/", "    defaults:"]
    return content.settings("\n".join([*lines, *(f"      {line}" for line in defaults)]).encode())


def read(site: Site, *lines: str, key: str = KEY) -> Parsed:
    """A post with these lines in its front matter."""
    text = "\n".join(["---", "title: Release", "date: 2026-05-04", *lines, "---", "", "Text."])
    return parse(text.encode(), key, site, uploaded=datetime(2026, 5, 4, tzinfo=UTC))


RELEASE = settings("tags: [release, news]", "author: CI", "categories: [[software, tools]]")


def test_a_post_that_says_nothing_has_the_defaults() -> None:
    """They are as good as written, and no warning comes of them."""
    parsed = read(RELEASE)
    post = parsed.post
    assert (post.tags, post.authors) == (("release", "news"), ("CI",))
    assert post.categories == (("software", "tools"),)
    assert (parsed.warnings, parsed.repairs) == ((), ())


def test_a_post_without_front_matter_has_them_too() -> None:
    """A title and a text are enough for a sender."""
    post = parse(
        b"# Release\n\nText.", KEY, RELEASE, uploaded=datetime(2026, 5, 4, tzinfo=UTC)
    ).post
    assert (post.title, post.tags) == ("Release", ("release", "news"))


@pytest.mark.parametrize(
    ("line", "tags", "authors"),
    [
        ("tag: own", ("own",), ("CI",)),
        ("keywords: a, b", ("a", "b"), ("CI",)),
        ("tags: []", (), ("CI",)),
        ("tags:", ("release", "news"), ("CI",)),
        ("authors: [Ada]", ("release", "news"), ("Ada",)),
        ("byline: Ada", ("release", "news"), ("Ada",)),
        ("params: {tags: [inner]}", ("inner",), ("CI",)),
    ],
)
def test_what_a_post_says_itself_counts(
    line: str, tags: tuple[str, ...], authors: tuple[str, ...]
) -> None:
    """By any of the keys for one thing; an empty list says that there are none."""
    post = read(RELEASE, line).post
    assert (post.tags, post.authors) == (tags, authors)


def test_who_may_see_it_is_nobody_until_the_post_says_otherwise() -> None:
    """A source whose posts are drafts by default is read before it is published."""
    site = settings("draft: true")
    assert read(site).post.draft
    assert read(site, "published: true").post.draft
    assert not read(site, "draft: false").post.draft


def test_a_key_of_the_site_may_have_a_default() -> None:
    """One that `extra` names reaches themes."""
    assert read(settings("mood: calm", extra="[mood]")).post.extra == {"mood": "calm"}


@pytest.mark.parametrize("key", ["posts/a.md", "posts/hooks/other/a.md", "pages/hooks/ci/a.md"])
def test_others_have_them_not(key: str) -> None:
    """Neither an author's posts nor those of another source."""
    assert read(RELEASE, key=key).post.tags == ()


def test_they_are_part_of_what_a_post_means() -> None:
    """Another default is another fingerprint, so that pages are made again."""
    assert read(RELEASE).post.revision != read(settings("tags: [release]")).post.revision


def test_settings_are_the_same_after_they_were_stored() -> None:
    """The table has numbers of its own kind, and JSON has no tuples."""
    site = settings("weight: 3", "tags: [a, b]", "comments: false")
    assert Site.model_validate(json.loads(site.model_dump_json())) == site
    read_back = WebhookSource(
        defaults={"weight": Decimal(3), "tags": ["a", "b"], "comments": False}
    )
    assert read_back == site.sources["ci"].model_copy(update={"paths": ""})
    assert type(read_back.defaults["weight"]) is int


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("lang: english language", "is not a language tag"),
        ("draft: maybe", "neither true nor false"),
        ("weight: heavy", "no whole number"),
        ("weight: 1.5", "a whole number"),
        ("tags: {a: b}", "a list of such"),
        ("cover: nowhere", "says nothing"),
        ("visibility: private", "draft: true"),
        ("title: Release", "can have no default"),
        ("slug: release", "can have no default"),
        ("id: release", "can have no default"),
        ("tagz: [a]", "can have no default"),
        ("mood: calm", "name it in `extra`"),
        ("tags: []", "says nothing"),
        ("authors: CI", "say the same"),
    ],
)
def test_a_mistake_is_told_with_its_line(line: str, said: str) -> None:
    """By the vocabulary of front matter itself, before a post meets it."""
    with pytest.raises(Rejected) as told:
        settings("author: CI", line)
    assert told.value.rule == "settings.sources"
    assert said in f"{told.value.message} {told.value.fix}"
    assert (told.value.line, told.value.column) == (7, 7)
