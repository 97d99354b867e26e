"""Images come home once; one that is owed never holds a post up, and heals later."""

import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from flow.world import Origin, World, picture, plain
from presswork.post import Image, ImageRef, ImageState, Picture, image_id
from presswork.stages.images import stage
from presswork.stages.images.fetch import ImageRequest
from presswork.state import Ready, RemoteImage
from presswork.tasks import ReleaseImage

URL = "http://images.example/boat.jpg"
BODY = f"Text.\n\n![Boat]({URL})"
PATH = "/2026/05/a/"
FORMATS, WIDTHS = ("avif", "webp", "jpeg"), (400, 800, 1600, 2400)


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
    changed = {k for k in after if before.get(k) != after[k] and not k.startswith("-/media/")}
    feeds = {"feed.xml", "rss.xml", "feed.json"}
    assert changed == {"2026/05/a/index.html", "2026/05/a/index.json", *feeds}
    assert world.types()["post.healed"] == 1
    assert world.types()["post.live"] == 1
    assert (len(world.mails()), len(origin.received)) == (mails, hooks)
    assert list(world.table.query("LIST#owed")) == []


def test_a_post_out_of_time_sees_an_image_that_another_brought_home(
    world: World, origin: Origin
) -> None:
    """It was leased when its use was noted, and the post comes to it after its 20 seconds.

    Whoever brought it home had asked before who wants it, and tells nobody.
    """
    origin.files["/boat.jpg"] = picture()
    found: list[RemoteImage | None] = []

    def use() -> None:
        world.stores.images.add_uses([image_id(URL)], "b", 1)
        found.append(world.stores.images.read(URL))

    world.before("TransactWriteItems", "rehosted", use)
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    request = ImageRequest(
        post="b",
        generation=1,
        is_new=True,
        known={},
        quality=80,
        deadline=world.stopwatch() - 1,
    )
    ref = ImageRef(url=URL, seen=(URL,))
    seen = world.images.fetch._home(request, (ref, found[0]))
    assert seen is not None
    assert seen.state is ImageState.REHOSTED


def test_a_post_comes_to_an_image_right_before_it_is_settled(world: World, origin: Origin) -> None:
    """Whoever brings it home has asked who wants it: the other post looks once more."""
    origin.files["/boat.jpg"] = picture()

    def other() -> None:
        world.put("posts/b.md", plain("B", BODY, slug="b"))
        for name in ("parse", "images"):
            for body in world.take(name):
                world.deliver(name, body)

    world.before("TransactWriteItems", "rehosted", other)
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    ready = world.fed("posts/b.md").ready
    assert ready is not None
    assert [image.state for image in ready.images.values()] == [ImageState.REHOSTED]


@pytest.mark.parametrize("hops", [0, stage.MOST_HOPS])
def test_an_author_brings_back_an_image_while_it_is_asked_for(
    world: World, origin: Origin, monkeypatch: pytest.MonkeyPatch, hops: int
) -> None:
    """The revision that comes meanwhile asks for it at once, however little time is left.

    Where no message goes on, it is ready all the same, as far as its images are.
    """
    monkeypatch.setattr(stage, "MOST_HOPS", hops)
    origin.absent_status = 404
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    origin.wait = lambda: world.stopwatch.sleep(16)

    def save() -> None:
        origin.files["/boat.jpg"] = picture()
        origin.wait = lambda: None
        world.put("posts/a.md", plain("A", f"{BODY} three", slug="a"))
        (body,) = world.take("parse")
        world.deliver("parse", body)

    world.put("posts/a.md", plain("A", f"{BODY} two", slug="a"))
    for body in world.take("parse"):
        world.deliver("parse", body)
    world.before("UpdateItem", "ready", save)
    for body in world.take("images"):
        world.deliver("images", body)
    if not hops:
        fed = world.fed("posts/a.md")
        assert fed.ready is not None
        assert fed.accepted is not None
        assert fed.ready.revision == fed.accepted.revision
        return
    world.run()
    image = world.stores.images.read(URL)
    assert image is not None
    assert image.state is ImageState.REHOSTED


