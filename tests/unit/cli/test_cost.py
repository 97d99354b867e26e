"""`presswork cost`: counted units at dated prices, and a stack's own numbers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from cost_page import PAGE, drawn
from presswork_cli.app import app
from presswork_cli.cost.answer import estimated, measured
from presswork_cli.cost.functions import Functions, Run
from presswork_cli.cost.prices import Price, price_list
from presswork_cli.cost.scenarios import cases
from presswork_cli.cost.usage import Case, counted_usage
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.stack import Deployed, Stack
from presswork_cli.printing.answers import CostAnswer, Outputs

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def dollars(answer: CostAnswer) -> dict[str, float]:
    """The dollars of each case."""
    return {case.name: case.dollars for case in answer.cases}


def test_a_price_is_for_so_many_units_beyond_the_allowance() -> None:
    """An account pays for what it uses beyond what all have for nothing."""
    price = Price("SQS", Decimal("0.40"), 1_000_000, 1_000_000)
    assert price.of(Decimal(3_500_000)) == Decimal("1.40")
    assert price.beyond_allowance(Decimal(3_500_000)) == Decimal(1)
    assert price.beyond_allowance(Decimal(5)) == 0


def test_each_price_has_a_page() -> None:
    """Who doubts a price finds it where AWS has it."""
    prices = price_list()
    assert {price.service for price in prices.prices.values()} == set(prices.sources)
    assert all(each.startswith("https://aws.amazon.com/") for each in prices.sources.values())


def test_memory_buys_a_share_of_a_processor() -> None:
    """Half of it computes half as fast, and waits as long; more than a whole one is no faster."""
    known = Functions(
        call=Decimal(2),
        image=Decimal(0),
        start={"f": Decimal(100)},
        own={},
        memory={"f": 1769},
    )
    run = Run(own=Decimal(60), calls=20, messages=1, images=0)
    assert known.milliseconds("f", run) == 60 + 20 * 2 + 20 * 10
    assert known.milliseconds("f", run, starts=1) == 400
    assert known.milliseconds("f", run, memory=3538) == 300
    half = replace(known, memory={"f": 1024})
    assert half.milliseconds("f", run) == pytest.approx(100 * Decimal(1769) / 1024 + 200)
    assert half.gb_seconds("f", run) == half.milliseconds("f", run) / 1000


def test_the_page_says_what_the_command_says() -> None:
    """docs/cost.md is what `make docs` writes."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == drawn(page)
    assert "$ presswork cost\nDollars at the prices of us-east-1" in page


def test_each_case_is_the_sum_of_its_lines() -> None:
    """Every unit that was counted has a price; nothing is left out of a sum."""
    for case in estimated().cases:
        assert case.lines, case.name
        assert case.dollars == pytest.approx(sum(line.dollars for line in case.lines))
        assert case.beyond_allowance <= case.dollars


def test_more_posts_at_once_cost_less_than_one_by_one() -> None:
    """Lists are made once for a batch; what starts anew costs more; a delete costs no path."""
    found = dollars(estimated())
    assert found["burst"] < found["single"] < found["cold"]
    assert found["deletes"] < found["burst"]
    assert found["million"] == pytest.approx(1000 * found["burst"], rel=0.001)


def test_deletes_are_paid_by_the_minute() -> None:
    """Half the calls of index take half the minutes, each of which is one path."""
    usage = counted_usage()
    deleted = usage.cases["delete"]

    def paths(calls: int) -> float:
        by = {**deleted.by, "index": {**deleted.by["index"], "calls": calls}}
        slower = replace(usage, cases={**usage.cases, "delete": replace(deleted, by=by)})
        (case,) = (each for each in cases(slower, price_list()) if each.name == "deletes")
        (line,) = (line for line in case.lines if line.unit == "cloudfront.invalidation_paths")
        return line.amount

    calls = 60 * 1000 * deleted.posts // 1000  # of ten milliseconds and more: ten minutes and more
    assert paths(2 * calls) - 1 > 1.8 * (paths(calls) - 1) > 9


def test_a_case_is_told_for_one_of_its_posts() -> None:
    """The units of two posts are halved."""
    case = Case("single", 2, {"upload": {"s3.writes": 6, "calls": 9}})
    units = case.units()
    assert units["s3.writes"] == 3
    assert "calls" not in units


