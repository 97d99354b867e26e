"""The functions and the template agree."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from presswork.stages.index.stage import MOST_HOPS
from template.rights import consumers, grants
from template.stack import REPOSITORY, Stack, name_of

STAGES = ("images", "index", "maintain", "notify", "parse", "render", "status", "webhook")

# Read by libraries, not by our code.
FOR_LIBRARIES = {
    "AWS_ENDPOINT_URL",
    "POWERTOOLS_LOG_LEVEL",
    "POWERTOOLS_SERVICE_NAME",
    "PYDANTIC_DISABLE_PLUGINS",
}

LONGEST_CHAIN = 16
"""Invocations of one function by itself, after which Lambda stops it."""

# Loads a function with the variables it is given, and prints the names of those it reads.
LOAD = """
import json, sys
from presswork.aws import clients

read, variable = set(), clients.variable
clients.variable = lambda name: read.add(name) or variable(name)
import app
app.handler
print(json.dumps(sorted(read)))
"""


def declared(stack: Stack, stage: str) -> dict[str, str]:
    """The variables that the template gives to a stage; names of resources are made up."""
    function = stack.of("AWS::Lambda::Function")[f"{stage.capitalize()}Function"]
    return {
        name: stack.parameters.get(value.get("Ref"), "made-up")
        for name, value in function["Environment"]["Variables"].items()
        if name not in FOR_LIBRARIES
    }


def source(stage: str) -> Path:
    """The folder of a stage's function."""
    return REPOSITORY / "functions" / stage


def test_every_folder_is_a_function(stack: Stack) -> None:
    """One folder for each function of the template, and the reverse."""
    functions = stack.source["Resources"].values()
    folders = {
        function["Properties"]["CodeUri"]
        for function in functions
        if function["Type"] == "AWS::Serverless::Function"
    }
    assert folders == {f"functions/{stage}/" for stage in STAGES}
    assert {app.parent.name for app in (REPOSITORY / "functions").glob("*/app.py")} == set(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_function_reads_is_declared_and_what_is_declared_is_read(
    stage: str, local: Stack
) -> None:
    """The function starts with the declared variables alone, and reads each."""
    ours = declared(local, stage)
    loaded = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOAD],
        cwd=source(stage),
        env={
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "shared"), str(source(stage))]),
            "AWS_DEFAULT_REGION": "us-east-1",
            "POWERTOOLS_SERVICE_NAME": stage,
            **ours,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    assert set(json.loads(loaded.stdout.splitlines()[-1])) == set(ours)


def test_the_environment_is_read_in_one_place() -> None:
    """Of the layer, os.environ is known to aws.clients, and to what keeps it from the decoder."""
    readers = {
        path.relative_to(REPOSITORY).as_posix()
        for folder in ("shared/presswork", "functions")
        for path in (REPOSITORY / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert readers == {
        "shared/presswork/aws/clients.py",
        "shared/presswork/imaging/making/processes.py",
    }


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_only_unwraps_and_calls(stage: str) -> None:
    """An app.py has at most 50 lines, and leaves AWS and the environment to the layer."""
    text = (source(stage) / "app.py").read_text()
    assert len(text.splitlines()) <= 50
    modules = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    }
    assert not modules & {"boto3", "botocore", "os"}


def test_every_function_runs_what_was_asked_for(stack: Stack) -> None:
    """Python and processor come from the parameters, for the layer as for the functions."""
    for function in stack.of("AWS::Lambda::Function").values():
        assert function["Runtime"] == {"Ref": "PythonRuntime"}
        assert function["Architectures"] == [{"Ref": "Architecture"}]
        assert function["Handler"] == "app.handler"
    layer = stack.source["Resources"]["SharedLayer"]
    assert layer["Metadata"]["BuildMethod"] == {"Ref": "PythonRuntime"}
    assert layer["Metadata"]["BuildArchitecture"] == {"Ref": "Architecture"}


def test_sam_local_finds_the_webhook(stack: Stack) -> None:
    """`sam local start-api` decides by the first API or function which kind of API to look for."""
    first = next(
        resource["Type"]
        for resource in stack.source["Resources"].values()
        if resource["Type"].startswith(("AWS::ApiGatewayV2::", "AWS::Serverless::Function"))
    )
    assert first == "AWS::ApiGatewayV2::Api"
    functions = stack.of("AWS::Lambda::Function").values()
    assert not any("FunctionName" in function for function in functions)


def test_a_function_has_the_libraries_that_the_tests_ran_with() -> None:
    """The layer, images, and the local cloud's Pillow are of the versions in dev.txt."""
    tested = versions("requirements/dev.txt")
    for lock in ("shared/requirements.txt", "functions/images/requirements.txt"):
        assert versions(lock) <= tested, lock
    assert {
        pin for pin in versions("requirements/cloud.txt") if pin.startswith("pillow==")
    } <= tested


def test_locks_have_hashes_and_no_hosts() -> None:
    """Every pin has hashes, and no lock names the place where it was resolved."""
    locks = [
        *(REPOSITORY / "requirements").glob("*.txt"),
        REPOSITORY / "shared/requirements.txt",
        REPOSITORY / "functions/images/requirements.txt",
    ]
    assert len(locks) == 15
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text, lock
        assert "--index" not in text
        for pin in pins(lock.relative_to(REPOSITORY).as_posix()):
            assert f"{pin} \\\n    --hash=sha256:" in text, (lock, pin)


def versions(lock: str) -> set[str]:
    """The requirements of a lock file, without markers."""
    return {pin.split(" ;")[0] for pin in pins(lock)}


def pins(lock: str) -> set[str]:
    """The requirements of a lock file, each with its marker."""
    return {
        line.removesuffix(" \\")
        for line in (REPOSITORY / lock).read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    }


def test_a_function_that_continues_itself_is_not_stopped(stack: Stack) -> None:
    """Lambda stops a chain of one function through SQS after 16 invocations, where it may.

    Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops". What
    notify sends itself are messages about one post, a few at most; index looks for a document a few
    times only.
    """
    role_of = consumers(stack)
    senders = {
        grant.role
        for grant in grants(stack)
        if grant.action == "sqs:SendMessage" and role_of.get(grant.resource) == grant.role
    }
    functions = stack.of("AWS::Lambda::Function").values()
    allowed = {name_of(f["Role"]) for f in functions if f.get("RecursiveLoop") == "Allow"}
    assert senders == {"ImagesRole", "IndexRole", "NotifyRole", "ParseRole", "RenderRole"}
    assert allowed == senders - {"NotifyRole"}
    assert MOST_HOPS < LONGEST_CHAIN
