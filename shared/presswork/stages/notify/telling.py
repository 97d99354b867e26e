"""The one machine of states by which everything is told: post, digest, and mail to an author."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aws_lambda_powertools import Logger

from presswork.aws.deliveries import LEFT_TO_SQS, DeliveryLog, Hour
from presswork.errors import InDoubt, Rejected, RetryLater
from presswork.messages import Message
from presswork.state import SETTLED, Delivery, Progress, Subject
from presswork.telemetry import NAMESPACE, NOT_TOLD

logger = Logger(child=True)

FRESH = timedelta(hours=48)
"""How long something is news, and for how long it is tried to tell of it."""
LEFT_BEHIND = timedelta(minutes=2)
"""After this time the worker that began is dead: a function is stopped after one minute."""

Send = Callable[[], None]


@dataclass(frozen=True)
class Telling:
    """What is to be told once, and how; `again` is the message that has it told.

    `prepare` sends nothing: it returns what does. With the `hour` of its channel as it was read,
    nothing was noted of it by then.
    """

    subject: Subject
    again: Message
    prepare: Callable[[], Send]
    repeatable: bool = False
    hour: Hour | None = None


@dataclass(frozen=True)
class Teller:
    """Promises, sends, and notes how it ended; whoever comes later goes by that note."""

    log: DeliveryLog
    clock: Callable[[], datetime]

    def tell(self, telling: Telling) -> None:
        """Tells, unless that was done; raises what keeps it from being sent now."""
        delivery = self._begin(telling)
        if delivery is None:
            return
        try:
            send = self._prepared(telling, delivery)
            send()
        except InDoubt as error:
            if telling.repeatable:
                self._fail(delivery, error)
            else:
                self._end(delivery, Progress.IN_DOUBT, str(error))
        except RetryLater as error:
            self._fail(delivery, error)
        except Rejected as rejected:
            self._end(delivery, Progress.REFUSED, str(rejected))
        else:
            self.log.finish(delivery, Progress.SENT)

    def _fail(self, delivery: Delivery, error: RetryLater) -> None:
        """Notes that it is to be sent again; by its message at first, later by maintain alone."""
        self.log.finish(delivery, Progress.FAILED)
        if self.clock() - delivery.since < LEFT_TO_SQS:
            raise error
        logger.warning("left to maintain", extra={"why": str(error)})

    def _prepared(self, telling: Telling, delivery: Delivery) -> Send:
        try:
            return telling.prepare()
        except Rejected:
            raise
        except Exception:  # whatever it is, nothing was sent
            self.log.finish(delivery, Progress.FAILED)
            raise

    def _begin(self, telling: Telling) -> Delivery | None:
        """The promise by which this worker tells; None when it is not to."""
        subject = telling.subject
        delivery = None if telling.hour is not None else self.log.read(subject)
        if delivery is None:
            promised = self.log.promise(subject, self.clock(), telling.again, telling.hour)
            return promised if promised and promised.progress is Progress.SENDING else None
        if delivery.subject.post != subject.post or not self._is_open(delivery):
            return None
        if self._is_under_way(delivery):
            return None
        if delivery.progress is Progress.SENDING and not telling.repeatable:
            self._end(delivery, Progress.IN_DOUBT, "its worker died")
            return None
        return self.log.resume(delivery, self.clock())

    def give_up(self, subject: Subject) -> None:
        """Brings to its end what is no news any more, once it was tried for long enough."""
        delivery = self.log.read(subject)
        if delivery is not None:
            self._is_open(delivery)

    def drop(self, subject: Subject) -> None:
        """Forgets what nobody is to be told of any more, if it was surely not sent."""
        delivery = self.log.read(subject)
        if delivery is None or not self._is_open(delivery) or self._is_under_way(delivery):
            return
        if delivery.progress is Progress.SENDING:
            self._end(delivery, Progress.IN_DOUBT, "its worker died")
        else:
            self.log.forget(delivery)

    def _is_open(self, delivery: Delivery) -> bool:
        """Whether it is to be taken up; after two days it is given up."""
        if delivery.progress in SETTLED or delivery.progress is Progress.PUT_OFF:
            return False
        if self.clock() - delivery.since < FRESH:
            return True
        is_doubtful = delivery.progress is Progress.SENDING
        self._end(
            delivery,
            Progress.IN_DOUBT if is_doubtful else Progress.GIVEN_UP,
            "it could not be told for days",
        )
        return False

    def _is_under_way(self, delivery: Delivery) -> bool:
        """Whether another worker may be at it; should it die, its message or maintain comes."""
        is_recent = self.clock() - delivery.time < LEFT_BEHIND
        return is_recent and delivery.progress is Progress.SENDING

    def _end(self, delivery: Delivery, progress: Progress, why: str) -> None:
        """Notes an end that is not as it should be, so that somebody sees it."""
        about = delivery.subject.model_dump(mode="json")
        logger.error("not told", extra={"progress": progress.value, "why": why, "of": about})
        _count()
        self.log.finish(delivery, progress)


def _count() -> None:
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415  rare

    with single_metric(name=NOT_TOLD, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as told:
        told.add_dimension("service", "notify")
