"""AWS's laws hold, and nothing is lost by them: on a cloud in memory that keeps them."""

import json
import logging
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, HTTPClientError

from flow.laws import (
    ACCOUNT_CONCURRENCY,
    CONFLICTS,
    FAULTS,
    LONGEST_CHAIN,
    Consumer,
    Fault,
    LawfulClient,
    LawfulCloud,
    LawfulWorld,
    consumers,
)
from flow.memory_table import LARGEST_ITEM, Item
from flow.recorded import stack
from flow.same_site import assert_same_site
from flow.test_same_site import ORIGIN, Author
from flow.world import REGION, plain
from presswork import wire
from presswork.aws.buckets import SiteBucket, VaultBucket
from presswork.aws.clients import _CONFIG
from presswork.aws.conflicts import Changed
from presswork.aws.table import MEETINGS, Attr, Put, Table, Update
from presswork.errors import RetryLater
from presswork.messages import Hint
from presswork.object import Object
from presswork.stages.parse import backfill

IMAGE = "![x](http://images.example/home.jpg)"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Failures are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@contextmanager
def lawful_world(
    rate: float = 0.0,
    seed: int = 0,
    *,
    kind: type[LawfulWorld] = LawfulWorld,
    workers: Mapping[str, Consumer] | None = None,
) -> Iterator[LawfulWorld]:
    """A world on a cloud so much of whose calls fail."""
    server, cloud = ORIGIN.serve(), LawfulCloud(rate, seed)
    world = kind(ORIGIN, server.server_port, cloud, workers or consumers(stack()))
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        world.close()


def publish_all(author: Author, dice: random.Random) -> None:
    """Everything that happens to posts, with Lambda at work in between."""
    names = [f"posts/{n}.md" for n in "abcdefgh"]
    for step in range(30):
        key, body = dice.choice(names), f"Words {step}. [l](b.md)"
        match dice.randrange(10):
            case 0:
                author.delete(key)
            case 1:
                author.undelete(key)
            case 2:
                author.rename(key, dice.choice(names))
            case 3:
                author.put("site.yaml", f"title: Harbour {step}\n")
            case 4:
                author.put(f"static/{key[6]}.txt", f"File {step}.")
            case 5:
                author.put(key, plain(f"T{step}", f"{body}\n\n{IMAGE}", slug=key[6]))
            case _:
                slug = dice.choice([key[6], "shared"])
                tags = dice.choice(["[sea]", "[land, sea]", "[]"])
                author.put(key, plain(f"T{step}", body, slug=slug, tags=tags))
        if dice.random() < 0.4:
            author.world.run()


def mend(world: LawfulWorld) -> int:
    """AWS is well again: dead letters are sent again, maintain runs; how many were dead."""
    world.concurrency, died = ACCOUNT_CONCURRENCY, 0
    with world.spared():
        for _ in range(4):
            died += world.redrive()
            world.run()
            world.later(hours=1)
            world.maintain.run(world.now)
            world.run()
    return died


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3])
def test_nothing_is_lost_on_a_cloud_that_fails(rate: float, seed: int) -> None:
    """So much of all calls of every service fails; once dead letters are redriven all is right."""
    dice = random.Random(f"{rate} {seed}")
    with lawful_world(rate, seed) as world:
        publish_all(Author(world), dice)
        world.run()
        died = mend(world)
        compared = assert_same_site(world)
        assert world.stopped == []
        met, throttled = world.cloud.fate.met, world.throttled
    print(
        f"{rate:.0%}: {sum(met.values())} faults, {throttled} throttled receives, "
        f"{died} dead letters; 0 lost, 0 wrong of {compared.objects}"
    )
    assert sum(met.values()) > 20
    assert compared.objects > 10


