"""The queues of messages that no retry could save, and what the operator was told of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from presswork.aws.clients import client, variable
from presswork.aws.table import Attr, Put, Table
from presswork.state import DeadLetterState

_PK, _SK = "SITE", "DEAD_LETTERS"
_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


@dataclass(frozen=True)
class DeadLetterQueues:
    """All dead-letter queues of the stack."""

    client: Any
    urls: tuple[str, ...]

    @classmethod
    def from_env(cls) -> Self:
        """The queues whose URLs stand in DEAD_LETTER_QUEUE_URLS, with spaces between."""
        return cls(client("sqs"), tuple(variable("DEAD_LETTER_QUEUE_URLS").split()))

    def counts(self) -> Mapping[str, int]:
        """About how many messages lie in each queue that is not empty, by its name."""
        found = {url.rpartition("/")[2]: self._count(url) for url in self.urls}
        return {name: count for name, count in found.items() if count}

    def _count(self, url: str) -> int:
        answer = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))
        return sum(int(answer["Attributes"][name]) for name in _COUNTS)


@dataclass(frozen=True)
class DeadLetterLog:
    """The item `SITE` / `DEAD_LETTERS`: the fields of `DeadLetterState`."""

    table: Table

    def read(self) -> DeadLetterState:
        """What was seen and told last."""
        item = self.table.get(_PK, _SK)
        return DeadLetterState() if item is None else DeadLetterState.model_validate(item)

    def write(self, state: DeadLetterState) -> None:
        """Writes the next version; raises Changed when another worker wrote it."""
        before = Attr("version").eq(state.version - 1)
        condition = before if state.version > 1 else Attr("PK").not_exists()
        self.table.write(Put({"PK": _PK, "SK": _SK} | state.model_dump(mode="json"), condition))
