"""Exports move in by `import` and `sync`: what stands at their addresses when all stages are done.

Files lie beside the exports, so that no address is lost for want of them.
"""

from pathlib import Path

import pytest

from exports import EXPORTS, PRIVATE, beside
from flow.test_moving_in import status
from flow.test_sync import Folder, InARow, Synced
from flow.world import World
from presswork.clock import utc_now
from presswork_cli.moving import importing
from presswork_cli.moving.tools import Tool
from presswork_cli.operate import follow
from presswork_cli.sync import run as run_module


@pytest.mark.parametrize("tool", EXPORTS)
def test_every_address_is_as_the_receipt_says_and_nothing_private_is_there(
    tool: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stages make of an export what its receipt said, and no word of a draft is on the site."""
    stack = Synced(world)
    monkeypatch.setattr("presswork_cli.operate.stack.Deployed", lambda *_: stack)
    monkeypatch.setattr(run_module, "ThreadPoolExecutor", InARow)
    monkeypatch.setattr(follow, "_PAUSE", 0)
    monkeypatch.setattr(follow, "_SHARE", 0)
    folder = tmp_path / "new"
    wishes = importing.Wishes(Tool(tool), beside.laid(tool, tmp_path / "old"), folder)
    receipt = importing.import_blog(wishes, utc_now())
    Folder(folder, stack).sync()
    world.run()
    told = {each.path: each.answered for each in receipt.addresses}
    assert {path: status(world, path) for path in told} == told
    lost = {path for path, answered in told.items() if answered == 404}
    assert lost == ({"/portfolio/a-boat-i-built/"} if tool == "wordpress" else set())
    words = b"\n".join(world.pages().values()).decode(errors="replace").lower()
    assert "lighthouse" in words
    assert [word for word in PRIVATE[tool] if word.lower() in words] == []
