"""The demonstration on a cloud of its own, checked, and taken down again: `make demo ONCE=1`."""

import shutil
import sys
from pathlib import Path

from e2e.site_check import SiteCheck
from presswork_cli.failure import Exit, Failure
from presswork_cli.local import emulator
from presswork_cli.local.cloud import Cloud
from presswork_cli.local.demo import EXPECTED, run
from presswork_cli.local.layout import Layout
from presswork_cli.printing import terminal
from presswork_cli.printing.answers import PublishAnswer

UNSEEN = ("Notes on bread", "The day that never was")
DEAD_IMAGE = "a-letter-from-a-dead-server.md"


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


if __name__ == "__main__":
    try:
        once(Layout(state=Layout().state / "once"))
    except Failure as failure:
        terminal.progress.print(f"demo: {failure.message}", style="red", markup=False)
        sys.exit(failure.code)
