"""The only place that knows what S3, EventBridge, SQS, SNS and HTTP wrap around a message."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from presswork.post import Model

Body = Mapping[str, Any]

logger = Logger(child=True)


class Look(Model):
    """A hint to look at a key of ContentBucket; the sequencer is a note."""

    key: str
    sequencer: str | None = None


class HttpRequest(Model):
    """An HTTP request; header names are in lower case."""

    source: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes


def process(event: Body, context: Any, handle: Callable[[Body], None]) -> dict[str, Any]:
    """Hands each message of an invocation to `handle`; of a batch, what raised is sent again."""
    if not _is_batch(event):
        for body in _bodies(event):
            handle(body)
        return {"batchItemFailures": []}

    def handle_record(record: SQSRecord) -> None:
        try:
            handle(json.loads(record.body))
        except Exception:
            logger.exception(
                "failed, to be delivered again", extra={"message_id": record.message_id}
            )
            raise

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(
        process_partial_response(
            event=dict(event), record_handler=handle_record, processor=processor, context=context
        )
    )


def process_together(
    event: Body, context: Any, handle: Callable[[Sequence[Body]], None]
) -> dict[str, Any]:
    """Hands the messages of a batch to `handle` all at once; if that fails, each by itself."""
    if _is_batch(event):
        try:
            handle([json.loads(record["body"]) for record in event["Records"]])
        except Exception:
            logger.exception("failed together, so each message by itself")
        else:
            return {"batchItemFailures": []}
    return process(event, context, lambda body: handle([body]))


def looks(body: Body) -> Iterator[Look]:
    """The keys that a message hints at: EventBridge's are raw, S3's form-encoded."""
    if "detail" in body:
        found = body["detail"]["object"]
        yield Look(key=found["key"], sequencer=found.get("sequencer"))
    elif "key" in body:
        yield Look(key=body["key"])
    for record in body.get("Records", ()):  # an s3:TestEvent has none
        found = record["s3"]["object"]
        yield Look(key=unquote_plus(found["key"]), sequencer=found.get("sequencer"))


def message(body: Body) -> Body:
    """What was published to a topic, delivered raw or in SNS's own envelope."""
    if body.get("Type") == "Notification":
        return dict(json.loads(body["Message"]))
    return body


def request(event: Body) -> HttpRequest:
    """The request behind an HTTP API event, payload format 2.0."""
    body = event.get("body") or ""
    return HttpRequest(
        source=(event.get("pathParameters") or {}).get("source", ""),
        headers={name.lower(): value for name, value in event.get("headers", {}).items()},
        query=event.get("queryStringParameters") or {},
        body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
    )


def response(status: int, body: Body, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An answer for an HTTP API, as JSON."""
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **(headers or {})},
        "body": json.dumps(body, ensure_ascii=False),
    }


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
