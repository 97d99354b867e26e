"""What a content folder holds, and under which keys."""

import os
from pathlib import Path

import pytest

from presswork.errors import Rejected
from presswork.settings import Site
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import key_of
from presswork_cli.offline.folder import File, file_of, files_of, settings_file, settings_of


def _write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_come_in_the_order_of_their_keys(tmp_path: Path) -> None:
    """Hidden files, `site.yaml`, the theme, static files and the output are no content."""
    for name in (
        "site.yaml",
        "posts/b.md",
        "posts/2021/a.md",
        "posts/boat.jpg",
        "pages/about.md",
        "notes/c.md",
        ".git/config.txt",
        "posts/.draft.md",
        "theme/base.html",
        "static/x.html",
        "out/index.html",
        "posts/theme/deep.md",
    ):
        _write(tmp_path / name)
    assert [file.key for file in files_of(tmp_path, without=[tmp_path / "out"])] == [
        "pages/about.md",
        "posts/2021/a.md",
        "posts/b.md",
        "posts/boat.jpg",
        "posts/notes/c.md",
        "posts/theme/deep.md",
    ]


def test_a_folder_without_roots_is_read_as_posts(tmp_path: Path) -> None:
    """A file that has no `posts/` in its path is a post by its path in the folder."""
    file = _write(tmp_path / "2021" / "a.md")
    assert key_of(str(file), within=str(tmp_path)) == "posts/2021/a.md"
    assert file_of(file).key == "posts/a.md"


def test_two_files_of_one_key_are_told(tmp_path: Path) -> None:
    """Two files that would overwrite one another in the bucket end the command."""
    _write(tmp_path / "a" / "posts" / "x.md")
    _write(tmp_path / "b" / "posts" / "x.md")
    with pytest.raises(Failure, match=r"a/posts/x\.md and .*b/posts/x\.md both belong") as failure:
        files_of(tmp_path)
    assert failure.value.code is Exit.USAGE


@pytest.mark.parametrize("name", ["absent", "file"])
def test_what_is_no_folder_is_told(tmp_path: Path, name: str) -> None:
    """A folder that is not there, or is a file, ends the command with its name."""
    _write(tmp_path / "file")
    with pytest.raises(Failure, match=name) as failure:
        files_of(tmp_path / name)
    assert failure.value.code is Exit.USAGE


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A dangling link ends the command with its name."""
    (tmp_path / "a.md").symlink_to(tmp_path / "nowhere")
    (file,) = files_of(tmp_path)
    with pytest.raises(Failure, match=r"a\.md: No such file"):
        _ = file.data


def test_a_post_is_dated_by_its_file(tmp_path: Path) -> None:
    """The time of the last change, in whole seconds and UTC."""
    path = _write(tmp_path / "a.md")
    os.utime(path, (1_600_000_000.7, 1_600_000_000.7))
    assert File(path, "posts/a.md").uploaded.isoformat() == "2020-09-13T12:26:40+00:00"


def test_settings_are_those_of_the_folder(tmp_path: Path) -> None:
    """A folder's `site.yaml` sets its site; without one all is as by default."""
    assert settings_file(tmp_path) is None
    assert settings_of(None) == Site()
    path = _write(tmp_path / "site.yaml", "title: Harbour\n")
    assert settings_file(tmp_path) == path
    assert settings_of(path).title == "Harbour"
    path.write_text("titel: Harbour\n")
    with pytest.raises(Rejected, match="titel"):
        settings_of(path)
