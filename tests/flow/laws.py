"""A cloud in memory that keeps AWS's laws, the unpleasant ones too: what no emulator does.

Calls fail as AWS lets them fail, botocore tries them again as it does, and Lambda hands out
messages as it does: some twice, some late, not more at once than an account may. Each law names
the page of AWS's documentation that it is from.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
from botocore.exceptions import ClientError, HTTPClientError, ReadTimeoutError
from botocore.hooks import first_non_none_response

from flow.memory import Client, MemoryCloud, MemorySqs
from flow.memory_table import Item, failed
from flow.recorded import QUEUES
from flow.world import REGION, Crash, Origin, World
from presswork import site, wire
from presswork.aws import queues
from presswork.aws.clients import _CONFIG
from template.stack import Stack

LONGEST_CHAIN = 16
"""Invocations of one function that one event may lead to, unless its RecursiveLoop is Allow: AWS
Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops"."""
ACCOUNT_CONCURRENCY = 10
"""Invocations at once in an account that is new: AWS Lambda Developer Guide, "Understanding
Lambda function scaling", section "Concurrency quotas"."""
POLLERS = 5
"""Batches of a queue at once, unless its mapping has a MaximumConcurrency: AWS Lambda Developer
Guide, "Configuring scaling behavior for SQS event source mappings"."""


@dataclass(frozen=True)
class Fault:
    """How a call may fail; `is_done`: the service did what was asked, only its answer is lost."""

    code: str
    status: int
    is_done: bool = False

    def error(self, operation: str) -> Exception:
        """The error as botocore raises it."""
        if self.code == ReadTimeoutError.__name__:
            return ReadTimeoutError(endpoint_url="https://aws.example")
        about = {"ResponseMetadata": {"HTTPStatusCode": self.status}}
        return failed(self.code, operation, **about)


def _of_server(code: str, status: int = 500) -> tuple[Fault, ...]:
    """A failure before the effect, one after it, and an answer that never comes."""
    lost = Fault(ReadTimeoutError.__name__, 0, is_done=True)
    return Fault(code, status), Fault(code, status, is_done=True), lost


FAULTS: Mapping[str, tuple[Fault, ...]] = {
    # Amazon S3 API Reference, "Error Responses", section "List of error codes".
    "s3": (Fault("SlowDown", 503), Fault("RequestTimeout", 400), *_of_server("InternalError")),
    # Amazon DynamoDB Developer Guide, "Error handling with DynamoDB".
    "dynamodb": (
        Fault("ThrottlingException", 400),
        Fault("ProvisionedThroughputExceededException", 400),
        *_of_server("InternalServerError"),
    ),
    # Amazon SQS API Reference, "Common Errors", and "SendMessage".
    "sqs": (Fault("RequestThrottled", 403), *_of_server("ServiceUnavailable", 503)),
    # Amazon SNS API Reference, "Publish", section "Errors".
    "sns": (Fault("Throttled", 429), *_of_server("InternalError")),
    # Amazon SES Developer Guide, "Errors related to the sending quotas for your Amazon SES
    # account"; where that says ThrottlingException, the query interface says Throttling: AWS
    # Messaging Blog, "How to handle a "Throttling - Maximum sending rate exceeded" error".
    "ses": (Fault("Throttling", 400), *_of_server("ServiceUnavailable", 503)),
    # Amazon EventBridge Scheduler API Reference, "CreateSchedule", section "Errors".
    "scheduler": (Fault("ThrottlingException", 429), *_of_server("InternalServerException")),
    # Amazon CloudFront API Reference, "CreateInvalidation", section "Errors", and "Common Errors".
    "cloudfront": (
        Fault("Throttling", 400),
        Fault("TooManyInvalidationsInProgress", 400),
        *_of_server("ServiceUnavailable", 503),
    ),
    # AWS Systems Manager API Reference, "GetParameter", section "Errors", and "Common Errors".
    "ssm": (Fault("ThrottlingException", 400), *_of_server("InternalServerError")),
}

CONFLICTS: Mapping[str, Fault] = {
    # Amazon DynamoDB Developer Guide, "Amazon DynamoDB Transactions: How it works", section
    # "Transaction conflict handling in DynamoDB": plain writes meet transactions as well.
    "TransactWriteItems": Fault("TransactionCanceledException", 400),
    "PutItem": Fault("TransactionConflictException", 400),
    "UpdateItem": Fault("TransactionConflictException", 400),
    "DeleteItem": Fault("TransactionConflictException", 400),
    # Amazon S3 User Guide, "How to prevent object overwrites with conditional writes".
    "PutObject": Fault("ConditionalRequestConflict", 409),
}

