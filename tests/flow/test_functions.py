"""Each function's own app.py takes its sample events, as Lambda hands them over."""

import importlib.util
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flow.memory import MemoryCloud
from flow.world import QUEUE, ROLE, World, plain
from hostile_cases import SLOW
from presswork.aws import clients, queues
from presswork.aws.posts import OutboxName, Posts
from presswork.errors import RetryLater
from presswork.events import Type
from presswork.messages import CopyFile, Hint, UnknownMessage
from presswork.post import Status
from presswork.state import PostState
from sam_commands import PAGE, Command, commands

ROOT = Path(__file__).parents[2]
EVENTS = sorted(path.name for path in (ROOT / "events").glob("*.json"))
PRINTED = {
    typed.text.split()[5].removeprefix("events/"): Command(typed.text, typed.answer[-1:])
    for typed in commands(PAGE.read_text(encoding="utf-8"))
    if typed.text.startswith("sam local invoke")
}
"""What docs/sam.md prints as the answer to each sample event."""
KEY = "posts/hello.md"


@dataclass
class Context:
    """What Lambda tells a function of its invocation."""

    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id: str = "request"

    def get_remaining_time_in_millis(self) -> int:
        """The time left."""
        return 10_000


@dataclass
class Session:
    """A session of botocore as far as making clients goes, those of a cloud in memory."""

    cloud: MemoryCloud

    def create_client(self, service: str, **_: object) -> Any:
        """The client of a service."""
        return self.cloud.client(service)


Invoke = Callable[..., Any]


