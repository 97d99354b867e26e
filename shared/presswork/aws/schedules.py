"""One-shot schedules: a message for later than any queue would keep it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

from botocore.exceptions import ClientError

from presswork.aws.clients import client, variable
from presswork.errors import RetryLater
from presswork.messages import Message

_EXISTS = "ConflictException"
_REFUSALS = frozenset({"ServiceQuotaExceededException", "ValidationException"})
_FAILURES = frozenset({"InternalServerException", "ThrottlingException"})


@dataclass(frozen=True)
class Schedules:
    """Schedules of EventBridge in a group of the stack, each named by the hash of what it sends.

    Each sends one message to one queue, at its minute, and is gone then. None is ever changed or
    cancelled: who gets the message looks at what is true by then.
    """

    client: Callable[[], Any]
    group: str
    role: str
    queue: str

    @classmethod
    def from_env(cls, queue: str) -> Self:
        """Schedules for the queue whose ARN is in a variable; their client is made when needed."""
        return cls(
            partial(client, "scheduler"),
            variable("SCHEDULE_GROUP"),
            variable("SCHEDULE_ROLE_ARN"),
            variable(queue),
        )

    def send_at(self, time: datetime, message: Message) -> bool:
        """Whether the message will be sent at this time; RetryLater when Scheduler does not say.

        Scheduler may refuse a time that is past or too far, and more schedules than it keeps. Right
        after a deployment it may refuse the role, which IAM has yet to make known to it.
        """
        expression = f"at({time.astimezone(UTC):%Y-%m-%dT%H:%M:%S})"
        body = message.model_dump_json()
        try:
            self.client().create_schedule(
                GroupName=self.group,
                Name=hashlib.sha256(f"{expression} {self.queue} {body}".encode()).hexdigest(),
                ScheduleExpression=expression,
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={"Arn": self.queue, "RoleArn": self.role, "Input": body},
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _FAILURES or _is_about_the_role(error):
                raise RetryLater(f"Scheduler did not take the schedule: {error}") from error
            if code in _REFUSALS:
                return False
            if code != _EXISTS:
                raise
        return True


def _is_about_the_role(error: ClientError) -> bool:
    """Whether the role is what Scheduler does not accept; it has no code of its own for that.

    Its words, as people met them: "The execution role you provide must allow AWS EventBridge
    Scheduler to assume the role." (EventBridge Scheduler User Guide, "Troubleshooting Amazon
    EventBridge Scheduler").
    """
    told = error.response["Error"]
    return told["Code"] == "ValidationException" and "role" in told.get("Message", "").lower()
