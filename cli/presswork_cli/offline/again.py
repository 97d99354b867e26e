"""A build after another one: what has changed meanwhile, told without reading it.

What is looked at is how each file looks, of the folder and of OUT. Where all is as the last build
left it, that is the answer. Where a few sources are not, these are made again, with what they
touch. In any other case there is no answer, and the site is built as a whole.

Nothing that makes pages is imported here: a process that has nothing to make ends before.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from presswork_cli.failure import Failure
from presswork_cli.keys import SETTINGS, key_of
from presswork_cli.offline.cache import Cache, DamagedError, Remembered, UnusableError
from presswork_cli.offline.rows import BUILT, LAYOUT, Kept, State, Whole, as_before, record_of
from presswork_cli.offline.signature import (
    Signature,
    is_same,
    is_visible,
    seen,
    sources_apart,
    walk,
)

MOST = 16
"""How many sources may have changed: more are better shared among processes."""


class Request(NamedTuple):
    """What a build is asked, in words."""

    source: str
    out: str
    settings: str = ""
    base_url: str = ""
    vault: str = ""
    strict: bool = False
    clean: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """All that a site depends on besides files; `clean` makes no other one."""
        here = os.getcwd()  # noqa: PTH109 - a word
        return (here, sys.version, *map(str, self[:-1]), *sys.path, *_installed())


class Again(NamedTuple):
    """What a build answers that made little or nothing; `posts` are a person's to see, as JSON."""

    site: str
    summary: dict[str, int]
    owed: int
    files: int
    written: int
    stale: tuple[str, ...]
    posts: tuple[bytes, ...]


class OtherwiseError(Exception):
    """Something is not as the last build left it, and is no source that has changed."""


def again(request: Request, folder: Path, now: int, *, all_posts: bool = False) -> Again | None:
    """The answer to a build with the cache in a folder, at a moment in microseconds.

    None where the site is to be built as a whole.
    """
    try:
        with Cache(folder, None) as cache:
            return _again(request, cache, now, all_posts=all_posts)
    except (OtherwiseError, DamagedError, UnusableError, OSError, Failure):
        return None


def _again(request: Request, cache: Cache, now: int, *, all_posts: bool) -> Again:
    before = cache.before
    if before.whole[:1] != [LAYOUT] or request.vault:
        raise OtherwiseError
    whole = Whole(*before.whole)
    if whole.words != request.words or not whole.since <= now < whole.until:
        raise OtherwiseError
    if seen(whole.files).digest != whole.seen or seen(looked_for(before)).digest != whole.own:
        raise OtherwiseError
    changed = _changed(request, cache)
    _check_out(request.out, cache, whole)
    _settle(cache, changed)
    if not changed and not (request.clean and whole.stale):
        return answer(cache, whole, all_posts=all_posts)
    if whole.collides or cache.is_wasteful(whole.bodies):
        raise OtherwiseError
    from presswork_cli.offline import delta  # noqa: PLC0415 - it makes pages

    whole, written = delta.made(request, cache, whole, changed, now)
    return answer(cache, whole, written=written, all_posts=all_posts)


def answer(cache: Cache, whole: Whole, *, written: int = 0, all_posts: bool) -> Again:
    """What is told of the site as it is remembered; of all posts, or of those that need a word."""
    sources = cache.before.sources
    status, owed, warned, is_told = (
        column(cache.before, name) for name in ("status", "owed", "warned", "told")
    )
    summary = Counter(status)
    summary["warnings"] = sum(warned)
    told = [key for key, each in zip(sources, is_told, strict=True) if all_posts or each]
    places = [sources[key][BUILT] for key in sorted(told)]
    return Again(
        site=whole.site,
        summary={name: n for name, n in summary.items() if n},
        owed=sum(owed),
        files=sum(1 for _ in files_of(cache.before)),
        written=written,
        stale=whole.stale,
        posts=tuple(map(cache.bodies.get, places)),
    )


def looked_for(remembered: Remembered) -> list[str]:
    """The paths at which posts' own files were looked for."""
    return sorted({path for looked in column(remembered, "looked") for path, _ in looked})


def column(remembered: Remembered, name: str) -> Iterator[Any]:
    """A field of the states of all sources."""
    at = State._fields.index(name)
    return (row[-1][at] for row in remembered.sources.values())


def files_of(remembered: Remembered) -> Iterator[list[object]]:
    """The files of the site: of each its key and its signature."""
    for row in (*remembered.pieces.values(), *remembered.images.values()):
        yield from row[1]


def _changed(request: Request, cache: Cache) -> dict[str, str | None]:
    """The sources that are others than before by their keys, with their paths; None when gone."""
    source, sources = request.source, cache.before.sources
    apart = sources_apart(source, (request.out, str(cache.folder)))
    above = len(source) + 1
    left = dict.fromkeys(sources)
    changed: dict[str, str | None] = {}
    for entry in walk(source, apart, _refuse, is_content=is_visible):
        key = entry.path[above:]
        if key not in left:
            key = key_of(entry.path, within=source)
            if key == SETTINGS:
                continue
            if key in changed or (key in sources and key not in left):
                raise OtherwiseError  # two files under one key
        left.pop(key, None)
        row = sources.get(key)
        if row is None or not row[1] or not is_same(entry.stat(), row[0]):
            changed[key] = entry.path
            if len(changed) > MOST:
                raise OtherwiseError
    return changed | left


def _settle(cache: Cache, changed: dict[str, str | None]) -> None:
    """Takes out of the changed sources those that were only touched, or too fresh to tell."""
    sources, is_settled = cache.before.sources, False
    for key, path in list(changed.items()):
        if path is None or key not in sources:
            continue
        signature = Signature.of(os.stat(path))  # noqa: PTH116 - before it is read
        known = Kept(*sources[key])
        data = Path(path).read_bytes()
        same = as_before(known, record_of(known, cache.bodies), signature, data)
        if same is not None:
            sources[key] = list(same)
            is_settled = is_settled or same.settled
            del changed[key]
    if is_settled and not changed:
        cache.save(cache.before)


def _refuse(_: OSError) -> None:
    raise OtherwiseError


def _check_out(out: str, cache: Cache, whole: Whole) -> None:
    """Whether OUT is as it was left: its files by their signatures, its folders by their names."""
    for name, (signature, names) in whole.folders.items():
        path = f"{out}/{name}"
        if not is_same(os.stat(path), signature):  # noqa: PTH116 - one of very many
            raise OtherwiseError
        if names is not None and names != names_in(path):
            raise OtherwiseError
    for key, *written in files_of(cache.before):
        if not is_same(os.stat(f"{out}/{key}"), written):  # noqa: PTH116 - as above
            raise OtherwiseError


def names_in(path: str) -> tuple[str, ...]:
    """What is in a folder, without hidden files."""
    return tuple(sorted(filter(is_visible, os.listdir(path))))  # noqa: PTH208 - names


def _installed() -> Iterator[str]:
    """The packages that Python finds, with their versions."""
    for place in sys.path:
        if os.path.isdir(place):  # noqa: PTH112 - as above
            yield from sorted(each for each in os.listdir(place) if each.endswith(".dist-info"))  # noqa: PTH208 - names
