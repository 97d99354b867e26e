"""Writes what each key of front matter becomes into docs/front-matter.md: `make docs`.

The words are those of `presswork.content.front_matter.vocabulary`; what becomes of a key is what a
post with it has, and without it has not.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from presswork.content import Site, parse
from presswork.content.front_matter import vocabulary
from presswork.errors import Rejected
from presswork.post import PostWarning

PAGE = Path(__file__).parents[1] / "docs" / "front-matter.md"
UPLOADED = datetime(2026, 5, 1, tzinfo=UTC)
DATE = "date: 2026-05-01"
DATES = {*vocabulary.DATE} - {*vocabulary.PUBLISHED}
MADE = {"html", "images", "reading_minutes", "revision", "toc", "words"}
"""What a post has of other fields or of its text."""

MEANINGS = {
    "TITLE": "the title",
    "DATE": "the date that the post is of",
    "PUBLISH_AT": "when it appears, if that is later than its date",
    "UPDATED": "when it was last changed",
    "EXPIRES": "when it goes down",
    "ID": "the id, which holds when the file moves",
    "SLUG": "the last part of its path",
    "PERMALINK": "its whole path",
    "URL": "its whole path, where the value is one",
    "ALIASES": "former addresses, each answered with 301",
    "CANONICAL": "where the same text stood first: a full address",
    "AUTHORS": "who wrote it",
    "CATEGORIES": "its categories",
    "TAGS": "its tags",
    "SERIES": "the series that it is a part of",
    "WEIGHT": "its place in a series, or among pages",
    "SUMMARY": "the summary, in lists and for search engines",
    "LANGUAGE": "its language",
    "COVERS": "its cover: the first that holds a picture",
    "COMMENTS": "for themes, as `extra.comments`",
    "DRAFT": "a draft, if true",
    "PUBLISHED": "a draft, if false; a date is when it appears",
    "STATUS": "a draft, an unlisted post, or neither, by its word",
    "UNLISTED": "unlisted, if true",
    "VISIBILITY": "who may see it, by its word",
    "PRIVATE": "a draft, if true: nothing is locked here",
    "PASSWORD": "a draft: nothing is locked here",
    "HIDDEN": "unlisted, if true",
    "HIDDEN_IN_PLACES": "live in all lists, with a warning",
    "HEADLESS": "a draft, if true",
    "RENDER": "a draft, if `never` or `link`",
    "BUILD": "a map: a draft or unlisted, by its `render` and `list`",
    "NOINDEX": "search engines leave it alone, if true",
    "ROBOTS": "search engines leave it alone, if `noindex`",
    "SITEMAP": "the sitemap leaves it out, if false",
    "NESTS": "a map with more keys, as Hugo and Zola have it",
    "IGNORED": "nothing: the work of other generators",
}
"""What the keys of each constant of the vocabulary say, in the order of the page."""
SUMS = {"AUDIENCE", "NESTED", "KNOWN"}
"""Constants that only gather keys of others."""

WORDS = """
pub_date publish_date published_date date_published published_at published_time created_at
created_date date_created last_modified last_modified_at updated_at updated_date date_updated
date_modified modified_date last_updated publish_at expiry_date expire_date expires_at
expiration_date unpublish_date is_draft ignore_publish is_published members_only post_password
eleventy_exclude_from_collections hidden_from_home_page hidden_in_home_list hidden_from_search
search_hidden hidden_from_feed no_index robots_no_index save_as canonical_url canonical_link
rel_canonical redirect_from custom_excerpt meta_description cover_image cover_img cover_url
head_img header_image header_img thumbnail_img thumbnail_image thumbnail_url banner_img
banner_image featured_image featured_img feature_image feature_img index_img top_img post_image
hero_image og_image og_img share_img social_image twitter_image
"""
SPELLED = {vocabulary.canonical(name): name for name in WORDS.split()}
"""Keys of several words with the words set apart."""

DIALECTS: Mapping[str, tuple[str, ...]] = {
    "Hexo": (
        "title: Fog",
        "date: 2026-05-04 18:10:05",
        "updated: 2026-05-05 08:00:00",
        "tags: [sea, ferry]",
        "categories: [Travel, Islands]",
        "permalink: fog-at-sea/",
        "excerpt: It came at four.",
        "lang: pt",
        "comments: false",
        "published: false",
        "disableNunjucks: true",
        "layout: post",
        "abbrlink: 4a17b156",
        "alias: old/fog/",
        "cover: https://pictures.example/fog.jpg",
        "top_img: https://pictures.example/fog.jpg",
        "hidden: true",
        "password: lighthouse",
    ),
    "Jekyll": (
        "title: Fog",
        "date: 2026-05-04 18:10:05 +0100",
        "last_modified_at: 2026-05-05",
        "category: travel",
        "categories: [travel, islands]",
        "tags: [sea, ferry]",
        "permalink: /fog-at-sea.html",
        "published: false",
        "redirect_from: /old/fog/",
        "excerpt: It came at four.",
        "description: It came at four.",
        "author: Ada Quill",
        "image: https://pictures.example/fog.jpg",
        "canonical_url: https://ferry.example/fog/",
        "sitemap: false",
        "layout: post",
        "excerpt_separator: <!--more-->",
    ),
    "Hugo": (
        "title: Fog",
        "date: 2026-05-04T18:10:05Z",
        "lastmod: 2026-05-05",
        "publishDate: 2026-06-01",
        "expiryDate: 2027-01-01",
        "draft: true",
        "slug: Fog-at-Sea",
        "url: /fog-at-sea/",
        "aliases: [/old/fog/]",
        "description: It came at four.",
        "summary: It came at four.",
        "keywords: [sea, ferry]",
        "tags: [sea, ferry]",
        "categories: [travel]",
        "series: [Winter]",
        "authors: [Ada Quill]",
        "weight: 3",
        "images: [https://pictures.example/fog.jpg]",
        "params: {author: Ada Quill}",
        "headless: true",
        "build: {list: never}",
        "build: {render: never}",
        "sitemap: {disable: true}",
        "linkTitle: Fog!",
        "layout: wide",
        "type: essay",
        "markup: goldmark",
        "outputs: [html]",
        "menus: main",
        "translationKey: fog",
        "isCJKLanguage: true",
    ),
    "Zola": (
        "title: Fog",
        "date: 2026-05-04",
        "updated: 2026-05-05",
        "description: It came at four.",
        "draft: true",
        "slug: fog-at-sea",
        "path: fog-at-sea",
        "aliases: [/old/fog]",
        "authors: [Ada Quill]",
        "weight: 3",
        "taxonomies: {tags: [sea, ferry], categories: [travel]}",
        "extra: {cover: https://pictures.example/fog.jpg}",
        "in_search_index: false",
        "render: false",
        "template: page.html",
    ),
    "Pelican": (
        "title: Fog",
        "date: 2026-05-04 18:10",
        "modified: 2026-05-05 08:00",
        "category: travel",
        "tags: sea, ferry",
        "keywords: sea, ferry",
        "slug: fog-at-sea",
        "author: Ada Quill",
        "authors: Ada Quill; Ines Vale",
        "summary: It came at four.",
        "lang: pt",
        "status: draft",
        "status: hidden",
        "status: skip",
        "save_as: fog-at-sea.html",
        "url: fog-at-sea.html",
        "template: wide",
        "translation: true",
    ),
    "Nikola": (
        "title: Fog",
        "date: 2026-05-04 18:10:05 UTC",
        "updated: 2026-05-05",
        "slug: fog-at-sea",
        "tags: sea, ferry",
        "category: travel",
        "author: Ada Quill",
        "description: It came at four.",
        "status: draft",
        "status: private",
        "previewimage: https://pictures.example/fog.jpg",
        "link: https://ferry.example/fog/",
        "type: text",
        "has_math: true",
        "nocomments: true",
    ),
    "Eleventy": (
        "title: Fog",
        "date: 2026-05-04",
        "date: Last Modified",
        "tags: [posts, sea]",
        "permalink: /fog-at-sea/",
        "permalink: false",
        "eleventyExcludeFromCollections: true",
        "layout: post.njk",
        "templateEngineOverride: md",
        "pagination: {data: items}",
    ),
    "Astro": (
        "title: Fog",
        "description: It came at four.",
        "pubDate: May 4 2026",
        "updatedDate: May 5 2026",
        "heroImage: https://pictures.example/fog.jpg",
        "author: Ada Quill",
        "tags: [sea, ferry]",
        "draft: true",
    ),
    "Docusaurus": (
        "title: Fog",
        "date: 2026-05-04",
        "authors: [ada, {name: Ines Vale}]",
        "tags: [sea, ferry]",
        "slug: /fog-at-sea",
        "description: It came at four.",
        "keywords: [sea, ferry]",
        "image: https://pictures.example/fog.jpg",
        "draft: true",
        "unlisted: true",
        "last_update: {date: 2026-05-05}",
        "title_meta: Fog at sea",
        "hide_table_of_contents: true",
    ),
    "Obsidian": (
        "tags: [sea, ferry]",
        "aliases: [Mist]",
        "aliases: [/old/fog/]",
        "publish: false",
        "permalink: fog-at-sea",
        "description: It came at four.",
        "cover: https://pictures.example/fog.jpg",
        "created: 2026-05-04",
        "cssclasses: [wide]",
    ),
    "Ghost, as exported": (
        "title: Fog",
        "slug: fog-at-sea",
        "published_at: 2026-05-04T18:10:05.000Z",
        "created_at: 2026-05-03T18:10:05.000Z",
        "updated_at: 2026-05-05T08:00:00.000Z",
        "custom_excerpt: It came at four.",
        "meta_description: It came at four.",
        "feature_image: https://pictures.example/fog.jpg",
        "canonical_url: https://ferry.example/fog/",
        "authors: [{name: Ada Quill}]",
        "tags: [sea, ferry]",
        "status: published",
        "status: draft",
        "status: sent",
        "visibility: public",
        "visibility: members",
        "featured: true",
    ),
    "WordPress, as exporters write it": (
        "title: Fog",
        "date: 2026-05-04T18:10:05+00:00",
        "author: Ada Quill",
        "excerpt: It came at four.",
        "permalink: /2026/05/04/fog/",
        "categories: [Travel]",
        "tags: [sea, ferry]",
        "coverImage: https://pictures.example/fog.jpg",
        "status: publish",
        "status: private",
        "status: pending",
        "password: lighthouse",
        "guid: https://ferry.example/?p=12",
        "post_id: 12",
    ),
    "Quarto and Pandoc": (
        "title: Fog",
        "author: Ada Quill",
        "author: [{name: Ada Quill, affiliation: Harbour}]",
        "date: 2026-05-04",
        "date-modified: 2026-05-05",
        "categories: [travel]",
        "keywords: [sea, ferry]",
        "description: It came at four.",
        "abstract: It came at four.",
        "image: https://pictures.example/fog.jpg",
        "lang: pt",
        "aliases: [/old/fog/]",
        "draft: true",
        "subtitle: At four",
    ),
    "MkDocs, VitePress": (
        "title: Fog",
        "description: It came at four.",
        "date: {created: 2026-05-04}",
        "authors: [ada]",
        "categories: [travel]",
        "slug: fog-at-sea",
        "draft: true",
        "lastUpdated: true",
        "lang: pt",
        "hide: [toc]",
    ),
}
"""What each generator's documents name, with a value of the form that they show."""