def test_an_author_who_saves_again_and_again_keeps_no_worker(world: World, origin: Origin) -> None:
    """A host that hangs is waited for no longer, however often the post is saved meanwhile."""
    origin.absent_status = 503
    origin.wait = lambda: world.stopwatch.sleep(16)
    numbers = iter(range(6))

    def save() -> None:
        if (number := next(numbers, None)) is None:
            return
        world.put("posts/a.md", plain("A", f"{BODY} {number}", slug="a"))
        (body,) = world.take("parse")
        world.deliver("parse", body)
        world.before("UpdateItem", "ready", save)

    world.put("posts/a.md", plain("A", BODY, slug="a"))
    for body in world.take("parse"):
        world.deliver("parse", body)
    world.before("UpdateItem", "ready", save)
    (parsed,) = world.take("images")
    begun = world.stopwatch()
    world.deliver("images", parsed)
    assert world.stopwatch() - begun < 40


def test_the_pauses_grow_until_an_image_is_lost(world: World, origin: Origin) -> None:
    """An image whose origin is ill is asked for ever more rarely, and given up in the end."""
    origin.absent_status = 500
    image, pauses = given_up(world)
    assert image.state is ImageState.LOST
    assert image.reason is not None
    assert "500" in image.reason
    assert pauses == sorted(pauses)
    assert len(pauses) == 7
    assert pauses[-1] == timedelta(days=7)
    assert list(world.table.query("LIST#owed")) == []
    assert [item["content"] for item in world.table.query("LIST#lost")] == [URL]


@pytest.mark.parametrize("status", [404, 410])
def test_an_image_called_gone_twice_a_day_apart_is_lost(
    world: World, origin: Origin, status: int
) -> None:
    """What an origin says it has no more is given up after one day, and not before."""
    origin.absent_status = status
    started = world.now
    image, pauses = given_up(world)
    assert image.state is ImageState.LOST
    assert image.since is not None
    assert timedelta(days=1) <= image.since - started < timedelta(days=1, minutes=1)
    assert len(pauses) > 1


def test_a_lost_image_is_asked_for_by_a_new_revision_alone(world: World, origin: Origin) -> None:
    """Given up, an image is left alone by the clock; its author can bring it back by an edit."""
    origin.absent_status = 410
    given_up(world)
    origin.files["/boat.jpg"] = picture()
    asked = len(origin.requests)
    world.later(days=30)
    world.maintain.run(world.now)
    world.run()
    assert len(origin.requests) == asked
    world.put("posts/a.md", plain("B", BODY, slug="a"))
    world.run()
    assert "<picture" in (world.page(PATH) or "")
    assert list(world.table.query("LIST#lost")) == []


def test_a_pause_that_an_origin_asks_for_is_kept(world: World, origin: Origin) -> None:
    """Retry-After puts the next try off when it is longer than the pause that is due."""
    origin.absent_status, origin.retry_after = 503, 6 * 3600
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    image = world.stores.images.read(URL)
    assert image is not None
    assert image.next_try is not None
    assert image.next_try - world.now >= timedelta(hours=5, minutes=59)


def test_a_pause_without_an_end_is_one_image_s_alone(world: World, origin: Origin) -> None:
    """A Retry-After of millions of years leaves its image owed; post and neighbours are live."""
    origin.absent_status, origin.retry_after = 503, 1_730_000_000_000_000
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.put("posts/b.md", plain("B", "Text.", slug="b"))
    world.run()
    image = world.stores.images.read(URL)
    assert image is not None
    assert image.next_try is not None
    assert timedelta(days=6) < image.next_try - world.now <= timedelta(days=7)
    assert world.page(PATH) is not None
    assert world.page(PATH.replace("/a/", "/b/")) is not None


