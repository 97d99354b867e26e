"""The blogs of other tools as they move here, by the commands that docs/moving.md tells people."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "moving.md").read_text(encoding="utf-8")
HEADINGS = {
    "hexo": "Hexo",
    "jekyll": "Jekyll",
    "hugo": "Hugo",
    "hugo-ugly": "Hugo",
    "pelican": "Pelican",
}
"""Which part of the page is about a blog."""
BASE_URL = "https://ferry.example"

_MONTHS = "a list has one page here, and then the months: /archives/ leads to all"
_NO_POST = "nothing but a draft, or a folder that is none of a post, gave a list this name"
_NO_FEED = "the list of all terms has no feed"
_BESIDE = "a file beside a post is copied to an address made of its bytes; posts link to that"
NOT_KEPT = {
    "hexo": {
        r"/(archives/)?(\d+/)?page/\d+/": _MONTHS,
        r"/tags/cafe/": "the tag is café, and one called cafe would stand there",
        r"/2024/01/02/the-last-ferry/timetable\.csv": _BESIDE,
    },
    "jekyll": {},
    "hugo": {
        r"(/.*)?/page/\d+/": _MONTHS,
        r"/(tags|categories)/index\.xml": _NO_FEED,
        r"/posts/bundle/timetable\.csv": _BESIDE,
    },
    "hugo-ugly": {
        r"(/.*)?/page/\d+(/|\.html)": _MONTHS,
        r"/(tags|categories)/index\.xml": _NO_FEED,
        r"/posts/bundle/timetable\.csv": _BESIDE,
    },
    "pelican": {
        r"/drafts/a-draft\.html": "nobody sees a draft",
        r"/(author/ada-quill|index)2\.html": _MONTHS,
        r"/(category|feeds)/(misc|north)(\.atom\.xml|\.html)": _NO_POST,
        r"/feeds/.*\.rss\.xml": "a term has a feed in Atom alone",
    },
}
"""Which addresses answer 404 after a move, and why no line in `redirects` helps or is true."""


def block(name: str, language: str) -> str:
    """The commands or the settings that the page has for a blog."""
    (part,) = re.findall(rf"^## {HEADINGS[name]}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    (found,) = re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)
    return str(found)


def addresses(name: str) -> dict[str, list[str]]:
    """The addresses that a tool gave its blog, by section."""
    text = (HERE / name / "addresses.txt").read_text(encoding="utf-8")
    parts = (part.split("\n") for part in text.strip().split("\n\n"))
    return {head.strip("[]"): paths for head, *paths in parts}


def settings(name: str) -> dict[str, Any]:
    """The `site.yaml` of a blog that has moved."""
    found: dict[str, Any] = yaml.safe_load((HERE / name / "site.yaml").read_text(encoding="utf-8"))
    return found


def moved(name: str, folder: Path) -> Path:
    """The content folder that the commands make of a blog."""
    shutil.copytree(HERE / name.partition("-")[0] / "blog", folder / "blog")
    subprocess.run(["sh", "-eu", "-c", block(name, "sh")], cwd=folder, check=True)
    shutil.copy(HERE / name / "site.yaml", folder / "new")
    return folder / "new"
