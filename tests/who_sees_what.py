"""The table "Who sees what" of docs/site.md: its cells, the posts of its rows, where to look."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "site.md"
SECRET = "hunter2"
"""What a row keeps from everybody, if it keeps words from anybody."""


@dataclass(frozen=True)
class Row:
    """What a post says of itself: more front matter, and its words."""

    front: Mapping[str, str] = field(default_factory=dict)
    words: str = "Words."


ROWS: Mapping[str, Row | None] = {
    "nothing of the kind": Row(),
    "`noindex: true`": Row({"noindex": "true"}),
    "`unlisted: true`": Row({"unlisted": "true"}),
    "`private: true`": Row({"private": "true"}),
    "`password: …`": Row({"password": SECRET}),
    "`publishDate` ahead": Row({"publishDate": "2099-01-01"}),
    "a `%%comment%%`": Row(words=f"[[A note]] %%{SECRET}%%"),
    "an object of 0 bytes": None,
}
"""The rows of the table; None where a post says nothing at all."""

OTHERS: Mapping[str, Callable[[str], bool]] = {
    "lists, neighbours": lambda key: key.endswith((".html", "index.json")),
    "feeds": lambda key: key.endswith(("feed.xml", "rss.xml", "feed.json")),
    "search": lambda key: key.startswith("-/search/"),
    "sitemap": lambda key: key.startswith(("sitemap", "-/sitemap")),
}
"""The columns about objects that are not the post's own, and which these are."""

COLUMNS = {"page", "robots", "`index.json`", "media", "mail", *OTHERS}


@dataclass(frozen=True)
class Post:
    """How a post is told from all others: no other has its title or its path."""

    title: str
    path: str

    def is_named(self, site: Mapping[str, bytes], which: Callable[[str], bool]) -> bool:
        """Whether one of these objects names the post, other than its own and its media."""
        own = self.path.strip("/")
        return any(
            self.title.encode() in body or own.encode() in body
            for key, body in site.items()
            if which(key) and not key.startswith((f"{own}/", "-/media/"))
        )

    def named(self, site: Mapping[str, bytes]) -> dict[str, str]:
        """The cells about objects that are not the post's own."""
        return {column: yes_or_no(self.is_named(site, which)) for column, which in OTHERS.items()}


def yes_or_no(found: object) -> str:
    """The word that a cell has for it."""
    return "yes" if found else "no"


def documented() -> dict[str, dict[str, str]]:
    """The words of the cells, by row and column."""
    text = PAGE.read_text(encoding="utf-8").partition("## Who sees what\n")[2]
    head, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in re.findall(r"^\|.*\|$", text.partition("\n## ")[0], re.MULTILINE)
    ]
    return {row: dict(zip(head[1:], cells, strict=True)) for row, *cells in rows}
