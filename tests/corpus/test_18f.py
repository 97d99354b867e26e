"""The 509 posts of a real blog, read twice: by `parse`, and by another route that shares no code.

The other route is PyYAML's BaseLoader, which leaves every value as it is written, with the trailing
tabs dropped that it would stumble over; dates by strptime; names by a regular expression.
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ALLOWED
from presswork.content import Parsed, Site, parse

POSTS = Path(__file__).parents[3] / "shared" / "corpus" / "18f" / "posts"
COUNT = 509
_FENCED = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
_NO_TEXT = re.compile(
    r"""<(script|style|iframe)\b.*?</\1>|<[^>]+>        # tags
    |\]\([^)]*\)|\]\[[^\]]*\]|^\s*\[[^\]]+\]:.*?$|https?://\S+|&[a-z]+;  # addresses, references
    |\{[:.#].*?\}|\{[{%].*?[}%]\}|^```.*?$                 # what an engine would take away""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_ALT = re.compile(r'<img [^>]*?alt="([^"]*)"')
_DATE_FORMS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S.%f%z")


@dataclass(frozen=True)
class Reading:
    """One post, read both ways."""

    name: str
    matter: dict[str, Any]
    parsed: Parsed


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    """All posts; one that is rejected fails here."""
    if not POSTS.is_dir():
        pytest.skip(f"{ALLOWED}/corpus")
    return [_read(path) for path in sorted(POSTS.glob("*.md"))]


def _read(path: Path) -> Reading:
    data = path.read_bytes()
    fenced = _FENCED.match(data.decode())
    assert fenced, path.name
    matter = yaml.load(re.sub(r"\t+$", "", fenced[1], flags=re.MULTILINE), Loader=yaml.BaseLoader)
    return Reading(path.name, matter, parse(data, f"posts/{path.name}", Site()))


def test_none_is_rejected(readings: list[Reading]) -> None:
    """All 509 are posts; what was mended in how many is printed."""
    assert len(readings) == COUNT
    rules = Counter(repair.rule for each in readings for repair in each.parsed.repairs)
    repaired = sum(bool(each.parsed.repairs) for each in readings)
    sys.stderr.write(f"\n{repaired} of {COUNT} posts repaired: {dict(rules.most_common())}\n")
    assert 0 < repaired < COUNT


def test_titles_are_as_yaml_has_them(readings: list[Reading]) -> None:
    """Quotes and colons of 509 titles come out as a plain YAML load gives them, entities read."""
    for each in readings:
        assert each.parsed.post.title == unescape(each.matter["title"].strip()), each.name


def test_dates_are_as_written(readings: list[Reading]) -> None:
    """Each date is the one of the front matter, or of the file name where the key is absent."""
    absent = 0
    for each in readings:
        written = each.matter.get("date")
        absent += written is None
        assert each.parsed.post.date == _date(written or each.name[:10]), each.name
    assert 0 < absent < COUNT


def test_paths_follow_from_date_and_file(readings: list[Reading]) -> None:
    """Each path is year, month and the file's name, or the permalink; no two are the same."""
    paths = {each.parsed.post.path for each in readings}
    assert len(paths) == COUNT
    for each in readings:
        date = _date(each.matter.get("date") or each.name[:10])
        name = re.sub(r"^\d{4}-\d+-\d+-", "", each.name).removesuffix(".md")
        expected = each.matter.get("permalink") or f"/{date:%Y/%m}/{name}/"
        assert each.parsed.post.path == expected, each.name


def test_no_text_is_lost(readings: list[Reading]) -> None:
    """Words that each source has outside of tags, scripts and addresses are read or described."""
    for each in readings:
        body = _FENCED.sub("", (POSTS / each.name).read_text(encoding="utf-8"), count=1)
        words = _words(_NO_TEXT.sub(" ", body))
        shown = " ".join([each.parsed.text, *_ALT.findall(each.parsed.html)])
        lost = words - _words(shown)
        assert lost.total() <= 0.02 * words.total() + 3, (each.name, lost.most_common(9))


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[A-Za-z]{4,}", text))


def _date(written: str) -> datetime:
    # strptime wants the minutes of an offset, and hours of two digits
    spelled = re.sub(r" ([+-])(\d)$", r" \g<1>0\g<2>00", written)
    for form in _DATE_FORMS:
        try:
            date = datetime.strptime(spelled, form)  # noqa: DTZ007 - the next lines see to it
        except ValueError:
            continue
        aware = date if date.tzinfo else date.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
    raise AssertionError(written)
