"""The 509 posts of a real blog: synced, changed, synced again, and killed in the middle.

`make sync-18f` runs it: it takes minutes. The posts stand beside the project.
"""

import shutil
import time
from collections import Counter
from pathlib import Path

import pytest

from e2e.local import Local
from e2e.test_sync import SyncedFolder, statuses

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "18f" / "posts"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/corpus/18f")


def _say(words: str, began: float) -> None:
    print(f"\nsync: {words}: {time.monotonic() - began:.0f} s")  # noqa: T201 - what it shows


def test_a_real_blog(local: Local, tmp_path: Path) -> None:
    """Each step ends with the receipt that it should, and nothing is sent twice."""
    shutil.copytree(CORPUS, tmp_path / "18f" / "posts")
    folder = SyncedFolder(tmp_path / "18f", local, "18f")
    began = time.monotonic()
    folder.killed_after(200)
    _say("killed", began)
    code, answer = folder.sync("--timeout", "300", seconds=1300)
    _say(f"resumed: {answer['summary']}", began)
    outcomes = Counter(status for _, status in statuses(answer).values())
    assert code == 0, outcomes
    keys = {f"posts/{file.name}" for file in CORPUS.iterdir()}
    versions = {key: n for key, n in folder.versions().items() if key in keys}
    assert (len(versions), set(versions.values())) == (509, {1})
    sources = map(local.cloud.stores.sources.read, versions)
    assert {source.status.value for source in sources if source} == {"live"}

    files = sorted((folder.root / "posts").iterdir())
    for file in files[:20]:
        file.write_text(f"{file.read_text()}\n\nOne more line.\n")
    folder.move(f"posts/{files[20].name}", "posts/moved/twenty.md")
    folder.move(f"posts/{files[21].name}", "posts/moved/twenty-one.md")
    files[22].unlink()
    folder.write("posts/broken.md", "---\ntitle: Broken\ndate: 2025-02-30\n---\n\nWords.\n")
    (folder.root / "posts" / "out.md").symlink_to("/etc/hostname")
    began = time.monotonic()
    code, answer = folder.sync("--delete", "--timeout", "300")
    _say(f"changed: {answer['summary']}", began)
    assert (code, answer["summary"]) == (
        1,
        {
            "sent": 20,
            "renamed": 2,
            "deleted": 1,
            "refused": 2,
            "unchanged": 486,
            "live": 22,
            "removed": 1,
            "repaired": answer["summary"]["repaired"],
            "owed": answer["summary"]["owed"],
        },
    )
    before, began = folder.versions(), time.monotonic()
    code, answer = folder.sync("--delete")
    _say(f"again: {answer['summary']}", began)
    assert (code, answer["summary"]) == (1, {"refused": 2, "unchanged": 508})
    assert folder.versions() == before
