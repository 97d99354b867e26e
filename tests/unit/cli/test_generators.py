"""Blogs of other tools move here as docs/moving.md says, and keep their addresses."""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml

from generators import blogs
from presswork.site import key_of
from unit.cli.test_app import run
from unit.cli.test_build import files

DRAFTS = {"/drafts/a-draft.html"}
REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]*)"')
UNSEEN = {
    "hexo": {"hidden-draft.md", "timetable.csv"},
    "jekyll": {"2024-01-18-unpublished.md"},
    "hugo": {"hidden-draft.md", "timetable.csv"},
    "hugo-ugly": {"hidden-draft.md", "timetable.csv"},
    "pelican": {"draft.md"},
}
"""The files of a blog that are no page of it."""

TOLD = {"pelican": {("hidden.md", "visibility.unlisted")}}
"""The warnings about a blog's files: a word for privacy is told, however well it is understood."""

each_blog = pytest.mark.parametrize("name", blogs.HEADINGS)


@dataclass(frozen=True)
class Moved:
    """A blog that has moved: what became of its posts, and its site by key."""

    posts: list[dict[str, Any]]
    site: dict[str, bytes]

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
    """A blog that was moved by the commands of the page, and built."""
    if name not in built:
        out = tmp_path / "out"
        new = blogs.moved(name, tmp_path)
        _, stdout, _ = run(capsys, "build", str(new), "--out", str(out), "--json")
        built[name] = Moved(json.loads(stdout)["posts"], files(out))
    return built[name]


@each_blog
def test_every_address_is_answered(name: str, moved: Moved) -> None:
    """It is 200 or 301, but for those that are known to be lost; of these all are still lost."""
    paths = [path for each in blogs.addresses(name).values() for path in each]
    lost = {path for path in paths if moved.status(path) == 404}
    known = [{path for path in paths if re.fullmatch(each, path)} for each in blogs.NOT_KEPT[name]]
    assert lost == set().union(*known)
    assert all(known)


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


@each_blog
def test_the_page_has_the_settings(name: str) -> None:
    """What it shows is what the blog moved with; besides that, names and redirects."""
    shown, settings = yaml.safe_load(blogs.block(name, "yaml")), blogs.settings(name)
    if name == "hugo-ugly":
        shown["permalink"] = f"{shown['permalink'].removesuffix('/')}.html"
        assert shown["permalink"] in blogs.PAGE
    assert settings.items() >= shown.items()
    assert settings.keys() - shown.keys() == {"title", "base_url", "redirects"}
