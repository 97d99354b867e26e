"""Each test has a world of its own."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from moto import mock_aws

from flow.recorded import RecordedWorld, granted
from flow.world import Origin, World
from presswork import wire
from presswork.aws import conflicts, parallel
from presswork.aws.conflicts import Changed
from presswork.stages import converge
from template.rights import refused


@pytest.fixture(autouse=True)
def _no_pauses(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that take turns in one thread have nobody to let finish, and make call by call."""
    if request.node.get_closest_marker("threads") is None:
        monkeypatch.setattr(converge, "FIRST_PAUSE", 0.0)
        monkeypatch.setattr(conflicts, "FIRST_PAUSE", 0.0)
        monkeypatch.setattr(parallel, "WORKERS", 1)


@pytest.fixture(autouse=True)
def _no_conflict_is_left_to_sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Who meets another worker reads again at once: SQS would send the message again in minutes."""
    left: list[object] = []
    deliver = wire.deliver

    def watched(body: dict[str, Any], handle: Any) -> None:
        try:
            deliver(body, handle)
        except Changed:
            left.append(body)
            raise

    monkeypatch.setattr(wire, "deliver", watched)
    yield
    assert left == []


@pytest.fixture
def origin() -> Origin:
    """What the origin of images serves, and what the hook's receiver got."""
    return Origin()


@pytest.fixture
def world(
    request: pytest.FixtureRequest, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """The whole flow in one process, on AWS in memory, or on moto's where a test is marked so.

    In memory it takes a small part of the time, and no stage may do what its role may not.
    test_memory.py holds both to the same.
    """
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    on_moto = request.node.get_closest_marker("moto") is not None
    server = origin.serve()
    with mock_aws() if on_moto else nullcontext():
        port = server.server_port
        world = World(origin, port) if on_moto else RecordedWorld(origin, port)
        yield world
        world.close()
        if isinstance(world, RecordedWorld):
            assert refused(granted(), world.recorder.uses) == []
    server.shutdown()
    server.server_close()
