"""Whether followers are told of a post is decided from what the table knows, at every event."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from presswork.aws.deliveries import CHANNELS, digest_list
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.errors import InDoubt, Rejected, RetryLater
from presswork.events import Event, Type
from presswork.messages import Message, SendDigest, TellWhenQuiet
from presswork.post import Card, Status
from presswork.stages.notify import channels
from presswork.stages.notify.channels import Announcement
from presswork.stages.notify.stage import Notify
from presswork.stages.notify.telling import FRESH, LEFT_BEHIND
from presswork.state import Accepted, Delivery, Live, PostState, Progress, Subject

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FAILS, REFUSED = RetryLater("it answered 503"), Rejected("hook.gone", None, None, "410", "Fix it.")


@dataclass
class FakeChannel:
    """A channel that keeps what it was asked to send; `error` is how that fails.

    `broken` is how it fails before it has sent anything.
    """

    name: str = "mail"
    repeatable: bool = False
    error: Exception | None = None
    broken: Exception | None = None
    asked: list[list[str]] = field(default_factory=list)

    def prepare(
        self, id: str, site: str, posts: Sequence[Announcement], now: datetime
    ) -> Callable[[], None]:
        """What notes the addresses of the posts."""
        assert (id[:4], site, now.tzinfo) == ("msg_", "Presswork", UTC)
        if self.broken is not None:
            raise self.broken

        def send() -> None:
            self.asked.append([post.url for post in posts])
            if self.error is not None:
                raise self.error

        return send


def go_live(
    stores: Stores,
    id: str = "p",
    *,
    up: bool = True,
    lists: tuple[str, ...] = ("home",),
    date: datetime = NOW,
    appeared: datetime | None = None,
) -> None:
    """Makes a post live."""
    live = Live(
        version=1,
        up=up,
        revision=1,
        generation=1,
        source=f"posts/{id}.md",
        version_id="v1",
        fingerprint="f",
        path=f"/{id}/",
        lists=lists,
        card=Card(id=id, path=f"/{id}/", title=id, date=date, lang="en"),
        appeared=appeared,
    )
    accepted = Accepted(
        revision=1,
        status=Status.LIVE,
        source=live.source,
        version_id="v1",
        fingerprint="f",
        path=live.path,
        has_images=False,
    )
    post = PostState(
        id=id, source=live.source, status=Status.LIVE, first_date=NOW, accepted=accepted
    )
    stores.write(stores.posts.save(None, post))
    stores.write(stores.posts.save_live(post, post.model_copy(update={"live": live})))


def tell(stores: Stores, *channels: FakeChannel, id: str = "p", now: datetime = NOW) -> None:
    """Lets notify hear that a post is live."""
    event = Event.of(Type.LIVE, post=id, key=f"posts/{id}.md", revision=1, now=now)
    stage, queue = notify(stores, *channels, now=now)
    stage.route(event)
    for message, delay in queue.take():
        assert delay == stage.quiet
        stage.route(message)


class Delayed(Queue):
    """A queue that keeps what it was sent, with its delay."""

    def __init__(self) -> None:
        super().__init__(SimpleNamespace(), "notify")
        self._sent: list[tuple[Message, int]] = []

    def send(self, message: Message, *, delay: int = 0) -> None:
        """Keeps a message."""
        self._sent.append((message, delay))

    def take(self) -> list[tuple[Message, int]]:
        """What was sent since the last time."""
        sent, self._sent = self._sent, []
        return sent


def notify(stores: Stores, *channels: FakeChannel, now: datetime = NOW) -> tuple[Notify, Delayed]:
    """The stage with these channels, and its queue."""
    queue = Delayed()
    return Notify(stores, queue, channels, None, "https://site.example", lambda: now), queue


def progress(stores: Stores, channel: str = "mail") -> Progress | None:
    """How far the announcement of the post has come."""
    delivery = stores.deliveries.read(Subject.announcement("p", "/p/", channel))
    return delivery.progress if delivery else None


def promise(stores: Stores, post: str = "p", channel: str = "mail") -> Delivery:
    """An announcement that somebody began now, on the path `/p/`."""
    subject = Subject.announcement(post, "/p/", channel)
    again = TellWhenQuiet(post=post, revision=1, since=NOW)
    delivery = stores.deliveries.promise(subject, NOW, again)
    assert delivery is not None
    return delivery


def revise(stores: Stores, revision: int, *, live: int, status: Status = Status.LIVE) -> None:
    """Makes a revision the newest accepted one, and another one that which readers see."""
    post = stores.posts.read("p")
    assert post is not None
    assert post.accepted is not None
    assert post.live is not None
    accepted = post.accepted.model_copy(update={"revision": revision, "status": status})
    new = post.model_copy(update={"revision": revision, "accepted": accepted})
    stores.write(stores.posts.save(post, new))
    up = post.live.model_copy(update={"revision": live, "version": post.live.version + 1})
    stores.write(stores.posts.save_live(new, new.model_copy(update={"live": up})))


def after(
    stores: Stores, message: Message, channel: FakeChannel, *, quiet: int = 60, **time: float
) -> list[Message]:
    """Lets notify take up a message some time after now; what it sends itself."""
    stage, queue = notify(stores, channel, now=NOW + timedelta(**time))
    replace(stage, quiet=quiet).route(message)
    return [each for each, _ in queue.take()]


def test_a_post_is_told_of_once_it_is_quiet(stores: Stores) -> None:
    """What changes within the minute is told as it is at the end of the next quiet one."""
    channel = FakeChannel()
    go_live(stores)
    stage, queue = notify(stores, channel)
    stage.route(Event.of(Type.LIVE, post="p", key="posts/p.md", revision=1, now=NOW))
    ((first, delay),) = queue.take()
    assert (delay, channel.asked) == (60, [])
    revise(stores, 2, live=2)
    (second,) = after(stores, first, channel, seconds=60)
    assert second == TellWhenQuiet(post="p", revision=2, since=NOW)
    assert channel.asked == []
    assert after(stores, second, channel, seconds=120) == []
    assert len(channel.asked) == 1


def test_a_post_that_never_rests_is_told_of_after_ten_minutes(stores: Stores) -> None:
    """Who saves every few seconds is told of as it stands then."""
    channel = FakeChannel()
    go_live(stores)
    message: Message = TellWhenQuiet(post="p", revision=1, since=NOW)
    for minute in range(1, 10):
        revise(stores, 1 + minute, live=1)
        (message,) = after(stores, message, channel, minutes=minute)
        assert channel.asked == []
    revise(stores, 12, live=1)
    assert after(stores, message, channel, minutes=10) == []
    assert len(channel.asked) == 1


def test_a_post_rests_at_least_once_as_long_as_it_is_asked_to(stores: Stores) -> None:
    """Who changes it within fifteen minutes of rest is waited for once more, and then no longer."""
    channel = FakeChannel()
    go_live(stores)
    revise(stores, 2, live=2)
    message: Message = TellWhenQuiet(post="p", revision=1, since=NOW)
    (message,) = after(stores, message, channel, quiet=900, minutes=15)
    assert channel.asked == []
    revise(stores, 3, live=3)
    assert after(stores, message, channel, quiet=900, minutes=30) == []
    assert len(channel.asked) == 1


@pytest.mark.parametrize("status", [Status.DRAFT, Status.UNLISTED, Status.SCHEDULED])
@pytest.mark.parametrize("minutes", [1, 20])
def test_what_its_author_took_back_is_told_to_nobody(
    stores: Stores, status: Status, minutes: int
) -> None:
    """Readers still see it until its page is down: whoever is told would come too late."""
    channel = FakeChannel()
    go_live(stores)
    revise(stores, 2, live=1, status=status)
    for revision in (1, 2):
        message = TellWhenQuiet(post="p", revision=revision, since=NOW)
        assert after(stores, message, channel, minutes=minutes) == []
    assert channel.asked == []


def test_a_revision_on_its_way_decides_itself(stores: Stores) -> None:
    """Readers do not see it yet: it is told of when it is live."""
    channel = FakeChannel()
    go_live(stores)
    revise(stores, 2, live=1)
    message = TellWhenQuiet(post="p", revision=2, since=NOW)
    assert after(stores, message, channel, seconds=60) == []
    assert channel.asked == []


def test_what_goes_down_within_the_minute_is_told_to_nobody(stores: Stores) -> None:
    """Neither a post that is taken back nor one that leaves all lists is news any more."""
    for id, change in (("a", {"up": False}), ("b", {"lists": ()})):
        channel = FakeChannel()
        go_live(stores, id)
        post = stores.posts.read(id)
        assert post is not None
        assert post.live is not None
        live = post.live.model_copy(update={**change, "version": 2})
        stores.write(stores.posts.save_live(post, post.model_copy(update={"live": live})))
        message = TellWhenQuiet(post=id, revision=1, since=NOW)
        assert after(stores, message, channel, seconds=60) == []
        assert channel.asked == []


def test_a_told_post_is_asked_about_no_more(stores: Stores) -> None:
    """An edit of one that everybody was told of sends no message."""
    channel = FakeChannel()
    go_live(stores)
    tell(stores, channel)
    stage, queue = notify(stores, channel)
    stage.route(Event.of(Type.LIVE, post="p", key="posts/p.md", revision=1, now=NOW))
    assert queue.take() == []


@pytest.mark.parametrize(
    ("appeared", "told"), [(NOW, True), (NOW - FRESH - SECOND, False), (NOW + SECOND, False)]
)
def test_the_time_of_appearing_counts(stores: Stores, appeared: datetime, told: bool) -> None:
    """A post with a date of years ago that was held back until now is news."""
    channel = FakeChannel()
    go_live(stores, date=NOW - timedelta(days=900), appeared=appeared)
    tell(stores, channel)
    assert (channel.asked != []) is told


@pytest.mark.parametrize(
    ("up", "lists", "date", "told"),
    [
        pytest.param(True, ("home", "tag:boats"), NOW, True, id="now"),
        pytest.param(True, ("home",), NOW - FRESH, True, id="two days ago"),
        pytest.param(True, ("home",), NOW - FRESH - SECOND, False, id="longer ago"),
        pytest.param(True, ("home",), NOW + SECOND, False, id="to come"),
        pytest.param(True, ("pages:a",), NOW, False, id="a page"),
        pytest.param(False, ("home",), NOW, False, id="down again"),
    ],
)
def test_what_is_news(
    stores: Stores, up: bool, lists: tuple[str, ...], date: datetime, told: bool
) -> None:
    """A post that readers see, that is no page, and that is dated within the last two days."""
    channel = FakeChannel()
    go_live(stores, up=up, lists=lists, date=date)
    tell(stores, channel)
    assert channel.asked == ([["https://site.example/p/"]] if told else [])
    assert progress(stores) is (Progress.SENT if told else None)


def test_a_post_is_told_once_however_often_it_is_announced(stores: Stores) -> None:
    """Neither a redelivery nor an edit is news."""
    mail, hook = FakeChannel(), FakeChannel("hook", repeatable=True)
    go_live(stores)
    for _ in range(3):
        tell(stores, mail, hook)
    assert (len(mail.asked), len(hook.asked)) == (1, 1)


@pytest.mark.parametrize("ended", [Progress.SENT, Progress.FAILED])
def test_a_path_is_told_once_whatever_post_it_leads_to(stores: Stores, ended: Progress) -> None:
    """The same path under another id is no news, and no repetition of what failed before."""
    stores.deliveries.finish(promise(stores, "before"), ended)
    channel = FakeChannel()
    go_live(stores)
    tell(stores, channel)
    assert channel.asked == []


def test_a_channel_that_fails_is_tried_again_alone(stores: Stores) -> None:
    """The other channels are told all the same, and not again with the one that failed."""
    mail, hook = FakeChannel(error=FAILS), FakeChannel("hook", repeatable=True)
    go_live(stores)
    with pytest.raises(RetryLater):
        tell(stores, mail, hook)
    assert (progress(stores), progress(stores, "hook")) == (Progress.FAILED, Progress.SENT)
    mail.error = None
    tell(stores, mail, hook)
    assert (len(mail.asked), len(hook.asked)) == (2, 1)
    assert progress(stores) is Progress.SENT


def test_a_channel_that_refuses_is_not_tried_again(stores: Stores) -> None:
    """It will not take the same message another time."""
    channel = FakeChannel(error=REFUSED)
    go_live(stores)
    tell(stores, channel)
    tell(stores, channel)
    assert len(channel.asked) == 1
    assert progress(stores) is Progress.REFUSED


def test_a_channel_that_breaks_before_it_sends_is_tried_again(stores: Stores) -> None:
    """Whatever it was, nothing was sent: it keeps no other channel from being heard."""
    mail, hook = FakeChannel(broken=KeyError("SSM")), FakeChannel("hook", repeatable=True)
    go_live(stores)
    with pytest.raises(KeyError):
        tell(stores, mail, hook)
    assert (progress(stores), progress(stores, "hook")) == (Progress.FAILED, Progress.SENT)
    mail.broken = None
    tell(stores, mail, hook)
    assert (len(mail.asked), len(hook.asked)) == (1, 1)
    assert progress(stores) is Progress.SENT


@pytest.mark.parametrize(
    ("repeatable", "ended"), [(False, Progress.IN_DOUBT), (True, Progress.FAILED)]
)
def test_what_may_have_been_sent_is_repeated_where_that_is_known(
    stores: Stores, repeatable: bool, ended: Progress
) -> None:
    """A channel that knows no repetition is not asked again, and counted."""
    channel = FakeChannel(repeatable=repeatable, error=InDoubt("no answer came"))
    go_live(stores)
    with pytest.raises(InDoubt) if repeatable else nullcontext():
        tell(stores, channel)
    assert progress(stores) is ended


def test_a_mail_that_a_dead_worker_may_have_sent_is_not_sent_again(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    """Receivers of mail know no repetition: better none than two; as long as it may come, wait."""
    channel = FakeChannel()
    go_live(stores)
    promise(stores)
    tell(stores, channel, now=NOW + LEFT_BEHIND - SECOND)
    assert progress(stores) is Progress.SENDING
    for _ in range(2):
        tell(stores, channel, now=NOW + LEFT_BEHIND)
    assert channel.asked == []
    assert progress(stores) is Progress.IN_DOUBT
    assert capsys.readouterr().out.count('"NotTold":[1.0]') == 1


def test_a_hook_that_a_dead_worker_may_have_sent_is_sent_again(stores: Stores) -> None:
    """Its receiver knows a repetition; as long as the worker may be at it, it is left to it."""
    channel = FakeChannel("hook", repeatable=True)
    go_live(stores)
    promise(stores, channel="hook")
    tell(stores, channel, now=NOW + LEFT_BEHIND - SECOND)
    assert channel.asked == []
    tell(stores, channel, now=NOW + LEFT_BEHIND)
    assert len(channel.asked) == 1
    assert progress(stores, "hook") is Progress.SENT


def test_what_is_put_off_comes_in_one_digest(stores: Stores) -> None:
    """Of seven posts in an hour two are told together, once they are due, and once."""
    channel, later = FakeChannel(), NOW + timedelta(hours=1)
    for number in range(7):
        go_live(stores, f"n{number}")
        tell(stores, channel, id=f"n{number}")
    assert [len(posts) for posts in channel.asked] == [1] * 5
    channel.error = FAILS
    stage, _ = notify(stores, channel, now=later)
    with pytest.raises(RetryLater):
        stage.digest("mail", later)
    channel.error = None
    for _ in range(2):
        stage.route(SendDigest(channel="mail", until=later))
    last = ["https://site.example/n5/", "https://site.example/n6/"]
    assert channel.asked[5:] == [last, last]
    assert stores.deliveries.deferred("n5", "mail") is None
    assert not list(stores.lists.all_work(digest_list("mail")))


def test_a_digest_that_was_begun_comes_first_and_is_the_same(stores: Stores) -> None:
    """A receiver that got it knows it by its id, though another post is due by now."""
    channel, later = FakeChannel("hook", repeatable=True), NOW + timedelta(hours=1)
    for number in range(7):
        go_live(stores, f"n{number}")
        tell(stores, channel, id=f"n{number}")
    channel.error = FAILS
    stage, _ = notify(stores, channel, now=later)
    with pytest.raises(RetryLater):
        stage.digest("hook", later)
    go_live(stores, "n7")
    tell(stores, channel, id="n7")
    channel.error = None
    stage.digest("hook", later)
    urls = [f"https://site.example/n{number}/" for number in (5, 6, 7)]
    assert channel.asked[5:] == [urls[:2], urls[:2], urls[2:]]


def test_what_left_all_lists_is_in_no_digest(stores: Stores) -> None:
    """A post that was put off, and is unlisted by the time of the digest, is told to nobody."""
    channel, later = FakeChannel(), NOW + timedelta(hours=1)
    for number in range(7):
        go_live(stores, f"n{number}")
        tell(stores, channel, id=f"n{number}")
    post = stores.posts.read("n5")
    assert post is not None
    assert post.live is not None
    live = post.live.model_copy(update={"lists": (), "version": 2})
    stores.write(stores.posts.save_live(post, post.model_copy(update={"live": live})))
    stage, _ = notify(stores, channel, now=later)
    stage.digest("mail", later)
    assert channel.asked[5:] == [["https://site.example/n6/"]]


def test_the_digest_of_every_channel_is_sent() -> None:
    """Maintain looks for what was put off on the channels named in `CHANNELS`, and on no other."""
    channels_of_ours = [
        each
        for each in vars(channels).values()
        if isinstance(each, type) and hasattr(each, "prepare") and each is not channels.Channel
    ]
    names = [str(vars(each)["name"]) for each in channels_of_ours]
    assert sorted(names) == sorted(CHANNELS)
