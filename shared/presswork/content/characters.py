"""Characters that few texts hold: found without a pattern that looks at each of the others."""

_COMMON = b"\t\n" + bytes(range(0x20, 0x7F))


def uncommon(text: str) -> str:
    """What is left of a text without tabs, newlines and the visible characters of ASCII."""
    spelled = text.encode("utf-8", "surrogatepass").translate(None, _COMMON)
    return spelled.decode("utf-8", "surrogatepass")
