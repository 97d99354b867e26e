"""Who uses what: the reverse index of images and media, by post."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from presswork.aws.conflicts import Changed
from presswork.aws.table import MOST_WRITES, Attr, Delete, Put, Table, Write


@dataclass(frozen=True)
class Uses:
    """Items `POST#<id>` in the partition of what is used, with the `generation` that is to use it.

    The generation is that of the post's `Ready` which a worker is about to write. It grows with
    each, so that a worker that comes late, to put or to take away, undoes nothing newer.
    """

    table: Table
    pk: str

    def add(self, post: str, generation: int) -> None:
        """Notes a use, before anything is read that the user relies on."""
        try:
            self.table.write(_put(self.pk, post, generation))
        except Changed:
            return

    def remove(self, post: str, generation: int) -> None:
        """Takes a use away that the post's `Ready` of this generation has no more."""
        condition = Attr("PK").not_exists() | Attr("generation").lte(generation)
        try:
            self.table.write(Delete(self.pk, f"POST#{post}", condition))
        except Changed:
            return

    def posts(self, limit: int | None = None) -> Iterator[str]:
        """The ids of the posts that use it, as they are now."""
        for item in self.table.query(self.pk, prefix="POST#", limit=limit):
            yield str(item["SK"]).removeprefix("POST#")


def add_uses(table: Table, pks: Iterable[str], post: str, generation: int) -> None:
    """Notes a post's uses of several things, as many at once as a transaction takes."""
    pks = tuple(pks)
    for at in range(0, len(pks), MOST_WRITES):
        part = pks[at : at + MOST_WRITES]
        try:
            table.write(*(_put(pk, post, generation) for pk in part))
        except Changed:  # one of them stands there already: that is no reason against the rest
            for pk in part:
                Uses(table, pk).add(post, generation)


def _put(pk: str, post: str, generation: int) -> Write:
    item = {"PK": pk, "SK": f"POST#{post}", "generation": generation}
    return Put(item, Attr("PK").not_exists() | Attr("generation").lt(generation))
