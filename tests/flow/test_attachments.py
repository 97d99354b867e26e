"""Files that a post links to come along, to be saved; pages follow when they change."""

import hashlib
import io
import json
import zipfile

import pytest

from flow.same_site import assert_same_site
from flow.world import Origin, World, picture, plain
from presswork.content import attachments
from presswork.content.own_files import own_url
from presswork.post import ImageState

PATH = "/2026/05/a/"
PDF = b"%PDF-1.7\n1 0 obj\n"
MP3 = b"ID3\4\0" + bytes(99)
MP4 = b"\0\0\0\x18ftypmp42" + bytes(9)


def archive() -> bytes:
    """A small ZIP file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.txt", "text")
    return file.getvalue()


def copy(data: bytes, name: str) -> str:
    """The site key of a file."""
    return f"-/media/{hashlib.sha256(data).hexdigest()}/{name}"


def links(world: World, path: str = PATH) -> list[str]:
    """The addresses in the text of a page."""
    page = world.page(path) or ""
    text = page[page.index('class="text"') :] if 'class="text"' in page else page
    return [part.partition('"')[0] for part in text.split('href="')[1:]]


@pytest.mark.parametrize(
    ("address", "file", "data", "copied"),
    [
        ("paper.pdf", "posts/paper.pdf", PDF, ("paper.pdf", "application/pdf")),
        ("./a%20b.PDF#page=2", "posts/a b.PDF", PDF, ("a-b.pdf", "application/pdf")),
        ("all.zip", "posts/a/all.zip", archive(), ("all.zip", "application/zip")),
        ("/assets/tune.mp3", "assets/tune.mp3", MP3, ("tune.mp3", "audio/mpeg")),
        ("/film.mp4", "static/film.mp4", MP4, ("film.mp4", "video/mp4")),
        ("a.csv", "posts/a.csv", b"<script>,1\n", ("a.csv", "text/csv; charset=utf-8")),
        ("way.gpx", "posts/way.gpx", b"<?xml?>", ("way.gpx", "application/octet-stream")),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_file_that_a_post_links_to_comes_along(
    world: World, address: str, file: str, data: bytes, copied: tuple[str, str], *, is_first: bool
) -> None:
    """Its copy has its own name and type, and is saved, never opened, by who follows the link."""
    if is_first:
        world.put(file, data)
        world.run()
    world.put("posts/a.md", plain("A", f"[It](<{address}>)", slug="a"))
    world.run()
    if not is_first:
        assert address in links(world)
        world.put(file, data)
        world.run()
    assert world.dead == []
    name, mime = copied
    key = copy(data, name)
    assert f"/{key}" in links(world)
    assert world.pages()[key] == data
    head = world.s3.head_object(Bucket="site", Key=key)
    assert (head["ContentType"], head["ContentDisposition"]) == (mime, "attachment")
    document = json.loads(world.pages()["2026/05/a/index.json"])
    assert f'href="https://site.example/{key}"' in document["html"]
    assert world.keys("vault") == []
    assert_same_site(world)


def test_a_replaced_file_updates_the_posts_that_link_to_it(world: World) -> None:
    """Their links lead to the new bytes, and a page that has no such link is not made again."""
    world.put("posts/paper.pdf", PDF)
    for name in "ab":
        world.put(f"posts/{name}.md", plain(name, "[p](paper.pdf)", slug=name))
    world.put("posts/other.md", plain("Other", slug="other"))
    world.run()
    world.announced.clear()
    world.put("posts/paper.pdf", PDF + b"2")
    world.run()
    for name in "ab":
        assert f"/{copy(PDF + b'2', 'paper.pdf')}" in links(world, f"/2026/05/{name}/")
    assert {event.subject for event in world.announced} == {"posts/a.md", "posts/b.md"}
    world.later(days=3)
    world.maintain.run(world.now)
    world.run()
    assert [key for key in world.keys("site") if key.startswith("-/media/")] == [
        copy(PDF + b"2", "paper.pdf")
    ]


def test_a_file_that_is_gone_leaves_its_link_and_is_owed(world: World) -> None:
    """The link is as the author wrote it, and the command that lists images names the file."""
    world.put("posts/paper.pdf", PDF)
    world.put("posts/a.md", plain("A", "[p](paper.pdf)", slug="a"))
    world.run()
    marker = world.delete("posts/paper.pdf")
    world.run()
    assert "paper.pdf" in links(world)
    image = world.stores.images.read(own_url("paper.pdf", "posts/a.md") or "")
    assert image is not None
    assert image.state is ImageState.OWED
    assert "posts/paper.pdf" in (image.reason or "")
    world.undelete("posts/paper.pdf", marker)
    world.run()
    assert f"/{copy(PDF, 'paper.pdf')}" in links(world)


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("paper.pdf", b"<html><script>alert(1)</script>", "file.type"),
        ("all.zip", PDF, "file.type"),
        ("tune.mp3", b"text", "file.type"),
        ("data.csv", b"a\0b", "file.type"),
        ("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(2000), "image.bytes"),
    ],
)
def test_what_is_not_what_it_says_stays_away(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, rule: str
) -> None:
    """Bytes that do not fit the suffix, or are too many, are refused; the link stays."""
    monkeypatch.setattr(attachments, "MOST_BYTES", 1000)
    world.put(f"posts/{name}", data)
    world.put("posts/a.md", plain("A", f"[p]({name})", slug="a"))
    world.run()
    assert name in links(world)
    assert [key for key in world.keys("site") if key.startswith("-/media/")] == []
    image = world.stores.images.read(own_url(name, "posts/a.md") or "")
    assert image is not None
    assert (image.state, image.reason) == (ImageState.REFUSED, rule)


@pytest.mark.parametrize(
    "address", ["page.html", "drawing.html", "feed.xml", "/feed.json", "run.js", "a.exe"]
)
def test_other_links_are_left_alone(world: World, address: str) -> None:
    """A page, a feed or a program beside a post is not copied."""
    world.put(f"assets/{address.lstrip('/')}", b"<script>")
    world.put("posts/a.md", plain("A", f"[p]({address}) [q](/assets/{address})", slug="a"))
    world.run()
    assert address in links(world)
    assert [key for key in world.keys("site") if key.startswith("-/media/")] == []
    ready = world.fed("posts/a.md").ready
    assert ready is not None
    assert ready.images == {}


def test_a_linked_picture_is_made_like_any(world: World) -> None:
    """The original, with its place and camera, stays where it is; the link leads to a variant."""
    world.put("posts/photo.jpg", picture())
    world.put("posts/a.md", plain("A", "[large](photo.jpg)", slug="a"))
    world.run()
    (link,) = [each for each in links(world) if each.startswith("/-/media/")]
    assert link.endswith(".jpeg")
    assert world.pages()[link.lstrip("/")] != picture()


def test_equal_files_have_each_their_name(world: World) -> None:
    """Two names of the same bytes are two copies, and both stay while one of them is linked to."""
    world.put("posts/one.pdf", PDF)
    world.put("posts/two.pdf", PDF)
    world.put("posts/a.md", plain("A", "[1](one.pdf) [2](two.pdf)", slug="a"))
    world.put("posts/b.md", plain("B", "[2](two.pdf)", slug="b"))
    world.run()
    assert {f"/{copy(PDF, 'one.pdf')}", f"/{copy(PDF, 'two.pdf')}"} <= set(links(world))
    world.delete("posts/a.md")
    world.run()
    world.later(days=3)
    world.maintain.run(world.now)
    world.run()
    assert world.pages()[copy(PDF, "two.pdf")] == PDF
    world.delete("posts/b.md")
    world.run()
    world.later(days=3)
    world.maintain.run(world.now)
    world.run()
    assert [key for key in world.keys("site") if key.startswith("-/media/")] == []
    world.put("posts/c.md", plain("C", "[1](one.pdf) [2](two.pdf)", slug="c"))
    world.run()
    for name in ("one.pdf", "two.pdf"):
        assert world.pages()[copy(PDF, name)] == PDF


def test_a_copy_that_is_missing_is_made_again(world: World, origin: Origin) -> None:
    """Media of these bytes that were remembered under another name do not stand in for it."""
    world.put("assets/one.pdf", PDF)
    world.put("posts/a.md", plain("A", "[1](/assets/one.pdf)", slug="a"))
    world.run()
    world.s3.delete_object(Bucket="site", Key=copy(PDF, "one.pdf"))
    world.put("posts/b.md", plain("B", "[1](/assets/one.pdf)", slug="b"))
    world.run()
    assert origin.requests == []
    assert world.pages()[copy(PDF, "one.pdf")] == PDF
