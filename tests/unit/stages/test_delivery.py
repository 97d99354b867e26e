"""What was told is promised first, and kept: by post and by path, and five an hour at most."""

from datetime import UTC, datetime, timedelta

import pytest

from presswork.aws.deliveries import AN_HOUR, DeliveryLog, digest_list
from presswork.aws.stores import Stores
from presswork.state import Delivery, Progress

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def log(stores: Stores) -> DeliveryLog:
    """A log in which nothing stands."""
    return stores.deliveries


def promise(log: DeliveryLog, post: str = "p", path: str = "/p/") -> Delivery:
    """An announcement by mail, promised now."""
    delivery = log.promise(post, path, "mail", NOW)
    assert delivery is not None
    return delivery


def fill_the_hour(log: DeliveryLog) -> None:
    """Promises as many as an hour has."""
    for number in range(AN_HOUR):
        assert promise(log, f"n{number}", f"/n{number}/").progress is Progress.SENDING


@pytest.mark.parametrize(
    ("post", "path", "channel", "is_new"),
    [
        ("p", "/p/", "mail", False),
        ("p", "/moved/", "mail", False),
        ("renamed", "/p/", "mail", False),
        ("p", "/p/", "hook", True),
        ("other", "/other/", "mail", True),
    ],
)
def test_a_promise_is_made_once(
    log: DeliveryLog, post: str, path: str, channel: str, is_new: bool
) -> None:
    """On one channel neither a post is told of twice, nor a path, whatever else moved."""
    first = promise(log)
    assert log.read(post, path, channel) == (None if is_new else first)
    assert (log.promise(post, path, channel, NOW) is not None) is is_new


def test_of_two_promises_at_the_same_time_one_stands(
    log: DeliveryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that read before the other wrote finds the other's promise in the end."""
    read = DeliveryLog.read

    def overtaken(log: DeliveryLog, post: str, path: str, channel: str) -> Delivery | None:
        monkeypatch.setattr(DeliveryLog, "read", read)
        before = log.read(post, path, channel)
        promise(log, "renamed")
        return before

    monkeypatch.setattr(DeliveryLog, "read", overtaken)
    assert log.promise("p", "/p/", "mail", NOW) is None
    assert log.read("p", "/p/", "mail") == Delivery(
        post="renamed", path="/p/", channel="mail", progress=Progress.SENDING, time=NOW
    )


def test_the_sixth_in_an_hour_is_put_off(log: DeliveryLog, stores: Stores) -> None:
    """It waits for the digest of the next full hour, and is in no worker's hands until then."""
    fill_the_hour(log)
    sixth = promise(log)
    assert sixth.progress is Progress.PUT_OFF
    next_hour = NOW.replace(minute=0) + HOUR
    assert not list(stores.lists.due(digest_list("mail"), next_hour - MINUTE))
    assert [work.content for work in stores.lists.due(digest_list("mail"), next_hour)] == ["p"]
    assert log.deferred("p", "mail") == sixth
    assert log.deferred("n0", "mail") is None
    assert log.deferred("unknown", "mail") is None


@pytest.mark.parametrize(
    ("channel", "later"), [("hook", timedelta()), ("mail", 30 * MINUTE), ("mail", HOUR)]
)
def test_each_channel_and_each_hour_counts_for_itself(
    log: DeliveryLog, channel: str, later: timedelta
) -> None:
    """Five by mail leave room for a hook, and for a mail from the next full hour on."""
    fill_the_hour(log)
    delivery = log.promise("p", "/p/", channel, NOW + later)
    assert delivery is not None
    assert delivery.progress is Progress.SENDING


def test_promises_at_the_same_time_are_counted_each(
    log: DeliveryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sixth that was about to be the fifth is put off."""
    for number in range(AN_HOUR - 1):
        promise(log, f"n{number}", f"/n{number}/")
    put = DeliveryLog._put

    def overtaken(log: DeliveryLog, delivery: Delivery) -> object:
        monkeypatch.setattr(DeliveryLog, "_put", put)
        promise(log, "n4", "/n4/")
        return log._put(delivery)

    monkeypatch.setattr(DeliveryLog, "_put", overtaken)
    assert promise(log).progress is Progress.PUT_OFF


def test_one_worker_takes_a_failed_announcement_up(log: DeliveryLog) -> None:
    """The others read what it was before: the log has moved on, under the post and its path."""
    log.finish(promise(log), Progress.FAILED)
    failed = log.read("p", "/p/", "mail")
    assert failed is not None
    assert failed.progress is Progress.FAILED
    assert log.resume(failed, NOW + MINUTE)
    assert not log.resume(failed, NOW + MINUTE)
    taken = failed.model_copy(update={"progress": Progress.SENDING, "time": NOW + MINUTE})
    assert log.read("p", "", "mail") == log.read("", "/p/", "mail") == taken


def test_one_worker_takes_an_announcement_up_that_was_left(log: DeliveryLog) -> None:
    """Its progress is the same before and after: the time tells them apart."""
    left = promise(log)
    assert log.resume(left, NOW + MINUTE)
    assert not log.resume(left, NOW + 2 * MINUTE)


def test_what_was_sent_meanwhile_is_not_taken_up(log: DeliveryLog) -> None:
    """A slow worker that finished after all is believed: only its progress moved, not its time."""
    left = promise(log)
    log.finish(left, Progress.SENT)
    assert not log.resume(left, NOW + MINUTE)


def test_how_it_ended_stands_with_post_and_path(log: DeliveryLog) -> None:
    """Whoever looks by either finds the same."""
    log.finish(promise(log), Progress.REFUSED)
    by_post, by_path = log.read("p", "", "mail"), log.read("", "/p/", "mail")
    assert by_post == by_path
    assert by_post is not None
    assert by_post.progress is Progress.REFUSED


@pytest.mark.parametrize(
    ("post", "channel"),
    [(None, None), ("p", None), (None, "mail")],
    ids=["site", "post", "channel"],
)
def test_what_is_told_at_most_once_is_first_until_it_is_taken_back(
    log: DeliveryLog, post: str | None, channel: str | None
) -> None:
    """A note stands for its subject and whom it is about, and for nothing else."""
    assert log.is_first("author#1", NOW, post=post, channel=channel)
    assert not log.is_first("author#1", NOW, post=post, channel=channel)
    assert log.is_first("author#2", NOW, post=post, channel=channel)
    assert log.is_first("author#1", NOW, post="another")
    log.forget("author#1", post=post, channel=channel)
    assert log.is_first("author#1", NOW, post=post, channel=channel)
    assert not log.is_first("author#1", NOW, post="another")


def test_all_that_was_told_of_a_post_is_known(log: DeliveryLog) -> None:
    """Its announcements with their progress, and the mails to its author."""
    promise(log)
    assert log.is_first("author#1", NOW, post="p")
    assert log.is_first("author#2", NOW, post="another")
    notes = {note.subject: note.progress for note in log.notes("p")}
    assert notes == {"mail": Progress.SENDING, "author#1": Progress.SENT}
