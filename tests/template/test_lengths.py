"""Names as long as AWS takes them, also for a stack whose own name is as long as one may be."""

import re
from collections.abc import Iterator
from typing import Any

from template.stack import Stack

STACK_NAME = "s" * 128
"""AWS CloudFormation API Reference, "CreateStack": at most 128 characters."""

KNOWN = {
    "AWS::StackName": STACK_NAME,
    "AWS::Region": "ap-southeast-1",
    "AWS::Partition": "aws-us-gov",
    "AWS::AccountId": "123456789012",
    "AWS::StackId": (
        f"arn:aws-us-gov:cloudformation:ap-southeast-1:123456789012:stack/{STACK_NAME}/"
        "0a1b2c3d-4e5f-6789-abcd-ef0123456789"
    ),
}

LONGEST = {
    # AWS Lambda API Reference, "PublishLayerVersion"
    ("AWS::Lambda::LayerVersion", "LayerName"): 140,
    # Amazon API Gateway V2 API Reference, "Apis", StringWithLengthBetween1And128
    ("AWS::ApiGatewayV2::Api", "Name"): 128,
    # Amazon CloudWatch Logs API Reference, "CreateLogGroup"
    ("AWS::Logs::LogGroup", "LogGroupName"): 512,
    # Amazon CloudFront API Reference, "CreateFunction" and "OriginAccessControlConfig"; of policies
    # it does not say, so they are held to the same
    ("AWS::CloudFront::Function", "Name"): 64,
    ("AWS::CloudFront::OriginAccessControl", "Name"): 64,
    ("AWS::CloudFront::CachePolicy", "Name"): 64,
    ("AWS::CloudFront::ResponseHeadersPolicy", "Name"): 64,
    # Amazon CloudWatch API Reference, "PutDashboard"
    ("AWS::CloudWatch::Dashboard", "DashboardName"): 255,
    # AWS Billing and Cost Management API Reference, "Budget"
    ("AWS::Budgets::Budget", "BudgetName"): 100,
    # Amazon CloudFront API Reference, "DistributionConfig"
    ("AWS::CloudFront::Distribution", "Comment"): 128,
}
LONGEST_PARAMETER = 1011
"""AWS Systems Manager API Reference, "PutParameter": with the ARN that comes before its name."""
ARN = "arn:aws-us-gov:ssm:ap-southeast-1:123456789012:parameter"

_IN_SUB = re.compile(r"\$\{([^}]+)\}")


def written(value: Any, names: dict[str, str] | None = None) -> str:
    """A value with the names of the longest stack in it."""
    match value:
        case str():
            return value
        case {"Ref": name}:
            return KNOWN[name]
        case {"Fn::Sub": str(text)}:
            return _IN_SUB.sub(lambda found: (KNOWN | (names or {}))[found[1]], text)
        case {"Fn::Sub": [text, given]}:
            return written({"Fn::Sub": text}, {key: written(each) for key, each in given.items()})
        case {"Fn::Select": [index, {"Fn::Split": [between, text]}]}:
            return written(text).split(between)[int(index)]
    raise AssertionError(value)


def named(stack: Stack) -> Iterator[tuple[str, str, Any]]:
    """Whatever is called after the stack: the type of the resource, the property, its value."""
    for resource in stack.resources.values():
        for name, value in properties(resource.get("Properties", {})):
            if name in {"Comment", "Name"} or name.endswith("Name"):
                text = str(value)
                if "AWS::StackName" in text or "AWS::StackId" in text:
                    yield resource["Type"], name, value


def properties(value: Any) -> Iterator[tuple[str, Any]]:
    """Every property, at any depth."""
    match value:
        case dict():
            for name, each in value.items():
                yield name, each
                yield from properties(each)
        case list():
            for each in value:
                yield from properties(each)


def test_no_name_is_too_long(stack: Stack) -> None:
    """A stack may be called anything that CloudFormation takes."""
    found = list(named(stack))
    assert {(kind, name) for kind, name, _ in found} <= set(LONGEST)
    for kind, name, value in found:
        assert len(written(value)) <= LONGEST[kind, name], (kind, value)
    for output in ("WebhookSecret", "HookSecret"):
        assert len(f"{ARN}{written(stack.outputs[output])}") <= LONGEST_PARAMETER


def test_each_length_is_of_a_name(whole: Stack) -> None:
    """No limit stands here for nothing."""
    assert {(kind, name) for kind, name, _ in named(whole)} == set(LONGEST)


def test_no_two_stacks_share_a_name_at_cloudfront(stack: Stack) -> None:
    """Its names hold for the whole account, whatever the region: each has the stack's own id."""
    names = [
        written(value)
        for kind, name, value in named(stack)
        if kind.startswith("AWS::CloudFront::") and name == "Name"
    ]
    id = KNOWN["AWS::StackId"].split("/")[2]
    assert len(names) == 6
    assert all(id in name for name in names)
    assert len(set(names)) == 4  # an access control, a cache policy and headers may be called alike
