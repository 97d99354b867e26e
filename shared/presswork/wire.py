"""The only place that knows what S3, EventBridge, SQS and SNS wrap around a message."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger
from pydantic import ValidationError

from presswork import correlation, messages
from presswork.aws import queues
from presswork.correlation import correlation_of
from presswork.errors import RetryLater
from presswork.events import Event
from presswork.messages import Hint, Message, UnknownMessage
from presswork.receives import in_order, is_repeated
from presswork.suspicion import suspecting

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

Body = Mapping[str, Any]
Received = Event | Message

_Begun = TypeVar("_Begun")

_SHARE = 3
"""A message is begun while a third of the time is left that its invocation had: the longest that a
post may take to be read.
"""

logger = Logger(child=True)


def process(event: Body, context: Any, handle: Callable[[Received], None]) -> dict[str, Any]:
    """Hands each message of an invocation to `handle`; of a batch, what raised is sent again.

    With a message in it that was received before, each is acknowledged by itself: should one end
    the worker, it takes none along that is done. What there is no time to begin is sent again.
    """
    if not _is_batch(event):
        with correlation.scope():
            for body in _bodies(event):
                deliver(body, handle)
        return {"batchItemFailures": []}
    records = in_order(event["Records"])
    is_careful = len(records) > 1 and any(map(is_repeated, records))
    least = context.get_remaining_time_in_millis() // _SHARE

    def handle_record(record: Body) -> None:
        if context.get_remaining_time_in_millis() < least:
            logger.warning("no time left", extra={"message_id": record["messageId"]})
            raise RetryLater("the invocation has no time left to begin another message")
        with correlation.scope():
            try:
                with suspecting(is_repeated(record)):
                    deliver(json.loads(record["body"]), handle)
            except Exception:
                logger.exception(
                    "failed, to be delivered again", extra={"message_id": record["messageId"]}
                )
                raise
        if is_careful:
            queues.acknowledge(record["eventSourceARN"], record["receiptHandle"])

    return _each_by_itself(records, handle_record, context)


def _each_by_itself(
    records: Sequence[Body], handle_record: Callable[[Body], None], context: Any
) -> dict[str, Any]:
    """The answer to a batch: which of its messages failed.

    One message alone has no need of a batch processor: importing it takes as long as two calls.
    """
    if len(records) == 1:
        try:
            handle_record(records[0])
        except Exception:  # noqa: BLE001 - logged by who raised it, and delivered again
            return {"batchItemFailures": [{"itemIdentifier": records[0]["messageId"]}]}
        return {"batchItemFailures": []}

    from aws_lambda_powertools.utilities.batch import (  # noqa: PLC0415 - see above
        BatchProcessor,
        EventType,
        process_partial_response,
    )

    def handle(record: "SQSRecord") -> None:
        handle_record(record.raw_event)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    event = {"Records": records}
    return dict(
        process_partial_response(
            event=event, record_handler=handle, processor=processor, context=context
        )
    )


def process_in_two(
    event: Body,
    context: Any,
    begin: Callable[[Received], _Begun],
    finish: Callable[[Sequence[_Begun]], None],
) -> dict[str, Any]:
    """Hands each message of an invocation to `begin`, and what was begun to `finish`, all at once.

    If that fails, each message is begun and finished by itself. So is each of a batch with one in
    it that was received before.
    """

    def alone(message: Received) -> None:
        finish([begin(message)])

    records = event.get("Records") or ()
    if not _is_batch(event) or len(records) == 1 or any(map(is_repeated, records)):
        return process(event, context, alone)
    begun: list[_Begun] = []
    ids: list[str] = []

    def first(message: Received) -> None:
        begun.append(begin(message))
        ids.extend(correlation.carried())

    answer = process(event, context, first)
    try:
        with correlation.scope(*ids):
            finish(begun)
    except Exception as error:  # noqa: BLE001 - each failure is logged with its message
        logger.warning("not finished together, so each by itself", extra={"why": repr(error)})
        failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        left = [record for record in records if record["messageId"] not in failed]
        again = process({**event, "Records": left}, context, alone)
        return {"batchItemFailures": [*answer["batchItemFailures"], *again["batchItemFailures"]]}
    return answer


def deliver(body: Body, handle: Callable[[Received], None]) -> None:
    """Hands what is in a message to `handle`, under the id of the upload that caused it.

    Who calls opens a scope, in which the id still stands when `handle` fails.
    """
    for message in read(body):
        correlation.carry(message.correlationid)
        handle(message)


def process_together(
    event: Body, context: Any, handle: Callable[[Sequence[Received]], None]
) -> dict[str, Any]:
    """Hands the messages of a batch to `handle` all at once; if that fails, each by itself.

    With RetryLater all come again: what moves under all of them moves no less under each, and is
    to be left alone until they are back. Those that were received before are handed over each by
    itself, after the others are acknowledged.
    """
    if not _is_batch(event):
        return process(event, context, lambda message: handle([message]))
    repeated = [record for record in event["Records"] if is_repeated(record)]
    new = [record for record in event["Records"] if not is_repeated(record)]
    later: list[dict[str, str]] = []
    if len(new) > 1 and (outcome := _do_together(new, handle)) is not _Outcome.FAILED:
        if outcome is _Outcome.LATER:
            later = [{"itemIdentifier": record["messageId"]} for record in new]
        if not repeated:
            return {"batchItemFailures": later}
        for record in new if outcome is _Outcome.DONE else ():
            queues.acknowledge(record["eventSourceARN"], record["receiptHandle"])
        event = {**event, "Records": repeated}
    answer = process(event, context, lambda message: handle([message]))
    return {"batchItemFailures": [*later, *answer["batchItemFailures"]]}


class _Outcome(Enum):
    """What came of messages that were handed over together."""

    DONE = "done"
    LATER = "later"
    FAILED = "failed"


def _do_together(records: Sequence[Body], handle: Callable[[Sequence[Received]], None]) -> _Outcome:
    try:
        bodies = [json.loads(record["body"]) for record in records]
        received = [message for body in bodies for message in read(body)]
        with correlation.scope(*(message.correlationid for message in received)):
            handle(received)
    except RetryLater as error:
        logger.warning("later, all together", extra={"why": str(error)})
        return _Outcome.LATER
    except Exception as error:  # noqa: BLE001 - each failure is logged with its message
        logger.warning("failed together, so each message by itself", extra={"why": repr(error)})
        return _Outcome.FAILED
    return _Outcome.DONE


def read(body: Body) -> tuple[Received, ...]:
    """What is in a message: hints of S3, an event of the topic, or what a stage sent to a queue.

    EventBridge's keys are raw, S3's form-encoded; what tests a notification (`s3:TestEvent`) says
    nothing. A topic delivers raw or in an envelope of its own. Raises UnknownMessage for the rest.
    """
    if body.get("Type") == "Notification":
        return read(json.loads(body["Message"]))
    if "specversion" in body:
        return (_event(body),)
    if body.get("source") == "aws.s3":
        found = body["detail"]["object"]
        return (_hint(found["key"], found, found.get("version-id"), body.get("time")),)
    if body.get("Event") == "s3:TestEvent":
        return ()
    if "Records" in body:
        found = [(record["s3"]["object"], record.get("eventTime")) for record in body["Records"]]
        return tuple(
            _hint(unquote_plus(each["key"]), each, each.get("versionId"), time)
            for each, time in found
        )
    return (messages.read(body),)


def _hint(key: str, found: Body, version: str | None, time: str | None) -> Hint:
    """What S3 says of an object; a bucket without versions names none."""
    return Hint(
        key=key,
        sequencer=found.get("sequencer"),
        uploaded=datetime.fromisoformat(time).astimezone(UTC) if time else None,
        correlationid=correlation_of(key, version) if version else None,
    )


def _event(body: Body) -> Event:
    try:
        return Event.model_validate(body)
    except ValidationError as error:
        raise UnknownMessage(f"no stage knows the event {dict(body)!r}") from error


def _is_batch(event: Body) -> bool:
    records = event.get("Records") or [{}]
    return bool(records[0].get("eventSource") == "aws:sqs")


def _bodies(event: Body) -> Iterator[Body]:
    records = event.get("Records") or [{}]
    if records[0].get("EventSource") == "aws:sns":
        for record in records:
            yield json.loads(record["Sns"]["Message"])
    else:
        yield event
