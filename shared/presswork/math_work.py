"""What makes the library of formulas read the rest of one twice, pure."""

import re

_OPENING = "⌈⌊⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼"
_CLOSING = "".join(chr(ord(bracket) + 1) for bracket in _OPENING)
_SIDES = (
    "brace|Brace|brack|ang|angle|Angle|vert|Vert|floor|ceil|group|moustache|paren|corner",
    "brack|bracket|angle|parenthesis|corner",
)
_INNER = r"(?:(?!\\pmod|\\mathchoice)[^{}])"
_ARGUMENT = rf"\{{(?:{_INNER}|\{{{_INNER}*+\}})*+\}}"


def _names(side: str) -> str:
    corners = f"ul?{side}corner|l{side}corner"
    return rf"\\(?:{side}(?:{_SIDES[0]})|{side}{side}(?:{_SIDES[1]})|{corners})(?![A-Za-z])"


_TOKEN = re.compile(
    rf"""(?P<start>\\left(?![A-Za-z])\s*\\?.|\\begin(?![A-Za-z])|\{{)
    |(?P<end>\\right(?![A-Za-z])\s*\\?.|\\end(?![A-Za-z])|\}})
    |(?P<open>[(\[{_OPENING}]|\\\{{|\\[Bb]igg?l(?![A-Za-z])\s*\\?.|{_names("l")})
    |(?P<close>[)\]{_CLOSING}]|\\\}}|\\[Bb]igg?r(?![A-Za-z])\s*\\?.|{_names("r")})
    |(?:\\(?:[Bb]igg?|middle)(?![A-Za-z])|[_^])\s*\\?[()\[\]]
    |\\not(?![A-Za-z])\s*[)\]]
    |(?P<again>\\(?:pmod|mathchoice)(?![A-Za-z])(?!\s*(?:[^\W_]|{_ARGUMENT})))
    |\\.""",
    re.DOTALL | re.VERBOSE,
)


def read_twice(tex: str) -> int:
    """How many parts of a formula may be read twice, each with all such parts behind it.

    That are brackets which nothing closes in their group, and commands that read their argument
    once more. Where it is not sure, it counts one too many.
    """
    groups, left = [0], 0
    for token in _TOKEN.finditer(tex):
        if token["start"]:
            groups.append(0)
        elif token["open"] or token["again"]:
            groups[-1] += bool(token["open"])
            left += bool(token["again"])
        elif token["close"]:
            groups[-1] -= groups[-1] > 0
        elif token["end"]:
            left += groups.pop()
            groups = groups or [0]
    return left + sum(groups)
