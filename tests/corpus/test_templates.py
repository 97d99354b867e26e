"""Posts of five generators: each mark of a template is translated, or told of by its line."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from conftest import ALLOWED
from presswork.content import Parsed, Site, parse
from presswork.errors import Rejected

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SOURCES = ("18f", "hexo", "jekyll", "zola", "hugo")
UPLOADED = datetime(2024, 1, 1, tzinfo=UTC)
MARK = re.compile(r"\{\{[<%]?|\{%|\{#(?=\s)")
_LINES = re.compile(r"on lines? ([\d, and]+)")
_PROTECTED = re.compile(r"\{%-?\s*raw.*?endraw[^\n]*|\{\{[<%]/\*.*?\*/[>%]\}\}", re.DOTALL)
_PROTECTING = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}|/\*|\*/")
_PEEK = 8


def posts(name: str) -> Iterator[tuple[str, str, Parsed]]:
    """The posts of one of the generators that can be read, with their texts."""
    for path in sorted((CORPUS / name).rglob("*")):
        if path.suffix not in (".md", ".markdown"):
            continue
        try:
            parsed = parse(path.read_bytes(), f"posts/{path.name}", Site(), uploaded=UPLOADED)
        except Rejected:
            continue
        yield path.name, path.read_text(encoding="utf-8"), parsed


def seen(element: html.HtmlElement) -> Iterator[str]:
    """The texts that readers see outside of code and formulas."""
    if element.tag in ("code", "pre") or element.get("data-math-style"):
        return
    yield element.text or ""
    for child in element:
        yield from seen(child)
        yield child.tail or ""


def named(parsed: Parsed) -> set[int]:
    """The lines that warnings name."""
    messages = (each.message for each in parsed.warnings if each.rule == "template-left")
    lines = (line for message in messages for line in _LINES.findall(message))
    return {int(number) for line in lines for number in re.findall(r"\d+", line)}


def unexplained(source: str, parsed: Parsed) -> Iterator[str]:
    """What looks like a mark to readers, and stands on no line that a warning names."""
    lines = source.split("\n")
    told = " ".join(lines[number - 1] for number in sorted(named(parsed)))
    protected = _PROTECTING.sub("", " ".join(each[0] for each in _PROTECTED.finditer(source)))
    root = html.fromstring(f"<div>{parsed.html}</div>")
    for text in seen(root):
        for mark in MARK.finditer(text):
            peek = text[mark.start() : mark.end() + _PEEK].split("\n")[0].strip()
            if peek not in told and peek not in protected:
                yield peek


@pytest.mark.parametrize("name", SOURCES)
def test_no_mark_is_left_in_silence(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Outside of code, what readers see of a template stands on a line that is warned of."""
    if not (CORPUS / name).is_dir():
        pytest.skip(f"{ALLOWED}/corpus")
    rules: Counter[str] = Counter()
    left, marks, read = [], 0, 0
    for file, source, parsed in posts(name):
        read += 1
        marks += len(MARK.findall(source))
        left += [(file, peek) for peek in unexplained(source, parsed)]
        for repair in parsed.repairs:
            rules[repair.rule] += repair.count
        for warning in parsed.warnings:
            rules[warning.rule] += warning.count
    told = {
        rule: count for rule, count in sorted(rules.items()) if "template" in rule or "mdx" in rule
    }
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {read} posts, {marks} marks: {told}\n")
    assert read > 50
    assert left == []
