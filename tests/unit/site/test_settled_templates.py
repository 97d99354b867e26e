"""What the settings decide of a page is worked out once a site, and decides the same."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jinja2 import Environment

from presswork.post import Post
from presswork.settings import MenuEntry, Site, Theme
from presswork.site import post_page, samples
from presswork.site.theme import rendering
from presswork.site.theme.assets import THEME
from presswork.site.theme.environment import KeysFirst, prepare
from presswork.site.theme.settled import SettledEnvironment
from presswork.theme_files import DEFAULT_THEME


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are made ready while the test runs, in order."""
    names: list[str] = []
    generate = SettledEnvironment._generate

    def counted(self: SettledEnvironment, *given: Any, **named: Any) -> str:
        names.append(given[1])
        return generate(self, *given, **named)

    monkeypatch.setattr(SettledEnvironment, "_generate", counted)
    return names


def test_templates_are_made_ready_once_for_many_pages(
    compiled: list[str], post: Callable[..., Post]
) -> None:
    """However many pages a site has, and however often its settings are read again."""
    for number in range(5):
        site = Site(title="Made ready once")
        post_page(site, "https://once.example", post(id=f"p{number}"), {})
    assert sorted(compiled) == ["base.html", "dates.html", "entries.html", "post.html"]


def test_settings_that_change_change_the_pages(post: Callable[..., Post]) -> None:
    """A process that has made pages makes the next ones by the settings in force."""
    titles = [Site(title=title) for title in ("One site", "Another", "One site")]
    pages = [post_page(each, "https://a.example", post(), {}).body for each in titles]
    assert b"One site" in pages[0]
    assert b"Another" in pages[1]
    assert b"One site" not in pages[1]
    assert pages[2] == pages[0]
    assert b"https://b.example/" in post_page(titles[0], "https://b.example", post(), {}).body


SITES = (
    Site(title="Plain"),
    Site(
        title='Tea & "cakes" <b>',
        description="All of it & more",
        language="zh-Hans",
        menu=(MenuEntry(text="About & co", url="/about/"), MenuEntry(text="Home", url="/")),
        theme=Theme(search=False, contents=False),
    ),
)


def every_kind_of_page(site: Site) -> Iterator[tuple[str, bytes]]:
    """The pages by which a theme is tried, each with the template that makes it."""
    for template, make in samples._pages(site, DEFAULT_THEME):
        yield template, make().body


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.language)
def test_pages_are_what_unsettled_templates_make(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of page, to the byte, beside Jinja that is told of the settings page by page."""
    settled = list(every_kind_of_page(site))

    class Plain(KeysFirst, Environment):
        """Jinja as it comes."""

    plain = rendering._made(Plain, THEME)
    monkeypatch.setattr(rendering, "_pages", lambda *_: plain)
    assert len(settled) > 20
    for made, wanted in zip(settled, every_kind_of_page(site), strict=True):
        assert made == wanted


def test_what_a_template_sets_itself_is_not_settled() -> None:
    """A name that a template gives a value of its own has that, whatever the settings say."""
    environment = SettledEnvironment()
    environment.settled = {"title": "the site's", "feed": "feed.xml"}
    of_macro = "{% macro show(title) %}{{ title }}, {{ feed }}{% endmacro %}{{ show('mine') }}"
    assert environment.from_string(of_macro).render() == "mine, feed.xml"
    of_loop = "{% for title in ['a', 'b'] %}{{ title }}{% endfor %}"
    assert environment.from_string(of_loop).render() == "ab"


def test_what_is_settled_leaves_no_work() -> None:
    """A choice by a setting, a call and a filter of it are text when the template is read."""
    environment = SettledEnvironment()
    environment.settled = {"site": {"search": True, "language": "ar"}}
    prepare(environment)
    source = "{% if site.search %}{{ direction(site.language) }}{{ '/ä'|href }}{% endif %}"
    made = environment.compile(source, "x", "x", raw=True)
    assert "rtl" in made
    assert "/%C3%A4" in made
    _, work = made.split("pass", 1)
    assert not [word for word in ("call(", " if ", "environment.", "context.") if word in work]
