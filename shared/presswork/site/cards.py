"""A post as lists show it."""

import json
from collections.abc import Mapping
from unicodedata import combining

from presswork.post import Card, Image, Post
from presswork.site.pictures import picture_of, smallest_file
from presswork.site.text import clean

LIMIT = 1024
_TITLE_LIMIT = 300
_SHORT_TITLE_LIMIT = 100
_JOINS = "\u200d\ufe0e\ufe0f"


def card(post: Post, images: Mapping[str, Image]) -> Card:
    """The card of a post: at most 1 KB as JSON, as long as path and id leave room for a title.

    What does not fit is cut: the summary first, then the cover goes, then the title is shortened.
    """
    picture = picture_of(images.get(post.cover)) if post.cover else None
    bare = Card(
        id=post.id,
        path=post.path,
        title=_cut(post.title, _TITLE_LIMIT),
        date=post.date,
        lang=post.lang,
        cover=smallest_file(picture) if picture else None,
        sitemap=post.sitemap,
    )
    if _size(bare) > LIMIT:
        bare = bare.model_copy(update={"cover": None})
    if _size(bare) > LIMIT:
        bare = bare.model_copy(update={"title": _cut(post.title, _SHORT_TITLE_LIMIT)})
    return bare.model_copy(update={"summary": _cut(post.summary, LIMIT - _size(bare))})


def _size(card: Card) -> int:
    return len(card.model_dump_json().encode())


def _cut(text: str, limit: int) -> str:
    """The start of a text that takes at most `limit` bytes in JSON, an ellipsis if it was cut."""
    text = clean(text)
    if _weight(text) <= limit:
        return text
    room = limit - _weight("…")
    end = 0
    while end < len(text) and room >= _weight(text[end]):
        room -= _weight(text[end])
        end += 1
    while end > 0 and (_continues(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + "…" if end else ""


def _weight(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2


def _continues(character: str) -> bool:
    return combining(character) > 0 or character in _JOINS
