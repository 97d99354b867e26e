"""The local cloud as the tests use it: as an author, as a reader, as an operator."""

import itertools
import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from presswork.events import Event
from presswork_cli.local.cloud import Cloud, Response
from presswork_cli.local.deployment import Options
from presswork_cli.local.layout import Layout
from presswork_cli.operate import publish
from presswork_cli.operate.follow import Journey
from presswork_cli.operate.publish import Draft, url_of
from presswork_cli.printing.answers import PostAnswer

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

T = TypeVar("T")

_EPOCH = datetime(2025, 3, 4, tzinfo=UTC)
_moments = itertools.count()
_PAUSE = 0.1
_RECORDER = "recorded-events"


def markdown(title: str, text: str = "Some words.", *, date: str | None = None, **more: str) -> str:
    """A post in Markdown; further front matter as keywords.

    One without a date is newer than all before it. Home and feeds hold the newest twenty: among
    posts of one date, chance would decide which of them these are.
    """
    date = date or f"{_EPOCH + timedelta(seconds=next(_moments)):%Y-%m-%dT%H:%M:%SZ}"
    lines = [f"{name}: {value}" for name, value in more.items()]
    return "\n".join(["---", f"title: {title}", f"date: {date}", *lines, "---", "", text, ""])


@dataclass
class Local:
    """One deployed cloud; `connect` is asked again after a restart."""

    layout: Layout
    options: Options
    cloud: Cloud
    events: list[Event] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)

    # As an author

    def publish(self, key: str, text: str | bytes, *, timeout: float = 60) -> PostAnswer:
        """Uploads one post and follows it to its end."""
        return self.publish_all({key: text}, timeout=timeout)[key]

    def publish_all(
        self, texts: Mapping[str, str | bytes], *, timeout: float = 60
    ) -> dict[str, PostAnswer]:
        """Uploads posts by key, all at once, and follows each to its end."""
        drafts = [
            Draft(key, key, text.encode() if isinstance(text, str) else text)
            for key, text in texts.items()
        ]
        answer = publish.publish(
            self.cloud,
            drafts,
            [Journey(key, key) for key in texts],
            timeout=timeout,
            passed=lambda *_: None,
        )
        return {post.key: post for post in answer.posts}

    def live(self, key: str, text: str | bytes) -> str:
        """Publishes a post that is to go live; returns its address."""
        answer = self.publish(key, text)
        assert answer.status == "live", answer
        assert answer.url is not None
        return answer.url

    def remove(self, key: str, *, timeout: float = 60) -> PostAnswer:
        """Deletes one post and follows it until it is down."""
        journeys = [Journey(key, key)]
        return publish.remove(self.cloud, journeys, timeout=timeout, passed=lambda *_: None).posts[
            0
        ]

    def delete(self, key: str) -> str:
        """Deletes an object of ContentBucket; returns the version of its delete marker."""
        answer = self.cloud.client("s3").delete_object(
            Bucket=self.cloud.outputs.ContentBucket, Key=key
        )
        return str(answer["VersionId"])

    def put(self, key: str, data: bytes) -> None:
        """Uploads an object, and waits for nothing."""
        self.cloud.client("s3").put_object(
            Bucket=self.cloud.outputs.ContentBucket, Key=key, Body=data
        )

    def undelete(self, key: str, marker: str) -> None:
        """Takes a delete marker away."""
        self.cloud.client("s3").delete_object(
            Bucket=self.cloud.outputs.ContentBucket, Key=key, VersionId=marker
        )

    # As a reader

    def get(self, url: str) -> Response:
        """What is at an address, or at a path of the site, with its query if it has one."""
        path, mark, query = url.partition("?")
        return self.cloud.fetch(url if path.startswith("http") else self.url(path) + mark + query)

    def url(self, path: str) -> str:
        """The address of a path."""
        return url_of(self.cloud.outputs.SiteUrl, path)

    def document(self, url: str) -> dict[str, Any]:
        """The data beside a page."""
        found: dict[str, Any] = json.loads(self.get(url + "index.json").body)
        return found

    def feed(self) -> set[str]:
        """The titles in the feed, of the newest twenty posts; none before the first post."""
        page = self.get("/feed.xml")
        if page.status != 200:
            return set()
        root = ET.fromstring(page.body)
        return {entry.findtext(f"{ATOM}title", "") for entry in root.iter(f"{ATOM}entry")}

    def sitemap(self) -> set[str]:
        """The addresses in the sitemap, through its index."""
        index = ET.fromstring(self.get("/sitemap.xml").body)
        shards = [self.get(place.text or "") for place in index.iter(f"{SITEMAPS}loc")]
        return {
            place.text or ""
            for shard in shards
            for place in ET.fromstring(shard.body).iter(f"{SITEMAPS}loc")
        }

    def mails(self, words: str) -> list[dict[str, Any]]:
        """The captured mails that hold some words in their subject or text."""
        answer = json.loads(self.cloud.fetch(self.cloud.record.mailbox).body)
        mails = [mail for account in answer["messages"].values() for mail in account]
        return [m for m in mails if words in f"{m['Subject']} {m['BodyText']} {m['BodyHtml']}"]

    # As an operator

    def until(self, question: Callable[[], T | None], *, seconds: float = 60) -> T:
        """The first answer that is true; fails when none comes in time."""
        deadline = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < deadline, f"not within {seconds} s"
            time.sleep(_PAUSE)
        return answer

    def objects(self, prefix: str = "") -> dict[str, tuple[str, datetime]]:
        """Every object of the site: its ETag, and when it was last written."""
        pages = (
            self.cloud.client("s3")
            .get_paginator("list_objects_v2")
            .paginate(Bucket=self.cloud.outputs.SiteBucket, Prefix=prefix)
        )
        return {
            item["Key"]: (item["ETag"], item["LastModified"])
            for page in pages
            for item in page.get("Contents", [])
        }

    def record_events(self) -> None:
        """Subscribes a queue to every event, as any third party may."""
        sqs, sns = self.cloud.client("sqs"), self.cloud.client("sns")
        url = sqs.create_queue(QueueName=_RECORDER)["QueueUrl"]
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        arn, topic = answer["Attributes"]["QueueArn"], self.cloud.outputs.Topic
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
                }
            ],
        }
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true"},
        )

    def heard(self, id: str | None) -> list[str]:
        """The kinds of all events about a post so far, in the order of their arrival."""
        sqs = self.cloud.client("sqs")
        url = sqs.get_queue_url(QueueName=_RECORDER)["QueueUrl"]
        asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "AttributeNames": ["MessageGroupId"]}
        while messages := sqs.receive_message(**asked).get("Messages"):
            for message in messages:
                event = Event.model_validate_json(message["Body"])
                self.events.append(event)
                self.groups[event.id] = message["Attributes"]["MessageGroupId"]
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [event.type.value for event in self.events if event.data.post == id]

    def wait_until_idle(self, *, seconds: float = 420) -> None:
        """Waits until no stage has anything to do: every queue was seen empty twice.

        A backfill for changed settings is sent with a delay, which no count of a queue shows. Lists
        that are made once more, for a writer who may be late, wait for two minutes; a batch whose
        worker ran out of time is received again after six.
        """
        empty = 0

        def is_idle() -> bool:
            nonlocal empty
            site = self.cloud.stores.sites.read()
            at_work = any(self.waiting().values()) or site.backfilled != site.build
            empty = 0 if at_work else empty + 1
            return empty > 1

        self.until(is_idle, seconds=seconds)

    def waiting(self) -> dict[str, int]:
        """How many messages each queue of the stages holds, in flight or not; empty ones too."""
        return {name: n for name, n in self._queues().items() if "Dead" not in name}

    def dead_letters(self) -> dict[str, int]:
        """The dead-letter queues that hold messages."""
        return {name: n for name, n in self._queues().items() if "Dead" in name and n}

    def _queues(self) -> dict[str, int]:
        sqs = self.cloud.client("sqs")
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        found = {}
        for url in sqs.list_queues()["QueueUrls"]:
            name = url.rsplit("/", 1)[-1]
            if name != _RECORDER:
                answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
                found[name] = sum(int(answer["Attributes"][each]) for each in names)
        return found

    def maintain(self, now: datetime) -> None:
        """Runs maintain as the clock does, at an hour of the test's choice."""
        answer = self.cloud.client("lambda").invoke(
            FunctionName=self.resource("MaintainFunction"),
            Payload=json.dumps({"time": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}),
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    def invocations(self, logical_id: str) -> float:
        """How often a function was invoked within the last hour."""
        now = datetime.now(UTC)
        answer = self.cloud.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="Invocations",
            Dimensions=[{"Name": "FunctionName", "Value": self.resource(logical_id)}],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=7200,
            Statistics=["Sum"],
        )
        return float(sum(point["Sum"] for point in answer["Datapoints"]))

    def invalidations(self) -> dict[str, list[str]]:
        """What caches were asked to forget, by the id of the request."""
        cloudfront, id = self.cloud.client("cloudfront"), self.resource("Distribution")
        listed = cloudfront.list_invalidations(DistributionId=id)["InvalidationList"]
        asked = {
            each["Id"]: cloudfront.get_invalidation(DistributionId=id, Id=each["Id"])
            for each in listed.get("Items", ())
        }
        return {
            id: answer["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]
            for id, answer in asked.items()
        }

    def forgotten(self) -> set[str]:
        """The paths that caches were asked to forget."""
        return {path for paths in self.invalidations().values() for path in paths}

    def wait_until_forgotten(self, path: str, before: Iterable[str]) -> None:
        """Caches are asked for a path, in none of the requests `before`; of many, for all of them.

        That is when the minute is over.
        """

        def is_forgotten() -> bool:
            asked = self.invalidations().items()
            return any({path, "/*"} & set(paths) for id, paths in asked if id not in before)

        self.until(is_forgotten, seconds=150)

    def scheduled(self) -> set[str]:
        """The messages of the schedules that have not fired."""
        scheduler, group = self.cloud.client("scheduler"), self.resource("ScheduleGroup")
        return {
            scheduler.get_schedule(GroupName=group, Name=each["Name"])["Target"]["Input"]
            for each in scheduler.list_schedules(GroupName=group)["Schedules"]
        }

    def resource(self, logical_id: str) -> str:
        """The physical name of a resource of the stack."""
        return self.cloud.resource(logical_id)
