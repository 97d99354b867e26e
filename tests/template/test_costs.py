"""What a stack costs while nobody publishes: docs/deploy.md says what follows from the template."""

import re
from collections import Counter
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest

from presswork_cli.cost.prices import price_list
from presswork_cli.cost.scenarios import HOURS, POLL_SECONDS, idle, priced
from presswork_cli.cost.usage import counted_usage
from template.stack import REPOSITORY, Stack
from template.test_alarms import metrics

POLLERS, POLLERS_OF_CAPPED = 2, 5
"""AWS Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings"."""

COSTS_SOMETHING = {
    "AWS::Lambda::EventSourceMapping",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
}
COSTS_NOTHING = {
    "AWS::Budgets::Budget",  # one that only mails
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::SES::EmailIdentity",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::ScheduleGroup",
}
"""By being there: what is stored, sent or run in them is another matter."""


def kinds(stack: Stack) -> Counter[str]:
    """How many resources of each type a stack has."""
    return Counter(resource["Type"] for resource in stack.resources.values())


def pollers(stack: Stack) -> int:
    """How many ask the queues while nothing comes."""
    mappings = stack.of("AWS::Lambda::EventSourceMapping").values()
    return sum(POLLERS_OF_CAPPED if "ScalingConfig" in m else POLLERS for m in mappings)


def requests(stack: Stack) -> int:
    """How often they ask in a month."""
    return pollers(stack) * HOURS * 3600 // POLL_SECONDS


def alarm_metrics(stack: Stack) -> int:
    """How many metrics the alarms look at: that is what is paid for, not the alarms."""
    return sum(len(metrics(alarm)) for alarm in stack.of("AWS::CloudWatch::Alarm").values())


def prices(stack: Stack, *, has_allowance: bool) -> dict[str, Decimal]:
    """The price of a month by what is paid for."""
    found: dict[str, Decimal] = {}
    for unit, amount in {
        "sqs.requests": requests(stack),
        "cloudwatch.alarm_metrics": alarm_metrics(stack),
        "cloudwatch.dashboards": kinds(stack)["AWS::CloudWatch::Dashboard"],
    }.items():
        price = price_list().prices[unit]
        cost = price.beyond_allowance if has_allowance else price.of
        found[price.service] = found.get(price.service, Decimal(0)) + cost(Decimal(amount))
    return {service: cents(dollars) for service, dollars in found.items()}


def cents(dollars: Decimal) -> Decimal:
    """A price to the cent."""
    return dollars.quantize(Decimal("0.01"), ROUND_HALF_UP)


def told(price: Decimal) -> str:
    """A price as the page has it."""
    return f"${price}" if price else "$0"


@pytest.fixture(scope="module")
def alarmed() -> Stack:
    """A stack that mails its operator and is asked for no more."""
    return Stack({"AlarmEmail": "alarm@example.org"})


@pytest.fixture(scope="module")
def page() -> str:
    """The page about deploying."""
    return (REPOSITORY / "docs" / "deploy.md").read_text(encoding="utf-8")


def row(page: str, service: str) -> list[str]:
    """The cells of the service's row in the table of costs."""
    (found,) = re.findall(rf"^\| {service} \|(.*)\|$", page, re.MULTILINE)
    return [cell.strip() for cell in found.split("|")]


def test_every_resource_has_a_price(stack: Stack) -> None:
    """Nothing in the template costs by being there but what is counted here."""
    assert set(kinds(stack)) <= COSTS_SOMETHING | COSTS_NOTHING


@pytest.mark.parametrize("service", ["SQS", "CloudWatch"])
def test_the_table_of_costs_follows_from_the_template(
    alarmed: Stack, page: str, service: str
) -> None:
    """Both prices of each row, for a stack that mails its operator."""
    _, price, with_allowance = row(page, service)
    assert price == told(prices(alarmed, has_allowance=False)[service])
    assert with_allowance == told(prices(alarmed, has_allowance=True)[service])


def test_the_table_counts_what_the_template_has(alarmed: Stack, page: str) -> None:
    """Who polls, how often, and how many alarms there are."""
    mappings = alarmed.of("AWS::Lambda::EventSourceMapping").values()
    capped = sum("ScalingConfig" in mapping for mapping in mappings)
    asked = f"{requests(alarmed) / 1_000_000:.1f} million requests"
    polled = f"{len(mappings) - capped} queues with 2 pollers each and {capped} with 5"
    used = row(page, "SQS")[0]
    assert polled in used
    assert asked in used
    alarms = kinds(alarmed)["AWS::CloudWatch::Alarm"]
    assert f"{alarms} alarms over {alarm_metrics(alarmed)} metrics" in row(page, "CloudWatch")[0]


def test_the_sum_is_that_of_the_table(alarmed: Stack, page: str) -> None:
    """What is said in a sentence below the table."""
    totals = [sum(prices(alarmed, has_allowance=each).values()) for each in (True, False)]
    said = re.search(r"So (\$[\d.]+) a month, and (\$[\d.]+) in an account that", page)
    assert said is not None
    assert said.groups() == tuple(told(Decimal(total)) for total in totals)


def test_an_idle_month_costs_little(stack: Stack) -> None:
    """With nothing free: who asks for messages by the template, and what maintain does by count."""
    bare = Stack({name: value for name, value in stack.given.items() if name != "AlarmEmail"})
    usage = replace(counted_usage(), pollers=pollers(bare))
    case = priced("idle", "", idle(usage), price_list())
    assert {line.unit for line in case.lines} >= {"sqs.requests", "lambda.gb_seconds"}
    assert 1 < case.dollars < 1.40


def test_nothing_is_traced_unless_it_is_asked_for() -> None:
    """X-Ray is paid by the trace: no function has one, and none may write one."""
    for asked, mode in ({}, "PassThrough"), ({"Tracing": "yes"}, "Active"):
        stack = Stack(asked)
        functions = stack.of("AWS::Lambda::Function").values()
        assert {each["TracingConfig"]["Mode"] for each in functions} == {mode}
        may_trace = "xray:PutTraceSegments" in str(stack.of("AWS::IAM::Role"))
        assert may_trace is bool(asked)


def test_logs_are_kept_for_a_month(stack: Stack) -> None:
    """What is kept without end is paid for without end."""
    assert {each["RetentionInDays"] for each in stack.of("AWS::Logs::LogGroup").values()} == {30}
