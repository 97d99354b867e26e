"""`presswork build`: a content folder becomes a site."""

import base64
import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from presswork import imaging
from unit.cli.test_app import run

POST = "---\ntitle: A calm sea\ndate: 2021-05-04\n{more}---\n\n{body}\n"


def post(path: Path, body: str = "The sea was calm.", **matter: str) -> Path:
    """Writes a post."""
    more = "".join(f"{key}: {value}\n" for key, value in matter.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(POST.format(more=more, body=body))
    return path


def picture() -> bytes:
    """A small JPEG."""
    file = io.BytesIO()
    Pillow.new("RGB", (60, 40), "teal").save(file, format="JPEG")
    return file.getvalue()


def files(out: Path) -> dict[str, bytes]:
    """What stands in a folder, by its path in it."""
    found = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A content folder with one post."""
    post(tmp_path / "blog" / "posts" / "sea.md", tags="[sea]")
    return tmp_path / "blog"


def build(
    capsys: pytest.CaptureFixture[str], blog: Path, *more: str
) -> tuple[int, dict[str, object], dict[str, bytes]]:
    """The exit code, the answer and the site of a build beside the folder."""
    out = blog.parent / "out"
    code, stdout, _ = run(capsys, "build", str(blog), "--out", str(out), "--json", *more)
    return code, json.loads(stdout), files(out)


def test_a_folder_becomes_a_site(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """Pages, lists, feed and sitemap stand as files, addressed as the settings say."""
    (blog / "site.yaml").write_text("title: Harbour\nbase_url: https://press.example\n")
    (blog / "static").mkdir()
    (blog / "static" / "key.txt").write_text("as it is")
    (blog / "static" / ".well-known").mkdir()
    (blog / "static" / ".well-known" / "security.txt").write_text("Contact: me")
    (blog / "static" / ".hidden").write_text("not")
    code, answer, site = build(capsys, blog)
    assert code == 0
    assert answer["summary"] == {"live": 1}
    assert answer["files"] == answer["written"] == len(site)
    assert {"2021/05/sea/index.html", "2021/05/sea/index.json", "index.html"} <= (site.keys())
    assert b"Harbour" in site["index.html"]
    assert b"https://press.example/2021/05/sea/" in site["feed.xml"]
    assert site["key.txt"] == b"as it is"
    assert site[".well-known/security.txt"] == b"Contact: me"
    assert not any("hidden" in key for key in site)
    assert answer["posts"] == [
        {
            "file": str(blog / "posts" / "sea.md"),
            "key": "posts/sea.md",
            "id": json.loads(site["2021/05/sea/index.json"])["id"],
            "status": "live",
            "revision": json.loads(site["2021/05/sea/index.json"])["revision"],
            "url": "https://press.example/2021/05/sea/",
            "images": {"total": 0, "rehosted": 0, "owed": 0, "refused": 0, "lost": 0},
            "repairs": [],
            "warnings": [],
            "error": None,
        }
    ]


def test_a_folder_shows_what_everybody_may_see(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """An unlisted post has a page alone; private ones have none, and their words are nowhere."""
    post(blog / "posts" / "quiet.md", "Whispered.", unlisted="true", slug="quiet", tags="[sea]")
    post(blog / "posts" / "family.md", "Secret.", password="hunter2", slug="kinfolk")
    post(blog / "posts" / "_drafts" / "later.md", "Unfinished.", slug="later")
    (blog / "posts" / "empty.md").touch()
    _, answer, site = build(capsys, blog)
    statuses = {each["key"]: each["status"] for each in answer["posts"]}  # type: ignore[attr-defined]
    assert statuses == {
        "posts/_drafts/later.md": "draft",
        "posts/empty.md": "skipped",
        "posts/family.md": "draft",
        "posts/quiet.md": "unlisted",
        "posts/sea.md": "live",
    }
    shown = {name for name, data in site.items() if b"Whispered." in data}
    assert {Path(name).parent.name for name in shown} == {"quiet"}
    (page,) = [name for name in shown if name.endswith(".html")]
    assert b'<meta name="robots" content="noindex">' in site[page]
    everything = b"".join(site.values())
    for word in (b"Secret.", b"hunter2", b"Unfinished.", b"kinfolk"):
        assert word not in everything


def test_a_static_file_replaces_nothing(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """It is told which may not stand where it would, why and what to do; the rest is built."""
    (blog / "static").mkdir()
    (blog / "static" / "index.html").write_text("mine")
    code, answer, site = build(capsys, blog)
    assert code == 1
    assert answer["summary"] == {"live": 1, "rejected": 1}
    assert site["index.html"] != b"mine"
    posts: Any = answer["posts"]
    assert posts[-1]["key"] == "static/index.html"
    assert posts[-1]["error"]["rule"] == "static.reserved"
    assert posts[-1]["error"]["fix"]


def test_a_post_comes_before_a_static_file(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """The file waits, and who claims its address is told; a file beside it is built."""
    post(blog / "posts" / "tool.md", permalink="/tool.html")
    for name in ("tool.html", "other.html"):
        (blog / "static").mkdir(exist_ok=True)
        (blog / "static" / name).write_text("mine")
    code, answer, site = build(capsys, blog)
    assert code == 1
    assert (site["tool.html"] != b"mine", site["other.html"]) == (True, b"mine")
    posts: Any = answer["posts"]
    assert (posts[-1]["key"], posts[-1]["status"]) == ("static/tool.html", "waiting")
    assert "posts/tool.md" in posts[-1]["error"]["message"]


def test_redirects_fill_addresses_that_nobody_holds(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """A post's own and a static file are left alone."""
    addresses = ("/gone.html", "/2021/05/sea/", "/file.html", "/demo/")
    lines = "".join(f"  {each}: /elsewhere/\n" for each in addresses)
    (blog / "site.yaml").write_text(f"redirects:\n{lines}")
    (blog / "static").mkdir()
    (blog / "static" / "file.html").write_text("mine")
    (blog / "static" / "demo").mkdir()
    (blog / "static" / "demo" / "index.json").write_text("{}")
    code, _, site = build(capsys, blog)
    assert code == 0
    assert b'url=/elsewhere/"' in site["gone.html"]
    assert b"A calm sea" in site["2021/05/sea/index.html"]
    assert site["file.html"] == b"mine"
    assert "demo/index.html" not in site


def test_on_disk_a_file_yields_to_a_folder(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """An alias of the name of a folder is left out, with a warning to its post."""
    post(blog / "posts" / "old.md", aliases="[/docs/node.js]")
    post(blog / "posts" / "new.md", permalink="/docs/node.js/", body="New words.")
    code, answer, site = build(capsys, blog)
    assert code == 0
    assert b"New words." in site["docs/node.js/index.html"]
    posts: Any = answer["posts"]
    (warning,) = next(each["warnings"] for each in posts if each["key"] == "posts/old.md")
    assert warning["rule"] == "alias.folder"
    assert "/docs/node.js" in warning["message"]


def test_what_is_rejected_is_told_as_a_compiler_does(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """File, line, reason and cure of each broken post; the others are built; exit 1."""
    broken = blog / "posts" / "broken.md"
    broken.write_text("---\ntitle: B\ndate: 2021-02-30\n---\n")
    out = blog.parent / "out"
    code, stdout, _ = run(capsys, "build", str(blog), "--out", str(out))
    assert code == 1
    assert f"{broken}:3:1: There is no such date as '2021-02-30'.\n  fix: Write it as" in stdout
    assert "1 live, 1 rejected" in stdout
    assert b"A calm sea" in files(out)["index.html"]


def test_two_posts_of_one_path_are_told(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """The first by key has the path, the other is left out with its name; exit 1."""
    post(blog / "posts" / "also.md", body="Another sea.", slug="sea")
    code, answer, site = build(capsys, blog)
    assert code == 1
    assert answer["summary"] == {"live": 1, "waiting": 1}
    assert b"Another sea." in site["2021/05/sea/index.html"]


def test_broken_settings_build_nothing(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """The settings' line and cure are told, and no site is made of defaults."""
    (blog / "site.yaml").write_text("title: H\ntitel: Harbour\n")
    code, stdout, _ = run(capsys, "build", str(blog), "--out", str(blog.parent / "out"))
    assert code == 1
    assert f"{blog / 'site.yaml'}:2:1: There is no setting 'titel'." in stdout
    assert not (blog.parent / "out").exists()


@pytest.mark.parametrize("out", [".", "..", "posts/.."])
def test_a_site_never_covers_its_content(
    capsys: pytest.CaptureFixture[str], blog: Path, out: str
) -> None:
    """The folder itself, or one around it, is refused as a place to build into; exit 2."""
    before = files(blog)
    code, _, err = run(capsys, "build", str(blog), "--out", str(blog / out), "--clean")
    assert code == 2
    assert "give --out another folder" in err
    assert files(blog) == before


def test_a_site_may_be_built_inside_its_folder(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """What an earlier build left below the folder is not read as content."""
    out = blog / "public"
    for _ in range(2):
        code, stdout, _ = run(capsys, "build", str(blog), "--out", str(out), "--json")
        assert (code, json.loads(stdout)["summary"]) == (0, {"live": 1})


@pytest.mark.parametrize("missing", ["absent", "posts/sea.md"])
def test_what_is_no_folder_is_exit_2(
    capsys: pytest.CaptureFixture[str], blog: Path, missing: str
) -> None:
    """A folder that cannot be read is named."""
    code, _, err = run(capsys, "build", str(blog / missing), "--out", str(blog.parent / "out"))
    assert code == 2
    assert missing in err


def test_an_address_that_is_none_is_exit_2(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """The option is held to what the setting is held to."""
    code, _, err = run(
        capsys, "build", str(blog), "--out", str(blog.parent / "out"), "--base-url", "press"
    )
    assert code == 2
    assert "write it as https://example.org" in err


def test_a_second_build_writes_nothing(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """Equal content is equal bytes: no file is touched, so that a copy has nothing to send."""
    _, _, first = build(capsys, blog)
    _, answer, second = build(capsys, blog)
    assert answer["written"] == 0
    assert first == second


def test_what_is_left_over_is_told_and_removed_on_demand(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """A post that is gone leaves files, which stay until --clean; hidden files always stay."""
    other = post(blog / "posts" / "b.md", slug="b")
    build(capsys, blog)
    (blog.parent / "out" / ".nojekyll").write_text("")
    other.unlink()
    _, answer, site = build(capsys, blog)
    assert answer["stale"] == ["2021/05/b/index.html", "2021/05/b/index.json"]
    assert "2021/05/b/index.html" in site
    _, answer, site = build(capsys, blog, "--clean")
    assert answer["stale"] == []
    assert "2021/05/b/index.html" not in site
    assert ".nojekyll" in site
    assert not (blog.parent / "out" / "2021" / "05" / "b").exists()


def test_an_embedded_image_is_made_ready(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """A picture that stands in the post as a `data:` URI is one of the page's files."""
    uri = f"data:image/jpeg;base64,{base64.b64encode(picture()).decode()}"
    post(blog / "posts" / "sea.md", body=f"![Boat]({uri})")
    code, _, site = build(capsys, blog)
    assert code == 0
    page = site["2021/05/sea/index.html"].decode()
    assert f'src="/-/media/{hashlib.sha256(picture()).hexdigest()}/' in page
    assert "data:image" not in page


def test_images_of_the_folder_are_made_ready(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """A file beside the post and one below the folder's root are pictures of its page."""
    (blog / "posts" / "my boat.jpg").write_bytes(picture())
    (blog / "assets").mkdir()
    (blog / "assets" / "sail.jpg").write_bytes(picture())
    outside = blog.parent / "secret.jpg"
    outside.write_bytes(picture())
    post(
        blog / "posts" / "sea.md",
        body="![Boat](my%20boat.jpg)\n\n![Sail](/assets/sail.jpg)\n\n![No](../../secret.jpg)",
    )
    code, answer, site = build(capsys, blog)
    assert code == 0
    page = site["2021/05/sea/index.html"].decode()
    assert page.count("<picture>") == 2
    media = [key for key in site if key.startswith("-/media/")]
    assert {key.rsplit(".")[-1] for key in media} == {"avif", "webp", "jpeg"}
    assert all(f"/{key}" in page for key in media)
    (counted,) = (p["images"] for p in answer["posts"] if p["status"] == "live")  # type: ignore[attr-defined]
    assert counted["rehosted"] == 2


def test_remote_images_come_from_a_copy_of_the_vault(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """Without one they are notes; with one they are what the vault keeps for their address."""
    url = "https://images.example/boat.jpg"
    post(blog / "posts" / "sea.md", body=f"![A boat]({url})")
    _, answer, site = build(capsys, blog)
    assert b"<picture>" not in site["2021/05/sea/index.html"]
    assert answer["posts"][0]["images"]["owed"] == 1  # type: ignore[index]
    vault, data = blog.parent / "vault", picture()
    hash = hashlib.sha256(data).hexdigest()
    (vault / "sources").mkdir(parents=True)
    (vault / "originals").mkdir()
    (vault / "originals" / hash).write_bytes(data)
    name = hashlib.sha256(url.encode()).hexdigest()
    (vault / "sources" / f"{name}.json").write_text(json.dumps({"sha256": hash}))
    _, answer, site = build(capsys, blog, "--vault", str(vault))
    assert answer["posts"][0]["images"]["rehosted"] == 1  # type: ignore[index]
    assert f"/-/media/{hash}/{imaging.recipe()}/" in site["2021/05/sea/index.html"].decode()


def test_an_undated_post_is_of_the_day_of_its_file(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """A post that names no date has the time its file was last changed."""
    path = blog / "posts" / "undated.md"
    path.write_text("Words without a date.\n")
    os.utime(path, (1_600_000_000, 1_600_000_000))
    assert "2020/09/undated/index.html" in build(capsys, blog)[2]


def test_progress_and_answers_keep_apart(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """With --json standard output is JSON alone, however many files there are."""
    for number in range(60):
        post(blog / "posts" / f"{number}.md", slug=f"s{number}")
    code, answer, _ = build(capsys, blog)
    assert (code, answer["summary"]) == (0, {"live": 61})


def test_a_theme_of_the_folder_is_used(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """Its templates make the pages, and its assets come along."""
    (blog / "theme" / "img").mkdir(parents=True)
    (blog / "theme" / "base.html").write_text(
        '<!-- ours -->{% extends "default/base.html" %}'
        '{% block feeds %}<link href="/{{ asset("img/a.png") }}">{% endblock %}'
    )
    (blog / "theme" / "img" / "a.png").write_bytes(picture())
    code, _, site = build(capsys, blog)
    assert code == 0
    assert site["2021/05/sea/index.html"].startswith(b"<!-- ours -->")
    (asset,) = (key for key in site if key.endswith("/img/a.png"))
    assert f'href="/{asset}"'.encode() in site["index.html"]


def test_a_broken_theme_builds_nothing(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """It is told by file and line, like broken settings."""
    (blog / "theme").mkdir()
    (blog / "theme" / "home.html").write_text("<p>\n{{ nothing }}")
    code, answer, site = build(capsys, blog)
    (told,) = json.loads(json.dumps(answer["posts"]))
    assert (code, site) == (1, {})
    assert (told["key"], told["error"]["line"]) == ("theme/home.html", 2)


def test_a_warning_is_told_and_fails_a_strict_build(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """What is left in a post is counted, told with its cure, and exit 1 by `--strict` alone."""
    (blog / "posts" / "undated.md").write_text("No date.")
    code, answer, _ = build(capsys, blog)
    assert (code, answer["summary"]) == (0, {"live": 2, "warnings": 1})
    arguments = ("build", str(blog), "--out", str(blog.parent / "out"))
    code, out, _ = run(capsys, *arguments, "--strict")
    assert code == 1
    assert "undated.md: The post has no date of its own" in out
    assert "  fix: Add a line such as `date: 2021-11-21`" in out
    (blog / "posts" / "undated.md").unlink()
    assert run(capsys, *arguments, "--strict")[0] == 0
