"""Each function may do exactly what it does."""

from collections.abc import Iterator
from typing import Any

import pytest

from template.stack import TEMPLATE, Stack, listed, name_of, references

# Actions that know no resource, and why they are there.
EVERYWHERE = {
    "xray:PutTraceSegments": "X-Ray knows no resources for these",
    "xray:PutTelemetryRecords": "X-Ray knows no resources for these",
}

# What each function writes to: a right more, or one less, is a change of design.
WRITES = {
    "WebhookFunction": {"ContentBucket", "Table"},
    "ParseFunction": {
        "ImagesBulkQueue",
        "IndexQueue",
        "ParseBulkQueue",
        "ParseQueue",
        "RenderQueue",
        "ScheduleGroup",
        "ScheduleRole",
        "SiteBucket",
        "Table",
        "Topic",
    },
    "ImagesFunction": {"ImagesBulkQueue", "SiteBucket", "Table", "Topic", "VaultBucket"},
    "RenderFunction": {"RenderQueue", "SiteBucket", "Table", "Topic"},
    "IndexFunction": {"Distribution", "IndexQueue", "SiteBucket", "Table", "Topic"},
    "NotifyFunction": {"NotifyQueue", "Table"},
    "MaintainFunction": {
        "IndexQueue",
        "ImagesBulkQueue",
        "NotifyQueue",
        "ParseBulkQueue",
        "ParseQueue",
        "RuleDeadLetters",
        "Table",
    },
}
READING = {
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "ssm:GetParameter",
}
CONSUMING = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
REPORTING = {"logs:CreateLogStream", "logs:PutLogEvents", "ses:SendRawEmail"}
WRITING = {
    "cloudfront:CreateInvalidation",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "iam:PassRole",
    "s3:DeleteObject",
    "s3:PutObject",
    "ssm:PutParameter",
    "scheduler:CreateSchedule",
    "sns:Publish",
    "sqs:SendMessage",
}


def statements(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every function's role, with the function's logical id."""
    for function, properties in stack.of("AWS::Lambda::Function").items():
        role = stack.resources[name_of(properties["Role"])]["Properties"]
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield function, statement


def test_no_right_is_a_wildcard(stack: Stack) -> None:
    """Every action is spelled out and one of those known here; none is denied around."""
    known = READING | CONSUMING | REPORTING | WRITING | set(EVERYWHERE)
    for function, statement in statements(stack):
        assert statement["Effect"] == "Allow"
        assert not {"NotAction", "NotResource"} & set(statement)
        for action in listed(statement["Action"]):
            assert action in known, (function, action)


def test_every_resource_is_named(stack: Stack) -> None:
    """A bare `*` stands only where AWS knows no resource, with its reason beside it.

    The local cloud asks for the right to send from everywhere; there alone it is given.
    """
    source = TEMPLATE.read_text()
    for function, statement in statements(stack):
        if stack.parameters["LocalPort"] and listed(statement["Action"]) == ["ses:SendRawEmail"]:
            continue
        if "*" in listed(statement["Resource"]):
            for action in listed(statement["Action"]):
                assert action in EVERYWHERE, (function, action)
                assert f'Resource: "*" # {EVERYWHERE[action]}' in source


def test_objects_are_named_by_bucket(stack: Stack) -> None:
    """Rights to objects are given below one bucket, all buckets' objects never."""
    for function, statement in statements(stack):
        for action in listed(statement["Action"]):
            if action.startswith("s3:") and action != "s3:ListBucket":
                for resource in listed(statement["Resource"]):
                    assert name_of(resource).endswith("Bucket"), (function, resource)


def test_every_function_has_a_role_of_its_own(stack: Stack) -> None:
    """No role is shared, none carries a managed policy, and Lambda alone may take it."""
    functions = stack.of("AWS::Lambda::Function").values()
    roles = [name_of(function["Role"]) for function in functions]
    assert sorted([*roles, "ScheduleRole"]) == sorted(stack.of("AWS::IAM::Role"))
    for name in roles:
        role = stack.of("AWS::IAM::Role")[name]
        assert "ManagedPolicyArns" not in role
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert trust["Action"] == "sts:AssumeRole"


def test_each_function_writes_where_it_must(stack: Stack) -> None:
    """Who writes what is decided here."""
    found: dict[str, set[str]] = {}
    for function, statement in statements(stack):
        if WRITING & set(listed(statement["Action"])):
            found.setdefault(function, set()).update(references(statement["Resource"]))
    if "AlarmTopic" in stack.resources:
        assert "AlarmTopic" in found["MaintainFunction"]
        found["MaintainFunction"].remove("AlarmTopic")
    assert found == WRITES


def test_a_schedule_may_send_hints_and_nothing_else(stack: Stack) -> None:
    """Scheduler may take its role for this stack's schedules alone, and with it reach one queue."""
    role = stack.of("AWS::IAM::Role")["ScheduleRole"]
    assert "ManagedPolicyArns" not in role
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": {"Ref": "AWS::AccountId"},
            "aws:SourceArn": {"Fn::GetAtt": ["ScheduleGroup", "Arn"]},
        }
    }
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sqs:SendMessage")
    assert statement["Resource"] == {"Fn::GetAtt": ["ParseQueue", "Arn"]}


