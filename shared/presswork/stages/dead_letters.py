"""The daily digest of dead letters: an alarm speaks once, a message that lies on is told again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aws_lambda_powertools import Logger

from presswork.aws.alarm_topic import AlarmTopic
from presswork.aws.conflicts import Changed
from presswork.aws.dead_letters import DeadLetterQueues
from presswork.aws.stores import Stores
from presswork.state import DeadLetterState

logger = Logger(child=True)

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DeadLetterDigest:
    """Tells the operator of what lies in dead-letter queues; without a topic the log has it."""

    stores: Stores
    queues: DeadLetterQueues
    topic: AlarmTopic | None

    def send(self, now: datetime) -> None:
        """Tells of all queues that are not empty, once a day at most."""
        counts, before = self.queues.counts(), self.stores.dead_letters.read()
        since = {name: before.since.get(name, now) for name in counts}
        is_due = bool(counts) and (before.told is None or now - before.told >= A_DAY)
        after = before.model_copy(update={"since": since, "told": now if is_due else before.told})
        if after == before:
            return
        after = after.model_copy(update={"version": before.version + 1})
        try:
            self.stores.dead_letters.write(after)
        except Changed:
            return  # another worker looks at the same time, and tells
        if is_due:
            self._tell(counts, after, before.told)

    def _tell(
        self, counts: Mapping[str, int], noted: DeadLetterState, told: datetime | None
    ) -> None:
        logger.warning("dead letters", extra={"queues": dict(counts)})
        if self.topic is None:
            return
        try:
            self.topic.tell(_subject(counts), _text(counts, noted.since))
        except Exception:
            undone = {"version": noted.version + 1, "told": told}
            self.stores.dead_letters.write(noted.model_copy(update=undone))
            raise


def _subject(counts: Mapping[str, int]) -> str:
    return f"Presswork: {_messages(sum(counts.values()))} could not be worked on"


def _text(counts: Mapping[str, int], since: Mapping[str, datetime]) -> str:
    queues = [
        f"  {name}: {_messages(count)}, seen first at {since[name]:%Y-%m-%d %H:%M} UTC"
        for name, count in sorted(counts.items())
    ]
    return "\n".join(
        [
            "These dead-letter queues are not empty. Each message in them failed every time it was",
            "tried; SQS deletes it 14 days after it was sent.",
            "",
            *queues,
            "",
            "What they are, and why they failed:",
            "",
            "  presswork dead-letters list",
            "",
            "You are told of them once a day until the queues are empty.",
        ]
    )


def _messages(count: int) -> str:
    return f"{count} message" if count == 1 else f"{count} messages"
