"""Hostile answers and images from a real server: the right verdict, in time and within memory."""

import json
import subprocess
import sys

import pytest

from unit.imaging import hostile
from unit.imaging.conftest import Origin

# What the stage loads, and as many threads. The peak is of its process and all below it, with what
# they share counted for each.
STAGE = """
import json, pathlib, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, fetch, guard, make
from presswork.stages.images import AT_ONCE, BringHome

connect_to, names = json.load(sys.stdin)
guarded, over, peaks = guard(connect_to), threading.Event(), []

def resident(pid):
    try:
        pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):
        return 0
    return pages * 4096 + sum(map(resident, children))

def watch():
    tasks = pathlib.Path("/proc/self/task")
    while not over.wait(0.005):
        own = int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096
        children = [c for t in tasks.iterdir() for c in (t / "children").read_text().split()]
        peaks.append(own + sum(map(resident, children)))

def verdict(number):
    began = time.monotonic()
    try:
        found = fetch(
            f"http://evil.example/{number}",
            limits=Limits(silence=1, total=3),
            resolve=guarded.resolve,
            connect=guarded.connect,
        )
        outcome = "kept in part" if make(found.data).truncated else "kept"
    except Refused as refused:
        outcome = refused.rule
    except RetryLater:
        outcome = "owed"
    return outcome, time.monotonic() - began

watcher = threading.Thread(target=watch)
watcher.start()
with ThreadPoolExecutor(AT_ONCE) as pool:
    verdicts = list(pool.map(verdict, range(names)))
over.set()
watcher.join()
json.dump([verdicts, max(peaks)], sys.stdout)
"""


def test_every_row_gets_its_verdict(origin: Origin, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever an origin sends is kept or refused for the right reason, below 512 MB in all."""
    rows: dict[str, tuple[hostile.Answer, str]] = {
        **hostile.answers(),
        **hostile.slow_answers(origin.pause),
        **{
            name: (hostile.reply(data), verdict)
            for name, (data, verdict) in hostile.images().items()
        },
    }
    assert len(rows) >= 40
    for number, (answer, _) in enumerate(rows.values()):
        origin.answers[f"/{number}"] = answer
    connect_to = f"evil.example:80:127.0.0.1:{origin.port}"
    done = subprocess.run(
        [sys.executable, "-c", STAGE],
        input=json.dumps([connect_to, len(rows)]),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    verdicts, peak = json.loads(done.stdout)
    wrong = {
        name: (got, wanted)
        for (name, (_, wanted)), (got, _) in zip(rows.items(), verdicts, strict=True)
        if got not in wanted.split("|")
    }
    assert wrong == {}
    # Fetching ends by its limits, making by the processor's time; a busy machine may double that.
    assert max(seconds for _, seconds in verdicts) < 60
    assert peak < 512_000_000
    with capsys.disabled():
        sys.stdout.write(f" {len(rows)} hostile answers, peak {peak / 1e6:.0f} MB ")
