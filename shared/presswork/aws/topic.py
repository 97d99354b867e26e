"""The one topic through which the stages and third parties hear what happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from presswork import correlation
from presswork.aws.clients import client, variable
from presswork.aws.fair_queues import group_of
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
        correlationid: str | None = None,
        bulk: bool = False,
    ) -> None:
        """Publishes one event, now; settings, themes and files without a post have no `post`.

        Unless it is said, the upload that caused it is the one that the present work is done for.
        """
        event = Event.of(
            type,
            post=post,
            key=key,
            revision=revision,
            generation=generation,
            reason=reason,
            correlationid=correlationid or correlation.current(),
            bulk=bulk,
            now=self.clock(),
        )
        body = event.model_dump_json()
        self.client.publish(
            TopicArn=self.arn,
            Message=body,
            MessageGroupId=group_of(body, bulk=bulk),
            MessageAttributes={"type": {"DataType": "String", "StringValue": event.type.value}},
        )
