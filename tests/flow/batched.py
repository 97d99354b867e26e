"""A world whose render works batches, as Lambda hands them over."""

import json
import random
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from flow.world import RECEIVES, Crash, World
from presswork import wire
from presswork.aws import queues

Body = dict[str, Any]


class BatchedWorld(World):
    """What waits for render is handed over at once, as soon as nobody else has work."""

    def run(self, dice: random.Random | None = None, *, repeat: bool = False) -> None:
        """Delivers messages until none is left, those that failed by themselves.

        With dice in any order, but that render comes last.
        """
        assert not repeat
        waiting: list[tuple[str, Body, int]] = []
        while True:
            waiting += [(name, body, 1) for name, body in self._receive()]
            if not waiting:
                return
            if dice is not None:
                dice.shuffle(waiting)
            others = [each for each in waiting if each[0] != "render"]
            if others:
                name, body, receives = others[0]
                batch = [body]
            else:
                name, _, receives = waiting[0]
                batch = [body for _, body, times in waiting if times == receives]
                batch = batch if receives == 1 else batch[:1]
            for body in batch:
                waiting.remove((name, body, receives))
            failed = self.invoke(name, batch, receives=receives)
            if receives >= RECEIVES:
                self.dead += [(name, body) for body in failed]
            else:
                waiting += [(name, body, receives + 1) for body in failed]

    def invoke(self, name: str, batch: Sequence[Body], *, receives: int = 1) -> list[Body]:
        """The messages of a batch that are to come again: all of them when the worker dies."""
        try:
            if name == "render":
                return self._render(batch, receives)
            for body in batch:
                self.deliver(name, body)
        except (Exception, Crash):  # noqa: BLE001 - SQS sends again whatever failed
            return list(batch)
        return []

    def _render(self, batch: Sequence[Body], receives: int) -> list[Body]:
        records = [
            {
                "messageId": str(number),
                "receiptHandle": str(number),
                "body": json.dumps(body),
                "attributes": {"ApproximateReceiveCount": str(receives)},
                "eventSource": "aws:sqs",
                "eventSourceARN": "render",
            }
            for number, body in enumerate(batch)
        ]
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
        stage, answers = self.rendering, list[Mapping[str, Any]]()

        def work() -> None:
            event = {"Records": records}
            answers.append(wire.process_in_two(event, context, stage.begin, stage.finish))

        with patch.object(queues, "acknowledge"):
            self.at_work(work)
        return [batch[int(each["itemIdentifier"])] for each in answers[0]["batchItemFailures"]]