@pytest.fixture
def invoke(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    """Runs the function that a sample event is named after, with that event or another."""
    world.ssm.put_parameter(
        Name="/hooks/default", Value="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Type="SecureString"
    )
    variables = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "POWERTOOLS_SERVICE_NAME": "test",
        "POWERTOOLS_METRICS_NAMESPACE": "test",
        "TABLE_NAME": "table",
        "CONTENT_BUCKET": "content",
        "SITE_BUCKET": "site",
        "VAULT_BUCKET": "vault",
        "TOPIC_ARN": world.topic,
        "PARSE_QUEUE_URL": world.urls["parse"],
        "PARSE_QUEUE_ARN": QUEUE,
        "DISTRIBUTION_ID": world.edge.distribution,
        "RENDER_QUEUE_URL": world.urls["render"],
        "SCHEDULE_GROUP": "group",
        "SCHEDULE_ROLE_ARN": ROLE,
        "PARSE_BULK_QUEUE_URL": world.urls["backfill"],
        "IMAGES_BULK_QUEUE_URL": world.urls["bulk"],
        "NOTIFY_QUEUE_URL": world.urls["notify"],
        "INDEX_QUEUE_URL": world.urls["index"],
        "DEAD_LETTER_QUEUE_URLS": " ".join(world.dead_urls.values()),
        "ALARM_TOPIC_ARN": world.alarms,
        "SITE_URL": "https://site.example",
        "CONNECT_TO": "",
        "MAIL_FROM": "site@example.com",
        "MAIL_TO": "readers@example.com",
        "AUTHOR_EMAIL": "author@example.com",
        "QUIET_SECONDS": "0",
        "HOOK_URL": "",
        "HOOK_SECRET_NAME": "",
        "WEBHOOK_SECRETS": "/hooks",
        "WEBHOOK_URL": "https://hooks.example",
        "STATUS_SECRET": "/status",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if (cloud := world.cloud) is not None:
        monkeypatch.setattr(clients, "session", lambda: Session(cloud))
    clients.client.cache_clear()

    def run(name: str, event: dict[str, Any] | None = None) -> Any:
        stage = name.partition(".")[0].partition("-")[0]
        path = ROOT / "functions" / stage / "app.py"
        spec = importlib.util.spec_from_file_location(f"app_{stage}", path)
        assert spec is not None
        assert spec.loader is not None
        app = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(app)
        sample = json.loads((ROOT / "events" / name).read_text())
        return app.handler(event or sample, Context())

    yield run
    clients.client.cache_clear()


@pytest.mark.parametrize("name", EVENTS)
def test_each_sample_event_is_taken(invoke: Invoke, world: World, name: str) -> None:
    """No sample event fails its function, which answers what docs/sam.md prints."""
    world.put(KEY, plain("Hello"))
    world.run()
    assert PRINTED[name].missing(json.dumps(invoke(name))) == []


@pytest.mark.moto  # the handlers make their own clients
def test_every_function_reaches_aws(invoke: Invoke, world: World) -> None:
    """The clients that a function makes for itself do its first message's work."""
    world.put(KEY, plain("Hello"))
    for name in EVENTS:
        if "-" not in name:
            answer = invoke(name)
            assert name in ("webhook.json", "status.json", "maintain.json") or answer == {
                "batchItemFailures": []
            }
    assert world.source(KEY).status is Status.LIVE


def test_a_deployment_makes_the_first_pages(invoke: Invoke, world: World) -> None:
    """CloudFormation's event that a stack is there has its empty site made, without a post."""
    invoke("maintain-deploy.json")
    world.run()
    there = {each["Key"] for each in world.s3.list_objects_v2(Bucket="site")["Contents"]}
    assert {"index.html", "feed.xml", "404.html", "robots.txt"} <= there


def test_other_software_has_all_pages_made_at_once(invoke: Invoke, world: World) -> None:
    """An update of the stack begins the backfill that the clock would begin at its hour."""
    invoke("maintain-deploy.json")
    world.run()
    invoke("maintain-deploy.json")
    assert world.take("backfill") == []
    build = world.stores.sites.read().build
    world.stores.sites.backfilled(build.model_copy(update={"software": "older"}))
    invoke("maintain-deploy.json")
    assert [message["kind"] for message in world.take("backfill")] == ["backfill_page"]


@pytest.mark.parametrize("name", ["parse.json", "parse-s3.json", "parse-eventbridge.json"])
def test_parse_understands_each_form_of_hint(invoke: Invoke, world: World, name: str) -> None:
    """S3's own notification, EventBridge's event and one in SQS all make parse look at the key."""
    world.put(KEY, plain("Hello"))
    world.take("parse")
    invoke(name)
    assert world.source(KEY).status is Status.LIVE


@pytest.mark.parametrize("name", ["render.json", "render-enveloped.json"])
def test_render_understands_both_deliveries(invoke: Invoke, world: World, name: str) -> None:
    """An event delivered raw and one in SNS's envelope both make render make the page."""
    world.put(KEY, plain("Hello"))
    world.parse.look(KEY)
    world.take("parse")
    invoke(name)
    assert world.page("/2026/05/hello/") is not None


def test_an_eventbridge_key_is_taken_as_it_is(invoke: Invoke, world: World) -> None:
    """A key with a plus sign, a space and an umlaut comes through EventBridge undamaged."""
    invoke("parse.json")
    assert world.stores.sources.read("posts/gone + öd.md") is not None


def test_a_failed_message_is_sent_again_alone(
    invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a batch in which one message fails, that one is reported, and the rest is done."""
    world.put(KEY, plain("Hello"))
    monkeypatch.setattr("presswork.content.is_post", _fail_on_the_odd_one)
    monkeypatch.setattr("presswork.stages.parse.revision.is_post", _fail_on_the_odd_one)
    world.put("posts/gone + öd.md", plain("Odd"))
    answer = invoke("parse.json")
    assert [item["itemIdentifier"][-2:] for item in answer["batchItemFailures"]] == ["01"]
    assert world.source(KEY).status is Status.LIVE


def _batch(world: World, count: int) -> dict[str, Any]:
    """What parse is handed when all that its queue holds was received so many times."""
    url = world.urls["parse"]
    found = world.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    arn = world.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return {
        "Records": [
            {
                "messageId": each["MessageId"],
                "receiptHandle": each["ReceiptHandle"],
                "body": each["Body"],
                "attributes": {"ApproximateReceiveCount": str(count)},
                "eventSource": "aws:sqs",
                "eventSourceARN": arn["Attributes"]["QueueArn"],
            }
            for each in found
        ]
    }


# The alarm may ring within a callback of the collector, where it is told of only: it rings again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_slow_post_costs_its_batch_nothing(invoke: Invoke, world: World) -> None:
    """It is rejected within its batch, and the rest of it is live."""
    world.put("posts/slow.md", SLOW)
    world.put(KEY, plain("Hello"))
    records = [
        {"messageId": key, "body": Hint(key=key).model_dump_json(), "eventSource": "aws:sqs"}
        for key in ("posts/slow.md", KEY)
    ]
    assert invoke("parse.json", {"Records": records}) == {"batchItemFailures": []}
    assert world.source("posts/slow.md").status is Status.REJECTED
    assert world.source(KEY).status is Status.LIVE


@pytest.mark.moto  # the queue itself tells what it holds
@pytest.mark.parametrize(("count", "left"), [(1, 2), (2, 0)])
def test_repeated_messages_are_acknowledged_at_once(
    invoke: Invoke, world: World, count: int, left: int
) -> None:
    """They are off the queue before Lambda hears of their batch; new ones are left to Lambda."""
    for key in (KEY, "posts/other.md"):
        world.put(key, plain(key))
    assert invoke("parse.json", _batch(world, count)) == {"batchItemFailures": []}
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    held = world.sqs.get_queue_attributes(QueueUrl=world.urls["parse"], AttributeNames=names)
    assert sum(map(int, held["Attributes"].values())) == left


def _went_live(world: World, *names: str) -> dict[str, Any]:
    """What SQS hands to index when posts have gone live."""
    for name in names:
        world.put(f"posts/{name}.md", plain(name))
        for queue in ("parse", "render"):
            for body in world.take(queue):
                world.deliver(queue, body)
    return {
        "Records": [
            {"messageId": str(at), "body": json.dumps(body), "eventSource": "aws:sqs"}
            for at, body in enumerate(world.take("index"))
        ]
    }


def test_a_batch_makes_each_list_once(invoke: Invoke, world: World) -> None:
    """For five posts in one batch, index looks at each object of a list once; all are listed."""
    looked: Counter[str] = Counter()

    def look(model: Any, params: Any, **_: object) -> None:
        if model.name == "HeadObject":
            looked[params["body"]["Key"]] += 1

    world.s3.meta.events.register("before-call", look)
    invoke("index.json", _went_live(world, "first"))  # which publishes the base pages
    names = ["one", "two", "three", "four", "five"]
    event = _went_live(world, *names)
    looked.clear()
    invoke("index.json", event)
    assert "index.html" in looked
    assert set(looked.values()) == {1}
    home = world.page("/")
    assert home is not None
    assert all(f"/2026/05/{name}/" in home for name in names)
    world.run()
    assert world.types()[Type.LISTED] == 6


def test_a_post_that_cannot_be_listed_keeps_no_other_from_it(
    invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that is asked to wait comes again whole; then each message is done by itself."""
    event = _went_live(world, "good", "bad")
    real = Posts.clear

    def clear(posts: Posts, post: PostState, name: OutboxName) -> None:
        if post.title == "bad":
            raise RetryLater("not now")
        real(posts, post, name)

    monkeypatch.setattr(Posts, "clear", clear)
    answer = invoke("index.json", event)
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["0", "1"]
    acknowledged: list[str] = []
    monkeypatch.setattr(queues, "acknowledge", lambda _, receipt: acknowledged.append(receipt))
    for record in event["Records"]:
        record["attributes"] = {"ApproximateReceiveCount": "2"}
        record |= {"eventSourceARN": "index", "receiptHandle": record["messageId"]}
    answer = invoke("index.json", event)
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["1"]
    assert acknowledged == ["0"]
    assert world.fed("posts/good.md").pending_index.known == ()


STRANGE = {
    "of_tomorrow": '{"kind": "of_tomorrow", "post": "p"}',
    "of_another": None,
    "no_kind": '{"key": "posts/hello.md"}',
}
OF_ANOTHER = {
    "parse": CopyFile(key="static/a.txt"),
    "images": CopyFile(key="static/a.txt"),
    "render": Hint(key="posts/hello.md"),
    "index": Hint(key="posts/hello.md"),
    "notify": Hint(key="posts/hello.md"),
}


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("stage", OF_ANOTHER)
def test_a_message_that_a_function_does_not_know_is_delivered_again(
    invoke: Invoke, caplog: pytest.LogCaptureFixture, stage: str, strange: str
) -> None:
    """It is never acknowledged, so that the DLQ has it in the end, and one line of the log has it.

    What was sent by newer software, what belongs to another stage, and what has no kind.
    """
    body = STRANGE[strange] or OF_ANOTHER[stage].model_dump_json()
    record = {"messageId": "strange", "body": body, "eventSource": "aws:sqs"}
    answer = invoke(f"{stage}.json", {"Records": [record]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "strange"}]}
    (line,) = (record for record in caplog.records if record.levelno >= logging.WARNING)
    assert line.message_id == "strange"  # type: ignore[attr-defined]  # the log line's own field
    assert line.exc_info is not None
    assert line.exc_info[0] is UnknownMessage


def _fail_on_the_odd_one(key: str, data: bytes) -> bool:
    if "+" in key:
        raise RuntimeError(key)
    return bool(data)
