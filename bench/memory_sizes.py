"""Measures what functions take of a processor, and what each size of memory then costs and takes.

`python bench/memory_sizes.py` prints the table of docs/cost.md; `--write` keeps what was measured
for `presswork cost`. Times are processor time: what else the machine does does not count.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from images import making_seconds, photograph

from cost_page import CASE, PAGE, drawn, sizes
from flow.metered import measure, memory_sizes
from presswork import imaging
from presswork_cli.cost.functions import Functions, measured_functions
from presswork_cli.cost.usage import Usage

ROOT = Path(__file__).parents[1]
FILE = ROOT / "cli" / "presswork_cli" / "cost" / "functions.json"
CALLS, IMAGES, STARTS = 300, 6, 3

# What a function reads of its environment when it is imported.
VARIABLES = (
    *("CONTENT_BUCKET", "SITE_BUCKET", "VAULT_BUCKET", "TABLE_NAME", "TOPIC_ARN", "SITE_URL"),
    *("PARSE_QUEUE_URL", "PARSE_QUEUE_ARN", "PARSE_BULK_QUEUE_URL", "RENDER_QUEUE_URL"),
    *("INDEX_QUEUE_URL", "IMAGES_BULK_QUEUE_URL", "NOTIFY_QUEUE_URL", "SCHEDULE_GROUP"),
    *("SCHEDULE_ROLE_ARN", "DISTRIBUTION_ID", "ALARM_TOPIC_ARN", "DEAD_LETTER_QUEUE_URLS"),
    *("MAIL_FROM", "MAIL_TO", "AUTHOR_EMAIL", "HOOK_URL", "HOOK_SECRET_NAME", "WEBHOOK_SECRETS"),
    *("WEBHOOK_URL", "STATUS_SECRET"),
)


class Answers(BaseHTTPRequestHandler):
    """A service that answers every call with an item."""

    protocol_version = "HTTP/1.1"
    body = json.dumps({"Item": {name: {"S": "x" * 60} for name in map(str, range(20))}}).encode()

    def do_POST(self) -> None:
        """Reads what is asked, and answers."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def call() -> float:
    """Milliseconds of the caller's thread for a call to AWS, by http on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client: Any = boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106  nobody asks for it
    )
    key = {"PK": {"S": "POST#x"}, "SK": {"S": "META"}}
    client.get_item(TableName="table", Key=key)
    began = time.thread_time()
    for _ in range(CALLS):
        client.get_item(TableName="table", Key=key, ConsistentRead=True)
    took = time.thread_time() - began
    server.shutdown()
    return 1000 * took / CALLS


def image() -> float:
    """Milliseconds for a photo of 1600 by 1067 pixels and its five variants."""
    photos = [photograph(number) for number in range(IMAGES)]
    before = making_seconds()
    for photo in photos:
        imaging.make(photo, one_fallback=True)
    return 1000 * (making_seconds() - before) / IMAGES


def start(stage: str) -> float:
    """Milliseconds until a new sandbox has imported a function, the interpreter's own left out."""
    paths = os.pathsep.join([str(ROOT / "functions" / stage), str(ROOT / "shared")])
    quiet = {"QUIET_SECONDS": "60", "CONNECT_TO": "", "AWS_DEFAULT_REGION": "us-east-1"}
    named = dict.fromkeys(VARIABLES, "made-up") | quiet | {"PYTHONPATH": paths}
    return _child("import app", named) - _child("pass", named)


def _child(code: str, variables: dict[str, str]) -> float:
    environment = {**os.environ, **variables, "POWERTOOLS_SERVICE_NAME": "bench"}
    took = []
    for _ in range(STARTS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)  # noqa: S603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return 1000 * min(took)


def measured() -> tuple[dict[str, Any], dict[str, Any]]:
    """What `functions.json` says, and what was counted for it."""
    os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "bench")
    counted, own = measure()
    memory = memory_sizes()
    milliseconds = {
        "call": round(call(), 3),
        "image": round(image(), 1),
        "start": {stage: round(start(stage)) for stage in sorted(memory)},
        "own": {
            case: {stage: round(each, 2) for stage, each in by.items()} for case, by in own.items()
        },
    }
    about = (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}"
    )
    return {"measured": about, "milliseconds": milliseconds, "memory": memory}, counted


def main() -> None:
    """Prints the table, and keeps what was measured where that is asked for."""
    found, counted = measured()
    text = json.dumps(found, indent=1) + "\n"
    if "--write" in sys.argv:
        FILE.write_text(text, encoding="utf-8")
        measured_functions.cache_clear()
        PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(text)
    print(sizes(Functions.read(text), Usage.read(json.dumps(counted)).cases[CASE]))


if __name__ == "__main__":
    main()
