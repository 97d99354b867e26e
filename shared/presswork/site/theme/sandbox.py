"""Templates of `theme/`: they reach nothing but what they are given.

A theme is an administrator's code, and yet it may reach neither files nor the network, nor write
what is not the same each time. So it reads those attributes alone that are named here for a kind of
value: the methods of a model, for one, would open files.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, nodes
from jinja2.environment import TemplateModule
from jinja2.loaders import split_template_path
from jinja2.runtime import LoopContext, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Namespace
from jinja2.visitor import NodeTransformer
from pydantic import BaseModel

from presswork.site.phrases import Phrases
from presswork.site.theme import limits
from presswork.site.theme.assets import THEME, asset_key
from presswork.site.theme.limits import Limit, Meter, meter
from presswork.site.theme.mistakes import DEFAULT, missing, mistake
from presswork.site.theme.rendering import OPTIONS, finalize, prepare
from presswork.theme_files import PREFIX, ThemeFiles

_TEXT = frozenset(
    [
        "capitalize",
        "casefold",
        "count",
        "endswith",
        "find",
        "format",
        "index",
        "isalnum",
        "isalpha",
        "isdigit",
        "islower",
        "isupper",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "rfind",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "striptags",
        "swapcase",
        "title",
        "unescape",
        "upper",
    ]
)
_DATE = frozenset(("year", "month", "day", "isocalendar", "isoformat", "isoweekday", "strftime"))
_LOOP = frozenset(
    [
        "changed",
        "cycle",
        "depth",
        "depth0",
        "first",
        "index",
        "index0",
        "last",
        "length",
        "nextitem",
        "previtem",
        "revindex",
        "revindex0",
    ]
)
_KINDS: tuple[tuple[type, Collection[str]], ...] = (
    (str, _TEXT),
    (dict, frozenset(("get", "items", "keys", "values"))),
    (datetime, _DATE | {"hour", "minute", "second", "date", "timestamp", "utcoffset"}),
    (date, _DATE),
    (list, frozenset(("count", "index"))),
    (tuple, frozenset(("count", "index"))),
    (Cycler, frozenset(("current", "next", "reset"))),
    (LoopContext, _LOOP),
)
_PHRASES = frozenset(("day", "day_of_month", "month", "month_of_year", "year"))

_WIDE = re.compile(r"\{[^{}]*:[^{}]*(?:\d{4}|\{)")

_Named = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


def render(overrides: ThemeFiles, template: str, values: Mapping[str, Any]) -> str:
    """A page, by a template of the theme; raises BrokenTheme with file and line."""
    token = meter.set(Meter(str(values.get("text", ""))))
    try:
        return "".join(_chunks(overrides, template, values))
    except Exception as error:
        raise mistake(error, template) from error
    finally:
        meter.reset(token)


def read_all(overrides: ThemeFiles) -> None:
    """Raises BrokenTheme when a template cannot be read, or names one that is not there."""
    environment = _environment(overrides)
    for name in sorted(overrides.sources):
        if not name.endswith(".html"):
            continue
        try:
            environment.get_template(name)
            tree = environment.parse(overrides.sources[name], name, PREFIX + name)
        except Exception as error:
            raise mistake(error, name) from error
        for at in tree.find_all(_Named):
            named = at.template  # type: ignore[attr-defined]  # each of the four has one
            if isinstance(named, nodes.Const) and not getattr(at, "ignore_missing", False):
                _find(environment, str(named.value), PREFIX + name, at.lineno)


class _Counted(NodeTransformer):
    """Has each turn of a loop, each call, each inclusion, and each text put together counted."""

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        """Adds a step to what may be done again and again."""
        super().generic_visit(node, *args, **kwargs)
        is_repeated = isinstance(node, (nodes.For, nodes.Macro, nodes.CallBlock))
        if is_repeated or (isinstance(node, nodes.Block) and not node.required):
            node.body.insert(0, _step(node))  # type: ignore[attr-defined]  # each has a body
        elif isinstance(node, (nodes.Include, nodes.Import, nodes.FromImport)):
            return [_step(node), node]  # type: ignore[return-value]  # a body takes more than one
        elif isinstance(node, nodes.Concat):
            joined = nodes.EnvironmentAttribute("joined", lineno=node.lineno)
            return nodes.Call(joined, node.nodes, [], None, None, lineno=node.lineno)
        return node


def _step(at: nodes.Node) -> nodes.ExprStmt:
    step = nodes.EnvironmentAttribute("step", lineno=at.lineno)
    return nodes.ExprStmt(nodes.Call(step, [], [], None, None, lineno=at.lineno), lineno=at.lineno)


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


class _Sandbox(ImmutableSandboxedEnvironment):
    """Refuses every attribute that is not named for its kind of value, and counts."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, overrides: ThemeFiles) -> None:
        super().__init__(
            loader=_Files(overrides.sources),
            undefined=StrictUndefined,
            finalize=lambda value: finalize(limits.written(value)),
            **OPTIONS,
        )
        self.filters = dict(limits.filters())
        del self.globals["lipsum"]
        self.globals |= {"asset": partial(asset_key, overrides), "range": limits.short_range}
        prepare(self)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = _Counted().visit(super()._parse(source, name, filename))
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002 - as Jinja
        """Whether a template may read this of a value."""
        return not attr.startswith("_") and attr in _attributes(obj, attr)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """`format`, without widths that fill the memory."""
        wrapped = super().wrap_str_format(value)
        if wrapped is not None and _WIDE.search(value.__self__):
            raise Limit("A format has no width above 999.")
        return wrapped

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A sum, or a product of numbers."""
        limits.operate(operator, left, right)
        return super().call_binop(context, operator, left, right)

    @staticmethod
    def step() -> None:
        """One turn of a loop, or one call."""
        meter.get().step()

    @staticmethod
    def joined(*parts: Any) -> str:
        """What `~` makes."""
        written = (part if isinstance(part, str) else str(limits.written(part)) for part in parts)
        return markup_join(limits.put_together(written))

    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        """What a macro or a block makes."""
        return "".join(limits.put_together(parts))


def _find(environment: Environment, name: str, file: str, line: int) -> None:
    try:
        environment.get_template(name)
    except TemplateNotFound as error:
        raise missing(file, line, name) from error
    except Exception:  # noqa: BLE001 - it is told of by itself
        return


def _chunks(overrides: ThemeFiles, template: str, values: Mapping[str, Any]) -> Iterator[str]:
    for chunk in _environment(overrides).get_template(template).generate(values):
        meter.get().write(chunk)
        yield chunk


@lru_cache(maxsize=2)
def _environment(overrides: ThemeFiles) -> _Sandbox:
    return _Sandbox(overrides)


def _attributes(value: Any, attr: str) -> Collection[str]:
    """What a template may read of a kind of value."""
    if isinstance(value, BaseModel):
        return type(value).model_fields
    if is_dataclass(value):
        known = {each.name for each in fields(value)}
        return known | _PHRASES if isinstance(value, Phrases) else known
    if isinstance(value, (Namespace, TemplateModule)):  # they hold what the theme itself names
        return (attr,)
    return next((known for kind, known in _KINDS if isinstance(value, kind)), ())
