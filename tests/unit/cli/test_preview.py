"""`presswork preview`: one post as a page that opens from its folder."""

import hashlib
import io
import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image as Pillow

from presswork_cli.offline.relative import Relative
from unit.cli.test_app import run
from unit.cli.test_check import post

_REFERENCE = re.compile(r'<[a-z][^<>]*?\s(?:href|src|srcset)="([^"]*)"')


def previewed(
    capsys: pytest.CaptureFixture[str], file: Path, *more: str
) -> tuple[int, dict[str, Any], str]:
    """The exit code, the answer and the page."""
    out = file.parent.parent / "out"
    code, stdout, _ = run(capsys, "preview", str(file), "--out", str(out), "--json", *more)
    answer = json.loads(stdout)
    return code, answer, Path(answer["page"]).read_text() if answer["page"] else ""


def broken_links(page: Path) -> list[str]:
    """What a browser that opened the page from disk would not find there."""
    references = [
        each.split()[0]
        for found in _REFERENCE.findall(page.read_text())
        for each in unescape(found).split(", ")
    ]
    local = [each for each in references if not urlsplit(each).scheme and not each.startswith("#")]
    assert local
    return [each for each in local if not (page.parent / unquote(urlsplit(each).path)).is_file()]


def picture(path: Path) -> Path:
    """Writes a small JPEG."""
    file = io.BytesIO()
    Pillow.new("RGB", (60, 40), "teal").save(file, format="JPEG")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.getvalue())
    return path


