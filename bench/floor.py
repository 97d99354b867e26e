"""What the least that could be called publishing takes on the emulator: bench/local.py's `floor`.

A put, and a function that reads the object and an item, and writes an item. It runs in the local
cloud that runs, beside the stack, and in MiniStack's own way: S3, a queue, a mapping, a worker.
"""

import io
import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from presswork_cli.local.cloud import Cloud
from presswork_cli.local.emulator import REGION

NAME = f"floor-{time.time_ns() // 10**9:x}"
"""Each run has its own."""

PATIENCE = 120.0
HANDLER = f"""
import boto3, json

s3, table = boto3.client("s3"), boto3.client("dynamodb")


def handler(event, context):
    for record in event["Records"]:
        for each in json.loads(record["body"]).get("Records", ()):
            key = each["s3"]["object"]["key"]
            body = s3.get_object(Bucket="{NAME}", Key=key)["Body"].read()
            table.get_item(TableName="{NAME}", Key={{"PK": {{"S": key}}}}, ConsistentRead=True)
            size = {{"N": str(len(body))}}
            table.put_item(TableName="{NAME}", Item={{"PK": {{"S": key}}, "size": size}})
    print("done")
"""


def begin(cloud: Cloud) -> None:
    """Makes bucket, queue, table and function, and waits for its first worker."""
    sqs = cloud.client("sqs")
    arn = f"arn:aws:sqs:{REGION}:000000000000:{NAME}"
    policy = _policy(
        Principal={"Service": "s3.amazonaws.com"}, Action="sqs:SendMessage", Resource=arn
    )
    sqs.create_queue(QueueName=NAME, Attributes={"VisibilityTimeout": "180", "Policy": policy})
    cloud.client("dynamodb").create_table(
        TableName=NAME,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
    )
    functions = cloud.client("lambda")
    functions.create_function(
        FunctionName=NAME,
        Runtime="python3.11",
        Handler="app.handler",
        Role=_role(cloud.client("iam")),
        Code={"ZipFile": _zipped()},
        Timeout=30,
    )
    functions.invoke(FunctionName=NAME, Payload=json.dumps({"Records": []}))
    functions.create_event_source_mapping(
        FunctionName=NAME,
        EventSourceArn=arn,
        BatchSize=10,
        ScalingConfig={"MaximumConcurrency": 2},
    )
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=NAME)
    s3.put_bucket_notification_configuration(
        Bucket=NAME,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]
        },
    )


def _policy(**statement: Any) -> str:
    body = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}
    return json.dumps(body)


def _role(iam: Any) -> str:
    trust = _policy(Principal={"Service": "lambda.amazonaws.com"}, Action="sts:AssumeRole")
    role = iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=trust)["Role"]
    allowed = _policy(Action=["s3:*", "dynamodb:*", "sqs:*", "logs:*"], Resource="*")
    iam.put_role_policy(RoleName=NAME, PolicyName=NAME, PolicyDocument=allowed)
    return str(role["Arn"])


def _zipped() -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", HANDLER)
    return package.getvalue()


def publish(cloud: Cloud, count: int) -> float:
    """Seconds until so many objects, put at once, each have their item."""
    s3, table = cloud.client("s3"), cloud.client("dynamodb")
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        puts = [
            pool.submit(s3.put_object, Bucket=NAME, Key=f"{number:04}.md", Body=b"x" * 1400)
            for number in range(count)
        ]
    for put in puts:
        put.result()
    while table.scan(TableName=NAME, Select="COUNT")["Count"] < count:
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError("the floor was not reached")
        time.sleep(0.1)
    return time.monotonic() - began