@pytest.mark.parametrize("concurrency", [ACCOUNT_CONCURRENCY, 2])
def test_a_crowd_is_throttled_and_not_lost(concurrency: int) -> None:
    """The template's caps keep within ten at once; where others take most of that, messages die.

    No call fails, but throttled receives count; and what died comes back.
    """
    with lawful_world(seed=1) as world:
        world.concurrency = concurrency
        for number in range(120):
            world.put(f"posts/{number}.md", plain(f"T{number}", IMAGE, slug=f"s{number}"))
        world.run()
        throttled, died = world.throttled, mend(world)
        compared = assert_same_site(world)
    print(f"{throttled} throttled receives, {died} dead letters, {compared.objects} objects equal")
    is_crowded_out = concurrency < ACCOUNT_CONCURRENCY
    assert (throttled > 100) is is_crowded_out
    assert bool(died) is is_crowded_out
    assert compared.objects > 240


class Looks(LawfulWorld):
    """A world that counts which keys are looked at, and does no more with them."""

    looked: Counter[str]

    def _route(self, name: str, message: wire.Received) -> None:
        if isinstance(message, Hint) and message.key != "site.yaml":
            self.looked[message.key] += 1
        else:
            super()._route(name, message)


KEYS = [f"posts/{number:04}.md" for number in range(2000)]


@contextmanager
def large_site(workers: Mapping[str, Consumer]) -> Iterator[Looks]:
    """A site of 2,000 keys whose settings have changed."""
    with lawful_world(kind=Looks, workers=workers) as world:
        assert isinstance(world, Looks)
        world.looked = Counter()
        for key in KEYS:
            world.s3.put_object(Bucket="content", Key=key, Body=b"---\ntitle: A\n---\n")
        world.put("site.yaml", "title: Harbour\n")
        yield world


@pytest.fixture
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "PAGE", 50)


def is_backfilled(world: LawfulWorld) -> bool:
    """Whether all was sent on for the settings in force."""
    state = world.stores.sites.read()
    return state.backfilled == state.build


@pytest.mark.usefixtures("_small_pages")
def test_a_backfill_of_many_pages_may_call_itself() -> None:
    """2,000 keys in pages of 50 are 40 invocations in a chain, which the template allows."""
    with large_site(consumers(stack())) as world:
        world.run()
        assert world.stopped == []
        assert world.looked == Counter(KEYS)
        assert is_backfilled(world)


@pytest.mark.usefixtures("_small_pages")
def test_a_backfill_that_was_stopped_goes_on_where_it_stood() -> None:
    """Were it not allowed, Lambda would stop it at 16: maintain takes it up from its cursor."""
    workers = {name: replace(each, may_loop=False) for name, each in consumers(stack()).items()}
    with large_site(workers) as world:
        world.run()
        assert set(world.stopped) == {workers["parse"].function}
        assert 0 < len(world.looked) <= LONGEST_CHAIN * 50
        hours = 0
        while not is_backfilled(world):
            hours += 1
            assert hours < 5, "it does not come to its end"
            world.later(hours=1)
            world.maintain.run(world.now)
            world.run()
        assert hours > 1
        assert set(world.looked.values()) == {1}, "it began again with the first key"
        world.dead = [each for each in world.dead if each[1]["kind"] == "hint"]
        world.redrive()
        world.run()
        assert world.looked == Counter(KEYS)


class Script:
    """A fate that is written: these faults, then none."""

    def __init__(self, *faults: Fault | None) -> None:
        self.faults, self.dice = list(faults), random.Random(0)

    def fault(self, service: str, operation: str, request: Item) -> Fault | None:  # noqa: ARG002 - all alike
        """The next of them."""
        return self.faults.pop(0) if self.faults else None


def scripted(cloud: LawfulCloud, service: str, *faults: Fault | None) -> Any:
    """A client of the cloud to which that happens."""
    client = cloud.client(service)
    client._fate = Script(*faults)
    return client


LOST = Fault("InternalError", 500, is_done=True)
PAGE = Object(b"A", "text/html", "no-cache", {})


