"""The whole site of a set of posts, planned from all of them at once: pure.

The stages plan from what a change touches. This planner knows nothing of them, and they nothing of
it: both share the renderers of `presswork.site` alone, so that each can be held against the other.

A plan is a list of pieces. A piece is made of its arguments alone, so that whoever remembers those
of a site made before knows which pieces are to be made again, and may share them among processes.

The parts of a plan are units: a post with those beside it, a list, a month, a year, and what is of
the whole site. Each is planned from its own posts alone, so that after a change those are planned
again that had or have a changed post among theirs.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from presswork import site
from presswork.post import Card
from presswork.settings import Site
from presswork.site import Around, Member, Object
from presswork.theme_files import DEFAULT_THEME, ThemeFiles
from presswork_cli.offline.entries import Entry, ListedCard, RenderedPost, entry_of
from presswork_cli.offline.lists import Lists

Objects = dict[str, Object]
Document = Mapping[str, Any]

_Each = TypeVar("_Each")

_POST = "post:"


@dataclass(frozen=True)
class Frame:
    """What all pieces are made with: the settings, the theme, and the posts, each when it is asked.

    `rendered` gives the post of an entry, `document` the same as its `index.json` tells it, and
    `assets` are the files of a theme that are served as they are.
    """

    settings: Site
    theme: ThemeFiles
    rendered: Callable[[Entry], RenderedPost]
    document: Callable[[Entry], Document]
    assets: Mapping[str, Object] = field(default_factory=dict)


class Piece(NamedTuple):
    """Objects of the site that are made together, by their keys; the first key is its name.

    `unit` is the part of the plan that it is of; empty for what is of the whole site.
    """

    keys: tuple[str, ...]
    make: Callable[..., Objects]
    arguments: tuple[object, ...]
    unit: str = ""

    @property
    def digest(self) -> str:
        """What tells it from the same piece of another site, given equal settings and theme."""
        return sha256(repr((self.keys, self.arguments)).encode()).hexdigest()[:32]

    def objects(self, frame: Frame) -> Objects:
        """The objects, made."""
        made = self.make(frame, *self.arguments)
        return {key: made[key] for key in self.keys}


def claimed_keys(posts: Iterable[RenderedPost | Entry]) -> frozenset[str]:
    """The keys at which posts and their aliases stand: there is no static file, and no redirect."""
    claims = (each.post if isinstance(each, RenderedPost) else each for each in posts)
    paths = (path for each in claims for path in (each.path, *each.aliases))
    return frozenset(key for path in paths for key in site.keys_of(path))


def plan_site(
    settings: Site,
    rendered: Sequence[RenderedPost],
    *,
    theme: ThemeFiles = DEFAULT_THEME,
    static: Collection[str] = (),
    most: int = site.LARGEST_PERIOD,
) -> Objects:
    """Every object of the site but media and static files, by key; `base_url` is to be set.

    `static` are the keys of static files. A period with more than `most` posts is split.
    """
    objects: Objects = {}
    by_id = {each.post.id: each for each in rendered}

    def document(entry: Entry) -> Document:
        return dict(json.loads(objects[site.data_key(entry.path)].body))

    frame = Frame(settings, theme, lambda entry: by_id[entry.id], document)
    entries = [entry_of(settings, each) for each in rendered]
    for piece in plan(settings, entries, theme=theme, static=static, most=most):
        objects |= piece.objects(frame)
    return objects


def plan(
    settings: Site,
    entries: Iterable[Entry],
    *,
    theme: ThemeFiles = DEFAULT_THEME,
    static: Collection[str] = (),
    most: int = site.LARGEST_PERIOD,
) -> list[Piece]:
    """The pieces of the site: those of the posts first, since feeds are made of their documents."""
    return plan_units(settings, Lists(entries), None, theme=theme, static=static, most=most)


def plan_units(
    settings: Site,
    lists: Lists,
    units: Collection[str] | None,
    *,
    theme: ThemeFiles = DEFAULT_THEME,
    static: Collection[str] = (),
    most: int = site.LARGEST_PERIOD,
    lost: set[str] | None = None,
) -> list[Piece]:
    """The pieces of some units, and of what is of the whole site; of all units for None.

    `lost` takes the units that have lost a key to one before them.
    """
    pieces = _Plan(settings, theme, lists, static, most, units).pieces()
    return list(_distinct(pieces, lost if lost is not None else set()))


def replaced(lists: Lists, old: Sequence[Entry], new: Sequence[Entry]) -> set[str]:
    """Puts posts in the place of others, and returns the units that have others than before."""
    months = set(lists.months)
    units = {unit for entry in old for unit in _units_around(lists, entry)}
    for entry in old:
        lists.take(entry)
    for entry in new:
        lists.put(entry)
    units |= {unit for entry in new for unit in _units_around(lists, entry)}
    if lists.months.keys() != months:  # each month and year leads to those beside it
        units |= {unit for month in months | lists.months.keys() for unit in _units_of_month(month)}
    return units


def _units_around(lists: Lists, entry: Entry) -> Iterator[str]:
    yield from (_unit_of_post(each) for each in lists.near(entry))
    yield from entry.lists
    if entry.period:
        yield from _units_of_month(site.month_in(entry.period))


def _unit_of_post(entry: Entry) -> str:
    return f"{_POST}{entry.id}"


def is_of_post(unit: str) -> bool:
    """Whether a unit is a post."""
    return unit.startswith(_POST)


def _units_of_month(month: str) -> tuple[str, str]:
    return f"month:{month}", f"year:{site.year_of(month)}"


def without(pieces: Iterable[Piece], left_out: AbstractSet[str]) -> Iterator[Piece]:
    """The pieces without some keys."""
    for piece in pieces:
        if left_out.isdisjoint(piece.keys):
            yield piece
        elif keys := tuple(key for key in piece.keys if key not in left_out):
            yield piece._replace(keys=keys)


def _distinct(pieces: Iterable[Piece], lost: set[str]) -> Iterator[Piece]:
    """The pieces, each key in the first that has it: an author's page of 404 is the one."""
    seen: set[str] = set()
    for piece in pieces:
        keys = tuple(key for key in piece.keys if key not in seen)
        seen.update(keys)
        if keys != piece.keys:
            lost.add(piece.unit)
        if keys:
            yield piece if keys == piece.keys else piece._replace(keys=keys)


