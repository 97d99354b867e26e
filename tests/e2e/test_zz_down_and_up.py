"""Down and up again; runs last, by its name, since it gives every other test a new process."""

import os
import signal
import time
from datetime import UTC, datetime

import pytest

from e2e.local import Local, markdown
from presswork_cli.local import emulator, saved
from presswork_cli.local.deployment import start


def test_what_was_published_survives_down_and_up(local: Local) -> None:
    """After a stop and a start the page is there, and a new post joins the old one in the feed."""
    url = local.live("posts/survivor.md", markdown("A survivor", date=_now()))
    with emulator.alone(local.layout):
        emulator.stop(local.layout, local.cloud.record)
        assert emulator.running(local.layout) is None
        unset = local.options.model_copy(update={"connect_to": (), "hook": ""})
        local.cloud = start(local.layout, unset)
    assert local.get(url).status == 200
    local.live("posts/newcomer.md", markdown("A newcomer", date=_now()))
    assert {"A survivor", "A newcomer"} <= local.feed()


def test_options_not_given_are_unset(local: Local) -> None:
    """The `up` before this, without --hook and --connect-to, left neither in the functions."""
    functions = local.cloud.client("lambda").list_functions()["Functions"]
    variables = [function["Environment"]["Variables"] for function in functions]
    assert {v[name] for v in variables for name in ("CONNECT_TO", "HOOK_URL") if name in v} == {""}


@pytest.mark.parametrize("seconds", [0, 15])
def test_what_was_live_survives_a_kill(
    local: Local, seconds: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A post is at the same address after `kill -9`, right after it was live and later.

    So is one that was changed in the seconds before, and one that was deleted is gone.
    """
    text = markdown("Changed", date="2026-03-06")
    changed = local.live(f"posts/changed-{seconds}.md", text)
    deleted = local.live(f"posts/deleted-{seconds}.md", markdown("Deleted", date="2026-03-07"))
    _save(local)
    local.live(f"posts/changed-{seconds}.md", text.replace("Some", "Other"))
    local.remove(f"posts/deleted-{seconds}.md")
    url = local.live(f"posts/killed-{seconds}.md", markdown(f"Killed {seconds}", date=_now()))
    time.sleep(seconds)
    with emulator.alone(local.layout):
        os.kill(local.cloud.record.pid, signal.SIGKILL)
        local.until(lambda: emulator.running(local.layout) is None)
        local.cloud = start(local.layout, local.options)
    assert "cut off" in capsys.readouterr().err
    # Objects are on disk at once, the table is not: a list made anew tells whether it knows them.
    local.wait_until_idle()
    local.live(f"posts/newcomer-{seconds}.md", markdown("A newcomer after a kill", date=_now()))
    assert {f"Killed {seconds}", "A newcomer after a kill"} <= local.feed()
    sources = local.cloud.stores.sources
    known = [sources.read(f"posts/{name}-{seconds}.md") for name in ("killed", "deleted")]
    assert [source and source.status for source in known] == ["live", "gone"]
    assert local.get(url).status == 200
    assert "Other words." in local.get(changed).text
    assert local.get(deleted).status == 410


def test_a_damaged_save_is_no_empty_cloud(local: Local, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is named, the save before it is taken, and what is newer is looked at again."""
    _save(local)
    url = local.live("posts/damaged.md", markdown("Saved and damaged", date=_now()))
    with emulator.alone(local.layout):
        emulator.stop(local.layout, local.cloud.record)
        found = saved.find(local.layout.saves).save
        assert found is not None
        table = found.folder / "dynamodb.json"
        table.write_bytes(table.read_bytes()[:-1000])
        local.cloud = start(local.layout, local.options)
    assert f"{table} is damaged" in capsys.readouterr().err
    local.wait_until_idle()
    local.live("posts/newest.md", markdown("Newer than the damage", date=_now()))
    assert {"Saved and damaged", "Newer than the damage"} <= local.feed()
    assert local.get(url).status == 200


def _now() -> str:
    """A date that is newer than those of all posts before: feeds hold the newest twenty."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _save(local: Local) -> None:
    with emulator.alone(local.layout):
        emulator.save_now(local.layout, local.cloud.record)
