"""Histories in which a worker stalls right before a write, and others work meanwhile."""

import json
import random
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from flow.memory import MemoryCloud
from flow.same_site import assert_same_site
from flow.test_same_site import settle_down
from flow.world import OneAtATime, Origin, World, plain

WRITES = frozenset(
    (
        *("PutObject", "DeleteObject", "Publish", "SendMessage"),
        *("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"),
    )
)
"""To stall before a read is to stall after the write before it, but for who writes meanwhile."""

Action = Callable[[], None]
Operation = Callable[[World], None]


def _put(world: World) -> None:
    world.put("posts/a.md", plain("A2", "New. [b](b.md)", slug="a2", tags="[land]"))


def _put_back(world: World) -> None:
    """What was there at first is there again, also while the stages are at the new one."""
    world.put("posts/a.md", POSTS["posts/a.md"])


def _put_new(world: World) -> None:
    world.put("posts/d.md", plain("D", "[a](a.md)", slug="d", tags="[sea]"))


def _delete(world: World) -> None:
    world.delete("posts/a.md")


def _undelete(world: World) -> None:
    """Of the post that `delete` takes away, while it is away; else of one that is long gone."""
    for key in ("posts/a.md", "posts/z.md"):
        versions = world.s3.list_object_versions(Bucket="content", Prefix=key)
        if world.content.get(key, most=1) is None and (markers := versions["DeleteMarkers"]):
            world.undelete(key, markers[-1]["VersionId"])
            return


def _revert(world: World) -> None:
    """What the version before the newest one held is written again."""
    versions = world.s3.list_object_versions(Bucket="content", Prefix="posts/b.md")["Versions"]
    if len(versions) > 1:
        before = versions[-2]["VersionId"]
        found = world.content.get("posts/b.md", version_id=before, most=9999)
        assert found is not None
        world.put("posts/b.md", found.data)


def _roll_back(world: World) -> None:
    """The newest version of a post is taken away for good."""
    versions = world.s3.list_object_versions(Bucket="content", Prefix="posts/b.md")["Versions"]
    if len(versions) > 1:
        world.undelete("posts/b.md", versions[-1]["VersionId"])


def _swap(world: World) -> None:
    world.put("posts/a.md", plain("A", "At b.", slug="b", tags="[sea]"))
    world.put("posts/b.md", plain("B", "At a.", slug="a", tags="[sea]"))


def _rename(world: World) -> None:
    found = world.content.get("posts/b.md", most=9999)
    if found is not None:
        world.put("posts/e.md", found.data)
        world.delete("posts/b.md")


def _alias(world: World) -> None:
    front = {"slug": "c", "aliases": "[/2026/05/z/, /old/]"}
    world.put("posts/c.md", plain("C3", "With aliases.", **front))


def _settings(world: World) -> None:
    world.put("site.yaml", "title: Harbour\ncategories: parallel\nfeeds: {entries: 2}\n")


OPERATIONS: Mapping[str, Operation] = {
    "put": _put,
    "put back": _put_back,
    "put new": _put_new,
    "delete": _delete,
    "undelete": _undelete,
    "revert": _revert,
    "swap": _swap,
    "rename": _rename,
    "alias": _alias,
    "settings": _settings,
    "roll back": _roll_back,
}
"""What an author does; the rest is the stages' work."""

POSTS = {
    "posts/a.md": plain("A", "Text of A. [c](c.md)", slug="a", tags="[sea]"),
    "posts/b.md": plain("B", "Text of B.", slug="b", tags="[sea, land]"),
    "posts/c.md": plain("C", "Text of C. [b](b.md)", slug="c"),
    "posts/z.md": plain("Z", "Text of Z.", slug="z"),
}


@dataclass
class Stall:
    """At which writes of an operation, counted from zero, its worker stalls, and what is done."""

    writes: list[int]
    actions: list[Action]
    passed: int = 0
    happened: int = 0