@dataclass(frozen=True)
class _Plan:
    """A plan of all units, or of some: each has its pieces from its own posts."""

    settings: Site
    theme: ThemeFiles
    lists: Lists
    static: Collection[str]
    most: int
    units: Collection[str] | None

    def pieces(self) -> Iterator[Piece]:
        """All that are wanted."""
        settings, by_name = self.settings, self.lists.by_name
        home = by_name.get("home", ())
        yield from self._posts()
        yield _base_piece(settings, self.theme)
        yield from _redirects(settings, self.lists.posts, self.static)
        yield _home_piece(home)
        yield Piece(site.feed_keys("home"), _feeds, (_told(settings, home),))
        months = self.lists.months
        yield from self._months(months)
        pages = [name for name in site.PAGE_LISTS if name in by_name]
        yield from (_sitemap_piece(name, by_name[name]) for name in pages)
        each = (_unsplit(month, members, self.most) for month, members in months.items())
        unsplit = [period for period, _ in chain.from_iterable(each)]
        mapped = (*(f"period:{period}" for period in unsplit), *pages)
        yield Piece((site.SITEMAP_KEY,), _sitemap_index, (mapped,))
        if settings.theme.search:
            years = _grouped(months, site.year_of)
            split = {
                year: each
                for year, each in years.items()
                if not self._is_whole(months[month] for month in each)
            }
            searched = site.searched_periods(unsplit, split)
            yield Piece((site.SEARCH_PERIODS_KEY,), _search_periods, (searched,))
        terms = self._terms()
        archive = TermArchive(settings, self.most)
        for name in self._wanted({name: name for each in terms.values() for name in each}):
            yield from _of(name, archive.plan(name, by_name[name]))
        for kind, names in terms.items():
            words = {_slug(name): by_name[name][0].lists[name] for name in names}
            yield from archive.all_terms(kind, words)
        yield from self._years(months)
        archives = (tuple(months), tuple(sorted(terms)))
        yield Piece((site.key_of(site.ARCHIVES_PATH),), _archives, archives)

    def _wanted(self, units: Mapping[_Each, str]) -> list[_Each]:
        """What belongs to a unit that is wanted."""
        return [each for each, unit in units.items() if self.units is None or unit in self.units]

    def _posts(self) -> Iterator[Piece]:
        neighbours = PlannedNeighbours(self.lists.by_name)
        for entry in self.lists.posts:
            unit = _unit_of_post(entry)
            if self.units is None or unit in self.units:
                yield _post_piece(entry, neighbours.around(entry))._replace(unit=unit)

    def _months(self, months: Mapping[str, Sequence[Entry]]) -> Iterator[Piece]:
        wanted = set(self._wanted({month: _units_of_month(month)[0] for month in months}))
        for older, month, newer in _side_by_side(list(months)):
            if month in wanted:
                archive = MonthArchive(self.settings, self.most, newer=newer, older=older)
                pieces = archive.plan(month, months[month])
                yield from _of(_units_of_month(month)[0], pieces)

    def _terms(self) -> dict[str, list[str]]:
        """The names of the terms by their kinds."""
        terms: dict[str, list[str]] = {}
        for name in self.lists.by_name:
            if name != "home" and name not in site.PAGE_LISTS:
                terms.setdefault(name.partition(":")[0], []).append(name)
        return terms

    def _is_whole(self, months: Iterable[Sequence[Entry]]) -> bool:
        """Whether the posts of a year's months have room on its page."""
        return sum(map(len, months)) <= self.most

    def _years(self, months: Mapping[str, Sequence[Entry]]) -> Iterator[Piece]:
        """For each year a page and what is searched; a page of its months for too many posts."""
        years = _grouped(months, site.year_of)
        wanted = set(self._wanted({year: f"year:{year}" for year in years}))
        for older, year, newer in _side_by_side(list(years)):
            if year in wanted:
                members = [entry for month in years[year] for entry in months[month]]
                cards = _cards(members) if len(members) <= self.most else ()
                key = site.key_of(site.list_path(f"year:{year}"))
                page = Piece((key,), _year, (year, cards, tuple(years[year]), (older, newer)))
                named = {month: months[month] for month in years[year]}
                searched = self._searched(year, cards, named)
                yield from _of(f"year:{year}", (page, *searched))

    def _searched(
        self, year: str, cards: tuple[ListedCard, ...], months: Mapping[str, Sequence[Entry]]
    ) -> Iterator[Piece]:
        """What is searched of a year: in one piece, or by the periods of its months."""
        if not self.settings.theme.search:
            return
        if cards:
            yield _search_piece(year, cards)
            return
        for month, members in months.items():
            for period, each in _unsplit(month, members, self.most):
                yield _search_piece(period, _cards(each))


