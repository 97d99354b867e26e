"""The page of a post, and the same post as data beside it."""

import json
from collections.abc import Mapping
from typing import Any

from presswork.object import Object
from presswork.post import Image, ImageState, Post
from presswork.settings import Site
from presswork.site.addresses import absolute
from presswork.site.bodies import (
    image_urls,
    shown,
    with_absolute_links,
    with_pictures,
    with_scrolling,
)
from presswork.site.lists import lists_of, month_of, trail
from presswork.site.objects import FRESH, page
from presswork.site.phrases import phrases_for
from presswork.site.pictures import Preview, picture_of, preview
from presswork.site.rendering import instant, render_page

FORMAT = 1
"""The version of the form of `index.json`."""


def post_page(site: Site, base_url: str, post: Post, images: Mapping[str, Image]) -> Object:
    """The page of a post; `images` are known by canonical URL, an unknown one counts as absent."""
    phrases = phrases_for(site.language)
    in_text = list(image_urls(post.html))
    cover = "" if post.cover is None or post.cover in in_text else _cover(post, images)
    text = with_pictures(post.html, images, phrases, first_lazy=bool(cover))
    shared = _preview(post, in_text, images, base_url)
    return page(
        render_page(
            "post.html",
            site,
            base_url,
            path=post.path,
            language=post.lang,
            post=post,
            text=with_scrolling(text, phrases),
            cover=cover,
            preview=shared,
            linked_data=_linked_data(site, base_url, post, shared),
            trails=_trails(site, post),
            tags=_tags(site, post),
            month=month_of(site, post.date),
        )
    )


def post_json(site: Site, base_url: str, post: Post, images: Mapping[str, Image]) -> Object:
    """A post as data: `index.json`, in the form that docs/site.md describes."""
    url = absolute(base_url, post.path)
    phrases = phrases_for(site.language)
    html = with_pictures(post.html, images, phrases, base_url=base_url, first_lazy=True)
    document = json.loads(post.model_dump_json()) | {
        "format": FORMAT,
        "url": url,
        "html": with_absolute_links(html, url),
        "images": [
            {"url": each.url, "alt": each.alt} | _image_data(images.get(each.url), base_url)
            for each in post.images
        ],
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Object(text.encode() + b"\n", "application/json; charset=utf-8", FRESH)


def _cover(post: Post, images: Mapping[str, Image]) -> str:
    alt = next((each.alt for each in post.images if each.url == post.cover), "")
    return shown(images.get(post.cover or ""), alt, lazy=False)


def _preview(
    post: Post, in_text: list[str], images: Mapping[str, Image], base_url: str
) -> Preview | None:
    """The image that stands for the post elsewhere: its cover, or the first one that is home."""
    for url in [post.cover or "", *in_text]:
        if picture := picture_of(images.get(url)):
            return preview(picture, base_url)
    return None


def _trails(site: Site, post: Post) -> list[list[tuple[str, str]]]:
    """Each category path of a post as the lists on the way to it, with the words of each level."""
    lists = lists_of(site, post)
    trails = ([step for step in trail(path) if step[0] in lists] for path in post.categories)
    return [steps for steps in trails if steps]


def _tags(site: Site, post: Post) -> list[tuple[str, str]]:
    return [each for each in lists_of(site, post).items() if each[0].startswith("tag:")]


def _linked_data(site: Site, base_url: str, post: Post, shared: Preview | None) -> str:
    """The post in the words of schema.org, fit to stand in a `script` element."""
    url = absolute(base_url, post.path)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": post.title,
        "description": post.summary,
        "inLanguage": post.lang,
        "datePublished": instant(post.date),
        "dateModified": instant(post.updated or post.date),
        "author": [{"@type": "Person", "name": name} for name in post.authors],
        "publisher": {"@type": "Organization", "name": site.title, "url": absolute(base_url, "/")},
        "mainEntityOfPage": url,
        "url": url,
    }
    if shared:
        data["image"] = {
            "@type": "ImageObject",
            "url": shared.url,
            "width": shared.width,
            "height": shared.height,
        }
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False)
    # A script element ends at the first "</script", whatever JSON thinks of it.
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _image_data(image: Image | None, base_url: str) -> dict[str, Any]:
    """The state of an image and, when it is home, its size and its files by width and format."""
    picture = picture_of(image)
    if image is None or picture is None:
        return {"state": image.state if image else ImageState.OWED, "picture": None}
    files = {
        str(width): {format: absolute(base_url, key) for format, key in files.items()}
        for width, files in picture.files.items()
    }
    size = {"width": picture.width, "height": picture.height}
    return {"state": image.state, "picture": size | {"files": files}}
