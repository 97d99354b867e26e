"""`dead-letters`: what lies in the dead-letter queues, and where it is sent from there.

SQS's own move task serves queues alone that get their messages from SQS, so what EventBridge, SNS
and Lambda could not deliver would lie there for good. Every message is a hint: sent first and
deleted after, it may be sent twice, and is never lost.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from presswork import wire
from presswork.events import Event
from presswork.messages import Message, UnknownMessage
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import (
    DeadLetter,
    DeadLetterQueue,
    DeadLetterQueueAnswer,
    DeadLettersAnswer,
    HandledAnswer,
    HandledQueue,
)

SUFFIX = "DeadLetters"

_HELD = 60
"""Seconds for which a message that is worked on is seen by nobody else."""
_SEEN_AT_MOST = 100
_WAIT = 1
"""Seconds that SQS waits for a message: it asks all of its servers then."""
_EMPTY_ANSWERS = 2
_NO_MORE_HELD = ("MessageNotInflight", "ReceiptHandleIsInvalid")
"""What SQS says of a message that was not worked on within its minute: others see it anyway."""
"""How many answers in a row have nothing new, until nothing is taken to be left."""
_ABOUT = ("key", "post", "url", "path", "handle", "media", "channel", "files")
_OF_EVENTBRIDGE = frozenset(
    {
        "ERROR_CODE",
        "ERROR_MESSAGE",
        "EXHAUSTED_RETRY_CONDITION",
        "RETRY_ATTEMPTS",
        "RULE_ARN",
        "TARGET_ARN",
    }
)


@dataclass(frozen=True)
class Letter:
    """A message as SQS gives it."""

    message: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its MessageId, which it had in its first queue already."""
        return str(self.message["MessageId"])

    @property
    def body(self) -> str:
        """What was sent."""
        return str(self.message["Body"])

    @property
    def attributes(self) -> dict[str, Any]:
        """What was sent beside the body."""
        return dict(self.message.get("MessageAttributes", {}))

    def said(self, name: str) -> str | None:
        """The text of one of these."""
        value = self.attributes.get(name, {}).get("StringValue")
        return None if value is None else str(value)

    @cached_property
    def content(self) -> dict[str, Any]:
        """The body as JSON; empty for what is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def time(self, attribute: str) -> datetime | None:
        """An instant that SQS notes."""
        milliseconds = self.message.get("Attributes", {}).get(attribute)
        return milliseconds and datetime.fromtimestamp(int(milliseconds) / 1000, UTC)

    def received(self) -> int:
        """How often it was received, by whomever."""
        return int(self.message.get("Attributes", {}).get("ApproximateReceiveCount", 0))


@dataclass(frozen=True)
class ToQueue:
    """A queue of the stack that a message goes to."""

    name: str
    url: str


@dataclass(frozen=True)
class ToFunction:
    """A function that is called with a payload, as EventBridge calls it."""

    arn: str
    payload: str

    @property
    def name(self) -> str:
        """The function's name."""
        return self.arn.partition(":function:")[2].partition(":")[0]


Destination = ToQueue | ToFunction


@dataclass(frozen=True)
class StackQueue:
    """A queue of the stack, with what SQS says of it."""

    name: str
    url: str
    attributes: Mapping[str, str] = field(hash=False)

    @property
    def arn(self) -> str:
        """The queue's ARN."""
        return self.attributes["QueueArn"]

    @property
    def dead_letters(self) -> str | None:
        """The ARN of the queue for what fails here."""
        return _dead_letter_target(self.attributes.get("RedrivePolicy"))


