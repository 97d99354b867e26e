"""docs/webhooks.md: its script in Python, and what it quotes of the command and of a status."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook
from typer.testing import CliRunner

from presswork.content import parse
from presswork.errors import Rejected
from presswork.post import Error
from presswork.settings import Site
from presswork.stages.webhook.documents import MarkdownPost, document
from presswork.stages.webhook.files import file_of
from presswork_cli.app import app
from presswork_cli.operate.commands import OnAws
from presswork_cli.webhook import trying
from unit.cli.webhook_stack import Endpoint, StackWithSources, endpoint
from webhook_page import examples

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEY = "posts/hooks/ci/tide.md"
BROKEN = "---\ntitle: Tide\ndate: 2025-02-30\n---\n\nHigh at noon.\n"


@pytest.fixture
def hooks() -> Iterator[Endpoint]:
    """Where a webhook answers, on a host below `localhost`."""
    with endpoint() as here:
        yield here


def rejected(text: str) -> Error:
    """What is wrong with a post."""
    with pytest.raises(Rejected) as caught:
        parse(text.encode(), KEY, Site(), uploaded=datetime(2026, 5, 4, tzinfo=UTC))
    return Error.of(caught.value)


def python(hooks: Endpoint, folder: Path) -> subprocess.CompletedProcess[str]:
    """One run of the script as it is copied for the local cloud."""
    (folder / "hook.py").write_text("\n".join(examples("With Python", "python")))
    return subprocess.run(
        [sys.executable, "hook.py"],
        env={"SECRET": SECRET, "URL": f"{hooks.url}/ci"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_script_in_python_reaches_a_local_cloud(hooks: Endpoint, tmp_path: Path) -> None:
    """Signed well, it creates, replaces and deletes, and asks for each what became of it."""
    for status in ("live", "live", "removed"):
        hooks.answer(202, {"key": KEY, "status_url": f"{hooks.url}/status/t"})
        hooks.answer(200, {"key": KEY, "status": status})
    done = python(hooks, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split("'")[7] for line in done.stdout.splitlines()] == ["live", "live", "removed"]
    sent = [each for each in hooks.heard if each.method == "POST"]
    for each in sent:
        Webhook(SECRET).verify(each.body, each.headers, json_parse=False)
    assert json.loads(sent[-1].body) == {"key": KEY, "deleted": True}
    assert [each.path for each in hooks.heard] == ["/ci", "/status/t"] * 3


@pytest.mark.parametrize("taken", [0, 1])
def test_the_script_in_python_tells_why_it_was_refused(
    hooks: Endpoint, tmp_path: Path, taken: int
) -> None:
    """The answer's own message is its last word, be it that to the post or that of its status."""
    for _ in range(taken):
        hooks.answer(202, {"key": KEY, "status_url": f"{hooks.url}/status/t"})
    hooks.answer(403, {"message": "That is not allowed: ask for another."})
    done = python(hooks, tmp_path)
    assert (done.returncode, done.stderr) == (1, "403 That is not allowed: ask for another.\n")
    assert len(hooks.heard) == taken + 1


def test_commands_by_hand_print_what_is_quoted(
    hooks: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command prints what stands below it."""
    stack = StackWithSources(hooks.url)
    stack.parameters.values["/presswork/blog/webhooks/ci"] = SECRET, 1
    monkeypatch.setattr(OnAws, "connect", lambda _: stack)
    monkeypatch.chdir(tmp_path)
    for file, outcome in (
        ("release.md", {"status": "live", "url": "https://blog.example/releases/2026/05/release/"}),
        ("broken.md", {"status": "rejected", "error": rejected(BROKEN).model_dump()}),
        ("release.md", {"status": "removed"}),
    ):
        key = f"posts/hooks/ci/{file}"
        hooks.answer(202, {"key": key, "status_url": f"{hooks.url}/status/t"})
        hooks.answer(200, outcome)
        Path(file).write_text(BROKEN)
    (block,) = examples("Send a post by hand", "console")
    for command, _, printed in (each.partition("\n") for each in block.split("$ ")[1:]):
        done = CliRunner().invoke(app, shlex.split(command)[1:])
        assert done.stdout == printed, (done.output, done.exception)
    assert len(hooks.heard) == 2 * 3


def test_an_error_in_a_status_is_one() -> None:
    """The page quotes the words of the code, and the line in a file or in that of the parts."""
    parts = document(b'{"markdown": "High at noon.", "date": "2025-02-30", "title": "Tide"}')
    assert isinstance(parts, MarkdownPost)
    (status, *_) = examples("What became of a post", "json")
    quoted = Error.model_validate(json.loads(status)["error"])
    assert quoted == rejected(BROKEN) == rejected(file_of(parts))


def test_the_scripts_ask_for_what_the_lines_for_a_shell_set() -> None:
    """What `webhook add` prints is quoted as it is, and its names are those of the scripts."""
    url = "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/ci"
    (added,) = examples("Make a source", "console")
    names, *_ = trying.lines("ci", url, "whsec_…").splitlines()
    assert names in added.splitlines()
    (define, *_) = examples("With curl", "sh")
    *_, script = examples("With Python", "python")
    for name in re.findall(r"(\w+)=", names):
        assert re.search(rf'"\$\{{?{name}\b', define)
        assert f'environ["{name}"]' in script
