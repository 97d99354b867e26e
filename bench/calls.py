"""Counts the AWS calls that one more post costs in sites of several sizes: `make bench`."""

import sys
from pathlib import Path

from moto import mock_aws

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from flow.world import Origin, World, picture, plain

SIZES = (1, 10, 50)
CASES = ("a post", "the same again", "an edit", "with an image", "a delete")


def grow(world: World, size: int) -> None:
    """A site of this many posts, in a tag and over several months."""
    for number in range(size):
        date = f"2026-{1 + number % 4:02}-{1 + number % 28:02} 09:00:00"
        world.put(f"posts/{number}.md", plain(f"Post {number}", date=date, tags="[sea]"))
    world.run()


def cost(world: World) -> int:
    """The calls made until no message is left."""
    world.calls.clear()
    world.run()
    return sum(world.calls.values())


def costs(world: World) -> list[int]:
    """The calls of each case, in their order."""
    post = plain("One more", date="2026-04-30", tags="[sea]")
    image = plain("Seen", "![x](http://images.example/x.jpg)", date="2026-04-30", tags="[sea]")
    counted = []
    for key, text in (("one", post), ("one", post), ("one", f"{post}More.\n"), ("two", image)):
        world.put(f"posts/{key}.md", text)
        counted.append(cost(world))
    world.delete("posts/one.md")
    return [*counted, cost(world)]


def main() -> None:
    """Prints a row for each size."""
    origin = Origin(files={"/x.jpg": picture()})
    server = origin.serve()
    print("posts", *(f"{case:>15}" for case in CASES))
    for size in SIZES:
        with mock_aws():
            world = World(origin, server.server_port)
            grow(world, size)
            print(f"{size:>5}", *(f"{calls:>15}" for calls in costs(world)), flush=True)
            world.close()
    server.shutdown()


if __name__ == "__main__":
    main()
