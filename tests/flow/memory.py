"""The AWS that the flow uses, in memory: it takes a small part of the time that moto does.

`test_memory.py` holds it to what moto answers.
"""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from flow.memory_table import Item, MemoryTable, failed, size
from presswork.clock import utc_now

_TOLD = ("ContentType", "ContentDisposition", "CacheControl")

BeforeCall = Callable[..., None]


LONGEST_KEY = 1024
"""Bytes of an object's key: Amazon S3 User Guide, "Naming Amazon S3 objects"."""
LARGEST_METADATA = 2 * 1024
"""Bytes of the names and values that a user gives an object: Amazon S3 User Guide, "Working with
object metadata"."""
LARGEST_MESSAGE = 1024 * 1024
"""Bytes of a message: Amazon SQS Developer Guide, "Amazon SQS message quotas"."""
LARGEST_PUBLISHED = 256 * 1024
"""Bytes of a message with its attributes, unless the topic's MaximumMessageSize allows more: Amazon
SNS Developer Guide, "Publishing large messages with Amazon SNS"."""


@dataclass
class Scales:
    """About the bytes sent and received by each kind of call, as long as they are on."""

    on: bool = False
    bytes: Counter[str] = field(default_factory=Counter)


class Client:
    """A client whose calls are methods of `part`, counted, and seen by who registers for them."""

    def __init__(self, part: Any, scales: Scales) -> None:
        self._part = part
        self._scales = scales
        self._before: list[BeforeCall] = []
        events = SimpleNamespace(
            register=self._register, unregister=lambda _, handler: self._before.remove(handler)
        )
        self.meta = SimpleNamespace(events=events)
        self.exceptions = SimpleNamespace(NoSuchKey=ClientError)

    def _register(self, event: str, handler: BeforeCall, **_: object) -> None:
        if event == "before-call":
            self._before.append(handler)

    def get_paginator(self, name: str) -> Any:
        """All in one page."""
        return SimpleNamespace(paginate=lambda **request: [getattr(self._part, name)(**request)])

    def __getattr__(self, name: str) -> Any:
        """One of the calls."""
        call = getattr(self._part, name)
        operation = "".join(word.capitalize() for word in name.split("_"))

        def counted(**request: Any) -> Any:
            path = f"/{request.get('Bucket', '')}/{request.get('Key', '')} "
            params = {"url_path": path, "body": request}
            for handler in list(self._before):
                handler(model=SimpleNamespace(name=operation), params=params)
            answer = self._answer(operation, call, request)
            if self._scales.on:
                self._scales.bytes[operation] += _size(request) + _size(answer)
            return answer

        return counted

    def _answer(self, operation: str, call: Callable[..., Any], request: Item) -> Any:  # noqa: ARG002 - others ask
        """What the service answers to `operation`."""
        return call(**request)


def _size(value: Any) -> int:
    """About the bytes of a request or an answer."""
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, io.BytesIO):
        return len(value.getbuffer())
    if isinstance(value, dict):
        return sum(len(str(key)) + _size(each) for key, each in value.items())
    return size(value)


@dataclass
class Version:
    """One version of an object; without data it is a delete marker."""

    id: str
    data: bytes | None
    about: dict[str, Any]
    modified: datetime

    @cached_property
    def etag(self) -> str:
        """The MD5, in quotes."""
        return f'"{hashlib.md5(self.data or b"", usedforsecurity=False).hexdigest()}"'


