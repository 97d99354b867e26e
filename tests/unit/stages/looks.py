"""What looks at a source find, from its text."""

from datetime import UTC, datetime

from presswork.object import Content
from presswork.settings import Site
from presswork.stages.parse.revision import Finding, find

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
KEY, PATH = "posts/a.md", "/2026/05/a/"
BROKEN = "---\ntitle: [unclosed\n---\n"


def text(body: str = "Text.", **front_matter: object) -> str:
    """The source of a post of today, with these lines of front matter."""
    matter = {"title": "A", "date": "2026-05-04 09:00:00", "slug": "a", **front_matter}
    return "---\n" + "".join(f"{k}: {v}\n" for k, v in matter.items()) + f"---\n\n{body}\n"


def look(source: str = "", *, version: str = "v1", key: str = KEY) -> Finding:
    """What a version of an object says; without one, the source of an ordinary post."""
    found = Content((source or text()).encode(), version, "etag", NOW)
    return find(found, key, Site(), NOW, NOW, theme="")
