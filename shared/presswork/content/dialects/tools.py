"""Which marks each tool's Markdown has beyond those that are understood everywhere."""

from collections.abc import Iterable

from presswork.settings import Dialect

TOOLS: dict[str, frozenset[str]] = {
    "docusaurus": frozenset({"directives"}),
    "github": frozenset({"emoji"}),
    "hexo": frozenset(),
    "hugo": frozenset(),
    "jekyll": frozenset({"inline-math"}),
    "mkdocs": frozenset({"tabs"}),
    "myst": frozenset({"directives"}),
    "obsidian": frozenset({"comments", "highlight", "inline-footnotes", "wikilinks"}),
    "pandoc": frozenset({"directives", "inline-footnotes", "subscript", "superscript"}),
    "vitepress": frozenset({"directives", "emoji"}),
    "zola": frozenset(),
}


def understood(dialects: Iterable[Dialect]) -> frozenset[str]:
    """The marks that a site's `dialect` names, one by one or by the tools that have them."""
    return frozenset().union(*(TOOLS.get(name, frozenset({name})) for name in dialects))