def _of(unit: str, pieces: Iterable[Piece]) -> Iterator[Piece]:
    return (piece._replace(unit=unit) for piece in pieces)


def _slug(name: str) -> str:
    return name.partition(":")[2]


class PlannedNeighbours:
    """The neighbours of each post, by where it stands in the lists."""

    def __init__(self, lists: Mapping[str, Sequence[Entry]]) -> None:
        self._lists = lists
        self._positions: dict[str, dict[str, int]] = {}

    def around(self, entry: Entry) -> tuple[object, ...]:
        """The cards that the page of a post leads to, in the order of `Around`."""
        related = self._older(entry, entry.tag, site.RELATED) if entry.tag else ()
        home = "home" if "home" in entry.lists else None
        return (*self._next_to(entry, home), *self._next_to(entry, entry.series), related)

    def _next_to(self, entry: Entry, name: str | None) -> tuple[ListedCard | None, ...]:
        if name is None:
            return None, None
        position = self._position(entry, name)
        newer = self._lists[name][position - 1].listed if position else None
        return newer, next(iter(self._older(entry, name, 1)), None)

    def _older(self, entry: Entry, name: str, most: int) -> tuple[ListedCard, ...]:
        first = self._position(entry, name) + 1
        return _cards(self._lists[name][first : first + most])

    def _position(self, entry: Entry, name: str) -> int:
        if name not in self._positions:
            members = enumerate(self._lists[name])
            self._positions[name] = {each.id: position for position, each in members}
        return self._positions[name][entry.id]


