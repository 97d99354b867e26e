"""Blocks that no page shows: a template that extends another fills the blocks which that one has.

Jinja passes over any other in silence, and so over a name that is misspelled.
"""

from collections.abc import Mapping

from jinja2 import BaseLoader, Environment, nodes

from presswork.theme_files import PREFIX, BrokenTheme

_LONGEST = 300

Trees = Mapping[str, nodes.Template]
"""The templates of `theme/` as they were read, by name."""


def check_blocks(environment: Environment, loader: BaseLoader, trees: Trees) -> None:
    """Raises BrokenTheme for a block that stands on no page.

    A block within another is of its template's own making, and one that is called by `self` shows
    where it is called.
    """
    called = {
        each.attr
        for tree in trees.values()
        for each in tree.find_all(nodes.Getattr)
        if isinstance(each.node, nodes.Name) and each.node.name == "self"
    }
    for name, tree in trees.items():
        known = _inherited(environment, loader, trees, tree)
        if known is None:
            continue
        for block in tree.body:
            if isinstance(block, nodes.Block) and block.name not in {*known, *called}:
                raise BrokenTheme(
                    PREFIX + name,
                    "theme.block",
                    block.lineno,
                    f"There is no block {block.name[:80]!r} in what this template extends, so that "
                    f"no page shows it; there are: {', '.join(sorted(known))[:_LONGEST]}.",
                    "Correct the name, or put the block into one of those.",
                )


def _inherited(
    environment: Environment, loader: BaseLoader, trees: Trees, tree: nodes.Template
) -> set[str] | None:
    """The blocks of all that a template extends; None where it extends none, or who knows which."""
    names: set[str] = set()
    read: set[str] = set()
    while (parents := list(tree.find_all(nodes.Extends))) or not read:
        named = parents[0].template if len(parents) == 1 and parents[0] in tree.body else None
        if not isinstance(named, nodes.Const):
            return None
        source, file, _ = loader.get_source(environment, str(named.value))
        if file in read:
            return None
        read.add(str(file))
        is_own = str(file).startswith(PREFIX)
        tree = trees[str(named.value)] if is_own else environment.parse(source)
        names.update(block.name for block in tree.find_all(nodes.Block))
    return names
