"""notify: tells followers of a new post, once; and an author what became of a source."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from aws_lambda_powertools import Logger

from presswork import imaging, site
from presswork.aws.clients import variable
from presswork.aws.deliveries import Delivery, DeliveryLog, Progress, digest_list
from presswork.aws.lists import Lists
from presswork.aws.mail import Mail
from presswork.aws.posts import Posts
from presswork.aws.queues import Queue, Reminder
from presswork.aws.secrets import Secrets
from presswork.aws.sites import Sites
from presswork.aws.sources import Sources
from presswork.aws.table import Table
from presswork.clock import utc_now
from presswork.errors import Rejected, RetryLater
from presswork.events import Event, Type
from presswork.post import Card, Error, Status
from presswork.settings import Site
from presswork.stages.notify.channels import (
    Announcement,
    Channel,
    HookChannel,
    MailChannel,
    compose,
)
from presswork.theme_files import PREFIX

logger = Logger(child=True)

FRESH = timedelta(hours=48)
PATIENCE = timedelta(minutes=5)
LEFT_BEHIND = timedelta(minutes=2)


@dataclass(frozen=True)
class AuthorMail:
    """Where an author is told of a source that was rejected, or waits."""

    mail: Mail
    sender: str
    to: str


@dataclass(frozen=True)
class Notify:
    """The stage: whether to tell is read from state alone, and promised before it is done."""

    table: Table
    queue: Queue
    channels: tuple[Channel, ...]
    author: AuthorMail | None
    site_url: str
    clock: Callable[[], datetime] = utc_now

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
            table=Table.from_env(),
            queue=Queue.from_env("NOTIFY_QUEUE_URL"),
            channels=tuple(channels),
            author=AuthorMail(mail, sender, address) if sender and address else None,
            site_url=variable("SITE_URL"),
        )

    def notify(self, event: Event) -> None:
        """Tells who is to hear of an event."""
        match event.type:
            case Type.LIVE:
                self._tell_followers(event.data.post)
            case Type.REJECTED:
                self._tell_author(event.data.post, event.data.key, event.data.revision)
            case Type.WAITING:
                reminder = Reminder(remind=event.data.post, revision=event.data.revision)
                self.queue.send(reminder, delay=int(PATIENCE.total_seconds()))

    def remind(self, id: str, revision: int) -> None:
        """Tells the author of a post that still waits for another."""
        post = Posts(self.table).read(id)
        if post is not None and (post.status, post.revision) == (Status.WAITING, revision):
            self._tell_author(id, post.source, revision)

    def digest(self, channel_name: str, until: datetime) -> None:
        """Tells at once of the posts that were put off, as far as they are still there."""
        lists, told = Lists(self.table), DeliveryLog(self.table)
        items = list(lists.due(digest_list(channel_name), until))
        channel = next((c for c in self.channels if c.name == channel_name), None)
        posts = [self._announcement(str(item["content"])) for item in items]
        news = [post for post in posts if post is not None]
        what = f"digest#{_digest(*(post.id for post in news))}"
        if channel is not None and news:
            self._once(
                f"TOLD#{channel_name}",
                what,
                lambda: channel.send(self._settings().title, news, self.clock()),
            )
        for item in items:
            telling = told.put_off(str(item["content"]), channel_name)
            if telling is not None:
                told.move(telling, Progress.SENT)
            self.table.write(lists.delete(item))

    def _once(self, pk: str, what: str, tell: Callable[[], None]) -> None:
        """Tells at most once; what is known not to have been sent is tried again."""
        told = DeliveryLog(self.table)
        if not told.once(pk, what, self.clock()):
            return
        try:
            tell()
        except RetryLater:
            told.undo(pk, what)
            raise

    def _tell_followers(self, id: str) -> None:
        """Tells on every channel; one that fails keeps no other from being heard."""
        now = self.clock()
        post = Posts(self.table).read(id)
        if post is None or post.live is None or not post.live.up:
            return
        if "home" not in post.live.lists:  # a page is no news
            return
        if not now - FRESH <= post.live.card.date <= now:
            return
        failures = []
        for channel in self.channels:
            try:
                self._tell(channel, post.live.card, now)
            except RetryLater as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def _tell(self, channel: Channel, card: Card, now: datetime) -> None:
        told = DeliveryLog(self.table)
        telling = told.read(card.id, card.path, channel.name)
        if telling is None:
            telling = told.begin(card.id, card.path, channel.name, now)
            if telling is None or telling.progress is not Progress.SENDING:
                return
        elif telling.post != card.id or not self._take_up(channel, telling, now):
            return
        try:
            channel.send(self._settings().title, [self._words(card)], now)
        except RetryLater:
            told.move(telling, Progress.FAILED)
            raise
        except Rejected as rejected:
            logger.warning(
                "refused for good", extra={"channel": channel.name, "why": str(rejected)}
            )
            told.move(telling, Progress.REFUSED)
            return
        told.move(telling, Progress.SENT)

    def _take_up(self, channel: Channel, telling: Delivery, now: datetime) -> bool:
        """Whether an announcement begun before is to be sent now: it failed, or its worker died."""
        if telling.progress is Progress.SENDING:
            if not channel.repeatable:
                return False
            if now - telling.time < LEFT_BEHIND:
                raise RetryLater("another worker is telling", LEFT_BEHIND.total_seconds())
        elif telling.progress is not Progress.FAILED:
            return False
        return DeliveryLog(self.table).again(telling, now)

    def _announcement(self, id: str) -> Announcement | None:
        post = Posts(self.table).read(id)
        if post is None or post.live is None or not post.live.up:
            return None
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
        post = Posts(self.table).read(id) if id else None
        key, error = (key, post.error) if post is not None else self._error(id, key)
        if self.author is None or error is None:
            return
        place = ":".join(str(part) for part in (key, error.line, error.column) if part is not None)
        text = f"{place}: {error.message}\n\n{error.fix}\n"
        author, title = self.author, self._settings().title
        mail = compose(title, author.sender, author.to, f"Not live: {key}", text)
        # Settings and static files have no revision: an error in them is told once.
        what = f"author#{revision if post is not None else _digest(error.model_dump_json())}"
        self._once(f"POST#{id}" if id else "SITE", what, lambda: author.mail.send(mail))

    def _error(self, id: str, key: str) -> tuple[str, Error | None]:
        """What is wrong now with a static file, the settings or the theme, and in which file."""
        if id:
            source = Sources(self.table).read(key)
            return key, source.error if source is not None else None
        state = Sites(self.table).read()
        if not key.startswith(PREFIX):
            return key, state.error
        broken = state.theme_error
        return (broken.file, broken.error) if broken is not None else (key, None)

    def _settings(self) -> Site:
        return Sites(self.table).read().effective(self.site_url)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]
