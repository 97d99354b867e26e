"""The blogs of other tools as `presswork import` moves them here, and the addresses they had."""

import json
import shutil
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from presswork_cli.app import app

HERE = Path(__file__).parent
NAMES = ("hexo", "jekyll", "hugo", "hugo-ugly", "pelican")
BASE_URL = "https://ferry.example"

NOT_KEPT = {
    "hexo": r"(/archives|)(/\d+)?/page/\d+/|/tags/cafe/",
    "jekyll": "(?!)",
    "hugo": r"(/.*)?/page/\d+/|/(tags|categories)/index\.xml",
    "hugo-ugly": r"(/.*)?/page/\d+(/|\.html)|/(tags|categories)/index\.xml",
    "pelican": r"/drafts/a-draft\.html|/(author/ada-quill|index)2\.html",
}
"""Which addresses answer 404 after a move: further pages of a list, which has one page here, the
feed of a list of all terms, a draft, and a tag that is spelled `café` here, as its author does."""


def addresses(name: str) -> dict[str, list[str]]:
    """The addresses that a tool gave its blog, by section."""
    text = (HERE / name / "addresses.txt").read_text(encoding="utf-8")
    parts = (part.split("\n") for part in text.strip().split("\n\n"))
    return {head.strip("[]"): paths for head, *paths in parts}


def blog(name: str, folder: Path) -> Path:
    """A copy of a blog; `hugo-ugly` is that of Hugo with one more setting."""
    tool, _, is_ugly = name.partition("-")
    copied = shutil.copytree(HERE / tool / "blog", folder / "blog")
    if is_ugly:
        settings = copied / "hugo.toml"
        settings.write_text(f"uglyURLs = true\n{settings.read_text()}")
    return copied


def moved(name: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The content folder that the command makes of a blog, and its receipt."""
    source, out = blog(name, folder), folder / "new"
    words = ["import", name.partition("-")[0], str(source), "--out", str(out), "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, (result.output, result.exception)
    return out, json.loads(result.stdout)
