"""Media that nobody shows are taken away in steps, and never from under somebody who shows them."""

from contextlib import suppress

import pytest

from flow.world import Crash, Origin, World, picture, plain
from presswork.aws.buckets import VaultBucket
from presswork.post import ImageState
from presswork.state import MediaItem, MediaState

URL = "http://images.example/boat.jpg"
BODY = f"Text.\n\n![Boat]({URL})"


@pytest.fixture
def hash(world: World, origin: Origin) -> str:
    """Media that a post showed until it was deleted."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    image = world.stores.images.read(URL)
    assert image is not None
    assert image.media is not None
    world.delete("posts/a.md")
    world.run()
    return image.media


def media(world: World, hash: str) -> MediaItem | None:
    """What the table knows of media."""
    return world.stores.media.read(hash)


def files(world: World) -> list[str]:
    """The keys of all media on the site."""
    return [key for key in world.pages() if key.startswith("-/media/")]


def maintain(world: World) -> None:
    """Lets the clock's run pass, and all that follows."""
    world.maintain.run(world.now)
    world.run()


def is_shown(world: World, slug: str) -> bool:
    """Whether a page shows a picture, all of whose files are there."""
    page = world.page(f"/2026/05/{slug}/") or ""
    post = world.fed(f"posts/{slug}.md")
    assert post.ready is not None
    shown = [image.picture for image in post.ready.images.values() if image.picture]
    keys = {key for each in shown for files in each.files.values() for key in files.values()}
    return "<picture" in page and bool(keys) and keys <= set(files(world))


def test_media_that_nobody_shows_go_after_two_days(world: World, hash: str) -> None:
    """They are doomed at once and stay for 48 hours; then files and item go, the original stays."""
    doomed = media(world, hash)
    assert doomed is not None
    assert doomed.state is MediaState.DOOMED
    world.later(hours=47)
    maintain(world)
    assert files(world)
    world.later(hours=2)
    maintain(world)
    assert files(world) == []
    assert media(world, hash) is None
    assert list(world.table.query("LIST#doomed")) == []
    assert VaultBucket(world.s3, "vault").original(hash) is not None


def test_a_collected_image_is_made_again_without_a_fetch(
    world: World, origin: Origin, hash: str
) -> None:
    """Who shows the image later gets it of the original: its origin may be dead by then."""
    world.later(days=3)
    maintain(world)
    assert media(world, hash) is None
    asked = len(origin.requests)
    del origin.files["/boat.jpg"]
    world.put("posts/b.md", plain("B", BODY, slug="b"))
    world.run()
    assert is_shown(world, "b")
    assert len(origin.requests) == asked


def test_a_forgotten_image_is_fetched_again(world: World, hash: str) -> None:
    """With media and original gone, an image that somebody shows again is owed, and comes home."""
    world.later(days=3)
    maintain(world)
    world.s3.delete_object(Bucket="vault", Key=f"originals/{hash}")
    world.put("posts/b.md", plain("B", BODY, slug="b"))
    world.run()
    maintain(world)
    assert is_shown(world, "b")


def test_who_meets_doomed_media_sets_them_back(world: World, hash: str) -> None:
    """A new post that shows them within the two days keeps them."""
    world.put("posts/b.md", plain("B", BODY, slug="b"))
    world.run()
    kept = media(world, hash)
    assert kept is not None
    assert kept.state is MediaState.KEPT
    world.later(days=3)
    maintain(world)
    assert is_shown(world, "b")
    assert list(world.table.query("LIST#doomed")) == []


@pytest.mark.parametrize(
    ("operation", "about", "skip"),
    [
        ("GetItem", "MEDIA#", 0),
        ("Query", "MEDIA#", 0),
        ("TransactWriteItems", "deleting", 0),
        ("ListObjectsV2", "", 0),
        ("DeleteObject", "-/media/", 0),
        ("DeleteObject", "-/media/", 1),
        ("TransactWriteItems", "doomed", 1),
    ],
)
@pytest.mark.usefixtures("hash")
def test_a_new_post_before_any_step_of_collection_shows_its_image(
    world: World, operation: str, about: str, skip: int
) -> None:
    """Whenever the post comes, between any two calls of who collects, its image is there."""
    world.later(days=3)
    came = []

    def show() -> None:
        came.append(True)
        world.put("posts/b.md", plain("B", BODY, slug="b"))
        world.parse.look("posts/b.md")
        for body in world.take("images"):
            world.deliver("images", body)

    world.before(operation, about, show, skip=skip)
    maintain(world)
    assert came, "the post never came"
    world.later(minutes=20)
    maintain(world)
    assert world.dead == []
    assert is_shown(world, "b")
    world.later(days=3)
    maintain(world)
    assert is_shown(world, "b")


