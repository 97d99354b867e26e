"""Each function may do exactly what it does: one right less, and its posts end in its DLQ."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from e2e.local import Local, markdown


@pytest.mark.parametrize(
    ("stage", "right"),
    [
        ("Parse", "s3:GetObject"),
        ("Render", "s3:PutObject"),
        ("Index", "dynamodb:Query"),
    ],
)
def test_without_one_right_a_post_does_not_go_live(local: Local, stage: str, right: str) -> None:
    """IAM is enforced: the message is tried again and kept, and all is well once it is mended."""
    key = f"posts/{uuid4().hex}.md"
    with without(local, stage, right), impatient(local, stage):
        assert local.publish(key, markdown(f"No right {key}"), timeout=5).status == "timeout"
        local.until(local.dead_letters, seconds=60)
    (dead,) = local.dead_letters()
    assert f"{stage}DeadLetters" in dead
    purge(local, stage)
    assert local.publish(key, markdown(f"Right again {key}")).status == "live"


@contextmanager
def without(local: Local, stage: str, right: str) -> Iterator[None]:
    """Takes one action out of a stage's role."""
    iam, role = local.cloud.client("iam"), local.resource(f"{stage}Role")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    less = json.dumps(_less(policy, right))
    assert less != json.dumps(policy)
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=less)
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))


@contextmanager
def impatient(local: Local, stage: str) -> Iterator[None]:
    """The stage's queue delivers again after a second."""
    sqs, queue = local.cloud.client("sqs"), local.resource(f"{stage}Queue")
    seen = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=seen["Attributes"])


def _less(policy: dict[str, Any], right: str) -> dict[str, Any]:
    statements = []
    for statement in policy["Statement"]:
        actions = statement["Action"]
        kept = [a for a in ([actions] if isinstance(actions, str) else actions) if a != right]
        if kept:
            statements.append(statement | {"Action": kept})
    return policy | {"Statement": statements}


def purge(local: Local, stage: str) -> None:
    """Empties a stage's dead-letter queue."""
    local.cloud.client("sqs").purge_queue(QueueUrl=local.resource(f"{stage}DeadLetters"))
