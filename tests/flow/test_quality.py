"""Another quality makes the variants of all images anew, of their originals, without a fetch."""

import base64
from typing import Any

import pytest

from flow.same_site import assert_same_site
from flow.world import Origin, World, picture, plain
from presswork import imaging
from presswork.errors import RetryLater

PATH = "/2026/05/a/"
BODY = "![x](http://images.example/boat.jpg)"


def recipes(world: World, path: str = PATH) -> set[str]:
    """The recipes of the media that a page shows, all of which are there."""
    page, keys = world.page(path) or "", set(world.keys("site"))
    urls = {part.partition('"')[0].partition(" ")[0] for part in page.split('="/-/media/')[1:]}
    assert urls
    assert all(f"-/media/{url}" in keys for url in urls), urls
    return {url.split("/")[1] for url in urls}


def test_a_changed_quality_makes_all_variants_anew(world: World, origin: Origin) -> None:
    """Remote, embedded and own images: the swept pages show the new ones, nothing is fetched."""
    origin.files["/boat.jpg"] = picture()
    uri = f"data:image/jpeg;base64,{base64.b64encode(picture('red')).decode()}"
    world.put("posts/photo.jpg", picture("green"))
    bodies = {"a": BODY, "b": f"![x]({uri})", "c": "![x](photo.jpg)"}
    for name, body in bodies.items():
        world.put(f"posts/{name}.md", plain(name, body, slug=name))
    world.run()
    paths = [f"/2026/05/{name}/" for name in bodies]
    assert [recipes(world, path) for path in paths] == [{imaging.recipe()}] * 3
    fetched, kept = list(origin.requests), world.keys("vault")
    for quality in (60, 80):
        world.put("site.yaml", f"images: {{quality: {quality}}}\n")
        world.run()
        assert [recipes(world, path) for path in paths] == [{imaging.recipe(quality)}] * 3
    assert origin.requests == fetched
    assert world.keys("vault") == kept
    assert world.dead == []
    assert_same_site(world)


def test_a_lower_quality_makes_smaller_files(world: World, origin: Origin) -> None:
    """The setting reaches the encoders, for images that come home under it, too."""
    world.put("site.yaml", "images: {quality: 40}\n")
    world.run()
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    assert recipes(world) == {imaging.recipe(40)}
    low = [world.pages()[key] for key in world.keys("site") if key.endswith("120.webp")]
    assert low == [imaging.make(picture(), quality=40).files["120.webp"]]


def test_a_page_that_is_not_swept_yet_keeps_its_files(world: World, origin: Origin) -> None:
    """The files of the earlier recipe stay until the media are taken away."""
    origin.files["/boat.jpg"] = picture()
    for name in "ab":
        world.put(f"posts/{name}.md", plain(name, BODY, slug=name))
    world.run()
    world.put("site.yaml", "images: {quality: 60}\n")
    world.hint("posts/a.md")
    for body in world.take("parse"):
        world.deliver("parse", body)
    for name in ("images", "render"):
        for body in world.take(name):
            world.deliver(name, body)
    assert recipes(world) == {imaging.recipe(60)}
    assert recipes(world, "/2026/05/b/") == {imaging.recipe()}
    world.run()
    assert recipes(world, "/2026/05/b/") == {imaging.recipe(60)}
    for name in "ab":
        world.delete(f"posts/{name}.md")
    world.run()
    world.later(days=3)
    world.maintain.run(world.now)
    world.run()
    assert not [key for key in world.keys("site") if key.startswith("-/media/")]


def test_media_that_cannot_be_made_anew_stay_as_they_are(world: World, origin: Origin) -> None:
    """Of an original that was forgotten the earlier variants are shown; the stage comes to rest."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()
    for key in world.keys("vault"):
        world.s3.delete_object(Bucket="vault", Key=key)
    world.put("site.yaml", "images: {quality: 60}\n")
    world.run()
    assert recipes(world) == {imaging.recipe()}
    assert world.dead == []
    assert origin.requests == ["/boat.jpg"]


@pytest.mark.parametrize(
    "failure", [imaging.Refused("image.memory", "too much"), RetryLater("it was lost")]
)
def test_what_fails_to_be_made_anew_stays_as_it_is(
    world: World, origin: Origin, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    """An image that is home is never lost to newer limits, nor to a maker that dies."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/a.md", plain("A", BODY, slug="a"))
    world.run()

    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(imaging, "make", fail)
    world.put("site.yaml", "images: {quality: 60}\n")
    world.run()
    assert recipes(world) == {imaging.recipe()}
    assert world.dead == []


def test_many_images_are_made_anew_in_continuations(
    world: World, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What there was no time for is shown by the earlier recipe, and taken up by the next one."""
    names = [f"/{number}.jpg" for number in range(38)]
    for number, name in enumerate(names):
        origin.files[name] = picture(size=(300, 200 + number))
    body = "\n\n".join(f"![x](http://images.example{name})" for name in names)
    world.put("posts/a.md", plain("A", body, slug="a"))
    world.run()
    world.put("site.yaml", "images: {quality: 60}\n")
    make = imaging.make

    def slow(data: bytes, **options: Any) -> imaging.Media:
        world.stopwatch.sleep(0.5)  # 20 to 35 begin in 10 seconds, 16 at once
        return make(data, **options)

    monkeypatch.setattr(imaging, "make", slow)
    world.run()
    ready = world.fed("posts/a.md").ready
    assert ready is not None
    assert ready.generation == 3
    assert {image.state.value for image in ready.images.values()} == {"rehosted"}
    assert recipes(world) == {imaging.recipe(60)}
    assert len(origin.requests) == 38


def test_two_that_make_media_anew_end_with_the_same(world: World, origin: Origin) -> None:
    """Whoever comes second finds them made; the item moves once."""
    origin.files["/boat.jpg"] = picture()
    for name in "ab":
        world.put(f"posts/{name}.md", plain(name, BODY, slug=name))
    world.run()
    world.put("site.yaml", "images: {quality: 60}\n")
    (hash,) = {key.split("/")[2] for key in world.keys("site") if key.startswith("-/media/")}
    shelf = world.images.media
    made = imaging.make(picture(), quality=60)

    def another() -> None:
        shelf.put(made, 1, imaging.recipe(60))

    world.before("PutItem", f"MEDIA#{hash}", another)
    world.run()
    assert not world.pending_crash()
    item = world.stores.media.read(hash)
    assert item is not None
    assert item.lock_version == 1
    assert recipes(world) == {imaging.recipe(60)}
