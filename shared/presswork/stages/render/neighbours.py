"""The posts beside a post in its lists: what its page leads to, and whose pages lead to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from presswork import site
from presswork.aws.lists import Lists, position
from presswork.aws.parallel import in_parallel
from presswork.post import Card, Post
from presswork.settings import Site
from presswork.site import Around
from presswork.stages.render.stretches import Members, Side, find
from presswork.state import ListMember, Live
from presswork.tasks import RefreshNeighbours


@dataclass(frozen=True)
class Near:
    """Where most of what is looked for stands, and what is about to stand there, by lists."""

    places: Sequence[RefreshNeighbours] = ()
    coming: Mapping[str, Sequence[ListMember]] = field(default_factory=dict)


NOWHERE = Near()


@dataclass(frozen=True)
class Neighbours:
    """Strong queries of a few members on either side of a position, however long the list is."""

    lists: Lists

    def around(self, settings: Site, post: Post) -> Around:
        """The posts that the page of a post leads to."""
        (around,) = self.around_each([(settings, post)])
        return around

    def around_each(self, posts: Iterable[tuple[Site, Post]], near: Near = NOWHERE) -> list[Around]:
        """The posts that the pages of several posts lead to, looked for side by side.

        Most of them are near some places: what is around one tells much of what is around them.
        """
        wanted = [_around(*each) for each in posts]
        sides = [side for each in wanted for side in each.values()]
        told = zip(sides, self._find(sides, near.places), strict=True)
        found = (
            _with_coming(near.coming.get(side.list, ()), side, beside) for side, beside in told
        )
        return [_as_around({role: next(found) for role in sides}) for sides in wanted]

    def paths(
        self, tasks: Iterable[RefreshNeighbours], known: Mapping[str, Around]
    ) -> dict[str, str]:
        """The paths of the posts whose pages lead to a post that stands, or stood, in these places.

        Each comes with the id of its post. They are next to it in all posts and in its series; and
        the newer ones with one of its tags, as far as that tag is the first of theirs. Whoever
        stands in these stands among all posts: where nothing is newer there, nothing is. `known` is
        what stands around a position among all posts, as far as that was read already.
        """
        tasks = sorted(set(tasks), key=str)
        home = {task.position for task in tasks if task.list == "home"}
        read = dict(known) | self._beside(sorted(home - known.keys()))
        newest = {here for here in home if read[here].newer is None}
        cards = [card for here in home for card in (read[here].newer, read[here].older) if card]
        sides = [side for task in tasks if task.list != "home" for side in _leading(task)]
        left = [side for side in sides if not (side.is_newer and side.position in newest)]
        for side, members in zip(left, self._find(left, tasks), strict=True):
            is_tag = side.list.startswith("tag:")
            cards += [each.card for each in members if each.feeds_related or not is_tag]
        return {card.path: card.id for card in sorted(cards, key=lambda card: card.path)}

    def _beside(self, positions: Sequence[str]) -> dict[str, Around]:
        """What stands next to positions among all posts."""
        newer = [Side("home", here, is_newer=True) for here in positions]
        older = [Side("home", here, is_newer=False) for here in positions]
        found = list(map(_first, self._find([*newer, *older])))
        return {
            here: Around(newer=after, older=before)
            for here, after, before in zip(
                positions, found[: len(newer)], found[len(newer) :], strict=True
            )
        }

    def _find(self, sides: Iterable[Side], near: Iterable[RefreshNeighbours] = ()) -> list[Members]:
        return find(list(sides), _in_order(near), self._read)

    def _read(self, sides: Iterable[Side]) -> list[Members]:
        return in_parallel(partial(self._members, side) for side in sides)

    def _members(self, side: Side) -> Members:
        read = self.lists.newer if side.is_newer else self.lists.older
        return tuple(read(side.list, side.position, limit=side.limit))


def _with_coming(coming: Sequence[ListMember], side: Side, members: Members) -> Members:
    """The members at a side, the nearest first, once those that are coming are there."""
    if not coming:
        return members
    ids = {each.card.id for each in coming}
    left = [each for each in members if each.card.id not in ids]
    more = [
        each
        for each in coming
        if (here := _place(each)) != side.position and (here > side.position) == side.is_newer
    ]
    return tuple(sorted(left + more, key=_place, reverse=not side.is_newer)[: side.limit])


def _place(member: ListMember) -> str:
    return position(member.card.date, member.card.id)


def _in_order(near: Iterable[RefreshNeighbours]) -> dict[str, list[str]]:
    """Positions by the lists that they are in."""
    places: dict[str, list[str]] = {}
    for name, here in sorted({(place.list, place.position) for place in near}):
        places.setdefault(name, []).append(here)
    return places


def _around(settings: Site, post: Post) -> dict[str, Side]:
    """Where to look for what the page of a post leads to, by what that is to it."""
    names, here = site.lists_around(settings, post), position(post.date, post.id)
    if names.home is None:
        return {}
    sides = {
        "newer": Side(names.home, here, is_newer=True),
        "older": Side(names.home, here, is_newer=False),
    }
    if names.series:
        sides["next_part"] = Side(names.series, here, is_newer=True)
        sides["last_part"] = Side(names.series, here, is_newer=False)
    if names.tag:
        sides["related"] = Side(names.tag, here, is_newer=False, limit=site.RELATED)
    return sides


def _as_around(found: Mapping[str, tuple[ListMember, ...]]) -> Around:
    related = tuple(member.card for member in found.get("related", ()))
    others = {role: _first(members) for role, members in found.items() if role != "related"}
    return Around(**others, related=related)


def _leading(task: RefreshNeighbours) -> list[Side]:
    """Where the posts stand whose pages lead to a place, besides all posts."""
    if task.list.startswith("tag:"):
        return [Side(task.list, task.position, is_newer=True, limit=site.RELATED)]
    return [Side(task.list, task.position, is_newer) for is_newer in (True, False)]


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
