"""What the objects of a list are made of: its members, or what it is split into, read strongly."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from presswork import site
from presswork.aws.buckets import SiteBucket
from presswork.aws.lists import KINDS, MONTHS, PAGES
from presswork.aws.parallel import in_parallel
from presswork.aws.sites import Sites
from presswork.object import md5
from presswork.settings import Site
from presswork.site import Member
from presswork.stages.index.members import Members
from presswork.state import ListMember, SiteState

ARCHIVES = "archives"
"""What leads to all years and months, and to the terms."""

SITEMAP = "sitemap"
"""What names all that crawlers and the search read: months or their parts, and lists of pages."""


@dataclass(frozen=True)
class ListContents:
    """What a list's objects are made of: its members, newest first, and what stands beside them.

    One that is split has parts instead of members, and of the members the newest at most. `awaited`
    says that not all of the documents are those that the members name; `searched` are the periods
    that are searched here.
    """

    members: tuple[Member, ...] = ()
    parts: tuple[str, ...] = ()
    newer: str | None = None
    older: str | None = None
    documents: tuple[bytes, ...] = ()
    awaited: bool = False
    years: tuple[str, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    searched: tuple[str, ...] = ()


NOTHING = ListContents()

KEPT_BYTES = 8 * 1024 * 1024


class Documents:
    """The `index.json` of posts, each version of one read once, as long as there is room for it.

    Another worker may be about to make it anew: it counts only if it is the one that the member
    names, and is read again until then.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], bytes] = {}
        self._bytes = 0

    def of(self, bucket: SiteBucket, members: Iterable[ListMember]) -> "FoundDocuments":
        """The documents of members as far as they are there, each read once, side by side."""
        wanted = {_version(member): member for member in members}
        left = [member for version, member in wanted.items() if version not in self._kept]
        read = in_parallel(partial(_document, bucket, member) for member in left)
        found = {version: (self._kept.get(version), True) for version in wanted}
        for member, (document, is_right) in zip(left, read, strict=True):
            found[_version(member)] = document, is_right
            if document is not None and is_right:
                self._keep(_version(member), document)
        return FoundDocuments(found)

    def _keep(self, version: tuple[str, int], document: bytes) -> None:
        self._bytes += len(document)
        if self._bytes > KEPT_BYTES:
            self._kept.clear()
            self._bytes = len(document)
        self._kept[version] = document


@dataclass(frozen=True)
class FoundDocuments:
    """The documents of versions of posts, and whether each is the one that the table names."""

    _found: Mapping[tuple[str, int], tuple[bytes | None, bool]]

    def of(self, members: Iterable[ListMember]) -> tuple[tuple[bytes, ...], bool]:
        """The documents of members as far as they are there, and whether all are right."""
        found = [self._found[_version(member)] for member in members]
        documents = tuple(document for document, _ in found if document is not None)
        return documents, all(is_right for _, is_right in found)


def _document(bucket: SiteBucket, member: ListMember) -> tuple[bytes | None, bool]:
    """The document of a member, and whether it is the one that the member names."""
    document = bucket.get(site.data_key(member.card.path))
    if document is None or member.document not in ("", md5(document)):
        return document, False
    return document, True


def _version(member: ListMember) -> tuple[str, int]:
    return member.card.id, member.version


