"""The lists that posts stand in.

`home`, `period:<period>`, `author:<slug>`, `series:<slug>`, `category:<slug>/…`, `tag:<slug>`; and
`pages:<0-f>` for pages, which are listed for crawlers alone, in sixteen parts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import islice

from pydantic import Field

from presswork.patterns import late
from presswork.post import Card, Model, Post, Visibility
from presswork.settings import Site
from presswork.site.periods import month_in, smallest_period
from presswork.site.phrases import phrases_for
from presswork.site.text import clean
from presswork.site_keys import NOT_FOUND_PATH
from presswork.slugs import slugify
from presswork.tasks import UpdateMonth, UpdatePageList

MOST_LISTS = 40
PAGES = "pages"
PAGE_LISTS = tuple(f"{PAGES}:{part:x}" for part in range(16))
STEP = " › "
"""What stands between the levels of a category in its words."""

_DEEPEST = 10
_LONGEST_SLUG = 80
_LONGEST_WORDS = 100
_SIGNS = late(r"(?<=\w)[+#]+$")
_SPOKEN = {"+": " plus", "#": " sharp"}


class Member(Model):
    """A post in the list of a term; `words` is the term's name as that post spells it.

    `subcategories` are the categories one level below a category that the post stands in, with the
    words of that level.
    """

    card: Card
    words: str
    subcategories: dict[str, str] = Field(default_factory=dict)


def lists_of(site: Site, post: Post) -> dict[str, str]:
    """The lists a post stands in, each with its words for readers; the first 40 count."""
    if post.path == NOT_FOUND_PATH or post.visibility is Visibility.UNLISTED:
        return {}
    if post.page:
        return {f"{PAGES}:{sha256(post.id.encode()).hexdigest()[0]}": site.title}
    month = phrases_for(site.language).month(month_of(site, post.date))
    period = smallest_period(site, post.date, post.id)
    lists = {"home": site.title, f"period:{period}": month}
    for author in post.authors:
        lists.setdefault(f"author:{term_slug(author)}", _words(author))
    if series := series_of(post):
        lists[f"series:{term_slug(series)}"] = _words(series)
    for path in post.categories:
        steps = trail(path)
        for depth, (name, _) in enumerate(steps, start=1):
            lists.setdefault(name, STEP.join(words for _, words in steps[:depth]))
    for tag in post.tags:
        lists.setdefault(f"tag:{term_slug(tag)}", _words(tag))
    return dict(islice(lists.items(), MOST_LISTS))


def subcategories(lists: Mapping[str, str], name: str) -> dict[str, str]:
    """Of the lists that a post stands in, the categories one level below this one."""
    depth = name.count("/") + 1
    return {
        each: words.rpartition(STEP)[2]
        for each, words in lists.items()
        if each.startswith(f"{name}/") and each.count("/") == depth
    }


def series_of(post: Post) -> str:
    """The name of the series that a post is a part of, fit for a page; empty without one."""
    return clean(post.series or "").strip()


@dataclass(frozen=True)
class Around:
    """The posts that a post's page leads to, as their cards.

    `newer` and `older` are the next ones of the site, `next_part` and `last_part` those of its
    series; `related` are the next older ones of its first tag, newest first, at most three.
    """

    newer: Card | None = None
    older: Card | None = None
    next_part: Card | None = None
    last_part: Card | None = None
    related: tuple[Card, ...] = ()


@dataclass(frozen=True)
class ListsAround:
    """The lists that the posts around a post are found in: all posts, its series, its first tag."""

    home: str | None
    series: str | None
    tag: str | None


def lists_around(site: Site, post: Post) -> ListsAround:
    """Where the posts are that the page of a post leads to."""
    lists = lists_of(site, post)
    series = next((name for name in lists if name.startswith("series:")), None)
    tag = next((name for name in lists if name.startswith("tag:")), None)
    return ListsAround("home" if "home" in lists else None, series, tag)


def year_of(month: str) -> str:
    """The year of a month: `2021` for `2021-11`."""
    return month.partition("-")[0]


def month_of(site: Site, moment: datetime) -> str:
    """The month of an instant in the site's time zone, as `2021-11`."""
    local = moment.astimezone(site.zone)
    return f"{local.year:04}-{local.month:02}"


def trail(path: Sequence[str]) -> list[tuple[str, str]]:
    """The lists on the way to a category, from the root, each with the words of its level."""
    levels = path[:_DEEPEST]
    slugs = [term_slug(level) for level in levels]
    return [
        ("category:" + "/".join(slugs[: depth + 1]), _words(level))
        for depth, level in enumerate(levels)
    ]


@lru_cache(maxsize=4096)
def term_slug(term: str) -> str:
    """The name of a term in paths: small letters, digits and hyphens of any script, never empty.

    What stands behind a name and nothing else tells apart (`C`, `C++`, `C#`) is spelled out.
    """
    spelled = _SIGNS.sub(lambda signs: "".join(_SPOKEN[sign] for sign in signs[0]), term)
    slug = slugify(spelled)
    if slug and len(slug.encode()) <= _LONGEST_SLUG:
        return slug
    digest = sha256(term.encode()).hexdigest()[:10]
    start = slug.encode()[: _LONGEST_SLUG - len(digest) - 1].decode(errors="ignore")
    return f"{start}-{digest}".lstrip("-")


def _words(term: str) -> str:
    words = " ".join(clean(term).replace(STEP.strip(), ">").split())
    return words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1].rstrip() + "…"


def renamings(lists: Iterable[str]) -> list[UpdateMonth | UpdatePageList]:
    """What is to be made again when one of these lists may have got its first post, or lost all.

    The sitemap names the months and the lists of pages that there are.
    """
    found: dict[UpdateMonth | UpdatePageList, None] = {}
    for name in lists:
        kind, _, rest = name.partition(":")
        if kind == "period":
            found[UpdateMonth(month=month_in(rest))] = None
        elif kind == PAGES:
            found[UpdatePageList(part=rest)] = None
    return list(found)
