"""Each test has a world of its own."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from flow.memory import MemoryCloud
from flow.world import Origin, World


@pytest.fixture
def origin() -> Origin:
    """What the origin of images serves, and what the hook's receiver got."""
    return Origin()


@pytest.fixture
def world(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The whole flow in one process."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    server = origin.serve()
    with mock_aws():
        world = World(origin, server.server_port)
        yield world
        world.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def large(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The whole flow in one process and in memory, for what is too much for moto."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    server = origin.serve()
    world = World(origin, server.server_port, MemoryCloud())
    yield world
    world.close()
    server.shutdown()
    server.server_close()
