"""The table in memory and AWS's own DynamoDB Local come to the same items, step by step.

Amazon DynamoDB Developer Guide, "DynamoDB local usage notes": it keeps conditions, transactions,
sizes and keys as DynamoDB does, and knows no throttling and no conflicts.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import pytest

from flow.memory import Client, MemoryCloud
from flow.same_site import assert_same_site
from flow.test_same_site import Author
from flow.world import REGION, Origin, World, picture, plain
from presswork.aws.conflicts import Changed
from presswork.aws.table import Attr, Check, Delete, Item, Put, Update
from presswork.stages import converge

EMULATOR = Path(__file__).parent / "node_modules/amplify-dynamodb-simulator/emulator"
PATIENCE = 60
POSTS = {name: f"posts/{name}.md" for name in "abcdef"}
IMAGE = "![Boat](http://images.example/boat.jpg)"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """DynamoDB Local on a free port of loopback, for as long as it is asked."""
    java = shutil.which("java")
    assert java, "DynamoDB Local needs a Java of 17 or later on PATH"
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    options = ["-sharedDb", "-inMemory", "-disableTelemetry", "-port", str(port)]
    libraries = "-Djava.library.path=DynamoDBLocal_lib"
    process = subprocess.Popen(
        [java, libraries, "-jar", "DynamoDBLocal.jar", *options],
        cwd=EMULATOR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, f"DynamoDB Local ended with {process.returncode}"
        assert time.monotonic() < end, "DynamoDB Local does not answer"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


class CloudWithDynamoDBLocal(MemoryCloud):
    """AWS in memory but for the table, which is asked for by boto3 itself."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        super().__init__()

    def _client_of(self, service: str, part: Any) -> Client:
        if service != "dynamodb":
            return super()._client_of(service, part)
        client: Any = boto3.client(
            "dynamodb",
            endpoint_url=self._endpoint,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        return client  # type: ignore[no-any-return]


@pytest.fixture
def worlds(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[World, World]]:
    """Two worlds that differ in their table: in memory, and DynamoDB Local."""
    monkeypatch.setattr(converge, "FIRST_PAUSE", 0.0)
    origin = Origin(files={"/boat.jpg": picture()})
    server = origin.serve()
    clouds = MemoryCloud(), CloudWithDynamoDBLocal(endpoint)
    ours, theirs = (World(origin, server.server_port, cloud) for cloud in clouds)
    yield ours, theirs
    theirs.table.client.delete_table(TableName="table")
    for world in (ours, theirs):
        world.close()
    server.shutdown()
    server.server_close()


def _put(name: str, body: str = "Words.", **front: str) -> Any:
    text = plain(name.upper(), body, **{"slug": name, **front})
    return lambda author: author.put(POSTS[name], text)


def _swap(author: Author) -> None:
    _put("a", slug="b")(author)
    _put("b", slug="a")(author)


STEPS: dict[str, Any] = {
    "publish": _put("a", tags="[sea]"),
    "publish with an image": _put("b", IMAGE, tags="[land]"),
    "edit": _put("a", "Other words.", tags="[sea]"),
    "rename": lambda author: author.rename(POSTS["b"], POSTS["c"]),
    "alias": _put("a", "Other words.", tags="[sea]", aliases="[/old/]"),
    "delete": lambda author: author.delete(POSTS["c"]),
    "undelete": lambda author: author.undelete(POSTS["c"]),
    "two tags": _put("a", "[c](c.md)", tags="[sea, land]", categories="[news]"),
    "waiting": _put("d", slug="a"),
    "the waiter's turn": lambda author: author.delete(POSTS["a"]),
    "an explicit id": _put("e", id="mine"),
    "handed over": lambda author: author.rename(POSTS["e"], POSTS["f"]),
    "swap": _swap,
    "broken": lambda author: author.put(POSTS["d"], "---\ntitle: [unclosed\n---\n"),
    "scheduled": _put("e", date="2026-05-05 09:00:00"),
    "settings": lambda author: author.put(
        "site.yaml", "title: Harbour\npermalink: /:slug/\ncategories: parallel\n"
    ),
}


def _items(world: World) -> dict[tuple[str, str], Item]:
    return {(item["PK"], item["SK"]): item for item in world.items()}


def test_sixteen_steps_of_the_stages_leave_the_same_items(worlds: tuple[World, World]) -> None:
    """After each step every item is equal, attribute by attribute; nothing is left out."""
    assert len(STEPS) == 16
    authors = [Author(world) for world in worlds]
    compared = 0
    for name, step in STEPS.items():
        for author in authors:
            step(author)
            author.world.run()
            author.world.later(minutes=10)
            author.world.maintain.run(author.world.now)
            author.world.run()
        ours, theirs = map(_items, worlds)
        assert ours == theirs, name
        compared += len(ours)
    print(f"{len(STEPS)} steps, {compared} items compared, 0 different")
    assert compared > 400
    assert worlds[0].pages() == worlds[1].pages()
    for world in worlds:
        assert world.dead == []
        assert_same_site(world)


def test_conditions_and_transactions_hold_alike(worlds: tuple[World, World]) -> None:
    """Every kind of write, with a condition that holds and with one that does not."""
    outcomes = []
    for world in worlds:
        write, found = world.table.write, []
        write(Put({"PK": "p", "SK": "1", "n": 1, "m": {"x": [1, None, True, "é"]}}))
        for condition in (
            Attr("n").eq(1),
            Attr("n").eq(2),
            Attr("n").eq("1"),
            Attr("n").lt(2) & Attr("none").not_exists(),
            Attr("n").lt(2) & Attr("none").exists(),
            Attr("none").exists() | Attr("m.x").eq([]),
            Attr("m").not_exists(),
        ):
            for writes in (
                [Update("p", "1", {"seen": 1}, condition)],
                [Put({"PK": "q", "SK": "1"}), Check("p", "1", condition)],
                [Delete("q", "1"), Update("p", "1", {"m.y": "two"}, condition)],
            ):
                try:
                    write(*writes)
                    found.append("done")
                except Changed:
                    found.append("changed")
        outcomes.append((found, _items(world)))
    assert outcomes[0] == outcomes[1]
    assert {"done", "changed"} == set(outcomes[0][0])
