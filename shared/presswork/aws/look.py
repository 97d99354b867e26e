"""The table in one look: nothing is read twice, and what is foreseen is read side by side."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self, TypeVar, cast

from presswork.aws.parallel import in_parallel
from presswork.aws.table import Item, Put, Table, Write

_Found = TypeVar("_Found")
_Key = tuple[str, str]


@dataclass(frozen=True)
class TableLook(Table):
    """A table as it was found: what was read of a partition is known until the look writes there.

    Each item was read strongly, and not all at one instant. Who has to know what became of it
    since takes another look.
    """

    _known: dict[str, dict[Hashable, Any]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def at(cls, table: Table) -> Self:
        """A look at a table, of which nothing is known yet."""
        return cls(table.client, table.name)

    def forget(self, pk: str) -> None:
        """Of this partition nothing is known any more."""
        self._known.pop(pk, None)

    def once(self, pk: str, about: Hashable, read: Callable[[], _Found]) -> _Found:
        """What is read of a partition the first time that it is asked for."""
        known = self._known.setdefault(pk, {})
        if about not in known:
            known[about] = read()
        return cast("_Found", known[about])

    def foresee(self, keys: Iterable[_Key], *reads: Callable[[], object]) -> None:
        """Reads, side by side, what will be asked for: items by their keys, and all that is called.

        What is called asks this look, so that the answer is known.
        """
        left = [(pk, sk) for pk, sk in dict.fromkeys(keys) if sk not in self._known.get(pk, {})]
        first: list[Callable[[], object]] = [partial(self._read, left)] if left else []
        in_parallel([*first, *reads])

    def _read(self, keys: list[_Key]) -> None:
        for (pk, sk), item in zip(keys, super().get_many(*keys), strict=True):
            self._known.setdefault(pk, {})[sk] = item

    def get(self, pk: str, sk: str) -> Item | None:
        """The item as this look found it."""
        return self.once(pk, sk, lambda: super(TableLook, self).get(pk, sk))

    def get_many(self, *keys: _Key) -> list[Item | None]:
        """The items as this look found them, however many."""
        self.foresee(keys)
        return [self.get(*key) for key in keys]

    def query(self, pk: str, **bounds: Any) -> Iterator[Item]:
        """The items of a partition as this look found them."""
        about = ("query", *sorted(bounds.items()))
        return iter(self.once(pk, about, lambda: list(super(TableLook, self).query(pk, **bounds))))

    def count(self, pk: str, **bounds: Any) -> int:
        """How many items this look found."""
        about = ("count", *sorted(bounds.items()))
        return self.once(pk, about, lambda: super(TableLook, self).count(pk, **bounds))

    def write(self, *writes: Write) -> None:
        """All of the writes, or none; whatever comes of it, these partitions are read anew."""
        for each in writes:
            self.forget(each.item["PK"] if isinstance(each, Put) else each.pk)
        super().write(*writes)
