"""What Scheduler answers, which no emulator does in full: botocore's own stub stands in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session
from botocore.stub import ANY, Stubber

from presswork.aws.schedules import Schedules
from presswork.errors import RetryLater
from presswork.messages import Hint
from unit.stubs import stubbed

TIME = datetime(2026, 5, 6, 9, 0, 30, tzinfo=UTC)
HINT = Hint(key="posts/a.md")


@pytest.fixture
def stub() -> Iterator[Stubber]:
    """A client of Scheduler whose answers the test gives."""
    with stubbed("scheduler") as stub:
        yield stub


@pytest.fixture
def schedules(stub: Stubber) -> Schedules:
    """Schedules of a group, for a queue."""
    return Schedules(lambda: stub.client, "group", "arn:role", "arn:queue")


def named(stub: Stubber, schedules: Schedules, time: datetime, hint: Hint) -> str:
    """The name that a schedule is made with."""
    names: list[str] = []
    stub.client.meta.events.register(
        "before-parameter-build.scheduler.CreateSchedule",
        lambda params, **_: names.append(params["Name"]),
    )
    stub.add_response("create_schedule", {"ScheduleArn": "arn:aws:scheduler:::schedule/a/b"})
    assert schedules.send_at(time, hint)
    return names[-1]


def test_a_schedule_sends_one_message_and_is_gone(stub: Stubber, schedules: Schedules) -> None:
    """It is asked for at the very second in UTC, without slack, and deletes itself."""
    stub.add_response(
        "create_schedule",
        {"ScheduleArn": "arn:aws:scheduler:::schedule/a/b"},
        {
            "GroupName": "group",
            "Name": ANY,
            "ScheduleExpression": "at(2026-05-06T09:00:30)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {"Arn": "arn:queue", "RoleArn": "arn:role", "Input": HINT.model_dump_json()},
        },
    )
    assert schedules.send_at(TIME.astimezone(timezone(timedelta(hours=8))), HINT)
    stub.assert_no_pending_responses()


def test_a_name_says_what_is_sent_and_when(stub: Stubber, schedules: Schedules) -> None:
    """Asked for again it is the same, for another key or time another; Scheduler takes 64 bytes."""
    first = named(stub, schedules, TIME, HINT)
    assert named(stub, schedules, TIME, HINT) == first
    assert named(stub, schedules, TIME + timedelta(seconds=1), HINT) != first
    assert named(stub, schedules, TIME, Hint(key="posts/b.md")) != first
    assert len(first) <= 64


@pytest.mark.parametrize(
    ("code", "stands"),
    [
        ("ConflictException", True),
        ("ValidationException", False),
        ("ServiceQuotaExceededException", False),
    ],
)
def test_what_stands_already_stands_and_what_is_refused_does_not(
    stub: Stubber, schedules: Schedules, code: str, *, stands: bool
) -> None:
    """Neither is a failure: the first will be sent, the second is left to maintain."""
    stub.add_client_error("create_schedule", code)
    assert schedules.send_at(TIME, HINT) is stands


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerException"])
def test_what_scheduler_cannot_say_is_asked_again(
    stub: Stubber, schedules: Schedules, code: str
) -> None:
    """The message that led here is delivered again."""
    stub.add_client_error("create_schedule", code)
    with pytest.raises(RetryLater):
        schedules.send_at(TIME, HINT)


def test_a_role_that_is_not_known_yet_is_no_refusal(stub: Stubber, schedules: Schedules) -> None:
    """Right after a deployment Scheduler may not take the role on: a minute later it does."""
    why = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    stub.add_client_error("create_schedule", "ValidationException", why)
    with pytest.raises(RetryLater):
        schedules.send_at(TIME, HINT)


def test_a_missing_right_is_no_refusal(stub: Stubber, schedules: Schedules) -> None:
    """It comes out, and the message ends where somebody looks."""
    stub.add_client_error("create_schedule", "AccessDeniedException")
    with pytest.raises(ClientError):
        schedules.send_at(TIME, HINT)


def test_no_client_is_made_before_the_first_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function starts without it: most posts have no date in the future."""
    made: list[str] = []
    monkeypatch.setattr(Session, "create_client", lambda _, service, **__: made.append(service))
    for name in ("SCHEDULE_GROUP", "SCHEDULE_ROLE_ARN", "PARSE_QUEUE_ARN"):
        monkeypatch.setenv(name, "made-up")
    Schedules.from_env("PARSE_QUEUE_ARN")
    assert made == []
