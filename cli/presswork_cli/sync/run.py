"""What a sync does: settings and theme first, then files, then posts, and deletions at the end.

So a post finds what it shows, and what moves is never away. Before anything is sent the manifest
says what is meant to be; a sync that is cut off anywhere is taken up by the next one.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath

from botocore.exceptions import BotoCoreError, ClientError

from presswork.content import SUFFIXES, is_post, may_be_post
from presswork.post import Error, Status
from presswork.site.theme.reading import is_theme_file
from presswork_cli.failure import Failure
from presswork_cli.offline.folder import displayed
from presswork_cli.operate.follow import Journey, Sent
from presswork_cli.operate.publish import (
    AT_ONCE,
    Draft,
    content_type,
    follow_all,
    is_of_site,
    sent_to,
    upload,
)
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import REMOVED, SKIPPED, TIMEOUT, Stage
from presswork_cli.sync.manifest import Written
from presswork_cli.sync.preparing import Prepared

Passed = Callable[[Journey, Stage], None]
_NOT_SENT = frozenset({Status.REJECTED.value, TIMEOUT})


@dataclass
class Run:
    """A plan that is carried out: the journeys of what is sent and of what is deleted, by key.

    `failed` says why a file was not sent; `changed` are keys that were to go and stay, since
    somebody else changed them meanwhile. `stopped` says that settings or theme were turned down.
    """

    stack: Stack
    prepared: Prepared
    timeout: float
    passed: Passed
    sent: dict[str, Journey] = field(default_factory=dict)
    deleted: dict[str, Journey] = field(default_factory=dict)
    failed: dict[str, Error] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    former: dict[str, str] = field(default_factory=dict)
    stopped: bool = False
    _written: dict[str, Written] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Every journey is known from the beginning, for those who watch."""
        uploads, plan = self.prepared.uploads.files, self.prepared.plan
        keys = (*plan.puts, *plan.arrived)
        self.sent = {key: Journey(displayed(uploads[key].path), key) for key in keys}
        self.deleted = {key: Journey(key, key) for key in plan.deletions}

    @property
    def journeys(self) -> list[Journey]:
        """All that is on its way."""
        return [*self.sent.values(), *self.deleted.values()]

    def carry_out(self, *, force: bool) -> None:
        """Does it all; what was done is noted in the manifest, however this ends."""
        prepared, plan = self.prepared, self.prepared.plan
        sending = {key: prepared.files[key].written for key in self.sent}
        prepared.remote.change(lambda now: now.begun(plan.found, plan.stale, sending, plan.moves))
        told: dict[str, Written] = {}
        try:
            self._phases(force=force)
            told = {key: each for key, each in self._written.items() if self._is_at_its_end(key)}
        finally:
            gone = {
                key for key, each in self.deleted.items() if each.sent or each.status == REMOVED
            }
            prepared.remote.change(lambda now: now.ended(told, gone | plan.absent))

    def _is_at_its_end(self, key: str) -> bool:
        """Whether what became of a file is told; else the next sync follows it."""
        return self.sent[key].status != TIMEOUT

    def _phases(self, *, force: bool) -> None:
        first = [each for key, each in self.sent.items() if is_of_site(key)]
        posts = [each for key, each in self.sent.items() if may_be_post(key)]
        files = [
            each for key, each in self.sent.items() if not (is_of_site(key) or may_be_post(key))
        ]
        beside = [each for each in posts if not _is_named_as_post(each.key)]
        self._send(first)
        is_mended = any(map(is_of_site, self.deleted))  # by what goes at the end
        if any(each.status in _NOT_SENT for each in first) and not (force or is_mended):
            self.stopped = True
            return
        self._send([*files, *beside])
        self._send([each for each in posts if _is_named_as_post(each.key)])
        self._delete()

    def _send(self, journeys: Sequence[Journey]) -> None:
        """Uploads some files side by side, and follows each to its end."""
        self._side_by_side(self._upload, journeys)

    def _side_by_side(self, work: Callable[[Journey], None], journeys: Sequence[Journey]) -> None:
        """Has `work` done for each journey by several threads, and follows all to their ends."""

        def begin(journey: Journey) -> None:
            try:
                work(journey)
            except (Failure, OSError, BotoCoreError, ClientError) as error:
                self.failed[journey.key] = _unsent(error)
            finally:
                if journey.sent is None and journey.status is None:
                    journey.status = TIMEOUT

        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            begun = [pool.submit(begin, journey) for journey in journeys]
            follow_all(self.stack, journeys, self.timeout, self.passed)
            for each in begun:
                each.result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _upload(self, journey: Journey) -> None:
        key = journey.key
        data = self.prepared.uploads.files[key].path.read_bytes()
        if key in self.prepared.plan.arrived:
            self._take_up(journey, data)
            return
        etag = upload(self.stack, Draft(journey.file, key, data), journey)
        self._written[key] = Written(
            sha256=sha256(data).hexdigest(), etag=etag, type=content_type(key)
        )

    def _take_up(self, journey: Journey, data: bytes) -> None:
        """Follows what a sync that was cut off has sent."""
        key = journey.key
        self._written[key] = self.prepared.plan.found[key]
        if is_of_site(key) or is_post(key, data):
            journey.sent = Sent(key, self.prepared.remote.version(key))
        else:
            journey.status = SKIPPED

    def _delete(self) -> None:
        """Takes away what is gone; what moved goes once its new place is taken."""
        going = [each for each in self.deleted.values() if self._may_go(each.key)]
        self.deleted = {each.key: each for each in going}
        waiting = list(self._waiting())
        self.former = dict(self._former_paths())
        self._side_by_side(self._take_away, going)
        for journey, lock in waiting:
            journey.sent = Sent(journey.key, "", known_lock=lock)  # any later look is an answer
        again = [each for each, _ in waiting]
        if any(is_of_site(each.key) for each in going):
            again += [each for each in self.sent.values() if _is_theme_turned_down(each)]
        for journey in again:
            journey.status, journey.error = None, None
        follow_all(self.stack, again, self.timeout, self.passed)

    def _may_go(self, key: str) -> bool:
        """Whether a key may be deleted: if its file moved, only when the new one came through."""
        new = self.prepared.plan.deletions[key].moved_to
        return new not in self.sent or self.sent[new].status not in _NOT_SENT

    def _waiting(self) -> Iterator[tuple[Journey, int]]:
        """What waits for one of the keys that go, and the newest look at it."""
        stores = self.stack.stores
        for journey in self.sent.values():
            if journey.status != Status.WAITING.value:
                continue
            source = stores.sources.read(journey.key)
            holder = stores.claims.read(source.waits_on) if source and source.waits_on else None
            if source and holder and holder.source in self.deleted:
                yield journey, source.lock_version

    def _former_paths(self) -> Iterator[tuple[str, str]]:
        """The addresses of posts that move, by their old keys."""
        stores = self.stack.stores
        for key in self.prepared.plan.moves.keys() & self.deleted.keys():
            source = stores.sources.read(key)
            post = stores.posts.read(source.post) if source and source.post else None
            if post is not None and post.live is not None and post.live.up:
                yield key, post.live.path

    def _take_away(self, journey: Journey) -> None:
        key = journey.key
        known = sent_to(self.stack, key)
        if not self.prepared.remote.delete(key, self.prepared.plan.deletions[key].etag):
            self.changed.add(key)
            journey.status = SKIPPED
        elif is_of_site(key) or may_be_post(key):
            journey.sent = known
        else:
            journey.status = REMOVED


def _is_theme_turned_down(journey: Journey) -> bool:
    """Whether a theme was looked at with a file that is gone by now."""
    return is_theme_file(journey.key) and journey.status == Status.REJECTED.value


def _is_named_as_post(key: str) -> bool:
    """Whether a key is that of a post, and not of what one shows: that is to be there first."""
    return PurePosixPath(key).suffix.lower() in SUFFIXES


def _unsent(error: Exception) -> Error:
    return Error(
        rule="file.unsent",
        message=f"It was not sent: {getattr(error, 'message', error)}",
        fix="Sync again: only what is left is sent.",
    )
