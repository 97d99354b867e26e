"""A new post: a file named by its title, with the front matter that every post has."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from presswork.errors import Rejected
from presswork.settings import Site
from presswork.slugs import ascii_slug, slugify
from presswork_cli.failure import Exit, Failure
from presswork_cli.new.files import create, site_of
from presswork_cli.offline import folder

_POSTS = "posts"


@dataclass(frozen=True)
class NewPost:
    """What is known of a post that is yet to be written; `slug` names its file, else the title."""

    title: str
    slug: str = ""
    tags: Sequence[str] = ()
    draft: bool = True


def make(post: NewPost, here: Path, now: datetime) -> Path:
    """Makes the file of a post in the site that a folder is of, and returns it.

    The site is that of the nearest `site.yaml` above. The post lies in `posts/`, or where one
    stands below it. Raises Failure; no file is written over.
    """
    root = site_of(here)
    site = _settings(root)
    title = _one_line(post.title)
    name = _name(title, post.slug, site, now.astimezone(site.zone))
    posts = root / _POSTS
    path = (here if here.is_relative_to(posts) else posts) / f"{name}.md"
    if not create(path, _text(title, post, now.astimezone(site.zone))):
        raise Failure(
            f"{path} is there already: write on in it, or name another file with --slug",
            Exit.USAGE,
        )
    return path


def _settings(root: Path) -> Site:
    path = folder.settings_file(root)
    try:
        return folder.settings_of(path)
    except Rejected as rejected:
        place = f"{path}:{rejected.line}" if rejected.line else str(path)
        raise Failure(f"{place}: {rejected.message} {rejected.fix}", Exit.REJECTED) from rejected


def _name(title: str, slug: str, site: Site, now: datetime) -> str:
    made = ascii_slug if site.slug == "ascii" else slugify
    name = made(_one_line(slug) or title)
    if not name:
        raise Failure(
            f"No file can be named by {slug or title!r}, which has no letter and no digit: name it "
            "with --slug",
            Exit.USAGE,
        )
    return f"{now:%Y-%m-%d}-{name}" if "jekyll" in site.dialect else name


def _text(title: str, post: NewPost, now: datetime) -> str:
    """Strings of JSON are strings of YAML."""
    lines = [
        f"title: {_quoted(title)}",
        f"date: {now.isoformat(sep=' ', timespec='seconds')}",
        *(["draft: true"] if post.draft else []),
        *([f"tags: [{', '.join(map(_quoted, map(_one_line, post.tags)))}]"] if post.tags else []),
    ]
    return "\n".join(["---", *lines, "---", "", ""])


def _one_line(text: str) -> str:
    """A text without line ends; raises Failure for bytes that are no text."""
    line = " ".join(text.split())
    try:
        line.encode()
    except UnicodeEncodeError as error:
        raise Failure(f"{text!a} is not UTF-8: write it in a UTF-8 terminal", Exit.USAGE) from error
    return line


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
