"""Images beside a post come from the bucket, and pages follow when their files change."""

import hashlib
import json

import pytest

from flow.same_site import assert_same_site
from flow.world import Origin, World, picture, plain
from presswork.content.own_files import keys_of, own_url

PATH = "/2026/05/a/"


def shown(world: World, path: str = PATH) -> int:
    """How many pictures a page shows, all of whose files are there."""
    page, pages = world.page(path) or "", world.pages()
    fallbacks = [part.partition('"')[0] for part in page.split('<img src="/')[1:]]
    assert all(key in pages for key in fallbacks), fallbacks
    return page.count("<picture")


def media(world: World) -> set[str]:
    """The sha256 of all media that the page of the post shows."""
    page = world.page(PATH) or ""
    return {part.partition("/")[0] for part in page.split("/-/media/")[1:]}


@pytest.mark.parametrize(
    ("key", "address", "file"),
    [
        ("posts/a.md", "photo.jpg", "posts/photo.jpg"),
        ("posts/a.md", "./img/photo.jpg", "posts/img/photo.jpg"),
        ("posts/a.md", "photo.jpg", "posts/a/photo.jpg"),
        ("posts/2026/a.md", "../photo.jpg", "posts/photo.jpg"),
        ("posts/a/index.md", "photo.jpg", "posts/a/photo.jpg"),
        ("posts/a.md", "/assets/photo.jpg", "assets/photo.jpg"),
        ("posts/a.md", "/assets/photo.jpg", "posts/assets/photo.jpg"),
        ("posts/a.md", "/images/photo.jpg", "static/images/photo.jpg"),
        ("posts/a.md", "my%20photo.jpg", "posts/my photo.jpg"),
        ("posts/a.md", "photo.jpg?v=3", "posts/photo.jpg"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_file_beside_a_post_is_its_image(
    world: World, origin: Origin, key: str, address: str, file: str, *, is_first: bool
) -> None:
    """Wherever writers put it, and whichever of the two is uploaded first; nothing is fetched."""
    if is_first:
        world.put(file, picture())
        world.run()
    world.put(key, plain("A", f"![x]({address})", slug="a"))
    world.run()
    if not is_first:
        assert shown(world) == 0
        world.put(file, picture())
        world.run()
    assert world.dead == []
    assert shown(world) == 1
    assert origin.requests == []
    assert world.keys("vault") == []


def test_a_replaced_file_updates_the_posts_that_show_it(world: World) -> None:
    """Its pages show the new picture, and no other post is touched."""
    for name in "abc":
        world.put(f"posts/{name}.md", plain(name, "![x](photo.jpg)", slug=name))
    world.put("posts/other.md", plain("Other", "![x](other.jpg)", slug="other"))
    world.put("posts/photo.jpg", picture("red"))
    world.put("posts/other.jpg", picture("blue"))
    world.run()
    before, pages = media(world), world.pages()
    assert before
    world.announced.clear()
    world.put("posts/photo.jpg", picture("green"))
    world.run()
    after = media(world)
    assert len(after) == 1
    assert after != before
    for name in "abc":
        page = world.page(f"/2026/05/{name}/") or ""
        assert f"/-/media/{next(iter(after))}/" in page
        assert f"/-/media/{next(iter(before))}/" not in page
    assert world.pages()["2026/05/other/index.html"] == pages["2026/05/other/index.html"]
    assert {event.subject for event in world.announced} == {f"posts/{n}.md" for n in "abc"}
    assert world.types()["post.healed"] == 0


def test_a_deleted_file_leaves_a_note(world: World) -> None:
    """The page loses the picture with its file, and has it again when the file is back."""
    world.put("posts/photo.jpg", picture())
    world.put("posts/a.md", plain("A", "![A boat](photo.jpg)", slug="a"))
    world.run()
    marker = world.delete("posts/photo.jpg")
    world.run()
    assert shown(world) == 0
    assert "A boat" in (world.page(PATH) or "")
    world.undelete("posts/photo.jpg", marker)
    world.run()
    assert shown(world) == 1


def test_a_file_that_is_no_image_is_refused_until_it_is_one(world: World) -> None:
    """A text named like a picture is refused; replaced by a picture, it is shown."""
    world.put("posts/photo.jpg", b"no picture at all")
    world.put("posts/a.md", plain("A", "![x](photo.jpg)", slug="a"))
    world.run()
    ready = world.fed("posts/a.md").ready
    assert ready is not None
    assert [image.state.value for image in ready.images.values()] == ["refused"]
    world.put("posts/photo.jpg", picture())
    world.run()
    assert shown(world) == 1


def test_the_folder_of_the_post_comes_first(world: World) -> None:
    """Of two files that a reference may mean, that in the post's own folder is taken."""
    world.put("posts/photo.jpg", picture("red"))
    world.put("posts/a.md", plain("A", "![x](photo.jpg)", slug="a"))
    world.run()
    beside = media(world)
    world.put("posts/a/photo.jpg", picture("green"))
    world.run()
    assert media(world) != beside
    world.delete("posts/a/photo.jpg")
    world.run()
    assert media(world) == beside


def test_a_file_replaced_while_it_is_read_is_read_again(world: World) -> None:
    """The event of the second upload meets the lease of the first, and is not lost."""
    world.put("posts/photo.jpg", picture("red"))
    world.put("posts/a.md", plain("A", "![x](photo.jpg)", slug="a"))
    late: list[str] = []

    def replace_it() -> None:
        world.s3.put_object(Bucket="content", Key="posts/photo.jpg", Body=picture("green"))
        world.files.look("posts/photo.jpg")
        for body in world.take("bulk"):
            late.append("met")
            world.deliver("bulk", body)

    world.before("PutObject", "-/media/", replace_it)
    world.run()
    assert late == ["met"]
    url = own_url("photo.jpg", "posts/a.md")
    assert url is not None
    known = world.stores.images.read(url)
    assert known is not None
    assert known.media == hashlib.sha256(picture("green")).hexdigest()
    assert media(world) == {known.media}
    world.put("posts/b.md", plain("B", "![x](photo.jpg)", slug="b"))
    world.run()
    assert f"/-/media/{known.media}/" in (world.page("/2026/05/b/") or "")


def test_a_file_that_nobody_shows_is_nobodys(world: World) -> None:
    """With the last post that names it, the image and its place under the file go."""
    world.put("posts/photo.jpg", picture())
    world.put("posts/a.md", plain("A", "![x](photo.jpg)", slug="a"))
    world.run()
    (url,) = world.stores.files.images("posts/photo.jpg")
    assert keys_of(url) == ("posts/a/photo.jpg", "posts/photo.jpg")
    world.put("posts/a.md", plain("A", "No image.", slug="a"))
    world.run()
    assert list(world.stores.files.images("posts/photo.jpg")) == []
    assert world.stores.images.read(url) is None


def test_an_own_image_that_was_collected_is_made_again(world: World) -> None:
    """Of its file, without the vault."""
    world.put("posts/photo.jpg", picture())
    world.put("posts/a.md", plain("A", "![x](photo.jpg)", slug="a"))
    world.run()
    world.delete("posts/a.md")
    world.run()
    world.later(days=3)
    world.maintain.run(world.now)
    world.run()
    assert not [key for key in world.pages() if key.startswith("-/media/")]
    world.put("posts/a.md", plain("A", "![x](photo.jpg)", slug="a"))
    world.run()
    assert shown(world) == 1


def test_a_webhook_publishes_no_file_of_authors(world: World) -> None:
    """Its posts show files of its own folder and of those for all, whatever paths they name."""
    world.put("posts/secret.pdf", b"%PDF-1.7 secret")
    world.put("posts/photo.jpg", picture("red"))
    world.put("posts/hooks/other/photo.jpg", picture("blue"))
    world.put("posts/hooks/zapier/own.jpg", picture("green"))
    world.put("assets/logo.jpg", picture("white"))
    names = ("../../secret.pdf", "../../photo.jpg", "../other/photo.jpg", "/photo.jpg")
    links = "".join(f"[x]({name}) ![x]({name}) " for name in names)
    body = f"{links} ![x](own.jpg) ![x](/assets/logo.jpg)"
    world.put("posts/hooks/zapier/a.md", plain("A", body, slug="a"))
    world.run()
    shown = {hashlib.sha256(picture(colour)).hexdigest() for colour in ("green", "white")}
    assert {key.split("/")[2] for key in world.keys("site") if key.startswith("-/media/")} == shown


@pytest.mark.parametrize(
    "address", ["../../secret.jpg", "../site.yaml", "/../x.jpg", "/", "..", "http://[", "theme/x"]
)
def test_no_reference_leaves_the_folders_of_authors(address: str) -> None:
    """Whatever is written, only files below posts, pages, static and assets are read."""
    url = own_url(address, "posts/a.md")
    for key in keys_of(url) if url else ():
        assert key.startswith(("posts/", "static/", "assets/")), key
        assert ".." not in key.split("/")


@pytest.mark.parametrize(
    ("cover", "file"),
    [
        ("./photo.jpg", "posts/photo.jpg"),
        ("photo.jpg", "posts/a/photo.jpg"),
        ("/assets/photo.jpg", "assets/photo.jpg"),
        ("/assets/photo.jpg", "static/assets/photo.jpg"),
    ],
)
def test_a_file_is_the_cover_of_a_post(world: World, cover: str, file: str) -> None:
    """Its page, its card in lists, its data and the feeds show it; replaced, they follow."""
    world.put("posts/a.md", plain("A", slug="a", cover=cover))
    world.put(file, picture("red"))
    world.run()
    assert world.dead == []
    (before,) = media(world)
    assert shown(world) == 1
    data = json.loads(world.pages()["2026/05/a/index.json"])
    assert before in json.dumps(data["images"][0])
    assert data["images"][0]["url"] == data["cover"]
    for key in ("index.html", "feed.json"):
        assert before in world.pages()[key].decode(), key
    world.put(file, picture("green"))
    world.run()
    assert before not in media(world)
    assert before not in world.pages()["index.html"].decode()
    assert_same_site(world)


def test_a_cover_that_stands_in_the_text_is_shown_once(world: World) -> None:
    """Two names of one file are one picture."""
    world.put("posts/photo.jpg", picture())
    world.put("posts/a.md", plain("A", "![x](photo.jpg)", slug="a", cover="./photo.jpg"))
    world.run()
    assert shown(world) == 1


def test_a_site_of_own_images_is_verified(world: World) -> None:
    """What the stages made of images beside posts is what the plan from the whole set says."""
    world.put("posts/photo.jpg", picture())
    world.put("posts/a.md", plain("A", "![x](photo.jpg) ![y](absent.jpg)", slug="a"))
    world.run()
    assert_same_site(world)
