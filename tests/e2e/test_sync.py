"""A folder becomes the content of a site: on the local cloud, by the command itself."""

import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from e2e.local import Local, markdown
from e2e.test_command import presswork
from presswork_cli.sync.manifest import manifest_key

PICTURE = Path(__file__).parents[2] / "examples" / "images" / "ferry.jpg"


@dataclass
class SyncedFolder:
    """A folder, and the bucket that it is synced to under a name of its own."""

    root: Path
    local: Local
    name: str

    def write(self, name: str, data: str | bytes) -> None:
        """Writes a file of the folder."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    def move(self, old: str, new: str) -> None:
        """Renames a file of the folder."""
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)

    def sync(self, *options: str, seconds: float = 400) -> tuple[int, dict[str, Any]]:
        """The exit code and the answer of the command."""
        arguments = ["sync", str(self.root), "--name", self.name, *options]
        return presswork(self.local, *arguments, seconds=seconds)

    def killed_after(self, keys: int) -> None:
        """The command, killed as soon as the bucket holds so many more versions."""
        state, before = str(self.local.layout.state), self.versions().total()
        arguments = ["local", "--state", state, "sync", str(self.root), "--name", self.name]
        process = subprocess.Popen(
            [sys.executable, "-m", "presswork_cli", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while self.versions().total() < before + keys:
            assert process.poll() is None, "it was at its end before"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def versions(self) -> Counter[str]:
        """How many versions and delete markers each key of the bucket has."""
        pages = (
            self.local.cloud.client("s3")
            .get_paginator("list_object_versions")
            .paginate(Bucket=self.local.cloud.outputs.ContentBucket)
        )
        return Counter(
            each["Key"]
            for page in pages
            for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        )


@pytest.fixture
def folder(local: Local, tmp_path: Path) -> SyncedFolder:
    """Posts, one of them with a picture and one with an id, a page, and a file.

    Their addresses are theirs alone: another test's would have them wait.
    """
    name = uuid4().hex[:8]
    folder = SyncedFolder(tmp_path / "blog", local, name)
    for number in range(8):
        folder.write(f"posts/{name}/{number}-{name}.md", markdown(f"Number {number} of {name}"))
    folder.write(f"posts/{name}/kept-{name}.md", markdown(f"Kept {name}", id=f"kept-{name}"))
    folder.write(
        f"posts/{name}/sea-{name}/index.md", markdown(f"Sea {name}", "![A ferry](ferry.jpg)")
    )
    folder.write(f"posts/{name}/sea-{name}/ferry.jpg", PICTURE.read_bytes())
    folder.write(f"pages/{name}.md", markdown(f"About {name}"))
    folder.write(f"static/{name}/cv.txt", "Born by the sea.")
    return folder


def statuses(answer: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What was done with each key, and what became of it."""
    return {each["key"]: (each["action"], each["status"]) for each in answer["posts"]}


def test_a_folder_is_synced_changed_and_synced_again(folder: SyncedFolder, local: Local) -> None:
    """First all of it, then nothing, then what changed: renames, a deletion, a broken post."""
    name = folder.name
    code, answer = folder.sync()
    assert (code, answer["summary"]["sent"], answer["summary"]["live"]) == (0, 13, 11)
    assert local.get(f"/{name}/cv.txt").text == "Born by the sea."
    sea = next(each for each in answer["posts"] if each["key"].endswith("/index.md"))
    assert sea["images"]["rehosted"] == 1
    kept = next(each for each in answer["posts"] if each["key"].endswith(f"kept-{name}.md"))
    before = folder.versions()
    code, answer = folder.sync("--delete")
    assert (code, answer["summary"], folder.versions()) == (0, {"unchanged": 13}, before)

    folder.move(f"posts/{name}/kept-{name}.md", f"posts/{name}/moved/kept-on-{name}.md")
    folder.move(f"posts/{name}/0-{name}.md", f"posts/{name}/zero-{name}.md")
    (folder.root / f"posts/{name}/1-{name}.md").unlink()
    folder.write(f"posts/{name}/2-{name}.md", markdown(f"Number 2 of {name}", "Edited."))
    folder.write(f"posts/{name}/broken-{name}.md", markdown("Broken", date="2025-02-30"))
    (folder.root / f"posts/{name}/out.txt").symlink_to("/etc/hostname")
    code, answer = folder.sync("--delete")
    assert (code, statuses(answer)) == (
        1,
        {
            f"posts/{name}/1-{name}.md": ("deleted", "removed"),
            f"posts/{name}/2-{name}.md": ("sent", "live"),
            f"posts/{name}/broken-{name}.md": ("refused", "rejected"),
            f"posts/{name}/moved/kept-on-{name}.md": ("renamed", "live"),
            f"posts/{name}/out.txt": ("refused", "rejected"),
            f"posts/{name}/zero-{name}.md": ("renamed", "live"),
        },
    )
    moved = next(each for each in answer["posts"] if "/moved/" in each["key"])
    assert moved["id"] == kept["id"]
    redirect = local.get(kept["url"])
    assert (redirect.status, redirect.headers["location"]) == (
        301,
        moved["url"].removeprefix(local.cloud.outputs.SiteUrl),
    )
    before = folder.versions()
    assert folder.sync("--delete")[1]["summary"] == {"refused": 2, "unchanged": 12}
    assert folder.versions() == before


def test_killed_in_the_middle_it_goes_on(folder: SyncedFolder, local: Local) -> None:
    """The next sync sends the rest alone, and every post is live."""
    for number in range(8, 40):
        folder.write(
            f"posts/{folder.name}/{number}-{folder.name}.md",
            markdown(f"No. {number} {folder.name}"),
        )
    folder.killed_after(20)
    code, answer = folder.sync("--timeout", "300")
    assert (code, answer["unchanged"], answer["summary"]["live"]) == (0, 0, 43), answer
    manifest = manifest_key(folder.name)
    of_folder = {
        key: n for key, n in folder.versions().items() if folder.name in key and key != manifest
    }
    assert (len(of_folder), set(of_folder.values())) == (45, {1})
    keys = [key for key in of_folder if key.endswith(".md")]
    assert {local.cloud.stores.sources.read(key).status.value for key in keys} == {"live"}  # type: ignore[union-attr]
