"""The posts beside a post in its lists: what its page leads to, and whose pages lead to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from presswork import site
from presswork.aws.lists import Lists, position
from presswork.post import Card, Post
from presswork.settings import Site
from presswork.site import Around
from presswork.state import ListMember, Live
from presswork.tasks import RefreshNeighbours


@dataclass(frozen=True)
class Neighbours:
    """Strong queries of a few members on either side of a position, however long the list is."""

    lists: Lists

    def around(self, settings: Site, post: Post) -> Around:
        """The posts that the page of a post leads to."""
        names, here = site.lists_around(settings, post), position(post.date, post.id)
        if names.home is None:
            return Around()
        lists = self.lists
        next_part = last_part = None
        if names.series:
            next_part = _first(lists.newer(names.series, here, limit=1))
            last_part = _first(lists.older(names.series, here, limit=1))
        related = lists.older(names.tag, here, limit=site.RELATED) if names.tag else ()
        return Around(
            newer=_first(lists.newer(names.home, here, limit=1)),
            older=_first(lists.older(names.home, here, limit=1)),
            next_part=next_part,
            last_part=last_part,
            related=tuple(member.card for member in related),
        )

    def paths(self, tasks: Iterable[RefreshNeighbours]) -> list[str]:
        """The paths of the posts whose pages lead to a post that stands, or stood, in these places.

        Next to it in all posts and in its series; and the newer ones with one of its tags, as far
        as that tag is the first of theirs.
        """
        found: set[str] = set()
        for task in tasks:
            name, here = task.list, task.position
            if name.startswith("tag:"):
                newer = self.lists.newer(name, here, limit=site.RELATED)
                found.update(member.card.path for member in newer if member.feeds_related)
            else:
                found.update(member.card.path for member in self.lists.newer(name, here, limit=1))
                found.update(member.card.path for member in self.lists.older(name, here, limit=1))
        return sorted(found)


def moved_neighbours(old: Live | None, new: Live | None) -> set[RefreshNeighbours]:
    """The positions in lists beside which pages lead to something else."""
    before, after = set(_positions(old)), set(_positions(new))
    if old is not None and new is not None and _shown(old.card) == _shown(new.card):
        return before ^ after
    return before | after


def _positions(live: Live | None) -> Iterator[RefreshNeighbours]:
    if live is None or not live.up:
        return
    here = position(live.card.date, live.card.id)
    for name in live.lists:
        if name == "home" or name.startswith(("series:", "tag:")):
            yield RefreshNeighbours(list=name, position=here)


def _shown(card: Card) -> Card:
    """What other posts' pages show of a post."""
    return card.model_copy(update={"summary": "", "cover": None})


def _first(members: Iterable[ListMember]) -> Card | None:
    return next((member.card for member in members), None)
