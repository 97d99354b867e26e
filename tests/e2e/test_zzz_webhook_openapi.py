"""The real endpoint keeps docs/webhook.openapi.json, whatever schemathesis thinks of.

It runs last: its posts have terms by the hundred, and whoever came next would wait for their lists.
"""

import os
import re
import subprocess
from pathlib import Path

from e2e.local import Local
from e2e.test_webhook_refusals import secret, written
from webhook_page import examples

__all__ = ["secret"]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOOL = ROOT / ".venvs" / "api" / "bin" / "schemathesis"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
"""Not whether what is no form is refused: tests/unit/test_webhook_openapi.py asks more of that."""
EXAMPLES = 30


def test_the_endpoint_keeps_what_is_published(local: Local, secret: str, tmp_path: Path) -> None:
    """No answer is another than those described, and none is 5xx."""
    before = len(written(local)[0])
    config = tmp_path / "schemathesis.toml"
    config.write_text('[parameters]\n"path.source" = "default"\n')
    resolving, _ = examples("With Python", "python")
    (tmp_path / "sitecustomize.py").write_text(resolving)
    command: list[str | Path] = [
        *(TOOL, "--config-file", config, "run", ROOT / "docs" / "webhook.openapi.json"),
        *("--url", local.cloud.outputs.WebhookUrl, "--checks", ",".join(CHECKS)),
        *("--max-examples", str(EXAMPLES), "--seed", "20261129", "--continue-on-failure"),
        *("--no-color", "--suppress-health-check", "all"),
    ]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path),
        "SCHEMATHESIS_HOOKS": str(HERE / "signing.py"),
        "SECRET": secret,
    }
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (generated,) = re.findall(r"(\d+) generated", done.stdout)
    assert int(generated) > EXAMPLES
    assert len(written(local)[0]) > before  # some of them were posts
