"""Blogs that move here keep their addresses: those that their generators' rules give each post.

Rules: jekyllrb.com/docs/permalinks, hexo.io/docs/permalinks, getzola.org/documentation/content/page
(`path`, `aliases`), gohugo.io/content-management/urls. Here they are written a second time.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from conftest import ALLOWED
from presswork.content import Site, is_post, parse

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
UPLOADED = datetime(2024, 1, 1, tzinfo=UTC)
_NAME = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)\.\w+")
_DATE = re.compile(
    r"""^date:\s*['"]?(\d{4}-\d\d?-\d\d?)(?:[T ](\d\d?:\d\d)(?::\d\d)?)?
        [^\n]*?(Z|[+-]\d\d:?\d\d)?['"]?\s*$""",
    re.MULTILINE | re.VERBOSE,
)
_YAML = re.compile(r"---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+\s*\n(.*?)\n\+\+\+", re.DOTALL)


@dataclass(frozen=True)
class Blog:
    """Where a blog's posts lie, what settings keep its addresses, and its generator's rule.

    `key` is where a post is put, `addresses` are those that the generator gives a post: the file,
    below the folder, and its text.
    """

    folder: str
    site: Site
    key: Callable[[Path], str]
    addresses: Callable[[Path, str], Iterator[str]]


def _dated(prefix: str, zone: str) -> Callable[[Path, str], Iterator[str]]:
    """Of Jekyll and Hexo: the date of the front matter, else the file's, and the file's words."""

    def addresses(file: Path, text: str) -> Iterator[str]:
        name = _NAME.fullmatch(file.name)
        assert name is not None
        front = _YAML.match(text)
        given = _DATE.search(front[1]) if front else None
        day = _day(given, zone) if given else date(*map(int, name[1].split("-")))
        yield f"{prefix}/{day:%Y/%m/%d}/{name[2]}/"

    return addresses


def _day(given: re.Match[str], zone: str) -> date:
    year, month, day = map(int, given[1].split("-"))
    if given[2] is None:
        return date(year, month, day)
    hour, minute = map(int, given[2].split(":")[:2])
    time = datetime(year, month, day, hour, minute, tzinfo=UTC)
    if given[3] is None:
        return time.date()
    offset = datetime.strptime(given[3].replace("Z", "+0000"), "%z").tzinfo
    return time.replace(tzinfo=offset).astimezone(ZoneInfo(zone)).date()


def _of_zola(file: Path, text: str) -> Iterator[str]:
    found = _TOML.match(text)
    front: dict[str, Any] = tomllib.loads(found[1]) if found else {}
    yield f"/{front.get('path', file.stem).strip('/')}/"
    for alias in front.get("aliases", ()):
        yield f"/{alias.strip('/')}" + ("" if alias.endswith(".html") else "/")


def _of_hugo(file: Path, text: str) -> Iterator[str]:
    found = _YAML.match(text)
    front: dict[str, Any] = yaml.safe_load(found[1]) if found else {}
    *folders, name = (part.lower().replace(" ", "-") for part in file.with_suffix("").parts)
    named = [] if name == "index" else [front.get("slug") or name]
    yield front.get("url") or "/" + "/".join([*folders, *named, ""])
    for alias in front.get("aliases") or ():
        beside = alias if alias.startswith("/") else "/" + "/".join([*folders, alias])
        yield beside.rstrip("/") + "/"


BLOGS = {
    "18f": Blog(
        "18f/posts",
        Site(permalink="/:year/:month/:day/:filename/"),
        lambda file: f"posts/{file}",
        _dated("", "UTC"),
    ),
    "jekyll": Blog(
        "jekyll/docs/_posts",
        Site(permalink="/news/:year/:month/:day/:filename/", timezone="America/Los_Angeles"),
        lambda file: f"posts/{file}",
        _dated("/news", "America/Los_Angeles"),
    ),
    "hexo": Blog(
        "hexo/source/_posts",
        Site(permalink="/news/:year/:month/:day/:filename/"),
        lambda file: f"posts/{file}",
        _dated("/news", "UTC"),
    ),
    "zola": Blog("zola/content", Site(), lambda file: f"posts/{file}", _of_zola),
    "hugo": Blog("hugo/content/en", Site(), lambda file: f"pages/{file}", _of_hugo),
}


REJECTED = {
    # Its date is `2023-01-29 18:30:22 2023 -0800`: whoever moves it is told, with line and cure.
    "2023-01-29-jekyll-3-9-3-released.markdown"
}


@pytest.mark.parametrize("name", BLOGS)
def test_each_address_of_a_blog_is_one_of_its_post(name: str) -> None:
    """It is the path of the post, which answers 200, or an alias, which answers 301."""
    blog = BLOGS[name]
    if not (CORPUS / blog.folder).is_dir():
        pytest.skip(f"{ALLOWED}/corpus")
    lost: dict[str, set[str]] = {}
    count = 0
    for path in sorted((CORPUS / blog.folder).rglob("*.m*")):
        file, data = path.relative_to(CORPUS / blog.folder), path.read_bytes()
        if path.suffix not in (".md", ".markdown") or not is_post(blog.key(file), data):
            continue
        if file.stem == "_index" or file.name in REJECTED:  # a section's is that of a list
            continue
        post = parse(data, blog.key(file), blog.site, uploaded=UPLOADED).post
        wanted = set(blog.addresses(file, data.decode()))
        count += len(wanted)
        if left := wanted - {post.path, *post.aliases}:
            lost[str(file)] = left
    assert lost == {}
    assert count > 50