CANCELLED = ("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")
"""Amazon DynamoDB API Reference, "TransactWriteItems": reasons that say nothing of the request."""


@dataclass
class Fate:
    """What goes wrong, by dice: so much of all calls, and never while it is `off`."""

    rate: float
    dice: random.Random
    off: bool = True
    met: Counter[str] = field(default_factory=Counter)

    def strikes(self, *, times: float = 1.0) -> bool:
        """Whether something goes wrong now."""
        return not self.off and self.dice.random() < self.rate * times

    def repeats(self) -> bool:
        """Whether a message comes twice, whoever sends it."""
        return self.dice.random() < self.rate

    def fault(self, service: str, operation: str, request: Item) -> Fault | None:
        """What goes wrong with a call."""
        if self.strikes(times=0.01):
            self.met["Crash"] += 1
            raise Crash  # the function ran out of time, or its sandbox was lost
        if not self.strikes():
            return None
        faults = FAULTS[service]
        if operation in CONFLICTS and (service != "s3" or "IfNoneMatch" in request):
            faults = (*faults, CONFLICTS[operation])
        fault = self.dice.choice(faults)
        self.met[f"{service} {fault.code}{' (done)' if fault.is_done else ''}"] += 1
        return fault


class LawfulClient(Client):
    """A client whose calls fail now and then, and are tried again as botocore tries them.

    botocore's own client of the service is asked whether to; AWS SDKs and Tools Reference Guide,
    "Retry behavior". It names some calls with a token of their own, which AWS then does once:
    Amazon DynamoDB API Reference, "TransactWriteItems", parameter ClientRequestToken.
    """

    def __init__(self, service: str, part: Any, cloud: "LawfulCloud") -> None:
        super().__init__(part, cloud.scales)
        self._fate, self._service = cloud.fate, service
        self._botocore = boto3.client(
            service,  # type: ignore[call-overload]
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=_CONFIG,
        )
        self._about = self._botocore.meta.service_model

    def _answer(self, operation: str, call: Callable[..., Any], request: Item) -> Any:
        model, context = self._about.operation_model(operation), dict[str, Any]()
        do = _once(call) if model.idempotent_members else call
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = self._attempt(operation, do, request)
            except (ClientError, HTTPClientError) as error:
                if not self._is_retried(model, attempt, error, context):
                    raise
            else:
                self._emit("after-call", model, context=context, **_response({}, 200))
                return answer

    def _attempt(self, operation: str, do: Callable[..., Any], request: Item) -> Any:
        fault = self._fate.fault(self._service, operation, request)
        if fault is None:
            return do(**request)
        if fault.is_done:
            do(**request)
        error = fault.error(operation)
        if operation == "TransactWriteItems" and fault is CONFLICTS[operation]:
            codes = ["None"] * len(request["TransactItems"])
            codes[self._fate.dice.randrange(len(codes))] = self._fate.dice.choice(CANCELLED)
            vars(error)["response"]["CancellationReasons"] = [{"Code": code} for code in codes]
        raise error

    def _is_retried(self, model: Any, attempt: int, error: Exception, context: Item) -> bool:
        parsed = error.response if isinstance(error, ClientError) else None
        status = parsed.get("ResponseMetadata", {}).get("HTTPStatusCode", 400) if parsed else 0
        found = _response(parsed, status)
        answers = self._emit(
            "needs-retry",
            model,
            response=(found["http_response"], parsed) if parsed else None,
            endpoint=None,
            operation=model,
            attempts=attempt,
            caught_exception=None if parsed else error,
            request_dict={"context": context},
        )
        return first_non_none_response(answers) is not None

    def _emit(self, event: str, model: Any, **about: Any) -> Any:
        name = f"{event}.{self._about.service_id.hyphenize()}.{model.name}"
        if event == "after-call":
            about["model"] = model
        return self._botocore.meta.events.emit(name, **about)


def _response(parsed: Any, status: int) -> Item:
    return {"http_response": SimpleNamespace(status_code=status, headers={}), "parsed": parsed}


def _once(call: Callable[..., Any]) -> Callable[..., Any]:
    """The call, done once however often it is sent: it bears a token."""
    answers: list[Any] = []

    def do(**request: Any) -> Any:
        if not answers:
            answers.append(call(**request))
        return answers[0]

    return do


@dataclass(frozen=True)
class Envelope:
    """A message in a queue: how often it was received, and what led to it, by function."""

    body: str
    lineage: Mapping[str, int] = field(default_factory=dict)
    receives: int = 0
    hidden: int = 0


