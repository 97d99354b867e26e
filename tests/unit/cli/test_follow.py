"""What a look at the table says of a change on its way."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, repeat
from unittest.mock import ANY

import pytest

from presswork.post import Card, Error, Image, ImageState, Status
from presswork.state import Accepted, BrokenThemeFile, Live, PostState, Ready, SiteState, Source
from presswork.tasks import Outbox, UpdateList
from presswork_cli.operate.follow import (
    Journey,
    Seen,
    Sent,
    counts,
    follow,
    judge,
    judge_settings,
    judge_theme,
)
from presswork_cli.printing.answers import Stage

KEY = "posts/a.md"
DAY = datetime(2025, 1, 6, tzinfo=UTC)
UPLOAD = Sent(KEY, "v2", known_lock=3)
REMOVAL = Sent(KEY, None, known_lock=3)
ERROR = Error(rule="date.invalid", line=3, message="no such day", fix="Give a day that exists.")
CARD = Card(id="p", path="/2025/01/a/", title="A", date=DAY, lang="en")


def source(status: Status, *, lock: int = 4, version: str | None = "v2") -> Source:
    """The newest look at the key."""
    error = ERROR if status is Status.REJECTED else None
    return Source(
        key=KEY, lock_version=lock, status=status, version_id=version, post="p", error=error
    )


def post(
    *,
    accepted: int = 2,
    ready: int | None = 2,
    live: int | None = 2,
    up: bool = True,
    touched: tuple[str, ...] = (),
    images: bool = True,
    key: str = KEY,
) -> PostState:
    """A post whose newest accepted revision is `accepted`, and what has followed it so far."""
    return PostState(
        id="p",
        source=key,
        status=Status.LIVE,
        revision=accepted,
        first_date=DAY,
        accepted=Accepted(
            revision=accepted,
            status=Status.LIVE,
            source=key,
            version_id="v2",
            fingerprint="f",
            path="/2025/01/a/",
            has_images=images,
        ),
        ready=None if ready is None else Ready(revision=ready, generation=1),
        live=None
        if live is None
        else Live(
            version=1,
            up=up,
            revision=live,
            generation=1,
            source=key,
            version_id="v2",
            fingerprint="f",
            path="/2025/01/a/",
            lists=(),
            card=CARD,
        ),
        pending_index=Outbox().add(*(UpdateList(list=name) for name in touched)),
    )


def test_nothing_is_said_before_the_first_look() -> None:
    """A key that was never looked at tells nothing."""
    assert judge(UPLOAD, None, None) == Seen()


def test_a_look_at_the_old_version_is_no_answer() -> None:
    """A hint about the version before ours raises the lock and says nothing of ours."""
    assert judge(UPLOAD, source(Status.LIVE, lock=9, version="v1"), post()) == Seen()


def test_a_later_upload_answers_for_ours() -> None:
    """When another upload overtook ours, its outcome is the outcome of the key."""
    looked_at = source(Status.LIVE, version="v3")
    assert judge(UPLOAD, looked_at, post(), is_present=True).final == "live"
    assert judge(UPLOAD, looked_at, post()) == Seen()


@pytest.mark.parametrize(
    ("state", "stages"),
    [
        (post(ready=1, live=1), ("parse",)),
        (post(ready=None, live=None), ("parse",)),
        (post(ready=None, live=None, images=False), ("parse", "images")),
        (post(ready=2, live=1), ("parse", "images")),
        (post(ready=2, live=2, up=False), ("parse", "images")),
        (post(touched=("home",)), ("parse", "images", "render")),
    ],
)
def test_a_stage_is_passed_when_it_reached_the_accepted_revision(
    state: PostState, stages: tuple[str, ...]
) -> None:
    """Stages count by the revision they have reached, and live is final only after the last."""
    seen = judge(UPLOAD, source(Status.LIVE), state)
    assert (seen.stages, seen.final) == (stages, None)


@pytest.mark.parametrize("status", [Status.LIVE, Status.UNLISTED])
def test_what_is_up_is_final_when_the_lists_have_followed(status: Status) -> None:
    """A post is live, or unlisted, when its page is up and no list waits."""
    seen = judge(UPLOAD, source(status), post())
    assert (seen.stages, seen.final) == (("parse", "images", "render", "index"), status.value)
    assert judge(UPLOAD, source(status), post(touched=("home",))).final is None


def test_a_rejection_is_final_at_once_and_carries_its_reason() -> None:
    """A rejected upload ends at parse, whatever its last good revision shows."""
    seen = judge(UPLOAD, source(Status.REJECTED), post())
    assert (seen.final, seen.error) == ("rejected", ERROR)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SCHEDULED, Status.EXPIRED])
def test_a_post_hidden_from_readers_is_followed_until_it_is_down(status: Status) -> None:
    """A live post that becomes a draft is final when its page and its lists are done."""
    assert judge(UPLOAD, source(status), post()).final is None
    assert judge(UPLOAD, source(status), post(up=False, touched=("home",))).final is None
    assert judge(UPLOAD, source(status), post(up=False)).final == status.value


def test_a_draft_that_was_never_live_is_final_at_once() -> None:
    """Nothing has to be taken down for a post that no reader saw."""
    assert judge(UPLOAD, source(Status.DRAFT), post(ready=None, live=None)).final == "draft"


def test_a_removal_is_final_when_the_post_is_down() -> None:
    """A deleted key is removed when neither its page nor a list shows it."""
    gone = source(Status.GONE, version=None)
    assert judge(REMOVAL, gone, post()).final is None
    assert judge(REMOVAL, gone, post(up=False)).final == "removed"


def test_a_removal_is_not_answered_by_the_look_before_it() -> None:
    """A key that was gone before its upload was noticed is not removed by that."""
    again = Sent(KEY, None, known_lock=4)
    assert judge(again, source(Status.GONE, version=None), post(up=False)) == Seen()


def test_a_removed_key_whose_post_lives_on_elsewhere_is_final() -> None:
    """After a hand-over the post stays up under its new key."""
    gone = source(Status.GONE, version=None)
    assert judge(REMOVAL, gone, post(key="posts/b.md")).final == "removed"


def test_settings_are_live_when_their_version_is_in_force() -> None:
    """site.yaml ends at parse."""
    upload = Sent("site.yaml", "v2", known_lock=1)
    assert judge_settings(upload, SiteState(lock_version=1, version_id="v1")) == Seen()
    seen = judge_settings(upload, SiteState(lock_version=2, version_id="v2"))
    assert (seen.stages, seen.final) == (("parse",), "live")


def test_broken_settings_are_rejected_with_their_reason() -> None:
    """A site.yaml that is turned down leaves the old one in force and says why."""
    upload = Sent("site.yaml", "v2", known_lock=1)
    seen = judge_settings(upload, SiteState(lock_version=2, version_id="v1", error=ERROR))
    assert (seen.final, seen.error) == ("rejected", ERROR)


def test_a_theme_is_live_when_the_files_that_are_there_were_looked_at() -> None:
    """A look at other files is none; a broken theme is rejected, and its file is named."""
    assert judge_theme("now", SiteState(theme_seen="before"), was_removed=False) == Seen()
    seen = SiteState(theme_seen="now")
    assert judge_theme("now", seen, was_removed=False).final == "live"
    assert judge_theme("now", seen, was_removed=True).final == "removed"
    broken = BrokenThemeFile(file="theme/post.html", error=ERROR)
    found = judge_theme("now", seen.model_copy(update={"theme_error": broken}), was_removed=False)
    assert found.final == "rejected"
    assert found.error is not None
    assert found.error.message == f"theme/post.html: {ERROR.message}"


def test_images_are_counted_by_state() -> None:
    """Counts add up the states of a post's images."""
    states = {str(n): Image(state=state) for n, state in enumerate(ImageState)}
    state = post().model_copy(update={"ready": Ready(revision=2, images=states)})
    assert counts(state).model_dump() == {
        "total": 4,
        "rehosted": 1,
        "owed": 1,
        "refused": 1,
        "lost": 1,
    }


