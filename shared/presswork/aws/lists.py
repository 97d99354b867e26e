"""The members of each list, in the order of their dates; and work that falls due at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from presswork.aws.conflicts import Changed
from presswork.aws.table import Attr, ConditionBase, Delete, Put, Table, Write
from presswork.post import Card, Model
from presswork.state import ListMember

GONE = "gone"
"""The list of posts that were live and are no more; members are ids alone."""

MONTHS = "months"
PAGES = "pages"
"""The lists of what the sitemap names: months that have posts, and the lists of pages."""

KINDS = "kinds"
"""The list of the kinds of terms that there are, such as `tag`."""

Stored = list[str] | dict[str, list[str]]
"""What a record holds: the parts of a list, or the years of one, each with its parts."""

Span = tuple[datetime, datetime | None]
"""From an instant to the one before another; None: for ever."""

DUE = "due"
"""The work list of posts that are to be looked at when their time has come."""


def stamp(time: datetime) -> str:
    """A UTC instant in fixed width, so that text order is time order."""
    return f"{time.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def position(date: datetime, id: str) -> str:
    """Where a post stands in each of its lists: their sort key."""
    return f"{stamp(date)}#{id}"


class Work(Model):
    """Work that falls due, as it stands in a work list: `content` says what it is about."""

    list: str
    sort_key: str
    content: str


@dataclass(frozen=True)
class Lists:
    """Items `LIST#<list>` / `<date>#<id>`: the fields of `ListMember`.

    Work lists (`due`, `owed`) have the time of the work as date, and `key` or `url` as content;
    `LIST#months` / `<YYYY-MM>` and `LIST#pages` / `<0-f>` name the months, and the lists of pages,
    that have members.
    Members of a month are not in the order of their dates: `LIST#month:2021-11` / `05-…#<id>` has
    the rest of their position, so that a period is what begins alike. `LIST#split` / `<period>`
    holds in `parts` what a period is split into.

    `LIST#years:<list>` / `ALL` holds in `parts` each year that a list has posts of, and its months
    if it is split; `LIST#split:<list>` / `2021-05` the days of a month that is split.
    `LIST#terms:tag` / `<slug>` names a tag, in the `words` of its newest post. What too many are
    split into is told by `LIST#split:terms:tag` / `index`, `index-s`, …; `LIST#kinds` / `tag` says
    that there are tags.
    """

    table: Table

    @staticmethod
    def partition(name: str) -> str:
        """The partition that the members of a list stand in."""
        return _partition(name)[0]

    def newest(
        self, name: str, limit: int | None = None, *, within: Span | None = None
    ) -> Iterator[ListMember]:
        """The members of a list, newest first; those of a period in any order."""
        pk, prefix = _partition(name)
        items = self.table.query(
            pk, prefix=prefix, between=_bounds(within), newest_first=True, limit=limit
        )
        return map(ListMember.model_validate, items)

    def count(self, name: str, limit: int, *, within: Span | None = None) -> int:
        """How many members a list has; no more than `limit` are looked at."""
        pk, prefix = _partition(name)
        return self.table.count(pk, prefix=prefix, between=_bounds(within), limit=limit)

    def key(self, name: str, card: Card) -> tuple[str, str]:
        """Where a card stands: the list's partition, and the sort key there."""
        pk, prefix = _partition(name)
        return pk, f"{prefix}#{card.id}" if prefix else position(card.date, card.id)

    def newer(self, name: str, position: str, limit: int) -> Iterator[ListMember]:
        """The members next to a position, the nearest first."""
        items = self.table.query(f"LIST#{name}", above=position, limit=limit)
        return map(ListMember.model_validate, items)

    def older(self, name: str, position: str, limit: int) -> Iterator[ListMember]:
        """The members next to a position on its other side, the nearest first."""
        items = self.table.query(f"LIST#{name}", below=position, newest_first=True, limit=limit)
        return map(ListMember.model_validate, items)

    def put_member(self, name: str, member: ListMember) -> Write:
        """Adds a member to a list, or brings it up to date."""
        pk, sk = self.key(name, member.card)
        return Put({"PK": pk, "SK": sk} | member.model_dump(mode="json"))

    def delete_member(self, name: str, card: Card) -> Write:
        """Takes a card out of a list."""
        return Delete(*self.key(name, card))

    def is_named(self, kind: str, name: str) -> bool:
        """Whether this one of its kind is named: it has members."""
        return self.table.get(f"LIST#{kind}", name) is not None

    def put_name(self, kind: str, name: str) -> Write:
        """Names what has members."""
        return Put({"PK": f"LIST#{kind}", "SK": name})

    def delete_name(self, kind: str, name: str) -> Write:
        """Forgets what has no members left."""
        return Delete(f"LIST#{kind}", name)

    def names(self, kind: str) -> tuple[str, ...]:
        """All of a kind that have members, in their order."""
        return tuple(str(item["SK"]) for item in self.table.query(f"LIST#{kind}"))

    def previous_month(self, month: str) -> str | None:
        """The newest month with members before this one; most often it is the one before."""
        before = _month_before(month)
        if self.is_named(MONTHS, before):
            return before
        earlier = self.table.query(f"LIST#{MONTHS}", below=month, newest_first=True, limit=1)
        return next((str(item["SK"]) for item in earlier), None)

    def next_month(self, month: str) -> str | None:
        """The oldest month with members after this one."""
        later = self.table.query(f"LIST#{MONTHS}", above=month, limit=1)
        return next((str(item["SK"]) for item in later), None)

    def years(self, name: str) -> dict[str, tuple[str, ...]]:
        """The years that a list has posts of, each with the months that it is split into."""
        item = self.table.get(*_years(name))
        years = {} if item is None else item["parts"]
        return {year: tuple(years[year]) for year in sorted(years)}

    def parts(self, name: str) -> tuple[str, ...] | None:
        """What a list is split into; None when it is whole, or a year without posts."""
        if _is_year(name):
            list, _, year = name.partition(".")
            return self.years(list).get(year)
        item = self.table.get(*_record(name))
        return None if item is None else tuple(item["parts"])

    def told(self, name: str) -> Iterator[tuple[str, str]]:
        """The keys of the items that say how a list stands, or one with such a position.

        They are what it is split into, whether it is named, and how it is called.
        """
        list = name.partition(".")[0]
        kind, _, rest = list.partition(":")
        if kind == "period":
            month = rest[: len("2021-11")]
            yield _years("home")
            yield _record(f"period:{month}")
            yield from ((f"LIST#{MONTHS}", each) for each in (month, _month_before(month)))
        elif kind == PAGES:
            yield f"LIST#{PAGES}", rest
        elif kind == "terms":
            yield _record(list)
        else:
            yield _years(list)
            if rest:
                yield f"LIST#terms:{kind}", rest

    def splits(self, prefix: str = "") -> dict[str, tuple[str, ...]]:
        """The periods that are split and begin so, each with its parts."""
        return self._parts_in("LIST#split", prefix)

    def inner_splits(self, name: str) -> dict[str, tuple[str, ...]]:
        """The parts of a list that are split as well, each with its own parts."""
        list, _, part = name.partition(".")
        if name.startswith("period:"):
            period = name.partition(":")[2]
            return {
                f"period:{each}": parts
                for each, parts in self.splits(period).items()
                if each != period
            }
        if name.startswith("terms:"):
            start = f"index-{part}" if part else "index"
            found = self._parts_in(f"LIST#split:{list}", start)
            return {
                f"{list}.{each.removeprefix('index-')}": parts
                for each, parts in found.items()
                if each != start
            }
        found = self._parts_in(f"LIST#split:{list}", f"{part}-")
        return {f"{list}.{each}": parts for each, parts in found.items()}

    def _parts_in(self, pk: str, prefix: str = "") -> dict[str, tuple[str, ...]]:
        items = self.table.query(pk, prefix=prefix)
        return {str(item["SK"]): tuple(item["parts"]) for item in items}

    def split(self, name: str, old: tuple[str, ...] | None, parts: tuple[str, ...] | None) -> Write:
        """Records what a list is split into, provided that the record is as read.

        A year stands among all of its list: Changed when this one is not as read, and the others
        are to stay as they are.
        """
        if not _is_year(name):
            return _put_parts(_record(name), _stored(old), _stored(parts))
        whole, _, year = name.partition(".")
        years = self.years(whole)
        if years.get(year) != old:
            raise Changed
        changed = {each: list(months) for each, months in years.items() if each != year}
        if parts is not None:
            changed[year] = list(parts)
        as_read = {each: list(months) for each, months in years.items()}
        return _put_parts(_years(whole), as_read or None, changed or None)

    def term(self, kind: str, slug: str) -> str | None:
        """How a term is called where all of its kind are; None when it is not named there."""
        item = self.table.get(f"LIST#terms:{kind}", slug)
        return None if item is None else str(item["words"])

    def terms(self, name: str, limit: int | None = None) -> dict[str, str]:
        """The terms of a list of these, such as `terms:tag.s`: their slugs and words."""
        pk, prefix = _partition(name)
        items = self.table.query(pk, prefix=prefix, limit=limit)
        return {str(item["SK"]): str(item["words"]) for item in items}

    def put_term(self, kind: str, slug: str, words: str) -> Write:
        """Names a term, or calls it otherwise."""
        return Put({"PK": f"LIST#terms:{kind}", "SK": slug, "words": words})

    def delete_term(self, kind: str, slug: str) -> Write:
        """Forgets a term that no post has."""
        return Delete(f"LIST#terms:{kind}", slug)

    def put_gone(self, id: str) -> Write:
        """Notes a post whose pages say that it is gone."""
        return Put({"PK": f"LIST#{GONE}", "SK": id})

    def delete_gone(self, id: str) -> Write:
        """Strikes out a post that is live again."""
        return Delete(f"LIST#{GONE}", id)

    def members(self, name: str, *, after: str, limit: int) -> Iterator[str]:
        """The sort keys of a list behind one of them, in their order."""
        for item in self.table.query(f"LIST#{name}", above=after or "\0", limit=limit):
            yield str(item["SK"])

    def put_work(self, name: str, time: datetime, id: str, content: str) -> Write:
        """Notes work that falls due at a time."""
        item = {"PK": f"LIST#{name}", "SK": f"{stamp(time)}#{id}", "content": content}
        return Put(item)

    def delete_work(self, name: str, time: datetime, id: str) -> Write:
        """Strikes out work that was done or put off."""
        return Delete(f"LIST#{name}", f"{stamp(time)}#{id}")

    def delete(self, work: Work) -> Write:
        """Strikes out work as it was read."""
        return Delete(f"LIST#{work.list}", work.sort_key)

    def due(self, name: str, now: datetime, limit: int | None = None) -> Iterator[Work]:
        """The work that is due at `now`, oldest first."""
        return self._work(name, below=f"{stamp(now)}#~", limit=limit)

    def all_work(self, name: str) -> Iterator[Work]:
        """All of a work list, whenever it is due, oldest first."""
        return self._work(name)

    def _work(
        self, name: str, *, below: str | None = None, limit: int | None = None
    ) -> Iterator[Work]:
        for item in self.table.query(f"LIST#{name}", below=below, limit=limit):
            yield Work(list=name, sort_key=str(item["SK"]), content=str(item["content"]))


