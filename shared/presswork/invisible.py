"""Signs that nobody sees, in names that people compare by eye: paths, ids, terms."""

import re

from presswork.patterns import late

# What Unicode ignores by default (DerivedCoreProperties.txt), and notes between the lines.
_ALONE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_JOINERS = "\u200c\u200d"
_FORMS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_RUN = late(f"[{_ALONE}{_JOINERS}{_FORMS}]+")
_FORM = late(f"[{_FORMS}]")
_SHAPED = "\u0300"
"""Joiners and choices of a form shape letters and pictures from here on, and none of Latin."""


def visible(text: str) -> str:
    """A text without the signs that nobody sees.

    Of those that shape a letter or a picture each stays, once: in Persian words, in families of
    emoji.
    """
    return text if text.isascii() else _RUN.sub(_shaping, text)


def spelled_out(text: str) -> str:
    """A text with the numbers of such signs in their places, to be shown to its author."""
    return _RUN.sub(lambda run: "".join(f"<U+{ord(sign):04X}>" for sign in run[0]), text)


def _shaping(run: re.Match[str]) -> str:
    """What of a run of such signs can be seen by its effect."""
    text, start, end = run.string, run.start(), run.end()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if before < _SHAPED:
        return ""
    joins = after >= _SHAPED
    return "".join(
        sign for sign in dict.fromkeys(run[0]) if _FORM.match(sign) or (joins and sign in _JOINERS)
    )
