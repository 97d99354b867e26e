"""`presswork deploy` and `destroy` with the real SAM CLI, against the local cloud as if on AWS.

It takes minutes, and wants Python 3.13 or 3.12 on the PATH: `pytest tests/e2e/deploying.py`. The
functions of such a stack do not run here, as its queues and buckets refuse what is not TLS.
"""

from pathlib import Path

from e2e.local import Local
from e2e.test_verbs import Way, as_on_aws

NAME = "trial"


def _parameters(local: Local) -> dict[str, str]:
    """The parameters of the stack, as it is deployed."""
    answer = local.cloud.client("cloudformation").describe_stacks(StackName=NAME)
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