def _partition(name: str) -> tuple[str, str]:
    """Where the members of a list stand, and how their sort keys begin.

    Those of a part that is told by dates stand among all of their list.
    """
    kind, _, period = name.partition(":")
    if kind == "period":
        return f"LIST#month:{period[: len('2021-11')]}", period[len("2021-11-") :]
    list, _, part = name.partition(".")
    return f"LIST#{list}", part if kind == "terms" else ""


def _record(name: str) -> tuple[str, str]:
    """Where it stands what a list is split into."""
    list, _, part = name.partition(".")
    kind, _, period = name.partition(":")
    if kind == "period":
        return "LIST#split", period
    if kind == "terms":
        return f"LIST#split:{list}", f"index-{part}" if part else "index"
    return f"LIST#split:{list}", part


def _years(list: str) -> tuple[str, str]:
    """Where it stands which years a list has posts of."""
    return f"LIST#years:{list}", "ALL"


def _is_year(name: str) -> bool:
    list, _, part = name.partition(".")
    return not list.startswith(("period:", "terms:")) and len(part) == len("2021")


def _stored(parts: tuple[str, ...] | None) -> list[str] | None:
    return None if parts is None else list(parts)


def _put_parts(key: tuple[str, str], old: Stored | None, parts: Stored | None) -> Write:
    """Writes or takes away a record, provided that it is as read."""
    unchanged: ConditionBase = Attr("parts").not_exists()
    if old is not None:
        unchanged = Attr("parts").eq(old)
    if parts is None:
        return Delete(*key, unchanged)
    return Put({"PK": key[0], "SK": key[1], "parts": parts}, unchanged)


def _month_before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year:04}-{number - 1:02}" if number > 1 else f"{year - 1:04}-12"


def is_within(card: Card, span: Span) -> bool:
    """Whether a card stands within a span, as a query for it says."""
    first, last = _sort_keys(span)
    return first <= position(card.date, card.id) <= last


def is_before(card: Card, span: Span) -> bool:
    """Whether a card stands before a span."""
    return position(card.date, card.id) < _sort_keys(span)[0]


def _bounds(span: Span | None) -> tuple[str, str] | None:
    return None if span is None else _sort_keys(span)


def _sort_keys(span: Span) -> tuple[str, str]:
    """The sort keys between which a span's members stand."""
    return stamp(span[0]), stamp(span[1]) if span[1] else "~"
