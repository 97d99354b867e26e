"""The posts beside a post in its lists: what its page leads to, and whose pages lead to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from presswork import site
from presswork.aws.lists import Lists, place
from presswork.aws.table import Item, Table
from presswork.post import Card, Post
from presswork.settings import Site
from presswork.site import Around
from presswork.state import Live


@dataclass(frozen=True)
class Neighbours:
    """Strong queries of a few members on either side of a place, however long the list is."""

    table: Table

    def around(self, settings: Site, post: Post) -> Around:
        """The posts that the page of a post leads to."""
        names, at = site.lists_around(settings, post), place(post.date, post.id)
        if names.home is None:
            return Around()
        lists = Lists(self.table)
        next_part = last_part = None
        if names.series:
            next_part = _first(lists.newer(names.series, at, limit=1))
            last_part = _first(lists.older(names.series, at, limit=1))
        related = lists.older(names.tag, at, limit=site.RELATED) if names.tag else ()
        return Around(
            newer=_first(lists.newer(names.home, at, limit=1)),
            older=_first(lists.older(names.home, at, limit=1)),
            next_part=next_part,
            last_part=last_part,
            related=tuple(map(_card, related)),
        )

    def paths(self, places: Iterable[str]) -> list[str]:
        """The paths of the posts whose pages lead to a post that stands, or stood, at these places.

        Next to it in all posts and in its series; and the newer ones with one of its tags, as far
        as that tag is the first of theirs.
        """
        lists = Lists(self.table)
        found: set[str] = set()
        for each in places:
            name, _, at = each.partition("@")
            if name.startswith("tag:"):
                newer = lists.newer(name, at, limit=site.RELATED)
                found.update(_card(item).path for item in newer if item["leads"])
            else:
                found.update(_card(i).path for i in lists.newer(name, at, limit=1))
                found.update(_card(i).path for i in lists.older(name, at, limit=1))
        return sorted(found)


def changed_places(old: Live | None, new: Live | None) -> set[str]:
    """The places in lists, as `<list>@<date>#<id>`, beside which pages lead to something else."""
    before, after = set(_places(old)), set(_places(new))
    if old is not None and new is not None and _shown(old.card) == _shown(new.card):
        return before ^ after
    return before | after


def _places(live: Live | None) -> Iterator[str]:
    if live is None or not live.up:
        return
    at = place(live.card.date, live.card.id)
    for name in live.lists:
        if name == "home" or name.startswith(("series:", "tag:")):
            yield f"{name}@{at}"


def _shown(card: Card) -> Card:
    """What other posts' pages show of a post."""
    return card.model_copy(update={"summary": "", "cover": None})


def _card(item: Item) -> Card:
    return Card.model_validate(item["card"])


def _first(items: Iterable[Item]) -> Card | None:
    return next(map(_card, items), None)
