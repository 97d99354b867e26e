"""docs/performance.md and its plots, made of the JSON of a run: `python -m peers.page`.

Every number on the page is one of the JSON's; what is said of them follows from them as well.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from textwrap import wrap
from typing import Any

from peers import plots
from peers.figures import OTHERS, OURS
from peers.plots import Bar, Group

Row = dict[str, Any]

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results.json")
PAGE = Path("docs/performance.md")
PICTURES = "pictures"

STEPS = {
    "build": "the whole site, nothing made before",
    "same": "the command again, nothing changed",
    "edit": "again after an edit of one post",
    "new": "again with one more post",
    "watch": "an edit, while Hugo and Eleventy watch",
}
MAKES = {
    OURS: (
        "beyond the others: each post as data, related posts, archives of years and tags, three "
        "kinds of feeds, feeds of tags, a search, a theme; HTML is repaired and sanitised"
    ),
    "Hugo": "its feed has summaries",
    "Eleventy": "its feed has full text",
    "Hexo": "its feed has full text",
    "Pelican": "its feed has full text; no links from a post to its neighbours",
}


def files(results: Row) -> dict[str, str]:
    """The page and the plots, by their paths below the root of the repository."""
    figures = results["figures"]
    folder = PAGE.parent / PICTURES
    made = {
        PAGE: "\n".join(_page(results)),
        folder / "performance-build.svg": _steps_plot(figures, ["build"]),
        folder / "performance-change.svg": _steps_plot(figures, ["edit", "watch"]),
        folder / "performance-memory.svg": _memory_plot(results),
        folder / "performance-post.svg": _post_plot(figures),
    }
    return {str(path): text for path, text in made.items()}


def shown(number: float) -> str:
    """A number as the page and the plots print it."""
    return f"{number:,}"


def _page(results: Row) -> Iterator[str]:
    yield from _opening(results)
    yield from _machine(results)
    yield from _builds(results)
    yield from _changes(results)
    yield from _memory(results)
    yield from _posts(results)
    yield from _images(results)
    yield from _wanted(results["figures"])
    yield from _shortfalls(results["figures"])


def _opening(results: Row) -> Iterator[str]:
    sizes = " ".join(map(str, results["sizes"]))
    yield from (
        "# Performance",
        "",
        "Presswork beside what people would pick instead: Hugo, Eleventy, Hexo, Pelican, and a",
        "blog put together from Python's usual libraries. This page and its plots are made of",
        "[one JSON](../bench/peers/results.json) by a script; a test holds them to it.",
        "",
        "```sh",
        f'make bench-peers SIZES="{sizes}" ROUNDS={results["rounds"]}',
        "```",
        "",
        "installs the others from locks with hashes, measures, and writes this page anew. It needs",
        "Linux, npm and about an hour. Nothing but the installing goes to the network, and",
        "nobody's telemetry is on.",
        "",
    )


def _machine(results: Row) -> Iterator[str]:
    machine, versions = results["machine"], results["versions"]
    hardware = f"{machine['processor']}, {machine['cores']} processors, {machine['gib']} GiB"
    yield from (
        "## The machine, and how it is measured",
        "",
        "| | |",
        "| --- | --- |",
        f"| date | {results['date']} |",
        f"| machine | {hardware}, {machine['system']} |",
        f"| load before the run | {shown(machine['load'])} |",
        f"| processors of others meanwhile | {shown(results['figures']['others'])} |",
        f"| rounds | {results['rounds']} |",
        f"| versions | {', '.join(f'{name} {version}' for name, version in versions.items())} |",
        "",
        "In each round all programs take a step before any takes the next: A B A B. Times are",
        "medians of the rounds. A ratio (×) is taken within a round, and its median is shown.",
        "",
        "Wall time grows with what else the machine does. CPU time, that of all processes of a",
        "program, hardly does.",
        "",
        "All read the same posts with a date and three tags, forty a month. All make a page for",
        "each post, the newest posts, a list for each month and each tag, a feed, and a sitemap.",
        "",
    )
    yield from _table(
        ["", "what it makes", *(f"files, {shown(size)} posts" for size in results["sizes"]), "MB"],
        (
            [
                program,
                MAKES[program],
                *(shown(_made(results, size, program)["files"]) for size in results["sizes"]),
                shown(_made(results, max(results["sizes"]), program)["mb"]),
            ]
            for program in (OURS, *OTHERS)
        ),
    )
    yield from (
        "",
        "MB are those of the largest site. The templates of the others are as short as they can be",
        "([the sites](../bench/peers/sites)): that is in their favour.",
        "",
    )


def _builds(results: Row) -> Iterator[str]:
    yield from (
        "## A whole site",
        "",
        f"![Seconds of a whole build, by program]({PICTURES}/performance-build.svg)",
        "",
    )
    yield from _step_tables(results, ["build"])


def _changes(results: Row) -> Iterator[str]:
    yield from (
        "## After one change",
        "",
        "Presswork, Hexo and Pelican are started anew and use what they keep from the run before.",
        "Hugo keeps nothing of posts. Eleventy's command for one file that has changed",
        "(`--incremental=FILE`) fails on this site, so it builds all of it.",
        "",
        "Hugo and Eleventy can also stay and watch; beside them Presswork is started anew. A",
        "program that watches has loaded everything before the clock starts.",
        "",
        f"![Seconds after one change, by program]({PICTURES}/performance-change.svg)",
        "",
    )
    yield from _step_tables(results, ["same", "edit", "new", "watch"])


def _memory(results: Row) -> Iterator[str]:
    yield from (
        "## Memory",
        "",
        "The most that all processes of a whole build have at once, pages that they share counted",
        "once (PSS), in runs of their own.",
        "",
        f"![MB of a whole build, by program]({PICTURES}/performance-memory.svg)",
        "",
    )
    sizes = _sizes_of(results["memory"])
    yield from _table(
        ["MB", *(f"{shown(size)} posts" for size in sizes)],
        (
            [
                program,
                *(
                    shown(row["mb"])
                    for size in sizes
                    for row in results["memory"]
                    if (row["size"], row["program"]) == (size, program)
                ),
            ]
            for program in (OURS, *OTHERS)
        ),
    )
    yield ""


def _posts(results: Row) -> Iterator[str]:
    yield from (
        "## From a post to its page",
        "",
        "CPU time of one post, beside what a blog in Python is put together from. The classic",
        "stack is python-frontmatter, Python-Markdown, Beautiful Soup on html.parser, bleach and",
        "Jinja. The quick one has markdown-it-py, lxml and nh3 in their place.",
        "",
        "Both read front matter, make HTML, find lazy images, sanitise, and fill a page of twelve",
        "lines. What only Presswork does counts against it: repairs and warnings with their lines,",
        "a summary, words and reading time, the language, a path, a fingerprint, and a page with",
        "metadata, linked data, a table of contents, and frames for images.",
        "",
        "In rows, a way reads fifty posts before the next way does. In turns, all ways read a post",
        "before the next post comes, and each finds the caches full of the others. HTML posts are",
        "the same posts as feed tools write them.",
        "",
        "Invented posts are drawn by the bench. Those of 18F are the real posts of that agency's",
        "blog, which are in the public domain; where they are absent, their rows are.",
        "",
        f"![CPU milliseconds of a post, by stack]({PICTURES}/performance-post.svg)",
        "",
    )
    yield from _table(
        ["posts", "order", "way", "CPU ms a post", "× Presswork's"],
        (
            [
                f"{row['posts']} ({shown(row['count'])})",
                row["order"],
                row["way"],
                shown(row["ms"]),
                "" if row["way"] == OURS else shown(row["times"]),
            ]
            for row in results["figures"]["to_page"]
        ),
    )
    yield ""


def _images(results: Row) -> Iterator[str]:
    """What remote images cost, where that was measured."""
    if not results.get("images"):
        return
    yield from (
        "## Remote images",
        "",
        "The same remote images from several hosts of this machine, each answer of which begins",
        "after a while; one WebP is made of each, at equal settings.",
        "",
    )
    yield from _table(
        ["", "wall s", "CPU s", "wall, × Presswork's"],
        (
            [row["program"], shown(row["wall"]), shown(row["cpu"]), shown(row["times"])]
            for row in results["figures"]["images"]
        ),
    )
    yield ""


def _wanted(figures: Row) -> Iterator[str]:
    yield from (
        "## What was wanted",
        "",
        "Of the largest site. «Beside» is the time of the one divided by the other's.",
        "",
    )
    yield from _table(
        ["", "wanted", "measured", ""],
        (
            [
                row["what"],
                f"{row['bound']} {shown(row['limit'])} {row['unit']}",
                f"{shown(row['measured'])} {row['unit']}",
                "reached" if row["reached"] else "**missed**",
            ]
            for row in figures["wanted"]
        ),
    )
    yield ""


def _shortfalls(figures: Row) -> Iterator[str]:
    """Each aim that was missed, and each time that another program was ahead, as a sentence."""
    yield from ("## What falls short", "")
    told = [
        f"- {row['what']}: wanted {row['bound']} {shown(row['limit'])} {row['unit']}, measured "
        f"{shown(row['measured'])}."
        for row in figures["wanted"]
        if not row["reached"]
    ]
    told += [
        f"- {shown(size)} posts, {STEPS[step]}: Presswork takes {shown(ours)} s; ahead are "
        + ", ".join(f"{row['program']} ({shown(row['theirs'])} s)" for row in rows)
        + "."
        for (size, step, ours), rows in _grouped(figures["behind"], "size", "step", "ours")
    ]
    told += [
        f"- {row['posts']}, {row['order']}: the {row['way']} takes {shown(row['times'])} × the CPU "
        "time of Presswork, which is less."
        for row in figures["to_page"]
        if row["times"] < 1
    ]
    for sentence in told:
        yield from wrap(sentence, 96, subsequent_indent="  ", break_on_hyphens=False)
    if not told:
        yield "Nothing of what is measured here: every aim is reached, and no peer is ahead."
    yield ""


def _grouped(rows: Iterable[Row], *keys: str) -> Iterator[tuple[tuple[Any, ...], list[Row]]]:
    for values, group in groupby(rows, key=itemgetter(*keys)):
        yield values, list(group)


def _step_tables(results: Row, steps: Sequence[str]) -> Iterator[str]:
    for step in steps:
        rows = [row for row in results["figures"]["steps"] if row["step"] == step]
        ratios = {
            (row["size"], row["program"]): row
            for row in results["figures"]["ratios"]
            if row["step"] == step
        }
        sizes = results["sizes"]
        heads = [f"{shown(size)} posts: wall s | CPU s | Presswork's wall" for size in sizes]
        programs = list(dict.fromkeys(row["program"] for row in rows))
        yield from _table(
            [STEPS[step], *" | ".join(heads).split(" | ")],
            (
                [
                    program,
                    *(
                        cell
                        for row in rows
                        if row["program"] == program
                        for cell in _cells(row, ratios.get((row["size"], program)))
                    ),
                ]
                for program in programs
            ),
        )
        yield ""


def _cells(row: Row, ratio: Row | None) -> list[str]:
    times = f"{shown(ratio['wall'])} ×" if ratio else ""
    return [shown(row["wall"]), shown(row["cpu"]), times]


def _sizes_of(rows: Iterable[Row]) -> list[int]:
    return list(dict.fromkeys(row["size"] for row in rows))


def _made(results: Row, size: int, program: str) -> Row:
    return next(row for row in results["made"] if (row["size"], row["program"]) == (size, program))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _line(head)
    yield _line(["---"] * len(head))
    yield from map(_line, rows)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("  ", " ")


def _steps_plot(figures: Row, steps: Sequence[str]) -> str:
    chosen = [row for row in figures["steps"] if row["step"] in steps]
    groups = [
        Group(
            f"{shown(size)} posts: {STEPS[step]}, wall seconds",
            [_bar(row["program"], row["wall"], "s") for row in rows],
        )
        for (size, step), rows in _grouped(chosen, "size", "step")
    ]
    return plots.bars("Wall seconds", groups)


def _memory_plot(results: Row) -> str:
    groups = [
        Group(
            f"{shown(size)} posts: memory of a whole build, MB",
            [
                _bar(row["program"], row["mb"], "MB")
                for row in results["memory"]
                if row["size"] == size
            ],
        )
        for size in _sizes_of(results["memory"])
    ]
    return plots.bars("Memory", groups)


def _post_plot(figures: Row) -> str:
    kinds = dict.fromkeys((row["posts"], row["order"]) for row in figures["to_page"])
    groups = [
        Group(
            f"{posts}, {order}: CPU ms a post",
            [
                _bar(row["way"], row["ms"], "ms")
                for row in figures["to_page"]
                if (row["posts"], row["order"]) == (posts, order)
            ],
        )
        for posts, order in kinds
        if order == "in rows"
    ]
    return plots.bars("CPU milliseconds of a post", groups)


def _bar(name: str, value: float, unit: str) -> Bar:
    return Bar(name, value, f"{shown(value)} {unit}", is_ours=name == OURS)


def main() -> None:
    """Writes the page and the plots of the JSON that is named, or of the one that is kept."""
    source = Path(sys.argv[1]) if sys.argv[1:] else RESULTS
    target = Path(sys.argv[2]) if sys.argv[2:] else ROOT
    for name, text in files(json.loads(source.read_text(encoding="utf-8"))).items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
