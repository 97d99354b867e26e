"""Writes down the addresses of each blog here, as its own tool gives them: `addresses.txt`.

Run it by hand when a blog or a tool changes; no test needs the tools:

    python tests/generators/record.py [--node-modules DIR] [hexo jekyll hugo hugo-ugly pelican]

`jekyll` (with jekyll-sitemap, jekyll-feed and jekyll-redirect-from), `hugo` and `pelican` (with
pelican-sitemap) are looked for on PATH. Hexo stands in `node_modules`, which `npm install` makes of
`hexo/blog/package.json`. Each tool runs in the time zone of its blog, as on its author's machine.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

HERE = Path(__file__).parent
SECTIONS = ("pages", "redirects", "lists", "feeds", "files")

_LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
_REFRESH = re.compile(r"http-equiv=[\"']?refresh", re.IGNORECASE)
_FEED = re.compile(r"/feeds/.*|.*/index\.xml|/feed\.xml")
_NOT_OF_THE_AUTHOR = re.compile(
    r"/(?:css|js|fancybox|theme)/.*|/(?:sitemap\.xml|robots\.txt|redirects\.json|CNAME)"
)


@dataclass(frozen=True)
class Tool:
    """How a tool makes a site of a blog, where it leaves it, and which addresses are its lists."""

    blog: str
    command: tuple[str, ...]
    out: str
    zone: str
    lists: str
    environment: tuple[tuple[str, str], ...] = ()


_HUGO_LISTS = (
    r"(?:/.*)?/page/\d+(?:/|\.html)|/(?:tags|categories)/.*"
    r"|/(?:posts|journal|notes)/(?:index\.html)?"
)
TOOLS = {
    "hexo": Tool(
        "hexo",
        ("node_modules/.bin/hexo", "generate", "--silent"),
        "public",
        "Asia/Shanghai",
        r"/(?:archives|tags|categories)/.*|/page/\d+/",
    ),
    "jekyll": Tool("jekyll", ("jekyll", "build", "--quiet"), "_site", "Europe/Lisbon", "(?!)"),
    "hugo": Tool("hugo", ("hugo", "--quiet"), "public", "Europe/Lisbon", _HUGO_LISTS),
    "hugo-ugly": Tool(
        "hugo",
        ("hugo", "--quiet"),
        "public",
        "Europe/Lisbon",
        _HUGO_LISTS,
        (("HUGO_UGLYURLS", "true"),),
    ),
    "pelican": Tool(
        "pelican",
        ("pelican", "--quiet", "--output", "output", "--settings", "pelicanconf.py"),
        "output",
        "Europe/Lisbon",
        r"/(?:category|tag|author)/.*|/(?:archives|authors|categories|tags|index\d+)\.html",
    ),
}


def recorded(tool: Tool, out: Path) -> dict[str, list[str]]:
    """The addresses of a site by section, as readers see them: not percent-encoded."""
    named = _named(out)
    found = defaultdict(list)
    for file in sorted(path for path in out.rglob("*") if path.is_file()):
        spellings = _spellings(f"/{file.relative_to(out).as_posix()}")
        path = next((each for each in spellings if each in named), spellings[0])
        named -= set(spellings)
        if not _NOT_OF_THE_AUTHOR.fullmatch(path):
            found[_section(tool, path, file)].append(path)
    if named:
        raise SystemExit(f"in the sitemap, without a file: {sorted(named)}")
    return {each: sorted(paths) for each, paths in found.items()}


def _spellings(path: str) -> tuple[str, ...]:
    """The addresses under which servers show a file; the usual one first."""
    if path.endswith("/index.html"):
        return path.removesuffix("index.html"), path
    return (path, path.removesuffix(".html")) if path.endswith(".html") else (path,)


def _named(out: Path) -> set[str]:
    """The addresses of the sitemap, and those that jekyll-redirect-from lists."""
    places = ET.parse(out / "sitemap.xml").iter(_LOCATION)
    old = out / "redirects.json"
    urls = [place.text or "" for place in places]
    urls += json.loads(old.read_text()) if old.is_file() else []
    return {unquote(urlsplit(url).path) or "/" for url in urls}


def _section(tool: Tool, path: str, file: Path) -> str:
    if _FEED.fullmatch(path):
        return "feeds"
    if re.fullmatch(tool.lists, path):
        return "lists"
    if file.suffix != ".html":
        return "files"
    return "redirects" if _REFRESH.search(file.read_text(encoding="utf-8")) else "pages"


def build(tool: Tool, folder: Path, node_modules: Path) -> Path:
    """The site that a tool makes of a copy of its blog."""
    blog = folder / "blog"
    shutil.copytree(HERE / tool.blog / "blog", blog)
    if "node_modules" in tool.command[0]:
        (blog / "node_modules").symlink_to(node_modules.resolve())
    more = {"TZ": tool.zone, "LC_ALL": "C.UTF-8", **dict(tool.environment)}
    subprocess.run(tool.command, cwd=blog, check=True, env={**os.environ, **more})
    return blog / tool.out


def main() -> None:
    """Records the blogs that are named, or all."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--node-modules", type=Path, default=HERE / "hexo/blog/node_modules")
    asked.add_argument("names", nargs="*", metavar="NAME")
    options = asked.parse_args()
    for name in options.names or TOOLS:
        with tempfile.TemporaryDirectory() as folder:
            found = recorded(TOOLS[name], build(TOOLS[name], Path(folder), options.node_modules))
        parts = ["\n".join([f"[{each}]", *found[each], ""]) for each in SECTIONS if each in found]
        (HERE / name).mkdir(exist_ok=True)
        (HERE / name / "addresses.txt").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
