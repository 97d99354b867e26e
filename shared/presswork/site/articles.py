"""The page of a post, and the same post as data beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from presswork.object import Object
from presswork.post import Card, Image, ImageRef, ImageState, Post
from presswork.settings import Site
from presswork.site.addresses import absolute, list_path
from presswork.site.bodies import (
    image_urls,
    shown,
    with_absolute_links,
    with_pictures,
)
from presswork.site.contents import contents_of
from presswork.site.lists import lists_of, month_of, term_slug, trail
from presswork.site.objects import FRESH, page
from presswork.site.outline import with_outline
from presswork.site.phrases import phrases_for
from presswork.site.pictures import Preview, picture_of, preview
from presswork.site.theme.rendering import instant, linked_data, render_page

FORMAT = 1
"""The version of the form of `index.json`."""


RELATED = 3
"""How many related posts a page leads to."""


@dataclass(frozen=True)
class Around:
    """The posts that a post's page leads to, as their cards.

    `newer` and `older` are the next ones of the site, `next_part` and `last_part` those of its
    series; `related` are the next older ones of its first tag, newest first, at most three.
    """

    newer: Card | None = None
    older: Card | None = None
    next_part: Card | None = None
    last_part: Card | None = None
    related: tuple[Card, ...] = ()


def post_page(
    site: Site,
    base_url: str,
    post: Post,
    images: Mapping[str, Image],
    around: Around = Around(),
) -> Object:
    """The page of a post; `images` are known by canonical URL, an unknown one counts as absent."""
    phrases = phrases_for(site.language)
    in_text = list(image_urls(post.html))
    cover = (
        _cover(post, images) if site.images.cover and not _stands_in(in_text, post, images) else ""
    )
    lists = lists_of(site, post)
    series = next((each for each in lists.items() if each[0].startswith("series:")), None)
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
            text=with_outline(text, phrases),
            cover=cover,
            preview=shared,
            linked_data=_linked_data(site, base_url, post, shared),
            authors=[(words, name if name in lists else None) for words, name in _authors(post)],
            around=around,
            contents=contents_of(post.html) if site.theme.contents else [],
            series=series,
            trails=_trails(site, post),
            tags=[each for each in lists.items() if each[0].startswith("tag:")],
            month=None if post.page else month_of(site, post.date),
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
            for each in _refs(post)
        ],
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Object(text.encode() + b"\n", "application/json; charset=utf-8", FRESH)


def _refs(post: Post) -> tuple[ImageRef, ...]:
    """The images of a post, with a cover that is its author's own file."""
    known = post.cover is None or any(each.url == post.cover for each in post.images)
    return post.images if known else (ImageRef(url=post.cover or "", seen=()), *post.images)


def _cover(post: Post, images: Mapping[str, Image]) -> str:
    alt = next((each.alt for each in post.images if each.url == post.cover), "")
    return shown(images.get(post.cover or ""), alt, lazy=False)


def _stands_in(in_text: list[str], post: Post, images: Mapping[str, Image]) -> bool:
    """Whether the text shows the cover; a file beside the post has other names there."""
    cover = post.cover or ""
    if cover in in_text or cover.startswith("http"):
        return cover in in_text
    picture = picture_of(images.get(cover))
    return picture is not None and picture in [picture_of(images.get(url)) for url in in_text]


def _preview(
    post: Post, in_text: list[str], images: Mapping[str, Image], base_url: str
) -> Preview | None:
    """The image that stands for the post elsewhere: its cover, or the first one that is home."""
    for url in [post.cover or "", *in_text]:
        picture = picture_of(images.get(url))
        if picture and (shared := preview(picture, base_url)):
            return shared
    return None


def _trails(site: Site, post: Post) -> list[list[tuple[str, str]]]:
    """Each category path of a post as the lists on the way to it, with the words of each level."""
    lists = lists_of(site, post)
    trails = ([step for step in trail(path) if step[0] in lists] for path in post.categories)
    return [steps for steps in trails if steps]


def _authors(post: Post) -> list[tuple[str, str]]:
    """The authors of a post, and the list of each one's posts."""
    return [(name, f"author:{term_slug(name)}") for name in post.authors]


def _linked_data(site: Site, base_url: str, post: Post, shared: Preview | None) -> str:
    url = absolute(base_url, post.path)
    lists = lists_of(site, post)
    changed = post.updated or (None if post.page else post.date)
    return linked_data(
        {
            "@type": "WebPage" if post.page else "BlogPosting",
            "headline": post.title,
            "description": post.summary,
            "inLanguage": post.lang,
            "datePublished": None if post.page else instant(post.date),
            "dateModified": changed and instant(changed),
            "author": [
                {"@type": "Person", "name": name}
                | ({"url": absolute(base_url, list_path(each))} if each in lists else {})
                for name, each in _authors(post)
            ],
            "publisher": {
                "@type": "Organization",
                "name": site.title,
                "url": absolute(base_url, "/"),
            },
            "image": shared
            and {
                "@type": "ImageObject",
                "url": shared.url,
                "width": shared.width,
                "height": shared.height,
            },
            "mainEntityOfPage": url,
            "url": url,
        }
    )


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
