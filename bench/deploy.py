"""Counts the AWS calls of a deploy of new software, a post: `python bench/deploy.py [POSTS]`.

Twice: where the new software makes the same bytes, and where it makes others of every object. The
dollars are those of us-east-1 on 2026-11-29, of requests alone: functions add about as much again.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from calls import post

from flow.memory import MemoryCloud
from flow.world import Origin, World
from presswork import software

A_MILLION = {
    "PutObject": 5.0,
    "ListObjectsV2": 5.0,
    "GetObject": 0.4,
    "HeadObject": 0.4,
    "GetItem": 0.25,
    "Query": 0.25,
    "BatchGetItem": 0.25,
    "PutItem": 1.25,
    "UpdateItem": 1.25,
    "DeleteItem": 1.25,
    "TransactWriteItems": 10.0,
    "SendMessage": 1.2,
    "Publish": 0.5 + 1.2,
}
"""Dollars for a million calls: strong reads of up to 8 KB, a transaction of four writes, and a
message sent, received and deleted. One that is not named costs nothing."""


def age(world: World) -> None:
    """All that was made was made by other software."""
    for item in world.table.client.scan()["Items"]:
        old = json.loads(json.dumps(item).replace(software.digest(), "before"))
        world.table.client.put_item(TableName="table", Item=old)


def spoil(world: World) -> None:
    """No object of the site has the bytes that are to be made."""
    for key in world.keys("site"):
        about = world.s3.head_object(Bucket="site", Key=key)
        world.s3.put_object(Bucket="site", Key=key, Body=b"old", Metadata=about["Metadata"])


def deploy(world: World) -> Counter[str]:
    """The calls until every post was looked at by the new software."""
    world.calls.clear()
    world.maintain.run(world.now)
    world.run()
    world.maintain.run(world.now)
    world.run()
    state = world.stores.sites.read()
    # Nobody answers the hook here: what notify gives up counts for nothing.
    if {name for name, _ in world.dead} - {"notify"} or state.backfilled != state.build:
        sys.exit(f"not made: {world.dead}")
    return +world.calls


def report(name: str, calls: Counter[str], posts: int) -> None:
    """A row for each kind of call, and dollars for 10,000 posts."""
    print(f"{name}: {sum(calls.values()) / posts:.1f} calls a post")
    for operation, count in calls.most_common():
        print(f"    {operation:20} {count / posts:6.2f}")
    dollars = sum(A_MILLION.get(each, 0) * count for each, count in calls.items()) / 1e6
    print(f"    10,000 posts: {dollars / posts * 10_000:.2f} dollars of requests")


def main() -> None:
    """Prints both deploys of a site of so many posts, forty of them a month."""
    posts = int(sys.argv[1]) if sys.argv[1:] else 400
    world = World(Origin(), 1, MemoryCloud())
    world.now = datetime(2026, 3, 1, tzinfo=UTC)
    for number in range(posts):
        world.put(f"posts/{number}.md", post(number, number // 40, f"[sea, t{number % 10}]"))
    world.run()
    age(world)
    report("the same bytes", deploy(world), posts)
    age(world)
    spoil(world)
    report("other bytes", deploy(world), posts)
    world.close()


if __name__ == "__main__":
    main()
