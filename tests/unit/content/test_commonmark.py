"""The Markdown stage against the examples of CommonMark 0.31.2, which `make samples` fetches."""

import json
from pathlib import Path
from typing import Any

import pytest

from presswork.content.markdown import EXTENSIONS, to_html

SPECIFICATION = "markdown_it_py/tests/test_cmark_spec/commonmark.json"
SAMPLES = Path(__file__).parents[3] / ".venvs" / "samples" / "sources"

# Examples that say that a bare link, without its angle brackets, is plain text.
SWITCHED_OFF = dict.fromkeys((602, 608, 611, 612), "autolink")


def examples() -> list[dict[str, Any]]:
    """All examples; none before `make samples`, and then the count fails."""
    file = SAMPLES / SPECIFICATION
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []


@pytest.mark.parametrize("example", examples(), ids=lambda example: str(example["example"]))
def test_an_example_of_the_specification(example: dict[str, Any]) -> None:
    """With the options of the flow, the HTML is that of the specification to the letter."""
    off = SWITCHED_OFF.get(example["example"])
    extensions = tuple(name for name in EXTENSIONS if name != off)
    assert to_html(example["markdown"], prefix="", extensions=extensions) == example["html"]


def test_all_examples_are_there() -> None:
    """The specification has 652 examples; `make samples` fetches them."""
    assert len(examples()) == 652


@pytest.mark.parametrize("number", SWITCHED_OFF)
def test_nothing_is_switched_off_without_need(number: int) -> None:
    """Each example that needs an extension switched off fails with it on."""
    (example,) = (each for each in examples() if each["example"] == number)
    assert to_html(example["markdown"], prefix="") != example["html"]
