"""A world that counts what AWS would ask money for, and hands out messages in Lambda's batches."""

import hashlib
import json
import math
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from flow.memory import MemoryCloud
from flow.memory_table import Item, MemoryTable, size
from flow.recorded import QUEUES
from flow.world import Origin, World, picture, plain
from presswork import imaging, wire
from presswork.aws import queues
from presswork.imaging.making.media import Order
from template.stack import REPOSITORY, Stack, name_of
from template.test_costs import alarm_metrics, pollers

WRITTEN, READ = 1024, 4096
"""Bytes of a unit: Amazon DynamoDB Developer Guide, "DynamoDB on-demand capacity mode"."""
IN_A_TRANSACTION = 2
"""Units for each one of a write in a transaction; the same page."""
PUBLISHED = 64 * 1024
"""Bytes of a request: Amazon SNS pricing and Amazon SQS pricing."""
TOGETHER = 10
"""Messages of one receive or delete: Amazon SQS API Reference, "ReceiveMessage"."""

USAGE = REPOSITORY / "cli" / "presswork_cli" / "cost" / "usage.json"

UPLOAD = "upload"
"""What an author does, and what S3 tells of it."""

_S3 = {
    "GetObject": "s3.reads",
    "HeadObject": "s3.reads",
    "PutObject": "s3.writes",
    "CopyObject": "s3.writes",
    "ListObjectsV2": "s3.writes",
    "ListObjectVersions": "s3.writes",
    "DeleteObject": "s3.deletes",
}
_FREE = {"GetParameter", "CreateSchedule"}


@dataclass
class Meter:
    """Units by stage; the stage is that of the thread, or of who started it."""

    units: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    puts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    stage: str | None = None
    _answering: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def at(self, stage: str) -> Iterator[None]:
        """What is called in the block is called for a stage."""
        before = self.stage
        self.stage = stage
        try:
            yield
        finally:
            self.stage = before

    @contextmanager
    def timed(self) -> Iterator[None]:
        """The processor time of the block is the stage's, but for that of AWS in memory."""
        stage, began, answering = self.stage or "", time.process_time(), self._answering
        try:
            yield
        finally:
            answered = self._answering - answering
            self.seconds[stage] += time.process_time() - began - answered

    def answered(self, began: float) -> None:
        """AWS in memory took this thread's processor since then."""
        with self._lock:
            self._answering += time.thread_time() - began

    def add(self, unit: str, amount: int = 1) -> None:
        """Adds to a unit of the stage at work."""
        if self.stage is not None and amount:
            with self._lock:
                self.units[self.stage][unit] += amount

    def note(self, operation: str, request: Mapping[str, Any]) -> None:
        """Counts a call that is no read or write of the table."""
        if self.stage is None:
            return
        self.add("calls")
        if operation in _S3:
            self.add(_S3[operation])
            if operation == "PutObject":
                self.puts[self.stage][kind_of(request["Bucket"], request["Key"])] += 1
        elif operation == "Publish":
            bytes = len(request["Message"].encode()) + size(request.get("MessageAttributes", {}))
            self.add("sns.publishes", _parts(bytes, PUBLISHED))
        elif operation == "CreateInvalidation":
            self.add(
                "cloudfront.invalidation_paths", request["InvalidationBatch"]["Paths"]["Quantity"]
            )
        elif operation == "SendRawEmail":
            self.add("ses.mails", len(request["Destinations"]))
        elif operation in {"DeleteMessage", "GetQueueAttributes"}:
            self.add("sqs.requests")
        else:  # what is sent to a queue is counted when it comes out of it
            assert operation in _FREE | {"SendMessage"}, f"what {operation} costs is not known here"


def kind_of(bucket: str, key: str) -> str:
    """What an object is, in a word."""
    name = key.rpartition("/")[2]
    if bucket == "vault":
        return key.partition("/")[0]
    for kind, is_it in {
        "media": key.startswith("-/media/"),
        "search": key.startswith(("-/search/", "search/")),
        "sitemaps": "sitemap" in key,
        "feeds of terms": name.startswith(("feed.", "rss.")) and "/" in key,
        "feeds of the site": name.startswith(("feed.", "rss.")),
        "pages of terms": key.startswith(("tags/", "categories/", "authors/", "series/")),
        "index.json": name == "index.json",
    }.items():
        if is_it:
            return kind
    return "pages"


