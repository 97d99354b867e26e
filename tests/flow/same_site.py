"""The site that the stages made is that of the final content: `verify` says so, and why not."""

from dataclasses import dataclass

from flow.world import SITE_URL, World
from presswork_cli.offline.planner import Objects
from presswork_cli.operate.verify import There, Verify


@dataclass(frozen=True)
class Compared:
    """How many objects were equal, and how many stubs of former and removed paths stood apart."""

    objects: int
    stubs: int


def assert_same_site(world: World) -> Compared:
    """The same keys, the same bytes, and each is answered as it should be."""
    assert world.dead == [], world.dead
    verify = Verify(world.content, world.stores, SITE_URL, world.now, world.most)
    made = {
        key: There.of(world.s3.head_object(Bucket="site", Key=key))
        for key in world.keys("site")
        if not key.startswith("-/media/")
    }
    found = verify.compare(world.keys("content"), made)
    assert found.behind == (), "not looked at"
    assert found.left_over == (), f"left over: {found.left_over}"
    assert found.missing == (), "missing"
    if found.different:
        wanted = verify.planned(world.keys("content"), [])
        raise AssertionError(_differences(wanted, world.pages(), set(found.different)))
    return Compared(objects=found.equal, stubs=found.stubs)


def _differences(wanted: Objects, made: dict[str, bytes], keys: set[str]) -> str:
    lines = []
    for key in sorted(keys)[:5]:
        ours, theirs = made[key].splitlines(), wanted[key].body.splitlines()
        lines += [
            f"{key}: made {a!r}, planned {b!r}"
            for a, b in zip(ours, theirs, strict=False)
            if a != b
        ][:3]
        lines.append(f"{key}: {len(ours)} lines made, {len(theirs)} planned")
    return "\n".join([f"{len(keys)} objects differ", *lines])
