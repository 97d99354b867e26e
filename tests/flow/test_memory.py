"""AWS in memory answers as moto does: every test here runs on both."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from flow.memory import MemoryCloud
from flow.world import Origin, World, plain
from presswork.aws.conflicts import Changed
from presswork.aws.table import Attr, Check, Delete, Put, Table, Update
from presswork.events import Type
from presswork.messages import Hint
from presswork.object import Object

WHO = ("moto", "memory")


@pytest.fixture(params=WHO)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world on moto, then one in memory."""
    with mock_aws():
        world = World(Origin(), 9, MemoryCloud() if request.param == "memory" else None)
        yield world
        world.close()


NESTED = {"m": {"x": {"y": 1}}, "l": ["a", "b"]}


@pytest.fixture
def table(world: World) -> Table:
    """The world's table, with members of one partition."""
    for number in range(5):
        world.table.write(Put({"PK": "p", "SK": f"{number}", "n": number, **NESTED}))
    return world.table


def _object(text: str, **metadata: str) -> Object:
    return Object(text.encode(), "text/plain", "no-cache", metadata)


def _keys(items: Iterator[Any]) -> list[str]:
    return [item["SK"] for item in items]


def test_items_are_read_as_written(table: Table) -> None:
    """Numbers, maps and lists come back; what is not there is None."""
    table.write(Put({"PK": "a", "SK": "b", "list": [1, None, True, "é"], "map": {}}))
    assert table.get("a", "b") == {"PK": "a", "SK": "b", "list": [1, None, True, "é"], "map": {}}
    assert table.get("a", "c") is None


@pytest.mark.parametrize(
    ("item", "fits"),
    [
        ({"PK": "é" * 1024, "SK": "s"}, True),
        ({"PK": "é" * 1024 + "x", "SK": "s"}, False),
        ({"PK": "p", "SK": "é" * 512}, True),
        ({"PK": "p", "SK": "é" * 512 + "x"}, False),
        ({"PK": "", "SK": "s"}, False),
        ({"PK": "p", "SK": ""}, False),
        ({"PK": "p", "SK": "s", "text": "x" * 400_000}, True),
        ({"PK": "p", "SK": "s", "text": "x" * 410_000}, False),
    ],
)
def test_what_is_too_long_is_refused(table: Table, item: dict[str, str], fits: bool) -> None:
    """The parts of a key and the item as a whole have no more bytes than DynamoDB takes."""
    if fits:
        table.write(Put(item))
        assert table.get(item["PK"], item["SK"]) == item
        return
    with pytest.raises(ClientError) as caught:
        table.write(Put(item))
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_an_object_has_no_longer_key_than_s3_takes() -> None:
    """1,024 bytes in UTF-8; moto takes any."""
    s3 = MemoryCloud().client("s3")
    s3.create_bucket(Bucket="b")
    s3.put_object(Bucket="b", Key="é" * 512, Body=b"x")
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket="b", Key="é" * 512 + "x", Body=b"x")
    assert caught.value.response["Error"]["Code"] == "KeyTooLongError"


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ({}, "01234"),
        ({"newest_first": True}, "43210"),
        ({"limit": 2}, "01"),
        ({"newest_first": True, "limit": 2}, "43"),
        ({"below": "2"}, "01"),
        ({"above": "2"}, "34"),
        ({"below": "4", "newest_first": True, "limit": 1}, "3"),
        ({"prefix": "3"}, "3"),
        ({"prefix": "x"}, ""),
    ],
)
def test_a_partition_is_read_in_order(table: Table, arguments: dict[str, Any], keys: str) -> None:
    """From either end, within bounds, and as many as asked for."""
    assert _keys(table.query("p", **arguments)) == list(keys)


@pytest.mark.parametrize(
    ("arguments", "number"),
    [({"limit": 9}, 5), ({"limit": 5}, 5), ({"limit": 2}, 2), ({"prefix": "3", "limit": 2}, 1)],
)
def test_items_are_counted_as_far_as_asked(
    table: Table, arguments: dict[str, Any], number: int
) -> None:
    """Those of a partition, or those that begin alike."""
    assert table.count("p", **arguments) == number


def test_a_count_goes_on_in_the_next_page() -> None:
    """An answer that ends early is not the whole count, and a limit is one over all answers."""

    class Paged:
        def __init__(self) -> None:
            self.limits: list[int] = []

        def query(self, Limit: int, **_: object) -> dict[str, Any]:  # noqa: N803 - as botocore's
            self.limits.append(Limit)
            return {"Count": min(2, Limit), "LastEvaluatedKey": {}}

    client = Paged()
    assert Table(client, "table").count("p", limit=5) == 5
    assert client.limits == [5, 3, 1]


