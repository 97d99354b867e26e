"""`export`: a site comes back as a folder, and the folder makes the same site elsewhere."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flow.memory import MemoryCloud
from flow.test_sync import Folder, Synced, folder
from flow.world import Origin, World, picture, plain
from presswork_cli.app import app

__all__ = ["folder"]


def export(out: Path, *options: str, code: int = 0) -> dict[str, Any]:
    """The answer of the command, which ends with an exit code."""
    result = CliRunner().invoke(app, ["export", "--out", str(out), *options, "--json"])
    assert result.exit_code == code, (result.output, result.exception)
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def files(root: Path) -> dict[str, bytes]:
    """The files below a folder that a sync would send."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.fixture
def synced(folder: Folder) -> Folder:
    """A site that stands in the cloud."""
    folder.sync()
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a site is exported to."""
    return tmp_path / "out"


def test_the_folder_comes_back(synced: Folder, out: Path) -> None:
    """Each file that was sent is there as it was, with the time of its object."""
    answer = export(out)
    sent = files(synced.root)
    assert files(out) == {key: sent[key] for key in sent if key not in ("README.md", ".git/config")}
    assert (answer["written"], answer["unchanged"], answer["not_written"]) == (9, 0, [])
    told = synced.stack.world.s3.head_object(Bucket="content", Key="posts/kept.md")
    changed = datetime.fromtimestamp((out / "posts/kept.md").stat().st_mtime, UTC)
    assert changed == told["LastModified"]


def test_it_makes_the_same_site(synced: Folder, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Synced into an empty cloud, the folder makes every page and file that there was."""
    export(out)
    here = synced.stack.world
    elsewhere = World(here.origin, here.origin_port, MemoryCloud())
    stack = Synced(elsewhere)
    monkeypatch.setattr("presswork_cli.operate.stack.Deployed", lambda *_: stack)
    Folder(out, stack).sync()
    assert len(here.pages()) > 20
    assert elsewhere.pages() == here.pages()
    elsewhere.close()


@pytest.mark.usefixtures("synced")
def test_again_it_goes_on(out: Path) -> None:
    """What is there as it is stays; what is missing is fetched."""
    export(out)
    (out / "posts/lost.md").unlink()
    before = (out / "posts/kept.md").stat().st_ino
    answer = export(out)
    assert (answer["written"], answer["unchanged"]) == (1, 8)
    assert (out / "posts/kept.md").stat().st_ino == before


def test_nothing_that_differs_is_written_over(synced: Folder, out: Path) -> None:
    """Nothing is written then; with `--force` it is."""
    (out / "posts").mkdir(parents=True)
    (out / "posts/kept.md").write_text("mine")
    result = CliRunner().invoke(app, ["export", "--out", str(out)])
    assert "1 files of" in str(result.exception)
    assert files(out) == {"posts/kept.md": b"mine"}
    assert export(out, "--force")["written"] == 9
    assert files(out)["posts/kept.md"] == files(synced.root)["posts/kept.md"]


def test_an_etag_that_is_no_md5_tells_nothing(synced: Folder, out: Path) -> None:
    """Bytes are compared then: an object encrypted with a key of KMS has another ETag."""
    export(out)
    listed = synced.stack.world.s3.list_objects_v2

    def foreign(**request: Any) -> dict[str, Any]:
        found = listed(**request)
        return {"Contents": [{**each, "ETag": '"0"'} for each in found["Contents"]]}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(synced.stack.author), "list_objects_v2", foreign, raising=False)
        patch.setattr(
            type(synced.stack.author),
            "get_paginator",
            lambda *_: type("Pages", (), {"paginate": lambda _, **request: [foreign(**request)]})(),
            raising=False,
        )
        assert export(out)["unchanged"] == 9


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("posts/../../outside.md", "file.place"),
        ("/posts/absolute.md", "file.place"),
        ("posts//empty.md", "file.place"),
        ("posts/a\nb.md", "file.name"),
        (f"posts/{'a' * 256}.md", "file.name"),
        ("posts/KEPT.md", "file.twice"),
        ("posts/kept.md/inside.md", "file.twice"),
        ("elsewhere/a.md", "file.aside"),
    ],
)
def test_what_is_no_file_is_named(synced: Folder, out: Path, key: str, rule: str) -> None:
    """It is written nowhere, least of all outside of the folder."""
    synced.stack.world.s3.put_object(Bucket="content", Key=key, Body=b"x")
    before = files(out.parent)
    answer = export(out, code=1)
    (told,) = answer["not_written"]
    assert (told["error"]["rule"], told["key"] in (key, "posts/kept.md")) == (rule, True)
    new = {name: data for name, data in files(out.parent).items() if name not in before}
    assert all(name.startswith("out/") for name in new)
    assert (b"x" in new.values()) == (told["key"] != key)
    assert len(new) == 9


@pytest.mark.usefixtures("synced")
def test_no_link_leads_out(out: Path, tmp_path: Path) -> None:
    """A link in the folder that would take files elsewhere takes none."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    out.mkdir()
    (out / "posts").symlink_to(elsewhere)
    answer = export(out, code=1)
    assert {each["error"]["rule"] for each in answer["not_written"]} == {"file.link"}
    assert list(elsewhere.iterdir()) == []


@pytest.mark.usefixtures("synced")
def test_hidden_objects_stay(out: Path) -> None:
    """The manifest of a sync, which stands in the bucket, is none of the site."""
    export(out)
    hidden = [path for path in out.rglob("*") if path.name.startswith(".")]
    assert hidden == []


def test_originals_come_with_their_sources(
    synced: Folder, out: Path, origin: Origin, tmp_path: Path
) -> None:
    """Then the folder builds with its remote images, and without any cloud."""
    origin.files["/boat.jpg"] = picture()
    world = synced.stack.world
    world.put("posts/remote.md", plain("Remote", "![A boat](http://images.example/boat.jpg)"))
    world.run()
    export(out, "--media")
    built = tmp_path / "built"
    result = CliRunner().invoke(
        app, ["build", str(out), "--vault", str(out / "vault"), "--out", str(built), "--json"]
    )
    posts = {each["key"]: each["images"] for each in json.loads(result.stdout)["posts"]}
    assert posts["posts/remote.md"] == {
        "total": 1,
        "rehosted": 1,
        "owed": 0,
        "refused": 0,
        "lost": 0,
    }
    assert list((out / "vault" / "originals").iterdir())