@dataclass
class Watched(Stack):
    """A stack whose metrics a test gives; it is a client of every service at once."""

    values: Mapping[str, Sequence[float]] = field(default_factory=dict)
    denied: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def outputs(self) -> Outputs:
        """Where the table is."""
        return Outputs(Table="table")

    def client(self, service: str) -> Any:
        """The client of a service that the caller has a right to."""
        if service == self.denied:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "Not you."}}, "Get")
        return self

    def absent(self, why: str) -> Failure:
        """The failure of a stack that is not there."""
        return Failure(why, Exit.NO_CLOUD)

    def refresh(self, paths: Sequence[str]) -> None:
        """Nothing is refreshed."""
        raise AssertionError(paths)

    def describe_stack_resources(self, **_: str) -> dict[str, Any]:
        """A function, a queue, a bucket, two rules and a log."""
        kinds = {
            "ParseFunction": ("AWS::Lambda::Function", "parse-1"),
            "ParseQueue": ("AWS::SQS::Queue", "https://sqs.example/1/ParseQueue-1"),
            "SiteBucket": ("AWS::S3::Bucket", "site-1"),
            "ContentRule": ("AWS::Events::Rule", "ContentRule-1"),
            "MaintainRule": ("AWS::Events::Rule", "MaintainRule-1"),
            "ParseLogs": ("AWS::Logs::LogGroup", "/aws/lambda/presswork-parse"),
            "ParseRole": ("AWS::IAM::Role", "role"),
        }
        return {
            "StackResources": [
                {"LogicalResourceId": name, "ResourceType": kind, "PhysicalResourceId": physical}
                for name, (kind, physical) in kinds.items()
            ]
        }

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        """Half a gigabyte."""
        assert FunctionName == "parse-1"
        return {"MemorySize": 512}

    def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803
        """A table of a gigabyte."""
        assert TableName == "table"
        return {"Table": {"TableSizeBytes": 1024**3}}

    def get_paginator(self, name: str) -> Any:
        """The metrics, in one page."""
        assert name == "get_metric_data"
        return SimpleNamespace(paginate=self._metrics)

    def _metrics(self, **request: Any) -> list[dict[str, Any]]:
        self.asked += request["MetricDataQueries"]
        named = [(q["Id"], q["MetricStat"]["Metric"]["MetricName"]) for q in self.asked]
        results = [{"Id": id, "Values": self.values.get(name, ())} for id, name in named]
        return [{"MetricDataResults": results}]


def test_a_stack_s_own_numbers_are_priced() -> None:
    """Sums are units; a duration counts by the memory, a size by the time it was there."""
    stack = Watched(
        values={
            "Invocations": [600_000.0, 400_000.0],
            "Duration": [2_000_000.0],
            "NumberOfMessagesSent": [1_000_000.0],
            "NumberOfEmptyReceives": [3_000_000.0],
            "BucketSizeBytes": [1024.0**3, 3 * 1024.0**3],
            "IncomingBytes": [2 * 1024.0**3],
            "MatchedEvents": [1_000_000.0],
        }
    )
    answer = measured(stack, NOW, 365)
    (case,) = answer.cases
    found = {line.unit: (line.amount, line.dollars) for line in case.lines}
    assert found["lambda.requests"] == (1_000_000, 0.2)
    assert found["lambda.gb_seconds"] == (1000, 0.013333)
    assert found["sqs.requests"] == (4_000_000, 1.6)
    assert found["s3.gb_months"] == (24, 0.552)  # two on average, twelve months
    assert found["cloudwatch.log_gb"] == (2, 1)
    assert found["events.data_events"] == (1_000_000, 1)
    assert found["dynamodb.gb_months"] == (12, 3)
    assert found["cloudwatch.metrics_read"][0] == len(stack.asked) == 9
    rules = [q for q in stack.asked if q["MetricStat"]["Metric"]["Namespace"] == "AWS/Events"]
    assert len(rules) == 1
    assert answer.missing == (
        "s3.writes: S3 counts requests in metrics that are paid for and off",
        "s3.reads: S3 counts requests in metrics that are paid for and off",
        "cloudfront.invalidation_paths: CloudFront has no metric of invalidations",
    )


def test_what_a_stack_does_not_tell_is_named() -> None:
    """A metric without values, and a right that is missing, are no zeros."""
    silent = measured(Watched(), NOW, 30)
    assert "sqs.requests: CloudWatch has no numbers of it" in silent.missing
    denied = measured(Watched(denied="dynamodb"), NOW, 30)
    assert "table: Not you" in denied.missing
    assert "dynamodb.gb_months" not in {line.unit for line in denied.cases[0].lines}


def test_the_command_asks_a_stack_only_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The estimate needs no cloud; `--used` asks the stack that is named before the verb."""
    monkeypatch.setattr(Deployed, "client", lambda *_: pytest.fail("a cloud was asked"))
    answer = CliRunner().invoke(app, ["cost", "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["cases"][0]["name"] == "burst"
    stack = Watched(values={"Invocations": [5.0]})
    monkeypatch.setattr(Deployed, "client", lambda _, service: stack.client(service))
    monkeypatch.setattr(Deployed, "outputs", Outputs(Table="table"))
    told = CliRunner().invoke(app, ["--stack", "blog", "cost", "--used", "--days", "7", "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["cases"][0]["about"] == "blog in the last 7 days"
