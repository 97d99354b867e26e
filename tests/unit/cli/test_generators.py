"""Blogs of other tools move here as docs/moving.md says, and keep their addresses."""

import html
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from presswork.site import key_of
from unit.cli.test_app import run
from unit.cli.test_build import files

ROOT = Path(__file__).parents[3]
GENERATORS = ROOT / "tests" / "generators"
PAGE = (ROOT / "docs" / "moving.md").read_text(encoding="utf-8")
BASE_URL = "https://ferry.example"
REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]*)"')
HEADINGS = {
    "hexo": "Hexo",
    "jekyll": "Jekyll",
    "hugo": "Hugo",
    "hugo-ugly": "Hugo",
    "pelican": "Pelican",
}
MONTHS = "a list has one page here, and then the months: /archives/ leads to all"
NO_POST = "nothing but a draft, or the folder of a file, gave a list this name"
NOT_FREE = (
    "lists of terms are the site's own and spelled in small letters: no redirect stands there"
)
BESIDE = "a file beside a post is copied to an address made of its bytes; posts link to that"
NOT_KEPT = {
    "hexo": {
        r"/(archives/)?(\d+/)?page/\d+/": MONTHS,
        r"/archives/\d+/(\d+/)?": "years and months stand at /2024/ and /2024/01/ here",
        r"/categories/(Harbour|Travel)/(\w+/)?|/tags/(C|Sea-Salt|cafe)/": NOT_FREE,
        r"/(tags|categories)/index\.html": "there is no list of all terms",
        r"/2024/01/02/the-last-ferry/timetable\.csv": BESIDE,
    },
    "jekyll": {},
    "hugo": {
        r"(/.*)?/page/\d+/": MONTHS,
        r"/tags/c\+\+/|/(tags|categories)/(.*/)?index\.xml": NOT_FREE,
        r"/(tags|categories)/": "there is no list of all terms",
        r"/posts/bundle/timetable\.csv": BESIDE,
    },
    "hugo-ugly": {
        r"(/.*)?/page/\d+(/|\.html)": MONTHS,
        r"/(tags|categories)/([^/]+\.html|(.*/)?index\.xml)": NOT_FREE,
        r"/posts/bundle/timetable\.csv": BESIDE,
    },
    "pelican": {
        r"/drafts/a-draft\.html": "nobody sees a draft",
        r"/(author/ada-quill|index)2\.html": MONTHS,
        r"/(category|feeds)/(misc|north)(\.atom\.xml|\.html)": NO_POST,
        r"/feeds/.*\.rss\.xml": "a term has a feed in Atom alone",
    },
}
"""Which addresses answer 404 after a move, and why no line in `redirects` helps or would be true."""

HIDDEN = {
    "hexo": {"hidden-draft.md", "timetable.csv"},
    "jekyll": {"2024-01-18-unpublished.md"},
    "hugo": {"hidden-draft.md", "timetable.csv"},
    "hugo-ugly": {"hidden-draft.md", "timetable.csv"},
    "pelican": {"draft.md"},
}
"""The files of a blog that are no page of it."""

each_tool = pytest.mark.parametrize("name", HEADINGS)


@dataclass(frozen=True)
class Moved:
    """A blog that has moved: what became of its posts, and its site by key."""

    answer: dict[str, list[dict[str, object]]]
    site: dict[str, bytes]

    def leads_to(self, path: str) -> str | None:
        """Where the stub at a path leads; None where a page stands."""
        found = REFRESH.search(self.site[key_of(path)].decode(errors="replace"))
        return unquote(html.unescape(found[1])).removeprefix(BASE_URL) if found else None

    def status(self, path: str) -> int:
        """What a reader is answered at a path of the old blog."""
        if key_of(path) not in self.site:
            return 404
        return 200 if self.leads_to(path) is None else 301


def block(name: str, language: str) -> str:
    """The commands or the settings that the page has for a tool."""
    (part,) = re.findall(rf"^## {HEADINGS[name]}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    (found,) = re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)
    return str(found)


def addresses(name: str) -> dict[str, list[str]]:
    """The addresses that a tool gave its blog, by section."""
    text = (GENERATORS / name / "addresses.txt").read_text(encoding="utf-8")
    parts = (part.split("\n") for part in text.strip().split("\n\n"))
    return {head.strip("[]"): paths for head, *paths in parts}


def settings(name: str) -> dict[str, object]:
    """The site.yaml of a blog that has moved."""
    found: dict[str, object] = yaml.safe_load((GENERATORS / name / "site.yaml").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def blogs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Moved]:
    """The blogs that were built so far."""
    return {}


@pytest.fixture
def moved(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], blogs: dict[str, Moved]
) -> Moved:
    """A blog that was moved by the commands of the page, and built."""
    if name not in blogs:
        shutil.copytree(GENERATORS / name.partition("-")[0] / "blog", tmp_path / "blog")
        subprocess.run(["sh", "-eu", "-c", block(name, "sh")], cwd=tmp_path, check=True)
        new, out = tmp_path / "new", tmp_path / "out"
        shutil.copy(GENERATORS / name / "site.yaml", new)
        _, stdout, _ = run(capsys, "build", str(new), "--out", str(out), "--json")
        blogs[name] = Moved(json.loads(stdout), files(out))
    return blogs[name]


@each_tool
def test_every_address_is_answered(name: str, moved: Moved) -> None:
    """It is 200 or 301, but for those that are known to be lost; of these all are still lost."""
    paths = [path for each in addresses(name).values() for path in each]
    lost = {path for path in paths if moved.status(path) == 404}
    known = {each: {p for p in paths if re.fullmatch(each, p)} for each in NOT_KEPT[name]}
    assert lost == set().union(*known.values())
    assert all(known.values())


@each_tool
def test_all_that_was_written_is_there(name: str, moved: Moved) -> None:
    """Posts, pages and what led to them, all but drafts: each is a page, or leads to one."""
    found = addresses(name)
    written = [*found["pages"], *found.get("redirects", ())]
    assert len(written) > 20
    assert {path for path in written if moved.status(path) == 404} <= {"/drafts/a-draft.html"}
    stubs = [path for path in found.get("redirects", ()) if moved.status(path) != 301]
    assert stubs == []


@each_tool
def test_no_redirect_leads_nowhere(name: str, moved: Moved) -> None:
    """What a stub names is there, and no stub itself."""
    stubs = [
        path for each in addresses(name).values() for path in each if moved.status(path) == 301
    ]
    ends = {moved.leads_to(path) for path in stubs}
    assert ends
    assert {end: moved.status(end or "") for end in ends} == dict.fromkeys(ends, 200)


@each_tool
def test_nothing_is_told_of_what_moved(name: str, moved: Moved) -> None:
    """Every post is understood without a warning; drafts and files beside posts stay unseen."""
    posts = moved.answer["posts"]
    told = {post["key"]: post["warnings"] for post in posts if post["warnings"] or post["error"]}
    assert told == {}
    hidden = {str(post["key"]).rpartition("/")[2] for post in posts if post["status"] != "live"}
    assert hidden == HIDDEN[name]


@each_tool
def test_the_page_has_the_settings(name: str) -> None:
    """What it shows is what the blog moved with; besides that, names and redirects."""
    shown = yaml.safe_load(block(name, "yaml"))
    if name == "hugo-ugly":
        shown["permalink"] = f"{shown['permalink'].removesuffix('/')}.html"
        assert shown["permalink"] in PAGE
    assert settings(name).items() >= shown.items()
    assert settings(name).keys() - shown.keys() == {"title", "base_url", "redirects"}
