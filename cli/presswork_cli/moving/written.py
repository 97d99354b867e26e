"""A post that an importer writes anew: its front matter, its body, its file's name: pure."""

from collections.abc import Mapping
from typing import Any

import yaml

from presswork.slugs import cut, to_the_letter

_LONGEST_NAME = 120
"""Bytes of the name that a slug gives a file, so that disks hold it with its date and suffix."""


def source(front: Mapping[str, Any], body: str) -> bytes:
    """The bytes of a post; what of its front matter is empty is left out."""
    said = {key: value for key, value in front.items() if value not in ("", None, [], False)}
    matter = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=10**6)
    return f"---\n{matter}---\n\n{body}\n".encode("utf-8", errors="replace")


def part(text: str) -> str:
    """A text as one part of a path: no slash, no dot in front, no more than a name may have."""
    return cut(to_the_letter(text)).strip(".")


class Names:
    """Names that are given once, also to who does not tell capitals from small letters."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._last: dict[str, int] = {}

    def one(self, name: str) -> str:
        """The name, or if it was given, with the first number behind it that was not."""
        number, wanted = self._last.get(name.casefold(), 1), name
        while wanted.casefold() in self._given:
            number += 1
            wanted = f"{name}-{number}"
        self._last[name.casefold()] = number
        self._given.add(wanted.casefold())
        return wanted


def file_name(slug: str) -> str:
    """A slug as the name of a file, which is shorter."""
    short = slug.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return short.rstrip("-. ") or "untitled"
