"""Measures what MiniStack itself costs, in CPU of its process: `python bench/emulator.py [CALLS]`.

Each call is made so many times, against MiniStack as it comes and as `presswork local` runs it, in
turns, by a role with policies such as a function's. No stack is deployed. Linux only, for /proc.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3

from presswork_cli.local import cached_ministack, emulator
from presswork_cli.local.emulator import REGION, Record
from presswork_cli.local.layout import Layout

PLACE = Path(os.environ.get("BENCH_DIR", Layout().state / "bench")) / "emulator"
MEMBERS = 1000
TICK = os.sysconf("SC_CLK_TCK")
_PLAIN = PLACE / "ministack.py"


def cpu(record: Record) -> float:
    """Seconds of CPU that the emulator's process has had."""
    fields = Path(f"/proc/{record.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def clients(record: Record) -> Callable[[str], Any]:
    """Clients of a role whose policies have as many statements as parse's."""

    def client(service: str, **keys: str) -> Any:
        if not keys:
            keys = {"access_key": record.access_key, "secret_key": record.secret_key, "token": ""}
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=record.endpoint,
            region_name=REGION,
            aws_access_key_id=keys["access_key"],
            aws_secret_access_key=keys["secret_key"],
            aws_session_token=keys["token"] or None,
        )

    allowed = ["dynamodb:*", "s3:*", "sqs:*", "sns:*"]
    statements = [
        {"Effect": "Allow", "Action": "xray:Put*", "Resource": f"*{n}"} for n in range(14)
    ]
    policy = {"Statement": [*statements, {"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    iam = client("iam")
    role = iam.create_role(
        RoleName="stage",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]
    iam.put_role_policy(RoleName="stage", PolicyName="all", PolicyDocument=json.dumps(policy))
    session = client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="stage")["Credentials"]
    keys = {
        "access_key": session["AccessKeyId"],
        "secret_key": session["SecretAccessKey"],
        "token": session["SessionToken"],
    }
    return lambda service: client(service, **keys)


def calls(client: Callable[[str], Any]) -> dict[str, Callable[[], object]]:
    """A table with a list of a thousand posts, a bucket, a topic and a queue; calls to each."""
    table, s3, sqs, sns = map(client, ("dynamodb", "s3", "sqs", "sns"))
    names = ("PK", "SK")
    table.create_table(
        TableName="table",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=[
            {"AttributeName": name, "KeyType": kind}
            for name, kind in zip(names, ("HASH", "RANGE"), strict=True)
        ],
    )

    def key(number: int) -> dict[str, Any]:
        return {"PK": {"S": "LIST#home"}, "SK": {"S": f"2025-05-01#{number:04}"}}

    items = [{"PutRequest": {"Item": key(n) | {"card": {"S": "c" * 600}}}} for n in range(MEMBERS)]
    for at in range(0, MEMBERS, 25):
        table.batch_write_item(RequestItems={"table": items[at : at + 25]})
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="page", Body=b"p" * 8000)
    queue = sqs.create_queue(QueueName="queue")["QueueUrl"]
    topic = sns.create_topic(Name="topic")["TopicArn"]
    newest = {
        "KeyConditionExpression": "PK = :pk AND SK < :below",
        "ExpressionAttributeValues": {":pk": {"S": "LIST#home"}, ":below": {"S": "3"}},
        "ConsistentRead": True,
        "ScanIndexForward": False,
        "Limit": 20,
    }
    return {
        "GetItem": lambda: table.get_item(TableName="table", Key=key(1), ConsistentRead=True),
        "PutItem": lambda: table.put_item(
            TableName="table",
            Item=key(1) | {"n": {"N": "1"}},
            ConditionExpression="attribute_exists(PK)",
        ),
        "Query, 20 of a list of 1,000": lambda: table.query(TableName="table", **newest),
        "GetObject": lambda: len(s3.get_object(Bucket="bucket", Key="page")["Body"].read()),
        "HeadObject": lambda: s3.head_object(Bucket="bucket", Key="page"),
        "PutObject": lambda: s3.put_object(Bucket="bucket", Key="page", Body=b"q" * 8000),
        "SendMessage": lambda: sqs.send_message(QueueUrl=queue, MessageBody="{}"),
        "Publish": lambda: sns.publish(TopicArn=topic, Message="{}"),
    }


def measure(program: Path, count: int) -> dict[str, float]:
    """Milliseconds of CPU of the emulator for each call, run by a program."""
    layout = Layout(state=PLACE / program.stem)
    shutil.rmtree(layout.state, ignore_errors=True)
    layout.state.mkdir(parents=True)
    with patch.object(cached_ministack, "__file__", str(program)):
        record = emulator.start(layout, None)
    try:
        spent = {}
        for name, call in calls(clients(record)).items():
            call()
            before, made = cpu(record), count if "Query" not in name else max(1, count // 5)
            for _ in range(made):
                call()
            spent[name] = (cpu(record) - before) / made * 1000
        return spent
    finally:
        emulator.stop(layout, record)


def main() -> None:
    """Prints a row for each call: the least of two runs each, A B A B."""
    count = int(sys.argv[1]) if sys.argv[1:] else 300
    PLACE.mkdir(parents=True, exist_ok=True)
    _PLAIN.write_text("from ministack.app import main\n\nmain()\n")
    programs = (_PLAIN, Path(cached_ministack.__file__))
    runs = [[measure(program, count) for program in programs] for _ in range(2)]
    print(f"{'ms of CPU for a call':32} {'as it comes':>12} {'here':>8}")
    for name in runs[0][0]:
        plain, here = (min(run[which][name] for run in runs) for which in range(2))
        print(f"{name:32} {plain:12.2f} {here:8.2f}")


if __name__ == "__main__":
    main()
