"""Which marks each tool's Markdown has beyond those that are understood everywhere."""

from collections import Counter
from collections.abc import Collection, Iterable

from presswork.settings import Dialect

TOOLS: dict[str, frozenset[str]] = {
    "docusaurus": frozenset({"directives"}),
    "github": frozenset({"emoji"}),
    "hexo": frozenset(),
    "hugo": frozenset(),
    "jekyll": frozenset({"inline-math"}),
    "mkdocs": frozenset({"tabs"}),
    "myst": frozenset({"directives", "hidden-lines"}),
    "obsidian": frozenset({"comments", "highlight", "inline-footnotes", "wikilinks"}),
    "pandoc": frozenset({"directives", "inline-footnotes", "subscript", "superscript"}),
    "vitepress": frozenset({"directives", "emoji"}),
    "zola": frozenset(),
}


def understood(dialects: Iterable[Dialect]) -> frozenset[str]:
    """The marks that a site's `dialect` names, one by one or by the tools that have them."""
    return frozenset().union(*(TOOLS.get(name, frozenset({name})) for name in dialects))


_FOUND = {
    "comment-mark": "obsidian",
    "directive-mark": "directives",
    "emoji-mark": "emoji",
    "highlight-mark": "highlight",
    "kramdown-attributes": "jekyll",
    "kramdown-option": "jekyll",
    "subscript-mark": "subscript",
    "superscript-mark": "superscript",
    "toc-mark": "jekyll",
    "wikilink-mark": "obsidian",
}
"""What the rules of repairs and warnings tell of the tool that a post was written for."""


def proposed(posts: Iterable[Collection[str]], given: Iterable[Dialect] = ()) -> tuple[str, ...]:
    """What a site could write as its `dialect` beside what is `given`, the most frequent first.

    Of each post the rules are told by which something was mended or left in it.
    """
    dialects = ({_FOUND[rule] for rule in rules if rule in _FOUND} for rules in posts)
    counts = Counter(dialect for found in dialects for dialect in found)
    there = set(given)
    wanted = sorted(counts.keys() - there, key=lambda each: (-counts[each], each))
    has = understood(given).union(*(TOOLS.get(each, ()) for each in wanted))
    return tuple(each for each in wanted if each in TOOLS or each not in has)
