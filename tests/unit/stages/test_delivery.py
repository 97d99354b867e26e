"""What was told is promised first, and kept: by post and by path, and five an hour at most."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from presswork.aws.deliveries import AN_HOUR, DeliveryLog, digest_list
from presswork.aws.stores import Stores
from presswork.aws.table import Put
from presswork.messages import TellAuthor, TellWhenQuiet
from presswork.state import SETTLED, Delivery, Progress, Subject

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def log(stores: Stores) -> DeliveryLog:
    """A log in which nothing stands."""
    return stores.deliveries


def again(post: str = "p") -> TellWhenQuiet:
    """What has a post announced."""
    return TellWhenQuiet(post=post, revision=1, since=NOW)


def promised(
    log: DeliveryLog, post: str, path: str, channel: str = "mail", now: datetime = NOW
) -> Delivery | None:
    """An announcement, if it is promised by this."""
    return log.promise(Subject.announcement(post, path, channel), now, again(post))


def promise(log: DeliveryLog, post: str = "p", path: str = "/p/") -> Delivery:
    """An announcement by mail, promised now."""
    delivery = promised(log, post, path)
    assert delivery is not None
    return delivery


def read(log: DeliveryLog, post: str, path: str = "", channel: str = "mail") -> Delivery | None:
    """What is noted of a post on a channel, or of its path."""
    return log.read(Subject.announcement(post, path, channel))


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
    assert read(log, post, path, channel) == (None if is_new else first)
    assert (promised(log, post, path, channel) is not None) is is_new


def test_of_two_promises_at_the_same_time_one_stands(
    log: DeliveryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that read before the other wrote finds the other's promise in the end."""
    as_it_is = DeliveryLog._room

    def overtaken(*read: Any) -> Any:
        monkeypatch.setattr(DeliveryLog, "_room", as_it_is)
        room = as_it_is(*read)
        promise(log, "renamed")
        return room

    monkeypatch.setattr(DeliveryLog, "_room", overtaken)
    assert promised(log, "p", "/p/") is None
    found = read(log, "p", "/p/")
    assert found is not None
    assert (found.subject.post, found.progress) == ("renamed", Progress.SENDING)


@pytest.mark.parametrize(
    ("post", "path", "is_told"),
    [("p", "/p/", True), ("p", "/moved/", True), ("renamed", "/p/", True), ("o", "/o/", False)],
)
def test_what_is_told_by_post_or_by_path_is_not_untold(
    log: DeliveryLog, post: str, path: str, is_told: bool
) -> None:
    """All channels are asked about in one read, and each stands for itself."""
    promise(log)
    subjects = [Subject.announcement(post, path, channel) for channel in ("mail", "hook")]
    assert list(log.untold(subjects, NOW)) == (subjects[1:] if is_told else subjects)


def test_an_hour_that_was_read_before_is_read_again(log: DeliveryLog) -> None:
    """Others may have filled it since: what has no room any more is put off."""
    subject = Subject.announcement("p", "/p/", "mail")
    hour = log.untold([subject], NOW)[subject]
    fill_the_hour(log)
    delivery = log.promise(subject, NOW, again(), hour)
    assert delivery is not None
    assert delivery.progress is Progress.PUT_OFF
    assert log.promise(Subject.announcement("n0", "/p/", "mail"), NOW, again(), hour) is None


def test_an_hour_that_was_read_is_not_the_next_one(log: DeliveryLog) -> None:
    """One that was full when it was read, and is over, puts nothing off."""
    fill_the_hour(log)
    subject = Subject.announcement("p", "/p/", "mail")
    hour = log.untold([subject], NOW)[subject]
    delivery = log.promise(subject, NOW + HOUR, again(), hour)
    assert delivery is not None
    assert delivery.progress is Progress.SENDING


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
    delivery = promised(log, "p", "/p/", channel, NOW + later)
    assert delivery is not None
    assert delivery.progress is Progress.SENDING