def test_following_ends_when_every_journey_has_its_outcome() -> None:
    """Each journey gets each stage once, in order, and its own outcome."""
    looks = iter([Seen(("parse",)), Seen(("parse", "images"), "live")])
    journey = Journey("a.md", KEY, sent=UPLOAD)
    heard: list[str] = []

    def passed(_: Journey, stage: Stage) -> None:
        heard.append(stage.stage)

    follow([journey], lambda _: [next(looks)], timeout=3600, passed=passed, work=lambda: 0)
    assert (journey.status, heard) == ("live", ["parse", "images"])


class Clock:
    """A clock that each look at what is followed moves on by a second."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        patch.setattr("time.monotonic", lambda: self.now)
        patch.setattr("time.sleep", lambda _: None)

    def followed(self, looks: Iterable[Seen], works: Iterable[object] = ()) -> tuple[str, float]:
        """How a journey ends that is followed with ten seconds of patience, and when."""
        journey = Journey("a.md", KEY, sent=UPLOAD)
        seen, work = chain(looks, repeat(Seen())), chain(works, repeat("idle"))

        def look(_: Sequence[Sent]) -> list[Seen]:
            self.now += 1
            return [next(seen)]

        follow([journey], look, timeout=10, passed=lambda *_: None, work=lambda: next(work))
        assert journey.status is not None
        return journey.status, self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time that passes by looks alone."""
    return Clock(monkeypatch)


