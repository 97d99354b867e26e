"""Characters that few texts hold: found without a pattern that looks at each of the others."""

import string

_WORDS = b" " + string.ascii_letters.encode() + string.digits.encode()
_COMMON = b"\t\n" + bytes(range(0x20, 0x7F))


def uncommon(text: str | bytes) -> str:
    """What is left of a text, or of its `spelling`, without tabs, newlines and visible ASCII."""
    spelled = text if isinstance(text, bytes) else spelling(text)
    return spelled.translate(None, _COMMON).decode("utf-8", "surrogatepass")


def spelling(text: str) -> bytes:
    """A text in UTF-8, each half of a character on its own."""
    return text.encode("utf-8", "surrogatepass")


class Signs:
    """The signs of a text without its letters, digits and spaces, in which others are soon found.

    What stands side by side there may stand apart in the text, so what is found is looked for
    again; what is not found stands nowhere.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._bare = spelling(text).translate(None, _WORDS).decode("utf-8", "surrogatepass")

    def hold(self, sign: str) -> bool:
        """Whether the text holds a sign; one without letters, digits and spaces."""
        return sign in self._bare and sign in self._text


def has_references(text: str) -> bool:
    """Whether numeric character references may stand in a text."""
    return "&" in text and "&#" in text  # few texts have the one, which is found many times faster