@pytest.mark.parametrize(
    ("operation", "about"),
    [
        ("BatchGetItem", "IMAGE#"),
        ("PutItem", "MEDIA#"),
        ("BatchGetItem", "MEDIA#"),
        ("TransactWriteItems", "kept"),
    ],
)
def test_a_collector_before_any_step_of_a_post_takes_nothing_that_it_shows(
    world: World, hash: str, operation: str, about: str
) -> None:
    """Whenever media are collected, between any two calls of who shows them, they are there."""
    world.later(days=3)
    world.put("posts/b.md", plain("B", BODY, slug="b"))
    world.parse.look("posts/b.md")
    (body,) = world.take("images")
    world.before(operation, about, lambda: world.images.collect(hash))
    world.deliver("images", body)
    assert not world.pending_crash(), "the step was never made"
    world.run()
    world.later(minutes=20)
    maintain(world)
    assert is_shown(world, "b")


def test_a_collector_that_died_is_followed_by_another(world: World, hash: str) -> None:
    """Half of the files gone, the rest go an hour later; nobody deletes beside a living one."""
    world.later(days=3)
    world.crash_at("DeleteObject", "-/media/", skip=1)
    world.maintain.run(world.now)
    (body,) = world.take("bulk")
    with pytest.raises(Crash):
        world.deliver("bulk", body)
    assert files(world)
    world.run()
    assert files(world), "a second worker deleted before the first was surely dead"
    world.later(hours=1)
    maintain(world)
    assert files(world) == []
    assert media(world, hash) is None


def test_a_late_worker_does_not_take_a_use_away_that_is_newer(world: World, origin: Origin) -> None:
    """An image dropped by one revision and shown again by the next stays used, whoever is late."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    id = world.fed("posts/a.md").id
    world.put("posts/a.md", plain("A", "No image.", slug="a"))
    world.parse.look("posts/a.md")
    (dropping,) = world.take("images")

    def show_again() -> None:
        world.put("posts/a.md", plain("A", f"Again. {BODY}", slug="a"))
        world.parse.look("posts/a.md")
        for body in world.take("images"):
            world.deliver("images", body)

    world.before("DeleteItem", "IMAGE#", show_again)
    world.deliver("images", dropping)
    world.run()
    image = world.stores.images.read(URL)
    assert image is not None
    assert image.media is not None
    assert list(world.stores.images.uses(URL).posts()) == [id]
    assert list(world.stores.media.uses(image.media).posts()) == [id]


@pytest.mark.parametrize("operation", ["DeleteItem", "Query", "TransactWriteItems", "UpdateItem"])
def test_a_crash_while_letting_go_is_mended(world: World, origin: Origin, operation: str) -> None:
    """What a dead worker had yet to let go of, its redelivery lets go of."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    world.put("posts/a.md", plain("A", "No image.", slug="a"))
    world.parse.look("posts/a.md")
    world.crash_at(operation, "pending_images" if operation == "UpdateItem" else "MEDIA#")
    world.run()
    assert not world.pending_crash()
    image = world.stores.images.read(URL)
    assert image is not None
    assert image.media is not None
    assert list(world.stores.media.uses(image.media).posts()) == []
    item = media(world, image.media)
    assert item is not None
    assert item.state is MediaState.DOOMED
    assert world.fed("posts/a.md").pending_images.known == ()


