"""What an importer finds of a blog: frozen values, which the rest of the wing works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

Kind = Literal["post", "page", "file", "list", "feed"]
KINDS: tuple[Kind, ...] = ("post", "page", "file", "list", "feed")
"""What an address of a blog showed, in the order in which `redirects` has room for them."""


class OldAddress(NamedTuple):
    """An address that readers of the blog know: its path as they see it, not percent-encoded.

    `leads_to` is the key of the file that holds what stood there, or an address of the new site,
    which begins with a slash; empty where nothing stands for it, and `why` says so. Of a post the
    first of its addresses is the one of its page.
    """

    path: str
    kind: Kind
    leads_to: str
    why: str = ""


class Note(NamedTuple):
    """What of a file did not come along as it was, and the cure.

    `file` is the source as its author knows it, below the blog's folder.
    """

    file: str
    rule: str
    message: str
    fix: str
    line: int | None = None


@dataclass(frozen=True)
class Blog:
    """A blog, read: what is to be written, by key, and where it stood.

    `settings` are those of `site.yaml`, as they would stand there. A file is its bytes, or the
    place on disk that it is copied from, with its times. `addresses` are all that are known.
    `notes` tell of what is left behind.
    """

    settings: Mapping[str, Any]
    files: Mapping[str, bytes | Path]
    addresses: tuple[OldAddress, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    def data(self, key: str) -> bytes:
        """The bytes of a file that is to be written."""
        return data_of(self.files[key])


def data_of(file: bytes | Path) -> bytes:
    """The bytes of a file that is to be written."""
    return file if isinstance(file, bytes) else file.read_bytes()
