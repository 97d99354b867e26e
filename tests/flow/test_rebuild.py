"""rebuild: a site whose bucket was emptied is made again, byte for byte, and nobody is told."""

from typing import Any

import pytest

from flow.same_site import assert_same_site
from flow.test_operating import Operated
from flow.test_same_site import ORIGIN, settle_down, worlds
from flow.world import World, picture, plain
from presswork import imaging
from presswork.stages.images import stage as images_stage
from presswork.stages.images.stage import ImagesStage
from presswork.stages.parse import backfill as backfill_module
from presswork_cli.operate import rebuild as module
from presswork_cli.operate.rebuild import rebuild
from presswork_cli.printing.answers import RebuildAnswer

HOME = "![x](http://images.example/home.jpg)"
ALONE = "![x](http://images.example/alone.jpg)"
ORIGIN.files["/alone.jpg"] = picture("olive", (640, 480))
URLS = {
    "ParseQueue": "parse",
    "ParseBulkQueue": "backfill",
    "ImagesQueue": "images",
    "ImagesBulkQueue": "bulk",
    "RenderQueue": "render",
    "IndexQueue": "index",
}


class Rebuilt(Operated):
    """The world as its operator reaches it, with all its queues."""

    def resource(self, logical_id: str) -> str:
        """A queue's URL."""
        return str(self.world.urls[URLS[logical_id]])


def _objects(world: World) -> dict[str, tuple[bytes, dict[str, str]]]:
    """Every object of the site: its bytes, and how it is answered."""
    heads = {key: world.s3.head_object(Bucket="site", Key=key) for key in world.keys("site")}
    return {key: (body, heads[key]["Metadata"]) for key, body in world.pages().items()}


def _empty(world: World) -> None:
    for key in world.keys("site"):
        world.bucket.delete(key)


def _rebuild(world: World, watch: Any = lambda _: None) -> RebuildAnswer:
    return rebuild(Rebuilt(world), timeout=60, watch=watch)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0)


def _publish_all(world: World) -> None:
    """A site of everything: images of two kinds, tags, moves, removals, an alias, a theme."""
    world.put("site.yaml", "title: Harbour\ntheme: {accent: '#003366'}\n")
    world.run()  # before anything has a stylesheet of other colours, which would stay
    world.put("theme/base.html", '<!-- ours -->{% extends "default/base.html" %}')
    world.put("theme/logo.svg", "<svg/>")
    world.put("static/own.jpg", picture("navy"))
    world.put("posts/a.md", plain("A", ALONE, date="2020-01-01", tags="[sea]", series="Boats"))
    world.put("posts/b.md", plain("B", f"{HOME} ![y](/static/own.jpg)", date="2020-02-01"))
    world.put("posts/c.md", plain("C", date="2020-02-02", aliases="[/old/]", tags="[sea, land]"))
    world.put("posts/gone.md", plain("Gone", HOME, date="2020-03-01"))
    world.put("posts/moved.md", plain("Moved", slug="first", date="2021-03-01", series="Boats"))
    world.put("posts/bad.md", plain("Bad", HOME, date="2022-03-01"))
    world.put("pages/about.md", plain("About", "Us."))
    settle_down(world, 1)
    world.delete("posts/gone.md")
    world.put("posts/moved.md", plain("Moved", slug="second", date="2021-03-01", series="Boats"))
    world.put("posts/bad.md", "---\ntitle: [broken\n---\n")
    settle_down(world, 2)


def test_an_emptied_bucket_is_filled_byte_for_byte() -> None:
    """Pages, lists, feeds, stubs, assets and media: the same keys, bytes and answers."""
    with worlds() as world:
        _publish_all(world)
        before, requests = _objects(world), len(ORIGIN.requests)
        mails, hooks = len(world.mails()), len(ORIGIN.received)
        assert {meta.get("presswork-status") for _, meta in before.values()} == {None, "301", "410"}
        assert [key for key in before if key.startswith("-/media/")]
        _empty(world)
        answer = _rebuild(world)
        assert (answer.done, answer.resumed) == (True, False)
        after = _objects(world)
        assert after.keys() == before.keys()
        assert {key for key in before if after[key] != before[key]} == set()
        assert len(ORIGIN.requests) == requests, "an image was fetched again"
        assert (len(world.mails()), len(ORIGIN.received)) == (mails, hooks)
        assert_same_site(world)


def test_a_month_that_is_split_is_split_again() -> None:
    """Days and parts of days come back with their posts."""
    with worlds(most=2) as world:
        for number in range(9):
            day = f"2020-03-0{1 + number % 3}"
            world.put(f"posts/{number}.md", plain(f"P{number}", slug=f"p{number}", date=day))
        settle_down(world, 1)
        before = _objects(world)
        assert "2020/03/01/index.html" in before
        _empty(world)
        _rebuild(world)
        assert _objects(world) == before


