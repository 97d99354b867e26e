"""What the software before left behind is taken up by today's: items, objects and messages."""

import json
from email import message_from_string
from pathlib import Path
from typing import get_args

import pytest

from flow.same_site import assert_same_site
from flow.world import SUBSCRIPTIONS
from flow.yesterday import RECORDED, restored
from presswork import messages
from presswork.events import Type
from presswork.tasks import UnknownTask

FILES = sorted(RECORDED.glob("*.json"))


def _kinds(file: Path) -> set[str]:
    """The kinds of messages and the types of events that were recorded."""
    saved = json.loads(file.read_text())
    bodies = [json.loads(body) for _, body in saved["messages"]]
    return {body.get("kind") or body.get("type") or body["source"] for body in bodies}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_was_left_is_taken_up(file: Path) -> None:
    """Every message is read, nothing is dead, and the site is that of the content, all made anew.

    Followers hear of those that were on their way, and of the one whose minute came: of no other.
    """
    with restored(file) as world:
        site = world.stores.sites.read()
        assert site.base_published
        assert site.base_published.software != site.build.software
        world.run()
        world.maintain.run(world.now)
        world.run()
        assert_same_site(world)
        assert world.stores.sites.read().backfilled == site.build
        subjects = {str(message_from_string(mail)["Subject"]) for mail in world.mails()}
        assert subjects == {"parse", "render", "index", "Later"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_task_of_then_is_unknown(file: Path) -> None:
    """Each task in an outbox that was recorded is one of today's kinds."""
    with restored(file) as world:
        tasks = [
            task
            for item in world.items()
            if item["SK"] == "META" and item["PK"].startswith("POST#")
            for post in [world.post(str(item["PK"]).removeprefix("POST#"))]
            if post is not None
            for box in (
                post.pending_parse,
                post.pending_images,
                post.pending_render,
                post.pending_index,
            )
            for task in box.tasks
        ]
    assert tasks
    assert not [task for task in tasks if isinstance(task, UnknownTask)]


def test_every_kind_of_message_is_recorded() -> None:
    """A new kind of message, or event that a stage hears, asks for a recording of its day."""
    sent = {kind.model_fields["kind"].default for kind in get_args(messages.Message)}
    heard = {type.value for types in SUBSCRIPTIONS.values() for type in types}
    recorded = {kind for file in FILES for kind in _kinds(file)}
    assert (sent | heard) - recorded == set()
    assert Type.PARSED in recorded