class ListReader:
    """Reads lists in one look: what several of them are made of is read once."""

    def __init__(
        self,
        members: Members,
        documents_of: Callable[[Iterable[ListMember]], "FoundDocuments"],
    ) -> None:
        self.members = members
        self.lists = members.lists
        self._documents_of = documents_of
        self._most = members.most

    @property
    def site(self) -> SiteState:
        """The settings in force."""
        return Sites(self.members.look).read()

    @property
    def settings(self) -> Site:
        """The settings of the site, without its address."""
        return self.site.site

    def foresee(self, names: Iterable[str]) -> None:
        """Reads, side by side, what lists are made of, and those that have such a position."""
        site_key = Sites.wanted()
        keys = [(site_key.pk, site_key.sk)]
        reads: list[Callable[[], object]] = []
        for name in sorted({_read_for(name) for name in names}):
            if name != ARCHIVES:
                keys += self.lists.told("home" if name == SITEMAP else name)
            reads += self._reads(name)
        self.members.look.foresee(keys, *reads)

    def _reads(self, name: str) -> Iterator[Callable[[], object]]:
        """What is asked for besides items, each in a call that waits for no other."""
        if name in (ARCHIVES, SITEMAP):
            kinds = (MONTHS, KINDS) if name == ARCHIVES else (MONTHS, PAGES)
            yield from (partial(self.lists.names, kind) for kind in kinds)
            if name == SITEMAP:
                yield self.lists.splits
        elif name in site.PAGE_LISTS:
            yield partial(self.lists.newest, name)
        else:
            yield partial(self.members.foresee, name)
            if name.startswith("period:") and site.larger_period(site.part_in(name)) is None:
                yield partial(self.lists.next_month, site.part_in(name))

    def read(self, names: Iterable[str]) -> dict[str, ListContents]:
        """What the objects of lists are made of."""
        names = tuple(names)
        feeds = {name: self._entries(name) for name in names if _is_newest(name)}
        found = self._documents_of(member for entries in feeds.values() for member in entries)
        return {
            name: self._newest(name, *found.of(feeds[name])) if name in feeds else self._one(name)
            for name in names
        }

    def _one(self, name: str) -> ListContents:
        if name == ARCHIVES:
            return ListContents(parts=self.lists.names(MONTHS), years=self.lists.names(KINDS))
        if name == SITEMAP:
            periods = site.whole_periods(self.lists.names(MONTHS), self.lists.splits())
            searched = site.searched_periods(periods, self.lists.years("home"))
            return ListContents(parts=periods, years=self.lists.names(PAGES), searched=searched)
        if name.startswith("period:"):
            return self._period(site.part_in(name))
        if name.startswith("terms:"):
            return self._terms(name)
        if name in site.PAGE_LISTS:
            return ListContents(members=tuple(map(_member, self.lists.newest(name))))
        return self._part(name)

    def _entries(self, name: str) -> Sequence[ListMember]:
        """The members whose documents a list's feeds hold."""
        if name != "home" and not self.settings.feeds.terms:
            return ()
        return self.members.newest(name, self._most_newest)[: self.settings.feeds.entries]

    @property
    def _most_newest(self) -> int:
        return max(site.NEWEST + 1, self.settings.feeds.entries)

    def _newest(self, name: str, documents: tuple[bytes, ...], are_right: bool) -> ListContents:
        """The newest posts of all, or of a term."""
        members = tuple(map(_member, self.members.newest(name, self._most_newest)))
        older = members[site.NEWEST :]
        return ListContents(
            members=members[: site.NEWEST],
            older=site.month_of(self.settings, older[0].card.date) if older else None,
            documents=documents,
            awaited=not are_right,
            years=tuple(self.lists.years(name)) if site.is_term(name) else (),
        )

    def _part(self, name: str) -> ListContents:
        """A year, month or day of all posts, or of a term."""
        list, larger = site.whole_list(name), site.larger_list(name)
        years = self.lists.years(list)
        if larger is None:
            parts = years.get(site.part_in(name))
        else:
            parts = self._own_parts(name)
            if site.part_in(name) not in (self.lists.parts(larger) or ()):
                parts = None
        if parts is None:
            return NOTHING
        limit = self._most + 1 if not parts else 1 if site.is_term(name) else 0
        members = tuple(self._members(name, limit)) if limit else ()
        if len(members) > self._most and not site.possible_parts(name):
            members, parts = members[:1], (site.part_in(name),)
        if list != "home":
            return ListContents(members=members, parts=parts)
        year = site.part_in(name)
        newer, older = _beside(year, years)
        searched = () if parts else (year,)
        return ListContents(members, parts, newer=newer, older=older, searched=searched)

    def _own_parts(self, name: str) -> tuple[str, ...]:
        """What a month is split into; a day never is."""
        return (self.lists.parts(name) or ()) if site.possible_parts(name) else ()

    def _members(self, name: str, limit: int) -> Iterable[Member]:
        span = site.bounds(self.settings, name)
        return map(_member, self.members.some(site.whole_list(name), limit, span))

    def _period(self, period: str) -> ListContents:
        larger = site.larger_period(period)
        if larger is not None and period not in (self.lists.parts(f"period:{larger}") or ()):
            return NOTHING
        name = f"period:{period}"
        parts = self.lists.parts(name)
        members = self.members.newest(name, self._most + 1) if parts is None else ()
        # Parts of a month are searched apart in any case: who splits its year does not make them.
        is_apart = larger is not None or bool(self.lists.parts(f"home.{site.year_of(period)}"))
        return ListContents(
            members=tuple(map(_member, members)),
            parts=parts or (),
            newer=self.lists.next_month(period) if larger is None else None,
            older=self.lists.previous_month(period) if larger is None else None,
            searched=(period,) if is_apart and parts is None else (),
        )

    def _terms(self, name: str) -> ListContents:
        """Terms of a kind; where too many begin alike, the one that has no other letter."""
        larger, letters = site.larger_list(name), site.part_in(name)
        if larger is not None and letters not in (self.lists.parts(larger) or ()):
            return NOTHING
        parts = self.lists.parts(name)
        if parts is None:
            return ListContents(terms=self.members.terms(name, self._most + 1))
        kind = site.whole_list(name).partition(":")[2]
        words = self.lists.term(kind, letters) if letters else None
        return ListContents(parts=parts, terms={letters: words} if words else {})


def _is_newest(name: str) -> bool:
    """Whether a list is shown by its newest posts, with feeds."""
    return name == "home" or (site.is_term(name) and not site.part_in(name))


def _read_for(name: str) -> str:
    """The list that is read for one: for a place in a day, most often none, its month."""
    if not name.startswith("period:"):
        return site.whole_list(name)
    period = site.part_in(name)
    return name if site.day_in(period) == period else f"period:{site.month_in(period)}"


def _member(member: ListMember) -> Member:
    return Member(card=member.card, words=member.words, subcategories=dict(member.subcategories))


def _beside(year: str, years: Iterable[str]) -> tuple[str | None, str | None]:
    """The years on either side of one, the newer first."""
    others = sorted(years)
    newer, older = [y for y in others if y > year], [y for y in others if y < year]
    return (newer[0] if newer else None), (older[-1] if older else None)
