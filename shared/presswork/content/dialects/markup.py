"""The HTML that translations are written in: it stands in Markdown and in HTML alike."""

import re
from html import escape
from urllib.parse import quote

from presswork.content.dialects.alerts import ALERTS
from presswork.content.html.embeds import embed_of
from presswork.content.markdown import run_to_html
from presswork.patterns import late

_LANGUAGE = late(r"[\w+#.-]{1,40}")
_FENCE = late(r"`{3,}")
_SAFE = "/:?#[]@!$&'()*+,;=%~"
_LINKED = late(r":(?=//)|(?<=www)\.|@")
"""What Markdown knows addresses by, and makes links of, inside of links as well."""
_BLANK_ENDS = late(r"\A[ \t]*\n|\n[ \t>]*\Z")


def address(url: str) -> str:
    """An address as it may stand in Markdown and in an attribute: without blanks."""
    return quote(url.strip(), safe=_SAFE) if any(each.isspace() for each in url) else url.strip()


def source_address(name: str) -> str:
    """The address that means another source: `@/` and its path, or the stem of its name.

    What begins with `.` is relative to the source that it stands in.
    """
    path, mark, fragment = name.strip().partition("#")
    if not path:
        return address(name)
    if path.startswith("."):
        suffix = "" if "." in path.rpartition("/")[2] else ".md"
        return address(f"{path}{suffix}{mark}{fragment}")
    return address(f"@/{path.lstrip('/')}{mark}{fragment}")


def escaped(text: str) -> str:
    """Words as they are, in HTML."""
    return escape(text, quote=False)


def image(src: str, alt: str = "", title: str = "") -> str:
    """An image; nothing else in its line."""
    told = f' title="{_attribute(title)}"' if title else ""
    return f'<img src="{_attribute(address(src))}" alt="{_attribute(alt)}"{told}>'


def figure(src: str, alt: str = "", caption: str = "", href: str = "") -> str:
    """An image with its caption, which is HTML; an image alone without one."""
    shown = image(src, alt)
    if href:
        shown = f'<a href="{_attribute(address(href))}">{shown}</a>'
    return f"<figure>{shown}<figcaption>{caption}</figcaption></figure>" if caption else shown


def link(href: str, words: str = "", title: str = "") -> str:
    """A link; its address stands for words that are not given."""
    told = f' title="{_attribute(title)}"' if title else ""
    shown = _LINKED.sub(_as_reference, escaped(words or href))
    return f'<a href="{_attribute(address(href))}"{told}>{shown}</a>'


def embed(url: str, title: str = "") -> str:
    """A player of a known host, in a frame as authors write it; a link to anything else."""
    found = embed_of(url)
    if found is None:
        return link(url, title)
    told = f' title="{_attribute(title)}"' if title else ""
    return f'<iframe src="{_attribute(found.src)}"{told}></iframe>'


def youtube(id: str, title: str = "", start: str = "") -> str:
    """A film of YouTube, by its id or its address."""
    if "/" in id:
        return embed(id, title)
    since = f"&start={start}" if start.isdecimal() else ""
    return embed(f"https://www.youtube.com/watch?v={id}{since}", title)


def vimeo(id: str, title: str = "") -> str:
    """A film of Vimeo, by its id or its address."""
    return embed(id if "/" in id else f"https://vimeo.com/{id}", title)


def gist(id: str, file: str = "") -> str:
    """A link to a gist, and to a file in it."""
    part = "#file-" + re.sub(r"[^\w-]+", "-", file.lower()) if file else ""
    return link(f"https://gist.github.com/{id}{part}")


def player(kind: str, src: str, poster: str = "") -> str:
    """A film or a sound (`video` or `audio`)."""
    shown = f' poster="{_attribute(address(poster))}"' if poster else ""
    return f'<{kind} controls src="{_attribute(address(src))}"{shown}></{kind}>'


def words(text: str) -> str:
    """A line of words as HTML; it may be written in Markdown."""
    return run_to_html(" ".join(text.split()), prefix="") if text else ""


def alert(kind: str, title: str = "") -> tuple[str, str]:
    """What stands before and behind the text of a note; the kind is any that themes know."""
    known = ALERTS.get(kind.lower(), "note")
    box = f'<div class="markdown-alert markdown-alert-{known}">'
    name = words(title) or known.capitalize()
    return f'{box}\n<p class="markdown-alert-title">{name}</p>\n\n', "\n\n</div>"


def quotation(author: str = "", source: str = "", href: str = "") -> tuple[str, str]:
    """What stands before and behind the text of a quotation."""
    parts = []
    if author:
        parts.append(f"<strong>{escaped(author)}</strong>")
    if source or href:
        parts.append(f"<cite>{link(href, source) if href else escaped(source)}</cite>")
    by = f"<p>{' '.join(parts)}</p>\n" if parts else ""
    return "<blockquote>\n\n", f"\n\n{by}</blockquote>"


def details(summary: str, *, opened: bool = False) -> tuple[str, str]:
    """What stands before and behind a text that readers unfold."""
    tag = "<details open>" if opened else "<details>"
    return f"{tag}<summary>{words(summary) or 'Details'}</summary>\n\n", "\n\n</details>"


def code(text: str, language: str = "", *, markdown: bool, indent: str = "") -> str:
    """A block of code: fenced by more backticks than it has itself, or, in HTML, in `pre`.

    In Markdown its lines but the first stand where they stood, behind `indent`.
    """
    known = language.lower() if _LANGUAGE.fullmatch(language) else ""
    if not markdown:
        named = f' class="language-{known}"' if known else ""
        body = escape(_BLANK_ENDS.sub("", text), quote=False)
        return f"<pre><code{named}>{body}\n</code></pre>"
    own_line = text.lstrip(" \t").startswith("\n")
    body = _BLANK_ENDS.sub("", text)
    fence = "`" * max([3, *(len(each) + 1 for each in _FENCE.findall(body))])
    first = "" if own_line else indent
    return f"{fence}{known}\n{first}{body}\n{indent}{fence}"


def _attribute(value: str) -> str:
    return escape(" ".join(value.split()))


def _as_reference(letter: re.Match[str]) -> str:
    return f"&#{ord(letter[0])};"
