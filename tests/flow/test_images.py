"""Images come home once; one that is owed never holds a post up, and heals later."""

from dataclasses import replace

from flow.world import Origin, World, picture, plain
from presswork.aws.images import Images
from presswork.post import ImageState

URL = "http://images.example/boat.jpg"
BODY = f"Text.\n\n![Boat]({URL})"
PATH = "/2026/05/a/"


def test_an_owed_image_heals(world: World, origin: Origin) -> None:
    """A post is live without its dead image; once it is home, only what shows it is rewritten."""
    world.put("posts/other.md", plain("Other", date="2025-01-01"))
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    page = world.page(PATH) or ""
    assert "Text." in page
    assert "<picture" not in page
    assert f'src="{URL}' not in page
    before = world.pages()
    mails, hooks = len(world.mails()), len(origin.received)
    world.announced.clear()
    origin.files["/boat.jpg"] = picture()
    world.maintain.run(world.now)
    world.run()
    assert world.pages() == before, "it was fetched before its time"
    world.later(hours=2)
    world.maintain.run(world.now)
    world.run()
    assert "<picture" in (world.page(PATH) or "")
    after = world.pages()
    changed = {k for k in after if before.get(k) != after[k] and not k.startswith("media/")}
    feeds = {"feed.xml", "rss.xml", "feed.json"}
    assert changed == {"2026/05/a/index.html", "2026/05/a/index.json", *feeds}
    assert world.types()["post.healed"] == 1
    assert world.types()["post.live"] == 1
    assert (len(world.mails()), len(origin.received)) == (mails, hooks)
    assert list(world.table.query("LIST#owed")) == []


def test_the_pauses_grow_until_an_image_is_lost(world: World) -> None:
    """An image that never answers is asked for ever more rarely, and given up in the end."""
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    pauses = []
    while (image := Images(world.table).read(URL)) and image.next_try is not None:
        pauses.append(image.next_try - world.now)
        world.now = image.next_try
        world.later(seconds=1)
        world.maintain.run(world.now)
        world.run()
    assert image is not None
    assert image.state is ImageState.LOST
    assert pauses == sorted(pauses)
    assert len(pauses) == 7
    assert list(world.table.query("LIST#owed")) == []


def test_a_new_revision_asks_again_at_once(world: World, origin: Origin) -> None:
    """An edited post gets its owed image as soon as it is back, without waiting for its turn."""
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    owed = Images(world.table).read(URL)
    world.put("posts/a.md", plain("B", BODY, slug="a"))
    world.run()
    still = Images(world.table).read(URL)
    assert owed is not None
    assert still is not None
    assert (still.attempts, still.next_try) == (owed.attempts, owed.next_try)
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("C", BODY, slug="a"))
    world.run()
    assert "<picture" in (world.page(PATH) or "")
    assert list(world.table.query("LIST#owed")) == []


def test_an_image_that_came_home_for_one_post_heals_the_others(
    world: World, origin: Origin
) -> None:
    """A post that is edited brings a dead image back; the others that show it get it too."""
    for name in "ab":
        world.put(f"posts/{name}.md", plain(name, BODY, slug=name))
    world.run()
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("edited", BODY, slug="a"))
    world.crash_at("SendMessage")
    world.run()
    assert not world.pending_crash()
    world.maintain.run(world.now)
    world.run()
    for name in "ab":
        assert "<picture" in (world.page(f"/2026/05/{name}/") or ""), name
    assert list(world.table.query("LIST#owed")) == []


def test_an_image_of_countless_spellings_is_kept(world: World, origin: Origin) -> None:
    """A picture named with thousands of random parameters comes home as one."""
    origin.files["/boat.jpg"] = picture()
    origin.files["/boat.jpg?t=0"] = picture()
    body = "\n\n".join(f"![x]({URL}?t={number})" for number in range(3000))
    world.put("posts/a.md", plain("A", body, slug="a"))
    world.run()
    assert world.dead == []
    image = Images(world.table).read(URL)
    assert image is not None
    assert image.state is ImageState.REHOSTED
    assert len(image.seen) <= 8


