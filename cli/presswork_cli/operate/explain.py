"""`explain`: why a post is as it is, from the state of the stack alone; nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from presswork import content
from presswork.aws.buckets import ContentBucket
from presswork.aws.item_keys import item_keys
from presswork.correlation import correlation_of
from presswork.post import UP, Status
from presswork.stages.render.neighbours import Neighbours
from presswork.stages.sources import SourceReader, Version
from presswork.state import Live, PostState, SiteState, Source
from presswork.tasks import KnownTask
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import key_of
from presswork_cli.operate import images
from presswork_cli.operate.compared import EQUAL, Compared
from presswork_cli.operate.publish import url_of
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.receipt import (
    ClaimReceipt,
    DeliveryReceipt,
    ExplainAnswer,
    ItemReceipt,
    LiveReceipt,
    NeighbourReceipt,
    ObjectReceipt,
    PostReceipt,
    SourceReceipt,
    UploadReceipt,
)


def explain(stack: Stack, name: str) -> ExplainAnswer:
    """The receipt of a post, named by its file, its key or its id; Failure when none is known."""
    source, post = known(stack, name)
    return _Receipt(stack, source, post).answer


def known(stack: Stack, name: str) -> tuple[Source, PostState | None]:
    """What the table knows of a post, named by its file, its key or its id."""
    source = stack.stores.sources.read(key_of(name)) or stack.stores.sources.read(name)
    if source is None:
        post = stack.stores.posts.read(name)
        if post is None:
            raise Failure(
                f"nothing is known of {name}: give a file, a key or the id of a post", Exit.USAGE
            )
        source = stack.stores.sources.read(post.source) or Source(key=post.source)
    else:
        post = next(filter(None, map(stack.stores.posts.read, source.posts)), None)
    return source, post


def exit_code(answer: ExplainAnswer) -> Exit:
    """1 when something about the post is not as it should be."""
    amiss = any(receipt.state != EQUAL for receipt in answer.objects)
    unfit = answer.status in {Status.REJECTED.value, Status.WAITING.value}
    return Exit.REJECTED if amiss or unfit else Exit.FINE


def correlations(source: Source, post: PostState | None) -> dict[str, str]:
    """The ids of the upload looked at last, and that of the accepted revision if it is another's.

    A revision of the software before has none, nor has a deletion been uploaded.
    """
    accepted = post.accepted if post else None
    newest = correlation_of(source.key, source.version_id) if source.version_id else None
    revision = accepted.correlationid if accepted else None
    found = {"newest upload": newest, "accepted revision": revision if revision != newest else None}
    return {what: id for what, id in found.items() if id is not None}


@dataclass(frozen=True)
class _Receipt:
    """One post, as far as the table, the buckets and the claims tell of it."""

    stack: Stack
    source: Source
    post: PostState | None

    @property
    def answer(self) -> ExplainAnswer:
        """All of it."""
        post, status = self.post, self.source.status
        error = self.source.error
        return ExplainAnswer(
            site=self.stack.outputs.SiteUrl,
            status=status.value,
            why=_why(self.source, post),
            error=error,
            source=self._source(),
            post=_post(post) if post else None,
            live=self._live(post.live) if post and post.live else None,
            claims=tuple(self._claims(post)) if post else (),
            images=images.find(self.stack, None, post.id).images if post else (),
            lists=post.live.lists if post and post.live and post.live.up else (),
            beside=tuple(self._neighbours(post)) if post else (),
            uploads=tuple(self._uploads()),
            told=tuple(self._deliveries(post)) if post else (),
            pending=tuple(self._pending(post)) if post else (),
            objects=tuple(self._objects(post)) if post else (),
            items=tuple(self._items()),
        )

    @cached_property
    def _settings(self) -> SiteState:
        return self.stack.stores.sites.read()

    @cached_property
    def _content(self) -> ContentBucket:
        return ContentBucket(self.stack.client("s3"), self.stack.outputs.ContentBucket)

    def _source(self) -> SourceReceipt:
        source = self.source
        now = self._content.get(source.key, most=0)
        return SourceReceipt(
            key=source.key,
            looks=source.lock_version,
            version_id=source.version_id,
            etag=source.etag,
            sequencer=source.sequencer,
            gone_since=source.gone_since,
            due=source.due,
            is_current=(now.version_id if now else None) == source.version_id,
        )

    def _live(self, live: Live) -> LiveReceipt:
        return LiveReceipt(
            up=live.up,
            n=live.version,
            revision=live.revision,
            url=url_of(self.stack.outputs.SiteUrl, live.path),
            version_id=live.version_id,
            fingerprint=live.fingerprint,
            build=str(live.build),
            is_current=live.build == self._settings.build,
        )

    def _claims(self, post: PostState) -> Iterator[ClaimReceipt]:
        claims = self.stack.stores.claims
        waits = (self.source.waits_on,) if self.source.waits_on else ()
        for name in dict.fromkeys((*post.claims, *post.paths, *waits)):
            holder = claims.read(name)
            if holder is not None:
                yield ClaimReceipt(
                    name=name,
                    held=holder.held,
                    source=holder.source,
                    is_own=holder.post == post.id,
                    waiters=tuple(claims.waiters(name)),
                )

    def _neighbours(self, post: PostState) -> Iterator[NeighbourReceipt]:
        live = post.live
        if live is None or not live.up:
            return
        settings = self._settings.effective(self.stack.outputs.SiteUrl.rstrip("/"))
        reader = SourceReader(self._content)
        version = Version(live.source, live.version_id, settings, post.first_date, live.path)
        parsed = reader.read(version)
        around = Neighbours(self.stack.stores.lists).around(settings, parsed.post)
        single = ("newer", "older", "next_part", "last_part")
        linked = [(role.replace("_", " "), getattr(around, role)) for role in single]
        for role, card in (*linked, *(("related", card) for card in around.related)):
            if card is not None:
                yield NeighbourReceipt(role=role, path=card.path, title=card.title)

    def _uploads(self) -> Iterator[UploadReceipt]:
        for what, id in correlations(self.source, self.post).items():
            yield UploadReceipt(what=what, correlation_id=id, logs=self.stack.logs_of(id))

    def _deliveries(self, post: PostState) -> Iterator[DeliveryReceipt]:
        for note in self.stack.stores.deliveries.notes(post.id):
            yield DeliveryReceipt(
                channel=note.subject.partition("#")[0], progress=note.progress.value, time=note.time
            )

    def _pending(self, post: PostState) -> Iterator[str]:
        accepted, live = post.accepted, post.live
        for task in post.pending_parse.known:
            yield f"parse: {_told(task)}"
        if accepted is not None and accepted.status in UP:
            if accepted.has_images and (not post.ready or post.ready.revision < accepted.revision):
                yield f"images: those of revision {accepted.revision}"
            if live is None or not live.up or live.revision < accepted.revision:
                yield f"render: revision {accepted.revision} is to go live"
        elif accepted is not None and live is not None and live.up:
            yield "render: the page is to be taken down"
        if live is not None and live.build != self._settings.build:
            yield "render: the page is to be made with the settings, the theme and the software"
        for stage in ("images", "render", "index"):
            for task in getattr(post, f"pending_{stage}").known:
                yield f"{stage}: {_told(task)}"

    def _objects(self, post: PostState) -> Iterator[ObjectReceipt]:
        yield from Compared.of(self.stack).post(post)

    def _items(self) -> Iterator[ItemReceipt]:
        for pk, sk in dict.fromkeys(item_keys(self.stack.stores, self.source, self.post)):
            yield ItemReceipt(pk=pk, sk=sk, there=self.stack.stores.holds(pk, sk))


def _told(task: KnownTask) -> str:
    """A task in words: its kind, and what it is about."""
    about = task.model_dump(mode="json", exclude={"kind"}).values()
    return " ".join([task.kind.replace("_", " "), *map(str, about)])


def _post(post: PostState) -> PostReceipt:
    return PostReceipt(
        id=post.id,
        title=post.title,
        date=post.date,
        first_date=post.first_date,
        revision=post.revision,
        fingerprint=post.fingerprint,
        version_id=post.version_id,
        accepted=post.accepted.revision if post.accepted else None,
        ready=post.ready.revision if post.ready else None,
        generation=post.ready.generation if post.ready else None,
    )


def _why(source: Source, post: PostState | None) -> str:
    """The reason of a status, in a sentence."""
    when = source.due or (post.date if post else None)
    date = f"{when:%Y-%m-%d %H:%M} UTC" if when else "a later time"
    since = f" since {source.gone_since:%Y-%m-%d %H:%M} UTC" if source.gone_since else ""
    derived = content.derived_id(source.key)
    kept = bool(post and post.live and post.live.up)
    reasons = {
        Status.LIVE: "It is understood, its date has come, and its paths are its own.",
        Status.UNLISTED: "It has a page, and stands in no list, as its front matter says.",
        Status.DRAFT: "It is a draft: its front matter, or its folder, says so.",
        Status.SCHEDULED: f"It is to appear at {date}.",
        Status.EXPIRED: "The time that its front matter names for its end is over.",
        Status.WAITING: f"Another post holds {source.waits_on}.",
        Status.REJECTED: "It cannot be understood as it stands.",
        Status.GONE: f"There is no object under its key{since}.",
        Status.SKIPPED: "It is no post: it is stored, and shown by posts that name it.",
    }
    reason = reasons[source.status]
    if source.status in (Status.REJECTED, Status.WAITING) and kept:
        reason += " Its last good revision stays live."
    if source.status is Status.GONE and post is not None and post.source != source.key:
        reason += f" The post lives on under {post.source}."
    if post is not None and post.id != derived:
        reason += f" It has the id {post.id} by its own wish."
    return reason
