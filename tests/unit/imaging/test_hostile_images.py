"""Hostile answers and images from a real server: the right verdict, and within memory."""

import json
import subprocess
import sys

import pytest

from unit.imaging import hostile
from unit.imaging.conftest import Origin

# What the stage loads, and as many threads. The peak is of its process and all below it; what they
# share is counted once (the proportional set size of each).
STAGE = """
import json, os, pathlib, sys, threading
from concurrent.futures import ThreadPoolExecutor
from presswork.errors import RetryLater
from presswork.imaging import Limits, Refused, fetch, Network, make
from presswork.imaging import AT_ONCE
from presswork.stages.images.stage import ImagesStage

connect_to, rows = json.load(sys.stdin)
network, over, peaks = Network.of(connect_to), threading.Event(), []

def resident():
    parents, below, kilobytes = {}, [os.getpid()], 0
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        parents.setdefault(int(fields[1]), []).append(int(process.name))
    for number in below:
        below.extend(parents.get(number, ()))
        try:
            rollup = pathlib.Path(f"/proc/{number}/smaps_rollup").read_text().split()
            kilobytes += int(rollup[rollup.index("Pss:") + 1])
        except (OSError, ValueError):
            continue
    return kilobytes * 1024

def watch():
    while not over.wait(0.005):
        peaks.append(resident())

def verdict(row):
    number, limits = row
    try:
        found = fetch(
            f"http://evil.example/{number}",
            limits=Limits(**limits),
            resolve=network.resolve,
            connect=network.connect,
        )
        return "kept in part" if make(found.data, limits=Limits(**limits)).truncated else "kept"
    except Refused as refused:
        return refused.rule
    except RetryLater:
        return "owed"

watcher = threading.Thread(target=watch)
watcher.start()
with ThreadPoolExecutor(AT_ONCE) as pool:
    verdicts = list(pool.map(verdict, enumerate(rows)))
over.set()
watcher.join()
json.dump([verdicts, max(peaks)], sys.stdout)
"""
# A row ends by a clock only where it has no other end.
PATIENT, HASTY = {"silence": 300, "total": 300, "decoding": 100}, {"silence": 2, "total": 8}


def test_every_row_gets_its_verdict(origin: Origin, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever an origin sends is kept or refused for the right reason, below 512 MB in all."""
    slow = hostile.slow_answers(origin.pause)
    rows: dict[str, tuple[hostile.Answer, str]] = {
        **hostile.answers(),
        **slow,
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
        input=json.dumps([connect_to, [HASTY if name in slow else PATIENT for name in rows]]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    verdicts, peak = json.loads(done.stdout)
    wrong = {
        name: (got, wanted)
        for (name, (_, wanted)), got in zip(rows.items(), verdicts, strict=True)
        if got not in wanted.split("|")
    }
    assert wrong == {}
    # The largest image allowed alone takes a hundred million bytes: less was not measured.
    assert 150_000_000 < peak < 512_000_000
    with capsys.disabled():
        sys.stdout.write(f" {len(rows)} hostile answers, peak {peak / 1e6:.0f} MB ")