class LawfulSqs(MemorySqs):
    """Queues whose messages come at least once, late, and in any order.

    Amazon SQS Developer Guide, "Amazon SQS standard queues"; of S3's events, Amazon EventBridge
    User Guide, "Event delivery from AWS services". What an invocation sends is of its lineage.
    """

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self.fate = fate
        self.waiting: dict[str, list[Envelope]] = {}
        self.lineage: Mapping[str, int] = {}

    def send_message(self, *, QueueUrl: str, MessageBody: str, **about: object) -> None:  # noqa: N803 - as botocore's
        """Adds a message; now and then twice."""
        super().send_message(QueueUrl=QueueUrl, MessageBody=MessageBody, **about)
        self.queues[QueueUrl].pop()
        queue = self.waiting.setdefault(QueueUrl, [])
        queue.append(Envelope(MessageBody, dict(self.lineage)))
        if self.fate.repeats():
            self.fate.met["came twice"] += 1
            queue.append(Envelope(MessageBody, dict(self.lineage), hidden=self._a_while()))

    def receive_message(self, *, QueueUrl: str, **_: object) -> dict[str, Any]:  # noqa: N803 - as botocore's
        """At most ten messages, for a test that takes them itself."""
        found = self.receive(QueueUrl, 10)
        return {"Messages": [{"Body": each.body, "ReceiptHandle": ""} for each in found]}

    def receive(self, queue: str, most: int) -> list[Envelope]:
        """A batch of what is to be seen, in any order."""
        waiting = self.waiting.setdefault(queue, [])
        seen = [each for each in waiting if each.hidden <= 0]
        if self.fate.rate:
            self.fate.dice.shuffle(seen)
        batch = seen[:most]
        for each in batch:
            waiting.remove(each)
        return [replace(each, receives=each.receives + 1) for each in batch]

    def put_back(self, queue: str, message: Envelope) -> None:
        """What was not done is to be seen again after its timeout."""
        self.waiting[queue].append(replace(message, hidden=self._a_while()))

    def pass_time(self) -> None:
        """What is hidden comes nearer."""
        for queue, messages in self.waiting.items():
            self.waiting[queue] = [replace(each, hidden=each.hidden - 1) for each in messages]

    def _a_while(self) -> int:
        return self.fate.dice.randrange(1, 6) if self.fate.rate else 0


class LawfulCloud(MemoryCloud):
    """AWS in memory, so much of whose calls fail; the same seed, the same faults."""

    def __init__(self, rate: float = 0.0, seed: int = 0) -> None:
        self.fate = Fate(rate, random.Random(seed))
        self.sqs = LawfulSqs(self.fate)
        super().__init__(self.sqs)

    def _client_of(self, service: str, part: Any) -> Client:
        return LawfulClient(service, part, self)


@dataclass(frozen=True)
class Consumer:
    """Who works on a queue, and how, as the template says."""

    function: str
    may_loop: bool
    pollers: int
    batch: int
    receives: int


def consumers(stack: Stack) -> Mapping[str, Consumer]:
    """The consumer of each queue, by its name here."""
    functions, queues = stack.of("AWS::Lambda::Function"), stack.of("AWS::SQS::Queue")
    names = {queue: name for name, queue in QUEUES.items()}
    found = {}
    for mapping in stack.of("AWS::Lambda::EventSourceMapping").values():
        queue, function = mapping["EventSourceArn"]["Fn::GetAtt"][0], mapping["FunctionName"]["Ref"]
        found[names[queue]] = Consumer(
            function=function,
            may_loop=functions[function].get("RecursiveLoop") == "Allow",
            pollers=mapping.get("ScalingConfig", {}).get("MaximumConcurrency", POLLERS),
            batch=mapping["BatchSize"],
            receives=queues[queue]["RedrivePolicy"]["maxReceiveCount"],
        )
    assert found.keys() == QUEUES.keys()
    return found


