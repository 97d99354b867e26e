"""What a program that runs has written into its log."""

from pathlib import Path

_WIDTH = 80


def last_words(log: Path) -> str:
    """The last line that has words in it, for those who wait; nothing where none is yet."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    words = [line.strip() for line in lines if any(map(str.isalpha, line))]
    return words[-1][:_WIDTH] if words else ""
