"""The examples of docs/webhooks.md, as a reader copies them."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "webhooks.md"


def examples(heading: str, language: str) -> list[str]:
    """The blocks of code below a heading of the page, in their order."""
    page = PAGE.read_text(encoding="utf-8")
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## )", page, re.MULTILINE | re.DOTALL)
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
