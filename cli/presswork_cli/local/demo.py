"""The demonstration behind `make demo`: a cloud with the example posts, and their addresses."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from presswork_cli.failure import Failure
from presswork_cli.local import emulator
from presswork_cli.local.cloud import Cloud
from presswork_cli.local.deployment import Options, start
from presswork_cli.local.emulator import LOOPBACK
from presswork_cli.local.layout import REPOSITORY, Layout
from presswork_cli.operate import publish
from presswork_cli.operate.follow import Journey
from presswork_cli.printing import show, terminal
from presswork_cli.printing.answers import PublishAnswer

EXAMPLES = REPOSITORY / "examples"
ORIGIN = "images.presswork.example"
DEAD = ("gone.presswork.example", "cors.relay.example")

EXPECTED = {"notes-on-bread.md": "draft", "the-day-that-never-was.md": "rejected"}
"""What becomes of those example posts that do not go live."""

_TIMEOUT = 180.0


class _Pictures(SimpleHTTPRequestHandler):
    """The example pictures, without a line of log for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def origin() -> Iterator[tuple[str, ...]]:
    """Serves the example pictures; yields how to connect to them, and to servers that are dead."""
    handler = partial(_Pictures, directory=str(EXAMPLES / "images"))
    with socket.socket() as closed, ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        closed.bind((LOOPBACK, 0))  # bound and not listening: every connection is refused
        refusing = f"{LOOPBACK}:{closed.getsockname()[1]}"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield (
                f"{ORIGIN}:80:{LOOPBACK}:{server.server_port}",
                *(f"{host}:443:{refusing}" for host in (ORIGIN, *DEAD)),
                *(f"{host}:80:{refusing}" for host in DEAD),
            )
        finally:
            server.shutdown()


def run(layout: Layout) -> tuple[Cloud, PublishAnswer]:
    """Starts a cloud and publishes the example site into it."""
    with origin() as connect_to:
        with emulator.alone(layout):
            cloud = start(layout, Options(connect_to=connect_to))
        _publish(cloud, [EXAMPLES / "site.yaml"])
        answer = _publish(cloud, sorted((EXAMPLES / "posts").iterdir()))
    show.outcome(answer)
    if words := on_purpose(answer):
        terminal.results.print(words, markup=False)
    return cloud, answer


def on_purpose(answer: PublishAnswer) -> str:
    """Which examples are meant not to go live, so that nobody thinks that something broke."""
    ended = {Path(post.file).name: post.status for post in answer.posts}
    meant = [f"{name} ({EXPECTED[name]})" for name in EXPECTED if ended.get(name) == EXPECTED[name]]
    words = "On purpose these are not live, to show what that looks like: "
    return words + ", ".join(meant) if meant else ""


def _publish(cloud: Cloud, files: list[Path]) -> PublishAnswer:
    drafts = publish.read([os.path.relpath(file) for file in files])
    journeys = [Journey(draft.file, draft.key) for draft in drafts]
    with show.following(journeys):
        return publish.publish(cloud, drafts, journeys, timeout=_TIMEOUT, passed=show.stage_passed)


def main() -> None:
    """Runs the demonstration; ends as the command `presswork` does."""
    try:
        cloud, _ = run(Layout())
    except Failure as failure:
        terminal.progress.print(f"demo: {failure.message}", style="red", markup=False)
        sys.exit(failure.code)
    terminal.results.print(f"\nThe site is at {cloud.outputs.SiteUrl}", markup=False)
    terminal.results.print("It stays up; stop it with `presswork local down`", markup=False)


if __name__ == "__main__":
    main()
