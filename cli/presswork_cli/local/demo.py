"""The demonstration behind `make demo`: a cloud, the example posts, and the addresses of the pages.

With `--once` it uses a cloud of its own, checks what was published, and goes down.
"""

import argparse
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from presswork_cli.failure import Exit, Failure
from presswork_cli.local import emulator
from presswork_cli.local.commands import start
from presswork_cli.local.deployment import Options
from presswork_cli.local.emulator import LOOPBACK
from presswork_cli.local.layout import REPOSITORY, Layout
from presswork_cli.operate import publish
from presswork_cli.operate.follow import Journey
from presswork_cli.operate.stack import Cloud
from presswork_cli.printing import show, terminal
from presswork_cli.printing.answers import PublishAnswer
from presswork_cli.site_check import SiteCheck

EXAMPLES = REPOSITORY / "examples"
ORIGIN = "images.presswork.example"
DEAD = ("gone.presswork.example", "cors.relay.example")

EXPECTED = {"notes-on-bread.md": "draft", "the-day-that-never-was.md": "rejected"}
"""What becomes of those example posts that do not go live."""

UNSEEN = ("Notes on bread", "The day that never was")
DEAD_IMAGE = "a-letter-from-a-dead-server.md"

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
    return cloud, answer


def _publish(cloud: Cloud, files: list[Path]) -> PublishAnswer:
    drafts = publish.read([os.path.relpath(file) for file in files])
    journeys = [Journey(draft.file, draft.key) for draft in drafts]
    with show.following(journeys):
        return publish.publish(cloud, drafts, journeys, timeout=_TIMEOUT, passed=show.stage_passed)


def check(cloud: Cloud, answer: PublishAnswer) -> SiteCheck:
    """Fetches all that was published and all that must not be seen."""
    checked = SiteCheck(cloud.outputs.SiteUrl, cloud.fetch)
    live: dict[str, str] = {}
    for post in answer.posts:
        name = Path(post.file).name
        expected = EXPECTED.get(name, "live")
        if post.status != expected:
            checked.problems.append(f"{post.file} is {post.status}, not {expected}")
        state = cloud.stores.posts.read(post.id) if post.id else None
        if post.url is not None and state is not None:
            live[post.url] = state.title
        if name == DEAD_IMAGE and post.images.owed != 1:
            checked.problems.append(f"{post.file} owes {post.images.owed} images, not 1")
    for url, title in live.items():
        checked.post(url, title)
    checked.lists(list(live))
    checked.feed(set(live.values()))
    checked.sitemap(list(live))
    checked.absent("/no/such/page/")
    for title in UNSEEN:
        checked.unseen(title)
    return checked


def once(layout: Layout) -> None:
    """The whole demonstration on a fresh cloud, checked; raises Failure when a check fails."""
    try:
        cloud, answer = run(layout)
        checked = check(cloud, answer)
    finally:
        with emulator.alone(layout):
            record = emulator.running(layout)
            if record is not None:
                emulator.stop(layout, record)
        shutil.rmtree(layout.data, ignore_errors=True)
    if checked.problems:
        problems = "\n".join(checked.problems)
        raise Failure(f"the site is not as it should be:\n{problems}", Exit.REJECTED)
    terminal.say(f"checked through {answer.site}")
    terminal.results.print(
        f"Fetched and checked {len(checked.pages)} pages, {len(checked.images)} images, "
        f"{len(checked.feeds)} feed."
    )


def main() -> None:
    """Runs the demonstration; ends as the command `presswork` does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="check what was published, and go down")
    try:
        if parser.parse_args().once:
            once(Layout(state=Layout().state / "once"))
        else:
            cloud, _ = run(Layout())
            terminal.results.print(f"\nThe site is at {cloud.outputs.SiteUrl}", markup=False)
            terminal.results.print("It stays up; stop it with: .venv/bin/presswork local down")
    except Failure as failure:
        terminal.progress.print(f"demo: {failure.message}", style="red", markup=False)
        sys.exit(failure.code)


if __name__ == "__main__":
    main()
