"""ci-role.yaml: who may take the role, and how it is made."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from presswork_cli.operate.queues import QUEUES
from template.ci_role import TEMPLATE, RoleStack
from template.rights import grants
from template.stack import Stack

GITHUB, GITLAB = "token.actions.githubusercontent.com", "gitlab.com"


def trust(**given: str) -> tuple[str, Any]:
    """Whose tokens are believed, and on which condition."""
    stack = RoleStack(given)
    (statement,) = stack.of("AWS::IAM::Role")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sts:AssumeRoleWithWebIdentity")
    provider = statement["Principal"]["Federated"]["Fn::Sub"]
    return provider, statement["Condition"]


@pytest.mark.parametrize(
    ("host", "provider", "audience", "subject"),
    [
        ("github.com", GITHUB, "sts.amazonaws.com", "repo:${Repository}:ref:refs/heads/${Branch}"),
        (
            "gitlab.com",
            GITLAB,
            "https://gitlab.com",
            "project_path:${Repository}:ref_type:branch:ref:${Branch}",
        ),
    ],
)
def test_one_branch_of_one_repository_takes_the_role(
    host: str, provider: str, audience: str, subject: str
) -> None:
    """Subject and audience are compared as they are, without a pattern; nothing else is trusted."""
    arn = f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:oidc-provider/{provider}"
    condition = {f"{provider}:aud": audience, f"{provider}:sub": {"Fn::Sub": subject}}
    assert trust(Host=host) == (arn, {"StringEquals": condition})
    made = RoleStack({"Host": host}).of("AWS::IAM::OIDCProvider")["IdentityProvider"]
    assert made == {"Url": f"https://{provider}", "ClientIdList": [audience]}


def test_a_provider_that_is_there_is_left_alone() -> None:
    """An account has one for each host; one that was made stays when the role goes."""
    assert set(RoleStack({"Provider": "existing"}).resources) == {"Role"}
    assert RoleStack({}).resources["IdentityProvider"]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("value", ["*", "you/*", "you/blo?", "y*", "${aws:userid}", ""])
def test_no_parameter_widens_a_pattern(value: str) -> None:
    """No value that a parameter takes has a star, or the beginning of a variable, in it."""
    for name, each in RoleStack({}).source["Parameters"].items():
        if "AllowedValues" not in each:
            assert not re.fullmatch(each["AllowedPattern"], value), name


def test_it_reaches_what_presswork_has(whole: Stack) -> None:
    """What its patterns name is in the template, and so is every queue that a sync looks at."""
    reached = {
        grant.resource.rpartition("Stack-")[2].split("/")[0] for grant in grants(RoleStack({}))
    }
    named = {each.removesuffix("-*") for each in reached if each.endswith("-*")}
    assert named == {"contentbucket", "Table", *QUEUES}
    resources = {name if name != "ContentBucket" else name.lower() for name in whole.resources}
    assert named <= resources


def test_cfn_lint_finds_nothing() -> None:
    """Not even a warning."""
    program = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run(
        [program, "--non-zero-exit-code", "informational", "--template", TEMPLATE],
        cwd=TEMPLATE.parent / "tests",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