def test_a_lost_answer_makes_botocore_meet_its_own_write() -> None:
    """An object that was written is there when it is tried again: 412, though nobody else wrote."""
    cloud = LawfulCloud()
    cloud.client("s3").create_bucket(Bucket="site")
    bucket = SiteBucket(scripted(cloud, "s3", LOST), "site")
    with pytest.raises(Changed):
        bucket.put("a", PAGE, etag=None)
    assert bucket.get("a") == b"A"


def test_another_upload_under_way_is_no_object_that_is_there() -> None:
    """409 says to try again: media and originals are written then, and no less once."""
    cloud, conflict = LawfulCloud(), CONFLICTS["PutObject"]
    for name in ("site", "vault"):
        cloud.client("s3").create_bucket(Bucket=name)
    site = SiteBucket(scripted(cloud, "s3", conflict, conflict), "site")
    site.put_media("-/media/a", b"A", "image/png")
    site.put_media("-/media/a", b"B", "image/png")
    assert site.get("-/media/a") == b"A"
    vault = VaultBucket(scripted(cloud, "s3", conflict, conflict), "vault")
    assert vault.original(vault.keep(b"A", "image/png", "s", {})) == b"A"


def test_a_condition_is_broken_by_ones_own_write() -> None:
    """An update whose answer was lost finds what it wrote itself; a transaction has a token."""
    cloud = LawfulCloud()
    plain_write = Table(scripted(cloud, "dynamodb", LOST), "table")
    with pytest.raises(Changed):
        plain_write.write(Put({"PK": "p", "SK": "1"}, Attr("PK").not_exists()))
    together = Table(scripted(cloud, "dynamodb", LOST), "table")
    together.write(
        Put({"PK": "p", "SK": "2"}, Attr("PK").not_exists()), Put({"PK": "p", "SK": "3"})
    )
    assert [item["SK"] for item in together.query("p")] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("operation", "writes"),
    [
        ("TransactWriteItems", [Put({"PK": "p", "SK": "1"}), Put({"PK": "p", "SK": "2"})]),
        ("PutItem", [Put({"PK": "p", "SK": "1"})]),
        ("UpdateItem", [Update("p", "1", {"n": 1})]),
    ],
)
def test_a_write_meets_a_transaction(operation: str, writes: list[Any]) -> None:
    """Transactions and plain writes alike: botocore leaves it to us to try again."""
    cloud = LawfulCloud()
    conflict = CONFLICTS[operation]
    Table(scripted(cloud, "dynamodb", conflict, conflict), "table").write(*writes)
    held = Table(scripted(cloud, "dynamodb", *[conflict] * MEETINGS), "table")
    with pytest.raises(RetryLater):
        held.write(*writes)


