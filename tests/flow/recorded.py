"""A world that notes which rights the role of each stage makes use of."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from flow.memory import MemoryCloud
from flow.world import QUEUE, ROLE, Origin, World
from presswork import site
from presswork.events import Type
from template.rights import Grant, Use, consumers, grants
from template.stack import Stack

QUEUES = {
    "parse": "ParseQueue",
    "backfill": "ParseBulkQueue",
    "images": "ImagesQueue",
    "bulk": "ImagesBulkQueue",
    "render": "RenderQueue",
    "index": "IndexQueue",
    "notify": "NotifyQueue",
}
"""The queues of the template by their names here."""

NAMES = {
    "content": "ContentBucket",
    "vault": "VaultBucket",
    "site": "SiteBucket",
    "table": "Table",
    "group": "ScheduleGroup",
    "hook": "presswork/StackName/hook",
    "/hooks/default": "presswork/StackName/webhooks/default",
    "/status": "presswork/StackName/status",
    "site@example.com": "MailFrom",
    "readers@example.com": "MailTo",
    "author@example.com": "AuthorEmail",
    ROLE: "ScheduleRole",
    QUEUE: "ParseQueue",
}
"""What the rest is called in the template."""

IN_A_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
ABSENT = {"404", "NoSuchKey"}
ADDRESSES = dict.fromkeys(("MailFrom", "MailTo", "AuthorEmail", "AlarmEmail"), "a@example.com")


@cache
def stack(port: str = "") -> Stack:
    """The template for a site that mails as the world does; on the local cloud if it has a port.

    It is traced, so that what that takes is looked at, too.
    """
    return Stack(ADDRESSES | {"LocalPort": port, "Tracing": "yes"})


@cache
def granted(port: str = "") -> tuple[Grant, ...]:
    """What the template grants."""
    return tuple(grants(stack(port)))


@cache
def roles() -> Mapping[str, str]:
    """Which role works on the messages of each queue."""
    return consumers(stack())


@dataclass
class Recorder:
    """The uses of rights by those who work as a role."""

    names: dict[str, str] = field(default_factory=lambda: dict(NAMES))
    uses: set[Use] = field(default_factory=set)
    _at_work: list[str] = field(default_factory=list)
    _thread: threading.local = field(default_factory=threading.local)

    @contextmanager
    def working_as(self, role: str | None) -> Iterator[None]:
        """What is called in the block is called by this role; by nobody who needs a right, if None.

        Threads that a stage starts work as it does.
        """
        mine = self._roles_of_thread()
        mine.append(role)
        if role is not None:
            self._at_work.append(role)
        try:
            yield
        finally:
            mine.pop()
            if role is not None:
                self._at_work.remove(role)

    def _roles_of_thread(self) -> list[str | None]:
        roles: list[str | None] = vars(self._thread).setdefault("roles", [])
        return roles

    def note(self, operation: str, request: Mapping[str, Any], answer: str) -> None:
        """Notes what a call needs; `answer` is the code of its error, or empty."""
        roles = self._roles_of_thread() or self._at_work
        if roles and (role := roles[-1]) is not None:
            self.uses.update(self._needs(role, operation, request, answer))

    def _needs(
        self, role: str, operation: str, request: Mapping[str, Any], answer: str
    ) -> Iterator[Use]:
        if "Bucket" in request:
            bucket = self.names[request["Bucket"]]
            for action in _on_object(operation, request):
                yield Use(role, action, f"{bucket}/{request['Key']}")
            # Who may not list a bucket is not told that a key is absent: the answer is 403 then.
            if operation == "ListObjectsV2" or answer in ABSENT:
                yield Use(role, "s3:ListBucket", bucket)
        elif request.keys() & {"TableName", "TransactItems", "RequestItems"}:
            for action, about in _on_items(operation, request):
                keys = {("dynamodb:LeadingKeys", _leading(about))}
                yield Use(role, f"dynamodb:{action}", self.names["table"], frozenset(keys))
        else:
            yield from self._on_services(role, operation, request)

    def _on_services(self, role: str, operation: str, request: Mapping[str, Any]) -> Iterator[Use]:
        names = self.names
        match operation:
            case "SendMessage" | "GetQueueAttributes":
                yield Use(role, f"sqs:{operation}", names[request["QueueUrl"]])
            case "Publish":
                yield Use(role, "sns:Publish", names[request["TopicArn"]])
            case "GetParameter" | "PutParameter":
                yield Use(role, f"ssm:{operation}", f"parameter/{names[request['Name']]}")
            case "CreateInvalidation":
                id = names[request["DistributionId"]]
                yield Use(role, "cloudfront:CreateInvalidation", f"distribution/{id}")
            case "SendRawEmail":
                # In the sandbox of SES receivers count, too.
                for address in (request["Source"], *request["Destinations"]):
                    yield Use(role, "ses:SendRawEmail", f"identity/{names[address]}")
            case "CreateSchedule":
                target = request["Target"]
                passed, to = names[target["RoleArn"]], "scheduler.amazonaws.com"
                name = f"schedule/{names[request['GroupName']]}/{request['Name']}"
                yield Use(role, "scheduler:CreateSchedule", name)
                yield Use(role, "iam:PassRole", passed, frozenset({("iam:PassedToService", to)}))
                yield Use(passed, "sqs:SendMessage", names[target["Arn"]])  # when it fires
            case _:
                raise AssertionError(f"which right {operation} needs is not known here")


def _on_object(operation: str, request: Mapping[str, Any]) -> Iterator[str]:
    match operation:
        case "GetObject" | "HeadObject":
            yield "s3:GetObjectVersion" if "VersionId" in request else "s3:GetObject"
        case "PutObject":
            yield "s3:PutObject"
            if "IfMatch" in request:
                yield "s3:GetObject"
        case "DeleteObject":
            yield "s3:DeleteObject"
        case _:
            assert operation == "ListObjectsV2", operation


def _on_items(
    operation: str, request: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The actions that a call is to IAM, each with what the call says of its item."""
    if operation == "TransactWriteItems":
        for entry in request["TransactItems"]:
            for kind, about in entry.items():
                yield IN_A_TRANSACTION[kind], about
    elif operation == "BatchGetItem":
        for about in request["RequestItems"].values():
            for key in about["Keys"]:
                yield operation, {"Key": key}
    else:
        yield operation, request


