"""What can be installed: the wheel, what it needs, and what is inside."""

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import first_hour
from presswork import __version__, software
from presswork_cli.failure import Failure
from presswork_cli.local.layout import ENVIRONMENTS, Layout, lock

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
DEPENDENCIES = {
    canonicalize_name(each.name): each for each in map(Requirement, PROJECT["dependencies"])
}
INSIDE = "presswork_cli/project"

ELSEWHERE = {"hypercorn", "ministack", "uvicorn"}
"""Imported with the local cloud's Python alone, which has it."""
NOT_IMPORTED = {"tzdata"}
"""Found by Python itself."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """The wheel, made as pip and uv have it made, without asking any index."""
    folder = str(tmp_path_factory.mktemp("wheel"))
    (path,) = WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"])
    with ZipFile(path) as archive:
        yield archive


@pytest.fixture(scope="module")
def metadata(wheel: ZipFile) -> Message:
    """What the wheel says of itself."""
    return message_from_bytes(wheel.read(f"presswork-{__version__}.dist-info/METADATA"))


def tracked(folder: Path) -> list[Path]:
    """The files of the repository at or below a place, as git knows them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", str(folder)]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in names.rstrip("\0").split("\0") if (path := ROOT / name).exists()]


def read_by_the_command() -> Iterator[Path]:
    """What the layout names in the repository, and the locks of the tools."""
    layout = Layout()
    yield from (lock(layout.repository, name) for name in ENVIRONMENTS)
    yield layout.repository / "requirements" / "run_uv.py"
    for name, member in vars(Layout).items():
        if not isinstance(member, property):
            continue
        try:
            path = getattr(layout, name)
        except Failure:  # a tool that is not installed: it is no part of the repository
            continue
        if path.is_relative_to(layout.repository) and not any(
            path.is_relative_to(folder) for folder in (layout.state, layout.tools)
        ):
            yield path


