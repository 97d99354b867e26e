"""A deployed Presswork, as its operator sees it: outputs, buckets, table, secrets."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import uuid4

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from presswork.aws.stores import Stores
from presswork.aws.table import Table
from presswork_cli.failure import Exit, Failure
from presswork_cli.options import STACK
from presswork_cli.printing.answers import Outputs

_STAGES = ("webhook", "parse", "images", "render", "index", "notify")


class Stack(ABC):
    """A deployed stack, as its operator sees it; found by its name, known by its outputs."""

    name: str = STACK

    @property
    def aws(self) -> str:
        """The AWS CLI as it reaches the stack."""
        return "aws"

    def logs_of(self, correlation_id: str) -> str:
        """The command for a shell that shows each line which names an upload, function by function.

        Logs are kept for 30 days.
        """
        pattern = f'{{ $.correlation_id = "*{correlation_id}*" }}'
        return (
            f"for stage in {' '.join(_STAGES)}; do {self.aws} logs tail "
            f"/aws/lambda/{self.name}-$stage --since 30d --filter-pattern '{pattern}'; done"
        )

    @abstractmethod
    def client(self, service: str) -> Any:
        """A boto3 client with the rights of the operator."""

    @abstractmethod
    def absent(self, why: str) -> Failure:
        """The failure of a command that finds no such stack, with the way out."""

    @abstractmethod
    def refresh(self, paths: Sequence[str]) -> None:
        """Has the site's caches forget some paths; `*` at an end stands for all that follows."""

    @cached_property
    def description(self) -> Mapping[str, Any]:
        """What CloudFormation tells of the stack; raises Failure when there is none."""
        try:
            answer = self.client("cloudformation").describe_stacks(StackName=self.name)
        except ClientError as error:
            raise self.absent(str(error.response["Error"]["Message"])) from error
        except BotoCoreError as error:
            raise self.absent(str(error)) from error
        described: Mapping[str, Any] = answer["Stacks"][0]
        return described

    @cached_property
    def outputs(self) -> Outputs:
        """The outputs of the stack."""
        listed = self.description.get("Outputs", [])
        return Outputs.model_validate({o["OutputKey"]: o["OutputValue"] for o in listed})

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

    @property
    def aws(self) -> str:
        """With the region that the stack was looked for in, if one was named."""
        return f"aws --region {self.region}" if self.region else "aws"

    def client(self, service: str) -> Any:
        """A boto3 client with the caller's own rights; Failure where no region is configured."""
        try:
            return _client(service, self.region)
        except BotoCoreError as error:
            raise self.absent(str(error).rstrip(".")) from error

    def absent(self, why: str) -> Failure:
        """The failure says where the stack was looked for, and how to name another."""
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


@cache
def _client(service: str, region: str | None) -> Any:
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]
