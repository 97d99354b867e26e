"""Posts of five generators: each mark of kramdown is understood, or told of."""

import pytest
from lxml import html

from corpus.test_templates import CORPUS, SOURCES, posts, seen


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there are no posts in {CORPUS}")
@pytest.mark.parametrize("name", SOURCES)
def test_no_attributes_of_kramdown_are_seen(name: str) -> None:
    """Outside of code no reader sees `{:`, unless a warning tells of it."""
    read = [(file, parsed) for file, _, parsed in posts(name)]
    assert len(read) > 20
    for file, parsed in read:
        told = any(each.rule == "attribute-mark" for each in parsed.warnings)
        text = "".join(seen(html.fromstring(f"<div>{parsed.html}</div>")))
        assert "{:" not in text or told, file


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there are no posts in {CORPUS}")
def test_real_posts_are_hardly_warned_of() -> None:
    """Marks that look meant are: of a thousand posts few have any."""
    rules = ("highlight-mark", "superscript-mark", "subscript-mark", "formula", "wikilink-mark")
    warned = [
        (file, each.rule)
        for name in SOURCES
        for file, _, parsed in posts(name)
        for each in parsed.warnings
        if each.rule in rules
    ]
    assert len(warned) < 10, warned
