"""Measures Presswork and its peers side by side, and writes one JSON: `make bench-peers`.

Each round goes through all programs for each step before the next step, so that A and B stand side
by side whatever else the machine does; ratios are those of one round. The JSON is written after
every round: what was measured is kept when a run is cut short.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import presswork
from peers import corpus, figures
from peers.corpus import Post
from peers.processes import Cost, Failed, Watcher, peak, timed
from peers.programs import NODE, PRESSWORK, PROGRAMS, ROOT, Program, Workplace

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
WORK = ROOT / ".presswork" / "peers"
REMOTE_IMAGES = HERE.parent / "remote_images.py"
BENCH = ROOT / ".venvs" / "bench" / "bin" / "python"
QUICK_SIZES, QUICK_POSTS = (60,), 20
_CALLED = {"presswork": "Presswork", "hugo": "Hugo"}

Row = dict[str, Any]


class Site:
    """A site of one size in the folder of one program, and what is done to it in one round."""

    def __init__(self, program: Program, posts: Sequence[Post], newest: Post) -> None:
        self.program = program
        self._posts, self._newest = posts, newest
        self._edited = posts[len(posts) * 4 // 5]
        self._edits = 0
        self._place = Workplace(program, WORK / program.name.lower())

    def build(self) -> Cost:
        """The whole site, where nothing has been made before."""
        self._place.lay(self._posts)
        cost = self._timed()
        self._must_show(self._posts[0], "")
        return cost

    def same(self) -> Cost:
        """The same command again, with nothing changed."""
        return self._timed()

    def edit(self) -> Cost:
        """A post has one more paragraph."""
        post = self._next_edit()
        self._place.write(post)
        cost = self._timed()
        self._must_show(post, self._edit_words)
        return cost

    def new(self) -> Cost:
        """There is one more post."""
        return self.comes(self._newest)

    def comes(self, post: Post) -> Cost:
        """This post is there from now on."""
        self._place.write(post)
        cost = self._timed()
        self._must_show(post, "")
        return cost

    def made(self) -> Row:
        """How many files the site has, and of how many MB."""
        files = [each for each in (self._place.site / "public").rglob("*") if each.is_file()]
        size = sum(each.stat().st_size for each in files)
        return {"files": len(files), "mb": round(size / 1e6, 1)}

    def memory(self) -> float:
        """The most MB that the first build has at once."""
        self._place.lay(self._posts)
        return peak(self._place.build(), self._place.log)

    def watching(self) -> Watcher | None:
        """The program as it watches the site, if it can."""
        if self.program.watch is None:
            return None
        command = self._place.command(self.program.watch())
        return Watcher(command, self._place.log, self.program.told)

    def edit_watched(self, watcher: Watcher) -> Cost:
        """A post has one more paragraph, and who watches builds again."""
        post = self._next_edit()
        cost = watcher.timed(self._place.file(post), self.program.form(post))
        self._must_show(post, self._edit_words)
        return cost

    @property
    def _edit_words(self) -> str:
        return f"Edited for the {self._edits}th time."

    def _next_edit(self) -> Post:
        self._edits += 1
        return self._edited.with_words(self._edit_words)

    def _timed(self) -> Cost:
        os.sync()  # nobody pays for what another has left to be written
        return timed(self._place.build(), self._place.log)

    def _must_show(self, post: Post, words: str) -> None:
        page = self._place.page(post)
        if not page.exists() or words not in page.read_text(encoding="utf-8"):
            raise Failed(f"{self.program.name} has not made {page} with the words {words!r}")


STEPS: dict[str, Callable[[Site], Cost]] = {
    "build": Site.build,
    "same": Site.same,
    "edit": Site.edit,
    "new": Site.new,
}


def rounds_of(sites: Sequence[Site], rounds: int) -> Iterator[list[Row]]:
    """The rows of each round: every step of all programs, one after another."""
    for number in range(rounds):
        rows = []
        for step, do in STEPS.items():
            for site in sites:
                rows.append(_row(number, step, site, do(site)))
                _tell(rows[-1])
        yield rows


def watched_rounds(sites: Sequence[Site], rounds: int) -> Iterator[Row]:
    """The rows of edits while programs watch, beside Presswork's command, which starts anew."""
    with ExitStack() as stack:
        watchers = []
        for site in sites:
            watcher = site.watching()
            if watcher is not None:
                watchers.append((site, stack.enter_context(watcher)))
        ours = next(site for site in sites if site.program is PRESSWORK)
        for number in range(rounds):
            yield _row(number, "watch", ours, ours.edit())
            for site, watcher in watchers:
                yield _row(number, "watch", site, site.edit_watched(watcher))


