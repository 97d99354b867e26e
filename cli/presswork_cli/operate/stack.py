"""A deployed Presswork, as its operator sees it: outputs, buckets, table, secrets."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import uuid4

import boto3
import urllib3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from presswork.aws.stores import Stores
from presswork.aws.table import Table
from presswork_cli.failure import Exit, Failure, no_cloud
from presswork_cli.local.emulator import LOOPBACK, REGION, Record, running
from presswork_cli.local.layout import Layout
from presswork_cli.printing.answers import Outputs

STACK = "presswork"

_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 3},
    connect_timeout=3,
    read_timeout=30,
    max_pool_connections=32,
    s3={"addressing_style": "path"},
)


class Stack(ABC):
    """A deployed stack, as its operator sees it; found by its name, known by its outputs."""

    name: str = STACK

    @abstractmethod
    def client(self, service: str) -> Any:
        """A boto3 client with the rights of the operator."""

    @abstractmethod
    def absent(self, why: str) -> Failure:
        """What is to be said when no such stack is there."""

    @abstractmethod
    def refresh(self, paths: Sequence[str]) -> None:
        """Has the site's caches forget some paths; `*` at an end stands for all that follows."""

    @cached_property
    def outputs(self) -> Outputs:
        """The outputs of the stack."""
        try:
            answer = self.client("cloudformation").describe_stacks(StackName=self.name)
        except ClientError as error:
            raise self.absent(str(error.response["Error"]["Message"])) from error
        except BotoCoreError as error:
            raise self.absent(str(error)) from error
        found = {o["OutputKey"]: o["OutputValue"] for o in answer["Stacks"][0].get("Outputs", [])}
        return Outputs.model_validate(found)

    def resource(self, logical_id: str) -> str:
        """The physical name of a resource of the stack."""
        answer = self.client("cloudformation").describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])

    @cached_property
    def stores(self) -> Stores:
        """The stores of the one table."""
        return Stores(Table(self.client("dynamodb"), self.outputs.Table))


@dataclass(frozen=True)
class Deployed(Stack):
    """A stack on AWS, reached with the credentials that the AWS CLI would use.

    Without a region it is looked for in the one that these are configured with.
    """

    name: str = STACK
    region: str | None = None

    def client(self, service: str) -> Any:
        """A boto3 client with the caller's own rights."""
        return _aws_client(service, self.region)

    def absent(self, why: str) -> Failure:
        """Where the stack was looked for, and how to name another."""
        return Failure(
            f"no stack {self.name} was found on AWS ({why}): name it with --stack and --region "
            "before the verb, or use `presswork local` for the cloud on this machine",
            Exit.NO_CLOUD,
        )

    def refresh(self, paths: Sequence[str]) -> None:
        """Invalidates paths in CloudFront."""
        self.client("cloudfront").create_invalidation(
            DistributionId=self.resource("Distribution"),
            InvalidationBatch={
                "Paths": {"Quantity": len(paths), "Items": list(paths)},
                "CallerReference": uuid4().hex,
            },
        )


@dataclass(frozen=True)
class Cloud(Stack):
    """The local cloud that runs, with the stack deployed into it."""

    record: Record

    def client(self, service: str) -> Any:
        """A boto3 client with the rights of the account's root."""
        return _client(service, self.record)

    def absent(self, why: str) -> Failure:
        """How to deploy here."""
        return Failure(
            f"nothing is deployed in the local cloud ({why}): deploy with `presswork local up`",
            Exit.NO_CLOUD,
        )

    def refresh(self, paths: Sequence[str]) -> None:
        """Nothing: what stands before the site here caches nothing."""

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> "Page":
        """Asks the local cloud for one of its own URLs, redirects not followed."""
        return fetch(self.record.port, url, method=method, headers=headers, body=body)


@dataclass(frozen=True)
class Page:
    """What a fetch was answered; header names are in lower case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8 text."""
        return self.body.decode()


def connect(layout: Layout) -> Cloud:
    """The local cloud that runs here."""
    record = running(layout)
    if record is None:
        raise no_cloud()
    return Cloud(record)


def fetch(
    port: int,
    url: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
) -> Page:
    """Asks the local cloud for a URL of its own.

    Browsers resolve names below `localhost` to loopback (RFC 6761, section 6.3); Python does not.
    """
    parts = urllib3.util.parse_url(url)
    answer = _pool(port).request(
        method,
        parts.request_uri,
        headers={"Host": parts.netloc or "", **(headers or {})},
        body=body or None,
        redirect=False,
    )
    return Page(
        url=url,
        status=answer.status,
        headers={name.lower(): value for name, value in answer.headers.items()},
        body=answer.data,
    )


@cache
def _pool(port: int) -> urllib3.HTTPConnectionPool:
    return urllib3.HTTPConnectionPool(LOOPBACK, port, maxsize=8, retries=False, timeout=30)


@cache
def _client(service: str, record: Record) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=record.endpoint,
        region_name=REGION,
        aws_access_key_id=record.access_key,
        aws_secret_access_key=record.secret_key,
        config=_CONFIG,
    )


@cache
def _aws_client(service: str, region: str | None) -> Any:
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]
