"""A deployed Presswork, as its operator sees it: outputs, buckets, table, secrets."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from threading import Lock
from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from presswork.aws.stores import Stores
from presswork.aws.table import Table
from presswork_cli.failure import Exit, Failure, NoStack, of_aws, of_caller
from presswork_cli.operate import finding
from presswork_cli.options import STACK
from presswork_cli.printing.answers import Outputs

UPLOADED = ("webhook", "parse", "images", "render", "index", "notify")
"""The functions that may write of an upload, in the order that it comes to them."""


class Stack(ABC):
    """A deployed stack, as its operator sees it; found by its name, known by its outputs."""

    @property
    def name(self) -> str:
        """The stack's name."""
        return STACK

    @property
    def endpoint(self) -> str:
        """Where its services answer, where that is not AWS."""
        return ""

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
            f"for stage in {' '.join(UPLOADED)}; do {self.aws} logs tail "
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
            why = str(error.response["Error"]["Message"])
            raise of_caller(error) or self.absent(why) from error
        except BotoCoreError as error:
            raise of_caller(error) or self.absent(str(error)) from error
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


class Deployed(Stack):
    """A stack on AWS, reached with the credentials that the AWS CLI would use.

    Without a region it is looked for in the one that these are configured with; without a name it
    is the one there that is a Presswork. An endpoint leads to another cloud of the same interface.
    """

    def __init__(
        self,
        name: str | None = None,
        region: str | None = None,
        profile: str | None = None,
        endpoint: str | None = None,
    ) -> None:
        self._named, self._region = name, region
        self._profile, self._endpoint = profile, endpoint

    @cached_property
    def name(self) -> str:
        """The name that was given, or was found."""
        if self._named:
            return self._named
        try:
            return finding.the_one(self.client("cloudformation"))
        except (BotoCoreError, ClientError) as error:
            raise of_aws(error) or error from error

    @property
    def endpoint(self) -> str:
        """The endpoint that was given."""
        return self._endpoint or ""

    @property
    def aws(self) -> str:
        """With what the stack was looked for by."""
        given = {
            "--region": self._region,
            "--profile": self._profile,
            "--endpoint-url": self._endpoint,
        }
        return " ".join(["aws", *(f"{option} {value}" for option, value in given.items() if value)])

    @cached_property
    def outputs(self) -> Outputs:
        """The outputs of the stack; Failure where it is none of Presswork."""
        if missing := finding.missing_outputs(self.description):
            raise Failure(
                f"the stack {self.name} is {self.description['StackStatus']} and has no output "
                f"{missing[0]}: see `presswork doctor` if it is Presswork, or name another with "
                "--stack",
                Exit.NO_CLOUD,
            )
        return super().outputs

    def client(self, service: str) -> Any:
        """A boto3 client with the caller's own rights; Failure where no region is configured."""
        try:
            return _client(service, self._region, self._profile, self._endpoint)
        except BotoCoreError as error:
            raise of_caller(error) or self.absent(str(error).rstrip(".")) from error

    def absent(self, why: str) -> Failure:
        """The failure says where the stack was looked for, and how to name another."""
        return NoStack(
            f"no stack {self._named or STACK} was found on AWS ({why.rstrip('.')}): name it with "
            "--stack and --region, make one with `presswork deploy`, or use `presswork local` for "
            "the cloud on this machine"
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


_CONFIG = Config(max_pool_connections=32)

_making = Lock()
"""Held while a client is made: a session is not for several threads at once."""


def _client(service: str, region: str | None, profile: str | None, endpoint: str | None) -> Any:
    with _making:
        return _made(service, region, profile, endpoint)


@cache
def _made(service: str, region: str | None, profile: str | None, endpoint: str | None) -> Any:
    session = _session(profile, region)
    return session.client(service, endpoint_url=endpoint, config=_CONFIG)  # type: ignore[call-overload]


@cache
def _session(profile: str | None, region: str | None) -> boto3.Session:
    return boto3.Session(profile_name=profile, region_name=region)
