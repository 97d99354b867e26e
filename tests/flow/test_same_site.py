"""Whatever happened, in whatever order: the site is that of the final content."""

import json
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow.memory import MemoryCloud
from flow.same_site import assert_same_site
from flow.world import Origin, World, picture
from presswork import site
from presswork.stages.index.contents import ListContents

OTHERS = ("pages/one.md", "pages/old/index.md", "static/a.html", "posts/hooks/feed/g.md")
KEYS = (*(f"posts/{name}.md" for name in "abcdef"), *OTHERS)
NOW = datetime(2030, 5, 4, 12, tzinfo=UTC)
ORIGIN = Origin(files={"/home.jpg": picture()})


@dataclass
class Author:
    """Somebody who changes the content, and remembers what they deleted."""

    world: World
    markers: dict[str, str] = field(default_factory=dict)

    def put(self, key: str, text: str) -> None:
        """Uploads a post."""
        self.world.put(key, text)
        self.markers.pop(key, None)

    def delete(self, key: str) -> None:
        """Deletes a post, whether it is there or not."""
        self.markers[key] = self.world.delete(key)

    def undelete(self, key: str) -> None:
        """Takes back the last deletion of a post."""
        if marker := self.markers.pop(key, None):
            self.world.undelete(key, marker)

    def rename(self, old: str, new: str) -> None:
        """Moves a post as `aws s3 mv` does: the new key comes before the old one goes."""
        found = self.world.content.get(old, most=100_000)
        if found is not None and old != new:
            self.put(new, found.data.decode())
            self.delete(old)

    def swap(self, one: str, other: str) -> None:
        """Gives each of two files the text of the other, if both are there."""
        found = [self.world.content.get(key, most=100_000) for key in (one, other)]
        if None not in found:
            for key, text in zip((other, one), found, strict=True):
                self.put(key, text.data.decode() if text is not None else "")


Change = Callable[[Author], None]


@st.composite
def posts(draw: st.DrawFn) -> str:
    """A post out of few words, so that paths, terms, ids and dates meet; now and then a broken one.

    Every field may be absent.
    """
    lines = [f"title: {draw(st.sampled_from(['Sea', 'Land', 'Sky']))}"]
    maybe = {
        "date": ["2026-05-04", "2026-05-20", "2026-03-01", "2026-04-01", "2030-05-05"],
        "slug": ["one", "two", "three"],
        "tags": ["[sea]", "[land, sea]", "[Sea, LAND]"],
        "categories": ["[news]", "[news, port]"],
        "aliases": ["[/old/]", "[/2026/05/one/]"],
        "id": ["mine", "yours"],
        "draft": ["true"],
        "unlisted": ["true"],
        "visibility": ["unlisted", "private"],
        "noindex": ["true"],
        "publishDate": ["2026-01-01", "2030-05-05"],
        "expires": ["2030-05-04 18:00:00", "2020-01-01"],
        "broken": ["[unclosed"],
        "cover": ["http://images.example/home.jpg"],
    }
    often = {"date": 9, "slug": 7, "tags": 5, "categories": 3, "unlisted": 2}
    for name, values in maybe.items():
        if draw(st.integers(0, 9)) < often.get(name, 1):
            lines.append(f"{name}: {draw(st.sampled_from(values))}")
    image = draw(st.sampled_from(["", "", "", "![x](http://images.example/home.jpg)"]))
    link = draw(st.sampled_from(["", "", "[l](b.md)", "[l](../pages/one.md)", "[l](@name:Sea)"]))
    words = f"Words {draw(st.integers(0, 3))}. {link}"
    return "---\n" + "\n".join(lines) + f"\n---\n\n{words}\n\n{image}\n"


def _crowd(count: int) -> Change:
    """Many posts at once, so that the newest ones of a list are not all."""

    def put(author: Author) -> None:
        for number in range(count):
            day = f"2026-0{2 + number % 3}-{1 + number % 28:02}"
            text = f"---\ntitle: Crowd {number}\ndate: {day}\ntags: [sea]\n---\n\nMany.\n"
            author.put(f"posts/crowd/{number}.md", text)

    return put


def _later(hours: int) -> Change:
    return lambda author: author.world.later(hours=hours)


def _run(seed: int, *, repeat: bool) -> Change:
    """Delivers what is under way, in any order, and what comes of it."""
    return lambda author: author.world.run(random.Random(seed), repeat=repeat)


SETTINGS = (
    "title: Harbour\n",
    "title: Port\ntimezone: Asia/Shanghai\n",
    "permalink: /:slug/\n",
    "categories: parallel\nlanguage: zh\n",
    "base_url: https://other.example\n",
    "description: Boats.\nfeeds: {entries: 2, full_text: false}\ntheme: {search: false}\n",
    "titel: broken\n",
)
THEME = (
    ("base.html", "<!-- one -->{% extends 'default/base.html' %}"),
    ("base.html", "<!-- two -->{% extends 'default/base.html' %}"),
    ("post.html", "{% extends 'base.html' %}{% block main %}{{ text|safe }}{% endblock %}"),
    (
        "home.html",
        "{% extends 'default/home.html' %}{% block feeds %}{{ asset('a.svg') }}{% endblock %}",
    ),
    ("a.svg", "<svg/>"),
    ("style.css", "p { color: teal }"),
    ("post.html", "{{ post.titel }}"),
)
KEY = st.sampled_from(KEYS)
CHANGES = st.one_of(
    st.builds(lambda key, text: lambda author: author.put(key, text), KEY, posts()),
    st.builds(lambda key, text: lambda author: author.put(key, text), KEY, posts()),
    st.builds(lambda key: lambda author: author.delete(key), KEY),
    st.builds(lambda key: lambda author: author.undelete(key), KEY),
    st.builds(lambda old, new: lambda author: author.rename(old, new), KEY, KEY),
    st.builds(lambda one, other: lambda author: author.swap(one, other), KEY, KEY),
    st.builds(lambda key: lambda author: author.put(key, ""), KEY),
    st.builds(_crowd, st.just(24)),
    st.builds(lambda text: lambda author: author.put("site.yaml", text), st.sampled_from(SETTINGS)),
    st.builds(
        lambda file: lambda author: author.put(f"theme/{file[0]}", file[1]), st.sampled_from(THEME)
    ),
    st.builds(
        lambda file: lambda author: author.delete(f"theme/{file[0]}"), st.sampled_from(THEME)
    ),
    st.builds(_later, st.integers(1, 30)),
    st.builds(_run, st.integers(0, 99), repeat=st.booleans()),
)


