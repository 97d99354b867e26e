"""What is said while something takes its time."""

from threading import Event

import pytest

from presswork_cli.printing import steps, terminal
from presswork_cli.printing.steps import step


def test_nobody_waits_a_second_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step tells its time and the newest word of its work for as long as it lasts."""
    assert steps.EVERY < 1
    monkeypatch.setattr(steps, "EVERY", 0.001)
    said: list[str] = []
    third = Event()

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 4:
            third.set()

    monkeypatch.setattr(terminal, "say", say)
    with step("sam build", lambda: "Building layer 'SharedLayer'"):
        assert third.wait(timeout=60)
    assert said[0] == "sam build …"
    assert set(said[1:4]) == {"sam build: 0 s Building layer 'SharedLayer'"}
    assert said[-1].startswith("sam build: done in ")


def test_a_step_that_fails_says_no_more() -> None:
    """The teller ends with the step, and the error goes on."""
    with pytest.raises(ValueError, match="broken"), step("sam deploy"):
        raise ValueError("broken")
