"""Bulk work waits for what an author waits for: SQS tells them apart by the groups of messages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from flow.world import Crash, Origin, World, picture, plain
from presswork.aws.fair_queues import BULK
from presswork.events import Type
from presswork.messages import MANY_POSTS

KEY = "posts/hello.md"
OF_LONG_AGO = plain("Long ago", date="2009-11-21 18:10:05")
OF_A_BACKFILL = {"check_theme", "publish_base"}
"""What each backfill has done once, and first."""
IMAGE = "![A picture](https://images.example/{}.jpg)"


@dataclass
class Sent:
    """What stages sent: the kind or type of each message, and its group."""

    messages: list[tuple[str, str | None]] = field(default_factory=list)

    def note(self, model: Any, params: dict[str, Any], **_: object) -> None:
        """Notes a call that sends."""
        if model.name in ("SendMessage", "Publish"):
            request = params["body"]
            body = json.loads(request.get("Message") or request["MessageBody"])
            if "detail" not in body:  # S3's own event, which has no group
                self.messages.append(
                    (body.get("kind") or body["type"], request.get("MessageGroupId"))
                )

    def take(self) -> list[tuple[str, str | None]]:
        """What was sent since the last time."""
        messages, self.messages = self.messages, []
        return messages

    def kinds(self, *, bulk: bool) -> set[str]:
        """What was sent as bulk work, or as other work, since the last time."""
        return {kind for kind, group in self.take() if (group == BULK) is bulk}


@pytest.fixture
def sent(world: World) -> Iterator[Sent]:
    """What the stages of the world send."""
    sent = Sent()
    for client in (world.sqs, world.sns):
        client.meta.events.register("before-call", sent.note)
    yield sent
    for client in (world.sqs, world.sns):
        client.meta.events.unregister("before-call", sent.note)


def test_a_post_of_today_is_in_nobody_s_group(world: World, origin: Origin, sent: Sent) -> None:
    """Each of its messages has a group of its own: no other one makes it wait."""
    origin.files["/a.jpg"] = picture()
    world.put(KEY, plain("Hello", IMAGE.format("a")))
    world.put("static/paper.txt", "Words.")
    world.run()
    kinds, groups = zip(*sent.take(), strict=True)
    assert {"post.parsed", "post.ready", "post.live", "post.listed", "copy_file"} <= set(kinds)
    assert None not in groups
    assert BULK not in groups
    assert len(set(groups)) == len(groups)


def test_changed_settings_are_one_group_all_the_way(
    world: World, origin: Origin, sent: Sent
) -> None:
    """From the first page of the backfill to the lists every message is marked."""
    origin.files["/a.jpg"] = picture()
    world.put("posts/a.md", plain("A", IMAGE.format("a")))
    world.put("posts/b.md", plain("B", "[A](a.md)"))
    world.put("posts/gone.md", plain("Gone"))
    world.put("static/paper.txt", "Words.")
    world.run()
    world.delete("posts/gone.md")
    world.run()
    sent.take()
    world.put("site.yaml", "title: Other\nredirects:\n  /old/: /new/\n")
    world.run()
    messages = sent.take()
    assert {kind for kind, group in messages if group == BULK} >= {
        "backfill_page",
        "hint",
        "rerender_post",
        "make_path",
        "copy_file",
        "post.ready",
        "post.live",
        "post.listed",
    }
    assert {kind for kind, group in messages if group != BULK} == OF_A_BACKFILL


def test_a_rebuild_is_one_group_also_where_images_are_seen_to(
    world: World, origin: Origin, sent: Sent
) -> None:
    """A post whose media are looked for first does not leave the group on that way."""
    origin.files["/a.jpg"] = picture()
    world.put(KEY, plain("Hello", IMAGE.format("a")))
    world.run()
    sent.take()
    site = world.stores.sites.read()
    update = {"rebuild": site.rebuild + 1, "lock_version": site.lock_version + 1}
    world.stores.sites.commit(site.model_copy(update=update))
    world.at_work(lambda: world.maintain.run(world.now))
    world.run()
    messages = sent.take()
    assert ("refresh_post_images", BULK) in messages
    assert {kind for kind, group in messages if group != BULK} == OF_A_BACKFILL


def test_an_import_is_bulk_work_and_its_later_changes_are_not(world: World, sent: Sent) -> None:
    """A post that comes long after its date is one of many; what is written now is today's."""
    world.put("posts/old.md", OF_LONG_AGO)
    world.run()
    assert sent.kinds(bulk=False) == set()
    world.put("posts/old.md", OF_LONG_AGO + "More.\n")
    world.run()
    assert sent.kinds(bulk=True) == set()


@pytest.mark.parametrize(("users", "is_bulk"), [(1, False), (MANY_POSTS + 1, True)])
def test_an_image_of_many_posts_is_healed_as_bulk_work(
    world: World, origin: Origin, sent: Sent, users: int, *, is_bulk: bool
) -> None:
    """One that a single post waits for has that post made as today's."""
    for number in range(users):
        world.put(f"posts/{number}.md", plain(str(number), IMAGE.format("a")))
    world.run()
    origin.files["/a.jpg"] = picture()
    sent.take()
    world.images.retry("https://images.example/a.jpg")
    world.run()
    groups = {group == BULK for kind, group in sent.take() if kind == "post.healed"}
    assert groups == {is_bulk}


@pytest.mark.parametrize(("referrers", "is_bulk"), [(1, False), (MANY_POSTS + 1, True)])
def test_many_posts_that_link_to_one_are_bulk_work(
    world: World, sent: Sent, referrers: int, *, is_bulk: bool
) -> None:
    """A post that all others link to moves without a queue of its own making."""
    for number in range(referrers):
        world.put(f"posts/{number}.md", plain(str(number), "[Hello](hello.md)"))
    world.run()
    sent.take()
    world.put(KEY, plain("Hello"))
    world.run()
    groups = {group == BULK for kind, group in sent.take() if kind == "refresh_post_links"}
    assert groups == {is_bulk}


def test_a_mark_that_is_lost_loses_nothing_else(world: World, sent: Sent) -> None:
    """Whoever announces for a worker that died marks as its own message is: the site is right."""
    world.put(KEY, plain("Hello"))
    world.run()
    world.put("site.yaml", "title: Other\n")
    world.deliver("parse", world.take("parse")[0])
    world.deliver("backfill", world.take("backfill")[0])
    (hint,) = (body for body in world.take("backfill") if body["kind"] == "hint")
    world.crash_at("Publish")
    with pytest.raises(Crash):
        world.deliver("backfill", hint)
    sent.take()
    world.hint(KEY)
    world.run()
    assert "post.live" in sent.kinds(bulk=False)
    live = world.fed(KEY).live
    assert live is not None
    assert live.build == world.stores.sites.read().build


@pytest.mark.moto
def test_a_topic_hands_groups_on(world: World) -> None:
    """SNS passes the group of an event to the queues that hear it.

    Amazon SNS API Reference, "Publish", MessageGroupId: "forwarded only to Amazon SQS standard
    subscriptions to activate fair queues".
    """
    for bulk in (True, False):
        world.render.topic.announce(Type.LIVE, post="a", key=KEY, revision=1, bulk=bulk)
        (message,) = world.sqs.receive_message(
            QueueUrl=world.urls["index"], AttributeNames=["MessageGroupId"]
        )["Messages"]
        assert (message["Attributes"]["MessageGroupId"] == BULK) is bulk
