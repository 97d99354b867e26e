"""Dead letters are seen, sent on to where they were on their way, or dropped."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from typer.testing import CliRunner

from presswork.events import Event, Type
from presswork.messages import Hint, PublishBase
from presswork.state import BuildId
from presswork_cli.app import app
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate import dead_letters as module
from presswork_cli.operate.dead_letters import DeadLetters
from presswork_cli.operate.stack import Deployed, Stack
from presswork_cli.printing.answers import Outputs

MAINTAIN = "arn:aws:lambda:us-east-1:123456789012:function:presswork-Maintain-1"
WANTED = {
    "ImagesQueue": ["post.parsed"],
    "IndexQueue": ["post.live", "post.removed"],
    "NotifyQueue": ["post.live", "post.rejected"],
}
HINT = Hint(key="posts/a.md").model_dump_json()
CREATED = json.dumps(
    {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {"object": {"key": "posts/ä b.md"}},
    }
)


class Lambda:
    """Lambda, which notes what it is asked to run."""

    def __init__(self) -> None:
        self.invoked: list[dict[str, Any]] = []

    def invoke(self, **request: Any) -> None:
        """Notes a run."""
        self.invoked.append(request)


class Deposit(Stack):
    """A stack with its queues on moto."""

    def __init__(self) -> None:
        self.sqs = boto3.client("sqs", region_name="us-east-1")
        self.sns = boto3.client("sns", region_name="us-east-1")
        self.lambda_ = Lambda()
        self.urls: dict[str, str] = {}
        for name in ("Parse", "ParseBulk", "Images", "Index", "Notify"):
            dead = self._make(f"{name}DeadLetters")
            self._make(f"{name}Queue", deadLetterTargetArn=self.arn(dead), maxReceiveCount="5")
        self._make("RuleDeadLetters")
        self._make("SubscriptionDeadLetters")
        self.topic = self.sns.create_topic(Name="topic")["TopicArn"]
        for name, types in WANTED.items():
            self._subscribe(self.arn(self.urls[name]), types)
        other = self.sqs.create_queue(QueueName="somebody-elses")["QueueUrl"]
        self._subscribe(self.arn(other), ["post.live"])
        self.outputs = Outputs(Topic=self.topic)

    def _make(self, name: str, **redrive: str) -> str:
        attributes = {"RedrivePolicy": json.dumps(redrive)} if redrive else {}
        url = self.sqs.create_queue(QueueName=f"presswork-{name}-1", Attributes=attributes)
        self.urls[name] = url["QueueUrl"]
        return self.urls[name]

    def _subscribe(self, arn: str, types: Sequence[str]) -> None:
        policy = json.dumps({"type": types})
        self.sns.subscribe(
            TopicArn=self.topic,
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true", "FilterPolicy": policy},
        )

    def arn(self, url: str) -> str:
        """A queue's ARN."""
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return str(answer["Attributes"]["QueueArn"])

    def client(self, service: str) -> Any:
        """Moto's client, or one of those above."""
        summaries = [
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": url,
                "ResourceType": "AWS::SQS::Queue",
            }
            for name, url in self.urls.items()
        ]
        policy = {"LogicalResourceId": "P", "PhysicalResourceId": "p", "ResourceType": "Other"}
        pages = [{"StackResourceSummaries": [policy]}, {"StackResourceSummaries": summaries}]
        paginator = SimpleNamespace(paginate=lambda StackName: pages)  # noqa: N803, ARG005
        cloudformation = SimpleNamespace(get_paginator=lambda _: paginator)
        return {
            "cloudformation": cloudformation,
            "lambda": self.lambda_,
            "sns": self.sns,
            "sqs": self.sqs,
        }[service]

    def absent(self, why: str) -> Failure:
        """It is there."""
        raise AssertionError(why)

    def refresh(self, paths: Sequence[str]) -> None:
        """It has no caches."""

    def put(self, name: str, body: str, **attributes: str) -> str:
        """Puts a message into a queue; returns its id."""
        answer = self.sqs.send_message(
            QueueUrl=self.urls[name],
            MessageBody=body,
            MessageAttributes={
                key: {"DataType": "String", "StringValue": value}
                for key, value in attributes.items()
            },
        )
        return str(answer["MessageId"])

    def waiting(self, name: str) -> list[dict[str, Any]]:
        """The messages that anybody sees in a queue."""
        answer = self.sqs.receive_message(
            QueueUrl=self.urls[name],
            MaxNumberOfMessages=10,
            VisibilityTimeout=0,
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", ()))


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deposit]:
    """A stack whose queues are empty."""
    monkeypatch.setattr(module, "_WAIT", 0)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield Deposit()


