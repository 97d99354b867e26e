"""A build of what a few changed sources touch; all else stays as the last build left it.

It is given up where others depend on what has changed in other ways than by the plan: a path that
somebody else has or wants, an address that somebody links to. Nothing is written by then.
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from presswork.post import LinkTarget
from presswork_cli.offline import folder, own_theme, states
from presswork_cli.offline.again import OtherwiseError, Request, column, files_of, looked_for
from presswork_cli.offline.build import built, effective
from presswork_cli.offline.cache import Cache, DamagedError, Remembered, Row
from presswork_cli.offline.entries import Entry, ListedCard
from presswork_cli.offline.folder import File
from presswork_cli.offline.lists import Lists
from presswork_cli.offline.output import Output
from presswork_cli.offline.pictures import Originals
from presswork_cli.offline.planner import Piece, is_of_post, replaced, without
from presswork_cli.offline.records import PostRecord, Source
from presswork_cli.offline.rows import Folders, Kept, State, Whole, record_of
from presswork_cli.offline.signature import Signature, is_settled, seen
from presswork_cli.offline.site_build import Shown, SiteBuild
from presswork_cli.offline.site_images import SiteImages
from presswork_cli.offline.site_static import STATIC
from presswork_cli.offline.written import Written

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Other(NamedTuple):
    """A source that is as it was, as the changed ones may refer to it."""

    key: str
    state: State

    @property
    def claims(self) -> tuple[str, ...]:
        """What it needs for itself alone."""
        return self.state.claims

    @property
    def handles(self) -> tuple[str, ...]:
        """What others may link to it by."""
        return self.state.handles

    @property
    def target(self) -> LinkTarget | None:
        """What others may link to."""
        if self.state.target is None:
            return None
        post, source, path = self.state.target
        return LinkTarget(post=post, source=source, path=path)


def made(
    request: Request, cache: Cache, whole: Whole, changed: Mapping[str, str | None], now: int
) -> tuple[Whole, int]:
    """Makes what the changed sources touch, remembers it, and counts the files that were written.

    Sources are told by their keys and paths; those that are gone have none. Raises OtherwiseError.
    """
    return _Delta(request, cache, whole, changed, now).made()


class _Delta:
    def __init__(
        self,
        request: Request,
        cache: Cache,
        whole: Whole,
        changed: Mapping[str, str | None],
        now: int,
    ) -> None:
        self._request, self._cache, self._whole, self._now = request, cache, whole, now
        self._started = time.time_ns()
        self._files = _files(cache.before)
        self._now_there = self._files
        self._gone = [key for key, path in changed.items() if path is None]
        self._build = self._build_of({key: path for key, path in changed.items() if path})
        self._images = SiteImages(self._build, Originals(self._build.root))

    def made(self) -> tuple[Whole, int]:
        build = self._build
        for key in self._gone:
            del build.after.sources[key]
        sources = [each for each in build.read(iter) if not self._is_same(each)]
        keys = {*(each.key for each in sources), *self._gone}
        old = {key: State(*row[-1]) for key, row in self._before(keys)}
        self._check_claims(sources, keys)
        is_referring = any(each.referring for each in sources)
        others = self._others(keys) if is_referring else ()
        warnings = build.warnings(sources, others) if is_referring else {}
        build.keep_records(sources)
        shown = build.shown(sources, self._images.of(sources), others)
        by_key = {each.source.key: each for each in shown}
        entries = {each.source.key: build.entry(each) for each in shown}
        answers = []
        for source in sources:
            one, lost = by_key.get(source.key), warnings.get(source.key, ())
            answers.append(built(build, source, one, lost, ()))
            entry = entries.get(source.key)
            state = states.state_of(source, one, answers[-1], self._images, entry)
            states.keep(build, source, answers[-1], state)
        self._check_references(keys, old)
        self._make(old, list(entries.values()), shown)
        return self._remember(tells_by_names=states.tells_by_names(answers)), build.output.written

    def _build_of(self, changed: Mapping[str, str]) -> SiteBuild:
        request, before = self._request, self._cache.before
        root, out = Path(request.source), Path(request.out)
        given = Path(request.settings) if request.settings else folder.settings_file(root)
        output = Output(out, apart_from=root)
        return SiteBuild(
            root=root,
            files={key: File(Path(path), key) for key, path in sorted(changed.items())},
            settings=effective(folder.settings_of(given), request.base_url),
            own=own_theme.as_it_is(root),
            now=_EPOCH + timedelta(microseconds=self._now),
            strict=request.strict,
            output=output,
            written=Written.trusting(output, self._files, self._whole.stale),
            bodies=self._cache.bodies,
            before=before,
            processes=1,
            after=before.copy(),
        )

    def _is_same(self, source: Source) -> bool:
        """Whether a file was only touched: what became of it is still remembered."""
        return self._build.after.sources[source.key][-1] is not None

    def _before(self, keys: Iterable[str]) -> Iterator[tuple[str, Row]]:
        """The rows of sources that there were before."""
        rows = self._cache.before.sources
        return ((key, rows[key]) for key in sorted(keys) if key in rows)

    def _others(self, keys: Collection[str]) -> list[Other]:
        rows = self._cache.before.sources.items()
        return [Other(key, State(*row[-1])) for key, row in rows if key not in keys]

    def _rest(self, keys: Collection[str], field: str) -> Iterator[Any]:
        """A field of the states of all other sources."""
        before = self._cache.before
        pairs = zip(before.sources, column(before, field), strict=True)
        return (each for key, each in pairs if key not in keys)

    def _check_claims(self, sources: Iterable[Source], keys: Collection[str]) -> None:
        """Raises OtherwiseError when two sources need the same."""
        held = set(chain.from_iterable(self._rest(keys, "claims")))
        for source in sources:
            if not held.isdisjoint(source.claims):
                raise OtherwiseError
            held.update(source.claims)

    def _check_references(self, keys: Collection[str], old: Mapping[str, State]) -> None:
        """Raises OtherwiseError when others refer to what is not as it was."""
        names: set[str] = set()
        for key in keys:
            row, before = self._build.after.sources.get(key), old.get(key)
            after = State(*row[-1]) if row is not None else None
            if (before and before.public) != (after and after.public):
                names.update(*(each.claims + each.handles for each in (before, after) if each))
        if names and any(not names.isdisjoint(each) for each in self._rest(keys, "refers") if each):
            raise OtherwiseError

    def _make(self, old: Collection[str], new: Sequence[Entry], shown: Iterable[Shown]) -> None:
        build = self._build
        pieces, former = self._pieces(old, new)
        for name in former:
            del build.after.pieces[name]
        build.make(pieces, _Posts({each.post.id: each for each in shown}, self._shown))
        used = {id for images in column(build.after, "images") for id in images}
        build.after.images = {id: build.after.images[id] for id in sorted(used)}
        self._now_there = _files(build.after)
        build.output.keys = set(self._now_there)

    def _pieces(
        self, old: Collection[str], new: Sequence[Entry]
    ) -> tuple[list[Piece], Collection[str]]:
        """The pieces to make again, and the names of those that there were in their place."""
        build, before = self._build, self._build.before.pieces
        packed = zip(build.before.sources, column(build.before, "entry"), strict=True)
        entries = {key: self._entry(key, entry) for key, entry in packed if entry is not None}
        lists = Lists(entries.values())
        units = {"", *replaced(lists, [entries[key] for key in old if key in entries], new)}
        lost: set[str] = set()
        static = [name for name, row in before.items() if row[2] == STATIC]
        planned = build.plan(lists, static, lost, units)
        former = {name for name, row in before.items() if row[2] in units}
        wanted = {key: piece.unit for piece in planned for key in piece.keys}
        rest = ((row[2], row[1]) for name, row in before.items() if name not in former)
        owners = {file[0]: unit for unit, files in rest for file in files if file[0] in wanted}
        taken = {key: wanted[key] for key in owners}
        # A post may have a page of the whole site in the place of the theme's; all else is its own.
        if lost - {""} or any(unit or not is_of_post(owners[key]) for key, unit in taken.items()):
            raise OtherwiseError
        pieces = list(without(planned, taken.keys()))
        self._check_folders({key for piece in pieces for key in piece.keys})
        return pieces, former

    def _check_folders(self, keys: Iterable[str]) -> None:
        """Raises OtherwiseError when a new file and a folder have one name."""
        new = {key for key in keys if key not in self._files}
        for key in new:
            above = {place[:-1] for place in _places(key)}
            is_below = not above.isdisjoint(new) or not above.isdisjoint(self._files)
            is_above = f"{key}/" in self._whole.folders or any(
                each.startswith(f"{key}/") for each in new
            )
            if is_below or is_above or key.startswith(".") or "/." in key:
                raise OtherwiseError

    def _entry(self, key: str, packed: tuple[Any, ...]) -> Entry:
        *first, digest, last = packed
        return Entry._make((*first, ListedCard(digest, partial(self._card, key, digest)), last))

    def _card(self, key: str, digest: str) -> str:
        """The card of a post that has not changed."""
        row = self._build.before.cards.get(key)
        if row is not None and ListedCard.of(row[1]).digest == digest:
            return str(row[1])
        card = (self._source(key).post or _no_post(key)).card
        if ListedCard.of(card).digest != digest:
            raise DamagedError(f"the card of {key} is another than was put there")
        return card

    def _source(self, key: str) -> Source:
        kept = Kept(*self._build.after.sources[key])
        return Source(record_of(kept, self._build.bodies), kept, self._build.now)

    @cached_property
    def _keys(self) -> dict[str, str]:
        """The keys of shown posts by their ids."""
        before = self._cache.before
        entries = zip(before.sources, column(before, "entry"), strict=True)
        return {entry[0]: key for key, entry in entries if entry}

    def _shown(self, id: str) -> Shown:
        """A post that has not changed, and whose page is made again."""
        key = self._keys[id]
        source, state = self._source(key), State(*self._build.after.sources[key][-1])
        images = self._images.of([source])[key]
        return Shown(source, source.post or _no_post(key), images, state.addresses)

    def _remember(self, *, tells_by_names: bool) -> Whole:
        """Saves what is to be remembered; of the whole only when the next build may rely on it."""
        build, whole = self._build, self._whole
        after, stale = build.after, build.written.stale
        if self._request.clean:
            build.output.remove(stale)
        since, until = states.between(after, self._now)
        own = seen(looked_for(after))
        folders = self._folders(() if self._request.clean else stale)
        whole = whole._replace(
            own=own.digest,
            since=since,
            until=until,
            folders=folders or {},
            stale=() if self._request.clean else stale,
        )
        is_seen = own.is_settled(self._started) and states.is_as_looked_for(after)
        is_known = is_seen and folders is not None and not tells_by_names
        after.whole = list(whole) if is_known else []
        self._cache.save(after)
        self._cache.before = after
        return whole

    def _folders(self, stale: Sequence[str]) -> Folders | None:
        """The folders of OUT, those looked at again in which something was put or removed."""
        after, before, out = self._now_there, self._files, self._request.out
        new = (key for key, signature in after.items() if before.get(key) != signature)
        changed = (*new, *(key for key in before if key not in after))
        looked = {place for key in (*changed, *self._whole.stale) for place in _places(key)}
        folders: Folders = {
            name: each if each[1] is None else _settled(*each)
            for name, each in self._whole.folders.items()
            if name not in looked
        }
        there = {name for name in looked if os.path.isdir(f"{out}/{name}")}  # noqa: PTH112 - many
        below = (name[:-1] for name in chain(folders, there) if name)
        names = states.names_by_folder(chain(after, stale, below), there)
        for name in there:
            signature, found = states.signed(f"{out}/{name}")
            if found != names[name]:
                return None
            folders[name] = tuple(signature), found
        return folders


class _Posts(dict[str, Shown]):
    """Posts by their ids; one that is not among them is looked for."""

    def __init__(self, known: Mapping[str, Shown], find: Callable[[str], Shown]) -> None:
        super().__init__(known)
        self._find = find

    def __missing__(self, id: str) -> Shown:
        found = self[id] = self._find(id)
        return found


def _files(remembered: Remembered) -> dict[str, tuple[object, ...]]:
    """The signatures of the site's files by their keys."""
    return {str(file[0]): tuple(file[1:]) for file in files_of(remembered)}


def _places(key: str) -> Iterator[str]:
    """The folders that a file lies in, without hidden ones."""
    *folders, _ = key.split("/")
    yield ""
    for depth, name in enumerate(folders, start=1):
        if name.startswith("."):
            return
        yield "/".join(folders[:depth]) + "/"


def _settled(
    signature: tuple[int, ...], names: tuple[str, ...] | None
) -> tuple[tuple[int, ...], tuple[str, ...] | None]:
    """A folder, whose names need not be known once its signature tells of any other."""
    return signature, None if is_settled(Signature(*signature)) else names


def _no_post(key: str) -> PostRecord:
    raise DamagedError(f"{key} is no post, as it was before")
