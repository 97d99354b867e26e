"""Tags that would swallow what follows them: never closed, or only spoken of.

A browser takes all text behind `<title>` for a title, up to an end that never comes. Who writes so
in Markdown speaks of the tag, or has forgotten its end.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from presswork.content.repair_log import RepairLog
from presswork.patterns import late

# Elements whose content is no HTML (GitHub's Markdown filters these tags), and ones that are shown
# as a whole, or not at all.
_RAW = frozenset(
    "iframe noembed noframes plaintext script style textarea title xmp".split()  # noqa: SIM905
)
_PLAYERS = frozenset(["audio", "video"])
_WHOLE = _PLAYERS | {"math", "object", "select", "svg", "template"}
_FOREIGN = frozenset(["math", "svg"])
"""Where `/>` ends an element."""

_TOKEN = late(
    rf"<!--|<\?|<(/?)({'|'.join(sorted(_RAW | _WHOLE | {'embed'}))})(?=[\s/>])", re.IGNORECASE
)
REST_OF_TAG = late(r"""[^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*+>""")
"""What of a tag stands behind its name; a value may hold what ends one."""
_SOURCES = late(r"(?:\s*+<(?:source|track)\b[^<>]*+>)*+", re.IGNORECASE)
_ADDRESS = late(r"\s(?:data|data-src|src)\s*=", re.IGNORECASE)
_TAG = late(r"<[^<>]*+>")
_LONGEST_TAG = 1_000
_BEFORE = 200
"""How far back the words are looked for that make a tag a part of a sentence."""

_SHIELD = "\ufffe"
"""Stands for `<` while Markdown is made HTML; no text has it, for it is no character."""
_LINE_START = r"^(?:[ \t>*+-]|\d{1,9}[.)])*+"
_OPENING_CODE = late(rf"{_LINE_START}(?=<\?)", re.MULTILINE)
_OPENING_COMMENT = late(rf"{_LINE_START}(?=<!--)", re.MULTILINE)
_OPENING_RAW = late(
    rf"{_LINE_START}(?=<(?:script|style|textarea)(?:[\s>]|$))", re.MULTILINE | re.IGNORECASE
)
_RAW_BLOCK = late("<(?:script|style|textarea)", re.IGNORECASE)
_CLOSING_RAW = late(r"</(?:pre|script|style|textarea)>", re.IGNORECASE)


def shielded(markdown: str) -> str:
    """Markdown whose raw HTML swallows no line behind it; `settled` takes the shields away.

    In CommonMark (section 4.6) `<style`, `<!--` and `<?` begin a block that lasts to its end, which
    is that of the post where none is written; `<?` begins code that would be seen by nobody.
    """
    text = _OPENING_CODE.sub(_with_shield, markdown) if "<?" in markdown else markdown
    last = text.rfind("-->") + 1
    if text.rfind("<!--") >= last:
        text = text[:last] + _OPENING_COMMENT.sub(_with_shield, text[last:])
    if _RAW_BLOCK.search(text):
        last = max((found.end() for found in _CLOSING_RAW.finditer(text)), default=0)
        text = text[:last] + _OPENING_RAW.sub(_with_shield, text[last:])
    return text.replace(f"{_SHIELD}<", _SHIELD)


def _with_shield(found: re.Match[str]) -> str:
    return found[0] + _SHIELD


@dataclass(frozen=True)
class _Edit:
    """What to do at a tag: show it as text, or end its element at `end`."""

    start: int
    tag: str
    end: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Settled:
    """HTML in which each tag has its end, and what was done for that."""

    html: str
    edits: tuple[_Edit, ...] = ()

    def tell(self, log: RepairLog) -> None:
        """Counts what was done."""
        for edit in self.edits:
            rule = "tag-as-text" if edit.end is None else "unclosed-embed"
            after = None if edit.end is None else f"{edit.tag}</{edit.name}>"
            log.add(rule, before=edit.tag, after=after, sign=edit.tag)


def settled(html: str, *, of_markdown: bool) -> Settled:
    """HTML whose tags swallow nothing; in that of shielded Markdown, those in sentences are text.

    One with an address and no end ends at once; any other without an end becomes text.
    """
    shields: tuple[_Edit, ...] = ()
    if of_markdown and _SHIELD in html:
        shields = tuple(_shields(html))
        html = html.replace(_SHIELD, "&lt;")
    if not _TOKEN.search(html):
        return Settled(html, shields)
    edits = sorted(_Reader(html, of_markdown).edits(), key=lambda edit: edit.start)
    parts, at = [], 0
    for edit in edits:
        if edit.end is None:
            parts += [html[at : edit.start], "&lt;"]
            at = edit.start + 1
        else:
            parts += [html[at : edit.end], f"</{edit.name}>"]
            at = edit.end
    return Settled("".join([*parts, html[at:]]), (*shields, *edits))


def _shields(html: str) -> Iterator[_Edit]:
    """What was shielded and stands in no code, where it would be text anyway."""
    is_code = False
    first, *others = html.split(_SHIELD)
    for part, behind in zip([first, *others], others, strict=False):
        opened, closed = part.rfind("<code"), part.rfind("</code>")
        if opened != closed:
            is_code = opened > closed
        if not is_code:
            yield _Edit(0, "<" + re.split(r"&gt;|\s|<", behind, maxsplit=1)[0])


class _Reader:
    """Reads tags from first to last."""

    def __init__(self, html: str, mentions: bool) -> None:
        self._html = html
        self._mentions = mentions
        self._tokens = list(_TOKEN.finditer(html))
        self._last_comment_end = html.rfind("-->")
        self._at: dict[tuple[str, str], list[int]] = defaultdict(list)
        for token in self._tokens:
            if token[2]:
                self._at[token[1], token[2].lower()].append(token.start())
        self._open: dict[str, list[_Edit]] = defaultdict(list)
        self._edits: list[_Edit] = []
        self._skipped = 0

    def edits(self) -> list[_Edit]:
        """What is to be done."""
        for token in self._tokens:
            if token.start() < self._skipped:
                continue
            if not token[2]:
                self._comment(token)
            elif token[1]:
                self._close(token)
            else:
                self._begin(token)
        unclosed = (edit for edits in self._open.values() for edit in edits)
        return [*self._edits, *unclosed]

    def _show(self, token: re.Match[str], tag: str) -> None:
        self._edits.append(_Edit(token.start(), tag))

    def _comment(self, token: re.Match[str]) -> None:
        start = token.start()
        if token[0] == "<?":
            if self._mentions:
                self._show(token, "<?")
        elif self._last_comment_end > start + 1:
            self._skipped = self._html.find("-->", start + 2) + 3
        else:
            self._show(token, "<!--")

    def _close(self, token: re.Match[str]) -> None:
        name = token[2].lower()
        if self._open[name]:
            self._open[name].pop()
        elif self._mentions and name not in ("embed", *_FOREIGN):
            self._show(token, f"{token[0]}>")

    def _begin(self, token: re.Match[str]) -> None:
        name, start = token[2].lower(), token.start()
        rest = REST_OF_TAG.match(self._html, token.end())
        late = start + _LONGEST_TAG
        end = rest.end() if rest else self._html.find(">", token.end(), late) + 1 or token.end()
        tag = self._html[start : min(end, late)]
        if name == "plaintext" or (self._mentions and self._is_mention(name, tag, start, end)):
            self._show(token, tag)
        elif name == "embed" or (name in _FOREIGN and tag.endswith("/>")):
            return
        elif name in _WHOLE:
            self._open[name].append(self._unclosed(name, tag, start, end))
        elif (close := self._own_end(name, end)) is not None:
            self._skipped = close + 1
        else:
            self._edits.append(self._unclosed(name, tag, start, end))

    def _own_end(self, name: str, end: int) -> int | None:
        """Where an element ends of which no other is opened before."""
        close, following = self._next("/", name, end), self._next("", name, end)
        if close is None or (name != "script" and following is not None and following < close):
            return None
        return close

    def _next(self, slash: str, name: str, at: int) -> int | None:
        places = self._at[slash, name]
        index = bisect_right(places, at - 1)
        return places[index] if index < len(places) else None

    def _unclosed(self, name: str, tag: str, start: int, end: int) -> _Edit:
        if _ADDRESS.search(tag):
            return _Edit(start, tag, end, name)
        sources = _SOURCES.match(self._html, end) if name in _PLAYERS else None
        if sources and sources[0]:
            return _Edit(start, tag, sources.end(), name)
        return _Edit(start, tag)

    def _is_mention(self, name: str, tag: str, start: int, end: int) -> bool:
        """Whether a tag without attributes stands in a sentence."""
        if tag.strip("</>").strip().lower() != name or name in _WHOLE - _PLAYERS:
            return False
        if self._open["svg"]:  # a drawing has titles and styles of its own
            return False
        if name == "embed":
            return True
        if name in _PLAYERS and _SOURCES.match(self._html, end)[0]:  # type: ignore[index]
            return False
        line = self._html[max(0, start - _BEFORE) : start].rpartition("\n")[2]
        return bool(_TAG.sub("", line).strip())