def given_up(world: World) -> tuple[RemoteImage, list[timedelta]]:
    """The image of one post once nobody asks for it any more, and the pauses between the tries."""
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    pauses = []
    while (image := world.stores.images.read(URL)) and image.next_try is not None:
        pauses.append(image.next_try - world.now)
        world.now = image.next_try
        world.later(seconds=1)
        world.maintain.run(world.now)
        world.run()
    assert image is not None
    return image, pauses


def test_a_new_revision_asks_again_at_once(world: World, origin: Origin) -> None:
    """An edited post gets its owed image as soon as it is back, without waiting for its turn."""
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    owed = world.stores.images.read(URL)
    world.put("posts/a.md", plain("B", BODY, slug="a"))
    world.run()
    still = world.stores.images.read(URL)
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
    """A picture behind thousands of proxies comes home as one."""
    origin.files["/boat.jpg"] = picture()
    body = "\n\n".join(f"![x](https://p{number}.example/?{URL})" for number in range(3000))
    world.put("posts/a.md", plain("A", body, slug="a"))
    world.run()
    assert world.dead == []
    image = world.stores.images.read(URL)
    assert image is not None
    assert image.state is ImageState.REHOSTED
    assert len(image.seen) <= 8


def test_two_pictures_of_one_script_come_home(world: World, origin: Origin) -> None:
    """What differs in a cache-buster within one post is asked for as it was written, each."""
    origin.files["/boat.jpg?v=1"], origin.files["/boat.jpg?v=2"] = picture(), picture("blue")
    world.put("posts/a.md", plain("A", f"![x]({URL}?v=1) ![y]({URL}?v=2)", slug="a"))
    world.run()
    images = [world.stores.images.read(f"{URL}?v={number}") for number in (1, 2)]
    assert [image.state if image else None for image in images] == [ImageState.REHOSTED] * 2
    assert len({image.media for image in images if image}) == 2


def test_a_permalink_set_since_does_not_keep_an_image_away(world: World, origin: Origin) -> None:
    """Settings by which a post's slug is a year move it: it still heals."""
    world.put("posts/a.md", plain("A", BODY, slug="2026"))
    world.run()
    world.put("site.yaml", "permalink: /:slug/\n")
    world.run()
    origin.files["/boat.jpg"] = picture()
    world.later(hours=2)
    world.maintain.run(world.now)
    world.run()
    assert world.dead == []
    path = f"/2026-{world.fed('posts/a.md').id[:4]}/"
    assert world.page("/2026/05/2026/") == f"301 {path}"
    assert "<picture" in (world.page(path) or "")


def test_one_fetch_for_many_posts(world: World, origin: Origin) -> None:
    """An image that three posts show is fetched once, kept once, and used by all."""
    origin.files["/boat.jpg"] = picture()
    for name in "abc":
        world.put(f"posts/{name}.md", plain(name, BODY, slug=name))
    world.run()
    assert origin.requests.count("/boat.jpg") == 1
    assert len(set(world.stores.images.uses(URL).posts())) == 3
    kept = world.s3.list_objects_v2(Bucket="vault")["Contents"]
    assert sum(entry["Key"].startswith("originals/") for entry in kept) == 1
    for name in "abc":
        assert "<picture" in (world.page(f"/2026/05/{name}/") or "")


def test_the_original_and_its_source_are_kept(world: World, origin: Origin) -> None:
    """VaultBucket holds the very bytes that the origin gave, and where they came from."""
    data = origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY))
    world.run()
    (key,) = world.keys("vault")
    original = world.s3.get_object(Bucket="vault", Key=key)
    assert original["Body"].read() == data
    record = json.loads(original["Metadata"]["presswork-source"])
    assert (record["canonical"], record["url"]) == (URL, URL)


