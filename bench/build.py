"""What `presswork build` takes: of a whole site, again, after one change, and for one more post.

Each build is a process of its own, as its user starts it. CPU is that of all its processes, memory
the most that all of them had at once (PSS: what they share counts once).
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Self

import posts

ROOT = Path(__file__).parents[1]
SIZES = (1_000, 10_000)
TAGS, AUTHORS, YEARS = 100, 10, 10
_EVERY = 0.5


@dataclass(frozen=True)
class Run:
    """One process and those that it started: seconds, and megabytes."""

    wall: float
    cpu: float
    peak: float

    @classmethod
    def of(cls, command: list[str], environment: dict[str, str]) -> Self:
        """What a command takes; it has to end well."""
        begin = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own words
            command, env=environment, stdout=subprocess.DEVNULL
        )
        peak = Peak(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)}: exit code {process.returncode}")
        return cls(wall, usage.ru_utime + usage.ru_stime, peak.megabytes())


class Peak:
    """Looks at the memory of a process and its children until it is asked."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def megabytes(self) -> float:
        """The most there was."""
        self._ended.set()
        self._thread.join()
        return self._most / 1024

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY):
            self._most = max(self._most, sum(map(kilobytes, [self._pid, *children(self._pid)])))


def children(pid: int) -> list[int]:
    """The processes below one; none where there is no /proc."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in map(int, path.read_text().split()):
                found += [child, *children(child)]
        except OSError:
            continue
    return found


def kilobytes(pid: int) -> int:
    """The PSS of a process, which may have ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    pss = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
    return int(pss[1]) if pss else 0


def write_blog(folder: Path, size: int) -> None:
    """A content folder of so many posts, in ten years, each with three of a hundred tags."""
    chance = Random(7)  # noqa: S311 - it draws tags
    (folder / "posts").mkdir(parents=True)
    (folder / "site.yaml").write_text("title: Bench\nbase_url: https://bench.example\n")
    for number, sample in enumerate(posts.made(size)):
        (folder / "posts" / f"post-{number}.md").write_text(placed(sample.text, number, chance))


def placed(text: str, number: int, chance: Random) -> str:
    """A made post with a date, tags and an author of its own."""
    year, month, day = 2015 + number % YEARS, 1 + number // YEARS % 12, 1 + number // 120 % 28
    tags = "".join(f"- tag{each}\n" for each in chance.sample(range(TAGS), 3))
    text = re.sub(r"date: \S+", f"date: {year}-{month:02}-{day:02}", text, count=1)
    text = text.replace("tags:\n- sea\n- letters\n", f"tags:\n{tags}")
    return text.replace("authors:\n- ann\n- bo\n", f"authors:\n- author{number % AUTHORS}\n")


def measured(folder: Path, size: int) -> dict[str, Run]:
    """The builds of a site, one after another."""
    blog, out = folder / "blog", folder / "out"
    write_blog(blog, size)
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT / 'shared'}:{ROOT / 'cli'}",
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users' Python keeps what it compiles
    command = [sys.executable, "-m", "presswork_cli", "build", str(blog), "--out", str(out)]

    def run(*more: str) -> Run:
        return Run.of([*command, *more], environment)

    runs = {"whole": run(), "again": run()}
    changed = blog / "posts" / f"post-{size // 2}.md"
    changed.write_text(changed.read_text() + "\nOne more line.\n")
    runs["one change"] = run()
    text = placed(posts.made(1)[0].text, size // 3, Random(1))  # noqa: S311 - as above
    (blog / "posts" / "one-more.md").write_text(text)
    runs["one more post"] = run()
    shutil.rmtree(out)
    runs["whole, no cache"] = run("--no-cache")
    return runs


def main() -> None:
    """Prints a table for each size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of posts")
    given = options.parse_args()
    print(f"{'build':24}{'posts':>8}{'wall s':>10}{'CPU s':>10}{'peak MB':>10}")
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as folder:
            for name, run in measured(Path(folder), size).items():
                print(f"{name:24}{size:>8,}{run.wall:>10.2f}{run.cpu:>10.2f}{run.peak:>10.0f}")


if __name__ == "__main__":
    main()
