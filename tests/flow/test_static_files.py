"""Static files come, change and go; never over what the site itself makes."""

from functools import partial

import pytest

from flow.same_site import assert_same_site
from flow.world import World, plain
from presswork import content
from presswork.post import Status

KEY = "static/css/site.css"
PLACE = "css/site.css"


def test_a_static_file_is_copied_as_it_is(world: World) -> None:
    """Its bytes, its kind, and no event about a post; changed and deleted the site follows."""
    world.put(KEY, "body { color: teal }")
    world.run()
    answer = world.s3.get_object(Bucket="site", Key=PLACE)
    assert answer["Body"].read() == b"body { color: teal }"
    assert answer["ContentType"] == "text/css; charset=utf-8"
    assert "immutable" not in answer["CacheControl"]
    assert world.source(KEY).status is Status.LIVE
    world.put(KEY, "body { color: navy }")
    world.run()
    assert world.pages()[PLACE] == b"body { color: navy }"
    marker = world.delete(KEY)
    world.run()
    assert world.source(KEY).status is Status.GONE
    assert PLACE not in world.pages()
    world.undelete(KEY, marker)
    world.run()
    assert world.pages()[PLACE] == b"body { color: navy }"
    assert world.announced == []


def test_the_same_file_again_writes_nothing(world: World) -> None:
    """One object for each file, and only if it changes."""
    world.put(KEY, "body {}")
    world.run()
    before = world.calls["PutObject"]
    world.put(KEY, "body {}")
    world.run()
    assert world.calls["PutObject"] == before


@pytest.mark.parametrize("key", ["static/index.html", "static/-/media/a.png", "static/robots.txt"])
def test_what_belongs_to_the_site_is_left_alone(world: World, key: str) -> None:
    """The file is rejected, its author told once what to do; deleting it deletes nothing."""
    world.put("posts/a.md", plain("A"))
    world.run()
    pages = world.pages()
    world.put(key, "Mine.")
    world.run(repeat=True)
    assert world.pages() == pages
    source = world.source(key)
    assert source.status is Status.REJECTED
    assert source.error is not None
    (mail,) = [mail for mail in world.mails() if key in mail]
    assert source.error.fix.split()[0] in mail
    world.delete(key)
    world.run()
    assert world.pages() == pages
    assert world.source(key).status is Status.GONE
    assert_same_site(world)


def test_too_large_a_file_is_not_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when a smaller one was: what stands is what the content folder calls for."""
    world.put("posts/a.md", plain("A"))
    world.put(KEY, "body {}")
    world.run()
    monkeypatch.setattr(content, "MAX_STATIC_BYTES", 10)
    monkeypatch.setattr(content.static_files, "MAX_STATIC_BYTES", 10)
    world.put(KEY, "body {    }")
    world.run()
    assert world.source(KEY).status is Status.REJECTED
    assert PLACE not in world.pages()
    assert_same_site(world)


def test_hidden_files_are_no_concern(world: World) -> None:
    """Nothing is copied, nothing remembered."""
    world.put("static/.DS_Store", "x")
    world.run()
    assert world.pages() == {}
    assert not [item for item in world.items() if "DS_Store" in item["PK"]]


def test_a_file_that_changes_while_it_is_copied(world: World) -> None:
    """Another worker is slow: what stands at the end is the newest."""
    world.put(KEY, "old")
    world.run()
    world.before("PutObject", PLACE, partial(_put, world, "newest"))
    world.put(KEY, "new")
    world.run()
    assert world.pages()[PLACE] == b"newest"


def test_a_file_that_is_deleted_while_it_is_copied(world: World) -> None:
    """Nothing is left behind."""
    world.before("PutObject", PLACE, partial(_delete, world))
    world.put(KEY, "new")
    world.run()
    assert PLACE not in world.pages()


@pytest.mark.parametrize("operation", ["PutObject", "PutItem", "SendMessage"])
def test_a_crash_loses_no_file(world: World, operation: str) -> None:
    """A worker that dies on the way leaves the rest to the next delivery."""
    world.crash_at(operation)
    world.put(KEY, "body {}")
    world.run()
    assert not world.pending_crash()
    assert world.pages()[PLACE] == b"body {}"
    assert world.source(KEY).status is Status.LIVE


def test_a_lost_site_gets_its_files_back(world: World) -> None:
    """A backfill goes through static files, too."""
    world.put(KEY, "body {}")
    world.run()
    world.bucket.delete(PLACE)
    world.put("site.yaml", "title: Other")
    world.run()
    assert world.pages()[PLACE] == b"body {}"


def _put(world: World, text: str) -> None:
    world.put(KEY, text)


def _delete(world: World) -> None:
    world.delete(KEY)
