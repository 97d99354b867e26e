"""Feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, of posts given as their `index.json`."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from presswork.object import Object
from presswork.settings import Site
from presswork.site.addresses import (
    FEED_KEY,
    JSON_FEED_KEY,
    RSS_KEY,
    absolute,
    feed_key,
    list_path,
)
from presswork.site.objects import FRESH
from presswork.site.text import clean
from presswork.site.theme.context import settings
from presswork.site.theme.rendering import render

Documents = Sequence[Mapping[str, Any]]

# CloudFront compresses what is called so, but neither application/atom+xml nor
# application/feed+json (Developer Guide, "File types that CloudFront compresses").
_XML = "application/xml; charset=utf-8"
_RSS = "application/rss+xml; charset=utf-8"
_JSON = "application/json; charset=utf-8"

_NEVER = "1970-01-01T00:00:00Z"


def feeds(site: Site, base_url: str, posts: Documents) -> dict[str, Object]:
    """The site's feeds by key: the same posts, newest first, in three forms."""
    return {
        FEED_KEY: atom(site, base_url, posts),
        RSS_KEY: rss(site, base_url, posts),
        JSON_FEED_KEY: json_feed(site, base_url, posts),
    }


def atom(
    site: Site, base_url: str, posts: Documents, *, name: str = "home", words: str = ""
) -> Object:
    """The Atom feed of a list; `words` is what a term is called."""
    entries = _entries(site, base_url, posts)
    text = render(
        "feed.xml",
        site=settings(site),
        title=f"{words} · {site.title}" if words else site.title,
        home=absolute(base_url, list_path(name)),
        address=absolute(base_url, feed_key(name)),
        updated=max((entry["changed"] for entry in entries), default=_NEVER),
        entries=entries,
    )
    return Object(text.encode(), _XML, FRESH)


def rss(site: Site, base_url: str, posts: Documents) -> Object:
    """The RSS 2.0 feed of the site."""
    text = render(
        "rss.xml",
        site=settings(site),
        home=absolute(base_url, "/"),
        address=absolute(base_url, RSS_KEY),
        entries=_entries(site, base_url, posts),
    )
    return Object(text.encode(), _RSS, FRESH)


def json_feed(site: Site, base_url: str, posts: Documents) -> Object:
    """The JSON Feed 1.1 of the site."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        "home_page_url": absolute(base_url, "/"),
        "feed_url": absolute(base_url, JSON_FEED_KEY),
        "description": site.description,
        "language": site.language,
    }
    items = [_item(site, entry) for entry in _entries(site, base_url, posts)]
    feed = _without_empty(document) | {"items": items}
    text = json.dumps(feed, ensure_ascii=False, separators=(",", ":"))
    return Object(clean(text).encode() + b"\n", _JSON, FRESH)


def _item(site: Site, entry: Mapping[str, Any]) -> dict[str, Any]:
    image = next((each for each in entry["images"] if each["url"] == entry["cover"]), None)
    item = {
        "id": entry["urn"],
        "url": entry["url"],
        "title": entry["title"],
        "summary": entry["summary"],
        "image": _largest(image),
        "date_published": entry["date"],
        "date_modified": entry["changed"],
        "authors": [
            {"name": name} | ({"url": url} if (url := _page_of(site, name)) else {})
            for name in entry["authors"]
        ],
        "tags": entry["tags"],
        "language": entry["lang"],
    }
    # An item has to have a text, be it empty.
    body = {"content_html": entry["text"]} if entry["text"] else {"content_text": entry["summary"]}
    return _without_empty(item) | body


def _page_of(site: Site, author: str) -> str | None:
    return site.authors[author].url if author in site.authors else None


def _largest(image: Mapping[str, Any] | None) -> str | None:
    """The widest file of an image that came home, in a format that all readers know."""
    if image is None or image["picture"] is None:
        return None
    files = image["picture"]["files"]
    widest = files[max(files, key=int)]
    return str(
        next((widest[each] for each in ("jpeg", "png", "gif", "webp") if each in widest), "")
    )


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _entries(site: Site, base_url: str, posts: Documents) -> list[dict[str, Any]]:
    return [
        dict(post)
        | {
            "urn": _urn(base_url, post),
            "changed": _changed(post),
            "published": format_datetime(datetime.fromisoformat(str(post["date"]))),
            "text": post["html"] if site.feeds.full_text else "",
        }
        for post in posts[: site.feeds.entries]
    ]


def _changed(post: Mapping[str, Any]) -> str:
    return str(post.get("updated") or post["date"])


def _urn(base_url: str, post: Mapping[str, Any]) -> str:
    """A name that stays when a post moves or its date is mended: no reader sees it twice."""
    return uuid5(NAMESPACE_URL, f"{base_url}/#{post['id']}").urn