def test_a_large_partition_comes_in_pages(table: Table) -> None:
    """Beyond a megabyte an answer goes on in the next."""
    for number in range(30):
        table.write(Put({"PK": "large", "SK": f"{number:02}", "text": "x" * 100_000}))
    assert _keys(table.query("large")) == [f"{number:02}" for number in range(30)]
    assert _keys(table.query("large", newest_first=True))[-1] == "00"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Attr("n").eq(3), True),
        (Attr("n").eq(4), False),
        (Attr("n").lt(4), True),
        (Attr("n").lt(3), False),
        (Attr("n").gte(3) & Attr("n").ne(9), True),
        (Attr("none").exists(), False),
        (Attr("none").not_exists() & Attr("PK").exists(), True),
        (Attr("none").not_exists() | Attr("n").eq(0), True),
        (~Attr("n").eq(3), False),
        (Attr("m.x.y").eq(1), True),
        (Attr("m.x.z").eq(1), False),
        (Attr("n").eq("3"), False),
        (Attr("l").eq(["a", "b"]), True),
        (Attr("l").eq(["a"]), False),
        (Attr("none").eq([]), False),
    ],
)
def test_a_write_is_held_to_its_condition(table: Table, condition: Any, *, holds: bool) -> None:
    """Each kind of condition, alone and within a transaction."""
    for writes in (
        [Update("p", "3", {"seen": 1}, condition)],
        [Put({"PK": "q", "SK": "1"}), Check("p", "3", condition)],
        [Put({"PK": "q", "SK": "1"}), Update("p", "3", {"seen": 1}, condition)],
    ):
        if holds:
            table.write(*writes)
        else:
            with pytest.raises(Changed):
                table.write(*writes)
    seen = table.get("p", "3")
    assert seen is not None
    assert ("seen" in seen) is holds
    assert (table.get("q", "1") is not None) is holds


def test_an_update_reaches_into_maps(table: Table) -> None:
    """A dotted name sets one value, and the rest stays; an absent item is made."""
    table.write(Update("p", "0", {"m.x.y": 2, "new": [1]}))
    table.write(Update("p", "9", {"new": 1}))
    assert table.get("p", "1") == {"PK": "p", "SK": "1", "n": 1, **NESTED}
    assert table.get("p", "0") == {
        "PK": "p",
        "SK": "0",
        "l": ["a", "b"],
        "n": 0,
        "m": {"x": {"y": 2}},
        "new": [1],
    }
    assert table.get("p", "9") == {"PK": "p", "SK": "9", "new": 1}


def test_a_deleted_item_is_gone(table: Table) -> None:
    """Deleting twice is no error, unless the item has to be there."""
    table.write(Delete("p", "3"))
    table.write(Delete("p", "3"))
    assert _keys(table.query("p")) == list("0124")
    with pytest.raises(Changed):
        table.write(Delete("p", "3", Attr("PK").exists()))


def test_an_object_is_written_over_what_was_seen(world: World) -> None:
    """A new one over none, a changed one over its ETag, and so it goes; or it has changed."""
    bucket = world.bucket
    bucket.put("a", _object("one", status="410"), etag=None)
    etag = bucket.head("a")
    with pytest.raises(Changed):
        bucket.put("a", _object("two"), etag=None)
    with pytest.raises(Changed):
        bucket.put("absent", _object("two"), etag=etag)
    assert world.s3.head_object(Bucket="site", Key="a")["Metadata"] == {"status": "410"}
    bucket.put("a", _object("two"), etag=etag)
    with pytest.raises(Changed):
        bucket.put("a", _object("three"), etag=etag)
    assert bucket.get("a") == b"two"
    with pytest.raises(Changed):
        bucket.delete("a", etag=etag)
    bucket.delete("a", etag=bucket.head("a"))
    with pytest.raises(Changed):
        bucket.delete("a", etag=etag)
    bucket.delete("a")
    assert (bucket.get("a"), bucket.head("a")) == (None, None)


def test_versions_are_kept(world: World) -> None:
    """Older versions can be read; a deleted object comes back when its marker goes."""
    content = world.content
    first, second = world.put("posts/a.md", "one"), world.put("posts/a.md", "two")
    marker = world.delete("posts/a.md")
    assert content.get("posts/a.md", most=9) is None
    assert world.keys("content") == []
    found = content.get("posts/a.md", version_id=first, most=9)
    assert found is not None
    assert (found.data, found.version_id) == (b"one", first)
    assert content.get("posts/a.md", version_id=marker, most=9) is None
    listed = world.s3.list_object_versions(Bucket="content", Prefix="posts/")
    assert {each["VersionId"] for each in listed["Versions"]} == {first, second}
    assert [(e["Key"], e["VersionId"]) for e in listed["DeleteMarkers"]] == [("posts/a.md", marker)]
    world.undelete("posts/a.md", marker)
    now = content.get("posts/a.md", most=1)
    assert now is not None
    assert (now.data, now.version_id) == (b"tw", second)
    assert world.keys("content") == ["posts/a.md"]


