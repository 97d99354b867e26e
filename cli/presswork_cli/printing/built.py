"""What a person sees of a site that was built, in lines."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Built(NamedTuple):
    """A site in numbers: posts by status, images that are `owed`, files and new ones among them."""

    out: str
    site: str
    summary: Mapping[str, int]
    owed: int
    files: int
    written: int
    stale: int


def lines(built: Built) -> Iterator[str]:
    """What was built of what."""
    counted = ", ".join(f"{n} {status}" for status, n in sorted(built.summary.items()))
    yield f"Posts     {counted or 'none'}"
    if not built.site:
        return
    if built.owed:
        yield f"Images    {built.owed} remote, shown as notes: --vault brings them"
    yield f"Site      {built.site}"
    yield f"Files     {built.files} in {built.out}, {built.written} new or changed"
    if built.stale:
        yield f"Left over {built.stale} that are not of this site: --clean removes them"
