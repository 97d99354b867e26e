"""What the next build has to know of this one, to see whether anything is another than it was."""

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import presswork
from presswork.site_keys import canonical
from presswork_cli.keys import SETTINGS
from presswork_cli.offline.again import Request, column, looked_for, names_in
from presswork_cli.offline.cache import Remembered
from presswork_cli.offline.entries import Entry
from presswork_cli.offline.output import Output
from presswork_cli.offline.records import PostRecord, Source, microseconds, moments
from presswork_cli.offline.references import path_on_site
from presswork_cli.offline.rows import BUILT, LAYOUT, Folders, State, Whole
from presswork_cli.offline.signature import Seen, Signature, is_settled, seen
from presswork_cli.offline.site_build import Shown, SiteBuild
from presswork_cli.offline.site_images import SiteImages
from presswork_cli.printing.answers import BuildAnswer, BuiltPost

_MISSING = "file-missing"


def keep(build: SiteBuild, source: Source, built: BuiltPost, state: State) -> None:
    """Remembers what became of a source, and what is answered of it."""
    row = build.after.sources[source.key]
    told = built.model_dump_json().encode()
    if row[BUILT] is None or build.bodies.get(row[BUILT]) != told:
        row[BUILT] = build.bodies.put(told)
    row[BUILT + 1] = tuple(state)


def state_of(
    source: Source,
    shown: Shown | None,
    built: BuiltPost,
    images: SiteImages,
    entry: Entry | None,
) -> State:
    """What became of a source."""
    target, post = source.target, source.post
    return State(
        status=built.status,
        owed=built.images.owed,
        warned=len(built.warnings),
        told=built.error is not None or bool(built.warnings),
        moments=moments(post) if post else (),
        claims=tuple(source.claims),
        target=(target.post, target.source, target.path) if target else None,
        handles=tuple(source.handles),
        refers=tuple(_refers(post)) if post else (),
        addresses=dict(shown.addresses) if shown else {},
        images=images.jobs.get(source.key, ()),
        looked=images.looked.get(source.key, ()),
        entry=_packed(entry) if entry else None,
    )


def _packed(entry: Entry) -> tuple[Any, ...]:
    lists = {sys.intern(name): sys.intern(words) for name, words in entry.lists.items()}
    return tuple(entry._replace(lists=lists, listed=entry.listed.digest))  # type: ignore[arg-type]


def _refers(post: PostRecord) -> Iterator[str]:
    sources, addresses, _ = post.referring
    for handles in sources.values():
        yield from handles
    for address in addresses:
        path = path_on_site(address, post.path)
        if path is not None:
            yield canonical(path)


def others_read(request: Request) -> tuple[str, ...]:
    """Files and folders that every build reads besides sources: settings, theme, software."""
    root = Path(request.source)
    own = (request.settings or root / SETTINGS, root / SETTINGS, root / "theme", root / "static")
    software = (Path(presswork.__file__).parent, Path(__file__).parent)
    return tuple(dict.fromkeys(map(str, (*own, *software))))


def tells_by_names(posts: Iterable[BuiltPost]) -> bool:
    """Whether a post is told of a file by the names of all others that there are."""
    return any(warning.rule == _MISSING for post in posts for warning in post.warnings)


def between(after: Remembered, now: int) -> tuple[int, int]:
    """The last and the next moment, from now, at which a status changes by itself."""
    times = {time for moments in column(after, "moments") for time in moments}
    since = max((time for time in times if time <= now), default=-sys.maxsize)
    return since, min((time for time in times if time > now), default=sys.maxsize)


def whole_of(
    build: SiteBuild,
    request: Request,
    before: Seen,
    started: int,
    answer: BuildAnswer,
    *,
    collides: bool,
) -> Whole | None:
    """What this build was of; None when the next one would not see by it what has changed.

    `before` is how the files looked when it `started`. Neither would it see why posts are told what
    they are told, or static files are refused.
    """
    own = seen(looked_for(build.after))
    folders = _folders(build.output, build.output.keys, answer.stale)
    if (
        folders is None
        or request.vault
        or len(answer.posts) > len(build.after.sources)
        or tells_by_names(answer.posts)
        or not all(each.is_settled(started) for each in (before, own))
        or not is_as_looked_for(build.after)
    ):
        return None
    since, until = between(build.after, microseconds(build.now))
    return Whole(
        layout=LAYOUT,
        words=request.words,
        files=others_read(request),
        seen=before.digest,
        own=own.digest,
        since=since,
        until=until,
        folders=folders,
        stale=answer.stale,
        site=answer.site,
        collides=collides,
        bodies=sum(row[at][1] for row, at in build.places()),
    )


def is_as_looked_for(after: Remembered) -> bool:
    """Whether what posts name is still there, or still not; and where all of it is there."""
    looked = {each for looked in column(after, "looked") for each in looked}
    return all(os.path.isfile(path) == is_there for path, is_there in looked)  # noqa: PTH113 - many


def _folders(output: Output, keys: Collection[str], stale: tuple[str, ...]) -> Folders | None:
    """The folders of OUT; None when there are other files in them than these."""
    listing = output.folders()
    below = (folder[:-1] for folder in listing if folder)
    names = names_by_folder(chain(keys, stale, below), listing)
    if any(names[name] != found for name, (_, found) in listing.items()):
        return None
    return {
        name: (tuple(signature), None if is_settled(signature) else found)
        for name, (signature, found) in listing.items()
    }


def names_by_folder(keys: Iterable[str], folders: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What is to be in folders, of these files and folders."""
    names: dict[str, set[str]] = {folder: set() for folder in folders}
    for key in keys:
        parent, slash, name = key.rpartition("/")
        found = names.get(parent + slash)
        if found is not None and name[0] != ".":
            found.add(name)
    return {folder: tuple(sorted(each)) for folder, each in names.items()}


def signed(path: str) -> tuple[Signature, tuple[str, ...]]:
    """A folder's signature, and the names in it, read after that."""
    signature = Signature.of(os.stat(path))  # noqa: PTH116 - one of many
    return signature, names_in(path)