def _parts(bytes: int, unit: int) -> int:
    return max(1, math.ceil(bytes / unit))


class MeteredClient:
    """A client of AWS in memory whose calls are counted."""

    def __init__(self, client: Any, meter: Meter) -> None:
        self._client, self._meter = client, meter

    def __getattr__(self, name: str) -> Any:
        """One of the calls, or what else a client has."""
        part = getattr(self._client, name)
        if not callable(part):
            return part
        operation = "".join(word.capitalize() for word in name.split("_"))

        def counted(**request: Any) -> Any:
            began = time.thread_time()
            try:
                self._count(operation, request)
                return part(**request)
            finally:
                self._meter.answered(began)

        return counted

    def get_paginator(self, name: str) -> Any:
        """The pages of a call, of which there is one."""
        return SimpleNamespace(paginate=lambda **request: [getattr(self, name)(**request)])

    def _count(self, operation: str, request: Mapping[str, Any]) -> None:
        self._meter.note(operation, request)


class MeteredTable(MeteredClient):
    """The client of the table: what it costs depends on the items, also where a condition fails."""

    def _count(self, operation: str, request: Mapping[str, Any]) -> None:
        table: MemoryTable = self._client._part
        if self._meter.stage is None:
            return
        self._meter.add("calls")
        match operation:
            case "GetItem":
                self._read([_size_of(table.get_item(**request).get("Item", {}))], request)
            case "BatchGetItem":
                ((_, about),) = request["RequestItems"].items()
                answer = table.batch_get_item(**request)
                (found,) = answer["Responses"].values()
                absent = len(about["Keys"]) - len(found)
                self._read([*map(_size_of, found), *([0] * absent)], about)
            case "Query":
                items = table.query(**{k: v for k, v in request.items() if k != "Select"})["Items"]
                self._read([sum(map(_size_of, items))], request)
            case "TransactWriteItems":
                for entry in request["TransactItems"]:
                    ((kind, about),) = entry.items()
                    self._write(table, kind, about, IN_A_TRANSACTION)
            case "PutItem" | "UpdateItem" | "DeleteItem":
                self._write(table, operation.removesuffix("Item"), request, 1)
            case _:
                raise AssertionError(f"what {operation} costs is not known here")

    def _read(self, sizes: Iterable[int], request: Mapping[str, Any]) -> None:
        assert request["ConsistentRead"], "a read that is not strong costs half"
        self._meter.add("dynamodb.read_units", sum(_parts(size, READ) for size in sizes))

    def _write(self, table: MemoryTable, kind: str, about: Mapping[str, Any], times: int) -> None:
        """The larger of the item before and after."""
        key = about["Item"] if kind == "Put" else about["Key"]
        before = table.get_item(Key={name: key[name] for name in ("PK", "SK")}).get("Item", {})
        after: Item = {}
        if kind == "Put":
            after = about["Item"]
        elif kind == "Update":
            after = before | {str(n): v for n, v in about["ExpressionAttributeValues"].items()}
            after = table._made("Update", dict(about)) if before else after
        units = _parts(max(_size_of(before), _size_of(after)), WRITTEN)
        self._meter.add("dynamodb.write_units", times * units)


def _size_of(item: Item) -> int:
    return size(item)


class MeteredCloud(MemoryCloud):
    """AWS in memory, whose calls are counted."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self.meter = meter

    def client(self, service: str) -> Any:
        """The client of a service."""
        kind = MeteredTable if service == "dynamodb" else MeteredClient
        return kind(super().client(service), self.meter)


def batch_sizes() -> dict[str, int]:
    """How many messages of each queue Lambda hands over at once."""
    names = {queue: name for name, queue in QUEUES.items()}
    mappings = Stack({}).of("AWS::Lambda::EventSourceMapping").values()
    return {names[name_of(m["EventSourceArn"])]: m["BatchSize"] for m in mappings}


FUNCTIONS = {"backfill": "parse", "bulk": "images"}
"""The function of a queue, where it has not the queue's own name."""


