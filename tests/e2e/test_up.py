"""An `up` in a cloud that runs: what did not change is not made again, and the layer is on disk."""

from typing import Any

from e2e.local import Local
from presswork_cli.local import emulator
from presswork_cli.local.deployment import start


def functions(local: Local) -> list[dict[str, Any]]:
    """The stack's functions as Lambda tells them."""
    found: list[dict[str, Any]] = local.cloud.client("lambda").list_functions()["Functions"]
    return found


def test_an_up_with_nothing_changed_deploys_nothing(local: Local) -> None:
    """No function is touched, SAM is not asked, and the same cloud answers."""
    logs = [local.layout.log(verb) for verb in ("build", "deploy")]
    before = [log.stat().st_mtime_ns for log in logs], functions(local)
    with emulator.alone(local.layout):
        cloud = start(local.layout, local.options)
    assert ([log.stat().st_mtime_ns for log in logs], functions(local)) == before
    assert cloud.outputs == local.cloud.outputs


def test_no_worker_unpacks_the_layer(local: Local) -> None:
    """What each of them unpacks is one line; it leads to the folders on disk."""
    sizes = {layer["CodeSize"] for function in functions(local) for layer in function["Layers"]}
    assert len(sizes) == 1
    assert sizes.pop() < 4096
