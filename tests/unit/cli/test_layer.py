"""The layer on disk, and the one file that leads a worker to it."""

import subprocess
import sys
from pathlib import Path

import pytest

from presswork_cli.failure import Failure
from presswork_cli.local import layer
from presswork_cli.local.layout import Layout

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A repository with a package of one module, and what `sam build` made of its layer."""
    python = tmp_path / "tools" / "cloud" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    layout = Layout(
        repository=tmp_path / "repository",
        state=tmp_path / "a folder of its own, näher beschrieben",
        tools=tmp_path / "tools",
    )
    layout.package.mkdir(parents=True)
    (layout.package / "__init__.py").write_text("SAID = 'one'\n")
    for name in ("parse", "render"):
        (layout.functions / name).mkdir(parents=True)
        (layout.functions / name / "app.py").write_text(f"SAID = '{name} on disk'\n")
    build(layout)
    return layout


def build(layout: Layout) -> None:
    """What `sam build` makes: libraries, and the package, which is of no use here."""
    for name, code in (("library", "SAID = 'library'\n"), ("presswork", "SAID = 'built'\n")):
        folder = layout.build / "SharedLayer" / "python" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(code)


def worker(layout: Layout, code: str) -> str:
    """What a worker says that begins now: MiniStack adds the deployed folder as a site's."""
    sites = layout.build / "SharedLayer" / "python" / "lib" / RUNTIME / "site-packages"
    deployed = layout.state / "deployed"
    deployed.mkdir(exist_ok=True)
    (deployed / "app.py").write_text("SAID = 'deployed'\n")
    paths = f"import site, sys; sys.path.insert(0, {str(deployed)!r})"
    begin = f"{paths}; site.addsitedir({str(sites)!r}); {code}"
    done = subprocess.run(
        [sys.executable, "-I", "-c", begin],
        capture_output=True,
        text=True,
        check=True,
        env={"LANG": "C.UTF-8", "POWERTOOLS_SERVICE_NAME": "parse"},
    )
    return done.stdout.strip()


def place(layout: Layout, package: str = "p1") -> None:
    """Puts libraries and package in force, as `up` does."""
    layer.keep_libraries(layout, "l1")
    layer.link(layout, RUNTIME)
    layer.copy_package(layout, package)
    layer.put_in_force(layout, "l1", package)


SAID = "import presswork, library; print(presswork.SAID, library.SAID)"


def test_a_worker_reads_package_and_libraries_where_they_lie(layout: Layout) -> None:
    """What is deployed is one file; the package is the repository's, not what was built."""
    place(layout)
    assert worker(layout, SAID) == "one library"
    deployed = [each for each in (layout.build / "SharedLayer").rglob("*") if each.is_file()]
    assert [file.name for file in deployed] == ["presswork.pth"]


def test_the_layer_comes_before_what_the_clouds_python_brings(layout: Layout) -> None:
    """Of a library that both have, a function gets the layer's, as on AWS."""
    place(layout)
    assert worker(layout, "import sys; print(sys.path[1])") == str(layout.layer / "package-p1")


def test_a_worker_reads_the_code_of_its_function_on_disk(layout: Layout) -> None:
    """Its own, and not what was deployed: that may be older."""
    place(layout)
    assert worker(layout, "import app; print(app.SAID)") == "parse on disk"


def test_new_code_is_read_by_workers_that_begin_after_it(layout: Layout) -> None:
    """A worker keeps what it began with: a folder never changes once it has its name."""
    place(layout)
    late = (
        "import sys, presswork, subprocess;"
        "print(presswork.SAID, open(sys.path[1] + '/presswork/__init__.py').read().strip())"
    )
    (layout.package / "__init__.py").write_text("SAID = 'two'\n")
    assert worker(layout, late) == "one SAID = 'one'"
    layer.copy_package(layout, "p2")
    assert worker(layout, late) == "one SAID = 'one'"
    layer.put_in_force(layout, "l1", "p2")
    assert worker(layout, late) == "two SAID = 'two'"


def test_both_have_their_bytecode(layout: Layout) -> None:
    """No worker compiles what another has compiled."""
    place(layout)
    cached = {file.parents[2].name for file in layout.layer.rglob("__init__.*.pyc")}
    assert cached == {"package-p1", "libraries-l1"}
    assert len(list(layout.layer.glob("package-p1/functions/*/__pycache__/app.*.pyc"))) == 2


def test_the_same_code_is_neither_copied_nor_compiled_again(layout: Layout) -> None:
    """What has its digest for a name is there already."""
    place(layout)
    code = next(layout.layer.glob("package-p1/presswork/__pycache__/*.pyc"))
    written = code.stat().st_mtime_ns
    layer.copy_package(layout, "p1")
    assert code.stat().st_mtime_ns == written
    build(layout)
    layer.keep_libraries(layout, "l1")
    assert not (layout.build / "SharedLayer").exists()


def test_code_that_is_no_python_is_not_put_in_place(layout: Layout) -> None:
    """A slip in the package ends `up`, and the workers go on with what they have."""
    place(layout)
    (layout.package / "__init__.py").write_text("def f(:\n")
    with pytest.raises(Failure, match="no Python"):
        layer.copy_package(layout, "p2")
    assert not (layout.layer / "package-p2").exists()
    assert worker(layout, SAID) == "one library"


def test_what_no_worker_reads_any_more_goes(layout: Layout) -> None:
    """Two folders and the file that names them stay."""
    place(layout)
    layer.copy_package(layout, "p2")
    layer.put_in_force(layout, "l1", "p2")
    layer.discard_others(layout)
    kept = {each.name for each in layout.layer.iterdir()}
    assert kept == {"libraries-l1", "package-p2", "path"}


def test_a_layer_whose_folders_are_gone_is_not_in_force(layout: Layout) -> None:
    """Who deletes them gets them made again by the next `up`."""
    assert layer.in_force(layout) == ()
    place(layout)
    assert len(layer.in_force(layout)) == 2
    (layout.layer / "package-p1").rename(layout.state / "elsewhere")
    assert layer.in_force(layout) == ()
