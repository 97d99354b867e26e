"""Where things lie: in a clone, and for an installed package."""

import shutil
import sys
from pathlib import Path

import pytest

from presswork_cli.local import layout
from presswork_cli.local.layout import REPOSITORY, Layout, data_folder, state_for


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that was installed, with locks inside; returns what it brings."""
    project = tmp_path / "site-packages" / "presswork_cli" / "project"
    shutil.copytree(REPOSITORY / "requirements", project / "requirements")
    monkeypatch.setattr(layout, "IS_INSTALLED", True)
    monkeypatch.setattr(layout, "REPOSITORY", project)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return project


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a site, where one stands."""
    folder = tmp_path / "blog" / "posts"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_a_clone_keeps_its_state_in_the_repository(elsewhere: Path) -> None:
    """Wherever one stands, as long as no site is there."""
    assert Layout().state == REPOSITORY / ".presswork"
    assert elsewhere.is_dir()


@pytest.mark.usefixtures("installed")
def test_an_installed_command_keeps_its_state_where_one_stands(elsewhere: Path) -> None:
    """There is no repository, and no home for all sites."""
    assert Layout().state == elsewhere / ".presswork"


@pytest.mark.parametrize("is_installed", [True, False])
def test_the_state_of_a_site_lies_beside_its_settings(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, *, is_installed: bool
) -> None:
    """The nearest site.yaml counts, at or above where one stands."""
    monkeypatch.setattr(layout, "IS_INSTALLED", is_installed)
    monkeypatch.setattr(layout, "_tools", lambda: Path("tools"))
    (elsewhere.parent / "site.yaml").touch()
    assert Layout(tools=elsewhere).state == elsewhere.parent / ".presswork"
    (elsewhere / "site.yaml").mkdir()
    assert Layout(tools=elsewhere).state == elsewhere.parent / ".presswork"


@pytest.mark.parametrize("given", ["my-blog", "my-blog/posts/a.md", "my-blog/x/../site.yaml"])
def test_a_given_file_says_which_site_is_meant(elsewhere: Path, given: str) -> None:
    """From one folder above, the cloud of the site is found; also where one stands in another."""
    site = elsewhere / "my-blog"
    site.mkdir()
    (site / "site.yaml").touch()
    assert state_for(given) == site / ".presswork"
    (elsewhere / "site.yaml").touch()
    assert state_for(given) == site / ".presswork"
    assert Layout().state == elsewhere / ".presswork"


def test_a_neighbouring_site_is_not_the_one_that_is_left(elsewhere: Path) -> None:
    """`..` leads out of the site where one stands."""
    (elsewhere / "site.yaml").touch()
    (elsewhere.parent / "other").mkdir()
    (elsewhere.parent / "other" / "site.yaml").touch()
    assert state_for("../other/posts/a.md") == elsewhere.parent / "other" / ".presswork"


@pytest.mark.parametrize("given", ["posts/a.md", "/nowhere/a.md", "a" * 5000])
def test_what_belongs_to_no_site_says_nothing(elsewhere: Path, given: str) -> None:
    """A key, a file of nobody, or a text that is no path: where one stands counts."""
    (elsewhere.parent / "site.yaml").touch()
    assert state_for(given) == elsewhere.parent / ".presswork"


def test_the_examples_are_published_to_the_cloud_of_the_clone(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site in the clone has a cloud of its own only once it has a state."""
    clone = elsewhere / "clone"
    (clone / "examples" / "posts").mkdir(parents=True)
    (clone / "examples" / "site.yaml").touch()
    monkeypatch.setattr(layout, "REPOSITORY", clone)
    assert state_for(clone / "examples" / "posts") == clone / ".presswork"
    (clone / "examples" / ".presswork").mkdir()
    assert state_for(clone / "examples" / "posts") == clone / "examples" / ".presswork"


def test_a_clone_has_the_tools_of_make() -> None:
    """`make tools` puts them there."""
    assert Layout().tools == REPOSITORY / ".venvs"


def test_other_locks_are_other_tools(installed: Path, tmp_path: Path) -> None:
    """Each set of locks has a folder of its own in the user's data, and the same has the same."""
    first = Layout(state=tmp_path).tools
    assert first == Layout(state=tmp_path).tools
    assert first.parent == tmp_path / "data" / "presswork" / "tools"
    with (installed / "requirements" / "cloud.txt").open("a") as lock:
        lock.write("# newer\n")
    assert Layout(state=tmp_path).tools != first


@pytest.mark.parametrize(
    ("platform", "given", "folder"),
    [
        ("linux", "", ".local/share/presswork"),
        ("linux", "/data", "/data/presswork"),
        ("darwin", "", "Library/Application Support/presswork"),
    ],
)
def test_what_is_installed_lies_with_the_users_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, given: str, folder: str
) -> None:
    """Where the platform's other programs keep theirs."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", given)
    assert data_folder() == tmp_path / folder