SOME_CALL: Mapping[str, tuple[str, dict[str, Any]]] = {
    "s3": ("PutObject", {"Bucket": "b", "Key": "k", "Body": b"x"}),
    "dynamodb": (
        "TransactWriteItems",
        {"TransactItems": [{"Delete": {"TableName": "t", "Key": {"PK": {"S": "p"}}}}]},
    ),
    "sqs": ("SendMessage", {"QueueUrl": "https://sqs.example/q", "MessageBody": "x"}),
    "sns": ("Publish", {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": "x"}),
    "ses": ("SendRawEmail", {"RawMessage": {"Data": b"x"}}),
    "scheduler": (
        "CreateSchedule",
        {
            "Name": "n",
            "ScheduleExpression": "at(2026-01-01T00:00:00)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": "a", "RoleArn": "r"},
        },
    ),
    "cloudfront": (
        "CreateInvalidation",
        {
            "DistributionId": "d",
            "InvalidationBatch": {"Paths": {"Quantity": 0}, "CallerReference": "r"},
        },
    ),
    "ssm": ("GetParameter", {"Name": "n"}),
}


class Answered:
    """An HTTP answer with a body."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: object) -> Iterator[bytes]:
        """All of it."""
        yield self._body


def _body(service: str, code: str) -> bytes:
    if service in ("dynamodb", "sqs", "scheduler", "ssm"):
        return json.dumps({"__type": code, "message": code}).encode()
    error = f"<Error><Code>{code}</Code><Message>m</Message></Error>"
    return (error if service == "s3" else f"<ErrorResponse>{error}</ErrorResponse>").encode()


def _attempts_of_botocore(service: str, fault: Fault) -> tuple[int, str]:
    """How often botocore itself sends a call that is always answered so, and what it raises."""
    keys = {"aws_access_key_id": "t", "aws_secret_access_key": "t"}
    client = boto3.client(service, region_name=REGION, config=_CONFIG, **keys)  # type: ignore[call-overload]
    sent = []

    def answer(request: Any, **_: object) -> AWSResponse:
        sent.append(request)
        error = fault.error("")
        if isinstance(error, HTTPClientError):
            raise error
        about = {"x-amzn-errortype": fault.code, "content-type": "application/json"}
        headers = HTTPHeaders.from_dict(about)
        raw: Any = Answered(_body(service, fault.code))
        return AWSResponse(request.url, fault.status, headers, raw)

    client.meta.events.register("before-send", answer)
    operation, request = SOME_CALL[service]
    with pytest.raises((ClientError, HTTPClientError)) as raised:
        client._make_api_call(operation, request)
    return len(sent), _reason(raised.value)


def _reason(error: Exception) -> str:
    """The code of an error that a service answered with, or what became of its answer."""
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return type(error).__name__


class Deaf:
    """A service that is never reached."""


@pytest.mark.parametrize(
    ("service", "fault"),
    [
        *((service, fault) for service, faults in FAULTS.items() for fault in faults),
        ("dynamodb", CONFLICTS["TransactWriteItems"]),
        ("dynamodb", CONFLICTS["PutItem"]),
        ("s3", CONFLICTS["PutObject"]),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.code}-{value.is_done}",
)
def test_calls_are_tried_again_as_botocore_tries_them(
    service: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As often, and with the same kind of error in the end: its own client says so."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    client = LawfulClient(service, Deaf(), LawfulCloud())
    script = Script(*[replace(fault, is_done=False)] * 99)
    client._fate = script  # type: ignore[assignment]
    operation, request = SOME_CALL[service]
    with pytest.raises((ClientError, HTTPClientError)) as raised:
        client._answer(operation, lambda: None, request)
    ours = 99 - len(script.faults), _reason(raised.value)
    assert ours == _attempts_of_botocore(service, fault)


def test_what_is_too_large_is_refused() -> None:
    """User metadata beyond 2 KB, messages beyond 1 MiB or 256 KiB, a transaction beyond 4 MB."""
    cloud = LawfulCloud()
    s3, sqs, sns = cloud.client("s3"), cloud.client("sqs"), cloud.client("sns")
    s3.create_bucket(Bucket="b")
    sqs.create_queue(QueueName="q")
    kind = {"type": {"StringValue": "t"}}

    def refusals(size: int) -> list[str]:
        found = []
        half = [Put({"PK": "p", "SK": f"{n}", "t": "x" * (size // 11)}) for n in range(11)]
        for call in (
            lambda: s3.put_object(Bucket="b", Key="k", Body=b"", Metadata={"a": "x" * size}),
            lambda: sqs.send_message(QueueUrl="q", MessageBody="x" * size),
            lambda: sns.publish(TopicArn="topic", Message="x" * size, MessageAttributes=kind),
            lambda: Table(cloud.client("dynamodb"), "table").write(*half),
        ):
            try:
                call()
            except ClientError as error:
                found.append(error.response["Error"]["Code"])
        return found

    assert refusals(2_000) == []
    assert refusals(3_000) == ["MetadataTooLarge"]
    assert refusals(300_000) == ["MetadataTooLarge", "InvalidParameter"]
    large = ["MetadataTooLarge", "InvalidParameterValue", "InvalidParameter"]
    assert refusals(2_000_000) == large
    assert LARGEST_ITEM > 4_300_000 / 11
    assert refusals(4_300_000) == [*large, "ValidationException"]
