"""theme/ changes: the whole site follows, a broken theme changes nothing, and nobody is told."""

from typing import Any

import pytest

from flow.same_site import assert_same_site
from flow.test_same_site import settle_down, worlds
from flow.world import World, plain
from presswork.stages.parse import backfill as module
from presswork.state import SiteState

MARK = "<!-- ours -->"
OURS = MARK + '{% extends "default/base.html" %}'
POST = '{% extends "default/post.html" %}{% block title %}Ours: {{ post.title }}{% endblock %}'


def _state(world: World) -> SiteState:
    return world.stores.sites.read()


def _marked(world: World, mark: str) -> set[str]:
    """The objects of the site that bear a mark."""
    return {key for key, body in world.pages().items() if mark.encode() in body}


def _published(world: World) -> None:
    for number in range(4):
        text = plain(f"P{number}", date=f"2030-0{1 + number % 3}-01", tags="[sea]")
        world.put(f"posts/{number}.md", text)
    settle_down(world, 1)
    world.delete("posts/3.md")
    settle_down(world, 2)


def test_a_template_reaches_every_page_and_its_deletion_too() -> None:
    """Pages, lists and stubs of what is gone follow a template, and its absence; no one is told."""
    with worlds(most=1) as world:
        _published(world)
        before, mails = world.pages(), len(world.mails())
        world.put("theme/base.html", OURS)
        world.put("posts/new.md", plain("Published meanwhile", date="2030-01-02"))
        settle_down(world, 3)
        pages = {key for key in world.pages() if key.endswith(".html")}
        assert {"2030/01/02/index.html", "2030/01/new/index.html"} <= pages
        assert _marked(world, MARK) == pages
        assert_same_site(world)
        world.delete("posts/new.md")
        world.delete("theme/base.html")
        settle_down(world, 4)
        assert _marked(world, MARK) == set()
        assert_same_site(world)
        after = {key: body for key, body in world.pages().items() if key in before}
        different = {key for key in before if after.get(key) != before[key]}
        assert all(key.endswith("index.json") or key.startswith("sitemap") for key in different)
        assert len(world.mails()) == mails


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"theme/post.html": "{% extends 'base.html' %}\n{% block main %}\n{{ post.titel }}"}, 3),
        ({"theme/post.html": "One\n{% if %}"}, 2),
        ({"theme/base.html": "<p>\n\n{% include 'nav.html' %}"}, 3),
        (
            {"theme/home.html": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}"},
            1,
        ),
        ({"theme/style.css": "p" * 300_000}, None),
    ],
    ids=["undefined", "syntax", "include", "runaway", "size"],
)
def test_a_broken_theme_leaves_the_site_as_it_was(files: dict[str, str], line: int | None) -> None:
    """The last good theme stays, also for a post published meanwhile; the author is told once."""
    with worlds() as world:
        world.put("theme/base.html", OURS)
        _published(world)
        before, state = world.pages(), _state(world)
        mails = len(world.mails())
        for key, text in files.items():
            world.put(key, text)
        settle_down(world, 3)
        assert world.pages() == before
        now = _state(world)
        assert (now.theme, now.build) == (state.theme, state.build)
        assert now.theme_error is not None
        assert (now.theme_error.file, now.theme_error.error.line) == (next(iter(files)), line)
        for key in files:
            world.hint(key)
        world.put("posts/new.md", plain("Published meanwhile", date="2020-01-01"))
        settle_down(world, 4)
        assert "2020/01/new/index.html" in _marked(world, MARK)
        (mail,) = world.mails()[mails:]
        place = ":".join(map(str, filter(None, (next(iter(files)), line))))
        assert place in mail
        assert_same_site(world)


def test_a_mended_theme_is_in_force() -> None:
    """The error goes with its cause."""
    with worlds() as world:
        world.put("theme/post.html", "{{ nothing }}")
        _published(world)
        assert _state(world).theme_error is not None
        world.put("theme/post.html", POST)
        settle_down(world, 3)
        assert _state(world).theme_error is None
        assert "2030/01/p0/index.html" in _marked(world, "Ours: P0")
        assert_same_site(world)


def test_files_that_come_one_by_one_are_one_theme() -> None:
    """Templates that need each other are looked at together, in whatever order they come."""
    with worlds() as world:
        _published(world)
        world.put(
            "theme/base.html", OURS + "{% block main %}{% include 'nav.html' %}{% endblock %}"
        )
        for body in world.take("parse"):
            world.deliver("parse", body)
        world.put("theme/nav.html", "<nav>Ours</nav>")
        settle_down(world, 3)
        assert _state(world).theme_error is None
        assert not [mail for mail in world.mails() if "theme/" in mail]
        assert_same_site(world)


