"""The one topic through which the stages and third parties hear what happened."""

from dataclasses import dataclass
from typing import Any, Self

from presswork.aws.clients import client, variable
from presswork.events import Event


@dataclass(frozen=True)
class Topic:
    """The SNS topic: messages are `Event`s as JSON, filtered by their attribute `type`."""

    client: Any
    arn: str

    @classmethod
    def from_env(cls) -> Self:
        """The topic named by TOPIC_ARN."""
        return cls(client("sns"), variable("TOPIC_ARN"))

    def announce(self, event: Event) -> None:
        """Publishes one event."""
        self.client.publish(
            TopicArn=self.arn,
            Message=event.model_dump_json(),
            MessageAttributes={"type": {"DataType": "String", "StringValue": event.type.value}},
        )
