"""A stack by `presswork deploy`, and by the SAM CLI alone, on the local cloud as if on AWS.

It takes minutes, and wants Python 3.13 or 3.12 on the PATH: `pytest tests/e2e/deploying.py`. The
functions of a stack run here only where it knows its `LocalPort`: else its queues and buckets
refuse what is not TLS.
"""

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from e2e.local import Local
from e2e.test_verbs import Way, as_on_aws
from presswork_cli.local import sam
from presswork_cli.local.emulator import REGION
from presswork_cli.local.layout import REPOSITORY
from presswork_cli.options import STACK

NAME = "trial"
WATCHED = "watched"


def _parameters(local: Local, stack: str = NAME) -> dict[str, str]:
    """The parameters of a stack, as it is deployed."""
    answer = local.cloud.client("cloudformation").describe_stacks(StackName=stack)
    return {p["ParameterKey"]: p["ParameterValue"] for p in answer["Stacks"][0]["Parameters"]}


def _buckets(local: Local) -> set[str]:
    return {each["Name"] for each in local.cloud.client("s3").list_buckets()["Buckets"]}


def _deploy(way: Way, *words: str) -> None:
    code, answer = way.give("deploy", "--yes", *words)
    assert (code, answer["stack"]) == (0, NAME)
    assert all(answer["outputs"].values())


def test_a_stack_is_made_changed_and_taken_away(local: Local, tmp_path: Path) -> None:
    """Answers are kept; the folder names the stack; what is true outlives it."""
    way = as_on_aws(local, tmp_path)
    elsewhere = Way([], way.environment, tmp_path.parent)
    _deploy(way, "--stack", NAME, "--parameter", "QuietSeconds=5")
    assert _parameters(local)["QuietSeconds"] == "5"
    assert f'stack_name = "{NAME}"' in (tmp_path / "samconfig.toml").read_text()
    assert way.give("status")[1]["stack"] == NAME

    _deploy(way, "--parameter", "HookUrl=https://h.example/")
    assert _parameters(local)["QuietSeconds"] == "5"
    assert _parameters(local)["HookUrl"] == "https://h.example/"
    assert elsewhere.message("status") == (
        "presswork: 2 stacks in us-east-1 are Presswork's: presswork, trial: choose one with "
        "--stack NAME, or by PRESSWORK_STACK"
    )

    outputs = way.give("status")[1]["outputs"]
    code, answer = way.give("destroy", "--yes")
    assert (code, answer["deleted"]) == (0, [outputs["SiteBucket"]])
    assert answer["kept"].items() >= {
        ("ContentBucket", outputs["ContentBucket"]),
        ("VaultBucket", outputs["VaultBucket"]),
        ("Table", outputs["Table"]),
    }
    assert {outputs["ContentBucket"], outputs["VaultBucket"]} <= _buckets(local)
    assert outputs["SiteBucket"] not in _buckets(local)
    assert elsewhere.give("status")[1]["stack"] == "presswork"
    assert way.message("status").startswith(f"presswork: no stack {NAME} was found on AWS")


@contextmanager
def _sam(local: Local, folder: Path, verb: str, *words: str) -> Iterator[Callable[[], str]]:
    """One verb of SAM goes on in a folder, until it is ended by Ctrl-C: what it said so far."""
    log = folder / f"{verb}.log"
    home = {"__SAM_CLI_APP_DIR": str(folder)}  # where it remembers to which stacks one said yes
    with log.open("wb") as output:
        process = subprocess.Popen(
            [local.layout.sam, verb, "--stack-name", WATCHED, "--region", REGION, *words],
            cwd=folder,
            env=sam.environment(local.layout, local.cloud.record) | home,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    assert process.stdin is not None
    process.stdin.write(b"y\n")
    process.stdin.flush()
    try:
        yield lambda: log.read_text(encoding="utf-8")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _message(local: Local) -> str:
    """What the status function of the watched stack answers its sample."""
    found = local.cloud.client("cloudformation").describe_stack_resource(
        StackName=WATCHED, LogicalResourceId="StatusFunction"
    )
    answer = local.cloud.client("lambda").invoke(
        FunctionName=found["StackResourceDetail"]["PhysicalResourceId"],
        Payload=(REPOSITORY / "events" / "status.json").read_bytes(),
    )
    return str(json.loads(json.load(answer["Payload"])["body"])["message"])


def test_sam_watches_the_files_of_a_stack_and_takes_it_away(local: Local, tmp_path: Path) -> None:
    """`sam sync --watch` brings a function that is saved; `sam delete` leaves what is true."""
    for name in ("functions", "shared"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    shutil.copy(REPOSITORY / "template.yaml", tmp_path)
    here = _parameters(local, STACK)
    same = (f"{name}={here[name]}" for name in ("Architecture", "PythonRuntime", "LocalPort"))
    watch = ("--watch", "--no-dependency-layer", "--parameter-overrides", *same)
    with _sam(local, tmp_path, "sync", *watch) as said:
        local.until(lambda: "Infra sync completed." in said(), seconds=300)
        assert _message(local).startswith("There is no such status")
        app = tmp_path / "functions" / "status" / "app.py"
        app.write_text(app.read_text().replace('"message": str(refusal)', '"message": "Edited."'))
        local.until(lambda: "Finished syncing Lambda Function StatusFunction." in said())
        assert _message(local) == "Edited."
    assert "Sync watch stopped." in said()
    with _sam(local, tmp_path, "delete", "--no-prompts") as said:
        local.until(lambda: "Deleted successfully" in said())
    listed = local.cloud.client("cloudformation").describe_stacks()["Stacks"]
    assert WATCHED not in {each["StackName"] for each in listed}
    kept = {name.split("-")[1] for name in _buckets(local) if name.startswith(f"{WATCHED}-")}
    assert kept == {"contentbucket", "sitebucket", "vaultbucket"}
    tables = local.cloud.client("dynamodb").list_tables()["TableNames"]
    assert any(name.startswith(f"{WATCHED}-Table-") for name in tables)
