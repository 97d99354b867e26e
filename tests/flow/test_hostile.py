"""What people of bad will upload or point to costs them alone: its neighbours are live."""

from typing import Any

import pytest

from flow.world import Origin, World, picture, plain
from hostile_cases import IMAGES, NO_IMAGES, POSTS, SLOW, HostilePost
from presswork import content
from presswork.content.own_files import own_url
from presswork.post import ImageState, Status

PATH = "/2026/05/a/"
SHOWN = len(IMAGES) - len(NO_IMAGES) + 1


@pytest.mark.parametrize("post", POSTS.values(), ids=list(POSTS))
def test_a_hostile_post_is_live_or_rejected(world: World, post: HostilePost) -> None:
    """Each is live or rejected by its rule; the post beside it is live."""
    world.put("posts/hostile.md", post.source)
    world.put("posts/a.md", plain("A", slug="a"))
    world.run()
    source = world.source("posts/hostile.md")
    assert (source.error.rule if source.error else None) == post.rule
    assert source.status is (Status.REJECTED if post.rule else Status.LIVE)
    assert world.page(PATH) is not None
    assert world.dead == []


def test_a_post_that_takes_too_long_leaves_what_is_live(world: World) -> None:
    """It is rejected with its reason and a cure, its author told, and its last good page stays."""
    world.put("posts/a.md", plain("A", slug="a"))
    world.run()
    before = world.page(PATH)
    world.put("posts/a.md", SLOW)
    world.run()
    source = world.source("posts/a.md")
    assert source.status is Status.REJECTED
    assert source.error is not None
    assert source.error.rule == "post.time"
    assert source.error.fix
    assert before is not None
    assert world.page(PATH) == before
    assert any("posts/a.md" in mail and source.error.message in mail for mail in world.mails())


def test_who_makes_pages_has_more_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that parse took is not rejected where its page is made: there it has twice as long."""
    seconds: list[float] = []

    def parse(*given: Any, cpu_seconds: float, **more: Any) -> content.Parsed:
        seconds.append(cpu_seconds)
        return real(*given, cpu_seconds=cpu_seconds, **more)

    real = content.parse
    monkeypatch.setattr(content, "parse", parse)
    world.put("posts/a.md", plain("A", slug="a"))
    world.run()
    assert world.page(PATH) is not None
    assert set(seconds) == {2 * content.CPU_SECONDS}


def test_hostile_images_cost_no_post(world: World, origin: Origin) -> None:
    """What an origin gives that is no image is owed, for it may give one; the post is live."""
    origin.files |= {f"/{name}": data for name, data in IMAGES.items()}
    origin.files["/boat.jpg"] = picture()
    urls = [f"http://images.example/{name}" for name in (*IMAGES, "boat.jpg")]
    world.put("posts/a.md", plain("A", "\n\n".join(f"![x]({url})" for url in urls), slug="a"))
    world.run()
    for name in NO_IMAGES:
        image = world.stores.images.read(f"http://images.example/{name}")
        assert image is not None
        assert image.state is ImageState.OWED
        assert "is no image" in (image.reason or "")
    assert (world.page(PATH) or "").count("<picture") == SHOWN
    assert world.dead == []


def test_hostile_files_cost_no_post(world: World) -> None:
    """Those beside a post that are no image are refused; the post is live with what is one."""
    for name, data in (IMAGES | {"boat.jpg": picture()}).items():
        world.put(f"posts/{name}", data)
    world.put("posts/a.md", plain("A", "\n\n".join(f"![x]({n})" for n in (*IMAGES, "boat.jpg"))))
    world.run()
    for name in NO_IMAGES:
        image = world.stores.images.read(own_url(name, "posts/a.md") or "")
        assert image is not None
        assert (image.state, image.reason) == (ImageState.REFUSED, "image.type")
    assert (world.page(PATH) or "").count("<picture") == SHOWN
    assert world.dead == []
