"""Posts of five blogs, each parsed once: no mark is left in silence, and no word is lost."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from conftest import ALLOWED
from presswork.content import Parsed, Site, is_post, parse
from presswork.errors import Rejected
from presswork_cli.offline.losses import measure

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SOURCES = ("18f", "hexo", "jekyll", "zola", "hugo")
UPLOADED = datetime(2024, 1, 1, tzinfo=UTC)
MARK = re.compile(r"\{\{[<%]?|\{%|\{#(?=\s)")
_LINES = re.compile(r"on lines? ([\d, and]+)")
_PROTECTED = re.compile(r"\{%-?\s*raw.*?endraw[^\n]*|\{\{[<%]/\*.*?\*/[>%]\}\}", re.DOTALL)
_PROTECTING = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}|/\*|\*/")
_PEEK = 8

ACCUSED = {
    "18f": {
        # The row below the header has fewer cells than it, so that GFM makes no table of it.
        "2017-11-30-improving-government-outcomes-through-an-agile-contract-format.md": {
            "loss-table"
        },
    },
    "hexo": {},
    "hugo": {
        # The row below the header has more cells than it.
        "site-root.md": {"loss-table"},
    },
    "jekyll": {},
    "zola": {},
}
"""The accusations, each looked at: what readers do not see as it was meant."""


@dataclass(frozen=True)
class Read:
    """A post of a blog, and what it is understood to be."""

    file: str
    data: bytes
    parsed: Parsed


@cache
def posts(name: str) -> tuple[Read, ...]:
    """The posts of one of the blogs that can be read."""
    if not (CORPUS / name).is_dir():
        pytest.skip(f"{ALLOWED}/corpus")
    return tuple(_read(name))


def _read(name: str) -> Iterator[Read]:
    for path in sorted((CORPUS / name).rglob("*")):
        data, key = path.read_bytes() if path.is_file() else b"", f"posts/{path.name}"
        if path.suffix not in (".md", ".markdown") or not is_post(key, data):
            continue
        try:
            yield Read(path.name, data, parse(data, key, Site(), uploaded=UPLOADED))
        except Rejected:
            continue


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
    rules: Counter[str] = Counter()
    left, marks, read = [], 0, 0
    for post in posts(name):
        read += 1
        source, parsed = post.data.decode(), post.parsed
        marks += len(MARK.findall(source))
        left += [(post.file, peek) for peek in unexplained(source, parsed)]
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


@pytest.mark.parametrize("name", SOURCES)
def test_no_attributes_of_kramdown_are_seen(name: str) -> None:
    """Outside of code no reader sees `{:`, unless a warning tells of it."""
    assert len(posts(name)) > 20
    for post in posts(name):
        told = any(each.rule == "attribute-mark" for each in post.parsed.warnings)
        text = "".join(seen(html.fromstring(f"<div>{post.parsed.html}</div>")))
        assert "{:" not in text or told, post.file


def test_real_posts_are_hardly_warned_of() -> None:
    """Marks that look meant are: of a thousand posts few have any."""
    rules = ("highlight-mark", "superscript-mark", "subscript-mark", "formula", "wikilink-mark")
    warned = [
        (post.file, each.rule)
        for name in SOURCES
        for post in posts(name)
        for each in post.parsed.warnings
        if each.rule in rules
    ]
    assert len(warned) < 10, warned


@pytest.mark.parametrize("name", ACCUSED)
def test_who_is_accused_lost_something(name: str) -> None:
    """The loss meter accuses no sound post, and there are enough for that to mean something."""
    found = {
        post.file: {each.rule for each in measure(post.data, post.parsed)} for post in posts(name)
    }
    assert {file: rules for file, rules in found.items() if rules} == ACCUSED[name]
    assert len(found) > 50
