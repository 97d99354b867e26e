"""notify: tells followers of a new post, once; and an author what became of a source."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from aws_lambda_powertools import Logger

from presswork import correlation, imaging, site
from presswork.authority import HELD_BY_SOURCE
from presswork.aws.clients import variable
from presswork.aws.deliveries import digest_list
from presswork.aws.mail import Mail
from presswork.aws.queues import Queue
from presswork.aws.secrets import Secrets
from presswork.aws.stores import Stores
from presswork.clock import utc_now
from presswork.errors import Rejected, RetryLater
from presswork.events import Event, Type
from presswork.messages import Message, RemindAuthor, SendDigest, TellWhenQuiet, unknown
from presswork.post import Card, Error, Status
from presswork.settings import Site
from presswork.stages.notify.channels import (
    Announcement,
    Channel,
    HookChannel,
    MailChannel,
    compose,
)
from presswork.state import Delivery, PostState, Progress
from presswork.theme_files import PREFIX

logger = Logger(child=True)

FRESH = timedelta(hours=48)
PATIENCE = timedelta(minutes=5)
LONGEST_UNREST = timedelta(minutes=10)
"""How long a post may go on changing before it is told of as it is."""
LEFT_BEHIND = timedelta(minutes=2)

_SETTLED = frozenset({Progress.SENT, Progress.REFUSED, Progress.PUT_OFF})


@dataclass(frozen=True)
class AuthorMail:
    """Where an author is told of a source that was rejected, or waits."""

    mail: Mail
    sender: str
    to: str


@dataclass(frozen=True)
class Notify:
    """The stage: whether to tell is read from state alone, and promised before it is done.

    Of a new post it tells once `quiet` seconds have passed without another revision.
    """

    stores: Stores
    queue: Queue
    channels: tuple[Channel, ...]
    author: AuthorMail | None
    site_url: str
    clock: Callable[[], datetime] = utc_now
    quiet: int = 60

    @classmethod
    def from_env(cls) -> Self:
        """The stage as the template wires it; a channel without an address is not there."""
        mail, sender = Mail.from_env(), variable("MAIL_FROM")
        channels: list[Channel] = []
        if sender and variable("MAIL_TO"):
            channels.append(MailChannel(mail, sender, variable("MAIL_TO")))
        if variable("HOOK_URL"):
            channels.append(
                HookChannel(
                    url=variable("HOOK_URL"),
                    secrets=Secrets.from_env(),
                    secret_name=variable("HOOK_SECRET_NAME"),
                    network=imaging.Network.of(variable("CONNECT_TO")),
                )
            )
        address = variable("AUTHOR_EMAIL")
        return cls(
            stores=Stores.from_env(),
            queue=Queue.from_env("NOTIFY_QUEUE_URL"),
            channels=tuple(channels),
            author=AuthorMail(mail, sender, address) if sender and address else None,
            site_url=variable("SITE_URL"),
            quiet=int(variable("QUIET_SECONDS")),
        )

    def route(self, message: Event | Message) -> None:
        """Tells who is to hear of an event, or does what a message asks for."""
        match message:
            case Event(type=Type.LIVE):
                self._wait_until_quiet(message.data.post, self.clock())
            case TellWhenQuiet():
                self._tell_when_quiet(message)
            case Event(type=Type.REJECTED):
                self._tell_author(message.data.post, message.data.key, message.data.revision)
            case Event(type=Type.WAITING):
                self._await_patiently(message.data.post, message.data.revision)
            case RemindAuthor():
                self.remind(message.post, message.revision)
            case SendDigest():
                self.digest(message.channel, message.until)
            case _:
                raise unknown("notify", message)

    def _await_patiently(self, id: str, revision: int) -> None:
        """Has the author told if a post waits on; who waits for a webhook's post is told at once.

        That one is not the author's to move: it does not go away by itself.
        """
        post = self.stores.posts.read(id)
        if post is not None and post.error is not None and post.error.rule == HELD_BY_SOURCE:
            self.remind(id, revision)
        else:
            reminder = RemindAuthor(post=id, revision=revision)
            self.queue.send(reminder, delay=int(PATIENCE.total_seconds()))

    def remind(self, id: str, revision: int) -> None:
        """Tells the author of a post that still waits for another."""
        post = self.stores.posts.read(id)
        if post is not None and (post.status, post.revision) == (Status.WAITING, revision):
            self._tell_author(id, post.source, revision)

    def digest(self, channel_name: str, until: datetime) -> None:
        """Tells at once of the posts that were put off, as far as they are still there."""
        log = self.stores.deliveries
        deferred = list(self.stores.lists.due(digest_list(channel_name), until))
        channel = next((c for c in self.channels if c.name == channel_name), None)
        posts = [self._announcement(work.content) for work in deferred]
        news = [post for post in posts if post is not None]
        if channel is not None and news:
            self._once(
                f"digest#{_digest(*(post.id for post in news))}",
                lambda: channel.send(self._settings().title, news, self.clock()),
                channel=channel_name,
            )
        for work in deferred:
            delivery = log.deferred(work.content, channel_name)
            if delivery is not None:
                log.finish(delivery, Progress.SENT)
            self.stores.write(self.stores.lists.delete(work))

    def _once(
        self,
        subject: str,
        tell: Callable[[], None],
        *,
        post: str | None = None,
        channel: str | None = None,
    ) -> None:
        """Tells at most once; what is known not to have been sent is tried again."""
        log = self.stores.deliveries
        if not log.is_first(subject, self.clock(), post=post, channel=channel):
            return
        try:
            tell()
        except RetryLater:
            log.forget(subject, post=post, channel=channel)
            raise

    def _wait_until_quiet(self, id: str, since: datetime) -> None:
        """Has a post looked at again later, if there is news of it now."""
        post = self.stores.posts.read(id)
        if post is None or post.accepted is None or self._news(post) is None:
            return
        if all(self._is_settled(channel, post) for channel in self.channels):
            return
        revision = post.accepted.revision
        self.queue.send(TellWhenQuiet(post=id, revision=revision, since=since), delay=self.quiet)

    def _is_settled(self, channel: Channel, post: PostState) -> bool:
        """Whether nothing is left to be told on a channel, however often it is asked."""
        if post.live is None:
            return False
        delivery = self.stores.deliveries.read(post.id, post.live.path, channel.name)
        return delivery is not None and (delivery.post != post.id or delivery.progress in _SETTLED)

    def _tell_when_quiet(self, message: TellWhenQuiet) -> None:
        """Tells of a post that did not change; of one that changes on and on after ten minutes.

        Where it is to rest longer than five minutes, after twice as long as that.
        """
        post = self.stores.posts.read(message.post)
        news = self._news(post)
        if post is None or post.accepted is None or post.live is None or news is None:
            return
        longest = max(LONGEST_UNREST, 2 * timedelta(seconds=self.quiet))
        is_patient = self.clock() - message.since < longest
        if is_patient and message.revision != post.accepted.revision:
            self._wait_until_quiet(post.id, message.since)
        elif not is_patient or post.live.revision == post.accepted.revision:
            self._tell_followers(news)
        # Otherwise the newer revision is on its way, and is told of when it is live.

    def _news(self, post: PostState | None) -> Card | None:
        """The card of a post that is news: up, in the list of all posts, and of these days.

        One that its author has taken back is none, although readers still see it for a moment.
        """
        if post is None or post.live is None or post.accepted is None:
            return None
        live = post.live
        if not live.up or "home" not in live.lists:  # a page is no news
            return None
        if post.accepted.status is not Status.LIVE:
            return None
        now = self.clock()
        return live.card if now - FRESH <= (live.appeared or live.card.date) <= now else None

    def _tell_followers(self, card: Card) -> None:
        """Tells on every channel; one that fails keeps no other from being heard."""
        now = self.clock()
        failures = []
        for channel in self.channels:
            try:
                self._tell(channel, card, now)
            except RetryLater as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def _tell(self, channel: Channel, card: Card, now: datetime) -> None:
        log = self.stores.deliveries
        delivery = log.read(card.id, card.path, channel.name)
        if delivery is None:
            delivery = log.promise(card.id, card.path, channel.name, now)
            if delivery is None or delivery.progress is not Progress.SENDING:
                return
        elif delivery.post != card.id or not self._take_up(channel, delivery, now):
            return
        try:
            channel.send(self._settings().title, [self._words(card)], now)
        except RetryLater:
            log.finish(delivery, Progress.FAILED)
            raise
        except Rejected as rejected:
            logger.warning(
                "refused for good", extra={"channel": channel.name, "why": str(rejected)}
            )
            log.finish(delivery, Progress.REFUSED)
            return
        log.finish(delivery, Progress.SENT)

    def _take_up(self, channel: Channel, delivery: Delivery, now: datetime) -> bool:
        """Whether an announcement begun before is to be sent now: it failed, or its worker died."""
        if delivery.progress is Progress.SENDING:
            if not channel.repeatable:
                return False
            if now - delivery.time < LEFT_BEHIND:
                raise RetryLater("another worker is telling", LEFT_BEHIND.total_seconds())
        elif delivery.progress is not Progress.FAILED:
            return False
        return self.stores.deliveries.resume(delivery, now)

    def _announcement(self, id: str) -> Announcement | None:
        post = self.stores.posts.read(id)
        if post is None or post.live is None or "home" not in post.live.lists or not post.live.up:
            return None
        if post.accepted is not None:
            correlation.carry(*correlation.carried(), post.accepted.correlationid)
        return self._words(post.live.card)

    def _words(self, card: Card) -> Announcement:
        return Announcement(
            id=card.id,
            title=card.title,
            url=site.absolute(self._settings().base_url, card.path),
            date=card.date,
            lang=card.lang,
            summary=card.summary,
        )

    def _tell_author(self, id: str, key: str, revision: int) -> None:
        """One mail for one revision, with line, reason and cure."""
        post = self.stores.posts.read(id) if id else None
        key, error = (key, post.error) if post is not None else self._error(id, key)
        if self.author is None or error is None:
            return
        place = ":".join(str(part) for part in (key, error.line, error.column) if part is not None)
        text = f"{place}: {error.message}\n\n{error.fix}\n"
        author, title = self.author, self._settings().title
        mail = compose(title, author.sender, author.to, f"Not live: {key}", text)
        # Settings and static files have no revision: an error in them is told once.
        version = revision if post is not None else _digest(error.model_dump_json())
        self._once(f"author#{version}", lambda: author.mail.send(mail), post=id or None)

    def _error(self, id: str, key: str) -> tuple[str, Error | None]:
        """What is wrong now with a static file, the settings or the theme, and in which file."""
        if id:
            source = self.stores.sources.read(key)
            return key, source.error if source is not None else None
        state = self.stores.sites.read()
        if not key.startswith(PREFIX):
            return key, state.error
        broken = state.theme_error
        return (broken.file, broken.error) if broken is not None else (key, None)

    def _settings(self) -> Site:
        return self.stores.sites.read().effective(self.site_url)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]