def test_parse_schedules_in_the_stack_s_own_group(whole: Stack) -> None:
    """It may make schedules there, not change or cancel any, and hand over that one role."""
    rights = {
        action: statement
        for function, statement in statements(whole)
        for action in listed(statement["Action"])
        if function == "ParseFunction" and action.startswith(("scheduler:", "iam:"))
    }
    assert set(rights) == {"scheduler:CreateSchedule", "iam:PassRole"}
    (where,) = rights["scheduler:CreateSchedule"]["Resource"]
    assert where["Fn::Sub"].endswith(":schedule/${ScheduleGroup}/*")
    assert rights["iam:PassRole"]["Resource"] == {"Fn::GetAtt": ["ScheduleRole", "Arn"]}
    assert rights["iam:PassRole"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}
    }


def test_status_reads_what_became_of_posts_of_webhooks(stack: Stack) -> None:
    """Item by item, of keys below posts/hooks/ and of posts; of secrets its own alone."""
    rights = [
        (action, statement)
        for function, statement in statements(stack)
        for action in listed(statement["Action"])
        if function == "StatusFunction" and not action.startswith(("logs:", "xray:"))
    ]
    assert [action for action, _ in rights] == [
        *["dynamodb:GetItem"] * 2,
        "ssm:GetParameter",
    ]
    *items, secret = (statement for _, statement in rights)
    assert [statement["Condition"] for statement in items] == [
        {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["SRC#posts/hooks/*"]}},
        {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["POST#*"]}},
    ]
    assert secret["Resource"]["Fn::Sub"].endswith(":parameter/presswork/${AWS::StackName}/status")


def test_the_webhook_writes_hooks_and_remembers_requests(stack: Stack) -> None:
    """A forged request that got through could reach no author's post and no state."""
    for function, statement in statements(stack):
        if function != "WebhookFunction":
            continue
        if any(action.startswith("s3:") for action in listed(statement["Action"])):
            assert statement["Action"] == ["s3:DeleteObject", "s3:PutObject"]
            assert statement["Resource"] == {"Fn::Sub": "${ContentBucket.Arn}/posts/hooks/*"}
        if any(action.startswith("dynamodb:") for action in listed(statement["Action"])):
            assert statement["Condition"] == {
                "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["IDEMPOTENCY#webhook"]}
            }


def test_parse_writes_the_assets_of_themes_alone(stack: Stack) -> None:
    """Of the site parse may write what a theme brings, and no page."""
    written = [
        statement["Resource"]
        for function, statement in statements(stack)
        if function == "ParseFunction" and "s3:PutObject" in listed(statement["Action"])
    ]
    assert written == [{"Fn::Sub": "${SiteBucket.Arn}/-/assets/*"}]


def test_consumers_may_consume(stack: Stack) -> None:
    """Each function may receive from and delete in the queues mapped to it, and no others."""
    consumed: dict[str, set[str]] = {}
    for mapping in stack.of("AWS::Lambda::EventSourceMapping").values():
        queue = name_of(mapping["EventSourceArn"])
        consumed.setdefault(name_of(mapping["FunctionName"]), set()).add(queue)
    permitted = {
        function: set(references(statement["Resource"]))
        for function, statement in statements(stack)
        if "sqs:ReceiveMessage" in listed(statement["Action"])
    }
    assert permitted == consumed


def test_each_function_may_write_its_own_log(stack: Stack) -> None:
    """Each function logs as JSON to a group of its own, which forgets after some time."""
    groups = stack.of("AWS::Logs::LogGroup")
    used = []
    for function, properties in stack.of("AWS::Lambda::Function").items():
        assert properties["LoggingConfig"]["LogFormat"] == "JSON"
        group = name_of(properties["LoggingConfig"]["LogGroup"])
        used.append(group)
        assert any(
            name == function
            and "logs:PutLogEvents" in listed(statement["Action"])
            and set(references(statement["Resource"])) == {group}
            for name, statement in statements(stack)
        ), function
    assert len(set(used)) == len(used)
    assert all(group["RetentionInDays"] > 0 for group in groups.values())


@pytest.mark.parametrize(
    ("function", "route"),
    [("WebhookFunction", "POST /{source}"), ("StatusFunction", "GET /status/{token}")],
)
def test_only_the_api_calls_who_answers_http(stack: Stack, function: str, route: str) -> None:
    """The permission names the one route, and the route is throttled."""
    (permission,) = (
        p
        for p in stack.of("AWS::Lambda::Permission").values()
        if name_of(p["FunctionName"]) == function
    )
    assert permission["Principal"] == "apigateway.amazonaws.com"
    allowed = route.replace(" ", "")
    assert permission["SourceArn"]["Fn::Sub"].endswith(f"${{WebhookApi}}/*/{allowed}")
    assert route in {each["RouteKey"] for each in stack.of("AWS::ApiGatewayV2::Route").values()}
    (stage,) = stack.of("AWS::ApiGatewayV2::Stage").values()
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
