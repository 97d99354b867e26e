"""`presswork destroy`: what goes, what stays, and who is asked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from presswork_cli.app import app
from presswork_cli.deploy import sam_cli
from presswork_cli.failure import Failure
from presswork_cli.operate.stack import Deployed

BUCKETS = {"ContentBucket": "content", "VaultBucket": "vault", "SiteBucket": "site"}
SECRET = "/presswork/blog/webhooks/default"


@dataclass
class Formed:
    """CloudFormation with one stack, which has what outlives it and more."""

    deleted: list[list[str]] = field(default_factory=list)

    @property
    def meta(self) -> Any:
        """What boto3 says of a client."""
        return boto3.client("sts", region_name="eu-west-1").meta

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        """The stack is there."""
        return {"Stacks": [{"StackName": "blog", "StackStatus": "CREATE_COMPLETE"}]}

    def get_paginator(self, operation: str) -> "Formed":
        """A paginator of its resources."""
        assert operation == "list_stack_resources"
        return self

    def paginate(self, **_: str) -> Iterator[dict[str, Any]]:
        """Two pages; one resource was never made."""
        made = [(id, "AWS::S3::Bucket", name) for id, name in BUCKETS.items()]
        yield {"StackResourceSummaries": [self._summary(*each) for each in made]}
        rest = [
            ("Table", "AWS::DynamoDB::Table", "table"),
            ("ParseQueue", "AWS::SQS::Queue", "https://sqs/parse"),
            ("SenderIdentity", "AWS::SES::EmailIdentity", ""),
        ]
        yield {"StackResourceSummaries": [self._summary(*each) for each in rest]}

    def _summary(self, id: str, type: str, name: str) -> dict[str, str]:
        summary = {"LogicalResourceId": id, "ResourceType": type}
        return summary | ({"PhysicalResourceId": name} if name else {})


@pytest.fixture
def formed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Formed]:
    """A stack whose buckets have something in them: two versions, and what was deleted."""
    formed = Formed()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        for bucket in BUCKETS.values():
            s3.create_bucket(Bucket=bucket)
            if bucket != "site":
                s3.put_bucket_versioning(
                    Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
                )
            for body in (b"first", b"second"):
                s3.put_object(Bucket=bucket, Key="a", Body=body)
            s3.put_object(Bucket=bucket, Key="b", Body=b"x")
            s3.delete_object(Bucket=bucket, Key="b")
        boto3.client("dynamodb", region_name="us-east-1").create_table(
            TableName="table",
            AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        boto3.client("ssm", region_name="us-east-1").put_parameter(
            Name=SECRET, Value="s", Type="SecureString"
        )
        monkeypatch.setattr(
            Deployed,
            "client",
            lambda _, service: (
                formed
                if service == "cloudformation"
                else boto3.client(service, region_name="us-east-1")
            ),
        )
        monkeypatch.setattr(
            sam_cli.Sam, "_run", lambda _, *words, **__: formed.deleted.append(list(words))
        )
        monkeypatch.setattr(sam_cli, "program", lambda _: tmp_path / "sam")
        yield formed


def destroy(*words: str, typed: str = "") -> Any:
    """One run of the command."""
    return CliRunner().invoke(app, ["--stack", "blog", "destroy", *words], input=typed)


def left() -> tuple[set[str], list[str], set[str]]:
    """The buckets, tables and secrets that are there."""
    ssm = boto3.client("ssm", region_name="us-east-1")
    found = ssm.get_parameters_by_path(Path="/presswork/blog/", Recursive=True)
    return (
        {each["Name"] for each in boto3.client("s3").list_buckets()["Buckets"]},
        boto3.client("dynamodb", region_name="us-east-1").list_tables()["TableNames"],
        {each["Name"] for each in found["Parameters"]},
    )


def test_the_posts_outlive_the_stack(formed: Formed) -> None:
    """The name is asked for; of what is left, only what can be made again goes."""
    done = destroy("--json", typed="blog\n")
    assert done.exit_code == 0, done.output
    assert formed.deleted == [
        ["delete", ["--stack-name", "blog", "--no-prompts", "--region", "eu-west-1"]]
    ]
    assert left() == ({"content", "vault"}, ["table"], {SECRET})
    _, answer = done.stdout.split("\n", 1)  # the runner shows what is typed
    assert json.loads(answer) == {
        "format": 1,
        "stack": "blog",
        "deleted": ["site"],
        "kept": {"ContentBucket": "content", "VaultBucket": "vault", "Table": "table"},
        "secrets": [SECRET],
    }
    assert "These stay, and cost what they hold:\n  ContentBucket  content" in done.stderr


def test_everything_goes_when_it_is_asked_for(formed: Formed) -> None:
    """Every version of every post, the table and the secrets; and that is said first."""
    done = destroy("--with-content", "--yes")
    assert done.exit_code == 0, done.output
    assert left() == (set(), [], set())
    assert "for good" in done.stderr
    assert len(formed.deleted) == 1


@pytest.mark.parametrize("typed", ["blogs\n", "yes\n", ""])
def test_another_name_deletes_nothing(formed: Formed, typed: str) -> None:
    """Neither does no answer at all."""
    done = destroy(typed=typed)
    assert done.exit_code != 0
    assert formed.deleted == []
    assert left() == (set(BUCKETS.values()), ["table"], {SECRET})
    if typed:
        assert isinstance(done.exception, Failure)
        assert done.exception.message == f"nothing was deleted: {typed.strip()} is not blog"


def test_what_is_gone_already_is_no_obstacle(formed: Formed) -> None:
    """A bucket and a table that somebody deleted by hand."""
    boto3.client("dynamodb", region_name="us-east-1").delete_table(TableName="table")
    s3 = boto3.client("s3")
    for key in ("a", "b"):
        s3.delete_object(Bucket="site", Key=key)
    s3.delete_bucket(Bucket="site")
    done = destroy("--with-content", "--yes")
    assert done.exit_code == 0, done.output
    assert left()[0] == set()
    assert len(formed.deleted) == 1


def test_a_bucket_that_cannot_be_emptied_is_named(
    formed: Formed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stack is gone by then: the message says what is left to do."""
    s3 = boto3.client("s3", region_name="us-east-1")
    refused = {"Errors": [{"Key": "a", "Message": "Access Denied"}]}
    monkeypatch.setattr(s3, "delete_objects", lambda **_: refused)
    usual = Deployed.client
    monkeypatch.setattr(
        Deployed, "client", lambda self, name: s3 if name == "s3" else usual(self, name)
    )
    done = destroy("--yes")
    assert isinstance(done.exception, Failure)
    assert "s3://site is not empty yet: a: Access Denied" in done.exception.message
    assert len(formed.deleted) == 1