def test_every_source_of_the_same_bytes_is_kept(world: World, origin: Origin) -> None:
    """What leads to an original that is there, or is too long to go with it, has a record too."""
    copy = "http://images.example/copy.jpg"
    long = f"http://images.example/{'long' * 300}.jpg"
    origin.files |= dict.fromkeys((URL[21:], copy[21:]), picture())
    origin.files[long[21:]] = picture("navy")
    for number, url in enumerate((URL, copy, long)):
        world.put(f"posts/{number}.md", plain("A", f"![x]({url})", slug=f"a{number}"))
        world.run()
    originals = [key for key in world.keys("vault") if key.startswith("originals/")]
    metadata = [world.s3.head_object(Bucket="vault", Key=key)["Metadata"] for key in originals]
    sources = [key for key in world.keys("vault") if key.startswith("sources/")]
    bodies = [world.s3.get_object(Bucket="vault", Key=key)["Body"].read() for key in sources]
    texts = [*bodies, *(each["presswork-source"] for each in metadata if each)]
    records = [json.loads(text) for text in texts]
    assert len(originals) == 2
    assert {each["canonical"] for each in records} == {URL, copy, long}
    assert {f"originals/{each['sha256']}" for each in records} == set(originals)


def test_an_image_no_longer_shown_is_no_longer_used(world: World, origin: Origin) -> None:
    """A post that drops its image, or goes, is no user of it any more."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.put("posts/b.md", plain("B", BODY, slug="b"))
    world.run()
    world.put("posts/a.md", plain("A", "No image.", slug="a"))
    world.delete("posts/b.md")
    world.run()
    assert list(world.stores.images.uses(URL).posts()) == []
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


SPELLINGS = (
    "http://images.example/boat.jpg",
    "http://images.example/boat.jpg?t=0.8231",
    "http://images.example/boat.jpg?_=1700000000",
    "http://images.example:80/boat.jpg",
    "HTTP://IMAGES.EXAMPLE/boat.jpg",
    "http://images.example/boat.jpg#top",
    "https://cors.example/?http://images.example/boat.jpg",
    "https://cors.example/?http%3A%2F%2Fimages.example%2Fboat.jpg",
)


def test_one_image_under_eight_spellings_in_a_hundred_posts(world: World, origin: Origin) -> None:
    """However it is spelled and wherever it is shown, it is fetched once and stored once."""
    origin.files["/boat.jpg"] = picture(size=(60, 40))
    for number in range(100):
        body = f"![x]({SPELLINGS[number % len(SPELLINGS)]})"
        world.put(f"posts/{number}.md", plain(f"Post {number}", body, slug=f"p{number}"))
    world.run()
    assert world.dead == []
    assert len([path for path in origin.requests if path.startswith("/boat.jpg")]) == 1
    kept = [entry["Key"] for entry in world.s3.list_objects_v2(Bucket="vault")["Contents"]]
    assert [key.partition("/")[0] for key in kept] == ["originals"]
    assert len(set(world.stores.images.uses(URL).posts())) == 100
    (media,) = {
        image.media
        for number in range(100)
        if (ready := world.fed(f"posts/{number}.md").ready)
        for image in ready.images.values()
    }
    assert media is not None
    assert len(set(world.stores.media.uses(media).posts())) == 100
    assert "<picture" in (world.page("/2026/05/p99/") or "")


def test_two_workers_make_one_fetch(world: World, origin: Origin) -> None:
    """Two posts that want an image at the same instant wait for the one that fetches it."""
    origin.files["/boat.jpg"] = picture()
    other_waits = threading.Event()
    origin.wait = lambda: other_waits.wait(timeout=60)

    def sleep(_: float) -> None:
        other_waits.set()
        time.sleep(0.01)

    world.images = replace(world.images, sleep=sleep)
    for name in "ab":
        world.put(f"posts/{name}.md", plain(name, BODY, slug=name))
        world.parse.look(f"posts/{name}.md")
    messages = world.take("images")
    assert len(messages) == 2
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda body: world.deliver("images", body), messages))
    assert origin.requests.count("/boat.jpg") == 1
    world.run()
    for name in "ab":
        assert "<picture" in (world.page(f"/2026/05/{name}/") or ""), name


def test_the_same_images_again_cost_no_fetch_and_no_write(world: World, origin: Origin) -> None:
    """A post whose images are all at home is prepared by reading alone."""
    names = [f"/{number}.jpg" for number in range(200)]
    for number, name in enumerate(names):
        origin.files[name] = picture(size=(8 + number, 6))
    body = "\n\n".join(f"![x](http://images.example{name})" for name in names)
    world.put("posts/a.md", plain("A", body, slug="a"))
    world.run()
    assert len(origin.requests) == 200
    world.calls.clear()
    id = world.fed("posts/a.md").id
    world.at_work(lambda: world.images.prepare(id))
    assert len(origin.requests) == 200
    assert {name for name in world.calls if name.startswith(("Put", "Transact", "Upd"))} == set()


def test_a_post_of_300_images_of_the_longest_urls_fits_its_item(world: World) -> None:
    """What the table knows of a post stays below DynamoDB's 400 KB whatever its images are called.

    Their URLs are of 2,048 characters, and each came home in four widths of three formats.
    """
    urls = [f"http://images.example/{number}/".ljust(2048, "x") for number in range(300)]
    world.put("posts/a.md", plain("A", "\n\n".join(f"![x]({url})" for url in urls), slug="a"))
    world.parse.look("posts/a.md")
    post, posts = world.fed("posts/a.md"), world.stores.posts
    images = {}
    for number, url in enumerate(urls):
        media = f"{number:064x}"
        names = {w: {f: f"-/media/{media}/abcdef12/{w}.{f}" for f in FORMATS} for w in WIDTHS}
        shown = Picture(width=4000, height=3000, files=names, placeholder="#102030")
        images[image_id(url)] = Image(state=ImageState.REHOSTED, picture=shown, media=media)
    ready = Ready(revision=post.revision, generation=1, images=images)
    releases = [ReleaseImage(image=id) for id in images]
    posts.save_ready(post, ready, post.pending_images.add(*releases))
    stored = posts.read(post.id)
    assert stored is not None
    assert stored.ready == ready
    item = world.table.get(f"POST#{post.id}", "META")
    assert len(json.dumps(item, default=str)) < 400_000


def test_two_urls_of_equal_bytes_share_their_media(world: World, origin: Origin) -> None:
    """A post deleted with its URL leaves the page of the other URL its image, also in the end."""
    origin.files["/boat.jpg"] = origin.files["/copy.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.put("posts/b.md", plain("B", "![x](http://images.example/copy.jpg)", slug="b"))
    world.run()
    world.delete("posts/b.md")
    world.run()
    world.later(days=4)
    world.maintain.run(world.now)
    world.run()
    page = world.page(PATH) or ""
    assert "<picture" in page
    (fallback,) = re.findall(r'<img src="/(-/media/[^"]+)"', page)
    assert fallback in world.pages()


def test_a_post_of_300_images_takes_several_invocations(world: World, origin: Origin) -> None:
    """Each goes on where the last one stopped: every image is asked for once, no message dies."""
    origin.wait = lambda: world.stopwatch.sleep(0.125)  # 81 to 86 begin in 10 seconds, 6 at once
    names = [f"/{number}.jpg" for number in range(300)]
    for number, name in enumerate(names):
        origin.files[name] = picture(size=(8 + number, 4))
    body = "\n\n".join(f"![x](http://images.example{name})" for name in names)
    world.put("posts/a.md", plain("A", body, slug="a"))
    world.parse.look("posts/a.md")
    (first,) = world.take("images")
    world.deliver("images", first)
    (more,) = world.take("bulk")
    assert (more["post"], more["hop"]) == (world.fed("posts/a.md").id, 1)
    world.deliver("bulk", more)
    world.run()
    assert world.dead == []
    ready = world.fed("posts/a.md").ready
    assert ready is not None
    missing = [id for id, image in ready.images.items() if image.state != ImageState.REHOSTED]
    assert [world.stores.images.find(id) for id in missing] == []
    assert ready.generation == 4
    assert sorted(origin.requests) == sorted(names)
    assert list(world.table.query("LIST#owed")) == []
    assert (world.page(PATH) or "").count("<picture") == 300