FORMS = {"Pelican": ("", "", "\n"), "Nikola": ("<!--\n", ".. ", "-->\n")}
"""What stands before, in each line, and behind, where it is not a fence of hyphens."""
FENCES = ("---\n", "", "---\n")


def read(
    line: str, form: tuple[str, str, str]
) -> tuple[Mapping[str, Any], tuple[PostWarning, ...]]:
    """What a post with a line of front matter is, and what is warned of.

    Any other line but its title, and a date where the line gives none, is left out.
    """
    before, mark, behind = form
    key = vocabulary.canonical(line.partition(":")[0])
    others = {"title": "title: Sea"} | ({} if key in DATES else {"date": DATE})
    lines = [each for name, each in others.items() if name != key] + [line] * bool(line)
    matter = "".join(f"{mark}{each}\n" for each in lines)
    data = f"{before}{matter}{behind}The sea was there.\n".encode()
    parsed = parse(data, "posts/sea.md", Site(), uploaded=UPLOADED)
    return parsed.post.model_dump(mode="json", exclude=MADE), parsed.warnings


def becomes(line: str, form: tuple[str, str, str] = FENCES) -> str:
    """What a post has by a line, and has not without it."""
    try:
        post, warnings = read(line, form)
    except Rejected as rejected:
        return f"rejected: {rejected.message}"
    plain, _ = read("", form)
    changed = [f"`{name}`: {_value(value)}" for name, value in post.items() if value != plain[name]]
    told = [f"warning: {warning.message}" for warning in warnings]
    return "; ".join(changed + told) or "no change"