def _post_piece(entry: Entry, around: tuple[object, ...]) -> Piece:
    stubs = map(site.key_of, entry.aliases)
    keys = dict.fromkeys((site.key_of(entry.path), site.data_key(entry.path), *stubs))
    return Piece(tuple(keys), _post, (entry, *around))


def makes_post(piece: Piece) -> bool:
    """Whether a piece is a post's page and what belongs to it."""
    return piece.make is _post


def _post(frame: Frame, entry: Entry, *around: Any) -> Objects:
    """A post's page, the post as data, and what leads there from its aliases."""
    settings, base_url = frame.settings, frame.settings.base_url
    rendered = frame.rendered(entry)
    newer, older, next_part, last_part, related = around
    led = Around(
        newer and newer.card,
        older and older.card,
        next_part and next_part.card,
        last_part and last_part.card,
        tuple(_opened(related)),
    )
    post, images = rendered.post, rendered.images
    return {site.key_of(alias): site.redirect(post.path) for alias in post.aliases} | {
        site.key_of(post.path): site.post_page(
            settings, base_url, post, images, led, theme=frame.theme
        ),
        site.data_key(post.path): site.post_json(settings, base_url, post, images),
    }


def _base_piece(settings: Site, theme: ThemeFiles) -> Piece:
    return Piece(site.base_keys(settings, theme), _base, ())


def _base(frame: Frame) -> Objects:
    return site.base_objects(frame.settings, frame.settings.base_url, theme=frame.theme)


def _redirects(settings: Site, posts: Iterable[Entry], static: Collection[str]) -> Iterator[Piece]:
    taken = {*claimed_keys(posts), *static} if settings.redirects else set()
    for path, target in settings.redirects.items():
        if taken.isdisjoint(site.keys_of(path)):
            yield Piece((site.key_of(path),), _redirect, (path, target))


def _redirect(_: Frame, path: str, target: str) -> Objects:
    return {site.key_of(path): site.redirect_to(target)}


def _home_piece(members: Sequence[Entry]) -> Piece:
    return Piece((site.key_of("/"),), _home, (_newest(members), _older(members)))


def _home(frame: Frame, newest: Sequence[ListedCard], older: str | None) -> Objects:
    settings, cards = frame.settings, _opened(newest)
    page = site.home(settings, settings.base_url, cards, older, theme=frame.theme)
    return {site.key_of("/"): page}


def _told(settings: Site, members: Sequence[Entry]) -> tuple[Entry, ...]:
    """The posts that a feed tells of."""
    return tuple(members[: min(site.NEWEST, settings.feeds.entries)])


def _feeds(frame: Frame, told: Sequence[Entry]) -> Objects:
    documents = [frame.document(entry) for entry in told]
    return site.feeds(frame.settings, frame.settings.base_url, documents)


def _year(
    frame: Frame,
    year: str,
    listed: Sequence[ListedCard],
    months: Sequence[str],
    beside: tuple[str | None, str | None],
) -> Objects:
    settings, (older, newer) = frame.settings, beside
    page = site.year(
        settings,
        settings.base_url,
        year,
        _opened(listed),
        months=months,
        newer=newer,
        older=older,
        theme=frame.theme,
    )
    return {site.key_of(site.list_path(f"year:{year}")): page}


@dataclass(frozen=True)
class MonthArchive:
    """The archive of a month, down to the periods that are not split: those list posts."""

    settings: Site
    most: int
    newer: str | None
    older: str | None

    def plan(self, period: str, members: Sequence[Entry]) -> Iterator[Piece]:
        """What is made of a period, and of all that it is split into."""
        if len(members) <= self.most:
            yield self._page(period, cards=_cards(members))
            yield _sitemap_piece(f"period:{period}", members)
            return
        parts = _grouped(members, lambda entry: _part_of(entry.period, period))
        yield self._page(period, parts=tuple(parts))
        for part, members_of_part in sorted(parts.items()):
            yield from self.plan(part, members_of_part)

    def _page(
        self, period: str, cards: tuple[ListedCard, ...] = (), parts: tuple[str, ...] = ()
    ) -> Piece:
        is_part = bool(site.larger_period(period))
        beside = (None, None) if is_part else (self.older, self.newer)
        key = site.key_of(site.list_path(f"period:{period}"))
        return Piece((key,), _period, (period, cards, tuple(sorted(parts)), beside))


