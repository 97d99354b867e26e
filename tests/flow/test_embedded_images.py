"""Images that stand in a post as `data:` URIs become media like those that are fetched."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest

from flow.world import Origin, World, picture, plain
from presswork.content.html import embedded
from presswork.messages import RetryImage
from presswork.post import ImageState

PATH = "/2026/05/a/"
DRAWING = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='80' height='60'>"
    b"<script>alert(1)</script><rect width='80' height='60' fill='red' stroke-width='3'/></svg>"
)


def uri(data: bytes, mime: str = "image/jpeg") -> str:
    """The bytes as a `data:` URI."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def states(world: World, key: str = "posts/a.md") -> list[str]:
    """How far the images of a post have come."""
    ready = world.fed(key).ready
    assert ready is not None
    return [image.state.value for image in ready.images.values()]


@pytest.mark.parametrize(
    "spell",
    [
        "![Boat]({})".format,
        '<p><img src="{}" alt="Boat"></p>'.format,
        '<p><IMG SRC=" {}" alt="Boat" style="width: 3em"></p>'.format,
        "![Boat][it]\n\n[it]: {}".format,
    ],
)
def test_an_embedded_image_becomes_media(
    world: World, origin: Origin, spell: Callable[[str], str]
) -> None:
    """Its bytes are kept with their source, and the page shows what was made of them, once."""
    data = picture(size=(1700, 1100))
    assert len(data) > 20_000
    world.put("posts/a.md", plain("A", spell(uri(data)), slug="a"))
    world.run()
    assert world.dead == []
    page, hash = world.page(PATH) or "", hashlib.sha256(data).hexdigest()
    assert page.count("<picture") == 1
    assert f'src="/-/media/{hash}/' in page
    assert origin.requests == []
    kept = {key: world.s3.get_object(Bucket="vault", Key=key) for key in world.keys("vault")}
    assert kept.keys() == {f"originals/{hash}"}
    original = kept[f"originals/{hash}"]
    assert original["Body"].read() == data
    record = json.loads(original["Metadata"]["presswork-source"])
    assert (record["sha256"], record["post"]) == (hash, world.fed("posts/a.md").id)
    assert record["canonical"] == embedded.name_of(data)


def test_nothing_holds_the_uri_itself(world: World) -> None:
    """A megabyte-long URI leaves small items, and no `data:` in any object of the site."""
    data = picture(size=(1200, 800)) + b"\0" * 1_000_000
    world.put("posts/a.md", plain("A", f"![x]({uri(data)})", slug="a"))
    world.run()
    assert states(world) == ["rehosted"]
    assert max(len(repr(item)) for item in world.items()) < 10_000
    objects = {key: body for key, body in world.pages().items() if not key.startswith("-/media/")}
    assert [key for key, body in objects.items() if b"data:image" in body] == []
    assert max(map(len, objects.values())) < 100_000


def test_a_drawing_is_cleaned(world: World) -> None:
    """An embedded SVG, spelled with percent signs, is media without its script."""
    world.put(
        "posts/a.md",
        plain("A", f'<p><img src="data:image/svg+xml;utf8,{quote(DRAWING)}"></p>', slug="a"),
    )
    world.run()
    assert states(world) == ["rehosted"]
    media = [body for key, body in world.pages().items() if key.startswith("-/media/")]
    assert [b"rect" in body and b"script" not in body for body in media] == [True]


@pytest.mark.parametrize(
    ("data", "state"), [(b"no picture at all" * 20, "refused"), (DRAWING[:140], "refused")]
)
def test_what_is_no_picture_leaves_a_note(world: World, data: bytes, state: str) -> None:
    """The page names what is missing, without a link, and without the bytes."""
    world.put("posts/a.md", plain("A", f"![A boat]({uri(data)})", slug="a"))
    world.run()
    page = world.page(PATH) or ""
    assert states(world) == [state]
    assert "A boat" in page
    assert 'class="note"' in page
    assert "data:" not in page
    assert "ni:" not in page
    assert world.keys("vault") == []


