"""The whole flow in one process: AWS in memory or moto's, the real stages, a pump for events.

moto's own S3 events are not used: they know no sequencer, and delete markers raise none. The pump
issues them itself, as EventBridge does, and can repeat, shuffle and lose messages.
"""

import hashlib
import io
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from PIL import Image as Pillow

from flow.memory import MemoryCloud
from presswork import correlation, imaging, site, wire
from presswork.aws.alarm_topic import AlarmTopic
from presswork.aws.buckets import ContentBucket, SiteBucket, VaultBucket
from presswork.aws.dead_letters import DeadLetterQueues
from presswork.aws.edge import Edge
from presswork.aws.mail import Mail
from presswork.aws.queues import Queue
from presswork.aws.schedules import Schedules
from presswork.aws.secrets import Secrets
from presswork.aws.stores import Stores
from presswork.aws.table import Item, Table, type_deserializer
from presswork.aws.topic import Topic
from presswork.events import Event, Type
from presswork.stages.dead_letters import DeadLetterDigest
from presswork.stages.images.stage import ImagesStage
from presswork.stages.index.stage import Index
from presswork.stages.maintain import Maintain
from presswork.stages.notify.channels import HookChannel, MailChannel
from presswork.stages.notify.stage import AuthorMail, Notify
from presswork.stages.parse.backfill import Backfill
from presswork.stages.parse.own_files import OwnFiles
from presswork.stages.parse.router import KeyRouter
from presswork.stages.parse.settings import SiteSettings
from presswork.stages.parse.stage import Parse
from presswork.stages.parse.theme import SiteTheme
from presswork.stages.render.router import RenderRouter
from presswork.stages.render.stage import Render
from presswork.stages.render.static_files import StaticFiles
from presswork.stages.sources import SourceReader
from presswork.state import PostState, Source

