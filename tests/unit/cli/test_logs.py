"""`presswork logs`: which lines are shown, and what is made of each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from presswork_cli.failure import Exit, Failure
from presswork_cli.operate import logs
from presswork_cli.operate.stack import Stack
from presswork_cli.printing import show_logs
from presswork_cli.printing.answers import LogLine, LogsAnswer

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)
ID = "8d2f4c1b9a7e6035"


def said(message: str, at: datetime = NOW, **more: Any) -> str:
    """A line as Powertools writes it."""
    stamp = f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03}+0000"
    line = {"level": "INFO", "location": "f:1", "message": message, "timestamp": stamp}
    return json.dumps(line | {"service": "parse"} | more)


@dataclass
class Written(Stack):
    """A stack whose functions have written some lines; CloudWatch Logs filters none of them."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def client(self, service: str) -> Any:
        """CloudWatch Logs."""
        assert service == "logs"
        return self

    def absent(self, why: str) -> Failure:
        """It is always there."""
        raise AssertionError(why)

    def refresh(self, paths: Sequence[str]) -> None:
        """Nothing is refreshed."""
        raise AssertionError(paths)

    def get_paginator(self, operation: str) -> "Written":
        """A paginator of events."""
        assert operation == "filter_log_events"
        return self

    def paginate(self, **request: Any) -> list[dict[str, Any]]:
        """The events of a group, one on each page."""
        self.asked.append(request)
        stage = request["logGroupName"].removeprefix("/aws/lambda/presswork-")
        if stage not in self.lines:
            error: Any = {"Error": {"Code": "ResourceNotFoundException", "Message": "No."}}
            raise ClientError(error, "FilterLogEvents")
        at = int(NOW.timestamp() * 1000)
        return [
            {"events": [{"eventId": f"{stage}{n}", "timestamp": at, "message": line}]}
            for n, line in enumerate(self.lines[stage])
        ]


def test_lines_of_all_stages_come_in_the_order_of_time() -> None:
    """A function that never ran has no log, and that is no fault."""
    later = NOW + timedelta(milliseconds=5)
    stack = Written({"render": [said("second", later)], "parse": [said("first"), "plain words"]})
    answer = logs.logs(stack, None, None, NOW).read()
    assert [(line.stage, line.message) for line in answer.lines] == [
        ("parse", "first"),
        ("parse", "plain words"),
        ("render", "second"),
    ]
    assert (answer.about, answer.since) == ("all stages", NOW - timedelta(hours=1))


def test_a_stage_is_asked_alone() -> None:
    """By its name, and from the time that was named."""
    stack = Written({"index": [said("words")]})
    answer = logs.logs(stack, "index", NOW - timedelta(days=2), NOW).read()
    assert [each["logGroupName"] for each in stack.asked] == ["/aws/lambda/presswork-index"]
    assert stack.asked[0]["startTime"] == int((NOW - timedelta(days=2)).timestamp() * 1000)
    assert "filterPattern" not in stack.asked[0]
    assert len(answer.lines) == 1


def test_of_an_upload_only_its_lines_are_shown() -> None:
    """CloudWatch is asked for no others; a line that names several uploads is each one's."""
    stack = Written(
        {
            "parse": [
                said("mine", correlation_id=ID),
                said("another's", correlation_id="0" * 16),
                said("shared", correlation_id=f"{'0' * 16} {ID}"),
                said("nobody's"),
            ]
        }
    )
    found = logs.Logs(stack, ("parse",), frozenset({ID}), "posts/a.md", NOW).read()
    assert [line.message for line in found.lines] == ["mine", "shared"]
    assert stack.asked[0]["filterPattern"] == f'{{ ($.correlation_id = "*{ID}*") }}'


