"""What the real endpoint takes from nobody: the right answer each time, and nothing written."""

import json
from typing import Any

import pytest

from e2e.local import Local
from webhook_cases import BAD_REQUESTS, BadRequest, signed


@pytest.fixture(scope="module")
def secret(local: Local) -> str:
    """The secret of the source "default"."""
    answer = local.cloud.client("ssm").get_parameter(
        Name=local.cloud.outputs.WebhookSecret, WithDecryption=True
    )
    return str(answer["Parameter"]["Value"])


def answered(local: Local, bad: BadRequest, secret: str) -> tuple[int, str]:
    """The status of a request, and what its sender is told."""
    url = f"{local.cloud.outputs.WebhookUrl}/{bad.source}{bad.query}"
    answer = local.cloud.fetch(url, method="POST", headers=bad.sent(secret), body=bad.body)
    return answer.status, json.loads(answer.body)["message"]


def written(local: Local) -> tuple[list[str], list[Any]]:
    """All that the webhook may write: versions of ContentBucket, and its own items of the table."""
    listed = (
        local.cloud.client("s3")
        .get_paginator("list_object_versions")
        .paginate(Bucket=local.cloud.outputs.ContentBucket)
    )
    versions = [
        each["VersionId"]
        for page in listed
        for kind in ("Versions", "DeleteMarkers")
        for each in page.get(kind, ())
    ]
    pages = (
        local.cloud.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=local.cloud.outputs.Table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :own",
            ExpressionAttributeValues={":own": {"S": "IDEMPOTENCY#webhook"}},
        )
    )
    items = [json.dumps(item, sort_keys=True) for page in pages for item in page["Items"]]
    return sorted(versions), sorted(items)


def test_each_is_answered_and_nothing_is_written(local: Local, secret: str) -> None:
    """More than a hundred requests: none fails here, none leaves a trace in bucket or table.

    Its role lets the webhook write these items alone: stages may be at work on posts of before.
    """
    nothing, good = written(local), BadRequest(202)
    url = f"{local.cloud.outputs.WebhookUrl}/{good.source}"
    answer = local.cloud.fetch(url, method="POST", headers=good.sent(secret), body=good.body)
    assert answer.status == 202
    before = written(local)
    assert (before[0] == nothing[0], before[1] == nothing[1]) == (False, False)
    answers = {name: answered(local, bad, secret) for name, bad in BAD_REQUESTS.items()}
    wrong = {
        name: answer for name, answer in answers.items() if answer[0] != BAD_REQUESTS[name].status
    }
    assert wrong == {}
    assert len(answers) > 60
    assert len({message for status, message in answers.values() if status == 401}) == 1
    assert written(local) == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/default"),
        ("PUT", "/default"),
        ("PATCH", "/default"),
        ("DELETE", "/default"),
        ("POST", "/"),
        ("POST", "/default/more"),
        ("POST", "/status/token"),
        ("GET", "/status"),
        ("GET", "/status/"),
    ],
)
def test_no_other_address_answers(local: Local, secret: str, method: str, path: str) -> None:
    """However well it is signed: one method and one address are for posts."""
    body = b'{"key": "bad.md", "content": "Bad."}'
    url = local.cloud.outputs.WebhookUrl + path
    headers = signed(secret, body)
    answer = local.cloud.fetch(url, method=method, headers=headers, body=body)
    assert answer.status in {404, 405}


@pytest.mark.parametrize("token", ["token", ".", "a.b", "..%2f..", "%00", "é.é", "a" * 2000])
def test_no_other_token_is_one(local: Local, token: str) -> None:
    """404, with nothing of a key in it; and it is not kept by anybody."""
    answer = local.cloud.fetch(f"{local.cloud.outputs.WebhookUrl}/status/{token}")
    assert answer.status == 404
    if "cache-control" in answer.headers:  # the API itself answers where no route is
        assert answer.headers["cache-control"] == "no-store"
