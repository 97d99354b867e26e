"""docs/performance.md: each number is of the JSON, and what falls short is said."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from peers import corpus, figures, page, plots, processes
from peers.plots import Bar, Group
from peers.processes import Command
from peers.programs import PRESSWORK, Workplace

ROOT = Path(__file__).parents[2]
RESULTS = json.loads((ROOT / "bench/peers/results.json").read_text(encoding="utf-8"))
MADE = page.files(RESULTS)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)*")
SVG = "{http://www.w3.org/2000/svg}"

Row = dict[str, Any]


def numbers(value: Any) -> set[str]:
    """All numbers of a JSON, as a page prints them; those of its strings as they stand there."""
    if isinstance(value, dict):
        return set[str]().union(*map(numbers, value.values()))
    if isinstance(value, list):
        return set[str]().union(*map(numbers, value))
    if isinstance(value, str):
        return set(NUMBER.findall(value))
    return set() if isinstance(value, bool) else {page.shown(value), str(value)}


def row(number: int, program: str, wall: float, step: str = "build", size: int = 10) -> Row:
    """A try of a program, whose CPU time is half its wall time."""
    tried = {"size": size, "round": number, "step": step, "program": program}
    return tried | {"wall": wall, "cpu": wall / 2, "others": 0.0}


def run(*rows: Row) -> Row:
    """The JSON of a run with these rows and nothing else, its figures included."""
    machine = {"processor": "x", "cores": 2, "gib": 4, "system": "Linux", "load": 0.5}
    made = [{"size": 10, "program": program, "files": 1, "mb": 0.5} for program in page.MAKES]
    results: Row = {"date": "2026-11-29", "machine": machine, "versions": {}, "sizes": [10]}
    results |= {"rounds": 3, "rows": list(rows), "made": made, "memory": [], "to_page": []}
    return results | {"figures": figures.of(results)}


def shortfalls(results: Row) -> str:
    """What the page of a run says under its last heading, in one line."""
    text = page.files(results)["docs/performance.md"]
    return " ".join(text.partition("## What falls short\n")[2].split())


@pytest.mark.parametrize("name", MADE)
def test_the_page_and_its_plots_are_what_the_json_makes(name: str) -> None:
    """Whoever edits the page by hand, or the JSON without the page, is told."""
    assert (ROOT / name).read_text(encoding="utf-8") == MADE[name]


def test_the_figures_are_those_of_the_rows() -> None:
    """No figure of the JSON is written by hand: the rows of the run give the same."""
    assert RESULTS["figures"] == json.loads(json.dumps(figures.of(RESULTS)))


@pytest.mark.parametrize("name", MADE)
def test_each_number_stands_in_the_json(name: str) -> None:
    """No number of the page, or of the words of a plot, comes from elsewhere."""
    text = MADE[name]
    if name.endswith(".svg"):
        texts = ET.fromstring(text).iter(f"{SVG}text")
        text = "\n".join("".join(each.itertext()) for each in texts)
    found = set(NUMBER.findall(text))
    assert found
    assert found <= numbers(RESULTS)


def test_a_ratio_is_taken_within_a_round() -> None:
    """A round in which the machine was slow for both counts as any other."""
    results = run(
        row(0, "Presswork", 1.0),
        row(0, "Hugo", 2.0),
        row(1, "Presswork", 30.0),
        row(1, "Hugo", 20.0),
        row(2, "Presswork", 4.0),
        row(2, "Hugo", 10.0),
    )
    ratio = next(each for each in results["figures"]["ratios"] if each["program"] == "Hugo")
    assert (ratio["wall"], ratio["cpu"]) == (0.5, 0.5)


def test_a_number_has_three_digits() -> None:
    """Long numbers are whole, short ones keep what differs."""
    given = (12345.6, 123.4, 12.345, 1.2345, 0.012345, 0)
    assert [figures.rounded(each) for each in given] == [12300, 123, 12.3, 1.23, 0.0123, 0]


def test_a_missed_aim_is_told_with_both_numbers() -> None:
    """Who wanted 1.3 and got 2 reads both; what is reached is no shortfall."""
    told = shortfalls(run(row(0, "Presswork", 2.0), row(0, "Hugo", 1.0), row(0, "Hexo", 9.0)))
    assert "A whole build, beside Hugo: wanted at most 1.3 ×, measured 2.0." in told
    assert "Hexo" not in told
    assert "Nothing" not in told


def test_a_peer_that_is_ahead_is_told_although_the_aim_is_reached() -> None:
    """An aim of 1.3 times is reached by 1.2; Hugo is ahead all the same."""
    told = shortfalls(run(row(0, "Presswork", 1.2), row(0, "Hugo", 1.0)))
    assert told.startswith("- 10 posts, the whole site, nothing made before: Presswork takes 1.2 s")
    assert "ahead are Hugo (1.0 s)" in told


def test_nothing_falls_short_where_nothing_does() -> None:
    """The page does not make up a shortfall."""
    told = shortfalls(run(row(0, "Presswork", 1.0), row(0, "Hugo", 2.0)))
    assert told.startswith("Nothing of what is measured here")


def test_a_stack_that_takes_less_cpu_time_is_told() -> None:
    """From post to page, too, whoever is quicker than Presswork is named."""
    ways = (("Presswork", 2.0), ("quick stack", 1.0))
    about = {"posts": "invented, HTML", "count": 3, "round": 0, "order": "in rows"}
    results = run(row(0, "Presswork", 1.0))
    results["to_page"] = [about | {"way": way, "ms": ms} for way, ms in ways]
    results["figures"] = figures.of(results)
    assert "invented, HTML, in rows: the quick stack takes 0.5 ×" in shortfalls(results)


def test_remote_images_are_told_where_they_were_measured() -> None:
    """Hugo is to take three times as long: twice is a shortfall."""
    results = run(row(0, "Presswork", 1.0))
    results["images"] = [row(0, "Presswork", 1.0), row(0, "Hugo", 2.0)]
    results["figures"] = figures.of(results)
    assert "## Remote images" in page.files(results)["docs/performance.md"]
    assert "Remote images: Hugo, beside Presswork: wanted at least 3 ×, measured 2.0." in (
        shortfalls(results)
    )


def test_a_bar_is_as_long_as_its_value() -> None:
    """Half the value is half the bar, and both are as wide as the drawing lets them."""
    drawn = plots.bars("t", [Group("h", [Bar("a", 4, "4 s"), Bar("b", 2, "2 s", is_ours=True)])])
    rects = list(ET.fromstring(drawn).iter(f"{SVG}rect"))[1:]
    assert [each.get("class") for each in rects] == ["bar", "ours"]
    long, short = (int(each.get("width", 0)) for each in rects)
    assert long == 2 * short > 400


def test_a_plot_brings_its_own_ground_for_light_and_dark() -> None:
    """Each of its colours has a second one where the reader's system is dark."""
    style = plots.bars("t", []).partition("<style>")[2].partition("</style>")[0]
    light, _, dark = style.partition("@media(prefers-color-scheme:dark)")
    kinds = [re.findall(r"\.(\w+)\{fill", each) for each in (light, dark)]
    assert kinds[0] == ["ground", "text", "quiet", "bar", "ours"]
    assert set(kinds[1]) == set(kinds[0]) - {"quiet"} | {"quiet"}