class Walker:
    """A world whose workers stall: each operation is done by its author, then by the stages."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._mine = threading.local()
        for client in world._watched:
            client.meta.events.register("before-call", self._before_call)

    def close(self) -> None:
        """Lets go of the clients."""
        for client in self.world._watched:
            client.meta.events.unregister("before-call", self._before_call)

    def do(self, name: str, stall: Stall | None = None) -> None:
        """Does an operation, with all that the stages make of it."""
        with self._under(None):
            OPERATIONS[name](self.world)
        with self._under(stall):
            self.world.run()

    @property
    def _stalls(self) -> list[Stall | None]:
        stalls: list[Stall | None] = vars(self._mine).setdefault("stalls", [])
        return stalls

    @contextmanager
    def _under(self, stall: Stall | None) -> Iterator[None]:
        self._stalls.append(stall)
        try:
            yield
        finally:
            self._stalls.pop()

    def _before_call(self, model: Any, **_: object) -> None:
        stall = self._stalls[-1] if self._stalls else None
        if stall is None or model.name not in WRITES or stall.happened == len(stall.writes):
            return
        if stall.passed == stall.writes[stall.happened]:
            action = stall.actions[stall.happened]
            stall.happened += 1
            with OneAtATime.let_others(), self._under(None):
                action()
        stall.passed += 1


@dataclass
class Aside:
    """Work in a thread of its own that stands still when it says so, until it may go on."""

    work: Callable[[Action], None]
    _still: threading.Event = field(default_factory=threading.Event)
    _go: threading.Event = field(default_factory=threading.Event)
    _failure: list[BaseException] = field(default_factory=list)

    def start(self) -> None:
        """Works until it stands still or is done."""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._still.wait()

    def go_on(self) -> None:
        """Works until it is done."""
        self._go.set()
        self._thread.join()
        if self._failure:
            raise self._failure[0]

    def _run(self) -> None:
        try:
            self.work(self._stand_still)
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._failure.append(error)
        finally:
            self._still.set()

    def _stand_still(self) -> None:
        self._still.set()
        self._go.wait()


@dataclass(frozen=True)
class Pair:
    """Right before a write of one operation, all of another one is done."""

    first: str
    write: int
    second: str

    def walk(self, walker: Walker) -> bool:
        """Whether there was such a write."""
        stall = Stall([self.write], [lambda: walker.do(self.second)])
        walker.do(self.first, stall)
        return stall.happened == 1


@dataclass(frozen=True)
class Triple:
    """Three operations with two stalls.

    nested: the third is done within the second, which is done within the first. Twice: the second,
    later the third, within the first. Crossed: the second stalls within the first, the third is
    done, and the first goes on to its end before the second does.
    """

    names: tuple[str, str, str]
    writes: tuple[int, int]
    shape: str

    @classmethod
    def of(cls, dice: random.Random, lengths: Mapping[str, int]) -> "Triple":
        """One of them, by dice, of operations that have so many writes when nobody stalls."""
        names = sorted(lengths)
        first, second, third = (dice.choice(names) for _ in range(3))
        shape = dice.choice(["nested", "twice", "crossed"])
        inner = lengths[first if shape == "twice" else second]
        writes = dice.randrange(lengths[first]), dice.randrange(inner)
        return cls((first, second, third), writes, shape)

    def walk(self, walker: Walker) -> bool:
        """Whether both stalls came to be."""
        a, b, c = self.names
        m, n = self.writes
        third: Action = lambda: walker.do(c)  # noqa: E731 - read three times
        match self.shape:
            case "nested":
                inner = Stall([n], [third])
                outer = Stall([m], [lambda: walker.do(b, inner)])
            case "twice":
                inner = outer = Stall(sorted((m, n)), [lambda: walker.do(b), third])
            case _:
                return self._walk_crossed(walker)
        walker.do(a, outer)
        return inner.happened == len(inner.writes)

    def _walk_crossed(self, walker: Walker) -> bool:
        a, b, c = self.names
        asides: list[Aside] = []
        second = Stall([self.writes[1]], [])

        def begin() -> None:
            def work(stand_still: Action) -> None:
                second.actions.append(stand_still)
                walker.do(b, second)

            asides.append(Aside(work))
            asides[0].start()
            walker.do(c)

        walker.do(a, Stall([self.writes[0]], [begin]))
        for aside in asides:
            aside.go_on()
        return second.happened == 1


def _world(cloud: MemoryCloud, kind: type[World] = World) -> World:
    """A world without followers: nobody waits for an answer of theirs."""
    world = kind(Origin(), 1, cloud)
    world.notify = replace(world.notify, channels=())
    return world


def _deliver_again(world: World) -> None:
    """What waited for a stalled worker: no stall is as long as the half hour of five deliveries."""
    dead, world.dead = world.dead, []
    for name, body in dead:
        world.sqs.send_message(QueueUrl=world.urls[name], MessageBody=json.dumps(body))


class Base:
    """A site before anything happens: made once, then copied into worlds of a kind."""

    def __init__(self, kind: type[World] = World) -> None:
        self._cloud, self._kind = MemoryCloud(), kind
        world = _world(self._cloud)
        world.put("posts/b.md", plain("B0", "First.", slug="b0"))
        world.run()
        for key, text in POSTS.items():
            world.put(key, text)
        world.run()
        world.delete("posts/z.md")
        settle_down(world, 0)
        self.now = world.now
        world.close()

    @contextmanager
    def walker(self) -> Iterator[Walker]:
        """A walker in a world that begins so."""
        cloud = MemoryCloud()
        world = _world(cloud, self._kind)
        cloud.restore(self._cloud)
        walker = Walker(world)
        try:
            yield walker
        finally:
            walker.close()
            world.close()

    def length(self, operation: str) -> int:
        """How many writes an operation has when nobody stalls."""
        with self.walker() as walker:
            stall = Stall([sys.maxsize], [])
            walker.do(operation, stall)
            return stall.passed

    def outcome(self, history: Pair | Triple) -> tuple[bool, str]:
        """Whether the history came to be as told, and what is wrong at its end, or nothing."""
        with self.walker() as walker:
            came = history.walk(walker)
            _deliver_again(walker.world)
            settle_down(walker.world, 0)
            try:
                assert_same_site(walker.world)
            except AssertionError as error:
                return came, str(error)
        return came, ""