def imported() -> Iterator[str]:
    """The packages that the shipped modules import, without the standard library."""
    for file in (*(ROOT / "shared").rglob("*.py"), *(ROOT / "cli").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            match node:
                case ast.Import(names=names):
                    modules = [each.name for each in names]
                case ast.ImportFrom(module=str(module), level=0):
                    modules = [module]
                case _:
                    continue
            yield from (module.partition(".")[0] for module in modules)


def locked(path: Path) -> dict[str, str]:
    """The versions of a lock by name."""
    pins = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", path.read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def pinned(path: Path) -> dict[str, set[str]]:
    """The hashes of a lock, by name and version."""
    packages = re.split(r"\n(?=[\w.-]+(?:\[[^]]*\])?==)", "\n" + path.read_text())[1:]
    return {
        re.sub(r"\[[^]]*\]", "", each.split(maxsplit=1)[0]): set(re.findall(r"sha256:\w+", each))
        for each in packages
    }


def test_what_the_command_reads_in_a_clone_is_in_the_wheel(wheel: ZipFile) -> None:
    """Each file has its place below `project/`, and is the same to the letter."""
    files = [file for path in read_by_the_command() for file in tracked(path)]
    names = {file.relative_to(ROOT).as_posix() for file in files}
    assert {"template.yaml", "functions/parse/app.py", "events/webhook.json"} < names
    for name in sorted(names):
        assert wheel.read(f"{INSIDE}/{name}") == (ROOT / name).read_bytes(), name


def test_the_layer_is_the_package_that_is_installed(wheel: ZipFile) -> None:
    """What is deployed, and what the command itself runs, have the same files."""
    names = set(wheel.namelist())
    package = {name for name in names if name.startswith("presswork/")}
    start = f"{INSIDE}/shared/"
    layer = {name.removeprefix(start) for name in names if name.startswith(f"{start}presswork/")}
    assert layer == package
    assert "presswork/site/theme/default/base.html" in package
    assert all(wheel.read(name) == wheel.read(start + name) for name in package)


def test_nothing_else_is_in_the_wheel(wheel: ZipFile) -> None:
    """Neither bytecode, nor tests, nor what a developer keeps beside the code."""
    known = {file.relative_to(ROOT).as_posix() for file in tracked(ROOT)}
    start = f"presswork-{__version__}.dist-info/"
    for name in wheel.namelist():
        if name.startswith(start):
            continue
        inside = name.removeprefix(f"{INSIDE}/")
        places = {inside, f"shared/{name}", f"cli/{name}"}
        assert places & known, name
        assert not inside.startswith(("tests/", "bench/")), name


def test_the_wheel_can_be_made_from_the_source_archive(tmp_path: Path) -> None:
    """Whoever installs from sources gets all that goes into the wheel, and the licence."""
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    target = SETTINGS["tool"]["hatch"]["build"]["targets"]["wheel"]
    for place in (*target["packages"], *target["force-include"], PROJECT["readme"], "LICENSE"):
        for file in tracked(ROOT / place):
            assert file.relative_to(ROOT).as_posix() in names


def test_every_import_is_of_a_dependency() -> None:
    """A module of another package comes along, also one that is imported late; none for nothing."""
    distributions = packages_distributions()
    ours = {"presswork", "presswork_cli", "_typeshed", *ELSEWHERE}
    packages = {name for name in imported() if name not in sys.stdlib_module_names} - ours
    needed = {canonicalize_name(distributions[name][0]) for name in packages}
    # botocore comes with boto3, of the version that it needs.
    assert needed - {"botocore"} == set(DEPENDENCIES) - NOT_IMPORTED


def test_what_makes_bytes_is_of_the_versions_of_the_layer() -> None:
    """An installed command builds and verifies what the deployed stages make."""
    layer = locked(ROOT / "shared" / "requirements.txt")
    for name in map(canonicalize_name, software.LIBRARIES):
        assert str(DEPENDENCIES[name].specifier) == f"=={layer[name]}"


def test_pillow_is_no_reason_why_python_310_is_refused() -> None:
    """That Python's own pip looks for each library first, and names one that is not there."""
    marker = DEPENDENCIES[canonicalize_name("pillow")].marker
    assert marker is not None
    assert not marker.evaluate({"python_version": "3.10"})
    assert marker.evaluate({"python_version": "3.11"})


def test_bounds_admit_what_was_tried_and_no_version_that_may_break() -> None:
    """All that is not pinned has an upper bound, and the locks lie between."""
    tried = locked(ROOT / "requirements" / "dev.txt")
    for name, requirement in DEPENDENCIES.items():
        operators = {each.operator for each in requirement.specifier}
        assert operators in ({"=="}, {">=", "<"}), requirement
        assert requirement.specifier.contains(tried[name]), requirement


def test_what_the_action_installs_is_what_was_tried() -> None:
    """Each dependency and hatchling, of the versions and with the hashes of the tests."""
    installed = pinned(ROOT / "requirements" / "command.txt")
    assert installed.items() <= pinned(ROOT / "requirements" / "dev.txt").items()
    assert {*DEPENDENCIES, "hatchling"} <= {name.partition("==")[0] for name in installed}
    assert all(installed.values())


def test_it_says_what_it_is(metadata: Message) -> None:
    """Version, Python, licence and words for who looks for it; the page is the README."""
    assert metadata["Version"] == __version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Keywords"]
    assert str(metadata.get_payload()).startswith("# Presswork")


def test_the_pythons_that_it_names_are_those_that_are_tried(metadata: Message) -> None:
    """Each has its first hour."""
    named = [
        each.rpartition(" ")[2]
        for each in metadata.get_all("Classifier", [])
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", each)
    ]
    assert named == list(first_hour.PYTHONS)


def test_the_command_is_installed(wheel: ZipFile) -> None:
    """As `presswork`."""
    entry = wheel.read(f"presswork-{__version__}.dist-info/entry_points.txt").decode()
    assert entry.split() == ["[console_scripts]", "presswork", "=", "presswork_cli.__main__:main"]
