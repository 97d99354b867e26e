"""Characters that few texts hold: found without a pattern that looks at each of the others."""

_COMMON = b"\t\n" + bytes(range(0x20, 0x7F))


def uncommon(text: str | bytes) -> str:
    """What is left of a text, or of its `spelling`, without tabs, newlines and visible ASCII."""
    spelled = text if isinstance(text, bytes) else spelling(text)
    return spelled.translate(None, _COMMON).decode("utf-8", "surrogatepass")


def spelling(text: str) -> bytes:
    """A text in UTF-8, each half of a character on its own."""
    return text.encode("utf-8", "surrogatepass")


def has_references(text: str) -> bool:
    """Whether numeric character references may stand in a text."""
    return "&" in text and "&#" in text  # few texts have the one, which is found many times faster