def _value(value: Any) -> str:
    match value:
        case bool():
            return f"`{value}`".lower()
        case dict():
            return ", ".join(f"`{name}` {_value(each)}" for name, each in value.items())
        case list():
            return ", ".join(" › ".join(each) if isinstance(each, list) else each for each in value)
    return str(value)


def meanings() -> Iterator[str]:
    """A row for each meaning, with all its keys."""
    groups = {
        name: value
        for name, value in vars(vocabulary).items()
        if name.isupper() and not name.startswith("_") and name not in SUMS
    }
    if groups.keys() != MEANINGS.keys():
        raise ValueError(f"MEANINGS has not what the vocabulary has: {groups.keys() ^ MEANINGS}")
    yield from ("| it says | keys, the first that is there counts |", "| --- | --- |")
    for name, text in MEANINGS.items():
        keys = ", ".join(f"`{SPELLED.get(key, key)}`" for key in groups[name])
        yield f"| {text} | {keys} |"


def dialects() -> Iterator[str]:
    """A section for each dialect."""
    for name, lines in DIALECTS.items():
        yield from (f"### {name}", "", "| written | becomes |", "| --- | --- |")
        form = FORMS.get(name, FENCES)
        yield from (f"| `{form[1]}{line}` | {becomes(line, form)} |" for line in lines)
        yield ""


def drawn(page: str) -> str:
    """The page with both as they are now."""
    for name, text in (("meanings", meanings()), ("dialects", dialects())):
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, _, rest = page.partition(begin)
        lines = "\n".join(text).rstrip("\n")
        page = f"{before}{begin}\n\n{lines}\n\n{end}{rest.partition(end)[2]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