class MeteredWorld(World):
    """The flow of a stack that tells nobody, each function's work counted apart."""

    def __init__(self, origin: Origin, port: int) -> None:
        self.meter = Meter()
        super().__init__(origin, port, MeteredCloud(self.meter))
        self.notify = replace(self.notify, channels=(), author=None)
        self.most_together = batch_sizes()

    def hint(self, key: str, kind: str = "Object Created") -> None:
        """An event about a key, which S3 tells EventBridge."""
        with self.meter.at(UPLOAD):
            self.meter.add("s3.deletes" if kind == "Object Deleted" else "s3.writes")
            self.meter.add("events.data_events")
        super().hint(key, kind)

    def run_in_batches(self, *, passed: Callable[[], None] = lambda: None) -> None:
        """Delivers what waits, each queue's messages as many together as Lambda takes.

        `passed` is told of each batch.
        """
        waiting: dict[str, list[dict[str, Any]]] = {name: [] for name in self.most_together}
        while True:
            for queue, body in self._receive():
                waiting[queue].append(body)
            name = next((name for name, bodies in waiting.items() if bodies), None)
            if name is None:
                return
            most = self.most_together[name]
            batch, waiting[name][:] = waiting[name][:most], waiting[name][most:]
            waiting[name] += self._invoke(name, batch)
            passed()

    def maintained(self) -> None:
        """What the clock makes happen every hour, and what follows."""
        with self.meter.at("maintain"):
            self.meter.add("lambda.requests")
            self.meter.add("messages")
            with self.meter.timed():
                self.at_work(lambda: self.maintain.run(self.now))
        self.run_in_batches()

    def make_photo(self, data: bytes, *, one_fallback: bool, **_: object) -> imaging.Media:
        """What is made of a photo wide enough for every variant; nothing is encoded."""
        self.meter.add("images")
        order = Order(one_fallback=one_fallback)
        largest = max(order.widths)
        return imaging.Media(
            hash=hashlib.sha256(data).hexdigest(),
            width=2400,
            height=1600,
            animated=False,
            truncated=False,
            files={
                f"{width}.{name}": data
                for width in order.widths
                for name in order.formats_at(width, largest)
            },
            placeholder="#808080",
        )

    def _invoke(self, name: str, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The messages of a batch that are to come again."""
        records = [
            {
                "messageId": str(number),
                "receiptHandle": str(number),
                "body": json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1"},
                "eventSource": "aws:sqs",
                "eventSourceARN": name,
            }
            for number, body in enumerate(batch)
        ]
        event, context = {"Records": records}, _Context()
        answers: list[Mapping[str, Any]] = []

        def work() -> None:
            if name == "index":
                answers.append(wire.process_together(event, context, self.index.route))
            elif name == "render":
                begin, finish = self.rendering.begin, self.rendering.finish
                answers.append(wire.process_in_two(event, context, begin, finish))
            else:
                answers.append(wire.process(event, context, lambda each: self._route(name, each)))

        with self.meter.at(FUNCTIONS.get(name, name)), patch.object(queues, "acknowledge"):
            self.meter.add("lambda.requests")
            self.meter.add("messages", len(batch))
            # Each was sent once, and is received and deleted with the others of its batch.
            self.meter.add("sqs.requests", len(batch) + 2 * math.ceil(len(batch) / TOGETHER))
            with self.meter.timed():
                self.at_work(work)
        (answer,) = answers
        return [batch[int(each["itemIdentifier"])] for each in answer["batchItemFailures"]]


class _Context:
    """What Lambda tells of the time left: enough."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """The time left."""
        return 30_000


def photo(number: int) -> bytes:
    """A JPEG like no other."""
    return _PICTURE + number.to_bytes(4, "big")


_PICTURE = picture(size=(8, 8))


WORDS = "Words that fill a line of the text of a post. " * 40
RICH = {"tags": "[a, b, c, d, e]", "categories": "[[x], [y]]"}
LEAN = {"tags": "[a]"}
BEFORE, BURST, SINGLE = 40, 40, 3
"""How many posts there are already, and how many come or go at once, and one by one."""


class Measurement:
    """The posts of a site that is young, and what was counted of them."""

    def __init__(self, origin: Origin, port: int, matter: Mapping[str, str], images: int) -> None:
        self.world = MeteredWorld(origin, port)
        self.world.now = datetime(2026, 3, 1, tzinfo=UTC)
        self._origin, self._matter, self._images = origin, matter, images
        self._texts: Counter[int] = Counter()
        for number in range(BEFORE):
            self._put(number, images=0)
        self.world.run_in_batches()

    def _put(self, number: int, *, images: int) -> None:
        self._texts[number] += 1
        shown = []
        for each in range(images):
            self._origin.files[f"/{number}-{each}.jpg"] = photo(number * 10 + each)
            shown.append(f"![A photo](http://images.example/{number}-{each}.jpg)")
        text = "\n\n".join([f"{WORDS}{self._texts[number]}", *shown])
        date = datetime(2026, 2, 1 + number % 28, 9, number % 60, tzinfo=UTC)
        post = plain(f"Post {number:06}", text, date=f"{date:%Y-%m-%d %X}", **self._matter)
        self.world.put(f"posts/{number}.md", post)

    def counted(self) -> dict[str, dict[str, int]]:
        """What was counted since the last time, and is not counted again."""
        assert self.world.dead == []
        found = {
            stage: dict(sorted(units.items())) for stage, units in self.world.meter.units.items()
        }
        self.world.meter.units.clear()
        return dict(sorted(found.items()))

    def took(self) -> dict[str, float]:
        """The processor seconds since the last time, of each function."""
        found = dict(sorted(self.world.meter.seconds.items()))
        self.world.meter.seconds.clear()
        return found

    def publish(self, first: int, count: int, *, at_once: bool) -> None:
        """Uploads posts, or what their authors changed."""
        for number in range(first, first + count):
            self._put(number, images=self._images)
            if not at_once:
                self.world.run_in_batches()
        self.world.run_in_batches()

    def delete(self, first: int, count: int) -> None:
        """Takes posts down, all at once; two are listed in a second."""
        for number in range(first, first + count):
            self.world.delete(f"posts/{number}.md")
        self.world.run_in_batches(passed=lambda: self.world.later(seconds=0.5))

    def bytes(self) -> dict[str, int]:
        """What a post takes of the table and of the buckets, without its images."""
        kept = {"table": sum(map(size, self.world.table.client._client._part.everything()))}
        for bucket, name in (("site", "site"), ("content", "source")):
            keys = [key for key in self.world.keys(bucket) if not key.startswith("-/media/")]
            kept[name] = sum(
                len(self.world.s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys
            )
        posts = len(self.world.keys("content"))
        return {name: total // posts for name, total in kept.items()}


def measure(
    matter: Mapping[str, str] = RICH,
    *,
    images: int = 2,
    burst: int = BURST,
    told: Callable[[str, Measurement], None] = lambda *_: None,
) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """What `usage.json` says, of posts, of an hour, of the template; and milliseconds of posts.

    These are the processor's, by case and function, without calls and without making images. A
    case that was measured is `told`.
    """
    origin = Origin()
    server = origin.serve()
    cases: dict[str, Any] = {}
    took: dict[str, dict[str, float]] = {}

    def note(name: str, posts: int) -> None:
        cases[name] = {"posts": posts, "by": of.counted()}
        took[name] = {stage: 1000 * seconds / posts for stage, seconds in of.took().items()}
        told(name, of)
        of.world.meter.puts.clear()

    of = Measurement(origin, server.server_port, matter, images)
    with patch.object(imaging, "make", of.world.make_photo):
        of.counted()
        of.took()
        of.world.meter.puts.clear()
        of.publish(BEFORE, burst, at_once=True)
        note("burst", burst)
        of.publish(BEFORE + burst, SINGLE, at_once=False)
        note("single", SINGLE)
        of.publish(BEFORE + burst, SINGLE, at_once=False)
        note("edit", SINGLE)
        bytes = of.bytes()
        of.delete(BEFORE, burst)
        note("delete", burst)
        of.world.maintained()
        of.counted()
        of.took()
        of.world.maintained()
        note("hour", 1)
    of.world.close()
    server.shutdown()
    server.server_close()
    return {"cases": cases, "bytes": bytes, **of_template()}, took


def of_template() -> dict[str, int]:
    """Who asks for messages, what is alarmed of, and how many workers make lists at once."""
    stack = Stack({"AlarmEmail": "alarm@example.org"})
    (index,) = (
        mapping["ScalingConfig"]["MaximumConcurrency"]
        for mapping in stack.of("AWS::Lambda::EventSourceMapping").values()
        if name_of(mapping["EventSourceArn"]) == "IndexQueue"
    )
    return {
        "pollers": pollers(stack),
        "alarm_metrics": alarm_metrics(stack),
        "index_workers": index,
    }


def memory_sizes() -> dict[str, int]:
    """The megabytes of each function, by its stage."""
    functions = Stack({}).of("AWS::Lambda::Function").items()
    return {n.removesuffix("Function").lower(): f["MemorySize"] for n, f in functions}
