"""What a sync does: a folder, what the bucket holds, and what the folder wrote before; pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from presswork_cli.keys import SETTINGS
from presswork_cli.sync.manifest import Manifest, Written

HOOKS = "posts/hooks/"
"""Where webhooks write: nothing is deleted there."""

_MOST_DELETED = 0.2
"""Of what the folder wrote, this share goes without a question."""


@dataclass(frozen=True)
class LocalFile:
    """A file of the folder, by its bytes' digests in hex, its size, and the type of its key."""

    sha256: str
    md5: str
    size: int
    type: str

    @property
    def written(self) -> Written:
        """What stands in the bucket once it is sent: the ETag of an upload in one part is its MD5.

        Where S3 answers another ETag, that one is noted.
        """
        return Written(sha256=self.sha256, etag=self.md5, type=self.type)


@dataclass(frozen=True)
class RemoteObject:
    """An object as the bucket lists it; its ETag is without quotes."""

    etag: str
    size: int


@dataclass(frozen=True)
class Head:
    """What an object tells of itself when it is asked: its type, and its sha256 if that was noted.

    Who uploads with Presswork notes it.
    """

    type: str
    sha256: str | None = None


@dataclass(frozen=True)
class Deletion:
    """A key that goes, the ETag that it has, and the key that its file has now, if it moved."""

    etag: str
    moved_to: str | None = None


@dataclass(frozen=True)
class Plan:
    """The keys to send and to delete, and those that stay as they are.

    `arrived` are there as well: a sync that was cut off sent them, and has not said what became of
    them. `found` is what the manifest has yet to learn of what is there, `stale` are keys where it
    is wrong, `over` those where somebody else's change is replaced.

    `left` are keys that the folder wrote and has no more, which only a deletion that is asked for
    takes away; `foreign` those that somebody else changed since, so that none does; `others` those
    that it never wrote, where deletions are asked for. `own` counts what the folder wrote.
    """

    puts: tuple[str, ...] = ()
    deletions: Mapping[str, Deletion] = field(default_factory=dict)
    unchanged: tuple[str, ...] = ()
    arrived: tuple[str, ...] = ()
    found: Mapping[str, Written] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    left: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    own: int = 0

    @property
    def moves(self) -> dict[str, str]:
        """The keys that give way to others."""
        return {old: each.moved_to for old, each in self.deletions.items() if each.moved_to}

    @property
    def deletes_many(self) -> bool:
        """Whether so much of what the folder wrote would be gone that its author is asked."""
        plain = len(self.deletions) - len(self.moves)
        return plain > _MOST_DELETED * self.own

    def without(self, refused: Collection[str]) -> "Plan":
        """The plan that sends none of some keys: what moves to one of them stays where it is."""
        return replace(
            self,
            puts=tuple(key for key in self.puts if key not in refused),
            deletions={
                key: each for key, each in self.deletions.items() if each.moved_to not in refused
            },
        )


