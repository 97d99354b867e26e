"""The queues that posts go through, and how much waits in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from presswork_cli.operate.stack import Stack

QUEUES = (
    "ParseQueue",
    "ParseBulkQueue",
    "ImagesQueue",
    "ImagesBulkQueue",
    "RenderQueue",
    "IndexQueue",
)
"""What the work goes through, in its order."""

_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True)
class Backlog:
    """What waits in the queues of a stack, by SQS's count, which is about right."""

    stack: Stack

    def waiting(self) -> int:
        """How many messages there are, in flight and delayed ones too."""
        return sum(map(sum, self.counts()))

    def counts(self) -> tuple[tuple[int, ...], ...]:
        """For each queue how many messages wait, are in flight, and are delayed."""
        sqs = self.stack.client("sqs")
        return tuple(_counts(sqs, url) for url in self._urls)

    @cached_property
    def _urls(self) -> Iterable[str]:
        return tuple(self.stack.resource(name) for name in QUEUES)


def _counts(sqs: Any, url: str) -> tuple[int, ...]:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))
    return tuple(int(answer["Attributes"][count]) for count in _COUNTS)
