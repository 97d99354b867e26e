"""What posts refer to in vain is told with its line and cure."""

import errno
import json
import os
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from presswork.content import links
from unit.cli.test_app import run
from unit.cli.test_check import checked, post


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A content folder with something to refer to."""
    post(tmp_path / "posts" / "sea.md", slug="sea", aliases="[/old/]")
    post(tmp_path / "posts" / "later.md", slug="later", draft="true")
    post(tmp_path / "posts" / "x" / "note.md", slug="x")
    post(tmp_path / "posts" / "y" / "note.md", slug="y")
    (tmp_path / "posts" / "photo.jpg").write_bytes(b"")
    (tmp_path / "posts" / normalize("NFD", "café.png")).write_bytes(b"")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "cv.txt").write_text("x")
    (tmp_path / "site.yaml").write_text("redirects: {/moved.html: /2021/05/sea/}\n")
    return tmp_path


def warned(capsys: pytest.CaptureFixture[str], blog: Path, body: str) -> list[tuple[str, int, str]]:
    """The rule, line and text of each warning about a post of this body."""
    file = post(blog / "posts" / "a.md", body, slug="a")
    alone, whole = (checked(capsys, asked)[1][str(file)]["warnings"] for asked in (file, blog))
    assert alone == whole
    return [(each["rule"], each["line"], f"{each['message']} {each['fix']}") for each in whole]


@pytest.mark.parametrize(
    "body",
    ["[x](sea.md)", "[x](./sea.md#part)", "[x](/posts/sea.md)", "[x](@/sea)", "[x](@name:SEA)",
     "[x](/2021/05/sea/)", "[x](/2021/05/sea)", "[x](../sea/)", "[x](/old/)", "[x](/tags/a/)",
     "[x](/moved.html)", "[x](/2021/05/)", "[x](/)",
     "[x](/cv.txt)", "![x](photo.jpg)", "[x](#part)", "[x](/feed.xml)",
     "[x](https://a.example/b)", "[x](mailto:a@b.example)"],
)  # fmt: skip
def test_what_is_there_is_not_warned_of(
    capsys: pytest.CaptureFixture[str], blog: Path, body: str
) -> None:
    """Sources, pages, lists, files and the web, however they are spelled."""
    assert warned(capsys, blog, body) == []


@pytest.mark.parametrize(
    ("body", "rule", "told"),
    [
        ("[x](gone.md)", "link-source", "gone.md leads to no post"),
        ("[x](later.md)", "link-source", "later.md leads to no post that readers see"),
        ("[x](@name:Nobody)", "link-source", "The link to Nobody leads"),
        ("[x](@name:note)", "link-ambiguous", "posts/x/note.md or posts/y/note.md"),
        ("[x](/nowhere/)", "link-page", "/nowhere/ leads to nothing"),
        ("[x](../nowhere/)", "link-page", "../nowhere/ leads to nothing"),
        ("![x](gone.png)", "file-missing", "Put it at posts/gone.png"),
        ("![x](Photo.JPG)", "file-missing", "There is posts/photo.jpg, spelled otherwise"),
        ("![x](café.png)", "file-missing", "spelled otherwise"),
        ("[x](paper.pdf)", "file-missing", "paper.pdf is not there"),
    ],
)
def test_what_is_not_there_is_warned_of(
    capsys: pytest.CaptureFixture[str], blog: Path, body: str, rule: str, told: str
) -> None:
    """With the line, and the file that differs in case or in the form of Unicode alone."""
    [(found, line, text)] = warned(capsys, blog, f"Words.\n\n{body}")
    assert (found, line) == (rule, 9)
    assert told in text


def test_a_post_may_link_to_so_many_sources(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """The link behind the last that is followed is warned of: its words have no link."""
    body = " ".join(f"[x](a.md#{number})" for number in range(links.MOST + 1))
    [(rule, _, text)] = warned(capsys, blog, body)
    assert (rule, "is one too many" in text) == ("link-source", True)


def test_a_link_up_from_a_folder_is_one_to_a_source(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """What is there is not warned of, and what is not is warned of once."""
    file = post(blog / "posts" / "x" / "b.md", "[x](../sea.md) [y](../gone.md)", slug="b")
    found = checked(capsys, blog)[1][str(file)]["warnings"]
    assert [(each["rule"], "../gone.md" in each["message"]) for each in found] == [
        ("link-source", True)
    ]


@pytest.mark.parametrize(
    "body",
    ["gone [x](gone)", "gone\n\n![gone](gone.png)", "`[x](gone.md)`\n\n[x](gone.md)",
     "```\n![x](gone.png)\n```\n\n![x](gone.png)"],
)  # fmt: skip
def test_the_line_is_that_of_the_address(
    capsys: pytest.CaptureFixture[str], blog: Path, body: str
) -> None:
    """Not of a word like it in front matter, in the text, or in code."""
    file = post(blog / "posts" / "a.md", body, slug="gone")
    [found] = checked(capsys, file)[1][str(file)]["warnings"]
    assert found["line"] == len(file.read_text().rstrip().split("\n"))


def test_a_cover_that_is_missing_is_told_by_its_name(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """As the file that it would be, with the line of its key."""
    file = post(blog / "posts" / "a.md", slug="a", cover="nope.png")
    [found] = checked(capsys, file)[1][str(file)]["warnings"]
    assert found["message"] == "The file posts/nope.png is not there."
    assert "nope.png" in file.read_text().split("\n")[found["line"] - 1]


def test_a_link_that_cannot_be_followed_keeps_nobody_from_being_checked(
    capsys: pytest.CaptureFixture[str], blog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told as unreadable, also where the system refuses to look."""
    (blog / "posts" / "loop.md").symlink_to("loop.md")
    look = os.stat

    def refuse(path: str | Path, **more: Any) -> os.stat_result:
        if str(path).endswith("loop.md") and more.get("follow_symlinks", True):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return look(path, **more)

    monkeypatch.setattr(os, "stat", refuse)
    _, files, _ = checked(capsys, blog)
    assert files[str(blog / "posts" / "loop.md")]["error"]["rule"] == "file.unreadable"
    assert files[str(blog / "posts" / "sea.md")]["verdict"] == "ok"