class MemoryS3:
    """Buckets, versioned or not."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._buckets: dict[str, dict[str, list[Version]]] = {}
        self._versioned: set[str] = set()
        self._versions = 0

    def restore(self, other: "MemoryS3") -> None:
        """Has what another one has."""
        self._buckets = {
            bucket: {key: list(versions) for key, versions in objects.items()}
            for bucket, objects in other._buckets.items()
        }
        self._versioned, self._versions = set(other._versioned), other._versions

    def create_bucket(self, *, Bucket: str) -> None:
        """Makes a bucket."""
        self._buckets[Bucket] = {}

    def put_bucket_versioning(self, *, Bucket: str, **_: object) -> None:
        """Keeps all versions from now on."""
        self._versioned.add(Bucket)

    def put_object(
        self,
        *,
        Bucket: str,
        Key: str,
        Body: bytes,
        IfMatch: str | None = None,
        IfNoneMatch: str | None = None,
        **about: Any,
    ) -> dict[str, Any]:
        """Writes an object, if it is as expected."""
        if len(Key.encode()) > LONGEST_KEY:
            raise failed("KeyTooLongError", "PutObject")
        if size(about.get("Metadata", {})) > LARGEST_METADATA:
            raise failed("MetadataTooLarge", "PutObject")
        newest = self._newest(Bucket, Key)
        if IfNoneMatch is not None and newest is not None:
            raise failed("PreconditionFailed", "PutObject")
        if IfMatch is not None and newest is None:
            raise failed("NoSuchKey", "PutObject")
        if IfMatch is not None and newest is not None and newest.etag != IfMatch:
            raise failed("PreconditionFailed", "PutObject")
        version = self._add(Bucket, Key, Body, about)
        return {"VersionId": version.id, "ETag": version.etag}

    def get_object(self, *, Bucket: str, Key: str, VersionId: str | None = None) -> dict[str, Any]:
        """An object, as it is or was."""
        version = self._version(Bucket, Key, VersionId)
        if version is None:
            raise failed("NoSuchKey" if VersionId is None else "NoSuchVersion", "GetObject")
        if version.data is None:
            raise failed("MethodNotAllowed", "GetObject")
        return self._answer(version) | {"Body": io.BytesIO(version.data)}

    def head_object(self, *, Bucket: str, Key: str, VersionId: str | None = None) -> dict[str, Any]:
        """What is known of an object, as it is or was."""
        version = self._version(Bucket, Key, VersionId)
        if version is None:
            raise failed("404", "HeadObject")
        if version.data is None:
            raise failed("405", "HeadObject")
        return self._answer(version)

    def delete_object(
        self,
        *,
        Bucket: str,
        Key: str,
        VersionId: str | None = None,
        IfMatch: str | None = None,
    ) -> dict[str, Any]:
        """Takes away an object, if it is as expected, or one version of it."""
        objects = self._buckets[Bucket]
        newest = self._newest(Bucket, Key)
        if IfMatch is not None and newest is None:
            raise failed("NoSuchKey", "DeleteObject")
        if IfMatch is not None and newest is not None and newest.etag != IfMatch:
            raise failed("PreconditionFailed", "DeleteObject")
        if VersionId is not None:
            objects[Key] = [each for each in objects.get(Key, []) if each.id != VersionId]
        elif Bucket in self._versioned:
            return {"VersionId": self._add(Bucket, Key, None, {}).id, "DeleteMarker": True}
        else:
            objects.pop(Key, None)
        return {}

    def list_objects_v2(
        self, *, Bucket: str, Prefix: str = "", StartAfter: str = "", MaxKeys: int | None = None
    ) -> dict[str, Any]:
        """The objects of a bucket in the order of their keys; all of them, unless told how many."""
        below = (key for key in self._buckets[Bucket] if key.startswith(Prefix))
        keys = sorted(key for key in below if key > StartAfter)
        there = [(key, found) for key in keys if (found := self._newest(Bucket, key)) is not None]
        return {
            "Contents": [
                {"Key": key, "ETag": found.etag, "Size": len(found.data or b"")}
                for key, found in there[:MaxKeys]
            ]
        }

    def copy_object(self, *, Bucket: str, Key: str, CopySource: dict[str, str]) -> dict[str, Any]:
        """Writes a version of an object of any bucket as the newest of another."""
        found = self.get_object(**CopySource)
        made = self.put_object(Bucket=Bucket, Key=Key, Body=found["Body"].read())
        return {"VersionId": made["VersionId"], "CopyObjectResult": {"ETag": made["ETag"]}}

    def list_object_versions(self, *, Bucket: str, Prefix: str = "") -> dict[str, Any]:
        """Every version of the objects of a bucket, and the delete markers, the newest first."""
        if Bucket not in self._buckets:
            raise failed("NoSuchBucket", "ListObjectVersions")
        found: dict[str, Any] = {"Versions": [], "DeleteMarkers": []}
        for key, versions in sorted(self._buckets[Bucket].items()):
            if key.startswith(Prefix):
                for each in reversed(versions):
                    kind = "DeleteMarkers" if each.data is None else "Versions"
                    about = {"Key": key, "VersionId": each.id, "LastModified": each.modified}
                    about |= {"ETag": each.etag, "IsLatest": each is versions[-1]}
                    found[kind].append(about)
        return found

    def _version(self, bucket: str, key: str, id: str | None) -> Version | None:
        if id is None:
            return self._newest(bucket, key)
        versions = self._buckets[bucket].get(key, [])
        return next((each for each in versions if each.id == id), None)

    def _newest(self, bucket: str, key: str) -> Version | None:
        versions = self._buckets[bucket].get(key)
        return versions[-1] if versions and versions[-1].data is not None else None

    def _add(self, bucket: str, key: str, data: bytes | None, about: dict[str, Any]) -> Version:
        self._versions += 1
        version = Version(f"v{self._versions}", data, about, self._clock())
        versions = self._buckets[bucket].setdefault(key, [])
        if bucket not in self._versioned:
            versions.clear()
        versions.append(version)
        return version

    @staticmethod
    def _answer(version: Version) -> dict[str, Any]:
        return {
            "VersionId": version.id,
            "ETag": version.etag,
            "LastModified": version.modified,
            "Metadata": version.about.get("Metadata", {}),
            **{name: version.about[name] for name in _TOLD if name in version.about},
        }


class MemoryDynamo(MemoryTable):
    """The service of one table."""

    def create_table(self, **_: object) -> None:
        """The table is there from the beginning."""

    def scan(self, **_: object) -> dict[str, Any]:
        """Every item."""
        return {"Items": list(self.everything())}

    def batch_write_item(self, *, RequestItems: dict[str, list[Any]]) -> dict[str, Any]:
        """Writes and deletes; of many at once the last is left to be asked for again."""
        ((table, requests),) = RequestItems.items()
        done = requests[:-1] or requests
        for request in done:
            ((kind, about),) = request.items()
            write = self.put_item if kind == "PutRequest" else self.delete_item
            write(TableName=table, **about)
        left = requests[len(done) :]
        return {"UnprocessedItems": {table: left} if left else {}}


class MemorySqs:
    """Queues in which a message waits until it is received, and is gone then."""

    def __init__(self) -> None:
        self.queues: dict[str, list[str]] = {}

    def create_queue(self, *, QueueName: str) -> dict[str, str]:
        """Makes a queue; its URL is its name."""
        self.queues[QueueName] = []
        return {"QueueUrl": QueueName}

    def get_queue_attributes(self, *, QueueUrl: str, **_: object) -> dict[str, dict[str, str]]:
        """The queue's ARN is its name, too; nothing is in flight or delayed."""
        counts = {
            "ApproximateNumberOfMessages": str(len(self.queues[QueueUrl])),
            "ApproximateNumberOfMessagesNotVisible": "0",
            "ApproximateNumberOfMessagesDelayed": "0",
        }
        return {"Attributes": {"QueueArn": QueueUrl} | counts}

    def send_message(self, *, QueueUrl: str, MessageBody: str, **_: object) -> None:
        """Adds a message."""
        if len(MessageBody.encode()) > LARGEST_MESSAGE:
            raise failed("InvalidParameterValue", "SendMessage")
        self.queues[QueueUrl].append(MessageBody)

    def receive_message(self, *, QueueUrl: str, **_: object) -> dict[str, Any]:
        """At most ten messages."""
        queue = self.queues[QueueUrl]
        bodies, queue[:] = queue[:10], queue[10:]
        return {"Messages": [{"Body": body, "ReceiptHandle": ""} for body in bodies]}

    def delete_message(self, **_: object) -> None:
        """A message that was received is gone already."""