SOAK = int(os.environ.get("SOAK", "0"))
OPERATIONS = None if SOAK else 500


@contextmanager
def worlds(most: int = site.LARGEST_PERIOD) -> Iterator[World]:
    """A world in memory, with periods of up to so many posts."""
    server = ORIGIN.serve()
    world = World(ORIGIN, server.server_port, MemoryCloud(), most=most)
    world.now = NOW
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        world.close()


def settle_down(world: World, seed: int) -> None:
    """Delivers all that is under way, then what the clock brings, until nothing is due."""
    dice = random.Random(seed)
    world.run(dice)
    for _ in range(3):
        world.maintain.run(world.now)
        world.run(dice)


@settings(
    max_examples=SOAK or 25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    st.lists(CHANGES, min_size=1, max_size=14),
    st.sampled_from([1, 2, 4, 20]),
    st.integers(0, 999),
)
def test_any_history_ends_with_the_site_of_the_final_content(
    history: list[Change], most: int, seed: int
) -> None:
    """Puts, edits, moves, deletes and undeletes, shuffled and repeated: equal keys and bytes.

    Months, days and parts of days are split, and come to be whole again.
    """
    with worlds(most) as world:
        author = Author(world)
        for change in history:
            change(author)
        settle_down(world, seed)
        compared = assert_same_site(world)
    print(f"{compared.objects} objects equal, {compared.stubs} stubs apart")
    assert compared.objects > 0


def invented(key: str, blob: str) -> str:
    """A post for a key and the name of its content: equal names make equal posts."""
    dice = random.Random(blob)
    tags = dice.sample([f"tag {number}" for number in range(12)], dice.randrange(3))
    slug = Path(key).stem[len("2014-03-12-") :]
    lines = [f"title: {slug} {blob[:4]}", f"slug: {slug}", f"tags: {json.dumps(tags)}"]
    if dice.random() < 0.1:
        lines.append("draft: true")
    if dice.random() < 0.05:
        lines.append("broken: [unclosed")
    return "---\n" + "\n".join(lines) + f"\n---\n\nWords of {blob}.\n"


def _key(name: str) -> str:
    return name.removeprefix("content/").removeprefix("_")


def test_a_real_history_ends_with_the_site_of_the_final_content(history: Path) -> None:
    """Years of a real blog, shuffled, some of it twice: equal keys and bytes at the end."""
    dice = random.Random(18)
    with history.open() as lines, worlds() as world:
        operations: list[dict[str, Any]] = [json.loads(each) for each in islice(lines, OPERATIONS)]
        there: dict[str, str] = {}
        for _, push in groupby(operations, key=lambda operation: operation["t"]):
            for operation in push:
                key = _key(operation["key"])
                if operation["op"] == "put":
                    there[key] = invented(key, operation["blob"])
                    world.put(key, there[key])
                else:
                    there.pop(key, None)
                    world.delete(key)
            if dice.random() < 0.5:
                world.run(dice, repeat=dice.random() < 0.1)
        settle_down(world, 18)
        compared = assert_same_site(world)
        assert world.keys("content") == sorted(there)
    print(
        f"{len(operations)} operations: {compared.objects} objects equal, "
        f"{compared.stubs} stubs apart"
    )
    assert compared.objects > len(there) / 2


@pytest.mark.parametrize(
    ("omitted", "instead"),
    [
        ("presswork.stages.index.stage._months_beside", set()),
        ("presswork.stages.index.objects._sitemap", {}),
        ("presswork.stages.index.stage.Index._settle_terms", set()),
        ("presswork.stages.index.contents.ListReader._part", ListContents()),
        ("presswork.stages.index.contents.FoundDocuments.of", ((), True)),
        ("presswork.stages.render.stage.Neighbours.paths", {}),
        ("presswork.stages.render.links.LinkResolver.tell_referrers", None),
        ("presswork.stages.render.stage.Render._converge", None),
    ],
)
def test_an_omission_is_noticed(
    omitted: str, instead: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planner that forgets one kind of work ends with another site."""
    monkeypatch.setattr(omitted, lambda *_, **__: instead)
    with worlds() as world:
        for month in (3, 4, 5):
            matter = (
                f"title: P{month}\ndate: 2026-0{month}-01\naliases: [/old/{month}/]\ntags: [sea]"
            )
            world.put(f"posts/{month}.md", f"---\n{matter}\n---\n\n[last](5.md)\n")
            settle_down(world, month)
        world.delete("posts/4.md")
        settle_down(world, 4)
        with pytest.raises(AssertionError, match=r"missing|left over|differ|make_lists"):
            assert_same_site(world)
