"""The default theme's pages for one site: what the settings decide is worked out once, not a page.

A template is read, the names that stand for the same on every page of the site are taken for their
values, and what follows from them alone becomes text. The page is the same to the byte.
"""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.optimizer import Optimizer

from presswork.site.theme.environment import FUNCTIONS


class SettledEnvironment(Environment):
    """An environment whose templates know what every page of a site has, by `settled`."""

    settled: Mapping[str, object]

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        """The Python of a template: the hook that Jinja leaves for this."""
        given = {
            node.name for node in source.find_all(nodes.Name) if node.ctx in ("store", "param")
        }
        known = {name: value for name, value in self.settled.items() if name not in given}
        tree = _Settling(self, known).visit(source)
        return super()._generate(tree, name, filename, defer_init)


class _Settling(Optimizer):
    """Jinja's own folding of constants, with more of them."""

    def __init__(self, environment: Environment, known: Mapping[str, object]) -> None:
        super().__init__(environment)
        self._known = known

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802 - as Jinja
        """A name that is known is its value."""
        return _const(self._known[node.name], node) if node.name in self._known else node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - as Jinja
        """What a function of the theme makes of constants is one; each of them is pure."""
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name in FUNCTIONS):
            return node
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        if not all(isinstance(each, nodes.Const) for each in node.args):
            return node
        made = FUNCTIONS[node.node.name](*(each.as_const() for each in node.args))
        return _const(made, node)

    def visit_If(self, node: nodes.If) -> Any:  # noqa: N802 - as Jinja
        """Of a choice that is settled what it chooses is left."""
        self.generic_visit(node)
        if not isinstance(node.test, nodes.Const) or node.elif_:
            return node
        return list(node.body if node.test.value else node.else_)

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node:  # noqa: N802 - as Jinja
        """Macros that were told of the settings need no more of a page than their arguments."""
        node.with_context = False
        return node


def _const(value: object, node: nodes.Node) -> nodes.Const:
    return nodes.Const(value, lineno=node.lineno, environment=node.environment)
