"""Paragraphs of what was written in the classic editor, where an empty line is one.

WordPress makes them whenever it shows a post (`wpautop` in wp-includes/formatting.php), so its
exports have none. What the regular expressions there do in passes is done here piece by piece.
"""

import re
from collections.abc import Iterator

from presswork_cli.moving.wordpress import spans

_NAMES = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area"
    "|blockquote|address|math|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header"
    "|footer|nav|figure|figcaption|details|menu|summary|center|main"
)
_TAG = re.compile(r"<[A-Za-z/!][^<>]*+>")
_BREAK = re.compile(r"<br\s*+/?+>", re.IGNORECASE)
_TWO_BREAKS = re.compile(r"<br\s*+/?+>\s*+<br\s*+/?+>", re.IGNORECASE)
_OPENING = re.compile(rf"<(?:{_NAMES})(?=[\s/>])", re.IGNORECASE)
_CLOSING = re.compile(rf"</(?:{_NAMES})\s*+>|<hr\b[^<>]*+>", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n[^\S\n]*+\n\s*+")
_PIECE = re.compile(
    rf"""(?P<open><(?P<opened>{_NAMES})(?=[\s/>])[^<>]*+>)?+
        (?P<text>.*?)(?P<close></(?P<closed>{_NAMES})\s*+>)?+\Z""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_COMMENTS = re.compile(r"(?:\s*+<!--(?:(?!-->).)*+-->)++\s*+", re.DOTALL)

_HOLD_PARAGRAPHS = frozenset(
    "address article aside blockquote center dd details div fieldset footer form header li main"  # noqa: SIM905 - a list of names
    " nav section td th".split()
)


def paragraphs(text: str) -> str:
    """The HTML of a text of the classic editor; what has tags already keeps them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found, at = list[str](), 0
    for start, end, name in spans.code(text):
        if name != "code" or text[start] == "[":
            found += [*_pieces(text[at:start]), text[start:end]]
            at = end
    return "\n".join([*found, *_pieces(text[at:])])


def _pieces(text: str) -> Iterator[str]:
    """The paragraphs and blocks between two listings."""
    text = spans.inside(spans.players(text), text, _on_one_line)
    text = _TAG.sub(lambda found: _on_one_line(found[0]), text)
    text = _TWO_BREAKS.sub("\n\n", text)
    text = _OPENING.sub(r"\n\n\g<0>", text)
    text = _CLOSING.sub(r"\g<0>\n\n", text)
    for piece in _EMPTY_LINES.split(text):
        if piece.strip():
            yield _piece(piece.strip())


def _on_one_line(text: str) -> str:
    return text.replace("\n", " ")


def _piece(piece: str) -> str:
    """A piece between two empty lines: a block at most begins with it, and at most one ends."""
    found = _PIECE.match(piece)
    if found is None:
        return piece
    opened, closed = (found["opened"] or "").lower(), (found["closed"] or "").lower()
    text = found["text"].strip()
    if not text or _COMMENTS.fullmatch(text):
        return piece
    text = _with_breaks(text)
    if _is_paragraph(opened, closed):
        text = f"<p>{text}</p>"
    close = "" if closed == "p" and not opened else found["close"] or ""
    return f"{found['open'] or ''}{text}{close}"


def _is_paragraph(opened: str, closed: str) -> bool:
    if opened == closed == "":
        return True
    if opened == closed:
        return opened == "blockquote"
    if opened:
        return opened in _HOLD_PARAGRAPHS and opened != "li"
    return closed in _HOLD_PARAGRAPHS or closed == "p"


def _with_breaks(text: str) -> str:
    """A run of text whose lines end in breaks."""
    lines = _BREAK.sub("<br />", text).split("\n")
    ends = ("" if line.rstrip().endswith("<br />") else "<br />" for line in lines[:-1])
    broken = (f"{line.rstrip()}{end}\n" for line, end in zip(lines, ends, strict=False))
    return "".join((*broken, lines[-1]))
