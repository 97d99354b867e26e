"""Measures the local cloud: `python bench/local.py [up] [first] [burst] [floor] [churn]`, or all.

    up      with nothing there, with nothing changed, after a change of the package, of a function
    first   the first post of a fresh `up`, and the next one
    burst   100 posts at once (BURST=30)
    floor   as many objects at once, and the least that a function could do with each
    churn   1,000 posts (CHURN=200), with 300 edits and 100 deletes meanwhile, and memory

It works on a copy of the repository and on a cloud of its own, below the folder BENCH_DIR, else
.presswork/bench, and takes the cloud down. CPU is that of the cloud's process and of its functions:
on a machine with other work it says more than seconds do. Linux only, for /proc.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import floor as lean

from presswork_cli.local.cloud import connect
from presswork_cli.local.layout import Layout

REPOSITORY = Path(__file__).resolve().parents[1]
PLACE = Path(os.environ.get("BENCH_DIR", REPOSITORY / ".presswork" / "bench"))
COPIED = ("template.yaml", "functions", "shared", "cli", "events", "requirements")
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
_RUN = f"{time.time_ns() // 10**9:x}"
"""Every run has posts of its own: what is published already, unchanged, costs nothing."""

_WIDTH = 46


def prepare() -> None:
    """A copy of what is deployed, so that it may be changed."""
    for name in COPIED:
        here, there = REPOSITORY / name, PLACE / name
        if here.is_dir():
            shutil.rmtree(there, ignore_errors=True)
            shutil.copytree(here, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(here, there)
    if not (PLACE / ".venvs").exists():
        (PLACE / ".venvs").symlink_to(REPOSITORY / ".venvs")


def presswork(*arguments: str) -> tuple[float, float, dict[str, Any]]:
    """Seconds, seconds of CPU of the command's own processes, and the answer of a command."""
    path = os.pathsep.join([str(PLACE / "shared"), str(PLACE / "cli")])
    before, started = os.times(), time.monotonic()
    done = subprocess.run(  # noqa: S603 - runs this repository's own command
        [sys.executable, "-m", "presswork_cli", "local", *arguments],
        cwd=PLACE,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    seconds, after = time.monotonic() - started, os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    return seconds, cpu, json.loads(done.stdout or "{}") if "--json" in arguments else {}


def cloud_id() -> int:
    """The cloud's own process, which leads the session of its functions; 0 when there is none."""
    record = PLACE / ".presswork" / "cloud.json"
    return int(json.loads(record.read_text())["pid"]) if record.exists() else 0


def processes() -> Iterator[tuple[int, float, float]]:
    """The cloud's process and its functions': id, seconds of CPU, MiB of memory."""
    session = cloud_id()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[3]) == session:
            cpu = (int(fields[11]) + int(fields[12])) / TICK
            yield int(stat.parent.name), cpu, int(fields[21]) * PAGE / 2**20


def by_stage() -> Counter[str]:
    """Milliseconds of CPU of the cloud and of each stage, by the workers that there are."""
    spent: Counter[str] = Counter()
    for id, cpu, _ in processes():
        spent[stage_of(id)] += int(cpu * 1000)
    return spent


def stage_of(id: int) -> str:
    """The stage whose worker a process is, or that it is the cloud's own."""
    try:
        variables = Path(f"/proc/{id}/environ").read_text(errors="replace").split("\0")
    except OSError:  # it ended meanwhile
        return "ended"
    named = dict(each.partition("=")[::2] for each in variables)
    return named.get("POWERTOOLS_SERVICE_NAME", "cloud")


class Meter:
    """The CPU of the cloud and of its functions since the last look; of those that are left."""

    def __init__(self) -> None:
        self.seen: dict[int, float] = {}

    def look(self) -> tuple[float, float]:
        """Seconds of the cloud's own process, and of all functions together."""
        now = {id: cpu for id, cpu, _ in processes()}
        spent = {id: cpu - self.seen.get(id, 0) for id, cpu in now.items()}
        self.seen = now
        own = cloud_id()
        return spent.get(own, 0), sum(cpu for id, cpu in spent.items() if id != own)


@contextmanager
def step(name: str) -> Iterator[Callable[..., None]]:
    """A row of the report: seconds, CPU of the command, of the cloud, and of its functions."""
    meter = Meter()
    meter.look()

    def report(seconds: float, cpu: float, *notes: str) -> None:
        cloud, functions = meter.look()
        figures = f"{seconds:7.2f} s  CPU {cpu:6.2f} {cloud:6.2f} {functions:6.2f}"
        print(f"{name:{_WIDTH}}{figures}  {'  '.join(notes)}", flush=True)

    yield report


def text(name: str, number: int, words: str = "Some *words* about it. ") -> str:
    """A post of 1.4 KB with two tags and a category."""
    date = f"2025-05-{1 + number % 28:02}T10:{number % 60:02}:00Z"
    front = f"title: {name} {_RUN} {number}\ndate: {date}\ntags: [sea, t{number % 10}]"
    return f"---\n{front}\ncategories: [Log]\n---\n\n{words * 60}\n"


def write(name: str, count: int) -> list[str]:
    """Files of so many posts."""
    folder = PLACE / "made" / name / "posts"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = [folder / f"{name}-{_RUN}-{number:04}.md" for number in range(count)]
    for number, file in enumerate(files):
        file.write_text(text(name, number))
    return [str(file) for file in files]