def test_a_permalink_set_since_does_not_keep_an_image_away(world: World, origin: Origin) -> None:
    """Settings under which a post would be rejected leave what was accepted: it still heals."""
    world.put("posts/a.md", plain("A", BODY, slug="2026"))
    world.run()
    world.put("site.yaml", "permalink: /:slug/\n")
    world.run()
    origin.files["/boat.jpg"] = picture()
    world.later(hours=2)
    world.maintain.run(world.now)
    world.run()
    assert world.dead == []
    assert "<picture" in (world.page("/2026/05/2026/") or "")


def test_one_fetch_for_many_posts(world: World, origin: Origin) -> None:
    """An image that three posts show is fetched once, kept once, and used by all."""
    origin.files["/boat.jpg"] = picture()
    for name in "abc":
        world.put(f"posts/{name}.md", plain(name, BODY, slug=name))
    world.run()
    assert origin.requests.count("/boat.jpg") == 1
    assert len(set(Images(world.table).users(URL))) == 3
    kept = world.s3.list_objects_v2(Bucket="vault")["Contents"]
    assert sum(entry["Key"].startswith("originals/") for entry in kept) == 1
    for name in "abc":
        assert "<picture" in (world.page(f"/2026/05/{name}/") or "")


def test_a_post_of_many_images_goes_on_in_continuations(world: World, origin: Origin) -> None:
    """What there was no time for is taken up by further messages; each is asked for once."""
    origin.delay = 2.0
    names = [f"/{number}.jpg" for number in range(20)]
    for name in names:
        origin.files[name] = picture(size=(40, 30))
    body = "\n\n".join(f"![x](http://images.example{name})" for name in names)
    world.images = replace(world.images, patience=6.0)
    world.put("posts/a.md", plain("A", body, slug="a"))
    world.run()
    ready = world.fed("posts/a.md").ready
    assert ready is not None
    missing = [url for url, image in ready.images.items() if image.state != ImageState.REHOSTED]
    assert [Images(world.table).read(url) for url in missing] == []
    assert ready.turn > 1
    assert sorted(origin.requests) == sorted(names)
    assert list(world.table.query("LIST#owed")) == []


def test_the_original_and_its_source_are_kept(world: World, origin: Origin) -> None:
    """VaultBucket holds the very bytes that the origin gave, and where they came from."""
    data = origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY))
    world.run()
    keys = [entry["Key"] for entry in world.s3.list_objects_v2(Bucket="vault")["Contents"]]
    original = next(key for key in keys if key.startswith("originals/"))
    source = next(key for key in keys if key.startswith("sources/"))
    assert world.s3.get_object(Bucket="vault", Key=original)["Body"].read() == data
    assert URL.encode() in world.s3.get_object(Bucket="vault", Key=source)["Body"].read()


def test_an_image_no_longer_shown_is_no_longer_used(world: World, origin: Origin) -> None:
    """A post that drops its image, or goes, is no user of it any more."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.put("posts/b.md", plain("B", BODY, slug="b"))
    world.run()
    world.put("posts/a.md", plain("A", "No image.", slug="a"))
    world.delete("posts/b.md")
    world.run()
    assert list(Images(world.table).users(URL)) == []
    assert "<picture" not in (world.page(PATH) or "")


def test_a_private_address_is_refused(world: World, origin: Origin) -> None:
    """An image on loopback is never asked for, and the post is live without it."""
    port = world.origin_port
    world.put(
        "posts/a.md", plain("A", f"Text.\n\n![x](http://127.0.0.1:{port}/boat.jpg)", slug="a")
    )
    world.put("posts/b.md", plain("B", "Text.\n\n![x](http://127.0.0.1/boat.jpg)", slug="b"))
    world.run()
    assert origin.requests == []
    for key in ("posts/a.md", "posts/b.md"):
        ready = world.fed(key).ready
        assert ready is not None
        assert [image.state for image in ready.images.values()] == [ImageState.REFUSED]
    assert "Text." in (world.page(PATH) or "")
