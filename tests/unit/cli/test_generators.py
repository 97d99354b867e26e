"""Blogs of other tools move here by `presswork import`, and keep their addresses.

What their own tools made of them tells which these are: `tests/generators/record.py` wrote it down.
"""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from generators import blogs
from presswork.site import key_of
from presswork.site_keys import canonical
from unit.cli.test_app import run
from unit.cli.test_build import files

DRAFTS = {"/drafts/a-draft.html"}
REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]*)"')
UNSEEN = {
    "hexo": {"hidden-draft.md", "timetable.csv", "unfinished.md"},
    "jekyll": {"2024-01-18-unpublished.md", "unfinished.md"},
    "hugo": {"hidden-draft.md", "timetable.csv"},
    "hugo-ugly": {"hidden-draft.md", "timetable.csv"},
    "pelican": {"draft.md"},
}
"""The files of a blog that are no page of it."""

TOLD = {
    "pelican": {("hidden.md", "visibility.unlisted")},
}
"""The warnings about a blog's files: a word for privacy is told, however well it is understood."""

each_blog = pytest.mark.parametrize("name", blogs.NAMES)


@dataclass(frozen=True)
class Moved:
    """A blog that has moved: its receipt, what became of its posts, and its site by key."""

    receipt: dict[str, Any]
    posts: list[dict[str, Any]]
    site: dict[str, bytes]
    source: dict[str, bytes]

    def leads_to(self, path: str) -> str | None:
        """Where the stub at a path leads; None where a page stands."""
        found = REFRESH.search(self.site[key_of(path)].decode(errors="replace"))
        return unquote(html.unescape(found[1])).removeprefix(blogs.BASE_URL) if found else None

    def status(self, path: str) -> int:
        """What a reader is answered at a path of the old blog."""
        if key_of(path) not in self.site:
            return 404
        return 200 if self.leads_to(path) is None else 301


@pytest.fixture(scope="module")
def built() -> dict[str, Moved]:
    """The blogs that were built so far."""
    return {}


@pytest.fixture
def moved(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], built: dict[str, Moved]
) -> Moved:
    """A blog that was moved, and built."""
    if name not in built:
        out = tmp_path / "out"
        new, receipt = blogs.moved(name, tmp_path)
        _, stdout, _ = run(capsys, "build", str(new), "--out", str(out), "--json")
        built[name] = Moved(receipt, json.loads(stdout)["posts"], files(out), files(new))
    return built[name]


@each_blog
def test_every_address_is_answered(name: str, moved: Moved) -> None:
    """It is 200 or 301, but for those that are known to be lost; of these all are still lost."""
    paths = [path for each in blogs.addresses(name).values() for path in each]
    assert {path for path in paths if moved.status(path) == 404} == {
        path for path in paths if re.fullmatch(blogs.NOT_KEPT[name], path)
    }


@each_blog
def test_the_receipt_is_true(name: str, moved: Moved) -> None:
    """What it says of an address is what the site answers, and it knows all that the tool made."""
    told = {canonical(each["path"]): each["answered"] for each in moved.receipt["addresses"]}
    assert {path: moved.status(path) for path in told} == told
    made = {canonical(path) for each in blogs.addresses(name).values() for path in each}
    assert made - told.keys() <= DRAFTS
    counted = {word: moved.receipt["summary"][word] for word in ("kept", "redirected", "lost")}
    statuses = [each["answered"] for each in moved.receipt["addresses"]]
    assert counted == {
        "kept": statuses.count(200),
        "redirected": statuses.count(301),
        "lost": statuses.count(404),
    }


@each_blog
def test_each_file_is_written_or_named(name: str, moved: Moved) -> None:
    """The notes name what did not come along, folders as such."""
    blog = blogs.HERE / name.partition("-")[0] / "blog"
    named = {note["file"].partition(" (")[0] for note in moved.receipt["notes"]}
    written = {body for key, body in moved.source.items()}
    lost = {
        path.relative_to(blog).as_posix()
        for path in blog.rglob("*")
        if path.is_file() and not any(path.read_bytes()[-60:] in body for body in written)
    }
    configurations = {"_config.yml", "hugo.toml", "pelicanconf.py"}
    unnamed = {each for each in lost if f"{each.partition('/')[0]}/" not in named}
    assert unnamed - named <= configurations


@each_blog
def test_all_that_was_written_is_there(name: str, moved: Moved) -> None:
    """Posts and pages, all but drafts, are there or led to; what led to them before still does."""
    found = blogs.addresses(name)
    former = found.get("redirects", [])
    assert len(found["pages"]) > 20
    assert {path for path in found["pages"] if moved.status(path) == 404} <= DRAFTS
    assert [path for path in former if moved.status(path) != 301] == []


@each_blog
def test_no_redirect_leads_nowhere(name: str, moved: Moved) -> None:
    """What a stub names is there, and no stub itself."""
    paths = [path for each in blogs.addresses(name).values() for path in each]
    ends = {moved.leads_to(path) or "" for path in paths if moved.status(path) == 301}
    assert ends
    assert {end: moved.status(end) for end in ends} == dict.fromkeys(ends, 200)


@each_blog
def test_nothing_is_told_of_what_moved(name: str, moved: Moved) -> None:
    """Every post is understood; drafts and files beside posts stay unseen."""
    told = {(Path(p["key"]).name, each["rule"]) for p in moved.posts for each in p["warnings"]}
    assert told == TOLD.get(name, set())
    assert [post["error"] for post in moved.posts if post["error"]] == []
    shown = ("live", "unlisted")
    assert {Path(p["key"]).name for p in moved.posts if p["status"] not in shown} == UNSEEN[name]


def test_the_page_quotes_the_receipt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What docs/moving.md shows is what a person sees; it leaves out what it marks as left out."""
    page = (blogs.HERE.parents[1] / "docs" / "moving.md").read_text(encoding="utf-8")
    block = page.partition("$ presswork import hexo blog --out new\n")[2].partition("```")[0]
    source, out = blogs.blog("hexo", tmp_path), tmp_path / "new"
    _, told, _ = run(capsys, "import", "hexo", str(source), "--out", str(out))
    shown = told.replace(str(out), "new")
    parts = block.strip().split("\n…\n")
    assert len(parts) == 3
    assert [part for part in parts if part not in shown] == []
    assert shown.rstrip().endswith(parts[-1])