def up() -> None:
    """How long `up` takes, by what there is to do."""
    presswork("down", "--wipe")
    for name in ("build", "cache", "layer", ".aws-sam"):
        shutil.rmtree(PLACE / ".presswork" / name, ignore_errors=True)
    for name, change in (
        ("up: nothing there", lambda: None),
        ("up: nothing changed", lambda: None),
        ("up: nothing changed, again", lambda: None),
        ("up: the package changed", lambda: append(PLACE / "shared" / "presswork" / "slugs.py")),
        ("up: a function changed", lambda: append(PLACE / "functions" / "parse" / "app.py")),
        ("up: a cloud that was down", lambda: presswork("down")),
    ):
        change()
        with step(name) as report:
            report(*presswork("up", "--json")[:2])


def append(file: Path) -> None:
    """A change that changes nothing."""
    file.write_text(file.read_text() + f"# {time.monotonic_ns()}\n")


def publish(name: str, count: int, *options: str) -> dict[str, Any]:
    """Publishes posts, all at once, and says how that went."""
    before = by_stage()
    with step(f"{name}: {count} at once" if count > 1 else name) as report:
        seconds, cpu, answer = presswork("publish", *write(name, count), *options, "--json")
        ends = Counter(post["status"] for post in answer["posts"])
        last = [max((s["seconds"] for s in p["stages"]), default=0) for p in answer["posts"]]
        notes = [f"{count} {status}" for status, count in ends.items()]
        if count == 1:
            notes += [f"{s['stage']} {s['seconds']:.2f} s" for s in answer["posts"][0]["stages"]]
        else:
            notes.append(f"{ends['live'] / max(last):.1f} posts/s")
        report(seconds, cpu, *notes)
    if count > 1:
        spent = by_stage()
        spent.subtract(before)
        each = ", ".join(f"{stage} {ms / count:.0f}" for stage, ms in spent.most_common() if ms)
        print(f"    ms of CPU for a post: command {cpu / count * 1000:.0f}, {each}", flush=True)
    return answer


def first() -> None:
    """The first post of a fresh `up`, and the next: page and lists.

    What was there before would be made again by new software at the same time.
    """
    presswork("down", "--wipe")
    presswork("up", "--json")
    publish("first", 1)
    publish("second", 1)


def burst() -> None:
    """Many posts at once, on a site that has none: what is there is made again with them."""
    presswork("down", "--wipe")
    presswork("up", "--json")
    publish("burst", int(os.environ.get("BURST", "100")))


def floor() -> None:
    """Many objects at once, and a lean handler on the same emulator: what no stage can beat."""
    count = int(os.environ.get("BURST", "100"))
    presswork("up", "--json")
    state = PLACE / ".presswork"
    cloud = connect(Layout(repository=PLACE, state=state, tools=PLACE / ".venvs"))
    lean.begin(cloud)
    with step(f"floor: {count} at once") as report:
        before, seconds = os.times(), lean.publish(cloud, count)
        cpu = sum(os.times()[:2]) - sum(before[:2])
        report(seconds, cpu, f"{count / seconds:.1f} objects/s")


def churn() -> None:
    """Many posts, edited and deleted while they are published; then the site is held to them."""
    count = int(os.environ.get("CHURN", "1000"))
    presswork("up", "--json")
    files = write("churn", count)
    some = random.Random(14)  # noqa: S311 - the same ones each time
    chosen = some.sample(range(count // 2), count * 4 // 10)  # of those that are sent first
    edited, deleted = chosen[: count * 3 // 10], chosen[count * 3 // 10 :]
    with step(f"churn: {count} posts") as report, ThreadPoolExecutor(3) as pool:
        began, memory = time.monotonic(), Memory()
        published = pool.submit(presswork, "publish", *files, "--json")
        time.sleep(count / 50)
        for number in edited:
            Path(files[number]).write_text(text("churn", number, "Other words about it. "))
        again = pool.submit(presswork, "publish", *(files[n] for n in edited), "--json")
        keys = [f"posts/{Path(files[number]).name}" for number in deleted]
        gone = pool.submit(presswork, "remove", *keys, "--json")
        while not all(each.done() for each in (published, again, gone)):
            memory.look()
            time.sleep(1)
        cpu = sum(each.result()[1] for each in (published, again, gone))
        for what, done in (("published", published), ("edited", again), ("removed", gone)):
            answer = done.result()[2]
            print(
                f"    {what}: {dict(Counter(post['status'] for post in answer.get('posts', ())))}"
            )
        report(time.monotonic() - began, cpu)
    memory.tell()
    with step("churn: verify") as report:
        seconds, cpu, answer = presswork("verify", "--json")
        report(seconds, cpu, json.dumps({k: v for k, v in answer.items() if k != "site"})[:200])


class Memory:
    """MiB of the cloud's process and of the largest worker of each stage, second by second."""

    def __init__(self) -> None:
        self.looks: list[Counter[str]] = []

    def look(self) -> None:
        """One more look."""
        largest: Counter[str] = Counter()
        for id, _, mib in processes():
            stage = stage_of(id)
            largest[stage] = max(largest[stage], int(mib))
        self.looks.append(largest)

    def tell(self) -> None:
        """What it was at each tenth of the time, and at the end."""
        looks = [self.looks[len(self.looks) * tenth // 10] for tenth in range(10)]
        for stage in sorted(set().union(*looks)):
            sizes = " ".join(f"{look[stage]:5}" for look in (*looks, self.looks[-1]))
            print(f"    MiB of {stage:{_WIDTH - 11}}{sizes}", flush=True)


def main() -> None:
    """Prints a row for each."""
    prepare()
    print(f"{'':{_WIDTH}}  seconds  CPU command  cloud  functions", flush=True)
    wanted = sys.argv[1:] or ["up", "first", "burst", "floor", "churn"]
    try:
        for measure in (up, first, burst, floor, churn):
            if measure.__name__ in wanted:
                measure()
    finally:
        presswork("down")


if __name__ == "__main__":
    main()
