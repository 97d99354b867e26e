"""The queues that stages send to directly, past the topic."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from presswork import correlation
from presswork.aws.clients import client, variable
from presswork.aws.fair_queues import group_of
from presswork.messages import Message


def acknowledge(arn: str, receipt_handle: str) -> None:
    """Takes a message off the queue that it was received from, before the rest of its batch."""
    _, _, _, _, account, name = arn.split(":")
    sqs = client("sqs")
    url = f"{sqs.meta.endpoint_url.rstrip('/')}/{account}/{name}"  # a message brings no other
    sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt_handle)


@dataclass(frozen=True)
class Queue:
    """An SQS queue that takes one message as JSON at a time."""

    client: Any
    url: str

    @classmethod
    def from_env(cls, name: str) -> Self:
        """The queue whose URL is in the environment variable `name`."""
        return cls(client("sqs"), variable(name))

    def send_all(self, messages: Iterable[Message]) -> None:
        """Sends many messages, one by one: for batches the local cloud wants a right of its own."""
        for message in messages:
            self.send(message)

    def send(self, message: Message, *, delay: int = 0) -> None:
        """Sends one message, to be seen after `delay` seconds (at most 900).

        It goes on under the id of the upload that the present work is done for.
        """
        body = message.caused_by(correlation.current()).model_dump_json()
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=body,
            DelaySeconds=delay,
            MessageGroupId=group_of(body, bulk=message.bulk),
        )
