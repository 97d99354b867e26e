"""Which keys can be files below a folder, on every disk: pure."""

from collections.abc import Iterable
from unicodedata import category, normalize

from presswork.post import Error

LONGEST_NAME = 255
"""Bytes that a name may have on the disks of Linux, macOS and Windows."""


def unfit(key: str) -> Error | None:
    """Why a key can be no file below a folder; None for one that can."""
    parts = key.split("/")
    if key.startswith("/") or not {"", ".", ".."}.isdisjoint(parts):
        return _error("file.place", "It would lie outside of the folder, or has an empty part.")
    if "\\" in key or any(category(sign) in ("Cc", "Cs") for sign in key):
        return _error("file.name", "It has a sign that no file's name may have.")
    if max(len(part.encode()) for part in parts) > LONGEST_NAME:
        return _error("file.name", f"A part of it has more than {LONGEST_NAME} bytes.")
    return None


def collisions(keys: Iterable[str]) -> dict[str, Error]:
    """Keys that some disk takes for another before them: by capitals, accents, or as its folder."""
    found: dict[str, Error] = {}
    first: dict[str, str] = {}
    folders: dict[str, str] = {}
    ordered = sorted(keys)
    for key in ordered:
        parts = _folded(key).split("/")
        for end in range(1, len(parts)):
            folders.setdefault("/".join(parts[:end]), key)
    for key in ordered:
        folded = _folded(key)
        other = first.setdefault(folded, key)
        if other != key:
            found[key] = _error("file.twice", f"On some disks it is the same file as {other}.")
        elif folded in folders:
            other = folders[folded]
            found[key] = _error("file.twice", f"{other} takes it for a folder.")
    return found


def _folded(key: str) -> str:
    return normalize("NFC", key).casefold()


def _error(rule: str, message: str) -> Error:
    return Error(
        rule=rule,
        message=message,
        fix="Give it another name: a file by its settings, an object by a copy in the bucket.",
    )
