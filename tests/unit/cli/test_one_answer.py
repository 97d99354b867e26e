"""What of a folder are posts: `check`, `build`, `serve` and `sync` have one answer."""

import json
from pathlib import Path

import pytest

from presswork.content import may_be_post
from presswork_cli.offline.folder import files_of
from presswork_cli.offline.uploads import uploads_of
from unit.cli.test_app import run
from unit.cli.test_uploads import folder_of

WHOLE = {
    "posts/a.md": "posts/a.md",
    "posts/posts/b.md": "posts/posts/b.md",
    "pages/about.md": "pages/about.md",
    "hello.md": None,
    "drafts/b.md": None,
    "content/posts/c.md": None,
    "assets/notes.md": None,
    "static/d.md": None,
    "posts/node_modules/e.md": None,
    "public/index.html": None,
    "public/sitemap.xml": None,
}
PLAIN = {
    "hello.md": "posts/hello.md",
    "2025/b.md": "posts/2025/b.md",
    "content/posts/c.md": "posts/c.md",
    "assets/notes.md": None,
    "node_modules/e.md": None,
    "public/index.html": None,
    "public/sitemap.xml": None,
}


def answer(capsys: pytest.CaptureFixture[str], *words: str | Path) -> dict[str, object]:
    """The answer of a command to programs."""
    return dict(json.loads(run(capsys, *map(str, words), "--json")[1]))


@pytest.mark.parametrize("tree", [WHOLE, PLAIN, {"site.yaml": None, **PLAIN}])
def test_a_folder_has_one_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tree: dict[str, str | None]
) -> None:
    """Each command takes the same files for posts, under the same keys."""
    folder = folder_of(tmp_path / "blog", *tree)
    if "site.yaml" in tree:
        (folder / "site.yaml").write_text("title: A\n")
    expected = {key: str(folder / file) for file, key in tree.items() if key}
    checked = answer(capsys, "check", folder)["posts"]
    built = answer(capsys, "build", folder, "--out", tmp_path / "out", "--no-cache")["posts"]
    assert isinstance(checked, list)
    assert isinstance(built, list)
    assert {p["key"]: p["file"] for p in checked if p["verdict"] != "skipped"} == expected
    assert {p["key"]: p["file"] for p in built if p["status"] != "skipped"} == expected
    assert {f.key: str(f.path) for f in files_of(folder) if may_be_post(f.key)} == expected
    sent = uploads_of(folder).files.items()
    assert {key: str(file.path) for key, file in sent if may_be_post(key)} == expected


def test_what_lies_beside_posts_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Each command names it and says where posts go; a folder that is built into is none of it."""
    folder = folder_of(tmp_path / "blog", "posts/a.md", "hello.md", "drafts/b.md")
    aside = [str(folder / name) for name in ("drafts", "hello.md")]
    build = ("build", folder, "--out", folder / "out", "--cache", tmp_path / "cache")
    assert answer(capsys, "check", folder)["aside"] == aside
    assert uploads_of(folder).aside == ["drafts", "hello.md"]
    for _ in range(2):
        assert answer(capsys, *build)["aside"] == aside
    for words in (("check", folder), build):
        code, said, _ = run(capsys, *map(str, words))
        assert code == 0
        assert f"left      {aside[1]} belongs nowhere in the bucket: posts go below posts/" in said


def test_where_one_stands_need_not_be_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check` and `build` take the folder as `serve` does."""
    monkeypatch.chdir(folder_of(tmp_path / "blog", "posts/a.md"))
    for command, *options in (("check",), ("build", "--out", "../out", "--no-cache")):
        unnamed = answer(capsys, command, *options)["posts"]
        assert unnamed == answer(capsys, command, ".", *options)["posts"]
        assert unnamed


def test_a_post_that_is_moved_to_posts_is_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """So does a build that remembers, and so does one once there is no `posts/` any more."""
    folder = folder_of(tmp_path / "blog", "posts/a.md", "hello.md")
    build = ("build", folder, "--out", tmp_path / "out", "--cache", tmp_path / "cache")

    def keys() -> list[str]:
        posts = answer(capsys, *build)["posts"]
        assert isinstance(posts, list)
        return [each["key"] for each in posts]

    assert keys() == ["posts/a.md"]
    (folder / "hello.md").rename(folder / "posts" / "hello.md")
    assert keys() == ["posts/a.md", "posts/hello.md"]
    (folder / "posts" / "a.md").rename(folder / "a.md")
    assert keys() == ["posts/hello.md"]
    (folder / "posts").rename(folder / "sea")
    assert keys() == ["posts/a.md", "posts/sea/hello.md"]


@pytest.mark.parametrize(("place", "warnings"), [("images", 1), ("posts/images", 0)])
def test_a_picture_beside_posts_is_missing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, place: str, warnings: int
) -> None:
    """It is not sent with the folder, so it is not found either; one below `posts/` is both."""
    folder = folder_of(tmp_path / "blog", "posts/a.md", f"{place}/x.png")
    with (folder / "posts" / "a.md").open("a") as file:
        file.write("\n![A boat](/images/x.png)\n")
    summary = answer(capsys, "check", folder)["summary"]
    assert isinstance(summary, dict)
    assert summary["warnings"] == warnings
    assert ("posts/images/x.png" in uploads_of(folder).files) == (not warnings)


def test_a_post_that_is_named_has_its_pictures_beside_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`publish` sends them from there, wherever it lies."""
    folder = folder_of(tmp_path / "blog", "posts/a.md", "b.md", "x.png")
    with (folder / "b.md").open("a") as file:
        file.write("\n![A boat](x.png)\n")
    summary = answer(capsys, "check", folder / "b.md")["summary"]
    assert isinstance(summary, dict)
    assert summary["warnings"] == 0
