"""What the objects of a list are made of: its members, or what it is split into, read strongly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from presswork import site
from presswork.aws.buckets import SiteBucket
from presswork.aws.lists import KINDS, MONTHS, Lists
from presswork.object import md5
from presswork.settings import Site
from presswork.site import Member
from presswork.state import ListMember

ARCHIVES = "archives"
"""What leads to all years and months, and to the terms."""


@dataclass(frozen=True)
class ListContents:
    """What a list's objects are made of: its members, newest first, and what stands beside them.

    One that is split has parts instead of members, and of the members the newest at most. `awaited`
    says that not all of the documents are those that the members name.
    """

    members: tuple[Member, ...] = ()
    parts: tuple[str, ...] = ()
    newer: str | None = None
    older: str | None = None
    documents: tuple[bytes, ...] = ()
    awaited: bool = False
    years: tuple[str, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)


NOTHING = ListContents()

KEPT_BYTES = 8 * 1024 * 1024


class Documents:
    """The `index.json` of posts, each version of one read once, as long as there is room for it.

    Another worker may be about to make it anew: it counts only if it is the one that the member
    names, and is read again until then.
    """

    def __init__(self, bucket: SiteBucket) -> None:
        self._bucket = bucket
        self._kept: dict[tuple[str, int], bytes] = {}
        self._bytes = 0

    def of(self, members: Iterable[ListMember]) -> tuple[tuple[bytes, ...], bool]:
        """The documents of members as far as they are there, and whether all are right."""
        found = [self._one(member) for member in members]
        documents = tuple(document for document, _ in found if document is not None)
        return documents, all(is_right for _, is_right in found)

    def _one(self, member: ListMember) -> tuple[bytes | None, bool]:
        version = member.card.id, member.version
        document = self._kept.get(version)
        if document is not None:
            return document, True
        document = self._bucket.get(site.data_key(member.card.path))
        if document is None or member.document not in ("", md5(document)):
            return document, False
        self._keep(version, document)
        return document, True

    def _keep(self, version: tuple[str, int], document: bytes) -> None:
        self._bytes += len(document)
        if self._bytes > KEPT_BYTES:
            self._kept.clear()
            self._bytes = len(document)
        self._kept[version] = document


class ListReader:
    """Reads lists, all at one time: what several of them are made of is read once."""

    def __init__(self, lists: Lists, documents: Documents, settings: Site, most: int) -> None:
        self._lists = lists
        self._documents = documents
        self._settings = settings
        self._most = most
        self._years = cache(lists.years)

    def read(self, name: str) -> ListContents:
        """What the objects of a list are made of."""
        if name == ARCHIVES:
            return ListContents(parts=self._lists.names(MONTHS), years=self._lists.names(KINDS))
        if name.startswith("period:"):
            return self._period(site.part_in(name))
        if name.startswith("terms:"):
            return self._terms(name)
        if name in site.PAGE_LISTS:
            return ListContents(members=tuple(map(_member, self._lists.newest(name))))
        return self._part(name) if site.part_in(name) else self._newest(name)

    def _newest(self, name: str) -> ListContents:
        """The newest posts of all, or of a term."""
        most = max(site.NEWEST + 1, self._settings.feeds.entries)
        found = list(self._lists.newest(name, limit=most))
        members = tuple(map(_member, found))
        older = members[site.NEWEST :]
        documents, are_right = self._documents.of(found[: self._settings.feeds.entries])
        return ListContents(
            members=members[: site.NEWEST],
            older=site.month_of(self._settings, older[0].card.date) if older else None,
            documents=documents,
            awaited=not are_right,
            years=tuple(self._years(name)) if site.is_term(name) else (),
        )

    def _part(self, name: str) -> ListContents:
        """A year, month or day of all posts, or of a term."""
        list, larger = site.whole_list(name), site.larger_list(name)
        years = self._years(list)
        if larger is None:
            parts = years.get(site.part_in(name))
        else:
            is_year = site.is_year(larger)
            there = years.get(site.part_in(larger)) if is_year else self._lists.parts(larger)
            parts = self._own_parts(name) if site.part_in(name) in (there or ()) else None
        if parts is None:
            return NOTHING
        limit = self._most + 1 if not parts else 1 if site.is_term(name) else 0
        members = tuple(self._members(name, limit)) if limit else ()
        if len(members) > self._most and not site.possible_parts(name):
            members, parts = members[:1], (site.part_in(name),)
        newer, older = _beside(site.part_in(name), years) if list == "home" else (None, None)
        return ListContents(members=members, parts=parts, newer=newer, older=older)

    def _own_parts(self, name: str) -> tuple[str, ...]:
        """What a month is split into; a day never is."""
        return (self._lists.parts(name) or ()) if site.possible_parts(name) else ()

    def _members(self, name: str, limit: int) -> Iterable[Member]:
        span = site.bounds(self._settings, name)
        return map(_member, self._lists.newest(site.whole_list(name), limit, within=span))

    def _period(self, period: str) -> ListContents:
        larger = site.larger_period(period)
        if larger is not None and period not in (self._lists.parts(f"period:{larger}") or ()):
            return NOTHING
        name = f"period:{period}"
        parts = self._lists.parts(name)
        members = self._lists.newest(name, limit=self._most + 1) if parts is None else ()
        return ListContents(
            members=tuple(map(_member, members)),
            parts=parts or (),
            newer=self._lists.next_month(period) if larger is None else None,
            older=self._lists.previous_month(period) if larger is None else None,
        )

    def _terms(self, name: str) -> ListContents:
        """Terms of a kind; where too many begin alike, the one that has no other letter."""
        larger, letters = site.larger_list(name), site.part_in(name)
        if larger is not None and letters not in (self._lists.parts(larger) or ()):
            return NOTHING
        parts = self._lists.parts(name)
        if parts is None:
            return ListContents(terms=self._lists.terms(name, self._most + 1))
        kind = site.whole_list(name).partition(":")[2]
        words = self._lists.term(kind, letters) if letters else None
        return ListContents(parts=parts, terms={letters: words} if words else {})


def _member(member: ListMember) -> Member:
    return Member(card=member.card, words=member.words, subcategories=dict(member.subcategories))


def _beside(year: str, years: Iterable[str]) -> tuple[str | None, str | None]:
    """The years on either side of one, the newer first."""
    others = sorted(years)
    newer, older = [y for y in others if y > year], [y for y in others if y < year]
    return (newer[0] if newer else None), (older[-1] if older else None)
