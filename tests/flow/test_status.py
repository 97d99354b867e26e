"""What became of a post: who sent it can ask for a week, and for that one alone."""

from datetime import timedelta

import pytest

from flow.world import SITE_URL, World, plain
from presswork.aws.secrets import Secrets
from presswork.http_api import Refusal
from presswork.stages.status import Outcome, StatusReader
from presswork.status_links import StatusLink

KEY = "posts/hooks/default/a.md"
SECRET = "the stack's own"
PARAMETER = "/status"


@pytest.fixture
def reader(world: World) -> StatusReader:
    """The stage, and the secret that the webhook has made."""
    world.ssm.put_parameter(Name=PARAMETER, Value=SECRET, Type="SecureString")
    stores = world.stores
    return StatusReader(
        stores.sources, stores.posts, Secrets(world.ssm), PARAMETER, SITE_URL, lambda: world.now
    )


def write(world: World, text: str, key: str = KEY) -> str:
    """The token of a version that the webhook has just written, and S3 has yet to tell of."""
    world.later(minutes=1)
    answer = world.s3.put_object(Bucket="content", Key=key, Body=text.encode())
    return StatusLink(key, answer["VersionId"], world.now).token(SECRET)


def delete(world: World, key: str = KEY) -> str:
    """The token of a deletion by the webhook."""
    world.later(minutes=1)
    world.s3.delete_object(Bucket="content", Key=key)
    return StatusLink(key, None, world.now).token(SECRET)


def run(world: World) -> None:
    """All that S3's event leads to."""
    world.hint(KEY)
    world.run()


def test_a_post_is_followed_to_its_end(world: World, reader: StatusReader) -> None:
    """Accepted until readers see it, with its address then; and removed when it went."""
    token = write(world, plain("A", slug="tide"))
    assert reader.read(token) == Outcome(key=KEY, status="accepted")
    world.hint(KEY)
    for body in world.take("parse"):
        world.deliver("parse", body)
    assert reader.read(token) == Outcome(key=KEY, status="accepted")  # it has no page yet
    world.run()
    url = f"{SITE_URL}/2026/05/tide/"
    assert reader.read(token) == Outcome(key=KEY, status="live", url=url)
    gone = delete(world)
    assert reader.read(gone).status == "accepted"
    world.hint(KEY)
    for name in ("parse", "render"):
        for body in world.take(name):
            world.deliver(name, body)
    assert reader.read(gone).status == "accepted"  # lists still name it
    world.run()
    assert reader.read(gone) == Outcome(key=KEY, status="removed")
    assert reader.read(token) == Outcome(key=KEY, status="removed")


def test_a_new_version_is_not_told_to_be_live_before_it_is(
    world: World, reader: StatusReader
) -> None:
    """What is live is the one before; and of that is told that it was replaced."""
    old = write(world, plain("A"))
    run(world)
    new = write(world, plain("B"))
    assert reader.read(new) == Outcome(key=KEY, status="accepted")
    assert reader.read(old).status == "live"
    run(world)
    assert reader.read(new).status == "live"
    assert reader.read(old) == Outcome(key=KEY, status="replaced")


def test_versions_of_one_second_are_told_apart(world: World, reader: StatusReader) -> None:
    """S3 tells when it took one to the second: what counts is when it was looked for."""
    old = write(world, plain("A"))
    world.now += timedelta(milliseconds=200)
    answer = world.s3.put_object(Bucket="content", Key=KEY, Body=plain("B").encode())
    new = StatusLink(KEY, answer["VersionId"], world.now).token(SECRET)
    world.now += timedelta(milliseconds=200)
    run(world)
    assert reader.read(old).status == "replaced"
    assert reader.read(new).status == "live"


def test_a_post_that_comes_back_is_told_of(world: World, reader: StatusReader) -> None:
    """A version after a deletion is not the one that went; the deletion was replaced by it."""
    write(world, plain("A"))
    run(world)
    gone = delete(world)
    run(world)
    back = write(world, plain("A"))
    assert reader.read(back).status == "accepted"
    run(world)
    assert reader.read(back).status == "live"
    assert reader.read(gone).status == "replaced"


def test_a_rejected_post_has_its_line_and_the_cure(world: World, reader: StatusReader) -> None:
    """And the address of what readers see still: its last good version."""
    write(world, plain("A", slug="tide"))
    run(world)
    told = reader.read(_after(world, "---\ntitle: [\n---\n"))
    assert told.status == "rejected"
    assert told.url == f"{SITE_URL}/2026/05/tide/"
    assert told.error is not None
    assert told.error.line == 3
    assert told.error.fix


def test_who_waits_is_told_for_whom(world: World, reader: StatusReader) -> None:
    """The holder of the path is named."""
    world.put("posts/first.md", plain("First", slug="tide"))
    world.run()
    told = reader.read(_after(world, plain("Second", slug="tide")))
    assert told.status == "waiting"
    assert told.url is None
    assert told.error is not None
    assert "posts/first.md" in told.error.message


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (plain("A", draft="true"), "draft"),
        (plain("A", unlisted="true"), "unlisted"),
        (plain("A", expires="2026-05-04 10:00:00"), "expired"),
        ("", "skipped"),
    ],
)
def test_every_other_end_is_told(
    world: World, reader: StatusReader, text: str, status: str
) -> None:
    """Each by its name; an address stands where there is a page."""
    told = reader.read(_after(world, text))
    assert told.status == status
    assert (told.url is not None) is (status == "unlisted")


def test_a_scheduled_post_is_told_with_its_time(world: World, reader: StatusReader) -> None:
    """And is live after that."""
    token = _after(world, plain("A", date="2026-05-05 09:00:00"))
    told = reader.read(token)
    assert told.status == "scheduled"
    assert told.due is not None
    assert told.due.isoformat() == "2026-05-05T09:00:00+00:00"
    world.later(days=1)
    world.fire()
    world.run()
    assert reader.read(token).status == "live"


def test_an_address_ends_after_a_week(world: World, reader: StatusReader) -> None:
    """410 says that it was one; 404 tells nothing of a key."""
    token = _after(world, plain("A"))
    with pytest.raises(Refusal) as refused:
        reader.read(token[:-2])
    assert refused.value.status == 404
    world.later(days=7, minutes=1)
    with pytest.raises(Refusal) as refused:
        reader.read(token)
    assert refused.value.status == 410


def test_without_its_secret_nothing_is_told(world: World, reader: StatusReader) -> None:
    """Also not to who signs with the empty one."""
    token = StatusLink(KEY, None, world.now).token("")
    for value in (SECRET, "another"):
        world.ssm.put_parameter(Name=PARAMETER, Value=value, Type="SecureString", Overwrite=True)
        with pytest.raises(Refusal) as refused:
            reader.read(token)
        assert refused.value.status == 404
    alone = StatusReader(
        reader.sources, reader.posts, reader.secrets, "/none", SITE_URL, lambda: world.now
    )
    with pytest.raises(Refusal) as refused:
        alone.read(token)
    assert refused.value.status == 404


def test_it_is_of_one_key(world: World, reader: StatusReader) -> None:
    """What another key feeds by now is not told to who sent this one."""
    token = _after(world, plain("A", id="shared"))
    world.put("posts/author.md", plain("A", id="shared"))
    world.run()
    assert reader.read(token).url == f"{SITE_URL}/2026/05/a/"
    gone = delete(world)
    run(world)
    assert world.source(KEY).post == world.source("posts/author.md").post
    for each in (token, gone):
        assert reader.read(each) == Outcome(key=KEY, status="removed")


def _after(world: World, text: str) -> str:
    token = write(world, text)
    run(world)
    return token