class LawfulWorld(World):
    """The flow on a cloud that keeps AWS's laws; `run` hands out messages as Lambda does."""

    cloud: LawfulCloud

    def __init__(
        self,
        origin: Origin,
        port: int,
        cloud: LawfulCloud,
        consumers: Mapping[str, Consumer],
        *,
        most: int = site.LARGEST_PERIOD,
    ) -> None:
        self.consumers = consumers
        self.concurrency = ACCOUNT_CONCURRENCY
        self.stopped: list[str] = []
        self.throttled = 0
        self._depth = 0
        super().__init__(origin, port, cloud, most=most)

    @contextmanager
    def spared(self) -> Iterator[None]:
        """Nothing goes wrong in the block."""
        fate = self.cloud.fate
        rate, fate.rate = fate.rate, 0.0
        try:
            yield
        finally:
            fate.rate = rate

    def at_work(self, work: Callable[[], object]) -> None:
        """Does a worker's work, in which calls may fail."""
        fate = self.cloud.fate
        self._depth, fate.off = self._depth + 1, False
        try:
            super().at_work(work)
        finally:
            self._depth -= 1
            fate.off = self._depth == 0

    def run(self, dice: random.Random | None = None, *, repeat: bool = False) -> None:
        """Has Lambda work until no message is left but those that died."""
        if dice is not None:
            self.cloud.fate.dice = dice
        assert not repeat, "the cloud repeats by itself"
        self.take("ear")
        while any(self.cloud.sqs.waiting.get(self.urls[name]) for name in self.consumers):
            self._tick()
            self.take("ear")

    def redrive(self) -> int:
        """Sends what died to its queue again; returns how many there were.

        Amazon SQS Developer Guide, "Learn how to configure a dead-letter queue redrive": these are
        new messages.
        """
        dead, self.dead = self.dead, []
        for name, body in dead:
            self.sqs.send_message(QueueUrl=self.urls[name], MessageBody=json.dumps(body))
        return len(dead)

    def _tick(self) -> None:
        """What Lambda does at the same time: each poller of each queue has a batch in hand.

        Beyond the account's concurrency a batch is throttled: it was received all the same. AWS
        Lambda Developer Guide, "Handling errors for an SQS event source in Lambda": who reports
        failures message by message is not polled for with fewer pollers after them.
        """
        sqs, fate = self.cloud.sqs, self.cloud.fate
        sqs.pass_time()
        hand = [
            (name, batch)
            for name, consumer in self.consumers.items()
            for _ in range(consumer.pollers)
            if (batch := sqs.receive(self.urls[name], consumer.batch))
        ]
        fate.dice.shuffle(hand)
        for name, batch in hand[self.concurrency :]:
            self.throttled += len(batch)
            self._give_back(name, batch)
        for name, batch in hand[: self.concurrency]:
            is_another = fate.rate > 0 and fate.dice.random() < 0.5
            with self._another_worker() if is_another else nullcontext():
                self._invoke(name, batch)

    def _invoke(self, name: str, batch: list[Envelope]) -> None:
        """One invocation: messages that failed are to be seen again, as is all if it dies."""
        sqs, fate, consumer = self.cloud.sqs, self.cloud.fate, self.consumers[name]
        lineage = Counter[str]()
        for message in batch:
            lineage |= Counter(message.lineage)  # the longest chain that led here
        lineage[consumer.function] += 1
        if lineage[consumer.function] > LONGEST_CHAIN and not consumer.may_loop:
            self.stopped.append(consumer.function)
            self.dead += [(name, json.loads(message.body)) for message in batch]
            return
        sqs.lineage = lineage
        acknowledged: set[str] = set()
        try:
            failures = self._handle(name, batch, acknowledged)
        except Crash:
            failures = [m for n, m in enumerate(batch) if str(n) not in acknowledged]
        finally:
            sqs.lineage = {}
        self._give_back(name, failures)
        again = [m for m in batch if fate.rate and fate.dice.random() < fate.rate / 4]
        self._give_back(name, [m for m in again if m not in failures])

    def _handle(self, name: str, batch: list[Envelope], acknowledged: set[str]) -> list[Envelope]:
        """The messages that failed, each told of by itself.

        The same page, section "Implementing partial batch responses".
        """
        records = [
            {
                "messageId": str(n),
                "receiptHandle": str(n),
                "body": message.body,
                "attributes": {"ApproximateReceiveCount": str(message.receives)},
                "eventSource": "aws:sqs",
                "eventSourceARN": name,
            }
            for n, message in enumerate(batch)
        ]
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
        answers: list[Mapping[str, Any]] = []

        def work() -> None:
            event = {"Records": records}
            if name == "index":
                answers.append(wire.process_together(event, context, self.index.route))
            elif name == "render":
                begin, finish = self.rendering.begin, self.rendering.finish
                answers.append(wire.process_in_two(event, context, begin, finish))
            else:
                route = lambda message: self._route(name, message)  # noqa: E731 - of this queue
                answers.append(wire.process(event, context, route))

        with patch.object(queues, "acknowledge", lambda _, handle: acknowledged.add(handle)):
            self.at_work(work)
        (answer,) = answers
        return [batch[int(each["itemIdentifier"])] for each in answer["batchItemFailures"]]

    def _give_back(self, name: str, batch: list[Envelope]) -> None:
        """Messages that are to be received again; those that were too often go to the DLQ.

        AWS Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping".
        """
        for message in batch:
            if message.receives >= self.consumers[name].receives:
                self.dead.append((name, json.loads(message.body)))
            else:
                self.cloud.sqs.put_back(self.urls[name], message)
