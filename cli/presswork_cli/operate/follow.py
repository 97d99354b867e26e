"""Following posts through the stages, by what the table says of them."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from presswork.post import UP, Error, ImageState, Status
from presswork.state import PostState, SiteState, Source
from presswork_cli.printing.answers import REMOVED, STAGES, TIMEOUT, Counts, Stage

_PAUSE = 0.06
_LISTEN = 2.0  # seconds without a movement after which the queues are asked, and between two asks
_SHARE = 9  # looking takes at most a tenth of the time: the cloud works on the same machine
_MANY, _SHARE_OF_MANY = 20, 19  # and a twentieth where many are looked at, none of them alone


@dataclass(frozen=True)
class Sent:
    """A change made to a key: the version written (None: deleted).

    `known_lock` is that of the newest look at the key before the change.
    """

    key: str
    version_id: str | None
    known_lock: int = 0


@dataclass(frozen=True)
class Seen:
    """What one look at the table shows: the stages passed, and the status once it is final."""

    stages: tuple[str, ...] = ()
    final: str | None = None
    error: Error | None = None
    post: PostState | None = None


Look = Callable[[Sequence[Sent]], Sequence[Seen]]
"""One look at all that is open: where many are followed, a few calls show them."""


def judge(
    sent: Sent, source: Source | None, post: PostState | None, *, is_present: bool = False
) -> Seen:
    """How far a change has come, from what the table says; `is_present` as for `is_answer`."""
    if source is None or not is_answer(
        sent, source.lock_version, source.version_id, is_present=is_present
    ):
        return Seen()
    stages = _stages(source, post)
    return Seen(stages, _final(source, post, stages), source.error, post)


def judge_settings(sent: Sent, site: SiteState, *, is_present: bool = False) -> Seen:
    """How far a change of `site.yaml` has come: parse alone puts it in force, or turns it down."""
    if site.error is not None and site.lock_version > sent.known_lock:
        return Seen(STAGES[:1], Status.REJECTED.value, site.error)
    if not is_answer(sent, site.lock_version, site.version_id, is_present=is_present):
        return Seen()
    return Seen(STAGES[:1], Status.LIVE.value if site.version_id else REMOVED)


def judge_theme(files: str, site: SiteState, *, was_removed: bool) -> Seen:
    """How far a change of `theme/` has come: `files` tells those that are there now."""
    if site.theme_seen != files:
        return Seen()
    if site.theme_error is not None:
        broken = site.theme_error
        message = f"{broken.file}: {broken.error.message}"
        error = broken.error.model_copy(update={"message": message})
        return Seen(STAGES[:1], Status.REJECTED.value, error)
    return Seen(STAGES[:1], REMOVED if was_removed else Status.LIVE.value)


def is_answer(sent: Sent, lock: int, version_id: str | None, *, is_present: bool = False) -> bool:
    """Whether a look found the change, or what has taken its place since.

    The latter is whatever is present at the key after the change: `is_present` says that the look
    found that. Another version may as well be one of before, by a look that was under way.
    """
    if version_id is not None and version_id == sent.version_id:
        return True
    is_removed = sent.version_id is None and version_id is None
    return (is_removed or is_present) and lock > sent.known_lock


def _stages(source: Source, post: PostState | None) -> tuple[str, ...]:
    passed = ["parse"]
    if source.status in UP and post is not None and post.accepted is not None:
        revision = post.accepted.revision
        if not post.accepted.has_images or (post.ready and post.ready.revision >= revision):
            passed.append("images")
        if post.live is not None and post.live.up and post.live.revision >= revision:
            passed.append("render")
            if not post.pending_index.known:
                passed.append("index")
    elif _is_down(source, post) and post is not None and post.live is not None:
        passed += ["render", "index"]
    return tuple(passed)


def _final(source: Source, post: PostState | None, stages: tuple[str, ...]) -> str | None:
    match source.status:
        case Status.REJECTED | Status.WAITING:
            return source.status.value
        case Status.LIVE | Status.UNLISTED:
            return source.status.value if stages == STAGES else None
        case _ if not _is_down(source, post):
            return None
        case Status.GONE:
            return REMOVED
        case _:
            return source.status.value


def _is_down(source: Source, post: PostState | None) -> bool:
    if post is None or post.live is None or post.source != source.key:
        return True
    return not post.live.up and not post.pending_index.known


def counts(post: PostState | None) -> Counts:
    """How far the images of a post have come."""
    if post is None or post.ready is None:
        return Counts()
    states = [image.state for image in post.ready.images.values()]
    return Counts(
        total=len(states),
        rehosted=states.count(ImageState.REHOSTED),
        owed=states.count(ImageState.OWED),
        refused=states.count(ImageState.REFUSED),
        lost=states.count(ImageState.LOST),
    )


@dataclass
class Journey:
    """A file on its way: `sent` stands once it was uploaded, `status` once the outcome is final."""

    file: str
    key: str
    started: float = field(default_factory=time.monotonic)
    sent: Sent | None = None
    seen: Seen = field(default_factory=Seen)
    stages: list[Stage] = field(default_factory=list)
    status: str | None = None
    error: Error | None = None

    def arrive(self, seen: Seen) -> list[Stage]:
        """Takes in a look; returns the stages that were passed since the last one."""
        self.seen = seen
        elapsed = round(time.monotonic() - self.started, 3)
        known = {stage.stage for stage in self.stages}
        new = [Stage(stage=name, seconds=elapsed) for name in seen.stages if name not in known]
        self.stages += new
        if seen.final is not None:
            self.status = seen.final
            self.error = seen.error
        return new


@dataclass
class Silence:
    """How long nothing has moved: neither what is followed, nor `work`, which is asked seldom.

    Work for others counts as well: it stands before ours in the queues.
    """

    work: Callable[[], object]
    since: float = field(default_factory=time.monotonic)
    asked: float = 0.0
    last: object = None

    def is_broken(self) -> None:
        """Something moved."""
        self.since = time.monotonic()

    def lasts(self, seconds: float) -> bool:
        """Whether nothing has moved for so long."""
        now = time.monotonic()
        if now - self.since > min(seconds, _LISTEN) and now - self.asked > min(seconds, _LISTEN):
            last, self.last, self.asked = self.last, self.work(), now
            if last not in (None, self.last):
                self.is_broken()
        return now - self.since > seconds


def follow(
    journeys: Sequence[Journey],
    look: Look,
    *,
    timeout: float,
    passed: Callable[[Journey, Stage], None],
    work: Callable[[], object],
) -> None:
    """Looks at all journeys until each has come to its end, or nothing moved for `timeout` seconds.

    What moves is an upload, what a look shows, and `work`: what waits in the queues.
    """
    silence, uploaded = Silence(work), 0
    while open_ones := [journey for journey in journeys if journey.status is None]:
        began = time.monotonic()
        sent = [(journey, journey.sent) for journey in open_ones if journey.sent is not None]
        looks = look([each for _, each in sent]) if sent else []
        for (journey, _), seen in zip(sent, looks, strict=True):
            if seen != journey.seen:
                silence.is_broken()
            for stage in journey.arrive(seen):
                passed(journey, stage)
        before, uploaded = uploaded, sum(journey.sent is not None for journey in journeys)
        if uploaded != before:
            silence.is_broken()
        if silence.lasts(timeout):
            _give_up(journeys)
            return
        share = _SHARE if len(sent) < _MANY else _SHARE_OF_MANY
        time.sleep(max(_PAUSE, share * (time.monotonic() - began)))


def _give_up(journeys: Iterable[Journey]) -> None:
    for journey in journeys:
        if journey.status is None:
            journey.status = TIMEOUT