@dataclass(frozen=True)
class Comparison:
    """A folder, the objects of the bucket below `scope`, and what the folder wrote before.

    `held` are keys of files that are in the folder, and are not to be sent.
    """

    files: Mapping[str, LocalFile]
    objects: Mapping[str, RemoteObject]
    manifest: Manifest
    scope: str = ""
    held: frozenset[str] = frozenset()

    @property
    def is_of_another_folder(self) -> bool:
        """Whether nothing of what a folder of this name wrote is in this one.

        A part of a folder may well be all new. Settings are called alike in every folder.
        """
        own = self.manifest.own_keys(self.scope) - {SETTINGS}
        known = {each.sha256 for key in own for each in self.manifest.of(key)}
        here = {file.sha256 for file in self.files.values()}
        return not self.scope and bool(own) and not (own & self.files.keys() or known & here)

    def unknown(self) -> list[str]:
        """The keys whose objects have to be asked: neither list nor manifest tells what they are.

        An object of another size is another one, and is asked only if it may be what a sync that
        was cut off has sent.
        """
        return sorted(
            [
                *(
                    key
                    for key, file in self.files.items()
                    if (there := self.objects.get(key)) is not None
                    and (there.size == file.size or key in self.manifest.sending)
                    and self._known(key) is None
                ),
                *(
                    key
                    for key in self._gone()
                    if self._known(key) is None and self.manifest.of(key)
                ),
            ]
        )

    def plan(self, heads: Mapping[str, Head], *, delete: bool = False) -> Plan:
        """What is to be done; `heads` are what the `unknown` objects answered."""
        puts, unchanged, over = [], [], set()
        for key, file in sorted(self.files.items()):
            now = self._now(key, heads)
            if now is not None and (now.sha256, now.type) == (file.sha256, file.type):
                unchanged.append(key)
            else:
                puts.append(key)
                if key in self.objects and (now is None or not now.own):
                    over.add(key)
        gone = {key: self._now(key, heads) for key in self._gone()}
        own = {key: now for key, now in gone.items() if now is not None and now.own}
        moves = self._moves(puts, own)
        doomed = {key for key in own if delete or key in moves}
        return Plan(
            puts=tuple(puts),
            deletions={
                key: Deletion(self.objects[key].etag, moves.get(key)) for key in sorted(doomed)
            },
            unchanged=tuple(key for key in unchanged if key not in self.manifest.sending),
            arrived=tuple(key for key in unchanged if key in self.manifest.sending),
            found=dict(self._found(heads, [*self.files, *own])),
            stale=frozenset(key for key in puts if self._now(key, heads) is None),
            over=frozenset(over),
            left=tuple(sorted(own.keys() - doomed)),
            foreign=tuple(sorted(gone.keys() - own.keys())),
            others=tuple(self._others(gone)) if delete else (),
            absent=frozenset(self._absent()),
            own=len(self.manifest.own_keys(self.scope) & self.objects.keys()),
        )

    def _found(
        self, heads: Mapping[str, Head], keys: Iterable[str]
    ) -> Iterator[tuple[str, Written]]:
        """What stands under some keys, where the manifest does not say just that."""
        for key in keys:
            now = self._now(key, heads)
            if now is not None and (
                self.manifest.files.get(key) != now or key in self.manifest.sending
            ):
                yield key, now

    def _gone(self) -> list[str]:
        """The keys that the folder wrote, that are there, and that it has no more."""
        return sorted(
            key
            for key in self.manifest.own_keys(self.scope) & self.objects.keys()
            if not self._is_held(key) and not key.startswith(HOOKS)
        )

    def _others(self, gone: Collection[str]) -> Iterator[str]:
        """The keys that are there, and that neither the folder has nor a sync of it wrote."""
        for key in sorted(self.objects.keys() - gone):
            if not self._is_held(key) and not key.startswith("."):
                yield key

    def _absent(self) -> set[str]:
        """The keys that the manifest knows, and that neither folder nor bucket has."""
        known = self.manifest.files.keys() | self.manifest.sending.keys()
        below = {key for key in known if key.startswith(self.scope)}
        return {key for key in below - self.objects.keys() if not self._is_held(key)}

    def _is_held(self, key: str) -> bool:
        if key in self.files or key in self.held:
            return True
        parts = key.split("/")
        return any("/".join(parts[:end]) in self.held for end in range(1, len(parts)))

    def _known(self, key: str) -> Written | None:
        """What the manifest says stands under a key; None where the object is another."""
        etag = self.objects[key].etag
        return next((each for each in self.manifest.of(key) if each.etag == etag), None)

    def _now(self, key: str, heads: Mapping[str, Head]) -> Written | None:
        """What stands under a key now, as far as that can be told; `own` if the folder wrote it."""
        there = self.objects.get(key)
        if there is None:
            return None
        known = self._known(key)
        if known is not None:
            return known
        head, file = heads.get(key), self.files.get(key)
        if head is None:
            return None
        is_file = file is not None and there.etag == file.md5
        sha256 = file.sha256 if file is not None and is_file else head.sha256
        if sha256 is None:
            return None
        own = any(each.sha256 == sha256 and each.own for each in self.manifest.of(key))
        return Written(sha256=sha256, etag=there.etag, type=head.type, own=own)

    def _moves(self, puts: Collection[str], own: Mapping[str, Written]) -> dict[str, str]:
        """The keys that give way to a new one with the same bytes, each to one of its own.

        So do those of a sync that was cut off. Empty files are all alike: none of them moved.
        """
        moves = {
            old: new
            for old, new in self.manifest.moving.items()
            if old in own and new in self.files
        }
        taken = set(moves.values())
        new_keys: dict[str, list[str]] = {}
        for key in puts:
            if key not in self.objects and key not in taken and self.files[key].size:
                new_keys.setdefault(self.files[key].sha256, []).append(key)
        for old, was in sorted(own.items()):
            if old not in moves and (waiting := new_keys.get(was.sha256)):
                moves[old] = waiting.pop(0)
        return moves
