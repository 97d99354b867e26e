"""Who uses what: the reverse index of images and media, by post."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from presswork.aws.conflicts import Changed
from presswork.aws.parallel import in_parallel
from presswork.aws.table import Attr, Delete, Put, Table


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
        item = {"PK": self.pk, "SK": f"POST#{post}", "generation": generation}
        condition = Attr("PK").not_exists() | Attr("generation").lt(generation)
        try:
            self.table.write(Put(item, condition))
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
    """Notes a post's uses of several things, each by itself: in a transaction it would cost twice.

    All are noted when this returns, and none depends on another.
    """
    in_parallel(partial(Uses(table, pk).add, post, generation) for pk in pks)
