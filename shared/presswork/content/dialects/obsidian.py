"""Notes that name each other: links and embeds in double brackets, and the ids of blocks."""

import re
from urllib.parse import quote

from presswork.content.dialects.draft import Draft
from presswork.patterns import late
from presswork.slugs import slugify

BY_NAME = "@name:"
"""How an address begins that is the name of another source, wherever that stands."""

_LINK = late(
    r"(?P<embed>!?)\[\[(?!['\"])(?P<target>[^\[\]|\n]{0,300})(?:\|(?P<words>[^\[\]\n]{0,500}))?\]\](?![(\[])"
)
_IMAGE = late(r".+\.(?:png|jpe?g|gif|webp|avif|svg|bmp)", re.IGNORECASE)
_FILE = late(r".+\.(?:mp[34]|webm|ogv|ogg|wav|m4a|flac|3gp|mov|mkv|pdf)", re.IGNORECASE)
_SIZE = late(r"\d{1,5}(?:x\d{1,5})?")
_BLOCK_ID = late(r"(?:(?<=\S)[ \t]+|^)\^[A-Za-z0-9-]{1,100}[ \t]*$", re.MULTILINE)
_DEFINED = late(r"^[ ]{0,3}\[([^\]\n]{1,300})\]:", re.MULTILINE)
_AN_INDEX = late(r"[A-Za-z0-9_\])]")
"""What stands in front of the brackets of an array."""
_SPECIAL = late(r"([\\`*_\[\]<>])")


def with_links(draft: Draft, *, wikilinks: bool) -> None:
    """Makes links and images of double brackets; of links only with `wikilinks`.

    The inner brackets may be a link of Markdown, which is defined elsewhere.
    """
    defined = set(_DEFINED.findall(draft.text))

    def of(mark: re.Match[str]) -> str | None:
        target = mark["target"].strip().removesuffix("\\")
        words = (mark["words"] or "").strip()
        file = target.partition("#")[0]
        is_file = bool(_IMAGE.fullmatch(file) or _FILE.fullmatch(file))
        if not target or mark["target"][:1].isspace() or mark["target"] in defined:
            return None
        if mark["embed"] and is_file:
            made = _embedded(file, words)
            draft.mended("file-embed", mark, made)
            return made
        if not wikilinks:
            if not _AN_INDEX.search(draft.text, max(0, mark.start() - 1), mark.start()):
                _leave(draft, mark)
            return None
        made = _link(target, words)
        draft.mended("wikilink", mark, made)
        if mark["embed"]:
            draft.left(
                "note-embed",
                mark,
                f"{mark[0][:60]} shows a link: no note is shown inside another one.",
                "Copy what is to be read here, or leave the link.",
            )
        return made

    draft.replace(_LINK, of)


def without_block_ids(draft: Draft) -> None:
    """Takes out the names of blocks at the ends of lines, which are for other notes to link to."""

    def of(mark: re.Match[str]) -> str:
        draft.mended("block-id", mark)
        return ""

    draft.replace(_BLOCK_ID, of)


def _leave(draft: Draft, mark: re.Match[str]) -> None:
    draft.left(
        "wikilink-mark",
        mark,
        f"{mark[0][:60]} looks like a link to a note, and is shown as it is.",
        "Write `dialect: [obsidian]` in site.yaml, or a link such as [words](file.md).",
    )


def _embedded(target: str, words: str) -> str:
    parts = [each for each in words.split("|") if each and not _SIZE.fullmatch(each.strip())]
    name = target.rpartition("/")[2]
    if _IMAGE.fullmatch(target):
        return f"![{_escaped(' '.join(parts))}]({quote(target)})"
    return f"[{_escaped(' '.join(parts) or name)}]({quote(target)})"


def _link(target: str, words: str) -> str:
    name, _, heading = target.partition("#")
    heading = heading.rpartition("#")[2]
    shown = words or _escaped(" > ".join(each for each in (name, heading.lstrip("^")) if each))
    if not name.strip():
        return f"[{shown}](#{quote(slugify(heading))})"
    part = f"#{quote(heading)}" if heading else ""
    return f"[{shown}]({BY_NAME}{quote(name.strip())}{part})"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