def _unsplit(
    period: str, members: Sequence[Entry], most: int
) -> Iterator[tuple[str, Sequence[Entry]]]:
    """The periods within one that are not split, the oldest first, with their posts."""
    if len(members) <= most:
        yield period, members
        return
    parts = _grouped(members, lambda entry: _part_of(entry.period, period))
    for part, members_of_part in sorted(parts.items()):
        yield from _unsplit(part, members_of_part, most)


def _part_of(smallest: str, period: str) -> str:
    """The largest part of a period that holds the smallest one."""
    return next(longer for longer in site.periods_to(smallest) if len(longer) > len(period))


def _period(
    frame: Frame,
    period: str,
    listed: Sequence[ListedCard],
    parts: Sequence[str],
    beside: tuple[str | None, str | None],
) -> Objects:
    settings, (older, newer) = frame.settings, beside
    page = site.period(
        settings,
        settings.base_url,
        period,
        _opened(listed),
        parts=parts,
        newer=newer,
        older=older,
        theme=frame.theme,
    )
    return {site.key_of(site.list_path(f"period:{period}")): page}


def _sitemap_piece(name: str, members: Iterable[Entry]) -> Piece:
    return Piece((site.sitemap_key(name),), _sitemap, (name, _cards(members)))


def _sitemap(frame: Frame, name: str, listed: Sequence[ListedCard]) -> Objects:
    return {site.sitemap_key(name): site.sitemap_shard(frame.settings.base_url, _opened(listed))}


def _sitemap_index(frame: Frame, mapped: Sequence[str]) -> Objects:
    return {site.SITEMAP_KEY: site.sitemap_index(frame.settings.base_url, mapped)}


def _search_periods(_: Frame, periods: Sequence[str]) -> Objects:
    return {site.SEARCH_PERIODS_KEY: site.search_periods(periods)}


def _search_piece(period: str, listed: Sequence[ListedCard]) -> Piece:
    return Piece((site.search_key(period),), _search_segment, (period, listed))


def _search_segment(frame: Frame, period: str, listed: Sequence[ListedCard]) -> Objects:
    return {site.search_key(period): site.search_segment(frame.settings, _opened(listed))}


def _archives(frame: Frame, months: Sequence[str], kinds: Sequence[str]) -> Objects:
    settings = frame.settings
    page = site.archives(settings, settings.base_url, months, kinds=kinds, theme=frame.theme)
    return {site.key_of(site.ARCHIVES_PATH): page}


class NewestMember(NamedTuple):
    """A post on the page of a term, with the words and the subcategories that it brings there."""

    listed: ListedCard
    words: str
    subcategories: tuple[tuple[str, str], ...]

    @property
    def member(self) -> Member:
        """The member of the list."""
        subcategories = dict(self.subcategories)
        return Member(card=self.listed.card, words=self.words, subcategories=subcategories)


@dataclass(frozen=True)
class TermArchive:
    """The pages of a term, down to the times that are not split; and those of all terms."""

    settings: Site
    most: int

    def plan(self, name: str, members: Sequence[Entry]) -> Iterator[Piece]:
        """The page, the feed, and all posts of a term by time."""
        words = members[0].lists[name]
        by_year = _by_time(members, len("2021"))
        newest = tuple(_member(entry, name) for entry in members[: site.NEWEST])
        arguments = (name, newest, _older(members), tuple(by_year))
        yield Piece((site.key_of(site.list_path(name)),), _term, arguments)
        if self.settings.feeds.terms:
            told = _told(self.settings, members)
            yield Piece((site.feed_key(name),), _term_feed, (name, words, told))
        for year, members_of_year in by_year.items():
            yield from self._time(f"{name}.{year}", members_of_year)

    def _time(self, name: str, members: Sequence[Entry]) -> Iterator[Piece]:
        """The posts of a term in a year, month or day; a day of too many leads to that of all."""
        time = site.part_in(name)
        is_day = len(time) == len("2021-11-05")
        parts: dict[str, list[Entry]] = {}
        if len(members) > self.most:
            parts = _by_time(members, len(time) if is_day else len(time) + len("-11"))
        cards = () if parts else _cards(members)
        words = members[0].lists[site.whole_list(name)]
        key = site.key_of(site.list_path(name))
        shown = cards or _cards(members[:1])
        yield Piece((key,), _term_period, (name, words, shown, tuple(parts)))
        for part, members_of_part in () if is_day else parts.items():
            yield from self._time(site.part_of(name, part), members_of_part)

    def all_terms(self, kind: str, words: Mapping[str, str]) -> Iterator[Piece]:
        """All terms of a kind, by as many of their first letters as it takes."""
        yield from self._letters(f"terms:{kind}", words, 0)

    def _letters(self, name: str, words: Mapping[str, str], length: int) -> Iterator[Piece]:
        parts: dict[str, dict[str, str]] = {}
        listed = dict(words)
        if len(words) > self.most:
            listed = {slug: each for slug, each in words.items() if len(slug) == length}
            for slug, each in words.items():
                if len(slug) > length:
                    parts.setdefault(slug[: length + 1], {})[slug] = each
        key = site.key_of(site.list_path(name))
        yield Piece((key,), _terms, (name, tuple(sorted(listed.items())), tuple(sorted(parts))))
        for part, words_of_part in parts.items():
            yield from self._letters(site.part_of(name, part), words_of_part, length + 1)


