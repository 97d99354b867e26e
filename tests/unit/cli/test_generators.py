"""Blogs of other tools move here as docs/moving.md says, and keep their addresses."""

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
REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]*)"')
OF_LISTS = "a later page of a list: here a list leads to the months"

HEADINGS = {
    "hexo": "Hexo",
    "jekyll": "Jekyll",
    "hugo": "Hugo",
    "hugo-ugly": "Hugo",
    "pelican": "Pelican",
}
NOT_KEPT: dict[str, dict[str, str]] = {name: {} for name in HEADINGS}
"""Which addresses answer 404 after a move, and why that cannot be helped in `redirects`."""

each_tool = pytest.mark.parametrize("name", HEADINGS)


@dataclass(frozen=True)
class Moved:
    """A blog that has moved: what became of its posts, and its site by key."""

    answer: dict[str, list[dict[str, object]]]
    site: dict[str, bytes]

    def leads_to(self, path: str) -> str | None:
        """Where the stub at a path leads; None where a page stands."""
        found = REFRESH.search(self.site[key_of(path)].decode(errors="replace"))
        return found and found[1]

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
