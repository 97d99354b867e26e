"""The objects that come of one post, held against what the stages would make of them now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from presswork import site
from presswork.aws.buckets import ContentBucket, SiteBucket
from presswork.aws.edge import Edge
from presswork.aws.queues import Queue
from presswork.aws.topic import Topic
from presswork.object import Object
from presswork.stages.index.stage import Index
from presswork.stages.render.stage import Render
from presswork.stages.sources import SourceReader
from presswork.state import PostState
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.receipt import ObjectReceipt

MISSING, DIFFERENT, LEFT_OVER, EQUAL = "missing", "different", "left over", "equal"


@dataclass(frozen=True)
class DryRunBucket(SiteBucket):
    """The site's bucket, but that it notes what is asked of it and changes nothing."""

    states: dict[str, str] = field(default_factory=dict)

    def head(self, key: str) -> str | None:
        """The ETag of an object, or None when absent."""
        etag = super().head(key)
        if etag is not None:
            self.states.setdefault(key, EQUAL)
        return etag

    def put(
        self,
        key: str,
        made: Object,
        *,
        etag: str | None,
        disposition: str | None = None,  # noqa: ARG002 - nothing is written
    ) -> str:
        """Notes that an object is to be written, and returns the ETag that it would have."""
        is_missing = etag is None or self.states.get(key) == MISSING
        self.states[key] = MISSING if is_missing else DIFFERENT
        return f'"{made.digest}"'

    def delete(self, key: str, *, etag: str | None = None) -> None:  # noqa: ARG002
        """Notes that an object is to go."""
        self.states[key] = LEFT_OVER


class _Caches(Edge):
    """The caches, which nobody asks anything while nothing is changed."""

    def forget(self, paths: Iterable[str], why: Iterable[str]) -> None:
        """Fails: what is compared stays in the caches."""
        raise AssertionError(f"{paths} are not to be forgotten for {why}")


@dataclass(frozen=True)
class Compared:
    """render and index at work on a bucket that changes nothing."""

    bucket: DryRunBucket
    render: Render
    index: Index

    @classmethod
    def of(cls, stack: Stack) -> Self:
        """The stages of a stack."""
        outputs, s3 = stack.outputs, stack.client("s3")
        bucket, topic = (
            DryRunBucket(s3, outputs.SiteBucket),
            Topic(stack.client("sns"), outputs.Topic),
        )
        url = outputs.SiteUrl.rstrip("/")
        reader = SourceReader(ContentBucket(s3, outputs.ContentBucket))
        queue = Queue(stack.client("sqs"), "")  # to which nothing is sent here
        caches = _Caches(partial(stack.client, "cloudfront"), "")
        return cls(
            bucket,
            Render(reader, bucket, stack.stores, topic, queue, url),
            Index(bucket, stack.stores, topic, caches, queue, url),
        )

    def post(self, post: PostState) -> Iterator[ObjectReceipt]:
        """The page, its data and its stubs; media; and the lists that it stands in."""
        for path in post.paths:
            self.render.make(path)
            yield from self._noted(path)
        for image in (post.ready.images if post.ready else {}).values():
            files = image.picture.files.values() if image.picture else ()
            keys = [key for each in files for key in each.values()]
            for key in [*keys, *([image.file] if image.file else [])]:
                there = self.bucket.head(key) is not None
                self.bucket.states[key] = EQUAL if there else MISSING
            yield from self._noted("an image")
        lists = post.live.lists if post.live is not None and post.live.up else ()
        for name in _made_of(lists):
            self.index.make([name])
            yield from self._noted(name)

    def _noted(self, origin: str) -> Iterator[ObjectReceipt]:
        """What was asked of the bucket since this was asked last."""
        states = dict(self.bucket.states)
        self.bucket.states.clear()
        for key, state in sorted(states.items()):
            yield ObjectReceipt(key=key, of=origin, state=state)


def _made_of(lists: Iterable[str]) -> Iterator[str]:
    """The lists that are made for those a post stands in: for its place all periods around it."""
    for name in lists:
        kind, _, position = name.partition(":")
        if kind == "period":
            yield from (f"period:{period}" for period in site.periods_to(position))
        else:
            yield name
