"""Hostile answers and images from a real server: the right verdict, in time and within memory."""

import json
import subprocess
import sys

import pytest

from unit.imaging import hostile
from unit.imaging.conftest import Origin

# What the stage loads, and as many threads. The peak is of its process and all below it; what they
# share is counted once (the proportional set size of each).
STAGE = """
import json, os, pathlib, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, fetch, Network, make
from presswork.stages.images.stage import AT_ONCE, ImagesStage

connect_to, names = json.load(sys.stdin)
network, over, peaks = Network.of(connect_to), threading.Event(), []

def resident():
    below, kilobytes = {os.getpid()}, 0
    for process in sorted(pathlib.Path("/proc").glob("[0-9]*"), key=lambda p: int(p.name)):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        # Parents come before their children, but for numbers that began anew.
        if int(process.name) in below or int(fields[1]) in below:
            below.add(int(process.name))
            try:
                rollup = (process / "smaps_rollup").read_text().split()
                kilobytes += int(rollup[rollup.index("Pss:") + 1])
            except (OSError, ValueError):
                continue
    return kilobytes * 1024

def watch():
    while not over.wait(0.02):
        peaks.append(resident())

def verdict(number):
    began = time.monotonic()
    try:
        found = fetch(
            f"http://evil.example/{number}",
            limits=Limits(silence=2, total=8),
            resolve=network.resolve,
            connect=network.connect,
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
    # The largest image allowed alone takes a hundred million bytes: less was not measured.
    assert 150_000_000 < peak < 512_000_000
    with capsys.disabled():
        sys.stdout.write(f" {len(rows)} hostile answers, peak {peak / 1e6:.0f} MB ")