def test_a_preview_tells_what_check_tells(
    capsys: pytest.CaptureFixture[str], blog: Path, tmp_path: Path
) -> None:
    """Links in vain and files that are missing, so that `--strict` means the same."""
    file = post(blog / "posts" / "a.md", "[x](gone.md) ![y](gone.png) [z](sea.md)", slug="a")
    told = checked(capsys, file)[1][str(file)]["warnings"]
    _, out, _ = run(capsys, "preview", str(file), "--out", str(tmp_path / "out"), "--json")
    assert len(told) == 2
    assert json.loads(out)["warnings"] == told


def test_a_name_that_the_folder_decides_is_not_ambiguous(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """Of two notes of one name the one beside is meant, and nobody need say more."""
    file = post(blog / "posts" / "x" / "b.md", "[x](@name:note)", slug="b")
    assert checked(capsys, blog)[1][str(file)]["warnings"] == []


def test_a_built_page_has_words_without_a_dead_link(
    capsys: pytest.CaptureFixture[str], blog: Path, tmp_path: Path
) -> None:
    """What leads somewhere is a link to the page; the rest is text, and told."""
    post(blog / "posts" / "a.md", "[one](sea.md) [two](gone.md)", slug="a")
    out = tmp_path / "out"
    _, stdout, _ = run(capsys, "build", str(blog), "--out", str(out), "--json")
    told = {each["key"]: each["warnings"] for each in json.loads(stdout)["posts"]}
    assert [each["rule"] for each in told["posts/a.md"]] == ["link-source"]
    page = (out / "2021" / "05" / "a" / "index.html").read_text()
    assert '<a href="/2021/05/sea/"' in page
    assert ">one</a> two</p>" in page


def test_a_preview_has_links_to_pages(
    capsys: pytest.CaptureFixture[str], blog: Path, tmp_path: Path
) -> None:
    """They lead where the site will have the target, though no page of it is made."""
    file = post(blog / "posts" / "a.md", "[one](sea.md) [two](gone.md)", slug="a")
    _, stdout, _ = run(capsys, "preview", str(file), "--out", str(tmp_path / "out"), "--json")
    page = Path(json.loads(stdout)["page"]).read_text()
    assert "2021/05/sea" in page
    assert ".md" not in page.partition("<article")[2].partition("</article>")[0]
