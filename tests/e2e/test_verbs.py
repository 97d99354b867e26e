"""The same verbs by `presswork local`, and as on AWS with nothing but an endpoint: same answers."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from e2e.local import Local, markdown
from presswork_cli.local.emulator import REGION

KEY = "posts/both-ways.md"
SOURCE = "both-ways"

# Each is given twice, and changes nothing the second time that the answer tells of.
VERBS: tuple[tuple[str, ...], ...] = (
    ("publish", KEY),
    ("status",),
    ("open", KEY, "--print"),
    ("explain", KEY),
    ("images", "--of", KEY),
    ("logs", KEY),
    ("doctor",),
    ("secret", "set", SOURCE, "--yes"),
    ("dead-letters", "list"),
    ("rebuild",),
    ("verify",),
    ("remove", KEY),
)

# Times, what is made by chance, and a command for a shell with the cloud's address in it.
APART = frozenset({"seconds", "since", "time", "fields", "secret", "logs", "oldest"})


@dataclass(frozen=True)
class Way:
    """A way to give a verb: what comes before it, and where."""

    before: Sequence[str]
    environment: dict[str, str]
    folder: Path

    def give(self, *verb: str) -> tuple[int, Any]:
        """The exit code and the JSON answer, without what is another each time."""
        code, answer = self.answer(*verb)
        return code, apart(answer)

    def answer(self, *verb: str, typed: str = "") -> tuple[int, Any]:
        """The exit code and the JSON answer."""
        done = self._run(*verb, "--json", typed=typed)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    def message(self, *verb: str, typed: str = "", code: int | None = None) -> str:
        """What is said of a verb that cannot be done, in one line."""
        done = self._run(*verb, typed=typed)
        ends = done.returncode > 1 if code is None else done.returncode == code
        assert (done.stdout, ends) == ("", True), done
        return " ".join(done.stderr.split())

    def _run(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "presswork_cli", *self.before, *words],
            env=self.environment,
            cwd=self.folder,
            input=typed,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


def apart(answer: Any) -> Any:
    """An answer without what is another each time."""
    match answer:
        case dict():
            return {name: apart(each) for name, each in answer.items() if name not in APART}
        case list():
            return [apart(each) for each in answer]
        case _:
            return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a post, and without a `samconfig.toml`."""
    file = tmp_path / KEY
    file.parent.mkdir()
    file.write_text(markdown("Both ways"))
    return tmp_path


def on_this_machine(local: Local, folder: Path) -> Way:
    """By `presswork local`."""
    return Way(["local", "--state", str(local.layout.state)], _plain(), folder)


def as_on_aws(local: Local, folder: Path) -> Way:
    """With credentials and the address of an endpoint, and nothing else that names a cloud."""
    record = local.cloud.record
    environment = _plain() | {
        "AWS_ENDPOINT_URL": record.endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": record.access_key,
        "AWS_SECRET_ACCESS_KEY": record.secret_key,
    }
    return Way([], environment, folder)


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


@pytest.fixture
def ways(local: Local, folder: Path) -> tuple[Way, Way]:
    """On this machine, and as on AWS."""
    return on_this_machine(local, folder), as_on_aws(local, folder)


def test_twelve_verbs_answer_alike(local: Local, ways: tuple[Way, Way]) -> None:
    """The stack is found by itself, and each verb says what it says of the local cloud."""
    here, there = ways
    here.give("secret", "set", SOURCE)
    for verb in VERBS:
        local.wait_until_idle()
        by_local = here.give(*verb)
        if verb[0] == "remove":
            there.give("publish", KEY)
        local.wait_until_idle()
        assert there.give(*verb) == by_local, verb
        assert by_local[0] == 0, (verb, by_local)
        if verb[0] == "logs":
            assert {line["stage"] for line in by_local[1]["lines"]} >= {"parse", "render"}


def test_an_author_is_told_of_line_and_cure_on_aws(
    local: Local, ways: tuple[Way, Way], folder: Path
) -> None:
    """A post that is turned down is exit 1, by either way, and its log has the reason."""
    (folder / "posts" / "bad.md").write_text(markdown("Bad", date="2025-02-30"))
    by_local = ways[0].give("publish", "posts/bad.md")
    local.wait_until_idle()
    assert ways[1].give("publish", "posts/bad.md") == by_local
    assert by_local[0] == 1
    assert by_local[1]["posts"][0]["error"]["line"] == 3


def test_a_stack_that_is_not_there_is_told(ways: tuple[Way, Way]) -> None:
    """The way out is in the message."""
    message = ways[1].message("status", "--stack", "no-such", "--json")
    assert message.startswith("presswork: no stack no-such was found on AWS")
    assert "--stack and --region" in message