def test_a_page_opens_from_its_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Style, lists and feed are found from wherever the folder lies, in every page of it."""
    file = post(tmp_path / "posts" / "a.md", tags="[sea wind]", categories="[雨, 海]")
    code, answer, page = previewed(capsys, file)
    out = tmp_path / "out"
    assert code == 0
    assert answer["page"] == str(out / "2021/05/a/index.html")
    assert answer["page"] in answer["files"]
    assert set(answer["files"]) == {str(path) for path in out.rglob("*") if path.is_file()}
    assert answer["post"]["title"] == "A calm sea"
    assert "The sea was calm." in page
    pages = list(out.rglob("*.html"))
    assert len(pages) > 4
    assert {str(each): broken_links(each) for each in pages} == {str(each): [] for each in pages}


def test_own_files_come_along(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Images beside the post are shown, files that it links to are copied; nothing from outside."""
    picture(tmp_path / "posts" / "my boat.jpg")
    picture(tmp_path / "assets" / "quay.jpg")
    (tmp_path / "posts" / "tides.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path.parent / "secret.txt").write_text("not of this folder")
    file = post(
        tmp_path / "posts" / "a.md",
        "![Boat](my%20boat.jpg) ![Quay](/assets/quay.jpg) [Tides](tides.pdf) [](../../secret.txt)",
    )
    _, answer, page = previewed(capsys, file)
    assert page.count('<img src="../../../-/media/') == 2
    copy = f"-/media/{hashlib.sha256(b'%PDF-1.7').hexdigest()}/tides.pdf"
    assert f'href="../../../{copy}"' in page
    assert (tmp_path / "out" / copy).read_bytes() == b"%PDF-1.7"
    assert broken_links(Path(answer["page"])) == ["../../secret.txt"]
    assert not any("secret" in each for each in answer["files"])


def test_nothing_is_fetched(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A remote image is a note with its text and where it is from, as on a site that waits."""
    file = post(tmp_path / "posts" / "a.md", "![A boat](https://img.example/boat.jpg)")
    code, _, page = previewed(capsys, file)
    assert code == 0
    assert "<img" not in page
    assert "A boat" in page
    assert 'href="https://img.example/boat.jpg"' in page
    _, out, _ = run(capsys, "preview", str(file), "--out", str(tmp_path / "out"))
    assert "1 remote, shown as notes" in out


def test_a_draft_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Looking at it before it is published is what a preview is for."""
    assert "was calm" in previewed(capsys, post(tmp_path / "posts" / "a.md", draft="true"))[2]


def test_the_settings_of_the_folder_hold(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Title, zone and permalink are the site's; links to other pages lead to where it stands."""
    (tmp_path / "site.yaml").write_text("title: Harbour\nbase_url: https://press.example\n")
    _, _, page = previewed(capsys, post(tmp_path / "posts" / "a.md", "[Other](/2020/01/other/#x)"))
    assert "Harbour" in page
    assert 'href="https://press.example/2020/01/other/#x"' in page


def test_a_broken_post_has_no_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It is told as `check` tells it, exit 1, and nothing is written."""
    file = post(tmp_path / "posts" / "a.md", lang="no tongue")
    code, answer, _ = previewed(capsys, file)
    assert (code, answer["page"], answer["files"], answer["post"]) == (1, "", [], None)
    assert (answer["error"]["rule"], answer["error"]["line"]) == ("lang.tag", 4)
    assert not (tmp_path / "out").exists()
    code, out, _ = run(capsys, "preview", str(file))
    assert code == 1
    assert f"{file}:4:1: " in out


def test_broken_settings_make_no_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """They are told with their own file and line."""
    (tmp_path / "site.yaml").write_text("title: Harbour\ntimezone: Moon/Tranquility\n")
    code, answer, _ = previewed(capsys, post(tmp_path / "posts" / "a.md"))
    assert (code, answer["error"]["line"]) == (1, 2)
    assert answer["file"] == str(tmp_path / "site.yaml")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no-such.md", "No such file"),
        ("boat.jpg", "is no post: one begins with front matter"),
        (".", "is a folder: name one post of it"),
    ],
)
def test_what_is_no_post_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, reason: str
) -> None:
    """A file that is not there, of another kind, or a folder: exit 2, in one sentence."""
    picture(tmp_path / "boat.jpg")
    code, out, err = run(capsys, "preview", str(tmp_path / name))
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert reason in err


def test_without_a_folder_it_is_a_temporary_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's place is the last line."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    _, out, _ = run(capsys, "preview", str(post(tmp_path / "posts" / "a.md")))
    page = Path(out.splitlines()[-1].split()[-1])
    assert page.is_relative_to(tmp_path)
    assert page.is_file()


def test_the_folder_of_the_post_is_not_written_into(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Sources and site do not mix."""
    file = post(tmp_path / "posts" / "a.md")
    code, _, err = run(capsys, "preview", str(file), "--out", str(tmp_path))
    assert code == 2
    assert "give --out another folder" in err


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/">', '<a href="../../index.html">'),
        ('<a id="x" href="/t/%E9%9B%A8/">', '<a id="x" href="../../t/%E9%9B%A8/index.html">'),
        ('<a href="/a/b/">', '<a href="index.html">'),
        ('<a href="/a/b/#top">', '<a href="index.html#top">'),
        ('<a href="/none/?a=1&amp;b">', '<a href="https://s.example/none/?a=1&amp;b">'),
        ('<a href="//else.example/">', '<a href="//else.example/">'),
        ('<a href="https://else.example/">', '<a href="https://else.example/">'),
        ('<a href="#fn">', '<a href="#fn">'),
        ('<img srcset="/m/1.webp 800w, /m/2.webp 1600w" src="/m/1.webp">',
         '<img srcset="../../m/1.webp 800w, ../../m/2.webp 1600w" src="../../m/1.webp">'),
        ('<code>href="/" &lt;a href="/"></code>', '<code>href="/" &lt;a href="/"></code>'),
        ('<a title="x href=" href="/">', '<a title="x href=" href="../../index.html">'),
    ],
)  # fmt: skip
def test_references_are_made_from_the_page(html: str, expected: str) -> None:
    """From the root to the page's own place, in tags alone; what is elsewhere stays."""
    keys = {"index.html", "t/雨/index.html", "a/b/index.html", "m/1.webp", "m/2.webp"}
    relative = Relative(keys, base_url="https://s.example")
    assert relative.page(html, "a/b/index.html") == expected


def test_a_theme_of_the_folder_is_used(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Its templates make the page, and its assets are found from disk."""
    file = post(tmp_path / "blog" / "posts" / "a.md")
    theme = tmp_path / "blog" / "theme"
    theme.mkdir()
    (theme / "style.css").write_text("p {}")
    (theme / "base.html").write_text('<!-- ours -->{% extends "default/base.html" %}')
    code, answer, page = previewed(capsys, file)
    assert (code, page.startswith("<!-- ours -->")) == (0, True)
    assert broken_links(Path(answer["page"])) == []
    (theme / "post.html").write_text("{{ nothing }}")
    code, answer, _ = previewed(capsys, file)
    assert (code, answer["file"]) == (1, str(theme / "post.html"))


def test_a_warning_is_told_beside_the_page(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The page is made, and the exit code is 1 by `--strict` alone."""
    file = tmp_path / "undated.md"
    file.write_text("No date.")
    code, out, _ = run(capsys, "preview", str(file), "--out", str(tmp_path / "out"))
    assert code == 0
    assert out.startswith(f"warned    {file}\n")
    assert f"{file}: The post has no date of its own" in out
    assert run(capsys, "preview", str(file), "--out", str(tmp_path / "out"), "--strict")[0] == 1
