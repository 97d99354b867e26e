"""Whether a theme works: each kind of page is made of samples, with everything and with nothing."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from presswork.object import Object
from presswork.post import Card, Heading, Image, ImageRef, ImageState, Picture, Post, Visibility
from presswork.settings import Author, MenuEntry, Site
from presswork.site.addresses import TERMS
from presswork.site.archives import archives, home, period, year
from presswork.site.articles import post_page
from presswork.site.lists import Around, Member
from presswork.site.search import search_page
from presswork.site.stubs import gone, not_found
from presswork.site.terms import term, term_period, terms
from presswork.theme_files import PREFIX, BrokenTheme, ThemeFiles

SECONDS = 5.0
"""What all samples may take together: a function that looks at a theme has half a minute."""

_NAME = "A Sample"
_MOMENT = datetime(2021, 11, 21, 18, 10, 5, tzinfo=UTC)
_COVER, _OWED = "https://sample.invalid/cover.jpg", "https://sample.invalid/owed.jpg"
_PICTURE = Picture(
    width=1600,
    height=1000,
    files={800: {"webp": "-/media/sample/800.webp", "jpeg": "-/media/sample/800.jpeg"}},
    placeholder="#808080",
)
_IMAGES = {
    _COVER: Image(state=ImageState.REHOSTED, picture=_PICTURE),
    _OWED: Image(state=ImageState.OWED),
}
_BARE = Post(id="bare", title=_NAME, date=_MOMENT, path="/sample/", slug="sample", lang="en")
_PAGE = _BARE.model_copy(update={"page": True})
_UNLISTED = _BARE.model_copy(update={"visibility": Visibility.UNLISTED, "tags": ("sample",)})
_FULL = _BARE.model_copy(
    update={
        "updated": datetime(2022, 1, 2, tzinfo=UTC),
        "expires": datetime(2032, 1, 2, tzinfo=UTC),
        "lang": "ar",
        "authors": (_NAME, "Another Sample"),
        "categories": (("Sample", "Below"), ("Other",)),
        "tags": ("sample", "other"),
        "series": _NAME,
        "weight": 1,
        "summary": "What the sample says.",
        "words": 900,
        "reading_minutes": 4,
        "cover": _COVER,
        "images": (ImageRef(url=_COVER, seen=(_COVER,)), ImageRef(url=_OWED, seen=(_OWED,))),
        "toc": (Heading(level=2, id="one", text="One"),),
        "aliases": ("/former/",),
        "html": f'<h2 id="one">One</h2><h3 id="two">Two</h3><h2 id="three">Three</h2>'
        f'<p><img src="{_OWED}" alt="A sample"></p>',
    }
)
_CARDS = (
    Card(
        id="full",
        path="/sample/",
        title=_NAME,
        date=_MOMENT,
        lang="ar",
        summary="What the sample says.",
        cover="-/media/sample/800.webp",
    ),
    Card(id="bare", path="/other/", title="", date=_MOMENT, lang="en"),
)
_AROUND = Around(
    newer=_CARDS[0], older=_CARDS[1], next_part=_CARDS[0], last_part=_CARDS[1], related=_CARDS
)


def check_theme(site: Site, theme: ThemeFiles) -> None:
    """Raises BrokenTheme, with file and line, when a page cannot be made with these files.

    Settings of the site that a page may show count as made, whether they are or not.
    """
    if not theme.has_templates:
        return
    from presswork.site.theme import sandbox  # noqa: PLC0415 - as Jinja itself

    sandbox.read_all(theme)
    deadline = time.thread_time() + SECONDS
    for settings in (_full(site), Site()):
        for template, make in _pages(settings, theme):
            made = make()
            if time.thread_time() > deadline:
                raise BrokenTheme(
                    f"{PREFIX}{template}",
                    "theme.limit",
                    None,
                    f"A page of each kind takes more than {SECONDS:.0f} seconds to make.",
                    "Let the templates do less.",
                )
            if not made.body.strip():
                raise BrokenTheme(
                    f"{PREFIX}{template}",
                    "theme.empty",
                    None,
                    "The template makes an empty page.",
                    "Give it a text, or delete it: then the default theme's is used.",
                )


def _full(site: Site) -> Site:
    author = Author(url="https://sample.invalid/", bio="Writes samples.")
    return site.model_copy(
        update={
            "title": site.title or _NAME,
            "description": site.description or "What the site says.",
            "base_url": "https://sample.invalid",
            "authors": {**site.authors, _NAME: author},
            "menu": (*site.menu, MenuEntry(text="About", url="/about/")),
        }
    )


def _pages(site: Site, theme: ThemeFiles) -> Iterator[tuple[str, Callable[[], Object]]]:
    """Every kind of page, and the template that it is made by."""

    def of(make: Callable[..., Object], *values: object, **named: object) -> Callable[[], Object]:
        return partial(make, site, site.base_url, *values, theme=theme, **named)

    members = tuple(Member(card=card, words=_NAME) for card in _CARDS)
    months = ("2021-11", "2021-10", "2020-01")
    yield "post.html", of(post_page, _FULL, _IMAGES, _AROUND)
    yield "post.html", of(post_page, _BARE, {})
    yield "post.html", of(post_page, _PAGE, {})
    yield "post.html", of(post_page, _UNLISTED, {})
    yield "home.html", of(home, _CARDS, "2020-01")
    yield "home.html", of(home, (), None)
    yield "period.html", of(period, "2021-11", _CARDS, newer="2022-01", older="2020-01")
    yield "period.html", of(period, "2021-11", parts=("2021-11-05", "2021-11-21"))
    yield "period.html", of(period, "2021-11-21-4", _CARDS)
    yield "year.html", of(year, "2021", _CARDS, newer="2022", older="2020")
    yield "year.html", of(year, "2021", months=months[:2])
    yield "archives.html", of(archives, months, kinds=TERMS)
    yield "archives.html", of(archives, ())
    for name in ("tag:sample", "category:sample/below", "author:a-sample", "series:a-sample"):
        yield "term.html", of(term, name, members, "2020-01", years=("2021",))
        yield "term.html", of(term, name, members[:1], None)
    children = {"category:sample/below": "Below"}
    parent = [member.model_copy(update={"subcategories": children}) for member in members]
    yield "term.html", of(term, "category:sample", parent, None)
    feeds = site.feeds.model_copy(update={"terms": False})
    without = site.model_copy(update={"feeds": feeds})
    yield (
        "term.html",
        partial(term, without, site.base_url, "tag:sample", members, None, theme=theme),
    )
    sample = "tag:sample.2021"
    yield "term_period.html", of(term_period, sample, members)
    yield "term_period.html", of(term_period, sample, members, parts=("2021-10", "2021-11"))
    yield "term_period.html", of(term_period, f"{sample}-11", members)
    yield "terms.html", of(terms, "terms:tag", {"sample": _NAME})
    yield "terms.html", of(terms, "terms:tag.s", {"s": "S"}, parts=("sa", "se"))
    yield "search.html", of(search_page)
    yield "notice.html", of(not_found)
    yield "notice.html", of(gone)