def _leading(about: Mapping[str, Any]) -> str:
    """The partition of the item that a call is about."""
    if "ExpressionAttributeValues" in about and ":pk" in about["ExpressionAttributeValues"]:
        return str(about["ExpressionAttributeValues"][":pk"]["S"])
    return str((about.get("Key") or about["Item"])["PK"]["S"])


class WatchedClient:
    """A client of AWS whose calls are noted."""

    def __init__(self, client: Any, recorder: Recorder) -> None:
        self._client, self._recorder = client, recorder

    def __getattr__(self, name: str) -> Any:
        """One of the calls, or what else a client has."""
        part = getattr(self._client, name)
        if not callable(part):
            return part
        return self._noted(name, part)

    def get_paginator(self, name: str) -> Any:
        """The pages of a call, which is noted once."""
        paginator = self._client.get_paginator(name)
        paginator.paginate = self._noted(name, paginator.paginate)
        return paginator

    def _noted(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        operation = "".join(word.capitalize() for word in name.split("_"))

        def noted(**request: Any) -> Any:
            answer = ""
            try:
                return call(**request)
            except ClientError as error:
                answer = error.response["Error"]["Code"]
                raise
            finally:
                self._recorder.note(operation, request, answer)

        return noted


class WatchedCloud(MemoryCloud):
    """AWS in memory, whose calls are noted."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def client(self, service: str) -> Any:
        """The client of a service."""
        return WatchedClient(super().client(service), self._recorder)


class RecordedWorld(World):
    """The flow, in which each message is worked on by the role of the function that gets it."""

    def __init__(self, origin: Origin, port: int, *, most: int = site.LARGEST_PERIOD) -> None:
        self.recorder = Recorder()
        self.acted_on: set[tuple[str, Type]] = set()
        super().__init__(origin, port, WatchedCloud(self.recorder), most=most)
        self.recorder.names |= {self.urls[name]: queue for name, queue in QUEUES.items()}
        self.recorder.names |= {url: name for name, url in self.dead_urls.items()}
        self.recorder.names |= {self.alarms: "AlarmTopic", self.topic: "Topic"}
        self.recorder.names |= {self.edge.distribution: "Distribution"}

    def _deliver(self, name: str, body: dict[str, Any]) -> None:
        before = self.calls.total()
        with self.recorder.working_as(roles()[QUEUES[name]]):
            super()._deliver(name, body)
        if "type" in body and self.calls.total() > before:
            self.acted_on.add((name, Type(body["type"])))

    def _before_call(self, model: Any, params: dict[str, Any], **more: object) -> None:
        """What is to happen right before a call is not done by who makes it."""
        with self.recorder.working_as(None):
            super()._before_call(model, params, **more)

    def maintained(self) -> None:
        """Does what the clock makes happen every hour."""
        with self.recorder.working_as("MaintainRole"):
            self.maintain.run(self.now)
