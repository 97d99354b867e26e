"""One local cloud for all end-to-end tests, with a world outside that is on loopback too."""

import shutil
import socket
from collections.abc import Iterator

import pytest

from e2e import rights
from e2e.local import Local
from e2e.outside import HOOKS, LOOPBACK, Outside, outside
from presswork_cli.local import emulator
from presswork_cli.local.deployment import Options, start
from presswork_cli.local.layout import Layout


@pytest.fixture(scope="session")
def world() -> Iterator[Outside]:
    """The hosts that posts and hooks speak of."""
    with outside() as world:
        yield world


@pytest.fixture(scope="session")
def local(world: Outside) -> Iterator[Local]:
    """A fresh cloud on a port and in a folder of its own, beside whatever else runs here."""
    layout = Layout(state=Layout().state / "e2e")
    rights.log(layout).unlink(missing_ok=True)
    options = Options(connect_to=world.connect_to, hook=f"http://{HOOKS}/announce", quiet_seconds=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emulator, "environment", rights.recorded(emulator.environment))
        yield from _local(layout, options)


def _local(layout: Layout, options: Options) -> Iterator[Local]:
    with emulator.alone(layout):
        _stop(layout)
        shutil.rmtree(layout.data, ignore_errors=True)
        layout.record.unlink(missing_ok=True)
        cloud = start(layout, options, _free_port())
    local = Local(layout, options, cloud)
    try:
        local.record_events()
        yield local
    finally:
        with emulator.alone(layout):
            _stop(layout)


def _stop(layout: Layout) -> None:
    record = emulator.running(layout)
    if record is not None:
        emulator.stop(layout, record)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
