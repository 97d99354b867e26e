"""The site that the stages made, held against the one that is planned from all posts at once.

What the content alone does not tell is taken from the table's promises: first dates, who holds
which path, and which revision of a broken or waiting post is the last good one; and its images.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flow.world import SITE_URL, World
from presswork import content
from presswork.aws.buckets import Content
from presswork.aws.posts import Posts
from presswork.aws.sites import Sites
from presswork.post import Status, images_by_url
from presswork.settings import Site
from presswork.state import PostState
from presswork_cli.settling import Outcome, read, settle
from presswork_cli.whole import Objects, Shown, whole_site

KEEPS_ITS_LAST_GOOD = (Status.REJECTED, Status.WAITING)


@dataclass(frozen=True)
class Compared:
    """How many objects were equal, and how many stubs of former and removed paths stood apart."""

    objects: int
    stubs: int


def assert_same_site(world: World) -> Compared:
    """The stages' site is the one of the final content: the same keys, the same bytes."""
    assert world.dead == [], world.dead
    wanted = planned(world)
    made = {key: body for key, body in world.pages().items() if not key.startswith("media/")}
    stubs = {key for key in made.keys() - wanted.keys() if world.answer(key) in ("301", "410")}
    made_keys = made.keys() - stubs
    assert made_keys - wanted.keys() == set(), "left over"
    assert wanted.keys() - made_keys == set(), "missing"
    other = {key for key in wanted if wanted[key].body != made[key]}
    assert other == set(), _differences(wanted, made, other)
    for key, known in wanted.items():
        assert world.answer(key) == known.metadata.get("presswork-status", "200"), key
    return Compared(objects=len(wanted), stubs=len(stubs))


def planned(world: World) -> Objects:
    """The site of what ContentBucket holds now."""
    settings = Sites(world.table).read().effective(SITE_URL)
    posts = {post.source: post for post in _posts(world)}
    outcomes = [_outcome(world, key, settings, posts.get(key)) for key in world.keys("content")]
    settled = settle(outcomes, holders=_holders(world))
    shown = []
    for outcome in settled:
        if outcome.status is Status.LIVE and outcome.parsed is not None:
            post = posts[outcome.key]
            images = post.ready.images if post.ready else {}
            parsed = outcome.parsed.post
            shown.append(Shown(parsed, images_by_url(parsed, images)))
    return whole_site(settings, shown)


def _outcome(world: World, key: str, settings: Site, post: PostState | None) -> Outcome:
    found = world.content.get(key, most=content.MAX_BYTES)
    assert found is not None
    outcome = _read(world, key, found, settings, post)
    status = world.source(key).status if content.may_be_post(key) else Status.SKIPPED
    if status not in KEEPS_ITS_LAST_GOOD:
        assert status is outcome.status, key
        return outcome
    assert (status is Status.REJECTED) == (outcome.status is Status.REJECTED), key
    accepted = post.accepted if post else None
    if post is None or accepted is None or accepted.status is not Status.LIVE:
        return replace(outcome, status=status)
    good = world.content.get(key, version_id=accepted.version_id, most=content.MAX_BYTES)
    assert good is not None
    kept = _read(world, key, good, settings, post)
    assert kept.parsed is not None
    settled = {"path": accepted.path, "revision": accepted.fingerprint}
    shown = kept.parsed.post.model_copy(update=settled)
    return replace(kept, parsed=replace(kept.parsed, post=shown))


def _read(
    world: World, key: str, found: Content, settings: Site, post: PostState | None
) -> Outcome:
    uploaded = post.first_date if post else found.last_modified
    return read(key, found.data, settings, uploaded=uploaded, now=world.now)


def _posts(world: World) -> Iterator[PostState]:
    for item in world.items():
        if item["PK"].startswith("POST#") and item["SK"] == "META":
            post = Posts(world.table).read(item["PK"].removeprefix("POST#"))
            assert post is not None
            yield post


def _holders(world: World) -> dict[str, str]:
    return {
        item["PK"].removeprefix("CLAIM#"): item["source"]
        for item in world.items()
        if item["SK"] == "HOLDER" and item["held"]
    }


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
