"""Short ways to parse what a test writes."""

from textwrap import dedent

import pytest

from presswork.content import Parsed, Site, parse
from presswork.errors import Rejected

OPEN = Site(
    extra=(
        *("a", "b", "c", "d", "e", "cover", "image", "series", "weight", "status", "params"),
        *("extra", "url", "permalink", "toc", "note"),
    )
)
"""A site that makes public whatever these tests leave in front matter."""


def read(
    body: str = "", *, key: str = "posts/a.md", site: Site | None = None, **front: str
) -> Parsed:
    """The post with this body and these lines of front matter, dated unless it dates itself."""
    front.setdefault("date", "2021-03-04")
    matter = "".join(f"{name}: {value}\n" for name, value in front.items())
    return parse(f"---\n{matter}---\n{body}".encode(), key, site or Site())


def refusal(source: str | bytes, key: str = "posts/a.md", site: Site | None = None) -> Rejected:
    """How a source is rejected."""
    data = source if isinstance(source, bytes) else dedent(source).encode()
    with pytest.raises(Rejected) as caught:
        parse(data, key, site or Site())
    assert caught.value.message
    assert caught.value.fix
    return caught.value
