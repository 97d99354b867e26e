"""Code in blocks, marked up by the classes of Pygments; their colours are the theme's."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape, unescape
from itertools import groupby
from typing import Any

from presswork.patterns import late

MAX_LINE = 500
MAX_WORK = 10_000**2
"""Lexers search ahead at every character: their work grows with the square of a block's length."""
MOST_ESCAPES = {"fish": 16, "scala": 16}
"""How many backslashes a block may hold in languages whose lexers read one in two ways.

They try all ways of a string that has no end: the time doubles with every backslash.
"""

LANGUAGES = frozenset(
    """
    apacheconf awk bash bat batch c c# c++ clj clojure cmake coffee coffeescript console cpp cs
    csharp css cypher d dart diff django docker dockerfile elixir elm erl erlang ex fish fortran
    fsharp gherkin gleam glsl go golang graphql groovy haskell hcl hs html http ini java
    javascript jinja jl js json json5 jsx julia kotlin latex less liquid lisp lua make
    makefile markdown matlab md mysql nginx nim nix objc objective-c objectivec ocaml perl php pl
    plpgsql postgres postgresql powershell prolog properties proto protobuf ps1 py pycon python
    python3 r rb rs rst ruby rust sass scala scheme scss sh shell solidity sparql sql sqlite3
    swift tcl terraform tex tf toml ts tsx twig typescript vb.net verilog vhdl vim vue wast wat
    xml yaml yml zig zsh
    """.split()  # noqa: SIM905  a list of words reads best as words
)
"""The names of languages that are marked up; code in any other stays as it is."""

# Classes that no theme gives a colour: names, punctuation, blanks, and what a lexer did not know.
_PLAIN = frozenset({"", "n", "p", "w", "err", "x", "esc"})
_BLOCK = late(r'(<pre><code class="language-([^"]+)">)([^<]*)(?=</code></pre>)')


def highlighted(html: str) -> str:
    """Sanitised HTML with the code of each `<pre>` marked up whose language is named and known.

    A block with a line of more than 500 characters stays as it is, and so do all from the one on at
    which the squares of their lengths add up to more than that of 10,000 characters. So does one
    in fish or Scala with more than 16 backslashes.
    """
    work = 0

    def mark_up(block: re.Match[str]) -> str:
        nonlocal work
        opening, language, inner = block.groups()
        code = unescape(inner)
        work += len(code) ** 2
        language = language.lower()
        if language not in LANGUAGES or work > MAX_WORK or not _is_soon_read(code, language):
            return block[0]
        return opening + "".join(_marked_up(code, language))

    return _BLOCK.sub(mark_up, html) if "<pre><code class" in html else html


def _is_soon_read(code: str, language: str) -> bool:
    escapes = code.count("\\") if language in MOST_ESCAPES else 0
    return escapes <= MOST_ESCAPES.get(language, 0) and all(
        len(line) <= MAX_LINE for line in code.split("\n")
    )


def _marked_up(code: str, language: str) -> Iterator[str]:
    for name, tokens in groupby(
        _lexer(language).get_tokens(code), lambda token: _class_of(token[0])
    ):
        # Character references as nh3 writes them, so that sanitising again changes nothing.
        text = escape("".join(text for _, text in tokens), quote=False).replace("\xa0", "&nbsp;")
        yield f'<span class="{name}">{text}</span>' if name else text


@cache
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415  most posts hold no code

    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


@cache
def _class_of(kind: Any) -> str:
    from pygments.token import STANDARD_TYPES  # noqa: PLC0415  as above

    while kind not in STANDARD_TYPES:
        kind = kind.parent
    name = STANDARD_TYPES[kind]
    return "" if name in _PLAIN else name