def _redrive(stack: Deposit, name: str | None, *only: str) -> dict[str, int]:
    answer = DeadLetters(stack).redrive(name, only)
    return {each.queue: each.handled for each in answer.queues if each.handled or each.kept}


def _event(type: Type) -> str:
    now = datetime(2026, 5, 4, tzinfo=UTC)
    return Event.of(
        type, post="p", key="posts/a.md", revision=1, generation=1, reason=None, now=now
    ).model_dump_json()


def test_every_dead_letter_queue_is_listed(stack: Deposit) -> None:
    """Those of rules and of subscriptions, too; with the count, and since when."""
    stack.put("ParseDeadLetters", HINT)
    stack.put("ParseDeadLetters", HINT)
    found = {each.queue: each for each in DeadLetters(stack).overview().queues}
    assert [*found] == sorted(name for name in stack.urls if "Dead" in name)
    assert {name for name, each in found.items() if each.messages} == {"ParseDeadLetters"}
    assert found["ParseDeadLetters"].messages == 2
    assert found["ParseDeadLetters"].oldest is not None
    assert found["RuleDeadLetters"].oldest is None


def test_messages_are_shown_and_stay(stack: Deposit) -> None:
    """What each is about, where it would go, and how often it was received."""
    known = stack.put("ParseDeadLetters", HINT)
    stack.put("ParseDeadLetters", '{"kind":"new"}')
    stack.put("ParseDeadLetters", "no JSON")
    answer = DeadLetters(stack).show("ParseDeadLetters", 10)
    assert sorted(each.about for each in answer.messages) == [
        "hint posts/a.md",
        "nothing that a stage knows",
        "nothing that a stage knows",
    ]
    (hint,) = [each for each in answer.messages if each.id == known]
    assert (hint.body, hint.goes_to) == (HINT, ("ParseQueue",))
    assert hint.received > 0
    assert hint.first_received is not None
    assert hint.sent is not None
    assert len(stack.waiting("ParseDeadLetters")) == 3
    assert len(DeadLetters(stack).show("ParseDeadLetters", 2).messages) == 2


def test_a_message_goes_back_to_the_queue_that_it_failed_in(stack: Deposit) -> None:
    """As it was, to the queue that names its dead-letter queue."""
    stack.put("ParseBulkDeadLetters", HINT, correlation="c")
    stack.put("ImagesDeadLetters", _event(Type.PARSED), type="post.parsed")
    assert _redrive(stack, None) == {"ImagesDeadLetters": 1, "ParseBulkDeadLetters": 1}
    (hint,) = stack.waiting("ParseBulkQueue")
    assert hint["Body"] == HINT
    assert hint["MessageAttributes"]["correlation"]["StringValue"] == "c"
    (event,) = stack.waiting("ImagesQueue")
    assert event["MessageAttributes"]["type"]["StringValue"] == "post.parsed"
    assert stack.waiting("ParseBulkDeadLetters") == []
    assert stack.waiting("ParseQueue") == []


def test_what_a_rule_could_not_deliver_goes_to_its_target(stack: Deposit) -> None:
    """To a queue as it is, without EventBridge's notes; a function is called with it."""
    parse = stack.arn(stack.urls["ParseQueue"])
    stack.put("RuleDeadLetters", CREATED, TARGET_ARN=parse, RULE_ARN="r", ERROR_CODE="NO_RIGHT")
    stack.put("RuleDeadLetters", '{"time":"2026-05-04T09:00:00Z"}', TARGET_ARN=MAINTAIN)
    answer = DeadLetters(stack).show("RuleDeadLetters", 10)
    assert {(each.about, each.goes_to, each.why) for each in answer.messages} == {
        ("hint posts/ä b.md", ("ParseQueue",), "NO_RIGHT"),
        ("nothing that a stage knows", ("presswork-Maintain-1",), None),
    }
    assert _redrive(stack, "RuleDeadLetters") == {"RuleDeadLetters": 2}
    (hint,) = stack.waiting("ParseQueue")
    assert hint["Body"] == CREATED
    assert "MessageAttributes" not in hint
    (run,) = stack.lambda_.invoked
    assert (run["FunctionName"], run["InvocationType"]) == (MAINTAIN, "Event")
    assert json.loads(run["Payload"]) == {"time": "2026-05-04T09:00:00Z"}


