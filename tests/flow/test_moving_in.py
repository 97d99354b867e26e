"""Blogs move in by `import` and `sync`: what stands at their addresses once all stages are done."""

import re
from pathlib import Path

import pytest

from flow.test_sync import Folder, InARow, Synced
from flow.world import World
from generators import blogs
from presswork.site_keys import key_of
from presswork_cli.operate import follow
from presswork_cli.sync import run as run_module


@pytest.mark.parametrize("name", [name for name in blogs.NAMES if name != "hugo-ugly"])
def test_every_address_is_there_or_leads_on(
    name: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for those that are known to be lost; what the receipt said is what the stages made."""
    stack = Synced(world)
    monkeypatch.setattr("presswork_cli.operate.stack.Deployed", lambda *_: stack)
    monkeypatch.setattr(run_module, "ThreadPoolExecutor", InARow)
    monkeypatch.setattr(follow, "_PAUSE", 0)
    monkeypatch.setattr(follow, "_SHARE", 0)
    folder, receipt = blogs.moved(name, tmp_path)
    Folder(folder, stack).sync()
    world.run()
    paths = [path for each in blogs.addresses(name).values() for path in each]
    statuses = {path: status(world, path) for path in paths}
    lost = {path for path, found in statuses.items() if found == 404}
    assert lost == {path for path in paths if re.fullmatch(blogs.NOT_KEPT[name], path)}
    told = {each["path"]: each["answered"] for each in receipt["addresses"]}
    assert {path: status(world, path) for path in told} == told


def status(world: World, path: str) -> int:
    """What a reader is answered at a path, by the object that stands there."""
    key = key_of(path)
    return int(world.answer(key)) if key in world.keys("site") else 404
