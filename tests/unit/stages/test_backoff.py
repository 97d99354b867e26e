"""An image that did not come home is asked for ever more rarely, and given up in the end."""

from datetime import UTC, datetime, timedelta

import pytest

from presswork.post import ImageState
from presswork.stages.images.backoff import ABSENCE, ATTEMPTS, failed_attempt, refused
from presswork.state import RemoteImage

NOW = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
WHOLE = NOW.replace(microsecond=0)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
NEW = RemoteImage(url="http://images.example/boat.jpg")


def failed(
    before: RemoteImage,
    now: datetime = NOW,
    *,
    gone: bool = False,
    after: float | None = None,
    reason: str = "it answered 500",
) -> RemoteImage:
    """The image after one more try, which left it as it was but for its lease."""
    leased = before.model_copy(update={"state": ImageState.OWED, "next_try": now + HOUR})
    return failed_attempt(before, leased, reason, now, gone=gone, after=after)


@pytest.mark.parametrize(
    ("attempts", "pause"),
    [(0, HOUR), (1, 4 * HOUR), (2, 16 * HOUR), (3, 64 * HOUR), (4, WEEK), (5, WEEK), (6, WEEK)],
)
def test_pauses_grow_fourfold_up_to_a_week(attempts: int, pause: timedelta) -> None:
    """After each try in vain an image is owed, and its next try is further away."""
    image = failed(NEW.model_copy(update={"attempts": attempts}))
    assert image.state is ImageState.OWED
    assert (image.attempts, image.next_try) == (attempts + 1, WHOLE + pause)


def test_the_eighth_try_gives_an_image_up() -> None:
    """Seven pauses lie between the first try and the last, which leaves no next one."""
    image, now = NEW, WHOLE
    for _ in range(7):
        image = failed(image, now)
        assert image.next_try is not None
        now = image.next_try
    image = failed(image, now)
    assert (image.state, image.attempts) == (ImageState.LOST, ATTEMPTS)
    assert (image.next_try, image.since) == (None, now)
    assert image.reason == "it answered 500"


@pytest.mark.parametrize(
    ("after", "pause"),
    [
        (None, HOUR),
        (60.0, HOUR),
        (6 * 3600.0, 6 * HOUR),
        (30 * 86400.0, WEEK),
        (1.73e15, WEEK),
        (float("inf"), WEEK),
    ],
)
def test_a_server_may_ask_for_a_longer_pause(after: float | None, pause: timedelta) -> None:
    """It gets the pause it asks for, but none below the one that is due, and none above a week."""
    assert failed(NEW, after=after).next_try == WHOLE + pause


def test_an_image_called_gone_is_asked_for_again_a_day_later_at_the_latest() -> None:
    """The pause ends where the second answer of that kind can decide, however long it would be."""
    image = failed(NEW.model_copy(update={"attempts": 3}), gone=True)
    assert image.state is ImageState.OWED
    assert (image.absent_since, image.next_try) == (NOW, WHOLE + ABSENCE)


@pytest.mark.parametrize(
    ("since", "state"),
    [(DAY, ImageState.LOST), (DAY - timedelta(seconds=1), ImageState.OWED)],
)
def test_two_answers_that_it_is_gone_a_day_apart_give_an_image_up(
    since: timedelta, state: ImageState
) -> None:
    """Gone is believed when it was said at least a day ago as well, after however few tries."""
    image = failed(NEW.model_copy(update={"attempts": 1, "absent_since": NOW - since}), gone=True)
    assert image.state is state
    assert image.absent_since == NOW - since


def test_other_trouble_does_not_confirm_that_an_image_is_gone() -> None:
    """A server that is ill a day after a 404 says nothing of the image: it stays owed."""
    image = failed(NEW.model_copy(update={"attempts": 1, "absent_since": NOW - DAY}))
    assert image.state is ImageState.OWED


def test_a_try_ahead_of_its_time_moves_nothing() -> None:
    """A new revision asks early; the next try, and how many are left, are as they were before."""
    before = NEW.model_copy(update={"attempts": 7, "next_try": WHOLE + DAY})
    image = failed(before)
    assert image.state is ImageState.OWED
    assert (image.attempts, image.next_try) == (7, WHOLE + DAY)


def test_a_try_ahead_of_its_time_hears_that_an_image_is_gone() -> None:
    """What a new revision learns a day after the first 404 is believed as at any other time."""
    update = {"attempts": 1, "next_try": WHOLE + DAY, "absent_since": NOW - DAY}
    assert failed(NEW.model_copy(update=update), gone=True).state is ImageState.LOST


def test_a_lost_image_asked_for_in_vain_is_lost_since_the_first_time() -> None:
    """An edit of its post does not begin the pauses anew."""
    before = NEW.model_copy(update={"state": ImageState.LOST, "since": WHOLE - WEEK})
    image = failed(before)
    assert (image.state, image.since, image.next_try) == (ImageState.LOST, WHOLE - WEEK, None)


@pytest.mark.parametrize(("length", "kept"), [(1000, "x" * 1000), (1001, "x" * 999 + "…")])
def test_a_long_reason_is_cut(length: int, kept: str) -> None:
    """A thousand characters of it are kept, of which an ellipsis is one."""
    assert failed(NEW, reason="x" * length).reason == kept
    assert refused(NEW, "x" * length, NOW).reason == kept


def test_a_refused_image_has_no_next_try() -> None:
    """What a rule forbids ends at once, and the rule is the reason."""
    owed = NEW.model_copy(update={"attempts": 2, "next_try": WHOLE})
    image = refused(owed, "address.private", NOW)
    assert (image.state, image.reason) == (ImageState.REFUSED, "address.private")
    assert (image.next_try, image.since, image.attempts) == (None, WHOLE, 2)
