"""Writes the part of docs/themes.md that says what templates get, from the code: `make docs`."""

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, nodes

from presswork.site.phrases import phrases_for
from presswork.site.theme import values
from presswork.site.theme.assets import THEME
from presswork.site.theme.environment import FILTERS, FUNCTIONS

PAGE = Path(__file__).parents[1] / "docs" / "themes.md"
BEGIN, END = "<!-- reference: begin -->", "<!-- reference: end -->"


def with_reference(document: str) -> str:
    """A document with the reference as it is now between its two marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{reference()}\n{END}{after}"


def reference() -> str:
    """The blocks, functions, filters, values and phrases of templates, as Markdown."""
    return "\n".join([_blocks(), _functions(), *_values(), _phrases()])


def blocks() -> Mapping[str, list[str]]:
    """The blocks of each template of the default theme that has some, in their order."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(THEME.glob("*.html"))}
    found = {
        name: [block.name for block in Environment().parse(source).find_all(nodes.Block)]
        for name, source in sources.items()
    }
    return {name: names for name, names in found.items() if names}


def _blocks() -> str:
    rows = [
        (f"`{name}`", ", ".join(f"`{block}`" for block in each)) for name, each in blocks().items()
    ]
    return "### Blocks\n\n" + _table(("template", "blocks that it has or fills"), rows)


def _functions() -> str:
    calls = [(f"{name}{_parameters(call)}", call) for name, call in FUNCTIONS.items()]
    filters = [(f"|{name}", call) for name, call in FILTERS.items()]
    rows = [(f"`{name}`", inspect.getdoc(call) or "") for name, call in (*calls, *filters)]
    return "### Functions and filters\n\n" + _table(("word", "what it gives"), rows)


def _parameters(function: object) -> str:
    names = inspect.signature(function).parameters  # type: ignore[arg-type]  # it is one
    return f"({', '.join(names)})"


def _values() -> Iterator[str]:
    """A section for each kind of value: those of pages first, then what these are made of."""
    classes = {node.name: node for node in _tree().body if isinstance(node, ast.ClassDef)}
    templates = {kind.__name__: template for template, kind in values.PAGES.items()}
    kinds = ["EveryPage", *templates]
    for name in (*kinds, *(other for other in classes if other not in kinds)):
        title = f"`{templates[name]}`" if name in templates else name
        heading = "Every page" if name == "EveryPage" else title
        rows = [(f"`{field}`", f"`{type}`", text) for field, type, text in _fields(classes[name])]
        summary = ast.get_docstring(classes[name]) or ""
        table = _table(("value", "type", "what it is"), rows)
        yield f"### {heading}\n\n{summary}\n\n{table}"


def _fields(kind: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    """The name, the type, and the docstring of each field of a TypedDict."""
    for field, docstring in zip(kind.body[1::2], kind.body[2::2], strict=True):
        match field, docstring:
            case (
                ast.AnnAssign(target=ast.Name(id=name), annotation=annotation),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                type = ast.unparse(annotation).replace("'", "")
                yield name, type, text.strip()
            case _:
                raise ValueError(f"{kind.name} has a field without a docstring")


def _tree() -> ast.Module:
    return ast.parse(inspect.getsource(values))


def _phrases() -> str:
    rows = [(f"`phrases.{name}`", text) for name, text in _english().items()]
    return "### Phrases\n\n" + _table(("phrase", "in English"), rows)


def _english() -> Mapping[str, str]:
    return asdict(phrases_for("en"))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(with_reference(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