def test_promises_at_the_same_time_are_counted_each(
    log: DeliveryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sixth that was about to be the fifth is put off."""
    for number in range(AN_HOUR - 1):
        promise(log, f"n{number}", f"/n{number}/")
    room = DeliveryLog._room

    def overtaken(log: DeliveryLog, subject: Subject, *rest: object) -> object:
        monkeypatch.setattr(DeliveryLog, "_room", room)
        before = log._room(subject, *rest)  # type: ignore[arg-type]  # handed on as they are
        promise(log, "n4", "/n4/")
        return before

    monkeypatch.setattr(DeliveryLog, "_room", overtaken)
    assert promise(log).progress is Progress.PUT_OFF


def test_one_worker_takes_a_failed_announcement_up(log: DeliveryLog) -> None:
    """The others read what it was before: the log has moved on, under the post and its path."""
    log.finish(promise(log), Progress.FAILED)
    failed = read(log, "p", "/p/")
    assert failed is not None
    assert failed.progress is Progress.FAILED
    assert log.resume(failed, NOW + MINUTE)
    assert not log.resume(failed, NOW + MINUTE)
    taken = failed.model_copy(update={"progress": Progress.SENDING, "time": NOW + MINUTE})
    assert read(log, "p") == read(log, "none", "/p/") == taken


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
    by_post, by_path = read(log, "p"), read(log, "none", "/p/")
    assert by_post == by_path
    assert by_post is not None
    assert by_post.progress is Progress.REFUSED


def test_who_comes_late_undoes_nothing(log: DeliveryLog) -> None:
    """How it ended is noted by the worker that has it in its hands, and by no other."""
    left = promise(log)
    taken = log.resume(left, NOW + MINUTE)
    assert taken is not None
    log.finish(taken, Progress.SENT)
    log.finish(left, Progress.FAILED)
    log.forget(left)
    found = read(log, "p", "/p/")
    assert found is not None
    assert found.progress is Progress.SENT


@pytest.mark.parametrize("progress", [None, *Progress])
def test_what_has_no_end_is_begun_anew(log: DeliveryLog, progress: Progress | None) -> None:
    """The message that began it is known until it is settled, and put off is the digest's."""
    delivery = promise(log)
    if progress is not None:
        log.finish(delivery, progress)
    is_open = progress not in SETTLED
    assert list(log.unsettled(NOW, 10)) == ([again()] if is_open else [])
    assert list(log.unsettled(NOW - MINUTE, 10)) == []


def test_what_is_forgotten_may_be_told(log: DeliveryLog) -> None:
    """Its notes are gone, under the post and its path, and nobody begins it anew."""
    log.forget(promise(log))
    assert list(log.unsettled(NOW, 10)) == []
    assert promised(log, "p", "/p/") is not None


@pytest.mark.parametrize("post", ["", "p"], ids=["site", "post"])
def test_an_author_is_told_of_each_error_once(log: DeliveryLog, post: str) -> None:
    """A note stands for a version of what it is about; no hour is too full for it."""
    fill_the_hour(log)
    about = TellAuthor(post=post, key="k", revision=1)
    first = log.promise(Subject.author_mail("1", post), NOW, about)
    assert first is not None
    assert first.progress is Progress.SENDING
    assert log.promise(Subject.author_mail("1", post), NOW, about) is None
    assert log.promise(Subject.author_mail("2", post), NOW, about) is not None
    assert log.promise(Subject.author_mail("1", "another"), NOW, about) is not None


def test_a_note_of_older_software_is_one_of_what_was_sent(log: DeliveryLog, stores: Stores) -> None:
    """An author's mail was noted with its time alone."""
    fields = {"PK": "POST#p", "SK": "TOLD#author#1", "time": "2026-05-04T12:00:00Z"}
    stores.write(Put(fields))
    found = log.read(Subject.author_mail("1", "p"))
    assert found is not None
    assert found.progress is Progress.SENT


def test_all_that_was_told_of_a_post_is_known(log: DeliveryLog) -> None:
    """Its announcements with their progress, and the mails to its author."""
    log.finish(promise(log), Progress.IN_DOUBT)
    for post in ("p", "another"):
        about = TellAuthor(post=post, key="k", revision=1)
        assert log.promise(Subject.author_mail("1", post), NOW, about) is not None
    notes = {note.subject: note.progress for note in log.notes("p")}
    assert notes == {"mail": Progress.IN_DOUBT, "author#1": Progress.SENDING}
