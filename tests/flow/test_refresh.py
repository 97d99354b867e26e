"""What is at home is asked for again on demand alone, and never lost by asking."""

from collections import Counter

import pytest

from flow.same_site import assert_same_site
from flow.world import Crash, Origin, World, picture, plain
from presswork.messages import RetryImage
from presswork.post import ImageState
from presswork.state import RemoteImage

URL = "http://images.example/boat.jpg"
REFRESH = RetryImage(url=URL, refresh=True).model_dump()
PATH = "/2026/05/a/"
WRITES = ("Put", "Delete", "Update", "Transact", "Copy", "SendMessage", "Publish")


@pytest.fixture
def world(world: World, origin: Origin) -> World:
    """Two posts show an image that is home, a third does not."""
    origin.files["/boat.jpg"] = picture("red")
    origin.validated = True
    for name in "ab":
        world.put(f"posts/{name}.md", plain(name, f"![x]({URL})", slug=name))
    world.put("posts/other.md", plain("Other", slug="other"))
    world.run()
    world.announced.clear()
    world.later(days=1)
    return world


def refresh(world: World) -> Counter[str]:
    """Asks whether the image changed; the calls of that worker that changed something."""
    world.calls.clear()
    world.deliver("bulk", REFRESH)
    calls = Counter({k: v for k, v in world.calls.items() if k.startswith(WRITES)})
    world.run()
    return calls


def known(world: World) -> RemoteImage:
    """What the table knows of the image."""
    image = world.stores.images.read(URL)
    assert image is not None
    return image


def objects(world: World) -> dict[str, list[str]]:
    """The keys of vault and site."""
    return {name: world.keys(name) for name in ("vault", "site")}


def test_an_unchanged_image_costs_one_conditional_request(world: World, origin: Origin) -> None:
    """The origin answers 304; nothing is written but the time of the visit."""
    before, pages, image = objects(world), world.pages(), known(world)
    assert refresh(world) == {"PutItem": 1}
    assert origin.unchanged == ["/boat.jpg"]
    assert origin.requests == ["/boat.jpg"] * 2
    assert (objects(world), world.pages()) == (before, pages)
    now = known(world)
    assert now.visited == world.now
    assert now == image.model_copy(
        update={"visited": world.now, "lock_version": image.lock_version + 1}
    )
    assert world.announced == []


def test_an_origin_without_validators_is_compared_by_bytes(world: World, origin: Origin) -> None:
    """The same bytes again make nothing anew."""
    origin.validated = False
    pages, media = world.pages(), known(world).media
    refresh(world)
    assert origin.requests == ["/boat.jpg"] * 2
    assert world.pages() == pages
    assert (known(world).media, known(world).visited) == (media, world.now)
    assert world.announced == []


def test_a_changed_image_replaces_the_one_at_home(world: World, origin: Origin) -> None:
    """Both originals are kept; the posts that show it, and no other, are made anew, untold."""
    before, other = known(world).media, world.pages()["2026/05/other/index.html"]
    mails = len(world.mails())
    origin.files["/boat.jpg"] = picture("green")
    refresh(world)
    after = known(world)
    assert after.media not in (None, before)
    assert (after.visited, after.next_try) == (world.now, None)
    for name in "ab":
        page = world.page(f"/2026/05/{name}/") or ""
        assert f"/-/media/{after.media}/" in page
        assert f"/-/media/{before}/" not in page
    assert world.pages()["2026/05/other/index.html"] == other
    assert {event.subject for event in world.announced} == {"posts/a.md", "posts/b.md"}
    assert len(world.mails()) == mails
    kept = {key for key in world.keys("vault") if key.startswith("originals/")}
    assert kept == {f"originals/{before}", f"originals/{after.media}"}
    refresh(world)
    assert origin.unchanged == ["/boat.jpg"]
    world.later(days=3)
    world.maintain.run(world.now)
    world.run()
    assert not [key for key in world.keys("site") if key.startswith(f"-/media/{before}/")]
    assert_same_site(world)


@pytest.mark.parametrize(
    ("data", "status"), [(None, 404), (None, 410), (None, 500), (b"no picture at all", 200)]
)
def test_what_came_home_stays(
    world: World, origin: Origin, data: bytes | None, status: int
) -> None:
    """An origin that has it no more, is ill, or gives something else, changes nothing."""
    origin.absent_status = status
    if data is None:
        del origin.files["/boat.jpg"]
    else:
        origin.files["/boat.jpg"] = data
    before, pages, image = objects(world), world.pages(), known(world)
    assert refresh(world) == {"PutItem": 1}
    assert (objects(world), world.pages()) == (before, pages)
    assert known(world) == image.model_copy(
        update={"visited": world.now, "lock_version": image.lock_version + 1}
    )
    assert list(world.table.query("LIST#owed")) == []
    assert "<picture" in (world.page(PATH) or "")


def test_a_broken_image_of_a_type_we_know_changes_nothing(world: World, origin: Origin) -> None:
    """Bytes that begin like a JPEG are refused by the decoder, not kept."""
    origin.files["/boat.jpg"] = picture("red")[:30]
    before, image = objects(world), known(world)
    refresh(world)
    assert objects(world) == before
    assert (known(world).state, known(world).media) == (ImageState.REHOSTED, image.media)


def test_a_worker_that_dies_before_it_tells_is_made_up_for(world: World, origin: Origin) -> None:
    """The changed image stays due until those who want it have heard."""
    origin.files["/boat.jpg"] = picture("green")
    world.crash_at("SendMessage")
    with pytest.raises(Crash):
        world.deliver("bulk", REFRESH)
    assert not world.pending_crash()
    world.later(hours=1)
    world.maintain.run(world.now)
    world.run()
    for name in "ab":
        assert f"/-/media/{known(world).media}/" in (world.page(f"/2026/05/{name}/") or ""), name
    assert list(world.table.query("LIST#owed")) == []


def test_of_two_who_ask_at_once_one_writes(world: World, origin: Origin) -> None:
    """The later finds the image moved, and leaves it."""
    image = known(world)
    world.before("PutItem", "IMAGE#", lambda: world.deliver("bulk", REFRESH))
    refresh(world)
    assert not world.pending_crash()
    assert known(world).lock_version == image.lock_version + 1
    assert len(origin.unchanged) == 2


def test_an_image_that_is_not_home_is_healed(world: World, origin: Origin) -> None:
    """To refresh what is owed is to fetch it."""
    other = "http://images.example/other.jpg"
    world.put("posts/c.md", plain("C", f"![x]({other})", slug="c"))
    world.run()
    origin.files["/other.jpg"] = picture("blue")
    world.deliver("bulk", RetryImage(url=other, refresh=True).model_dump())
    world.run()
    assert "<picture" in (world.page("/2026/05/c/") or "")
