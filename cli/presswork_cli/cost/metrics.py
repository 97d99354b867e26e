"""What a stack itself used: CloudWatch's metrics, and the sizes of table and buckets."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from presswork_cli.cost.functions import GIGABYTE as MEGABYTES
from presswork_cli.cost.usage import GIGABYTE
from presswork_cli.operate.stack import Stack

DAYS_OF_MONTH = Decimal(365) / 12
A_DAY = 24 * 3600
MOST_QUERIES = 500
"""Amazon CloudWatch API Reference, "GetMetricData"."""

_ONE, _BYTE = Decimal(1), Decimal(1) / GIGABYTE

METRICS: Mapping[str, tuple[tuple[str, str, str, str, Decimal], ...]] = {
    "AWS::SQS::Queue": (
        ("sqs.requests", "AWS/SQS", "NumberOfMessagesSent", "QueueName", _ONE),
        ("sqs.requests", "AWS/SQS", "NumberOfMessagesReceived", "QueueName", _ONE),
        ("sqs.requests", "AWS/SQS", "NumberOfMessagesDeleted", "QueueName", _ONE),
        ("sqs.requests", "AWS/SQS", "NumberOfEmptyReceives", "QueueName", _ONE),
    ),
    "AWS::SNS::Topic": (
        ("sns.publishes", "AWS/SNS", "NumberOfMessagesPublished", "TopicName", _ONE),
    ),
    "AWS::DynamoDB::Table": (
        ("dynamodb.read_units", "AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", _ONE),
        ("dynamodb.write_units", "AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", _ONE),
    ),
    "AWS::S3::Bucket": (("s3.gb_months", "AWS/S3", "BucketSizeBytes", "BucketName", _BYTE),),
    "AWS::Logs::LogGroup": (
        ("cloudwatch.log_gb", "AWS/Logs", "IncomingBytes", "LogGroupName", _BYTE),
    ),
    "AWS::Events::Rule": (("events.data_events", "AWS/Events", "MatchedEvents", "RuleName", _ONE),),
    "AWS::CloudFront::Distribution": (
        ("cloudfront.requests", "AWS/CloudFront", "Requests", "DistributionId", _ONE),
        ("cloudfront.gb", "AWS/CloudFront", "BytesDownloaded", "DistributionId", _BYTE),
    ),
    "AWS::ApiGatewayV2::Api": (("api.requests", "AWS/ApiGateway", "Count", "ApiId", _ONE),),
}
"""What CloudWatch tells of each type of resource: unit, namespace, metric, dimension, factor.

