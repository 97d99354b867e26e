"""What sources are known by, and who links to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from presswork.aws.conflicts import Changed
from presswork.aws.table import Attr, Delete, Put, Table, Write
from presswork.post import LinkTarget

_LONGEST_START = 900
"""Bytes of a source's key in a sort key, which has at most 1,024."""


@dataclass(frozen=True)
class Links:
    """Items `TARGET#<handle>` / `<rank>#<key>#<id>`: the fields of `LinkTarget`, by each handle.

    Items `LINK#<handle>` / `<id>`: a post that links by this handle, and the `revision` that does.
    A worker that comes late, to put or to take away, undoes nothing newer.
    """

    table: Table

    def targets(self, handle: str, *, limit: int) -> list[LinkTarget]:
        """The posts that are known by a handle, in the order in which they are chosen."""
        items = self.table.query(f"TARGET#{handle}", limit=limit)
        return [LinkTarget.model_validate(item) for item in items]

    def put_target(self, handle: str, target: LinkTarget) -> Write:
        """Makes a post known by a handle."""
        item = {"PK": f"TARGET#{handle}", "SK": _place(target)}
        return Put(item | target.model_dump(mode="json"))

    def delete_target(self, handle: str, target: LinkTarget) -> Write:
        """Makes a post known by a handle no more."""
        return Delete(f"TARGET#{handle}", _place(target))

    def note(self, handles: Iterable[str], post: str, revision: int) -> None:
        """Notes that a post links by these handles, before it is looked where they lead."""
        for handle in handles:
            item = {"PK": f"LINK#{handle}", "SK": post, "revision": revision}
            self._try(Put(item, Attr("PK").not_exists() | Attr("revision").lt(revision)))

    def forget(self, handles: Iterable[str], post: str, revision: int) -> None:
        """Strikes out handles that the post of this revision links by no more."""
        for handle in handles:
            condition = Attr("PK").not_exists() | Attr("revision").lte(revision)
            self._try(Delete(f"LINK#{handle}", post, condition))

    def referrers(self, handle: str, *, after: str = "", limit: int) -> list[str]:
        """The ids of the posts that link by a handle, behind one of them."""
        items = self.table.query(f"LINK#{handle}", above=after or "\0", limit=limit)
        return [str(item["SK"]) for item in items]

    def _try(self, write: Write) -> None:
        try:
            self.table.write(write)
        except Changed:
            return


def _place(target: LinkTarget) -> str:
    from_source, depth, source = target.rank
    start = source.encode()[:_LONGEST_START].decode(errors="ignore")
    return f"{from_source}#{depth:03}#{start}#{target.post}"
