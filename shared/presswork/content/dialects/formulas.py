"""Formulas of TeX among the words: what a dollar encloses, and what is only a price or a name."""

import re
from html import escape

from presswork.content.dialects.draft import Draft
from presswork.mathml import MAX_LENGTH, mathml
from presswork.patterns import late

_INLINE = rf"(?:[^$\\`\n]|\\.|\n(?![ \t]*\n)){{1,{MAX_LENGTH}}}+"
_INLINE_END = r"\$(?<![\s\\]\$)(?!(?!(?:s|st|nd|rd|th)(?![A-Za-z0-9_]))[A-Za-z0-9_$])"
# What begins with a letter is found many times faster than one of several.
_DOLLARS = late(
    rf"\$(?:\$|(?<![A-Za-z0-9_$\\]\$)(?:`|(?![\s$`]){_INLINE}{_INLINE_END}))", re.DOTALL
)
# In the order in which they are tried at each place; what comes first is no place for a formula.
_FORMULA = late(
    rf"""
    (?P<none><[A-Za-z/!?][^<>\n]*> | \]\([^()\s]*+ | https?://[^\s<>]*+ | \\[\\]?[$])
    | \$\$(?P<display>(?:[^$\\]|\\.|\$(?!\$))++)\$\$
    | (?<![A-Za-z0-9_$\\])\$`(?P<code>[^`\n]{{1,{MAX_LENGTH}}}+)`\$(?![A-Za-z0-9_$])
    | (?<![A-Za-z0-9_$\\])\$(?![\s$`])
        (?P<inline>{_INLINE}){_INLINE_END}
    | \\{{1,2}}\((?P<round>(?:[^\\\n]|\\(?![()\\]|\\?\))[^\n]){{1,{MAX_LENGTH}}}+)\\{{1,2}}\)
    | \\{{1,2}}\[(?P<square>(?:[^\\]|\\(?![\[\]])[^\n]){{1,{MAX_LENGTH}}}?)\\{{1,2}}\]
    | ^[ ]{{0,3}}(?P<environment>
        \\begin\{{(?P<name>(?:equation|align|gather|multline|eqnarray)\*?)\}}
        (?:(?!\\begin\{{(?P=name)\}}).){{1,{MAX_LENGTH}}}?\\end\{{(?P=name)\}})
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_COMMAND = late(r"\\[A-Za-z]+|\\[,;:!{}|]")
_OPERATOR = late(r"[\^_=+<>|]|[\w)]\s?[-*/]\s?[\w(]|[A-Za-z]\(|[≤≥≠∈→∞±×·∑∫√α-ωΑ-Ω]")
_SHORT = late(r"[A-Za-z]{1,2}['′]*|[A-Za-z]{1,2}(?:\s?,\s?[A-Za-z]{1,2})+|-?\d+(?:[.,]\d+)?%?")
_COEFFICIENT = late(r"\d*[A-Za-z]|[A-Za-z]\d")
_NAMES = late(r"[A-Z][A-Z0-9_]{2,}[\w/:.-]*|[\w.-]*(?: [A-Za-z'’,.;]{3,}){2,}[^\\^_=]*", re.DOTALL)
_LETTER = late(r"[A-Za-z]['′]?")
_WORD = late(r"[A-Za-z]{3}")
_STRICT = late(r"[=+<>]|[A-Za-z0-9)}\]][\^_][{A-Za-z0-9\\]|[A-Za-z]\(")
_BLANK_LINE = late(r"\n[ \t]*\n")
_OTHERS = ("\\(", "\\[", "\\begin{")


class Formulas:
    """Takes the formulas out of a draft, as HTML that pages draw.

    With `always`, whatever dollars enclose is one. With `inline`, so is `$$x$$` amid words, as in
    kramdown.
    """

    def __init__(self, draft: Draft, *, always: bool, inline: bool) -> None:
        self._draft = draft
        self._always = always
        self._inline = inline

    def take_out(self) -> None:
        """Puts a stand-in in the place of each."""
        text = self._draft.text
        if any(sign in text for sign in _OTHERS) or _DOLLARS.search(text):
            self._draft.replace(_FORMULA, self._of)

    def _of(self, mark: re.Match[str]) -> str | None:
        if mark["none"]:
            return None
        if mark["display"] is not None:
            tex, display = mark["display"], not (self._inline and _is_amid(mark))
            is_one = self._is_formula(tex) and not _BLANK_LINE.search(tex)
        elif mark["code"] is not None:
            tex, display, is_one = mark["code"], False, True
        elif mark["inline"] is not None:
            tex, display = mark["inline"], False
            is_one = self._is_formula(tex)
        elif mark["round"] is not None:
            tex, display = mark["round"], False
            is_one = _is_tex(tex) or bool(_LETTER.fullmatch(tex.strip()))
        elif mark["square"] is not None:
            tex, display = mark["square"], True
            is_one = _is_tex(tex) and not _BLANK_LINE.search(tex)
        else:
            tex, display, is_one = mark["environment"], True, True
        return self._made(mark, _unquoted(tex), display=display) if is_one else None

    def _is_formula(self, tex: str) -> bool:
        return bool(tex.strip()) and (self._always or looks_like_tex(tex.strip()))

    def _made(self, mark: re.Match[str], tex: str, *, display: bool) -> str:
        if mathml(tex, display=display) is None:
            self._draft.left(
                "formula",
                mark,
                f"The formula {' '.join(tex.split())[:60]} cannot be drawn: its TeX is shown.",
                "Write it with the commands of LaTeX and AMS alone, or `math: false` in site.yaml "
                "where dollars are no formulas.",
            )
        style = "display" if display else "inline"
        shown = escape(tex, quote=False)
        return self._draft.stand_in(f'<span data-math-style="{style}">{shown}</span>', tex)


def looks_like_tex(text: str) -> bool:
    """Whether what stands between dollars is a formula, rather than names or prices."""
    if _COMMAND.search(text):
        return True
    if _NAMES.fullmatch(text):
        return False
    return bool(_OPERATOR.search(text) or _SHORT.fullmatch(text) or _COEFFICIENT.fullmatch(text))


def _is_tex(text: str) -> bool:
    """Whether a text is a formula where brackets may as well be meant as brackets."""
    return bool(_COMMAND.search(text) or (_STRICT.search(text) and not _WORD.search(text)))


def _is_amid(mark: re.Match[str]) -> bool:
    """Whether words stand around a formula on its lines."""
    text = mark.string
    start = text.rfind("\n", max(0, mark.start() - MAX_LENGTH), mark.start()) + 1
    end = text.find("\n", mark.end(), mark.end() + MAX_LENGTH)
    behind = text[mark.end() : end if end >= 0 else mark.end() + MAX_LENGTH]
    return bool(text[start : mark.start()].strip(" \t>") or behind.strip())


def _unquoted(tex: str) -> str:
    """The formula without the marks of the quote in which its lines stand."""
    return re.sub(r"\n[ \t]*>[ \t]?", "\n", tex) if "\n" in tex else tex
