"""The topic by which alarms reach the operator."""

from dataclasses import dataclass
from typing import Any, Self

from presswork.aws.clients import client, variable


@dataclass(frozen=True)
class AlarmTopic:
    """The SNS topic that mails whoever is in charge of the stack."""

    client: Any
    arn: str

    @classmethod
    def from_env(cls) -> Self | None:
        """The topic named by ALARM_TOPIC_ARN; none where nobody is to be mailed."""
        arn = variable("ALARM_TOPIC_ARN")
        return cls(client("sns"), arn) if arn else None

    def tell(self, subject: str, text: str) -> None:
        """Sends a mail; its subject is one line of ASCII, at most 100 characters."""
        self.client.publish(TopicArn=self.arn, Subject=subject, Message=text)