def test_a_run_that_failed_is_run_again(stack: Deposit) -> None:
    """Lambda's record of a failed run has the function, and what it was called with."""
    record = {
        "requestContext": {"functionArn": f"{MAINTAIN}:$LATEST", "condition": "RetriesExhausted"},
        "requestPayload": {"time": "2026-05-04T09:00:00Z"},
    }
    stack.put("RuleDeadLetters", json.dumps(record))
    (letter,) = DeadLetters(stack).show("RuleDeadLetters", 1).messages
    assert letter.about == "a run of presswork-Maintain-1"
    assert _redrive(stack, "RuleDeadLetters") == {"RuleDeadLetters": 1}
    (run,) = stack.lambda_.invoked
    assert run["FunctionName"] == f"{MAINTAIN}:$LATEST"
    assert json.loads(run["Payload"]) == record["requestPayload"]


def test_an_event_goes_to_all_queues_that_want_its_type(
    stack: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which subscription failed is not told; of others' queues none gets it, or is asked about."""
    asked, ask = [], stack.sns.get_subscription_attributes

    def noted(**request: str) -> Any:
        asked.append(request)
        return ask(**request)

    monkeypatch.setattr(stack.sns, "get_subscription_attributes", noted)
    stack.put("SubscriptionDeadLetters", _event(Type.LIVE), type="post.live")
    assert _redrive(stack, "SubscriptionDeadLetters") == {"SubscriptionDeadLetters": 1}
    for name in ("IndexQueue", "NotifyQueue"):
        (event,) = stack.waiting(name)
        assert event["Body"] == _event(Type.LIVE)
    assert stack.waiting("ImagesQueue") == []
    assert len(asked) == len(WANTED)
    answer = stack.sqs.receive_message(
        QueueUrl=stack.sqs.get_queue_url(QueueName="somebody-elses")["QueueUrl"]
    )
    assert "Messages" not in answer


def test_what_has_nowhere_to_go_stays(stack: Deposit) -> None:
    """Nothing is lost; everybody sees it again at once."""
    lost = stack.put("SubscriptionDeadLetters", "no JSON")
    stack.put("SubscriptionDeadLetters", _event(Type.REMOVED))
    (answer,) = DeadLetters(stack).redrive("SubscriptionDeadLetters", ()).queues
    assert (answer.handled, [each.id for each in answer.kept]) == (1, [lost])
    (message,) = stack.waiting("SubscriptionDeadLetters")
    assert message["MessageId"] == lost


def test_a_message_is_sent_before_it_is_deleted(
    stack: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever dies in between leaves it there: it may be sent twice, and is never lost."""
    stack.put("ParseDeadLetters", HINT)

    def die(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_HELD", 0)
    with monkeypatch.context() as patch:
        patch.setattr(stack.sqs, "delete_message", die)
        with pytest.raises(KeyboardInterrupt):
            _redrive(stack, "ParseDeadLetters")
    assert len(stack.waiting("ParseDeadLetters")) == 1
    assert len(stack.waiting("ParseQueue")) == 1


@pytest.mark.parametrize("verb", ["redrive", "drop"])
def test_one_message_is_handled_alone(stack: Deposit, verb: str) -> None:
    """The others are there for everybody afterwards."""
    ids = [stack.put("ParseDeadLetters", HINT) for _ in range(3)]
    (answer,) = getattr(DeadLetters(stack), verb)("ParseDeadLetters", ids[1:2]).queues
    assert answer.handled == 1
    left = {message["MessageId"] for message in stack.waiting("ParseDeadLetters")}
    assert left == {ids[0], ids[2]}
    assert len(stack.waiting("ParseQueue")) == (verb == "redrive")


def test_what_is_not_there_is_looked_for_once(
    stack: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages that come again before the end is reached are known, and nothing is dropped."""
    monkeypatch.setattr(module, "_HELD", 0)
    stack.put("ParseDeadLetters", HINT)
    answer = DeadLetters(stack).drop("ParseDeadLetters", ["nobody"])
    assert answer.queues[0].handled == 0


def test_a_message_that_is_held_no_more_is_let_go_of(
    stack: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its minute was over before the last message was found: SQS says that nobody holds it."""

    def late(**_: object) -> None:
        error: Any = {"Error": {"Code": "MessageNotInflight", "Message": "late"}}
        raise ClientError(error, "ChangeMessageVisibility")

    for _ in range(3):
        stack.put("ParseDeadLetters", HINT)
    letters = DeadLetters(stack)
    monkeypatch.setattr(stack.sqs, "change_message_visibility", late)
    assert letters.drop("ParseDeadLetters", ["nobody"]).queues[0].handled == 0


def _run(stack: Deposit, monkeypatch: pytest.MonkeyPatch, *words: str, typed: str = "") -> Any:
    monkeypatch.setattr(Deployed, "client", lambda _, service: stack.client(service))
    monkeypatch.setattr(Deployed, "outputs", stack.outputs)
    return CliRunner().invoke(app, ["dead-letters", *words], input=typed)


def test_dropping_asks_first(stack: Deposit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a yes nothing is deleted; --yes is one."""
    stack.put("ParseDeadLetters", HINT)
    done = _run(stack, monkeypatch, "drop", "ParseDeadLetters", "--all", typed="n\n")
    assert done.exit_code == Exit.REJECTED
    assert "Delete all messages of ParseDeadLetters for good?" in done.stderr
    assert len(stack.waiting("ParseDeadLetters")) == 1
    done = _run(stack, monkeypatch, "drop", "ParseDeadLetters", "--all", "--yes", "--json")
    assert (done.exit_code, json.loads(done.stdout)["queues"][0]["handled"]) == (Exit.FINE, 1)
    assert stack.waiting("ParseDeadLetters") == []


def test_the_commands_answer_people_and_programs(
    stack: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1 where a message stays; JSON alone on standard output."""
    base = PublishBase(build=BuildId(software="s")).model_dump_json()
    stack.put("IndexDeadLetters", base)
    stack.put("RuleDeadLetters", "no JSON")
    listed = _run(stack, monkeypatch, "list")
    assert "     1 IndexDeadLetters, since 20" in listed.stdout
    shown = _run(stack, monkeypatch, "show", "IndexDeadLetters")
    assert "publish_base" in shown.stdout
    assert "goes to IndexQueue" in shown.stdout
    done = _run(stack, monkeypatch, "redrive", "--all", "--json")
    assert done.exit_code == Exit.REJECTED
    handled = {each["queue"]: each for each in json.loads(done.stdout)["queues"]}
    assert handled["IndexDeadLetters"]["handled"] == 1
    assert handled["RuleDeadLetters"]["kept"][0]["goes_to"] == []
    again = _run(stack, monkeypatch, "redrive", "RuleDeadLetters")
    assert "goes nowhere" in again.stdout
    assert again.exit_code == Exit.REJECTED


@pytest.mark.parametrize(
    "words",
    [
        ("redrive",),
        ("redrive", "ParseDeadLetters", "--all"),
        ("drop", "ParseDeadLetters"),
        ("drop", "ParseDeadLetters", "--all", "--id", "x"),
        ("show", "ParseQueue"),
        ("drop", "ParseQueue", "--all", "--yes"),
    ],
)
def test_what_is_asked_for_wrongly_does_nothing(
    stack: Deposit, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """The failure names the way out; a queue of work is no dead-letter queue."""
    stack.put("ParseQueue", HINT)
    done = _run(stack, monkeypatch, *words)
    assert isinstance(done.exception, Failure)
    assert done.exception.code is Exit.USAGE
    assert len(stack.waiting("ParseQueue")) == 1
