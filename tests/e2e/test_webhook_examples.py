"""The examples of docs/webhooks.md work as they are copied."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.local import Local
from e2e.test_webhook_refusals import secret
from webhook_page import examples

__all__ = ["secret"]


@pytest.fixture
def environment(local: Local, secret: str) -> dict[str, str]:
    """What the page asks for."""
    return {
        "PATH": os.environ["PATH"],
        "URL": f"{local.cloud.outputs.WebhookUrl}/default",
        "SECRET": secret,
    }


def run(command: list[str], environment: dict[str, str], folder: Path) -> str:
    """What a command prints, which is to end well."""
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl_and_openssl(local: Local, environment: dict[str, str], tmp_path: Path) -> None:
    """Creates, replaces, asks and deletes: every line of the page, one after the other."""
    define, create, ask, delete = examples("With curl", "sh")

    def shell(*lines: str) -> str:
        script = "\n".join(["set -euo pipefail", define, *lines])
        return run(["bash", "-c", script], environment, tmp_path)

    answer = json.loads(shell(create))
    assert answer["key"] == "posts/hooks/default/tide.md"
    asked = local.until(lambda: _final(shell(ask)))
    assert asked["status"] == "live"
    assert "High water is at noon." in local.get(asked["url"]).text
    gone = json.loads(shell(delete))
    local.until(lambda: _final(local.cloud.fetch(gone["status_url"]).text))
    assert local.get(asked["url"]).status == 410


def _final(text: str) -> dict[str, str] | None:
    outcome: dict[str, str] = json.loads(text)
    return None if outcome["status"] == "accepted" else outcome


def test_python(environment: dict[str, str], tmp_path: Path) -> None:
    """Creates, replaces, deletes, and follows each to its end."""
    resolving, script = examples("With Python", "python")
    (tmp_path / "hook.py").write_text(f"{resolving}\n{script}")
    printed = run([sys.executable, "hook.py"], environment, tmp_path)
    found = re.findall(r"'key': '(.+?)', 'status': '(.+?)'", printed)
    key = "posts/hooks/default/gulls.md"
    assert found == [(key, "live"), (key, "live"), (key, "removed")]