@dataclass
class MemorySns:
    """Topics with subscriptions of queues, filtered or not, delivered raw or in an envelope."""

    sqs: MemorySqs
    subscriptions: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def create_topic(self, *, Name: str) -> dict[str, str]:
        """A topic's ARN is its name."""
        return {"TopicArn": Name}

    def subscribe(
        self, *, TopicArn: str, Endpoint: str, Attributes: dict[str, str], **_: object
    ) -> None:
        """Sends on to a queue what its filter lets through."""
        self.subscriptions.append((TopicArn, Endpoint, Attributes))

    def publish(
        self,
        *,
        TopicArn: str,
        Message: str,
        MessageAttributes: Any = None,
        Subject: str | None = None,
        **_: object,
    ) -> None:
        """Sends a message to each queue of the topic that wants its type."""
        if len(Message.encode()) + size(MessageAttributes or {}) > LARGEST_PUBLISHED:
            raise failed("InvalidParameter", "Publish")
        for topic, queue, attributes in self.subscriptions:
            wanted = json.loads(attributes.get("FilterPolicy", "{}")).get("type")
            if topic != TopicArn or (
                wanted and MessageAttributes["type"]["StringValue"] not in wanted
            ):
                continue
            envelope = {"Type": "Notification", "Subject": Subject, "Message": Message}
            is_raw = attributes.get("RawMessageDelivery") == "true"
            body = Message if is_raw else json.dumps(envelope)
            self.sqs.send_message(QueueUrl=queue, MessageBody=body)