def test_a_schedule_stands_once_until_it_is_deleted(world: World) -> None:
    """Made again it is the same; what it is for can be read."""
    time, hint = datetime(2026, 5, 6, 9, tzinfo=UTC), Hint(key="posts/a.md")
    assert world.schedules.send_at(time, hint)
    assert world.schedules.send_at(time, hint)
    ((name, schedule),) = world.scheduled().items()
    assert schedule["ScheduleExpression"] == "at(2026-05-06T09:00:00)"
    assert schedule["Target"]["Input"] == hint.model_dump_json()
    world.scheduler.delete_schedule(GroupName="group", Name=name)
    assert world.scheduled() == {}


def test_caches_are_asked_to_forget(world: World) -> None:
    """What was asked can be read, paths in their order; another distribution is not there."""
    world.edge.forget(["/b/", "/a/"], ["why"])
    world.edge.forget(["/c/"], ["why"])
    assert sorted(world.forgotten()) == [["/a/", "/b/"], ["/c/"]]
    with pytest.raises(ClientError, match="NoSuchDistribution"):
        replace(world.edge, distribution="none").forget(["/a/"], [])


def test_the_same_publishing_makes_the_same_calls() -> None:
    """A history costs the same calls, announces the same, and makes the same site on both."""

    def publish(make: Callable[[], World]) -> tuple[Counter[str], Counter[str], dict[str, bytes]]:
        world = make()
        for number in range(3):
            world.put(f"posts/{number}.md", plain(f"P{number}", tags="[sea]"))
        world.run()
        world.put("posts/1.md", plain("Other"))
        world.delete("posts/2.md")
        world.run()
        world.close()
        return world.calls, world.types(), world.pages()

    with mock_aws():
        on_moto = publish(lambda: World(Origin(), 9))
    assert publish(lambda: World(Origin(), 9, MemoryCloud())) == on_moto
    assert on_moto[1][Type.LIVE.value] > 3


def test_a_copy_is_a_version_of_its_own(world: World) -> None:
    """Of any version of any bucket's object; all versions are listed, the newest marked."""
    first = world.put("posts/a.md", "one")
    second = world.put("posts/a.md", "two")
    source = {"Bucket": "content", "Key": "posts/a.md", "VersionId": first}
    made = world.s3.copy_object(Bucket="content", Key="posts/a.md", CopySource=source)
    etag = made["CopyObjectResult"]["ETag"]
    assert etag == world.s3.get_object(Bucket="content", Key="posts/a.md")["ETag"]
    world.put("posts/b.md", "three")
    world.s3.delete_object(Bucket="content", Key="posts/b.md")
    (page,) = world.s3.get_paginator("list_object_versions").paginate(Bucket="content")
    listed = {
        (each["Key"], each["VersionId"], each["IsLatest"])
        for each in page["Versions"]
        if each["Key"] == "posts/a.md"
    }
    assert listed == {
        ("posts/a.md", first, False),
        ("posts/a.md", second, False),
        ("posts/a.md", made["VersionId"], True),
    }
    ids = {each["VersionId"] for each in page["Versions"] if each["ETag"] == etag}
    assert ids == {first, made["VersionId"]}
    (marker,) = page["DeleteMarkers"]
    assert (marker["Key"], marker["IsLatest"]) == ("posts/b.md", True)
    with pytest.raises(ClientError) as error:
        world.s3.list_object_versions(Bucket="nowhere")
    assert error.value.response["Error"]["Code"] == "NoSuchBucket"


def test_items_are_written_and_deleted_by_the_batch(world: World, table: Table) -> None:
    """What was left out is told, to be asked for again."""
    put = {"PutRequest": {"Item": {"PK": {"S": "q"}, "SK": {"S": "0"}}}}
    delete = {"DeleteRequest": {"Key": {"PK": {"S": "p"}, "SK": {"S": "0"}}}}
    requests = [put, delete]
    while requests:
        answer = world.table.client.batch_write_item(RequestItems={"table": requests})
        requests = answer["UnprocessedItems"].get("table", [])
    assert _keys(table.query("p")) == ["1", "2", "3", "4"]
    assert table.get("q", "0") == {"PK": "q", "SK": "0"}


def test_many_items_are_read_at_once(table: Table) -> None:
    """In the order of their keys, of which one may be asked for twice, and one may not be there."""
    found = table.get_many(("p", "3"), ("p", "none"), ("p", "0"), ("p", "3"))
    assert [item and item["SK"] for item in found] == ["3", None, "0", "3"]
    assert table.get_many() == []


@pytest.mark.parametrize(
    "keys", [[("p", "0"), ("p", "0")], [("p", str(number)) for number in range(101)]]
)
def test_a_batch_that_cannot_be_is_refused(table: Table, keys: list[tuple[str, str]]) -> None:
    """One of the same key twice, or of more than a hundred."""
    asked = [{"PK": {"S": pk}, "SK": {"S": sk}} for pk, sk in keys]
    with pytest.raises(ClientError) as error:
        table.client.batch_get_item(RequestItems={"table": {"Keys": asked}})
    assert error.value.response["Error"]["Code"] == "ValidationException"
