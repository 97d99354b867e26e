"""What changes in a content folder."""

from pathlib import Path

import pytest

from presswork_cli.serve.watching import FolderWatch


def test_a_look_sees_what_a_site_is_made_of(tmp_path: Path) -> None:
    """Files that are no matter are hidden ones, but for those that a site may have."""
    for name in (
        "posts/a.md",
        "static/.well-known/x",
        ".git/index",
        ".a.md.swp",
        "theme/home.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "posts/nowhere").symlink_to(tmp_path / "no-such-file")
    seen = FolderWatch(tmp_path).look()
    assert sorted(Path(path).relative_to(tmp_path).as_posix() for path in seen) == [
        "posts/a.md",
        "static/.well-known/x",
        "theme/home.html",
    ]


def test_a_look_from_inside_names_files_as_the_build_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or none would be found to have changed."""
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_text("x")
    monkeypatch.chdir(tmp_path)
    assert list(FolderWatch(Path()).look()) == [str(Path("posts/a.md"))]


def test_a_save_is_awaited(tmp_path: Path) -> None:
    """Who empties a file before it is written again is not taken at the first word."""
    path = tmp_path / "a.md"
    path.write_text("")
    words = iter(["one ", "two", None])

    def wait(_: float) -> bool:
        word = next(words)
        if word is not None:
            path.write_text(path.read_text() + word)
        return False

    watch = FolderWatch(tmp_path)
    assert watch.settled(wait) == watch.look()
    assert path.read_text() == "one two"


def test_what_never_rests_is_taken_as_it_is(tmp_path: Path) -> None:
    """A log that somebody writes into the folder does not keep the site from being built."""
    path, waits = tmp_path / "log.txt", []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        path.write_text("x" * len(waits))
        return False

    FolderWatch(tmp_path).settled(wait)
    assert sum(waits) < 5


def test_pauses_grow_with_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that looking takes no more than a twentieth of a processor."""
    times = iter([10.0, 10.5, 20.0, 20.001])
    monkeypatch.setattr("time.process_time", lambda: next(times))
    watch = FolderWatch(tmp_path)
    watch.look()
    assert watch.pause == 10.0
    watch.look()
    assert watch.pause == 0.25