class MemorySes:
    """A post office that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def verify_email_identity(self, **_: object) -> None:
        """Everybody may send."""

    def send_raw_email(self, *, RawMessage: dict[str, bytes], **_: object) -> None:
        """Keeps a mail."""
        self.sent.append(SimpleNamespace(raw_data=RawMessage["Data"].decode()))


class MemorySsm:
    """Parameters."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def put_parameter(self, *, Name: str, Value: str, Overwrite: bool = False, **_: object) -> None:
        """Writes a parameter, over one that is there only if that is wanted."""
        if Name in self._values and not Overwrite:
            raise failed("ParameterAlreadyExists", "PutParameter")
        self._values[Name] = Value

    def get_parameter(self, *, Name: str, **_: object) -> dict[str, Any]:
        """Reads a parameter."""
        if Name not in self._values:
            raise failed("ParameterNotFound", "GetParameter")
        return {"Parameter": {"Value": self._values[Name]}}


class MemoryCloudFront:
    """One distribution, which notes what its caches are to forget: once for each reference."""

    def __init__(self) -> None:
        self._batches: dict[str, dict[str, Any]] = {}

    def create_distribution(self, **_: object) -> dict[str, Any]:
        """The distribution is there from the beginning."""
        return {"Distribution": {"Id": "E1"}}

    def create_invalidation(
        self, *, DistributionId: str, InvalidationBatch: dict[str, Any]
    ) -> dict[str, Any]:
        """Notes paths."""
        if DistributionId != "E1":
            raise failed("NoSuchDistribution", "CreateInvalidation")
        id = InvalidationBatch["CallerReference"]
        if self._batches.setdefault(id, InvalidationBatch) != InvalidationBatch:
            raise failed("InvalidationBatchAlreadyExists", "CreateInvalidation")
        return {"Invalidation": {"Id": id}}

    def list_invalidations(self, **_: object) -> dict[str, Any]:
        """All of them."""
        return {"InvalidationList": {"Items": [{"Id": id} for id in self._batches]}}

    def get_invalidation(self, *, Id: str, **_: object) -> dict[str, Any]:
        """One of them."""
        return {"Invalidation": {"Id": Id, "InvalidationBatch": self._batches[Id]}}


class MemoryScheduler:
    """Groups of schedules, each of which is there until it is deleted."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[str, dict[str, Any]]] = {}

    def create_schedule_group(self, *, Name: str) -> None:
        """Makes a group."""
        self._groups[Name] = {}

    def create_schedule(self, *, GroupName: str, Name: str, **about: Any) -> None:
        """Makes a schedule, unless there is one of this name."""
        if GroupName not in self._groups:
            raise failed("ResourceNotFoundException", "CreateSchedule")
        if Name in self._groups[GroupName]:
            raise failed("ConflictException", "CreateSchedule")
        self._groups[GroupName][Name] = about

    def get_schedule(self, *, GroupName: str, Name: str) -> dict[str, Any]:
        """A schedule as it was made."""
        return self._groups[GroupName][Name] | {"GroupName": GroupName, "Name": Name}

    def list_schedules(self, *, GroupName: str) -> dict[str, Any]:
        """The names of a group's schedules."""
        return {"Schedules": [{"Name": name} for name in self._groups[GroupName]]}

    def delete_schedule(self, *, GroupName: str, Name: str) -> None:
        """Cancels a schedule."""
        del self._groups[GroupName][Name]


class MemoryCloud:
    """All services, each with one client; objects are dated by `clock`."""

    def __init__(self, sqs: MemorySqs | None = None) -> None:
        self.clock = utc_now
        self.scales = Scales()
        sqs = sqs or MemorySqs()
        parts: dict[str, Any] = {
            "s3": MemoryS3(lambda: self.clock()),  # noqa: PLW0108  it is set later
            "dynamodb": MemoryDynamo(),
            "sqs": sqs,
            "sns": MemorySns(sqs),
            "ses": MemorySes(),
            "scheduler": MemoryScheduler(),
            "cloudfront": MemoryCloudFront(),
            "ssm": MemorySsm(),
        }
        self._clients = {name: self._client_of(name, part) for name, part in parts.items()}

    def _client_of(self, service: str, part: Any) -> Client:  # noqa: ARG002 - others may ask
        return Client(part, self.scales)

    def client(self, service: str) -> Any:
        """The client of a service."""
        return self._clients[service]

    def restore(self, other: "MemoryCloud") -> None:
        """Has the objects and the items of another cloud, which goes its own way."""
        for service in ("s3", "dynamodb"):
            self._clients[service]._part.restore(other._clients[service]._part)

    def mails(self) -> Iterator[Any]:
        """What was sent."""
        yield from self._clients["ses"]._part.sent
