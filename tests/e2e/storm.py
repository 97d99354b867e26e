"""Two hundred posts at once, edits and deletes meanwhile, and functions killed at random.

`make storm` runs it: it takes minutes, for what a killed function had in hand comes again when its
queue's visibility timeout is over.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from e2e.local import Local, markdown
from e2e.outside import ORIGIN, Outside
from e2e.outside import PICTURES as EXAMPLES
from e2e.test_command import presswork
from presswork.post import Status

POSTS = int(os.environ.get("STORM", "200"))
EDITS, DELETES = POSTS * 3 // 10, POSTS // 10
PICTURES = 16
A_KILL_EVERY = 4.0
SECONDS = 3600
SEED = int(os.environ.get("SEED", "13"))
GROWS_AT_MOST = 1.5
"""How much larger the functions' processes may be in the second half than in the first.

Those that were killed begin anew, and a process grows until it has seen every kind of work.
"""


@dataclass
class Workers:
    """The processes of the functions, which are children of the cloud."""

    cloud: int
    killed: int = 0
    sizes: list[int] = field(default_factory=list)
    """Resident bytes of the largest process, at each look."""

    def ids(self) -> list[int]:
        """Those that are there now."""
        found = []
        for task in Path(f"/proc/{self.cloud}/task").iterdir():
            with suppress(OSError):
                found += [int(id) for id in (task / "children").read_text().split()]
        return [id for id in found if self._runs_a_function(id)]

    @staticmethod
    def _runs_a_function(id: int) -> bool:
        with suppress(OSError):
            return b"worker" in Path(f"/proc/{id}/cmdline").read_bytes()
        return False

    def look(self) -> None:
        """Notes how large they are."""
        pages = [0]
        for id in self.ids():
            with suppress(OSError):
                pages.append(int(Path(f"/proc/{id}/statm").read_text().split()[1]))
        self.sizes.append(max(pages) * os.sysconf("SC_PAGE_SIZE"))

    def kill_one(self, dice: random.Random) -> None:
        """Ends one of them at once, whatever it is doing."""
        ids = self.ids()
        if ids:
            with suppress(ProcessLookupError):
                os.kill(dice.choice(ids), signal.SIGKILL)
                self.killed += 1


@contextmanager
def watched(workers: Workers, dice: random.Random, is_over: threading.Event) -> Iterator[None]:
    """Every few seconds their size is noted, and one of them dies, until the storm is over."""
    is_idle = threading.Event()

    def work() -> None:
        while not is_idle.wait(A_KILL_EVERY):
            workers.look()
            if not is_over.is_set():
                workers.kill_one(dice)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_idle.set()
        thread.join()


def text(word: str, number: int, edition: str) -> str:
    """A post: one in four shows a picture, some of them the same."""
    shown = f"http://{ORIGIN}/storm-{number % PICTURES}.jpg"
    picture = f"![x]({shown})" if number % 4 == 0 else ""
    return markdown(
        f"{word} {number:03} {edition}",
        f"{edition}. {picture}",
        date=f"2024-0{1 + number % 3}-{1 + number % 28:02}",
        slug=f"{word}-{number:03}",
        tags=f"[{word}, t{number % 7}]",
    )


def test_all_is_right_after_a_storm(local: Local, world: Outside) -> None:
    """Each post is as it was last written, `verify` finds nothing, and nothing is a dead letter."""
    dice, word = random.Random(SEED), f"storm{uuid4().hex[:6]}"
    keys = [f"posts/{word}/{number:03}.md" for number in range(POSTS)]
    wanted = {key: text(word, n, "first") for n, key in enumerate(keys)}
    for number in range(PICTURES):  # what stands behind a picture makes it another one
        data = (EXAMPLES / "ferry.jpg").read_bytes() + bytes(number)
        world.pictures[f"/storm-{number}.jpg"] = data
    workers = Workers(local.cloud.record.pid)
    began = time.monotonic()
    is_over = threading.Event()
    with watched(workers, dice, is_over):
        with ThreadPoolExecutor(8) as authors:
            list(authors.map(lambda key: local.put(key, wanted[key].encode()), keys))
        edited = dice.sample(range(POSTS), EDITS)
        for done, number in enumerate(edited):
            time.sleep(dice.random())
            wanted[keys[number]] = text(word, number, f"edition {done}")
            local.put(keys[number], wanted[keys[number]].encode())
            if done % (EDITS // DELETES) == 0:
                gone = dice.choice(list(wanted))
                del wanted[gone]
                local.delete(gone)
        local.until(lambda: workers.killed >= EDITS // 4 or None, seconds=SECONDS)
        is_over.set()
        local.wait_until_idle(seconds=SECONDS)
    print(
        f"{POSTS} posts, {EDITS} edits, {POSTS - len(wanted)} deletes; {workers.killed} functions "
        f"killed; idle after {time.monotonic() - began:.0f} s; largest function "
        f"{max(workers.sizes) / 2**20:.0f} MiB"
    )
    assert local.dead_letters() == {}
    for key in keys:
        status = local.cloud.stores.sources.read(key)
        assert status is not None
        assert status.status is (Status.LIVE if key in wanted else Status.GONE), key
    for key, written in wanted.items():
        title = written.split("title: ")[1].split("\n")[0]
        page = local.get(f"/2024/0{1 + int(key[-6:-3]) % 3}/{word}-{key[-6:-3]}/")
        assert (page.status, title in page.text) == (200, True), key
    code, answer = presswork(local, "verify")
    assert code == 0, answer
    half = len(workers.sizes) // 2
    assert max(workers.sizes[half:]) <= GROWS_AT_MOST * max(workers.sizes[:half])
