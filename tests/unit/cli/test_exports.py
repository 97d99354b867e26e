"""Exports of WordPress and Ghost move here: every address, every public word, nothing private."""

import html
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from exports import EXPORTS, GHOST, PRIVATE, WORDPRESS, beside
from presswork import content
from presswork.content import source
from presswork.site import key_of
from presswork_cli.offline import losses
from unit.cli.test_app import run
from unit.cli.test_build import files

WP = "{http://wordpress.org/export/1.2/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]*)"')
SHORTCODE = re.compile(r"\[/?(?:audio|caption|gallery|playlist|embed|code)[^\]]*\]")
BASE_URL = "https://here.example"
MOVING = Path(__file__).parents[3] / "docs" / "moving.md"

each_tool = pytest.mark.parametrize("tool", EXPORTS)


@dataclass(frozen=True)
class Moved:
    """An export that was moved: its receipt, the folder's files by key, and the site's."""

    receipt: dict[str, Any]
    source: dict[str, bytes]
    site: dict[str, bytes]

    @property
    def settings(self) -> content.Site:
        """What `site.yaml` says."""
        return content.settings(self.source["site.yaml"])

    def answered(self, path: str) -> tuple[int, str]:
        """What a reader is answered at a path, and where the answer leads."""
        key = key_of(path)
        if key not in self.site:
            return 404, ""
        found = REFRESH.search(self.site[key].decode(errors="replace"))
        if found is None:
            return 200, path
        return 301, unquote(html.unescape(found[1])).removeprefix(BASE_URL)

    def shown(self, path: str) -> str:
        """The words of a page."""
        page = BeautifulSoup(self.site[key_of(path)], "lxml")
        alternatives = " ".join(str(each.get("alt", "")) for each in page.find_all("img"))
        return f"{page.get_text(' ')} {alternatives}"

    def notes(self, rule: str) -> str:
        """What the receipt says by a rule."""
        found = (note["message"] for note in self.receipt["notes"] if note["rule"] == rule)
        return " ".join(found)


@pytest.fixture(scope="module")
def built() -> dict[str, Moved]:
    """The exports that were moved so far."""
    return {}


@pytest.fixture
def moved(
    tool: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], built: dict[str, Moved]
) -> Moved:
    """An export that was moved, and built."""
    if tool not in built:
        built[tool] = _moved(tool, EXPORTS[tool], tmp_path, capsys)
    return built[tool]