def _row(number: int, step: str, site: Site, cost: Cost) -> Row:
    took = {name: round(value, 4) for name, value in asdict(cost).items()}
    return {"round": number, "step": step, "program": site.program.name} | took


def _tell(row: Row) -> None:
    print(
        f"  {row['step']:6} {row['program']:10} {row['wall']:9.2f} s, CPU {row['cpu']:9.2f} s",
        flush=True,
    )


def sized(size: int, rounds: int, results: Row, write: Callable[[], None]) -> None:
    """Adds what a site of this size costs each program."""
    *posts, newest = corpus.written(size + 1)
    sites = [Site(program, posts, newest) for program in PROGRAMS]
    print(f"{size} posts", flush=True)
    results["sizes"].append(size)
    for rows in rounds_of(sites, rounds):
        results["rows"] += [{"size": size} | row for row in rows]
        if rows[0]["round"] == 0:
            for site in sites:
                about = {"size": size, "program": site.program.name}
                results["made"].append(about | site.made())
        write()
    for row in watched_rounds(sites, rounds):
        results["rows"].append({"size": size} | row)
        _tell(row)
    for site in sites:
        row = {"size": size, "program": site.program.name, "mb": round(site.memory())}
        results["memory"].append(row)
        print(f"  memory {row['program']:10} {row['mb']:9} MB", flush=True)
    write()


def to_page(rounds: int, most: int) -> list[Row]:
    """What a post costs from its text to its page, in the environment that has such libraries."""
    return _rows_of(BENCH, "-m", "peers.to_page", "--rounds", str(rounds), "--most", str(most))


def images(rounds: int) -> list[Row]:
    """What remote images cost: a row for each run of each program."""
    hugo = ROOT / ".venvs" / "peers" / "bin" / "hugo"
    words = ("--hugo", str(hugo), "--eleventy", str(HERE), "--rounds", str(rounds))
    report = _said_by(Path(sys.executable), str(REMOTE_IMAGES), *words)
    return [
        {"program": _CALLED.get(name, name), "round": number, **run}
        for name, runs in report["runs"].items()
        for number, run in enumerate(runs)
    ]


def _rows_of(python: Path, *words: str) -> list[Row]:
    """The rows that another bench prints."""
    return list(_said_by(python, *words))


def _said_by(python: Path, *words: str) -> Any:
    """The JSON that another bench prints; programs of Node.js are run by the one that is locked."""
    paths = (ROOT / name for name in ("bench", "shared", "tests"))
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PATH": os.pathsep.join([str(Path(NODE).parent), os.environ["PATH"]]),
    }
    said = subprocess.check_output([python, *words], env=environment)  # noqa: S603 - ours
    return json.loads(said)


def machine() -> Row:
    """What this machine is, and how busy it is before anything is measured."""
    about = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2] for line in about if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": model.strip() or platform.machine(),
        "cores": os.cpu_count(),
        "gib": round(memory / 2**30),
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "load": round(os.getloadavg()[0], 1),
    }


def versions() -> Row:
    """Which version of each program, and of what runs it, was measured."""
    node = subprocess.check_output([NODE, "--version"], text=True)  # noqa: S603 - our own
    found = {program.name: program.version() for program in PROGRAMS}
    runtimes = {"Python": platform.python_version(), "Node.js": node.strip().removeprefix("v")}
    return found | {PRESSWORK.name: presswork.__version__} | runtimes


def main() -> int:
    """Measures, and writes the JSON; 1 when a program did not do what it was asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--out", type=Path, default=RESULTS)
    options.add_argument("--quick", action="store_true", help="a small site, to try the bench")
    given = options.parse_args()
    sizes, rounds = (QUICK_SIZES, 1) if given.quick else (given.sizes, given.rounds)
    results: Row = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "versions": versions(),
        "sizes": [],
        "rounds": rounds,
        "rows": [],
        "made": [],
        "memory": [],
        "to_page": [],
        "images": [],
    }

    def write() -> None:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        results["figures"] = figures.of(results)
        given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")

    try:
        results["to_page"] = to_page(rounds, QUICK_POSTS if given.quick else sys.maxsize)
        results["images"] = [] if given.quick else images(rounds)
        for size in sorted(sizes):
            sized(size, rounds, results, write)
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