def test_a_rebuild_of_a_whole_site_writes_nothing() -> None:
    """What is as it should be is compared, and left as it is."""
    with worlds() as world:
        _publish_all(world)
        world.renew_workers()  # which know of no object, and ask for each before they write
        world.calls.clear()
        _rebuild(world)
        assert world.calls["PutObject"] == len({"logo.svg"})  # refused: it is there
        assert world.calls["DeleteObject"] == 0


def test_each_rebuild_is_a_new_one() -> None:
    """What was lost after one rebuild comes back with the next; a lost page and a lost image do."""
    with worlds() as world:
        _publish_all(world)
        before = _objects(world)
        for _ in range(2):
            _empty(world)
            _rebuild(world)
            assert _objects(world) == before


def test_a_post_that_is_scheduled_has_its_images_again() -> None:
    """Images that came home ahead of their post are seen to, too."""
    with worlds() as world:
        world.put("posts/a.md", plain("A", HOME, date="2030-05-05"))
        settle_down(world, 1)
        media = {key for key in world.keys("site") if key.startswith("-/media/")}
        _empty(world)
        _rebuild(world)
        assert media
        assert {key for key in world.keys("site") if key.startswith("-/media/")} == media


def test_media_that_nobody_showed_in_a_rebuild_are_made_when_somebody_does() -> None:
    """The table may know media whose files went with the bucket."""
    with worlds() as world:
        world.put("posts/a.md", plain("A", HOME))
        settle_down(world, 1)
        media = {key for key in world.keys("site") if key.startswith("-/media/")}
        world.delete("posts/a.md")
        world.run()
        _empty(world)
        _rebuild(world)
        assert not media & set(world.keys("site"))
        world.put("posts/b.md", plain("B", HOME))
        world.run()
        assert media <= set(world.keys("site"))


def test_a_post_of_many_images_takes_several_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """What there was no time for is taken up by a continuation; pages keep their images."""
    with worlds() as world:
        world.put("static/a.jpg", picture("navy", (900, 600)))
        world.put("posts/a.md", plain("A", f"{HOME} ![y](/static/a.jpg)"))
        settle_down(world, 1)
        before = _objects(world)
        _empty(world)
        hops: list[int] = []
        states: set[str] = set()
        make, prepare = imaging.make, ImagesStage.prepare

        def slow(data: bytes, **options: Any) -> Any:
            world.stopwatch.sleep(images_stage.WAIT_SECONDS + 1)
            return make(data, **options)

        def counted(stage: ImagesStage, id: str, hop: int = 0, *, bulk: bool = False) -> None:
            hops.append(hop)
            prepare(stage, id, hop, bulk=bulk)
            ready = world.fed("posts/a.md").ready
            states.update(image.state for image in (ready.images if ready else {}).values())

        monkeypatch.setattr(imaging, "make", slow)
        monkeypatch.setattr(images_stage, "AT_ONCE", 1)
        monkeypatch.setattr(ImagesStage, "prepare", counted)
        _rebuild(world)
        assert _objects(world) == before
        assert hops.count(1) == 1
        assert states == {"rehosted"}
        post = world.fed("posts/a.md")
        assert post.ready is not None
        assert post.ready.rebuild == 1


def test_a_rebuild_that_has_not_ended_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given again while it goes on, the command follows it; its progress can be read."""
    monkeypatch.setattr(backfill_module, "PAGE", 2)
    with worlds() as world:
        _publish_all(world)
        before = _objects(world)
        _empty(world)
        monkeypatch.setattr(world, "run", lambda *_, **__: None)
        first = rebuild(Rebuilt(world), timeout=0, watch=lambda _: None)
        assert (first.done, first.waiting) == (False, 1)
        number = world.stores.sites.read().rebuild
        monkeypatch.undo()
        monkeypatch.setattr(module, "_PAUSE", 0)
        heard: list[RebuildAnswer] = []
        answer = _rebuild(world, heard.append)
        assert (answer.resumed, answer.done, answer.waiting) == (True, True, 0)
        assert answer.sent == 8
        assert heard[-1].sent_all
        assert world.stores.sites.read().rebuild == number
        assert _objects(world) == before


def test_what_no_original_is_left_of_is_asked_for_again() -> None:
    """An original that was forgotten is owed, and its page says so until it comes."""
    with worlds() as world:
        world.put("posts/a.md", plain("A", HOME, date="2020-01-01"))
        settle_down(world, 1)
        for key in world.keys("vault"):
            world.s3.delete_object(Bucket="vault", Key=key)
        _empty(world)
        _rebuild(world)
        assert "<picture" not in (world.page("/2020/01/a/") or "")
        world.later(hours=1)
        settle_down(world, 2)
        assert "<picture" in (world.page("/2020/01/a/") or "")
        (image,) = (world.fed("posts/a.md").ready or pytest.fail("not ready")).images.values()
        assert image.media is not None
        assert world.stores.media.read(image.media) is not None