@pytest.mark.parametrize(("count", "share"), [(1, 10), (100, 20)])
def test_looking_takes_a_small_share_of_the_time(
    count: int, share: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cloud works on the same machine; of many, none is waited for alone."""
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    journeys = [Journey(f"{n}.md", KEY, sent=UPLOAD) for n in range(count)]

    def look(sent: Sequence[Sent]) -> list[Seen]:
        clock.now += 1
        return [Seen(("parse",), "live")] * len(sent)

    follow(journeys, look, timeout=10, passed=lambda *_: None, work=lambda: 0)
    assert pauses == [share - 1]


def test_following_gives_up_when_nothing_moves(clock: Clock) -> None:
    """A journey that shows nothing new for as long as the timeout says has timed out."""
    assert clock.followed([]) == ("timeout", 12)


def test_what_moves_is_followed_for_as_long_as_it_takes(clock: Clock) -> None:
    """Each new thing that a look shows gives the journey all its time again."""
    states = [Seen(("parse",), post=post(accepted=n // 9)) for n in range(9, 90)]
    assert clock.followed([*states, Seen(("parse",), "live")]) == ("live", 82)


def test_work_for_others_is_no_silence(clock: Clock) -> None:
    """As long as the queues move, what waits in them behind others is followed."""
    waits = [Seen(("parse",))] * 100
    assert clock.followed([*waits, Seen(("parse",), "live")], range(1000)) == ("live", 101)
    assert clock.followed(waits, ["nothing", "moves"]) == ("timeout", ANY)


def test_queues_are_asked_only_while_nothing_else_moves(clock: Clock) -> None:
    """What is followed tells enough as long as it changes at every look."""

    def asked() -> Iterator[object]:
        raise AssertionError("the queues were asked")
        yield

    states = [Seen(("parse",), post=post(accepted=n)) for n in range(1, 50)]
    assert clock.followed([*states, Seen(("parse",), "live")], asked())[0] == "live"


def test_a_timeout_tells_the_stages_that_were_passed() -> None:
    """A journey without an outcome ends as a timeout, with the stages it has passed."""
    journey = Journey("a.md", KEY, sent=UPLOAD)
    follow(
        [journey],
        lambda _: [Seen(("parse",))],
        timeout=0.01,
        passed=lambda *_: None,
        work=lambda: 0,
    )
    assert journey.status == "timeout"
    assert [stage.stage for stage in journey.stages] == ["parse"]


def test_those_on_their_way_are_looked_at_together() -> None:
    """A hundred posts are one look, and one that came to its end is looked at no more."""
    journeys = [Journey(f"{n}.md", KEY, sent=UPLOAD) for n in range(100)]
    looks: list[int] = []

    def look(sent: Sequence[Sent]) -> list[Seen]:
        looks.append(len(sent))
        return (
            [Seen(final="live")] * 60 + [Seen()] * 40
            if len(sent) > 40
            else [Seen(final="live")] * len(sent)
        )

    follow(journeys, look, timeout=3600, passed=lambda *_: None, work=lambda: 0)
    assert looks == [100, 40]