def _term(
    frame: Frame,
    name: str,
    newest: Sequence[NewestMember],
    older: str | None,
    years: Sequence[str],
) -> Objects:
    settings, members = frame.settings, [each.member for each in newest]
    page = site.term(
        settings, settings.base_url, name, members, older, years=years, theme=frame.theme
    )
    return {site.key_of(site.list_path(name)): page}


def _term_feed(frame: Frame, name: str, words: str, told: Sequence[Entry]) -> Objects:
    texts = [frame.document(entry) for entry in told]
    feed = site.atom(frame.settings, frame.settings.base_url, texts, name=name, words=words)
    return {site.feed_key(name): feed}


def _term_period(
    frame: Frame,
    name: str,
    words: str,
    listed: Sequence[ListedCard],
    parts: Sequence[str],
) -> Objects:
    settings = frame.settings
    members = [Member(card=each.card, words=words) for each in listed]
    page = site.term_period(
        settings, settings.base_url, name, members, parts=parts, theme=frame.theme
    )
    return {site.key_of(site.list_path(name)): page}


def _terms(
    frame: Frame, name: str, words: Sequence[tuple[str, str]], parts: Sequence[str]
) -> Objects:
    settings = frame.settings
    page = site.terms(
        settings, settings.base_url, name, dict(words), parts=parts, theme=frame.theme
    )
    return {site.key_of(site.list_path(name)): page}


def _member(entry: Entry, name: str) -> NewestMember:
    is_category = name.startswith("category:")
    subcategories = site.subcategories(entry.lists, name) if is_category else {}
    return NewestMember(entry.listed, entry.lists[name], tuple(subcategories.items()))


def _cards(members: Iterable[Entry]) -> tuple[ListedCard, ...]:
    return tuple([entry.listed for entry in members])


def _newest(members: Sequence[Entry]) -> tuple[ListedCard, ...]:
    return _cards(members[: site.NEWEST])


def _opened(listed: Iterable[ListedCard]) -> list[Card]:
    return [each.card for each in listed]


def _older(members: Sequence[Entry]) -> str | None:
    """The month of the newest post that a list's page has no room for."""
    return site.month_in(members[site.NEWEST].period) if len(members) > site.NEWEST else None


def _by_time(members: Iterable[Entry], length: int) -> dict[str, list[Entry]]:
    """The posts by their year, month or day, of which each has so many characters."""
    return _grouped(members, lambda entry: entry.period[:length])


def _grouped(items: Iterable[_Each], name: Callable[[_Each], str]) -> dict[str, list[_Each]]:
    groups: dict[str, list[_Each]] = {}
    for item in items:
        groups.setdefault(name(item), []).append(item)
    return groups


def _side_by_side(names: Sequence[str]) -> Iterator[tuple[str | None, str, str | None]]:
    """Each with the one before and the one behind it."""
    for place, name in enumerate(names):
        before = names[place - 1] if place else None
        yield before, name, next(iter(names[place + 1 : place + 2]), None)
