"""The site's Atom feed (RFC 4287), with the full text of its posts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from presswork.object import Object
from presswork.settings import Site
from presswork.site.addresses import FEED_KEY, absolute
from presswork.site.objects import FRESH
from presswork.site.rendering import render

_NEVER = "1970-01-01T00:00:00Z"


def atom(site: Site, base_url: str, posts: Sequence[Mapping[str, Any]]) -> Object:
    """The feed of some posts, newest first, each given as the document of its `index.json`."""
    entries = [
        dict(post) | {"urn": _urn(base_url, post), "changed": _changed(post)} for post in posts
    ]
    text = render(
        "feed.xml",
        site=site,
        base_url=base_url,
        home=absolute(base_url, "/"),
        self=absolute(base_url, FEED_KEY),
        updated=max((entry["changed"] for entry in entries), default=_NEVER),
        entries=entries,
    )
    return Object(text.encode(), "application/atom+xml; charset=utf-8", FRESH)


def _changed(post: Mapping[str, Any]) -> str:
    return str(post.get("updated") or post["date"])


def _urn(base_url: str, post: Mapping[str, Any]) -> str:
    """A name that stays when a post moves or its date is mended: no reader sees it twice."""
    return uuid5(NAMESPACE_URL, f"{base_url}/#{post['id']}").urn
