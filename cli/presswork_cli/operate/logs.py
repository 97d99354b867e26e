"""`logs`: what the functions wrote, of one upload or of a stage."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from presswork.correlation import LOG_KEY
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.explain import correlations, known
from presswork_cli.operate.stack import UPLOADED, Stack
from presswork_cli.printing.answers import LogLine, LogsAnswer

STAGES = (*UPLOADED, "maintain", "status")

KEPT = timedelta(days=30)
"""As long as the template keeps logs."""

_RECENT = timedelta(hours=1)
_LATE = timedelta(minutes=2)  # a line may become readable so long after it was written
_PAUSE = 3.0
_BEFORE = timedelta(minutes=1)  # S3 dates an object by another clock than that of the functions

_PERIOD = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

# What Powertools adds to each line by itself.
_USUAL = {"level", "location", "message", "timestamp", "service", "exception", "exception_name"}
_OF_LAMBDA = ("START RequestId:", "END RequestId:", "REPORT RequestId:", "INIT_START ")


@dataclass
class Logs:
    """The logs of some functions of a stack; of an upload only the lines that name it."""

    stack: Stack
    stages: tuple[str, ...]
    ids: frozenset[str]
    about: str
    since: datetime
    _seen: set[str] = field(default_factory=set)

    def read(self) -> LogsAnswer:
        """All lines until now."""
        return LogsAnswer(about=self.about, since=self.since, lines=tuple(self._lines(self.since)))

    def follow(self) -> Iterator[LogLine]:
        """All lines until now, and then each as it is written; it does not end by itself."""
        start = self.since
        while True:
            now = datetime.now(UTC)
            yield from self._lines(start)
            start = max(self.since, now - _LATE)
            time.sleep(_PAUSE)

    def _lines(self, start: datetime) -> list[LogLine]:
        found = [line for stage in self.stages for line in self._of(stage, start)]
        return sorted(found, key=lambda line: line.time)

    def _of(self, stage: str, start: datetime) -> Iterator[LogLine]:
        for event in self._events(stage, start):
            id = event.get("eventId") or f"{event['logStreamName']} {event['message']}"
            if id in self._seen:
                continue
            self._seen.add(id)
            line = parsed(stage, event)
            if line is not None and (not self.ids or self.ids & set(line.correlation_id.split())):
                yield line

    def _events(self, stage: str, start: datetime) -> Iterator[Mapping[str, Any]]:
        """The events of a function; none of one that never ran."""
        asked = {
            "logGroupName": f"/aws/lambda/{self.stack.name}-{stage}",
            "startTime": int(start.timestamp() * 1000),
        }
        if self.ids:
            named = " || ".join(f'($.{LOG_KEY} = "*{id}*")' for id in sorted(self.ids))
            asked["filterPattern"] = f"{{ {named} }}"
        try:
            for page in (
                self.stack.client("logs").get_paginator("filter_log_events").paginate(**asked)
            ):
                yield from page["events"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise


def logs(stack: Stack, name: str | None, since: datetime | None, now: datetime) -> Logs:
    """The logs of a stage by its name, of a post by its file, key or id, or of all stages."""
    if name is None or name in STAGES:
        stages = STAGES if name is None else (name,)
        about = "all stages" if name is None else name
        return Logs(stack, stages, frozenset(), about, since or now - _RECENT)
    source, post = known(stack, name)
    ids = frozenset(correlations(source, post).values())
    if not ids:
        raise Failure(
            f"{source.key} has no upload that could be followed: it was deleted; name a stage "
            f"instead: {', '.join(STAGES)}",
            Exit.USAGE,
        )
    begun = since or _uploaded(stack, source.key, source.version_id) or now - KEPT
    return Logs(stack, STAGES, ids, source.key, begun)


def moment(text: str, now: datetime) -> datetime:
    """A time as people name one: so long ago (`15m`, `2h`, `3d`), or a date with or without one."""
    if period := _PERIOD.fullmatch(text):
        return now - timedelta(**{_UNITS[period[2]]: int(period[1])})
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise Failure(
            f"{text!r} is no time: give one such as 15m, 2h, 3d or 2026-11-29T10:00Z", Exit.USAGE
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def parsed(stage: str, event: Mapping[str, Any]) -> LogLine | None:
    """A line as a function wrote it; None for what is no line but bookkeeping, and went well."""
    text = str(event["message"]).rstrip()
    written = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        if text.startswith(_OF_LAMBDA) or not text:
            return None
        return LogLine(time=written, stage=stage, level="", message=text)
    if "_aws" in said:
        return None
    if str(said.get("type", "")).startswith("platform."):
        return _of_platform(stage, written, said)
    return LogLine(
        time=_time(said.get("timestamp")) or written,
        stage=stage,
        level=str(said.get("level", "")),
        message=_text(said.get("message", "")),
        correlation_id=str(said.get(LOG_KEY, "")),
        detail=str(said.get("exception", "")),
        fields={name: value for name, value in said.items() if name not in _USUAL | {LOG_KEY}},
    )


def _of_platform(stage: str, written: datetime, said: Mapping[str, Any]) -> LogLine | None:
    """How Lambda says that a function was cut off.

    AWS Lambda Developer Guide, "Lambda Telemetry API event schema", Status.
    """
    record = said.get("record", {})
    status = record.get("status", "success")
    if said["type"] != "platform.report" or status == "success":
        return None
    message = f"the function ended with {status}"
    return LogLine(time=written, stage=stage, level="ERROR", message=message, fields=dict(record))


def _time(text: object) -> datetime | None:
    """The time in a line of Powertools, such as `2026-11-29 10:00:00,123+0000`."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S,%f%z")
    except ValueError:
        return None


def _text(message: object) -> str:
    return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)


def _uploaded(stack: Stack, key: str, version: str | None) -> datetime | None:
    """When a version came into the bucket, if it is there."""
    if version is None:
        return None
    try:
        answer = stack.client("s3").head_object(
            Bucket=stack.outputs.ContentBucket, Key=key, VersionId=version
        )
    except ClientError:
        return None
    modified: datetime = answer["LastModified"]
    return modified - _BEFORE
