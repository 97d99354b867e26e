"""CPU time of `parse` for each post, beside the usual way in the same run.

The usual way is python-frontmatter, Python-Markdown, Beautiful Soup with html.parser, and bleach,
each object made once and kept. `make bench` runs it in an environment of its own, `.venvs/bench`.

Each way reads a row of posts before the other does, as a program does that has one way alone. The
last column is the ratio when they take turns at each post: then each finds the processor's caches
full of the other, which costs the shorter way more. At the end `parse` alone reads the bodies that
would take a careless reader minutes.
"""

import argparse
import contextlib
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import thread_time_ns

sys.path.insert(0, str(Path(__file__).parents[1] / "shared"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import bleach
import frontmatter
import markdown
import posts
from bs4 import BeautifulSoup

from presswork.content import Site, parse
from presswork.errors import Rejected
from unit.content.hostile_bodies import BODIES

UPLOADED = datetime(2026, 1, 1, tzinfo=UTC)
SITE = Site()
P99_WANTED, WORST_WANTED, HOSTILE_WANTED = 25.0, 100.0, 5000.0
WANTED = {"Markdown": 8.0, "HTML": 3.0}

_EXTENSIONS = ["admonition", "codehilite", "def_list", "fenced_code", "footnotes", "tables", "toc"]
_TAGS = (
    "a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 "
    "h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub sup table tbody td tfoot "
    "th thead tr u ul var"
)
_MARKDOWN = markdown.Markdown(extensions=_EXTENSIONS)
_ATTRIBUTES = [
    "alt",
    "class",
    "colspan",
    "height",
    "href",
    "id",
    "rowspan",
    "src",
    "title",
    "width",
]
_CLEANER = bleach.Cleaner(tags=frozenset(_TAGS.split()), attributes={"*": _ATTRIBUTES}, strip=True)
_LAZY = ("data-original", "data-src")

Read = Callable[[posts.Sample], object]


def ours(sample: posts.Sample) -> object:
    """Everything that `parse` does with the bytes of a post."""
    return parse(sample.text.encode(), f"posts/{sample.name}", SITE, uploaded=UPLOADED)


def usual(sample: posts.Sample) -> str:
    """A post's front matter read, its body made HTML, its images found, and the rest sanitised."""
    content = frontmatter.loads(sample.text).content
    return usual_html(content, is_html=sample.name.endswith(".html"))


def usual_html(content: str, *, is_html: bool) -> str:
    """The same of what follows the front matter."""
    html = content if is_html else _MARKDOWN.reset().convert(content)
    soup = BeautifulSoup(html, "html.parser")
    for image in soup.find_all("img"):
        address = next((image[name] for name in _LAZY if image.get(name)), None)
        if address:
            image["src"] = address
    return _CLEANER.clean(str(soup))


A_ROW = 50
"""How many posts one way reads before the other: a second, in which a machine changes little."""


class Row:
    """The CPU milliseconds of some posts, both ways; each try counts."""

    def __init__(self, name: str, samples: Sequence[posts.Sample], rounds: int) -> None:
        self.name = name
        self.samples = samples
        self.ours: dict[str, list[float]] = {each.name: [] for each in samples}
        self.usual: dict[str, list[float]] = {each.name: [] for each in samples}
        self.in_turns: dict[str, tuple[float, float]] = {}
        for _ in range(rounds):
            for start in range(0, len(samples), A_ROW):
                row = samples[start : start + A_ROW]
                for sample in row:
                    self.ours[sample.name].append(cpu_ms(ours, sample))
                for sample in row:
                    self.usual[sample.name].append(cpu_ms(usual, sample))
        for sample in samples if rounds else ():
            self.in_turns[sample.name] = cpu_ms(ours, sample), cpu_ms(usual, sample)

    @property
    def ratio(self) -> float:
        """How many times as much CPU the usual way takes, over the best try of each post."""
        return sum(map(min, self.usual.values())) / sum(map(min, self.ours.values()))

    @property
    def ratio_in_turns(self) -> float:
        """The same, over the one try at which both ways took turns."""
        ours_ms, usual_ms = map(sum, zip(*self.in_turns.values(), strict=True))
        return usual_ms / ours_ms

    def line(self) -> str:
        """The row of the table."""
        tries = [ms for each in self.ours.values() for ms in each]
        theirs = [ms for each in self.usual.values() for ms in each]
        wanted = WANTED.get(self.name)
        return (
            f"{self.name:20}{len(self.samples):>6}{median(tries):>9.2f}{p99(tries):>9.2f}"
            f"{max(tries):>9.2f}{median(theirs):>9.2f}{p99(theirs):>9.2f}{self.ratio:>8.1f} x"
            f"{f'{wanted:g} x' if wanted else '':>8}{self.ratio_in_turns:>9.1f} x"
        )

    def slowest(self, count: int) -> list[tuple[float, str]]:
        """The posts that take `parse` longest, by their best try."""
        return sorted(((min(ms), name) for name, ms in self.ours.items()), reverse=True)[:count]


def cpu_ms(read: Read, sample: posts.Sample) -> float:
    """The CPU time of one try, which other processes do not lengthen.

    That of the thread: while a process has a timer of its CPU time, as `parse` has, Linux tells
    that time as it was at the last tick, and what is missing goes to whoever comes next.
    """
    start = thread_time_ns()
    read(sample)
    return (thread_time_ns() - start) / 1e6


def p99(times: Sequence[float]) -> float:
    """The time that 99 of 100 tries stay below."""
    return quantiles(times, n=100, method="inclusive")[-1]


def slowest_hostile() -> float:
    """The CPU time of the hostile body that takes longest, as Markdown or as HTML."""

    def read(sample: posts.Sample) -> None:
        with contextlib.suppress(Rejected):
            ours(sample)

    names = ("2021-11-21-x.md", "2021-11-21-x.html")
    return max(cpu_ms(read, posts.Sample(name, body)) for body in BODIES for name in names)


def rows(written: Sequence[posts.Sample], rounds: int) -> list[Row]:
    """The posts as they were written, and the same with HTML bodies as feed tools write them."""
    html = [posts.as_feed_tools_write(sample) for sample in written]
    # What is imported late is imported now, and the lexers of code are made, which both ways keep.
    for sample in (*written, html[0]):
        ours(sample), usual(sample)
    return [Row("Markdown", written, rounds), Row("HTML", html, rounds)]


def subset(row: Row, name: str, samples: Sequence[posts.Sample]) -> Row:
    """A part of a row that was measured already."""
    part = Row(name, samples, 0)
    part.ours = {each.name: row.ours[each.name] for each in samples}
    part.usual = {each.name: row.usual[each.name] for each in samples}
    part.in_turns = {each.name: row.in_turns[each.name] for each in samples}
    return part


def main() -> None:
    """Prints the table, and whether what is wanted was reached."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3, help="tries of each post (3)")
    options.add_argument("--slowest", type=int, default=0, metavar="N", help="name the slowest N")
    options.add_argument("--only", default="", metavar="REGEX", help="only posts of such a name")
    given = options.parse_args()
    written = posts.real()
    if not written:
        print(f"{posts.CORPUS} is absent: {posts.MADE} made posts stand for real ones")
        written = posts.made()
    written = [each for each in written if re.search(given.only, each.name)]
    markdown_row, html_row = rows(written, given.rounds)
    pure = [each for each in written if not each.has_html]
    mixed = [each for each in written if each.has_html]
    print(
        "CPU ms a post        posts   median     p99      max  usual:   p99    ratio  wanted"
        "   in turns"
    )
    print(markdown_row.line())
    for name, samples in (("  without tags", pure), ("  with tags", mixed)):
        if samples:
            print(subset(markdown_row, name, samples).line())
    print(html_row.line())
    verdict(markdown_row, html_row)
    hostile = slowest_hostile()
    told = f"slowest hostile body {hostile:.0f} ms, wanted <= {HOSTILE_WANTED:g}"
    print("reached" if hostile <= HOSTILE_WANTED else "MISSED ", told)
    for row in (markdown_row, html_row):
        for ms, name in row.slowest(given.slowest):
            print(f"{ms:8.2f} ms  {name}")


def verdict(*measured: Row) -> None:
    """One line for each thing wanted: reached, or not."""
    tries = [ms for row in measured for each in row.ours.values() for ms in each]
    wanted = [
        (f"p99 of all tries {p99(tries):.2f} ms, wanted < {P99_WANTED:g}", p99(tries) < P99_WANTED),
        (
            f"slowest try {max(tries):.2f} ms, wanted <= {WORST_WANTED:g}",
            max(tries) <= WORST_WANTED,
        ),
        *(
            (f"{row.name} {row.ratio:.1f} x, wanted >= {WANTED[row.name]:g} x", reached(row))
            for row in measured
        ),
    ]
    for sentence, is_reached in wanted:
        print("reached" if is_reached else "MISSED ", sentence)


def reached(row: Row) -> bool:
    """Whether the usual way is as many times slower as wanted."""
    return row.ratio >= WANTED[row.name]


if __name__ == "__main__":
    main()