@pytest.mark.parametrize(
    "body",
    [
        f"![x]({uri(b'GIF89a' + bytes(60))})",
        f'<p><img src="{uri(b"GIF89a" + bytes(60))}"></p>',
        "![x](data:image/png;base64," + "!" * 200 + ")",
        f'<p style="background: url({uri(bytes(300))})">Words.</p>',
        f'<p><img src="{embedded.name_of(picture())}"></p>',
        f'<p><a href="{embedded.name_of(picture())}">x</a></p>',
    ],
)
def test_what_is_none_is_no_image(world: World, body: str) -> None:
    """A placeholder, broken Base64, a background, and a name that nothing embedded stands for."""
    world.put("posts/a.md", plain("A", body, slug="a"))
    world.run()
    page = world.page(PATH) or ""
    assert world.fed("posts/a.md").ready is None or states(world) == []
    assert "data:" not in page
    assert "ni:" not in page


def test_posts_of_the_same_bytes_share_their_media(world: World) -> None:
    """Whatever type each declares, they are one image, made and kept once."""
    for name, mime in (("a", "image/jpeg"), ("b", "image/png")):
        world.put(f"posts/{name}.md", plain(name, f"![x]({uri(picture(), mime)})", slug=name))
    world.run()
    assert len([key for key in world.keys("vault") if key.startswith("originals/")]) == 1
    for name in "ab":
        assert "<picture" in (world.page(f"/2026/05/{name}/") or ""), name
    assert list(world.table.query("LIST#owed")) == []


def test_a_worker_that_dies_at_it_is_made_up_for(world: World) -> None:
    """An embedded image that is owed is asked of the posts that hold it: they come up to date."""
    world.put("posts/a.md", plain("A", f"![x]({uri(picture())})", slug="a"))
    world.put("posts/b.md", plain("B", f"![x]({uri(picture())})", slug="b"))
    url = embedded.name_of(picture())
    world.images = replace(world.images, patience=0.05)
    for _ in range(5):
        world.crash_at("PutObject", "originals/")
        world.run()
        if world.dead:
            break
        world.later(minutes=3)
        world.maintain.run(world.now)
    world._hooks.clear()
    image = world.stores.images.read(url)
    assert image is not None
    assert image.state is ImageState.OWED
    world.later(minutes=3)
    world.maintain.run(world.now)
    world.run()
    for name in "ab":
        assert "<picture" in (world.page(f"/2026/05/{name}/") or ""), name
    assert list(world.table.query("LIST#owed")) == []


def test_a_refused_one_is_judged_anew_on_demand(world: World) -> None:
    """`heal --state refused` has its posts bring it again, under the rules of today."""
    world.put("posts/a.md", plain("A", f"![x]({uri(b'no picture' * 30)})", slug="a"))
    world.run()
    url = embedded.name_of(b"no picture" * 30)
    before = world.stores.images.read(url)
    world.deliver("bulk", RetryImage(url=url, anew=True).model_dump())
    world.run()
    after = world.stores.images.read(url)
    assert before is not None
    assert after is not None
    assert after.state is ImageState.REFUSED
    assert after.lock_version > before.lock_version + 1
    assert after.reason == before.reason == "image.type"


def test_collected_media_are_made_again_of_the_original(world: World) -> None:
    """What nobody showed for two days comes back with the next post that embeds it."""
    body = f"![x]({uri(picture())})"
    world.put("posts/a.md", plain("A", body, slug="a"))
    world.run()
    world.delete("posts/a.md")
    world.run()
    world.later(days=3)
    world.maintain.run(world.now)
    world.run()
    assert not [key for key in world.pages() if key.startswith("-/media/")]
    world.put("posts/b.md", plain("B", body, slug="b"))
    world.run()
    assert "<picture" in (world.page("/2026/05/b/") or "")
