"""How `publish` and `remove` end when somebody else changes the same key meanwhile."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from flow.world import SITE_URL, World, plain
from presswork_cli.failure import Failure
from presswork_cli.operate.follow import Journey, Sent
from presswork_cli.operate.publish import Draft, Lookout, follow_all, publish, sent_to, upload
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import Outputs

KEY = "posts/a.md"
OURS = plain("Ours")
DRAFT = plain("Theirs", draft="true")


class Watched(Stack):
    """The world as an author reaches it, whose look-ups in the bucket are counted."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.outputs = Outputs(ContentBucket="content", SiteBucket="site", SiteUrl=SITE_URL)
        self.stores = world.stores
        self.heads: Counter[str] = Counter()
        self.head: Callable[..., Any] = world.s3.head_object

    def client(self, service: str) -> Any:
        """An S3 client that counts, or the world's."""
        return self if service == "s3" else self.world.sqs

    def __getattr__(self, name: str) -> Any:
        """What is not counted."""
        return getattr(self.world.s3, name)

    def head_object(self, **request: str) -> Any:
        """A look-up."""
        self.heads[request["Key"]] += 1
        return self.head(**request)

    def resource(self, logical_id: str) -> str:
        """A queue, which stands still."""
        assert logical_id.endswith("Queue")
        return str(self.world.urls["bulk"])

    def absent(self, why: str) -> Failure:
        """It is always there."""
        raise AssertionError(why)

    def refresh(self, paths: Any) -> None:
        """No cache has anything."""
        raise AssertionError(paths)


@pytest.fixture
def stack(world: World) -> Watched:
    """A site of nothing."""
    return Watched(world)


def sent(stack: Watched, text: str = OURS) -> Journey:
    """An upload that is noticed."""
    journey = Journey("a.md", KEY)
    upload(stack, Draft("a.md", KEY, text.encode()), journey)
    stack.world.hint(KEY)
    return journey


def end(stack: Watched, journey: Journey) -> str | None:
    """How a journey ends whose cloud has nothing more to do."""
    journey.status = None
    follow_all(stack, [journey], 0.01, lambda *_: None)
    return journey.status


def test_what_was_seen_last_of_many_posts_is_read_in_one_call(stack: Watched, world: World) -> None:
    """Not one by one before each upload."""
    calls: Counter[str] = Counter()
    world.dynamodb.meta.events.register(
        "before-call", lambda model, **_: calls.update([model.name])
    )
    files = [f"posts/{number}.md" for number in range(5)]
    drafts = [Draft(file, file, OURS.encode()) for file in files]
    journeys = [Journey(file, file) for file in files]
    publish(stack, drafts, journeys, timeout=0.01, passed=lambda *_: None)
    assert all(journey.sent and journey.sent.version_id for journey in journeys)
    assert calls["GetItem"] == 0


def look_while(
    world: World, change: Callable[[], None], *, write: str = "TransactWriteItems"
) -> None:
    """One look at the key, which is changed between what the look reads and what it writes."""
    (body,) = world.take("parse")
    world.before(write, KEY, change)
    world.deliver("parse", body)


@pytest.mark.parametrize("was_there", [False, True])
@pytest.mark.parametrize("looks", ["after both", "after each"])
def test_a_post_that_is_deleted_meanwhile_is_removed(
    stack: Watched, world: World, looks: str, *, was_there: bool
) -> None:
    """Whether its upload was looked at or not, and whether there was one before."""
    if was_there:
        world.put(KEY, plain("Before"))
        world.run()
    journey = sent(stack)
    if looks == "after each":
        world.run()
    world.delete(KEY)
    assert end(stack, journey) in ("timeout", "live")
    world.run()
    assert end(stack, journey) == "removed"


