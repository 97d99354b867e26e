"""`destroy`: takes the stack away, and of what outlives it what can be made again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from presswork_cli.deploy.sam_cli import Sam
from presswork_cli.deploy.template import Template
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import DestroyAnswer

MADE_AGAIN = frozenset({"SiteBucket"})
"""What outlives the stack, and has nothing that could not be made again."""

_BUCKET, _TABLE = "AWS::S3::Bucket", "AWS::DynamoDB::Table"


@dataclass(frozen=True)
class Survivor:
    """A resource that is left when the stack is gone: its type and its name."""

    type: str
    name: str


def survivors(stack: Stack, template: Template) -> dict[str, Survivor]:
    """What the template keeps, by its name there."""
    pages = stack.client("cloudformation").get_paginator("list_stack_resources")
    return {
        each["LogicalResourceId"]: Survivor(each["ResourceType"], each["PhysicalResourceId"])
        for page in pages.paginate(StackName=stack.name)
        for each in page["StackResourceSummaries"]
        if each["LogicalResourceId"] in template.retained and each.get("PhysicalResourceId")
    }


def secrets(stack: Stack) -> list[str]:
    """The names of the secrets, which are no part of the stack."""
    pages = stack.client("ssm").get_paginator("get_parameters_by_path")
    return [
        each["Name"]
        for page in pages.paginate(Path=f"/presswork/{stack.name}/", Recursive=True)
        for each in page["Parameters"]
    ]


def destroy(
    stack: Stack, sam: Sam, left: Mapping[str, Survivor], *, with_content: bool
) -> DestroyAnswer:
    """Takes the stack away; then empties and deletes what nobody misses, or all that was left."""
    name = stack.name
    sam.delete(name)
    doomed = {
        id: each
        for id, each in left.items()
        if each.type in (_BUCKET, _TABLE) and (with_content or id in MADE_AGAIN)
    }
    for each in doomed.values():
        if each.type == _BUCKET:
            _delete_bucket(stack.client("s3"), each.name)
        else:
            _delete_table(stack.client("dynamodb"), each.name)
    kept_secrets = secrets(stack)
    if with_content:
        for secret in kept_secrets:
            stack.client("ssm").delete_parameter(Name=secret)
    return DestroyAnswer(
        stack=name,
        deleted=tuple(each.name for each in doomed.values()),
        kept={id: each.name for id, each in left.items() if id not in doomed},
        secrets=() if with_content else tuple(kept_secrets),
    )


def _delete_bucket(s3: Any, bucket: str) -> None:
    """Deletes a bucket with every version in it."""
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            _delete_versions(s3, bucket, list(_versions(page)))
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise


def _versions(page: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for kind in ("Versions", "DeleteMarkers"):
        for each in page.get(kind, ()):
            yield {"Key": each["Key"], "VersionId": each["VersionId"]}


def _delete_versions(s3: Any, bucket: str, versions: list[dict[str, str]]) -> None:
    """Deletes what one page listed: as many as S3 deletes in one request."""
    if not versions:
        return
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": versions, "Quiet": True})
    for error in answer.get("Errors", ()):
        raise Failure(
            f"the stack is gone, and s3://{bucket} is not empty yet: {error['Key']}: "
            f"{error['Message']}: mend that, and `aws s3 rb --force s3://{bucket}`",
            Exit.NO_CLOUD,
        )


def _delete_table(dynamodb: Any, table: str) -> None:
    try:
        dynamodb.delete_table(TableName=table)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