SITE_URL = "https://site.example"
REGION = "us-east-1"
HOOK_SECRET = "whsec_" + "cHJlc3N3b3JrLXRlc3Qtc2VjcmV0LTMyLWJ5dGVzISE="
SUBSCRIPTIONS = {
    "images": [Type.PARSED],
    "render": [Type.READY],
    "index": [Type.LIVE, Type.REMOVED],
    "notify": [Type.LIVE, Type.REJECTED, Type.WAITING],
}
DEAD_LETTERS = (
    "ImagesBulkDeadLetters",
    "ImagesDeadLetters",
    "IndexDeadLetters",
    "NotifyDeadLetters",
    "ParseBulkDeadLetters",
    "ParseDeadLetters",
    "RenderDeadLetters",
    "RuleDeadLetters",
    "SubscriptionDeadLetters",
)
"""The queues of what failed for good, by their names in the template."""
RECEIVES = 10
ROLE = "arn:aws:iam::123456789012:role/schedule"
DISTRIBUTION = {
    "CallerReference": "world",
    "Comment": "",
    "Enabled": True,
    "Origins": {
        "Quantity": 1,
        "Items": [
            {
                "Id": "site",
                "DomainName": "site.s3.us-east-1.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            }
        ],
    },
    "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "allow-all"},
}
QUEUE = "arn:aws:sqs:us-east-1:123456789012:parse"


@cache
def client(service: str) -> Any:
    """One client for all worlds: moto keeps them apart, and making one is slow."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


class Crash(BaseException):
    """A worker that dies between two of its calls."""


@dataclass
class Hook:
    """What is to happen right before an AWS call."""

    operation: str
    about: str
    action: Callable[[], None]
    skip: int = 0


@dataclass
class Origin:
    """A web server on loopback: what images come from, and what hooks go to."""

    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hook_status: int = 204
    absent_status: int = 404
    retry_after: int | None = None
    validated: bool = False
    unchanged: list[str] = field(default_factory=list)
    wait: Callable[[], object] = lambda: None

    def serve(self) -> ThreadingHTTPServer:
        """The server, started on a free port."""
        origin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                origin.requests.append(self.path)
                origin.wait()
                data = origin.files.get(self.path)
                tag = f'"{hashlib.sha256(data or b"").hexdigest()}"'
                if origin.validated and data and self.headers.get("If-None-Match") == tag:
                    origin.unchanged.append(self.path)
                    self.send_response(304)
                    self.end_headers()
                    return
                self.send_response(origin.absent_status if data is None else 200)
                self.send_header("Content-Length", str(len(data or b"")))
                if origin.validated and data:
                    self.send_header("ETag", tag)
                if data is None and origin.retry_after is not None:
                    self.send_header("Retry-After", str(origin.retry_after))
                self.end_headers()
                self.wfile.write(data or b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                origin.received.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(origin.hook_status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # How often it looks whether to stop: each world would wait half a second for its server.
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        return server


def picture(colour: str = "teal", size: tuple[int, int] = (120, 80)) -> bytes:
    """A JPEG of one colour."""
    out = io.BytesIO()
    Pillow.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


class Stopwatch:
    """Seconds that pass for those alone who sleep on it, in any thread."""

    def __init__(self) -> None:
        self._lock, self._seconds = threading.Lock(), 0.0

    def __call__(self) -> float:
        """The seconds that have passed."""
        return self._seconds

    def sleep(self, seconds: float) -> None:
        """The seconds pass at once."""
        with self._lock:
            self._seconds += seconds


class OneAtATime:
    """A client whose calls wait for each other: moto's transactions are not made for threads."""

    _lock = threading.RLock()

    def __init__(self, client: Any, latency: Callable[[], None]) -> None:
        self._client, self._latency = client, latency

    def __getattr__(self, name: str) -> Any:
        """The client's own call, one at a time."""
        call = getattr(self._client, name)
        if not callable(call):
            return call

        def wait_and_call(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                answer = call(*args, **kwargs)
            self._latency()
            return answer

        return wait_and_call

    @classmethod
    @contextmanager
    def let_others(cls) -> Iterator[None]:
        """The block is run by a caller whose call has yet to be sent: others' calls go first."""
        held = 0
        while cls._lock._is_owned():  # type: ignore[attr-defined]  # as threading.Condition asks
            cls._lock.release()
            held += 1
        try:
            yield
        finally:
            for _ in range(held):
                cls._lock.acquire()


def plain(title: str, body: str = "Words.", **more: str) -> str:
    """A post without images."""
    matter = {"title": title, "date": "2026-05-04 09:00:00", **more}
    return "---\n" + "".join(f"{k}: {v}\n" for k, v in matter.items()) + f"---\n\n{body}\n"


class World:
    """The flow, on moto or in memory, with a clock that stands still until it is moved."""

    def __init__(
        self,
        origin: Origin,
        port: int,
        cloud: MemoryCloud | None = None,
        *,
        most: int = site.LARGEST_PERIOD,
        latency: Callable[[], None] = lambda: None,
    ) -> None:
        self.cloud, self._latency = cloud, latency
        self.most = most
        self.now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
        self.stopwatch = Stopwatch()
        self.origin, self.origin_port = origin, port
        service = client if cloud is None else cloud.client
        if cloud is not None:
            cloud.clock = lambda: self.now
        self.s3 = service("s3")
        self.calls: Counter[str] = Counter()
        self.announced: list[Event] = []
        self.dead: list[tuple[str, dict[str, Any]]] = []
        self._hooks: list[Hook] = []
        self._seen_by_another: dict[str, dict[str, str | None]] = {}
        self._at_work: list[object] = []
        self.dynamodb = dynamodb = service("dynamodb")
        self.ses = service("ses")
        self.sqs = service("sqs")
        self.sns = service("sns")
        self.ssm = service("ssm")
        self.scheduler = service("scheduler")
        self.cloudfront = service("cloudfront")
        for name in ("content", "vault", "site"):
            self.s3.create_bucket(Bucket=name)
        self.s3.put_bucket_versioning(
            Bucket="content", VersioningConfiguration={"Status": "Enabled"}
        )
        dynamodb.create_table(
            TableName="table",
            KeySchema=[
                {"AttributeName": "PK", "KeyType": "HASH"},
                {"AttributeName": "SK", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "PK", "AttributeType": "S"},
                {"AttributeName": "SK", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        self.ses.verify_email_identity(EmailAddress="site@example.com")
        self.ssm.put_parameter(Name="hook", Value=HOOK_SECRET, Type="SecureString")
        self.scheduler.create_schedule_group(Name="group")
        self._watched = (
            self.s3,
            dynamodb,
            self.sns,
            self.sqs,
            self.ses,
            self.scheduler,
            self.cloudfront,
        )
        for watched in self._watched:
            watched.meta.events.register("before-call", self._before_call)
        self.topic = self.sns.create_topic(Name="topic")["TopicArn"]
        self.urls = {
            name: self.sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in ("parse", "backfill", "images", "bulk", "render", "index", "notify", "ear")
        }
        for name, types in {**SUBSCRIPTIONS, "ear": list(Type)}.items():
            arn = self.sqs.get_queue_attributes(
                QueueUrl=self.urls[name], AttributeNames=["QueueArn"]
            )["Attributes"]["QueueArn"]
            self.sns.subscribe(
                TopicArn=self.topic,
                Protocol="sqs",
                Endpoint=arn,
                Attributes={
                    "RawMessageDelivery": "true",
                    "FilterPolicy": json.dumps({"type": [t.value for t in types]}),
                },
            )
        self._watch_dead_letters()
        self._build()

    def renew_workers(self) -> None:
        """All workers are new: what the old ones remember is gone with them."""
        self._build()

    def _watch_dead_letters(self) -> None:
        """Nobody sends to the dead-letter queues but a test; the operator's mail is a queue."""
        self.dead_urls = {
            name: self.sqs.create_queue(QueueName=name)["QueueUrl"] for name in DEAD_LETTERS
        }
        self.alarms = self.sns.create_topic(Name="alarms")["TopicArn"]
        mailbox = self.sqs.create_queue(QueueName="operator")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=mailbox, AttributeNames=["QueueArn"])
        self.sns.subscribe(
            TopicArn=self.alarms,
            Protocol="sqs",
            Endpoint=arn["Attributes"]["QueueArn"],
            Attributes={},
        )
        self._mailbox = mailbox

    def close(self) -> None:
        """Lets go of the clients, which live on."""
        for watched in self._watched:
            watched.meta.events.unregister("before-call", self._before_call)

    def _build(self) -> None:
        s3, dynamodb, sns, sqs, ses, ssm = (
            OneAtATime(each, self._latency)
            for each in (self.s3, self.dynamodb, self.sns, self.sqs, self.ses, self.ssm)
        )
        port, clock = self.origin_port, lambda: self.now
        content, self.bucket = ContentBucket(s3, "content"), SiteBucket(s3, "site")
        self._buckets = {name: SiteBucket(s3, "site") for name in ("theme", "render", "index")}
        self.content = content
        self.table = Table(dynamodb, "table")
        self.stores = stores = Stores(self.table)
        topic = Topic(sns, self.topic, clock)
        queues = {name: Queue(sqs, url) for name, url in self.urls.items()}
        # Nothing answers at port 1: who asks over https first is told at once, by no name server.
        network = imaging.Network.of(
            "images.example:443:127.0.0.1:1,"
            f"images.example:80:127.0.0.1:{port},hook.example:80:127.0.0.1:{port}"
        )
        self.schedules = Schedules(lambda: self.scheduler, "group", ROLE, QUEUE)
        self.parse = Parse(
            content,
            stores,
            topic,
            queues["parse"],
            queues["bulk"],
            self.schedules,
            queues["render"],
            SITE_URL,
            clock,
        )
        self.files = OwnFiles(stores, queues["bulk"])
        self.settings = SiteSettings(content, stores, topic, queues["backfill"])
        self.theme = SiteTheme(content, self._buckets["theme"], stores, topic, queues["backfill"])
        self.backfill = Backfill(
            content,
            stores,
            queues["backfill"],
            queues["index"],
            self.theme,
            queues["render"],
            clock,
        )
        self.router = KeyRouter(self.parse, self.settings, self.theme, self.files, self.backfill)
        self.images = ImagesStage(
            content,
            VaultBucket(s3, "vault"),
            self.bucket,
            stores,
            topic,
            queues["bulk"],
            network,
            clock,
            stopwatch=self.stopwatch,
            sleep=self.stopwatch.sleep,
        )
        self.render = Render(
            SourceReader(content),
            self._buckets["render"],
            stores,
            topic,
            queues["render"],
            SITE_URL,
        )
        self.static = StaticFiles(content, self.render, stores, topic, clock)
        distribution = self.cloudfront.create_distribution(DistributionConfig=DISTRIBUTION)
        self.edge = Edge(lambda: self.cloudfront, distribution["Distribution"]["Id"])
        self.index = Index(
            self._buckets["index"],
            stores,
            topic,
            self.edge,
            queues["index"],
            SITE_URL,
            self.most,
            clock,
        )
        mail = Mail(ses)
        self.notify = Notify(
            stores,
            queues["notify"],
            (
                MailChannel(mail, "site@example.com", "readers@example.com"),
                HookChannel("http://hook.example/hook", Secrets(ssm), "hook", network),
            ),
            AuthorMail(mail, "site@example.com", "author@example.com"),
            SITE_URL,
            clock,
            quiet=0,
        )
        self.maintain = Maintain(
            stores,
            queues["bulk"],
            queues["parse"],
            queues["notify"],
            queues["index"],
            queues["backfill"],
            DeadLetterDigest(
                stores,
                DeadLetterQueues(self.sqs, tuple(self.dead_urls.values())),
                AlarmTopic(self.sns, self.alarms),
            ),
        )

    @property
    def rendering(self) -> RenderRouter:
        """The whole of render."""
        return RenderRouter(self.render, self.static)

    def _route(self, name: str, message: wire.Received) -> None:
        """Hands a message to its stage, as the functions do: by the routing of the stage itself."""
        match name:
            case "parse" | "backfill":
                self.router.route(message)
            case "images" | "bulk":
                self.images.route(message)
            case "render":
                self.rendering.route(message)
            case "index":
                self.index.route([message])
            case "notify":
                self.notify.route(message)
            case _:
                raise AssertionError(name)

    # What an author does

    def put(self, key: str, text: str | bytes) -> str:
        """Uploads an object; its event is under way. Returns the VersionId."""
        data = text.encode() if isinstance(text, str) else text
        version = self.s3.put_object(Bucket="content", Key=key, Body=data)["VersionId"]
        self.hint(key, "Object Created")
        return str(version)

    def delete(self, key: str) -> str:
        """Deletes an object, which leaves a delete marker. Returns the marker's VersionId."""
        marker = self.s3.delete_object(Bucket="content", Key=key)["VersionId"]
        self.hint(key, "Object Deleted")
        return str(marker)

    def undelete(self, key: str, marker: str) -> None:
        """Removes a delete marker; S3 raises a Deleted event for it, and no Created one."""
        self.s3.delete_object(Bucket="content", Key=key, VersionId=marker)
        self.hint(key, "Object Deleted")

    def hint(self, key: str, kind: str = "Object Created") -> None:
        """An event about a key, as EventBridge puts it into the queue."""
        body = {
            "source": "aws.s3",
            "detail-type": kind,
            "detail": {"object": {"key": key, "sequencer": "0"}},
        }
        self.sqs.send_message(QueueUrl=self.urls["parse"], MessageBody=json.dumps(body))

    # The pump

    def run(self, dice: random.Random | None = None, *, repeat: bool = False) -> None:
        """Delivers messages until none is left; with dice in any order, `repeat`: each twice."""
        waiting: list[tuple[str, dict[str, Any], int]] = []
        while True:
            waiting += [(name, body, 1) for name, body in self._receive()]
            if not waiting:
                return
            if dice is not None:
                dice.shuffle(waiting)
            name, body, tries = waiting.pop(0)
            for _ in range(2 if repeat else 1):
                is_another = dice is not None and dice.random() < 0.5
                try:
                    with self._another_worker() if is_another else nullcontext():
                        self.deliver(name, body)
                except (Exception, Crash):  # noqa: BLE001 - SQS sends again whatever failed
                    if tries >= RECEIVES:
                        self.dead.append((name, body))
                    else:
                        waiting.append((name, body, tries + 1))

    def deliver(self, name: str, body: dict[str, Any]) -> None:
        """Hands one message to its stage, as the functions do."""
        self.at_work(lambda: self._deliver(name, body))

    def at_work(self, work: Callable[[], object]) -> None:
        """Does a worker's work: only then do faults strike, an author's own calls are spared."""
        self._at_work.append(work)
        try:
            work()
        finally:
            self._at_work.remove(work)

    def _deliver(self, name: str, body: dict[str, Any]) -> None:
        with correlation.scope():
            wire.deliver(body, lambda message: self._route(name, message))

    def take(self, name: str) -> list[dict[str, Any]]:
        """The messages that wait in one queue, taken out of it."""
        return self._take(self.urls[name])

    def operator(self) -> list[tuple[str, str]]:
        """The mails that the operator got since the last time, each with its subject."""
        return [(mail["Subject"], mail["Message"]) for mail in self._take(self._mailbox)]

    def _take(self, url: str) -> list[dict[str, Any]]:
        bodies: list[dict[str, Any]] = []
        while True:
            answer = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
            if not answer.get("Messages"):
                return bodies
            for message in answer["Messages"]:
                bodies.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _receive(self) -> Iterator[tuple[str, dict[str, Any]]]:
        self.announced += [Event.model_validate(body) for body in self.take("ear")]
        for name in self.urls:
            if name != "ear":
                for body in self.take(name):
                    yield name, body

    def forgotten(self) -> list[list[str]]:
        """The paths that caches were asked to forget, request by request."""
        id = self.edge.distribution
        listed = self.cloudfront.list_invalidations(DistributionId=id)["InvalidationList"]
        found = [
            self.cloudfront.get_invalidation(DistributionId=id, Id=each["Id"])
            for each in listed.get("Items", ())
        ]
        return [each["Invalidation"]["InvalidationBatch"]["Paths"]["Items"] for each in found]

    def scheduled(self) -> dict[str, Any]:
        """The schedules that have not fired, by name."""
        listed = self.scheduler.list_schedules(GroupName="group")["Schedules"]
        return {
            each["Name"]: self.scheduler.get_schedule(GroupName="group", Name=each["Name"])
            for each in listed
        }

    def fire(self) -> int:
        """Sends what the schedules whose time has come are to send; returns how many there were."""
        expression = f"at({self.now:%Y-%m-%dT%H:%M:%S})"
        due = {n: s for n, s in self.scheduled().items() if s["ScheduleExpression"] <= expression}
        for name, schedule in due.items():
            assert schedule["Target"]["Arn"] == QUEUE
            self.sqs.send_message(
                QueueUrl=self.urls["parse"], MessageBody=schedule["Target"]["Input"]
            )
            self.scheduler.delete_schedule(GroupName="group", Name=name)
        return len(due)

    # Faults

    def before(
        self, operation: str, about: str, action: Callable[[], None], *, skip: int = 0
    ) -> None:
        """Runs `action` once, right before such a call whose request has `about`, `skip` spared."""
        self._hooks.append(Hook(operation, about, action, skip))

    def _before_call(self, model: Any, params: dict[str, Any], **_: object) -> None:
        if not self._at_work:
            return
        self.calls[model.name] += 1
        text = f" {params.get('url_path')} {params.get('body')!r}"
        for hook in list(self._hooks):
            if hook.operation != model.name or hook.about not in text:
                continue
            if hook.skip:
                hook.skip -= 1
                continue
            self._hooks.remove(hook)
            with OneAtATime.let_others(), self._another_worker():
                hook.action()

    @contextmanager
    def _another_worker(self) -> Iterator[None]:
        """The block is run by another worker, which has not seen what this one has."""
        own = {name: bucket.seen.etags for name, bucket in self._buckets.items()}
        try:
            for name, bucket in self._buckets.items():
                bucket.seen.etags = self._seen_by_another.setdefault(name, {})
            yield
        finally:
            for name, bucket in self._buckets.items():
                bucket.seen.etags = own[name]

    def crash_at(self, operation: str, about: str = "", *, skip: int = 0) -> None:
        """The worker dies right before a call of this kind, the first `skip` of them spared."""

        def die() -> None:
            raise Crash

        self._hooks = [Hook(operation, about, die, skip)]

    def pending_crash(self) -> bool:
        """Whether the worker has yet to make the call it is to die before."""
        return bool(self._hooks)

    # What the world can see

    def keys(self, bucket: str) -> list[str]:
        """The keys of a bucket, in their order."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def items(self) -> list[Item]:
        """Every item of the table."""
        pages = self.table.client.get_paginator("scan").paginate(TableName="table")
        return [
            {name: type_deserializer.deserialize(value) for name, value in item.items()}
            for page in pages
            for item in page["Items"]
        ]

    def pages(self) -> dict[str, bytes]:
        """Every object of the site, by key."""
        return {key: self.bucket.get(key) or b"" for key in self.keys("site")}

    def answer(self, key: str) -> str:
        """The status that a reader of an object gets."""
        answer = self.s3.head_object(Bucket="site", Key=key)
        return str(answer["Metadata"].get("presswork-status", "200"))

    def robots(self, key: str) -> str | None:
        """What search engines are told of an object, or None."""
        answer = self.s3.head_object(Bucket="site", Key=key)
        robots: str | None = answer["Metadata"].get("presswork-robots")
        return robots

    def page(self, path: str) -> str | None:
        """What a path shows: HTML, `301 <where>`, `410`, or None."""
        key = site.key_of(path)
        try:
            answer = self.s3.get_object(Bucket="site", Key=key)
        except self.s3.exceptions.NoSuchKey:
            return None
        metadata = answer["Metadata"]
        if "presswork-location" in metadata:
            return f"301 {metadata['presswork-location']}"
        return str(metadata.get("presswork-status") or answer["Body"].read().decode())

    def post(self, id: str) -> PostState | None:
        """What the table knows of a post."""
        return self.stores.posts.read(id)

    def source(self, key: str) -> Source:
        """What the table knows of a key."""
        source = self.stores.sources.read(key)
        assert source is not None, f"{key} was never looked at"
        return source

    def fed(self, key: str) -> PostState:
        """The post that a key feeds."""
        id = self.source(key).post
        post = self.post(id) if id else None
        assert post is not None, f"{key} feeds no post"
        return post

    def sent(self) -> list[Any]:
        """What SES took."""
        if self.cloud is not None:
            return list(self.cloud.mails())
        return list(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)

    def mails(self) -> list[str]:
        """The mails sent, as text."""
        return [message.raw_data for message in self.sent()]

    def types(self) -> Counter[str]:
        """How often each kind of event was announced."""
        return Counter(event.type.value for event in self.announced)

    def later(self, **time: float) -> None:
        """Moves the clock."""
        self.now += timedelta(**time)