def _look(world: World) -> None:
    """Delivers the uploads, and the first look at the theme that they ask for."""
    for body in world.take("parse"):
        world.deliver("parse", body)
    world.deliver("backfill", world.take("backfill")[0])


def test_a_look_at_files_that_have_changed_since_is_left_to_the_next_one() -> None:
    """Of the looks that twenty uploads ask for, those before the last one do nothing."""
    with worlds() as world:
        world.put("theme/a.svg", "<svg/>")
        for body in world.take("parse"):
            world.deliver("parse", body)
        world.put("theme/b.svg", "<svg/>")
        _look(world)
        assert _state(world).theme_seen == ""
        world.hint("theme/b.svg")
        _look(world)
        assert set(world.stores.themes.read(_state(world).theme).assets) == {"a.svg", "b.svg"}


def test_assets_are_there_before_the_theme_is_in_force() -> None:
    """A page that is made in the same moment finds its stylesheet."""
    with worlds() as world:
        world.put("theme/a.svg", "<svg/>")
        _look(world)
        assert _state(world).theme
        assert [key for key in world.pages() if key.endswith("/a.svg")]


def test_a_page_has_its_own_stylesheet_before_it_is_there() -> None:
    """Render makes the theme's stylesheet where index has not yet, and not that of the default."""
    with worlds() as world:
        world.put("theme/style.css", "p { color: navy }")
        _look(world)
        world.put("posts/a.md", plain("A", date="2020-01-01"))
        for queue in ("parse", "render"):
            for body in world.take(queue):
                world.deliver(queue, body)
        (style,) = (key for key in world.pages() if key.endswith(".css"))
        assert "2020/01/a/index.html" in _marked(world, style)


def test_assets_lie_as_they_do_in_the_theme() -> None:
    """The stylesheet names a font beside it; both are on the site before a page asks for them."""
    with worlds() as world:
        world.put("theme/style.css", "@font-face { src: url(fonts/a.woff2); }")
        world.put("theme/fonts/a.woff2", b"font")
        world.put("theme/README.md", "Ours.")
        world.put(
            "theme/base.html", OURS + "{% block feeds %}{{ asset('fonts/a.woff2') }}{% endblock %}"
        )
        world.crash_at("PutItem", "THEME#")
        _published(world)
        (font,) = (key for key in world.pages() if key.endswith("a.woff2"))
        folder = font.removesuffix("fonts/a.woff2")
        (style,) = (key for key in world.pages() if key.startswith(folder) and key.endswith(".css"))
        assert style.count("/") == folder.count("/")
        assert {"index.html"} <= _marked(world, style) & _marked(world, font)
        assert world.bucket.get(font) == b"font"
        assert not any("README" in key for key in world.pages())
        assert_same_site(world)


def test_a_theme_costs_a_post_nothing() -> None:
    """A post is published with the same calls, whether there is a theme or not."""
    counts: list[dict[str, Any]] = []
    for has_theme in (False, True):
        with worlds() as world:
            if has_theme:
                world.put("theme/base.html", OURS)
            _published(world)
            world.put("posts/before.md", plain("Before", date="2020-02-01"))
            world.run()  # what a worker has seen before saves calls
            world.calls.clear()
            world.put("posts/new.md", plain("New", date="2020-01-01"))
            world.run()
            counts.append(dict(world.calls))
    assert counts[0] == counts[1]


def test_a_crash_anywhere_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies before any of its calls leaves what the next delivery finishes."""
    monkeypatch.setattr(module, "PAGE", 2)
    with worlds() as world:
        _published(world)
        for number, (operation, about) in enumerate(
            [
                ("PutItem", "THEME#"),
                ("PutItem", "theme_seen"),
                ("SendMessage", "backfill_page"),
                ("PutObject", "-/assets/"),
                ("GetObject", "theme/"),
                ("ListObjectsV2", "theme"),
            ]
        ):
            world.put("theme/base.html", f"<!-- {number} -->" + OURS)
            world.put("theme/a.svg", f"<svg id='{number}'/>")
            world.crash_at(operation, about)
            world.run()
            assert not world.pending_crash(), (operation, about)
            assert "index.html" in _marked(world, f"<!-- {number} -->")
        assert_same_site(world)