A message that is received or deleted with others is no request of its own: SQS's are at most these.
"""

SIZES = {"BucketSizeBytes"}
"""Metrics that say how much there is, not how much came."""

FURTHER = {
    "AWS/S3": {"StorageType": "StandardStorage"},
    "AWS/CloudFront": {"Region": "Global"},
}
"""Dimensions that all metrics of a namespace have besides."""

UNSEEN = {
    "s3.writes": "S3 counts requests in metrics that are paid for and off",
    "s3.reads": "S3 counts requests in metrics that are paid for and off",
    "cloudfront.invalidation_paths": "CloudFront has no metric of invalidations",
}
"""What AWS tells nobody of a stack, and why."""


@dataclass(frozen=True)
class Query:
    """A metric whose sum, or whose last value, times `factor` are units."""

    unit: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    factor: Decimal = Decimal(1)
    is_size: bool = False

    def asked(self, id: str) -> dict[str, Any]:
        """The query as GetMetricData takes it."""
        dimensions = [{"Name": name, "Value": value} for name, value in self.dimensions.items()]
        metric = {"Namespace": self.namespace, "MetricName": self.metric, "Dimensions": dimensions}
        statistic = "Average" if self.is_size else "Sum"
        stat = {"Metric": metric, "Period": A_DAY, "Stat": statistic}
        return {"Id": id, "MetricStat": stat, "ReturnData": True}


@dataclass
class Used:
    """The units that a stack used, and what could not be seen."""

    units: dict[str, Decimal] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, unit: str, amount: Decimal) -> None:
        """Adds to a unit."""
        self.units[unit] = self.units.get(unit, Decimal(0)) + amount

    def guarded(self, about: str, look: Callable[[], None]) -> None:
        """Looks at something; who is not let, or not answered, notes that and goes on."""
        try:
            look()
        except ClientError as error:
            self.missing.append(f"{about}: {error.response['Error']['Message'].rstrip('.')}")
        except BotoCoreError as error:
            self.missing.append(f"{about}: {str(error).rstrip('.')}")


def used(stack: Stack, now: datetime, days: int) -> Used:
    """What a stack used in the last `days`; sizes are taken for all of that time."""
    found = Used()
    listed = stack.client("cloudformation").describe_stack_resources(StackName=stack.name)
    resources = listed["StackResources"]
    queries: list[Query] = []
    found.guarded("functions", lambda: queries.extend(_of_functions(stack, resources)))
    queries += [query for each in resources for query in _of_resource(each)]
    found.guarded("metrics", lambda: _ask(stack, found, queries, now, days))
    found.guarded("table", lambda: _of_table(stack, found, days))
    found.missing += [f"{unit}: {why}" for unit, why in UNSEEN.items()]
    return found


def _of_functions(stack: Stack, resources: list[dict[str, Any]]) -> Iterator[Query]:
    for each in resources:
        if each["ResourceType"] == "AWS::Lambda::Function":
            name = each["PhysicalResourceId"]
            about = stack.client("lambda").get_function_configuration(FunctionName=name)
            gb_seconds = Decimal(about["MemorySize"]) / MEGABYTES / 1000
            dimensions = {"FunctionName": name}
            yield Query("lambda.requests", "AWS/Lambda", "Invocations", dimensions)
            yield Query("lambda.gb_seconds", "AWS/Lambda", "Duration", dimensions, gb_seconds)


def _of_resource(resource: Mapping[str, Any]) -> Iterator[Query]:
    """What CloudWatch knows of a resource of the stack, by the last part of its physical name."""
    kind, name = resource["ResourceType"], str(resource["PhysicalResourceId"])
    if kind == "AWS::Events::Rule" and resource["LogicalResourceId"] != "ContentRule":
        return  # what AWS tells of itself is free
    if kind != "AWS::Logs::LogGroup":
        name = name.rpartition("/" if name.startswith("http") else ":")[2]
    for unit, namespace, metric, dimension, factor in METRICS.get(kind, ()):
        dimensions = {dimension: name, **FURTHER.get(namespace, {})}
        yield Query(unit, namespace, metric, dimensions, factor, is_size=metric in SIZES)


def _ask(stack: Stack, found: Used, queries: list[Query], now: datetime, days: int) -> None:
    """Adds what CloudWatch answers; where it has nothing at all it says so."""
    silent = {query.unit for query in queries}
    for start in range(0, len(queries), MOST_QUERIES):
        part = queries[start : start + MOST_QUERIES]
        asked = {f"m{number}": query for number, query in enumerate(part)}
        pages = (
            stack.client("cloudwatch")
            .get_paginator("get_metric_data")
            .paginate(
                MetricDataQueries=[query.asked(id) for id, query in asked.items()],
                StartTime=now - timedelta(days=days),
                EndTime=now,
            )
        )
        found.add("cloudwatch.metrics_read", Decimal(len(part)))
        for page in pages:
            for result in page["MetricDataResults"]:
                query = asked[result["Id"]]
                values = [Decimal(str(value)) for value in result["Values"]]
                if not values:
                    continue
                silent.discard(query.unit)
                amount = sum(values, Decimal(0))
                if query.is_size:
                    amount = amount / len(values) * days / DAYS_OF_MONTH
                found.add(query.unit, amount * query.factor)
    found.missing += [f"{unit}: CloudWatch has no numbers of it" for unit in sorted(silent)]


def _of_table(stack: Stack, found: Used, days: int) -> None:
    """Adds the table's size, which DynamoDB counts every six hours, and its recovery's."""
    table = stack.client("dynamodb").describe_table(TableName=stack.outputs.Table)["Table"]
    gb_months = Decimal(table["TableSizeBytes"]) / GIGABYTE * days / DAYS_OF_MONTH
    found.add("dynamodb.gb_months", gb_months)
    found.add("dynamodb.recovery_gb_months", gb_months)
