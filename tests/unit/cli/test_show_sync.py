"""What a person sees of a sync."""

import io
from dataclasses import dataclass

import pytest
from rich.console import Console

from presswork_cli.printing import show_sync
from presswork_cli.printing.answers import Stage
from presswork_cli.printing.sync_answer import SyncAnswer, SyncedFile


@dataclass
class Journey:
    """A file on its way."""

    key: str
    status: str | None = None
    sent: object = None


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a terminal shows."""
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=100)
    monkeypatch.setattr(show_sync, "progress", console)
    return shown


def test_a_terminal_shows_how_far_it_is(terminal: io.StringIO) -> None:
    """A bar for what was sent, one for what is at its end, and no lines between them."""
    journeys = [Journey("posts/a.md", "live", 1), Journey("posts/b.md", None, 1), Journey("c")]
    with show_sync.syncing(journeys):
        show_sync.stage_passed(journeys[0], Stage(stage="index", seconds=1.0))
    assert "2/3" in terminal.getvalue()
    assert "1/3" in terminal.getvalue()
    assert "posts/a.md" not in terminal.getvalue()


def test_elsewhere_each_post_that_came_through_is_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And nothing for the stages before the last one."""
    shown = io.StringIO()
    monkeypatch.setattr(show_sync, "progress", Console(file=shown))
    journey = Journey("posts/a.md", None, 1)
    with show_sync.syncing([journey]):
        for stage in ("parse", "index"):
            show_sync.stage_passed(journey, Stage(stage=stage, seconds=1.5))
    assert shown.getvalue() == "posts/a.md: index 1.50 s\n"


def test_many_files_that_are_left_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty are named, and control characters of a name are spelled out."""
    shown = io.StringIO()
    monkeypatch.setattr(show_sync, "results", Console(file=shown, soft_wrap=True))
    left = ("posts/\x1b[2J.md", *(f"posts/{number}.md" for number in range(24)))
    post = SyncedFile(file="a", key="static/a.css", status="skipped", action="sent")
    show_sync.receipt(
        SyncAnswer(
            site="",
            folder="blog",
            name="site",
            posts=(post,),
            unchanged=2,
            left=left,
            summary={"sent": 1, "unchanged": 2, "skipped": 1},
        )
    )
    lines = shown.getvalue().splitlines()
    assert lines[0] == "sent      static/a.css"
    assert lines[1].startswith("left      posts/\\x1b[2J.md is not in the folder")
    assert lines[-2:] == ["          and 5 more", "1 sent, 2 unchanged"]
