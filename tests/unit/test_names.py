"""A name says one thing: no class of the layer is called like another, no function is long."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "shared" / "presswork"
PRODUCT = (LAYER, ROOT / "cli" / "presswork_cli", ROOT / "functions")
LONGEST = 50

# Names that stand twice, each with its reason.
TWICE: dict[str, str] = {}


def trees(*folders: Path) -> Iterator[tuple[Path, ast.Module]]:
    """The modules below some folders."""
    for path in sorted(each for folder in folders for each in folder.rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def test_no_class_of_the_layer_has_the_name_of_another() -> None:
    """Whoever searches for a class by its name finds that class alone."""
    places = defaultdict(list)
    for path, tree in trees(LAYER):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path))
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert twice.keys() == TWICE.keys(), twice


@pytest.mark.parametrize("folder", PRODUCT, ids=lambda folder: folder.name)
def test_no_function_is_long(folder: Path) -> None:
    """What does one thing has room in fifty lines."""
    long = {
        f"{path}:{node.lineno}": node.name
        for path, tree in trees(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST
    }
    assert long == {}