def _moved(tool: str, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Moved:
    new, out = tmp_path / "new", tmp_path / "out"
    _, receipt, error = run(capsys, "import", tool, str(export), "--out", str(new), "--json")
    assert receipt, error
    run(capsys, "build", str(new), "--out", str(out), "--base-url", BASE_URL)
    return Moved(json.loads(receipt), files(new), files(out))


def _items() -> list[ET.Element]:
    return list(ET.parse(WORDPRESS).getroot().iter("item"))


def _posts() -> list[dict[str, Any]]:
    posts: list[dict[str, Any]] = json.loads(GHOST.read_bytes())["db"][0]["data"]["posts"]
    return posts


def _public(tool: str) -> dict[str, str]:
    """The text of what everybody could read, by its address there: read by another way."""
    if tool == "ghost":
        return {
            f"/{post['slug']}/": post["html"] or ""
            for post in _posts()
            if (post["status"], post["visibility"]) == ("published", "public")
            and post["slug"] != "mail-alone"
        }
    return {
        unquote(urlsplit(item.findtext("link", "")).path): item.findtext(CONTENT, "")
        for item in _items()
        if item.findtext(f"{WP}post_type") in ("post", "page")
        and item.findtext(f"{WP}status") == "publish"
        and not item.findtext(f"{WP}post_password")
    }


def _text(html: str) -> str:
    """The text of HTML, without shortcodes."""
    return BeautifulSoup(SHORTCODE.sub(" ", html), "lxml").get_text(" ")


def _words(text: str) -> Counter[str]:
    """The words of a text, each of its characters where a script has no blanks."""
    return Counter(re.findall(r"[぀-ヿ㐀-鿿]|[^\W_぀-ヿ㐀-鿿]+", text))


@each_tool
def test_every_address_is_answered_or_named(tool: str, moved: Moved) -> None:
    """All addresses of what was public are 200 or 301; the receipt names the others."""
    answered = {each["path"]: each["answered"] for each in moved.receipt["addresses"]}
    public = _public(tool)
    assert len(public) > 12
    assert {path: moved.answered(path)[0] for path in public} == dict.fromkeys(public, 200)
    assert {path: moved.answered(path)[0] for path in answered} == answered
    assert set(public) <= set(answered)
    assert all(each["why"] for each in moved.receipt["addresses"] if each["answered"] == 404)


@each_tool
def test_what_leads_on_arrives(moved: Moved) -> None:
    """A stub leads to a page or a feed that is there."""
    stubs = [each["path"] for each in moved.receipt["addresses"] if each["answered"] == 301]
    ends = {moved.answered(path)[1].partition("?")[0] for path in stubs}
    assert len(stubs) > 10
    assert {end: key_of(end) in moved.site for end in ends} == dict.fromkeys(ends, True)


@each_tool
def test_nothing_private_is_on_the_site(tool: str, moved: Moved) -> None:
    """No word of a draft, of what had a password or an audience, or of anybody's account."""
    site = b"\n".join(moved.site.values()).decode(errors="replace").lower()
    assert "lighthouse" in site
    assert [word for word in PRIVATE[tool] if word.lower() in site] == []


@each_tool
def test_every_public_word_is_on_its_page(tool: str, moved: Moved) -> None:
    """What readers could read of the export stands on the page of its address."""
    gated = _words("Tarantula gatedword for members.")
    public = _public(tool)
    if tool == "wordpress":
        public["/welcome/"] = public.pop("/")  # the front page here is the list of posts
    missing = {
        path: _words(_text(html)) - _words(moved.shown(path)) for path, html in public.items()
    }
    assert {path: words for path, words in missing.items() if words - gated} == {}


@each_tool
def test_the_loss_meter_finds_nothing(moved: Moved) -> None:
    """What was written is shown whole: no word, picture, link or listing is lost on the way."""
    found = {}
    for key, data in moved.source.items():
        if key.startswith(("posts/", "pages/")):
            parsed = content.parse(data, key, moved.settings)
            found[key] = [each.rule for each in losses.measure(data, parsed)]
    assert len(found) > 20
    assert {key: rules for key, rules in found.items() if rules} == {}


@each_tool
def test_a_second_import_writes_the_same_bytes(
    tool: str, moved: Moved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No clock and no chance is in what is written, and each post has an id of its own."""
    again = tmp_path / "again"
    run(capsys, "import", tool, str(EXPORTS[tool]), "--out", str(again))
    assert files(again) == moved.source
    posts = [data for key, data in moved.source.items() if key.startswith(("posts/", "pages/"))]
    ids = [source.read(data).entries["id"].value for data in posts]
    assert len(set(ids)) == len(posts)


@each_tool
def test_the_documents_quote_the_receipt(
    tool: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line that docs/moving.md shows of an export is what the command prints."""
    name = beside.laid(tool, tmp_path).name
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "500")
    _, receipt, _ = run(capsys, "import", tool, name, "--out", "new")
    page = MOVING.read_text(encoding="utf-8")
    quoted = page.partition(f"$ presswork import {tool} {name} --out new\n")[2].partition("```")[0]
    lines = [line for line in quoted.splitlines() if line != "…"]
    assert len(lines) > 4
    assert [line for line in lines if line not in receipt.splitlines()] == []


@pytest.mark.parametrize("tool", ["wordpress"])
def test_the_receipt_of_wordpress(moved: Moved) -> None:
    """It names, by line, all that did not come along as it was."""
    lines = WORDPRESS.read_text().split("\n")

    def on_line(rule: str) -> str:
        found = re.search(r"lines? ([0-9]+)", moved.notes(rule))
        return lines[int(found[1]) - 1] if found else ""

    assert "[tabs]" in on_line("moving.shortcode")
    assert "wp:latest-posts" in on_line("moving.dynamic-block")
    assert "(2), on line" in moved.notes("moving.comments")
    assert "Europe/London (and of Europe/Lisbon" in moved.notes("moving.zone")
    for type in ("nav_menu_item", "portfolio", "custom_css"):
        assert f"`{type}`" in moved.notes("moving.type")
    for rule in ("private", "password", "trash", "sticky", "front-page", "taxonomy", "uploads"):
        assert moved.notes(f"moving.{rule}"), rule
    assert "`acf-disabled`" in moved.notes("moving.status")


@pytest.mark.parametrize("tool", ["wordpress"])
def test_what_wordpress_knew_of_a_post(moved: Moved) -> None:
    """Its times, authors, categories with those above, tags, excerpt and cover come along."""
    key = "posts/2021-03-14-the-far-pier.html"
    post = content.parse(moved.source[key], key, moved.settings).post
    assert post.date.isoformat() == "2021-03-14T18:30:00+00:00"
    assert post.updated is None
    assert post.authors == ("Ada Quill",)
    assert post.categories == (("News", "Harbour"),)
    assert post.tags == ("Sea",)
    assert post.summary == "A walk to the end of the pier."
    assert post.cover == "https://ferry.example/wp-content/uploads/2021/03/pier.jpg"
    summer = "posts/2022-07-31-half-an-hour.html"
    assert content.parse(moved.source[summer], summer, moved.settings).post.path == (
        "/2022/07/31/half-an-hour/"
    )
    titled = "posts/2022-01-02-qa-knots-ropes.html"
    assert content.parse(moved.source[titled], titled, moved.settings).post.title == (
        "Q&A: knots & ropes"
    )


@pytest.mark.parametrize("tool", ["wordpress"])
def test_former_addresses_lead_to_their_posts(moved: Moved) -> None:
    """Old slugs, further pages, short links, the pages of files, lists and feeds."""
    leads = {
        "/2021/03/14/far-pier/": "/2021/03/14/the-far-pier/",
        "/2021/03/14/the-far-pier/ferry/": "/2021/03/14/the-far-pier/",
        "/2021/08/01/a-long-crossing/3/": "/2021/08/01/a-long-crossing/",
        "/?p=21": "/2021/04/02/fog/",
        "/category/news/harbour/": "/categories/news/harbour/",
        "/tag/c-2/": "/tags/c-plus-plus/",
        "/author/lin/": "/authors/林海/",
        "/feed/": "/rss.xml",
    }
    assert {path: moved.answered(path) for path in leads} == {
        path: (301, end) for path, end in leads.items()
    }


@pytest.mark.parametrize("tool", ["ghost"])
def test_the_receipt_of_ghost(moved: Moved) -> None:
    """It names, by post, all that did not come along as it was."""
    assert "`members`" in moved.notes("moving.audience")
    assert "For a tier" in moved.notes("moving.audience")
    assert "Sent by mail and Mail alone" in moved.notes("moving.email")
    assert "Fog and Cards of the new editor" in moved.notes("moving.members-only")
    assert "`before-after`" in moved.notes("moving.card")
    assert "Code in the page" in moved.notes("moving.code")
    assert "#feature" in moved.notes("moving.internal-tag")
    assert "(8)" in moved.notes("moving.files")


@pytest.mark.parametrize("tool", ["ghost"])
def test_what_ghost_knew_of_a_post(moved: Moved) -> None:
    """Its time, authors in their order, public tags, excerpt, cover and first place come along."""
    key = "posts/2021-01-01-the-far-pier.html"
    post = content.parse(moved.source[key], key, moved.settings).post
    assert (post.tags, post.authors) == (("Sea",), ("Ada Quill",))
    assert post.summary == "A walk to the end of the pier."
    assert str(post.cover).startswith("content:/static/content/images/2021/03/cover.jpg")
    key = "posts/2021-02-01-fog.html"
    assert content.parse(moved.source[key], key, moved.settings).post.authors == (
        "Ada Quill",
        "林海",
    )
    key = "posts/2021-08-01-code-in-the-page.html"
    post = content.parse(moved.source[key], key, moved.settings).post
    assert post.canonical == "https://first.example/code/"
    assert [entry.text for entry in moved.settings.menu] == ["Home", "About", "Elsewhere"]


@pytest.mark.parametrize(
    ("tool", "file", "why"),
    [
        ("wordpress", "wp-content/uploads/2021/03/pier.jpg", "(3)"),
        ("ghost", "content/images/2021/03/pier.jpg", "(7)"),
    ],
)
def test_files_beside_the_export_come_along(
    tool: str, file: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder of uploads beside an export is copied, and its addresses are kept."""
    export = tmp_path / "old" / EXPORTS[tool].name
    picture = tmp_path / "old" / file
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"\xff\xd8\xff of a picture")
    export.write_bytes(EXPORTS[tool].read_bytes())
    moved = _moved(tool, export, tmp_path, capsys)
    assert moved.source[f"static/{file}"] == picture.read_bytes()
    assert moved.answered(f"/{file}")[0] == 200
    rule = "moving.uploads" if tool == "wordpress" else "moving.files"
    assert why in moved.notes(rule)
    assert any(f'src="/{file}"'.encode() in data for data in moved.source.values())
