"""notify: tells followers of a new post, once; and an author what became of a source."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Self

from presswork import correlation, imaging, site
from presswork.authority import HELD_BY_SOURCE
from presswork.aws.clients import variable
from presswork.aws.deliveries import CHANNELS, digest_list
from presswork.aws.mail import Mail
from presswork.aws.parallel import in_parallel
from presswork.aws.queues import Queue
from presswork.aws.secrets import Secrets
from presswork.aws.stores import Stores
from presswork.clock import utc_now
from presswork.events import Event, Type
from presswork.messages import (
    Message,
    RemindAuthor,
    SendDigest,
    TellAuthor,
    TellWhenQuiet,
    unknown,
)
from presswork.post import Card, Error, Status
from presswork.settings import Site
from presswork.stages.notify.channels import (
    Announcement,
    Channel,
    HookChannel,
    MailChannel,
    compose,
)
from presswork.stages.notify.telling import FRESH, Send, Teller, Telling
from presswork.state import SETTLED, PostState, Progress, SiteState, Subject
from presswork.theme_files import PREFIX

PATIENCE = timedelta(minutes=5)
LONGEST_UNREST = timedelta(minutes=10)
"""How long a post may go on changing before it is told of as it is."""


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

    @cached_property
    def teller(self) -> Teller:
        """Tells everything once."""
        return Teller(self.stores.deliveries, self.clock)

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
                about = message.data
                self._tell_author(
                    TellAuthor(post=about.post, key=about.key, revision=about.revision)
                )
            case TellAuthor():
                self._tell_author(message)
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
            self._tell_author(TellAuthor(post=id, key=post.source, revision=revision))

    def digest(self, name: str, until: datetime) -> None:
        """Tells at once of the posts that were put off, as far as they are still there.

        Which posts these are is written before they are told of: a digest that was begun comes
        first, of the same posts.
        """
        self._close_digest(name)
        begun = self.stores.deliveries.read(Subject.digest(name))
        if begun is not None:
            self._tell_digest(name, begun.subject.posts, until)
        if posts := self._put_off(name, until):
            self._tell_digest(name, posts, until)

    def _put_off(self, name: str, until: datetime) -> tuple[str, ...]:
        """The posts that are due for a digest; those that are no news any more are struck out."""
        log, news, settings = self.stores.deliveries, [], self._settings()
        has_channel = any(channel.name == name for channel in self.channels)
        for work in self.stores.lists.due(digest_list(name), until):
            delivery = log.deferred(work.content, name)
            if delivery and has_channel and self._announcement(work.content, settings):
                news.append(work.content)
                continue
            if delivery:
                log.finish(delivery, Progress.FAILED)
            self.stores.write(self.stores.lists.delete(work))
        return tuple(news)

    def _tell_digest(self, name: str, posts: tuple[str, ...], until: datetime) -> None:
        channel = next((each for each in self.channels if each.name == name), None)
        subject = Subject.digest(name, posts)
        if channel is None:
            self.teller.give_up(subject)
        else:
            again = SendDigest(channel=name, until=until)
            self.teller.tell(
                Telling(subject, again, lambda: self._digest_of(channel, posts), channel.repeatable)
            )
        self._close_digest(name)

    def _digest_of(self, channel: Channel, posts: tuple[str, ...]) -> Send:
        """What sends a digest of those posts that were not told of meanwhile."""
        waiting = [id for id in posts if self.stores.deliveries.deferred(id, channel.name)]
        settings = self._settings()
        found = [self._announcement(id, settings) for id in waiting]
        news = [post for post in found if post is not None]
        if not news:
            return lambda: None
        return channel.prepare(_message_id(posts), settings.title, news, self.clock())

    def _close_digest(self, name: str) -> None:
        """Notes the end of a digest with each of its posts; then another may begin."""
        log = self.stores.deliveries
        digest = log.read(Subject.digest(name))
        if digest is None or digest.progress not in SETTLED:
            return
        for id in digest.subject.posts:
            delivery = log.deferred(id, name)
            if delivery is not None:
                log.finish(delivery, digest.progress)
        due = self.stores.lists.all_work(digest_list(name))
        told = set(digest.subject.posts)
        for work in [each for each in due if each.content in told]:
            self.stores.write(self.stores.lists.delete(work))
        log.forget(digest)

    def _wait_until_quiet(self, id: str, since: datetime) -> None:
        """Has a post looked at again later, if there is news of it now that is yet to be told."""
        names = [channel.name for channel in self.channels]
        log = self.stores.deliveries
        post, state, *told = self.stores.table.read_all(
            self.stores.posts.wanted(id),
            self.stores.sites.wanted(),
            *(log.wanted(id, name) for name in names),
        )
        if post is None or post.accepted is None or self._news(post, state) is None:
            return
        ends = SETTLED | {Progress.PUT_OFF}
        if all(delivery is not None and delivery.progress in ends for delivery in told):
            return
        revision = post.accepted.revision
        self.queue.send(TellWhenQuiet(post=id, revision=revision, since=since), delay=self.quiet)

    def _tell_when_quiet(self, message: TellWhenQuiet) -> None:
        """Tells of a post that did not change; of one that changes on and on after ten minutes.

        Where it is to rest longer than five minutes, after twice as long as that.
        """
        stores = self.stores
        post, state = stores.post_and_site(message.post)
        news = self._news(post, state)
        if post is None or post.accepted is None or post.live is None or news is None:
            for channel in CHANNELS:
                self.teller.give_up(Subject.announcement(message.post, "", channel))
            return
        longest = max(LONGEST_UNREST, 2 * timedelta(seconds=self.quiet))
        is_patient = self.clock() - message.since < longest
        if is_patient and message.revision != post.accepted.revision:
            self._wait_until_quiet(post.id, message.since)
        elif not is_patient or post.live.revision == post.accepted.revision:
            self._tell_followers(news, state.effective(self.site_url), message)
        # Otherwise the newer revision is on its way, and is told of when it is live.

    def _news(self, post: PostState | None, state: SiteState) -> Card | None:
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
        now, appeared = self.clock(), live.appeared or live.card.date
        if not now - FRESH <= appeared <= now:
            return None
        told_before = state.told_before
        return live.card if told_before is None or told_before < appeared else None

    def _tell_followers(self, card: Card, settings: Site, again: TellWhenQuiet) -> None:
        """Tells on every channel, side by side; one that fails keeps no other from being heard."""
        subjects = {
            channel.name: Subject.announcement(card.id, card.path, channel.name)
            for channel in self.channels
        }
        untold = self.stores.deliveries.untold(subjects.values(), self.clock())

        def tell(channel: Channel) -> Exception | None:
            def prepare() -> Send:
                words = [_words(card, settings)]
                return channel.prepare(_message_id([card.id]), settings.title, words, self.clock())

            subject = subjects[channel.name]
            hour = untold.get(subject)
            try:
                self.teller.tell(Telling(subject, again, prepare, channel.repeatable, hour))
            except Exception as error:  # noqa: BLE001 - raised once the others are told
                return error
            return None

        for failure in in_parallel(partial(tell, channel) for channel in self.channels):
            if failure is not None:
                raise failure

    def _announcement(self, id: str, settings: Site) -> Announcement | None:
        post = self.stores.posts.read(id)
        if post is None or post.live is None or "home" not in post.live.lists or not post.live.up:
            return None
        if post.accepted is not None:
            correlation.carry(*correlation.carried(), post.accepted.correlationid)
        return _words(post.live.card, settings)

    def _tell_author(self, about: TellAuthor) -> None:
        """One mail for one revision, with line, reason and cure."""
        post = self.stores.posts.read(about.post) if about.post else None
        found = (about.key, post.error) if post is not None else self._error(about.post, about.key)
        key, error = found
        # Settings and static files have no revision: an error in them is told once.
        version = str(about.revision) if post is not None or error is None else _of(error)
        subject = Subject.author_mail(about.version or version, about.post)
        if self.author is None or error is None or subject.name != f"author#{version}":
            self.teller.drop(subject)
            return
        place = ":".join(str(part) for part in (key, error.line, error.column) if part is not None)
        text = f"{place}: {error.message}\n\n{error.fix}\n"
        author, title = self.author, self._settings().title
        mail = compose(title, author.sender, author.to, f"Not live: {key}", text)
        again = about.model_copy(update={"version": version})
        self.teller.tell(Telling(subject, again, lambda: lambda: author.mail.send(mail)))

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


def _words(card: Card, settings: Site) -> Announcement:
    return Announcement(
        id=card.id,
        title=card.title,
        url=site.absolute(settings.base_url, card.path),
        date=card.date,
        lang=card.lang,
        summary=card.summary,
    )


def _message_id(posts: Sequence[str]) -> str:
    """The id by which receivers know a repetition of what was told of these posts."""
    return f"msg_{_digest(*posts)}"


def _of(error: Error) -> str:
    return _digest(error.model_dump_json())


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]
