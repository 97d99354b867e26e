"""Draws the packages of docs/architecture.md from the imports: `make docs`."""

import re
from pathlib import Path

import grimp

PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"
ROOTS = ("presswork", "presswork_cli")
BEGIN, END = "<!-- packages: begin -->", "<!-- packages: end -->"

Edges = set[tuple[str, str]]


def package_of(module: str, packages: set[str]) -> str:
    """The node of a module: its package, a wrapping of AWS, or one of the words for all."""
    root, _, rest = module.partition(".")
    package = module if module in packages else module.rpartition(".")[0]
    if package not in ROOTS:
        return package.removeprefix("presswork.").replace("presswork_cli", "cli")
    if root == "presswork_cli":
        return "cli"
    return rest if rest in ("wire", "http_api") else "words"


def imports() -> Edges:
    """Which package imports from which other one."""
    graph = grimp.build_graph(*ROOTS, cache_dir=None)
    packages = {module for module in graph.modules if graph.find_children(module)}
    both = {
        (package_of(module, packages), package_of(imported, packages))
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    }
    return {(package, other) for package, other in both if package != other}


def reduced(edges: Edges) -> Edges:
    """The edges without those that follow from others, each looked at in alphabetical order."""
    kept = set(edges)
    for edge in sorted(edges):
        without = kept - {edge}
        if edge[1] in reached(edge[0], without):
            kept = without
    return kept


def reached(start: str, edges: Edges) -> set[str]:
    """The packages that one imports, by way of others as well."""
    found: set[str] = set()
    left = [start]
    while left:
        package = left.pop()
        new = {other for one, other in edges if one == package} - found
        found |= new
        left += new
    return found


def diagram(edges: Edges) -> str:
    """The edges as a flowchart of Mermaid."""
    lines = [f"    {_node(package)} --> {_node(other)}" for package, other in sorted(edges)]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```"])


def drawn(page: str) -> str:
    """The page with the diagram of the imports as they are."""
    text = f"{BEGIN}\n\n{diagram(reduced(imports()))}\n\n{END}"
    return re.sub(f"{BEGIN}.*{END}", lambda _: text, page, flags=re.DOTALL)


def _node(package: str) -> str:
    return f"{package.replace('.', '_')}[{package}]"


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
