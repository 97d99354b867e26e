"""The loss meter: what stands in a source and not on its page, by a route that no repair takes.

A source is read once by one pattern, which knows no more of Markdown and HTML than what is not
shown; what is left is compared with the page, less what the repairs say they took away.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import unquote

from presswork.content import Parsed
from presswork.content.source import SourceText, read
from presswork.post import PostWarning
from presswork_cli.offline.claims import Outcome

FEWEST_WORDS = 5
SMALLEST_SHARE = 0.005
"""What may be missing of a sound post: so many words, or this share of them."""

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q rp rt ruby"  # noqa: SIM905 - a list of names
    " s samp small span strike strong sub sup time tt u var wbr".split()
)
# What of a source is no text: dropped, but for the line ends in it.
_UNSHOWN = re.compile(
    r"""
    (?P<comment> <!--(?:(?!<!--|-->).)*+-->
        | <(?P<machine>script|style)\b[^<>]*+>(?:(?!</?(?P=machine)\b).)*+</(?P=machine)\s*+> )
    | (?P<fence> ^[ \t>]*+(?:```|~~~)[^\n]*+ )
    | (?P<definition> ^[ ]{0,3}\[(?!\^)[^\]\n]++\]:[^\n]*+ )
    | (?P<number> ^[ \t>]*+(?:[-*+][ \t]++)?\d{1,9}[.)](?=\s) )
    | (?P<note> \[\^[^\]\s]++\]:?+ )
    | (?P<tag> </?(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)[^<>]*+> )
    | (?P<address>
        \]\(\s*+(?:<[^<>\n]*+>|[^)\s]*+)(?:\s++(?:"[^"\n]*+"|'[^'\n]*+'))?\s*+\) | \]\[[^\]\n]*+\] )
    | (?P<url> (?:\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://|\bwww\.)[^\s<>"'`|]++ )
    | (?P<attributes> \{[:#.][^{}\n]*+\} )
    | (?P<box> ^[ \t>]*+[-*+][ \t]++\[[ xX]\] )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_URL = re.compile(r"""(?:\b[a-z][a-z0-9+.-]{1,20}://|\bwww\.)[^\s<>"'`|]+""", re.IGNORECASE)
_BARE_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*+:/*+", re.IGNORECASE)
_MARKS = re.compile(r"[*_~`\\]")
_HAN = "\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_ATTRIBUTE = re.compile(r' (?:alt|title|aria-label|label)="([^"]*)"')
_REFERENCE = re.compile(r' (?:href|src|poster|srcset)="([^"]*)"')
_FENCED = re.compile(
    r"""^[ \t>]*+(?P<fence>`{3,}+|~{3,}+)[^`<\n]*+\n
        (?P<code>.*?)(?:^[ \t>]*+(?P=fence)[`~]*+[ \t]*+$|\Z)""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_CODE = re.compile(
    r"""(?<!`)`[^`]++`(?!`)|(?P<ticks>``++)(?:(?!``).){1,500}+(?P=ticks)
        |<(?P<tag>pre|code)\b[^<>]*+>(?:(?!</?(?P=tag)\b).)*+</(?P=tag)>""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_COMMENT = re.compile(r"<!--(?:(?!<!--|-->).)*+-->", re.DOTALL)
_IMAGE = re.compile(
    r"""!\[[^\[\]]*+(?:\[[^\[\]]*+\][^\[\]]*+)*+\]\(\s*+(?:<(?P<angle>[^<>\n]++)>|(?P<md>[^)\s<]++))
        |<img\b(?P<html>[^>]*+)>""",
    re.IGNORECASE | re.VERBOSE,
)
_LINK = re.compile(
    r"""(?<!!)\[(?:[^\[\]\n]++|\[[^\[\]\n]*+\](?:\([^)\n]*+\))?+)++\]
        \(\s*+(?:<(?P<angle>[^<>\n]++)>|(?P<md>[^)\s<]++))
        |<a\b(?P<html>[^>]*+)>""",
    re.IGNORECASE | re.VERBOSE,
)
_VALUE = re.compile(r"""=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_TABLE = re.compile(
    r"^[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-*+:?[ \t]*+)++$", re.MULTILINE
)


# An address that a template engine writes, and what tells it to leave code alone.
_TEMPLATE = re.compile(r"""\{\{-?\s*+(?:["']([^"'}\n]*+)["'])?[^}\n]*+\}\}""")
_VERBATIM = re.compile(r"\{%-?\s*+(?:end)?raw\s*+-?%\}|/\*|\*/")


class _Place(NamedTuple):
    """A reference of a source: all its spellings, and its line."""

    spellings: tuple[str, ...]
    line: int


def with_losses(outcome: Outcome, data: bytes) -> Outcome:
    """The outcome, its post with warnings of what is not on its page."""
    if outcome.parsed is None:
        return outcome
    warnings = (*outcome.parsed.warnings, *measure(data, outcome.parsed))
    return replace(outcome, parsed=replace(outcome.parsed, warnings=warnings))


def measure(data: bytes, parsed: Parsed) -> tuple[PostWarning, ...]:
    """What of a source is not on its page and was told by no repair, as warnings with the line."""
    source = read(data)
    return tuple(
        filter(
            None,
            (
                _words(source, parsed),
                *_references(source, parsed),
                *_code(source, parsed),
                _tables(source, parsed),
            ),
        )
    )


def _words(source: SourceText, parsed: Parsed) -> PostWarning | None:
    lines = _shown(source.body).split("\n")
    by_line = [_split(line) for line in lines]
    wanted = Counter(word for words in by_line for word in words)
    missing = wanted - Counter(_split(_on_page(parsed)))
    count = missing.total()
    if count <= max(FEWEST_WORDS, SMALLEST_SHARE * wanted.total()):
        return None
    blame = [sum(missing[word] / wanted[word] for word in set(words)) for words in by_line]
    worst = blame.index(max(blame))
    gone = [word for word in by_line[worst] if missing[word]]
    return PostWarning(
        rule="loss-words",
        line=source.body_line + worst,
        count=count,
        message=f"Of {wanted.total():,} words {count:,} are not on the page, here “{_told(gone)}”.",
        fix="Look at the page with `presswork preview`; what hides them begins above this line.",
    )


def _shown(body: str) -> str:
    """The words of a source on their lines, without what is no text."""

    def drop(found: re.Match[str]) -> str:
        if found["name"] is not None and found["name"].lower() in _INLINE:
            return "\n" * found[0].count("\n")
        return " " + "\n" * found[0].count("\n")

    return _UNSHOWN.sub(drop, body)


def _on_page(parsed: Parsed) -> str:
    """All that readers get, and what repairs say that they do not."""
    post = parsed.post
    told = (_UNSHOWN.sub(" ", text) for text in parsed.mended)
    attributes = map(unescape, _ATTRIBUTE.findall(parsed.html))
    text = "\n".join((parsed.text, post.title, *(image.alt for image in post.images), *attributes))
    return "\n".join((_URL.sub(" ", text), *told))


def _split(text: str) -> list[str]:
    plain = _MARKS.sub("", normalize("NFKC", unescape(text)).casefold())
    return _WORD.findall(plain)


def _told(words: Iterable[str]) -> str:
    some = list(words)[:8]
    return " ".join(some) + (" …" if len(some) == 8 else "")  # noqa: PLR2004 - as many as above


def _references(source: SourceText, parsed: Parsed) -> Iterator[PostWarning]:
    body = without_code(source.body)
    known = _known(parsed)
    for rule, kind, pattern in (("loss-image", "image", _IMAGE), ("loss-link", "link", _LINK)):
        for place in _found(pattern, body, source.body_line):
            tails = [tail for each in place.spellings if (tail := _tail(each))]
            if tails and not any(tail in known for tail in tails):
                yield PostWarning(
                    rule=rule,
                    line=place.line,
                    message=f"The {kind} {place.spellings[0][:200]} is not on the page.",
                    fix=f"Write the {kind} as plain Markdown, or look what hides it.",
                )


def _found(pattern: re.Pattern[str], body: str, first_line: int) -> Iterator[_Place]:
    for found in pattern.finditer(body):
        plain = found["md"] or found["angle"]
        spellings = (plain,) if plain else tuple(_values(found["html"] or ""))
        if spellings and not spellings[0].startswith(("#", "data:")):
            yield _Place(spellings, first_line + body.count("\n", 0, found.start()))


def _values(attributes: str) -> Iterator[str]:
    """Those values of attributes that may be addresses."""
    for values in _VALUE.findall(attributes):
        value = unescape(next(filter(None, values), ""))
        if "/" in value or "." in value:
            yield value


def _known(parsed: Parsed) -> str:
    """The ends of all addresses of a page, and what was told, as one text to search."""
    post = parsed.post
    addresses = map(unescape, _REFERENCE.findall(parsed.html))
    images = (spelling for image in post.images for spelling in (image.url, *image.seen))
    told = (warning.message for warning in parsed.warnings)
    return "\n".join(
        unquote(unescape(each)).casefold()
        for each in (*addresses, *images, *parsed.mended, *told, parsed.text, post.cover or "")
    )


def _tail(address: str) -> str:
    """The end of an address that no translation changes: its last part, or its host."""
    if _BARE_SCHEME.fullmatch(address):
        return ""
    bare = re.split(r"[?#]", address.replace("\\", ""), maxsplit=1)[0].rstrip("/")
    return unquote(unescape(bare.rpartition("/")[2])).casefold().removeprefix("www.")


def without_code(body: str) -> str:
    """A source with blanks in place of its code and comments; each line stays where it is."""

    def blank(found: re.Match[str]) -> str:
        return "\n" * found[0].count("\n")

    text = _COMMENT.sub(blank, _CODE.sub(blank, _FENCED.sub(blank, body)))
    return _TEMPLATE.sub(lambda found: found[1] or "", text)


def _code(source: SourceText, parsed: Parsed) -> Iterator[PostWarning]:
    page = _closed_up(parsed.text + "".join(parsed.mended))
    for found in _FENCED.finditer(source.body):
        lines = (line.strip(" \t>") for line in found["code"].split("\n"))
        first = next(filter(None, lines), "")
        if first and _closed_up(first) not in page:
            yield PostWarning(
                rule="loss-code",
                line=source.body_line + source.body.count("\n", 0, found.start("code")),
                message=f"The code that begins “{first[:80]}” is not on the page.",
                fix="Give its fence a line of its own, with an empty line before it.",
            )


def _closed_up(code: str) -> str:
    return "".join(_VERBATIM.sub("", code).split())


def _tables(source: SourceText, parsed: Parsed) -> PostWarning | None:
    body = without_code(source.body)
    rows = [row for row in _TABLE.finditer(body) if "|" in _line_before(body, row.start())]
    missing = (
        len(rows)
        - parsed.html.count("<table")
        - sum(text.count("<table") for text in parsed.mended)
    )
    if missing <= 0:
        return None
    return PostWarning(
        rule="loss-table",
        line=source.body_line + body.count("\n", 0, rows[0].start()),
        count=missing,
        message=f"Of {len(rows)} tables {missing} are text on the page.",
        fix="Set an empty line before the table, and give each row as many cells as its header.",
    )


def _line_before(body: str, at: int) -> str:
    return body[:at].rstrip("\n").rpartition("\n")[2]