@dataclass(frozen=True)
class DeadLetters:
    """The dead-letter queues of a stack."""

    stack: Stack

    @cached_property
    def sqs(self) -> Any:
        """The client for queues."""
        return self.stack.client("sqs")

    @cached_property
    def all(self) -> dict[str, StackQueue]:
        """Every queue of the stack by its logical id."""
        pages = self.stack.client("cloudformation").get_paginator("list_stack_resources")
        found = {}
        for page in pages.paginate(StackName=self.stack.name):
            for each in page["StackResourceSummaries"]:
                if each["ResourceType"] == "AWS::SQS::Queue":
                    name, url = each["LogicalResourceId"], each["PhysicalResourceId"]
                    answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
                    found[name] = StackQueue(name, url, answer["Attributes"])
        return dict(sorted(found.items()))

    def named(self, name: str) -> StackQueue:
        """A dead-letter queue by its logical id; Failure names those that there are."""
        names = [each for each in self.all if each.endswith(SUFFIX)]
        if name not in names:
            raise Failure(f"no dead-letter queue {name}: there are {', '.join(names)}", Exit.USAGE)
        return self.all[name]

    def chosen(self, name: str | None) -> list[StackQueue]:
        """One dead-letter queue, or all of them."""
        if name is not None:
            return [self.named(name)]
        return [queue for each, queue in self.all.items() if each.endswith(SUFFIX)]

    # What lies there

    def overview(self) -> DeadLettersAnswer:
        """Each queue with its count, and the age of the oldest of the first hundred messages."""
        return DeadLettersAnswer(queues=tuple(map(self._listed, self.chosen(None))))

    def _listed(self, queue: StackQueue) -> DeadLetterQueue:
        count = sum(
            int(queue.attributes.get(name, 0))
            for name in (
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
                "ApproximateNumberOfMessagesDelayed",
            )
        )
        seen = self._look(queue, _SEEN_AT_MOST) if count else []
        times = [time for letter in seen if (time := letter.time("SentTimestamp")) is not None]
        return DeadLetterQueue(
            queue=queue.name, messages=max(count, len(seen)), oldest=min(times, default=None)
        )

    def show(self, name: str, limit: int) -> DeadLetterQueueAnswer:
        """The messages of a queue, which stay where they are and are seen by others, too."""
        queue = self.named(name)
        found = [self._told(queue, letter) for letter in self._look(queue, limit)]
        beginning = datetime.min.replace(tzinfo=UTC)
        found.sort(key=lambda letter: letter.sent or beginning)
        return DeadLetterQueueAnswer(queue=name, messages=tuple(found))

    def _look(self, queue: StackQueue, limit: int) -> list[Letter]:
        """Messages that nobody has to wait for: they may come more than once."""
        found: dict[str, Letter] = {}
        nothing_new = 0
        while len(found) < limit and nothing_new < _EMPTY_ANSWERS:
            letters = self._receive(queue, visibility=0)
            nothing_new = 0 if {letter.id for letter in letters} - found.keys() else nothing_new + 1
            found |= {letter.id: letter for letter in letters}
        return [*found.values()][:limit]

    def _receive(self, queue: StackQueue, *, visibility: int) -> list[Letter]:
        answer = self.sqs.receive_message(
            QueueUrl=queue.url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=visibility,
            WaitTimeSeconds=_WAIT,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [Letter(message) for message in answer.get("Messages", ())]

    def _told(self, queue: StackQueue, letter: Letter) -> DeadLetter:
        return DeadLetter(
            id=letter.id,
            about=about(letter),
            body=letter.body,
            sent=letter.time("SentTimestamp"),
            first_received=letter.time("ApproximateFirstReceiveTimestamp"),
            received=letter.received(),
            why=letter.said("ERROR_MESSAGE") or letter.said("ERROR_CODE"),
            goes_to=tuple(each.name for each in self._destinations(queue, letter)),
        )

    # What becomes of it

    def redrive(self, name: str | None, only: Collection[str]) -> HandledAnswer:
        """Sends messages to where they were on their way; what has no such place stays."""
        return HandledAnswer(
            queues=tuple(self._redriven(queue, only) for queue in self.chosen(name))
        )

    def _redriven(self, queue: StackQueue, only: Collection[str]) -> HandledQueue:
        sent = 0
        kept: dict[str, Letter] = {}
        for letter in self._take(queue, only):
            destinations = self._destinations(queue, letter)
            for each in destinations:
                self._send(letter, each)
            if destinations:
                self.sqs.delete_message(
                    QueueUrl=queue.url, ReceiptHandle=letter.message["ReceiptHandle"]
                )
                sent += 1
            else:
                kept[letter.id] = letter
        self._release(queue, kept.values())
        told = tuple(self._told(queue, letter) for letter in kept.values())
        return HandledQueue(queue=queue.name, handled=sent, kept=told)

    def drop(self, name: str | None, only: Collection[str]) -> HandledAnswer:
        """Deletes messages for good."""
        return HandledAnswer(
            queues=tuple(self._dropped(queue, only) for queue in self.chosen(name))
        )

    def _dropped(self, queue: StackQueue, only: Collection[str]) -> HandledQueue:
        dropped = 0
        for letter in self._take(queue, only):
            self.sqs.delete_message(
                QueueUrl=queue.url, ReceiptHandle=letter.message["ReceiptHandle"]
            )
            dropped += 1
        return HandledQueue(queue=queue.name, handled=dropped)

    def _take(self, queue: StackQueue, only: Collection[str]) -> Iterator[Letter]:
        """All messages, or those of some ids; each is the caller's for a minute.

        A queue is at its end when it gives nothing more, or only what was seen before.
        """
        missing, seen, others, empty = set(only), set[str](), dict[str, Letter](), 0
        while empty < _EMPTY_ANSWERS and (missing or not only):
            letters = self._receive(queue, visibility=_HELD)
            new = [letter for letter in letters if letter.id not in seen]
            empty = 0 if new else empty + 1
            others |= {letter.id: letter for letter in letters if letter.id in others}
            for letter in new:
                seen.add(letter.id)
                if only and letter.id not in missing:
                    others[letter.id] = letter
                else:
                    missing.discard(letter.id)
                    yield letter
        self._release(queue, others.values())

    def _release(self, queue: StackQueue, letters: Collection[Letter]) -> None:
        for letter in letters:
            try:
                self.sqs.change_message_visibility(
                    QueueUrl=queue.url,
                    ReceiptHandle=letter.message["ReceiptHandle"],
                    VisibilityTimeout=0,
                )
            except ClientError as error:
                if not error.response["Error"]["Code"].endswith(_NO_MORE_HELD):
                    raise

    def _send(self, letter: Letter, destination: Destination) -> None:
        if isinstance(destination, ToFunction):
            self.stack.client("lambda").invoke(
                FunctionName=destination.arn,
                InvocationType="Event",
                Payload=destination.payload.encode(),
            )
            return
        attributes = {
            name: value for name, value in letter.attributes.items() if name not in _OF_EVENTBRIDGE
        }
        group = letter.message.get("Attributes", {}).get("MessageGroupId")
        self.sqs.send_message(
            QueueUrl=destination.url,
            MessageBody=letter.body,
            MessageAttributes=attributes,
            **({"MessageGroupId": group} if group else {}),
        )

    # Where it was on its way

    def _destinations(self, queue: StackQueue, letter: Letter) -> list[Destination]:
        """The queue it failed in; else the target of a rule, a function, or who wants its type."""
        failed_in = [each for each in self.all.values() if each.dead_letters == queue.arn]
        if failed_in:
            return [ToQueue(each.name, each.url) for each in failed_in]
        target, body = letter.said("TARGET_ARN"), letter.content
        if target is not None and ":function:" in target:
            return [ToFunction(target, letter.body)]
        if target is not None:
            return self._queues_of([target])
        if "functionArn" in (body.get("requestContext") or {}) and "requestPayload" in body:
            arn, payload = body["requestContext"]["functionArn"], body["requestPayload"]
            return [ToFunction(str(arn), json.dumps(payload))]
        if "specversion" in body:
            return self._queues_of(self._subscribers.get(str(body.get("type")), ()))
        return []

    def _queues_of(self, arns: Collection[str]) -> list[Destination]:
        return [ToQueue(each.name, each.url) for each in self.all.values() if each.arn in arns]

    @cached_property
    def _subscribers(self) -> dict[str, list[str]]:
        """The ARNs of the queues of the stack that want each type of event."""
        sns = self.stack.client("sns")
        pages = sns.get_paginator("list_subscriptions_by_topic")
        ours = {each.arn for each in self.all.values()}
        found: dict[str, list[str]] = {}
        for page in pages.paginate(TopicArn=self.stack.outputs.Topic):
            for each in page["Subscriptions"]:
                if each["Protocol"] != "sqs" or each["Endpoint"] not in ours:
                    continue
                answer = sns.get_subscription_attributes(SubscriptionArn=each["SubscriptionArn"])
                policy = json.loads(answer["Attributes"].get("FilterPolicy", "{}"))
                for type in policy.get("type", ()):
                    found.setdefault(type, []).append(each["Endpoint"])
        return found


def _dead_letter_target(policy: str | None) -> str | None:
    return None if policy is None else str(json.loads(policy)["deadLetterTargetArn"])


def about(letter: Letter) -> str:
    """What a message asks for, and of what, in a few words."""
    context = letter.content.get("requestContext") or {}
    if "functionArn" in context:
        return f"a run of {ToFunction(str(context['functionArn']), '').name}"
    try:
        received = wire.read(letter.content)
    except (AttributeError, KeyError, TypeError, ValueError, UnknownMessage):
        return "nothing that a stage knows"
    return ", ".join(map(_asked, received)) or "nothing"


def _asked(received: Event | Message) -> str:
    if isinstance(received, Event):
        return f"{received.type.value} {received.data.key}"
    values = received.model_dump()
    of = next((str(values[name]) for name in _ABOUT if name in values), "")
    return f"{received.kind} {of}".rstrip()
