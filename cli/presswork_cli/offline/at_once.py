"""`presswork build` where little has changed: it ends before the command line is loaded."""

import gc
import os
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from presswork_cli.failure import Exit
from presswork_cli.offline.again import Again, Request, again
from presswork_cli.offline.cache import default_folder
from presswork_cli.printing.built import Built, lines

_FLAGS = ("--strict", "--clean")
_NAMED = ("--out", "--cache", "--site", "--base-url")


def ended(words: Sequence[str]) -> Exit | None:
    """How a build of these words has ended; None when it has not, and nothing is done or said."""
    asked = _asked(words)
    if asked is None:
        return None
    request, cache = asked
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")  # it looks through all packages
    gc.disable()  # there is none before the end, but among what stays
    found = again(request, cache, time.time_ns() // 1000)
    gc.enable()
    if found is None:
        return None
    _tell(request, found)
    return exit_code(found.summary, strict=request.strict)


def exit_code(summary: Collection[str], *, strict: bool) -> Exit:
    """1 when a file is not shown that its author wanted to be: it was rejected, or waits.

    Who is `strict` takes a warning for a file that is not shown. `summary` has what there was.
    """
    unfit = {"rejected", "waiting", *(["warnings"] if strict else [])}
    return Exit.FINE if unfit.isdisjoint(summary) else Exit.REJECTED


def _asked(words: Sequence[str]) -> tuple[Request, Path] | None:
    """What is asked, and where the cache is; None for words that are to be understood otherwise."""
    given = dict(_given(words))
    if not {"", "--out"} <= given.keys() or None in given:
        return None
    source, out = Path(given[""]), Path(given["--out"])
    request = Request(
        source=str(source),
        out=str(out),
        settings=str(Path(given["--site"])) if "--site" in given else "",
        base_url=given.get("--base-url", ""),
        strict="--strict" in given,
        clean="--clean" in given,
    )
    cache = given.get("--cache")
    return request, Path(cache) if cache is not None else default_folder(source, out)


def _given(words: Sequence[str]) -> Iterator[tuple[str | None, str]]:
    """The options with their values, and the folder without a name; None for anything else."""
    rest, names = iter(words), set[str]()
    for word in rest:
        name = word if word.startswith("-") else ""
        value = next(rest, "-") if name in _NAMED else word
        is_known = name in _FLAGS or name in {"", *_NAMED}
        if not is_known or name in names or not value or (name not in _FLAGS and value[0] == "-"):
            yield None, word
        names.add(name)
        yield name, value


def _tell(request: Request, found: Again) -> None:
    if found.posts:
        from presswork_cli.printing import reports  # noqa: PLC0415 - few builds have what to tell
        from presswork_cli.printing.answers import BuiltPost  # noqa: PLC0415 - as above

        reports.complaints(map(BuiltPost.model_validate_json, found.posts))
    stale = len(found.stale)
    numbers = found.summary, found.owed, found.files, found.written, stale
    for line in lines(Built(request.out, found.site, *numbers)):
        sys.stdout.write(f"{line}\n")
