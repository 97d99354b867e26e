"""Templates of `theme/`: they reach nothing but the plain values that they are given.

A theme is an administrator's code, and yet it may neither reach files nor the network, nor write
what is not the same each time. Jinja's sandbox refuses what hides behind names that begin with an
underscore, and what changes a value; the values themselves have no methods but those of Python's
texts, numbers, lists and dicts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.loaders import split_template_path
from jinja2.runtime import Context, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment

from presswork.patterns import late
from presswork.site.theme import limits
from presswork.site.theme.assets import THEME, asset_key
from presswork.site.theme.blocks import check_blocks
from presswork.site.theme.environment import OPTIONS, KeysFirst, finalize, prepare
from presswork.site.theme.limits import Budget, Limit, budget
from presswork.site.theme.mistakes import DEFAULT, missing, mistake
from presswork.theme_files import PREFIX, ThemeFiles

_WIDE = late(r"\{[^{}:]*+:[^{}]*?(?:\d{4}|\{)")

_Named = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


def render(theme: ThemeFiles, template: str, values: Mapping[str, Any]) -> str:
    """A page, by a template of the theme; raises BrokenTheme with file and line."""
    token = budget.set(Budget(str(values.get("text", ""))))
    try:
        return "".join(_chunks(theme, template, values))
    except Exception as error:
        raise mistake(error, template) from error
    finally:
        budget.reset(token)


def read_all(theme: ThemeFiles) -> None:
    """Raises BrokenTheme when a template cannot be read, or names what is not there."""
    environment = _environment(theme)
    trees = {}
    for name in sorted(theme.sources):
        if not name.endswith(".html"):
            continue
        try:
            environment.get_template(name)
            tree = environment.parse(theme.sources[name], name, PREFIX + name)
        except Exception as error:
            raise mistake(error, name) from error
        trees[name] = tree
        for node in tree.find_all(_Named):
            named = node.template  # type: ignore[attr-defined]  # each of the four has one
            if isinstance(named, nodes.Const) and not getattr(node, "ignore_missing", False):
                _find(environment, str(named.value), PREFIX + name, node.lineno)
    check_blocks(environment, _Files(theme.sources), trees)


class _Limited(CodeGenerator):
    """Has the clock looked at in each turn of a loop, and the size of each text put together."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - as Jinja
        """A loop."""
        node.iter = _call("turns", [node.iter], node.lineno)
        super().visit_For(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - as Jinja
        """What `~` makes."""
        self.visit(_call("concatenate", node.nodes, node.lineno), frame)


def _call(method: str, arguments: Sequence[nodes.Node], line: int) -> nodes.Call:
    """A call of one of the sandbox's own methods."""
    function = nodes.EnvironmentAttribute(method, lineno=line)
    return nodes.Call(function, list(arguments), [], None, None, lineno=line)


class _Files(BaseLoader):
    """The templates of `theme/`, and behind them those of the default theme."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - Jinja passes it
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        """A template, and the name by which mistakes in it are told."""
        if template in self._sources and not template.startswith(DEFAULT):
            return self._sources[template], PREFIX + template, lambda: True
        name = "/".join(split_template_path(template.removeprefix(DEFAULT)))
        path = THEME / name
        if not (name.endswith(".html") and path.is_file()):
            raise TemplateNotFound(template)
        return path.read_text(encoding="utf-8"), DEFAULT + name, lambda: True


class _Sandbox(KeysFirst, ImmutableSandboxedEnvironment):
    """Jinja's sandbox, within limits of time and size, and without chance."""

    code_generator_class = _Limited
    intercepted_binops = frozenset(("+", "*", "**", "%"))
    turns = staticmethod(limits.turns)

    def __init__(self, theme: ThemeFiles) -> None:
        super().__init__(
            loader=_Files(theme.sources),
            undefined=StrictUndefined,
            finalize=lambda value: finalize(limits.printable(value)),
            **OPTIONS,
        )
        self.filters = dict(limits.filters())
        del self.globals["lipsum"]
        # A function: a partial object would hand out what it holds.
        self.globals["asset"] = lambda name: asset_key(theme, name)
        prepare(self)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """`format`, without widths that fill the memory."""
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        if _WIDE.search(value.__self__):
            raise Limit("A format has no width above 999.")

        def format(*values: Any, **named: Any) -> str:
            limits.check_has_text(*values, *named.values())
            return wrapped(*values, **named)

        return format

    def call(self, context: Context, function: Any, /, *values: Any, **named: Any) -> Any:
        """What a function, a macro or a method returns."""
        budget.get().check_time()
        if isinstance(getattr(function, "__self__", None), (str, int)):
            limits.check_has_text(*values, *named.values())
            limits.check_arguments(*values, *named.values())
        made = super().call(context, function, *values, **named)
        return made if function is self.turns else limits.counted(made)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """A sum, or a product of numbers."""
        limits.check_operands(operator, left, right)
        return super().call_binop(context, operator, left, right)

    @staticmethod
    def concatenate(*parts: Any) -> str:
        """What `~` makes."""
        texts = [part if isinstance(part, str) else str(limits.printable(part)) for part in parts]
        return markup_join(texts)

    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        """What a macro or a block makes."""
        texts = list(parts)
        budget.get().make(sum(map(len, texts)))
        return "".join(texts)


def _find(environment: Environment, name: str, file: str, line: int) -> None:
    try:
        environment.get_template(name)
    except TemplateNotFound as error:
        raise missing(file, line, name) from error
    except Exception:  # noqa: BLE001 - it is told of by itself
        return


def _chunks(theme: ThemeFiles, template: str, values: Mapping[str, Any]) -> Iterator[str]:
    for chunk in _environment(theme).get_template(template).generate(values):
        budget.get().write(chunk)
        yield chunk


@lru_cache(maxsize=2)
def _environment(theme: ThemeFiles) -> _Sandbox:
    return _Sandbox(theme)