@pytest.mark.parametrize("was_there", [False, True])
def test_a_deletion_of_before_removes_no_upload(
    stack: Watched, world: World, *, was_there: bool
) -> None:
    """A look that found the key empty before the upload may be written after it."""
    if was_there:
        world.put(KEY, plain("Before"))
        world.run()
    world.delete(KEY)
    journeys: list[Journey] = []
    write = "TransactWriteItems" if was_there else "PutItem"  # there is a post to take down, or not
    look_while(world, lambda: journeys.append(sent(stack)), write=write)
    (journey,) = journeys
    assert journey.sent is not None
    assert world.source(KEY).lock_version > journey.sent.known_lock
    assert world.source(KEY).version_id is None
    assert end(stack, journey) == "timeout"
    world.run()
    assert end(stack, journey) == "live"


def test_an_upload_that_takes_the_place_of_ours_answers_for_it(
    stack: Watched, world: World
) -> None:
    """What the author sees is what stands at the key."""
    journey = sent(stack)
    world.put(KEY, DRAFT)
    world.run()
    assert end(stack, journey) == "draft"


def test_an_upload_of_before_does_not_answer_for_ours(stack: Watched, world: World) -> None:
    """A look that found another's upload before ours may be written after it."""
    world.put(KEY, DRAFT)
    journeys: list[Journey] = []
    look_while(world, lambda: journeys.append(sent(stack)))
    assert world.source(KEY).status == "draft"
    assert end(stack, journeys[0]) == "timeout"
    world.run()
    assert end(stack, journeys[0]) == "live"


def test_a_version_that_is_back_answers_for_ours(stack: Watched, world: World) -> None:
    """Who takes the newest version away for good has the one before it back."""
    world.put(KEY, DRAFT)
    world.run()
    journey = sent(stack)
    assert journey.sent is not None
    world.undelete(KEY, str(journey.sent.version_id))
    world.run()
    assert end(stack, journey) == "draft"


def test_an_upload_after_a_deletion_answers_for_it(stack: Watched, world: World) -> None:
    """Who removes a post that is uploaded again meanwhile is told that it is there."""
    world.put(KEY, OURS)
    world.run()
    journey = Journey(KEY, KEY, sent=sent_to(stack, KEY))
    world.delete(KEY)
    world.put(KEY, OURS)
    world.run()
    assert end(stack, journey) == "live"


def test_settings_that_are_deleted_meanwhile_are_removed(stack: Watched, world: World) -> None:
    """The site then has no settings of its own."""
    journey = Journey("site.yaml", "site.yaml")
    upload(stack, Draft("site.yaml", "site.yaml", b"title: Sea\n"), journey)
    world.hint("site.yaml")
    world.delete("site.yaml")
    world.run()
    assert end(stack, journey) == "removed"


def test_the_bucket_is_asked_once_for_a_look(stack: Watched, world: World) -> None:
    """And not at all when the look found what was sent, or nobody looked yet."""
    journey = sent(stack)
    change = journey.sent
    assert change is not None
    lookout = Lookout(stack)
    lookout.look([change])
    world.run()
    lookout.look([change])
    assert not stack.heads
    world.put(KEY, DRAFT)
    world.run()
    for _ in range(3):
        (seen,) = lookout.look([change])
        assert seen.final == "draft"
    assert stack.heads == {KEY: 1}


def test_a_bucket_that_does_not_say_says_not_that_a_key_is_empty(
    stack: Watched, world: World
) -> None:
    """A server's error is no answer; that who may not list is told 403 is."""
    world.put(KEY, OURS)
    world.run()
    world.delete(KEY)
    world.run()
    change, answers = Sent(KEY, "another"), ["503", "403"]

    def refuse(**_: str) -> Any:
        raise ClientError({"Error": {"Code": answers.pop(0)}}, "HeadObject")

    stack.head = refuse
    lookout = Lookout(stack)
    with pytest.raises(ClientError):
        lookout.look([change])
    assert [seen.final for seen in lookout.look([change])] == ["removed"]