def test_an_owed_image_that_nobody_wants_is_forgotten(world: World, origin: Origin) -> None:
    """Nobody asks on behalf of a post that is gone; whoever comes meanwhile is found by looking."""
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    world.delete("posts/a.md")

    def show() -> None:
        world.put("posts/b.md", plain("B", BODY, slug="b"))
        world.parse.look("posts/b.md")
        for body in world.take("images"):
            world.deliver("images", body)

    world.before("TransactWriteItems", "owed", show)
    world.run()
    image = world.stores.images.read(URL)
    assert image is not None
    assert image.state is ImageState.OWED
    origin.files["/boat.jpg"] = picture()
    world.later(hours=2)
    maintain(world)
    assert is_shown(world, "b")
    world.delete("posts/b.md")
    world.run()


def test_an_owed_image_of_a_deleted_post_is_never_asked_for_again(
    world: World, origin: Origin
) -> None:
    """With its last post its place among the owed goes."""
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    world.delete("posts/a.md")
    world.run()
    asked = len(origin.requests)
    world.later(days=9)
    maintain(world)
    assert len(origin.requests) == asked
    assert world.stores.images.read(URL) is None
    assert list(world.table.query("LIST#owed")) == []


def test_who_wants_an_image_while_it_is_forgotten_has_it_remembered(world: World) -> None:
    """A post that read the state of an image right before it was forgotten is found by looking."""
    refused = "http://127.0.0.1/x.jpg"
    world.put("posts/a.md", plain("A", f"![x]({refused})", slug="a"))
    world.run()
    world.delete("posts/a.md")
    came = []

    def show() -> None:
        came.append(True)
        world.put("posts/b.md", plain("B", f"![x]({refused})", slug="b"))
        world.parse.look("posts/b.md")
        for body in world.take("images"):
            world.deliver("images", body)

    world.before("TransactWriteItems", "LIST#refused", show)
    world.run()
    assert came
    image = world.stores.images.read(refused)
    assert image is not None
    assert image.state is ImageState.REFUSED
    assert [item["content"] for item in world.table.query("LIST#refused")] == [refused]


@pytest.mark.parametrize("worker", ["overtaken", "dead", "outdone"])
@pytest.mark.parametrize(
    "operation", ["BatchGetItem", "GetItem", "PutItem", "TransactWriteItems", "UpdateItem"]
)
def test_who_changes_its_mind_while_images_come_uses_nothing(
    world: World, origin: Origin, operation: str, worker: str
) -> None:
    """Each use in the table is that of a post that shows it, whenever its author took it back."""
    number = 0
    while True:
        origin.files[f"/{number}.jpg"] = picture(size=(120 + number, 80))
        key = f"posts/{number}.md"
        world.put(key, plain(f"P{number}", slug=f"p{number}"))
        world.run()
        url = f"http://images.example/{number}.jpg"
        world.put(key, plain(f"P{number}", f"![Boat]({url})", slug=f"p{number}"))
        for body in world.take("parse"):
            world.deliver("parse", body)
        (coming,) = world.take("images")

        def take_back(key: str = key, number: int = number) -> None:
            world.put(key, plain(f"P{number}", "No boat.", slug=f"p{number}"))
            for body in world.take("parse"):
                world.deliver("parse", body)
            if worker == "outdone":  # another one has let go of it before it is used
                for body in world.take("images"):
                    world.deliver("images", body)
            if worker == "dead":
                raise Crash

        world.before(operation, "", take_back, skip=number)
        with suppress(Crash):
            world.deliver("images", coming)
        if world.pending_crash():
            break
        if worker == "dead":
            world.deliver("images", coming)
        world.run()
        number += 1
    world.run()
    assert number > 0
    assert unshown(world) == []


def unshown(world: World) -> list[str]:
    """The uses in the table by posts that do not show what they use."""
    found = []
    for item in world.items():
        pk, sk = str(item["PK"]), str(item["SK"])
        if not pk.startswith(("IMAGE#", "MEDIA#")) or not sk.startswith("POST#"):
            continue
        post = world.post(sk.removeprefix("POST#"))
        shown = post.ready.images if post and post.ready else {}
        media = {image.media for image in shown.values()}
        if pk.removeprefix("IMAGE#") not in shown and pk.removeprefix("MEDIA#") not in media:
            found.append(f"{pk} {sk}")
    return found