def test_what_was_shown_is_not_shown_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Following asks again for the last minutes, as lines may come late."""
    stack = Written({"parse": [said("first")]})
    monkeypatch.setattr("time.sleep", lambda _: stack.lines["parse"].append(said("next")))
    lines = logs.logs(stack, "parse", None, NOW).follow()
    assert [next(lines).message for _ in range(3)] == ["first", "next", "next"]


@pytest.mark.parametrize(
    "text",
    [
        "START RequestId: 1 Version: $LATEST",
        "END RequestId: 1",
        "REPORT RequestId: 1\tDuration: 3 ms",
        "INIT_START Runtime Version: python:3.13.v1",
        json.dumps({"_aws": {"CloudWatchMetrics": []}, "Live": [1.0]}),
        json.dumps({"type": "platform.start", "record": {"requestId": "1"}}),
        json.dumps({"type": "platform.report", "record": {"status": "success"}}),
        "",
    ],
)
def test_the_bookkeeping_of_lambda_is_no_line(text: str) -> None:
    """Neither are the metrics that go by way of the log."""
    assert logs.parsed("parse", {"timestamp": 0, "message": text}) is None


def test_a_function_that_was_cut_off_is_told() -> None:
    """Lambda says so in a line of its own."""
    text = json.dumps({"type": "platform.report", "record": {"status": "timeout"}})
    line = logs.parsed("images", {"timestamp": 0, "message": text})
    assert line is not None
    assert (line.level, line.message) == ("ERROR", "the function ended with timeout")


def test_a_line_keeps_all_that_it_said() -> None:
    """Its own time, the traceback, and whatever the stage added."""
    text = said("no", NOW, level="ERROR", exception="Traceback\n  x", key="posts/a.md", service="p")
    line = logs.parsed("parse", {"timestamp": 0, "message": text})
    assert line == LogLine(
        time=NOW,
        stage="parse",
        level="ERROR",
        message="no",
        detail="Traceback\n  x",
        fields={"key": "posts/a.md"},
    )


@pytest.mark.parametrize("text", ["[1]", '"a"', "3", "null", '{"message": {"a": 1}}'])
def test_json_of_any_shape_is_shown(text: str) -> None:
    """Nothing that a function printed is left out."""
    line = logs.parsed("parse", {"timestamp": 0, "message": text})
    assert line is not None
    assert line.message in (text, '{"a": 1}')


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("15m", NOW - timedelta(minutes=15)),
        ("2h", NOW - timedelta(hours=2)),
        ("3d", NOW - timedelta(days=3)),
        ("2026-11-28", NOW.replace(day=28, hour=0)),
        ("2026-11-28T09:00+01:00", NOW.replace(day=28, hour=8)),
    ],
)
def test_a_time_is_named_as_people_do(text: str, meant: datetime) -> None:
    """So long ago, or when; without a zone it is UTC."""
    assert logs.moment(text, NOW) == meant


def test_what_is_no_time_is_wrong_usage() -> None:
    """The message shows what is one."""
    with pytest.raises(Failure, match="'yesterday' is no time: give one such as 15m") as failure:
        logs.moment("yesterday", NOW)
    assert failure.value.code is Exit.USAGE


def test_a_person_sees_when_who_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each, with the traceback below; where there is none, what to do."""
    fields = {
        "cold_start": True,
        "function_name": "presswork-parse",
        "n": 1,
        "about": {"kind": "hint", "key": "posts/a.md", "sequencer": "0"},
        "event": {"type": "post.ready", "subject": "posts/b.md", "data": {}},
        "left": {"over": 1},
    }
    line = LogLine(
        time=NOW, stage="parse", level="ERROR", message="no\x1b", detail="Trace", fields=fields
    )
    show_logs.lines(LogsAnswer(about="parse", since=NOW, lines=(line,)))
    assert capsys.readouterr().out == (
        "2026-11-29 10:00:00.000  parse    ERROR    no\\x1b  n=1  about=hint posts/a.md"
        "  event=post.ready posts/b.md  left={'over': 1}\n    Trace\n"
    )
    show_logs.lines(LogsAnswer(about="parse", since=NOW, lines=()))
    assert "--since looks further back" in capsys.readouterr().out
