"""The page of a post, and the same post as data beside it."""

import json
from collections.abc import Mapping
from typing import Any

from presswork.mathml import with_mathml
from presswork.object import Object
from presswork.post import Image, ImageRef, ImageState, Post
from presswork.settings import Site
from presswork.site.addresses import absolute
from presswork.site.bodies import (
    image_urls,
    shown,
    with_absolute_links,
    with_pictures,
)
from presswork.site.contents import FEWEST, TocEntry, contents_of
from presswork.site.lists import Around, lists_of, month_of
from presswork.site.objects import FRESH, NOINDEX, hidden_page, page
from presswork.site.outline import with_levels, with_outline
from presswork.site.phrases import phrases_for
from presswork.site.pictures import Preview, picture_of, preview
from presswork.site.text import instant, linked_data
from presswork.site.theme import context
from presswork.site.theme.rendering import render_page
from presswork.site.theme.values import AuthorLink, Link, PostPage
from presswork.site_keys import NOT_FOUND_PATH
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

FORMAT = 1
"""The version of the form of `index.json`."""


RELATED = 3
"""How many related posts a page leads to."""


def post_page(
    site: Site,
    base_url: str,
    post: Post,
    images: Mapping[str, Image],
    around: Around = Around(),  # noqa: B008 - frozen
    *,
    theme: ThemeFiles = DEFAULT_THEME,
) -> Object:
    """The page of a post; `images` are known by canonical URL, an unknown one counts as absent."""
    phrases = phrases_for(site.language)
    in_text = list(image_urls(post.html))
    cover = (
        _cover(post, images) if site.images.cover and not _stands_in(in_text, post, images) else ""
    )
    lists = lists_of(site, post)
    text = with_pictures(post.html, images, phrases, first_lazy=bool(cover))
    authors = context.authors(post, lists)
    shared = _preview(post, in_text, images, base_url)
    values = PostPage(
        post=context.post(site, post),
        text=with_outline(with_mathml(text), phrases),
        cover=cover,
        preview=context.preview(shared),
        linked_data=_linked_data(site, base_url, post, authors, shared),
        authors=authors,
        around=context.around(site, around),
        contents=context.contents(_contents(site, post)),
        series=next(iter(_links(lists, "series")), None),
        trails=context.trails(post, lists),
        tags=_links(lists, "tag"),
        month=context.month(site, month_of(site, post.date)) if "home" in lists else None,
    )
    html = render_page(
        "post.html",
        site,
        base_url,
        theme,
        values,
        path=None if post.path == NOT_FOUND_PATH else post.path,
        language=post.lang,
        canonical=post.canonical,
    )
    return hidden_page(html) if post.noindex else page(html)


def _contents(site: Site, post: Post) -> list[TocEntry]:
    """The table of contents, of the headings as the page shows them, if the site wants one."""
    if not site.theme.contents or post.html.count("<h") < FEWEST:
        return []
    return contents_of(with_levels(post.html, phrases_for(site.language)))


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
    metadata = NOINDEX if post.noindex else {}
    return Object(text.encode() + b"\n", "application/json; charset=utf-8", FRESH, metadata)


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


def _links(lists: Mapping[str, str], kind: str) -> list[Link]:
    """The pages of those of a post's lists that are of one kind."""
    return context.links(each for each in lists.items() if each[0].startswith(f"{kind}:"))


def _linked_data(
    site: Site, base_url: str, post: Post, authors: list[AuthorLink], shared: Preview | None
) -> str:
    url = absolute(base_url, post.path)
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
                {"@type": "Person", "name": author["text"]}
                | ({"url": absolute(base_url, author["path"])} if author["path"] else {})
                for author in authors
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
