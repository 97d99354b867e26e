"""The one topic through which the stages and third parties hear what happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from presswork.aws.clients import client, variable
from presswork.clock import utc_now
from presswork.events import Event, Type


@dataclass(frozen=True)
class Topic:
    """The SNS topic: messages are `Event`s as JSON, filtered by their attribute `type`."""

    client: Any
    arn: str
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_env(cls) -> Self:
        """The topic named by TOPIC_ARN."""
        return cls(client("sns"), variable("TOPIC_ARN"))

    def announce(
        self,
        type: Type,
        *,
        post: str = "",
        key: str,
        revision: int,
        generation: int = 0,
        reason: str | None = None,
    ) -> None:
        """Publishes one event, now; settings, themes and files without a post have no `post`."""
        event = Event.of(
            type,
            post=post,
            key=key,
            revision=revision,
            generation=generation,
            reason=reason,
            now=self.clock(),
        )
        self.client.publish(
            TopicArn=self.arn,
            Message=event.model_dump_json(),
            MessageAttributes={"type": {"DataType": "String", "StringValue": event.type.value}},
        )