def test_a_larger_corpus_begins_with_the_smaller_one() -> None:
    """Sizes differ in how many posts there are, and in nothing else; every run has the same."""
    assert list(corpus.written(6))[:3] == list(corpus.written(3))


def test_all_forms_of_a_post_say_the_same() -> None:
    """Each program reads the title, the day, the tags and the text."""
    post = next(iter(corpus.written(1)))
    for form in (corpus.in_yaml, corpus.for_hugo, corpus.for_eleventy, corpus.for_pelican):
        text = form(post)
        assert text.endswith(post.body)
        assert post.title in text
        assert f"{post.date:%Y-%m-%d}" in text
        assert ", ".join(post.tags) in text


@pytest.mark.parametrize("run_it", [processes.timed, processes.peak])
def test_a_command_that_fails_is_no_measurement(
    run_it: Callable[[Command, Path], object], tmp_path: Path
) -> None:
    """What it said last is told, so that a run of hours does not end without a word."""
    words = [sys.executable, "-c", "import sys; sys.exit('no such theme')"]
    with pytest.raises(processes.Failed, match="no such theme"):
        run_it(Command(words, tmp_path, {}), tmp_path / "log")


def test_a_program_finds_nothing_of_an_earlier_build(tmp_path: Path) -> None:
    """A site that is laid anew has no page, no cache in it, and none at its home."""
    place = Workplace(PRESSWORK, tmp_path / "presswork")
    post = next(iter(corpus.written(1)))
    place.lay([post])
    kept = [
        place.page(post),
        place.site / "cache",
        Path(place.build().environment["XDG_CACHE_HOME"]) / "x",
    ]
    for file in kept:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    place.lay([post])
    assert place.file(post).read_text(encoding="utf-8") == corpus.in_yaml(post)
    assert not [file for file in kept if file.exists()]


def test_the_lock_of_the_peers_names_no_registry() -> None:
    """Each package is known by its digest, and comes from whatever registry npm is set to."""
    lock = json.loads((ROOT / "bench/peers/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert packages
    assert not [name for name, about in packages.items() if "resolved" in about]
    assert all("integrity" in about for about in packages.values())
