"""What the rows of a run come to: medians, ratios of one round, and what was wanted. Pure."""

from collections.abc import Iterable
from math import floor, log10
from statistics import median
from typing import Any

Row = dict[str, Any]

OURS, HUGO = "Presswork", "Hugo"
OTHERS = ("Hugo", "Eleventy", "Hexo", "Pelican")
STEPS = ("build", "same", "edit", "new", "watch")
CLASSIC = "classic stack"
SECONDS, TIMES, MEGABYTES = "s", "×", "MB"
IMAGES = {"Hugo": 3, "eleventy-img": 1}
"""How many times Presswork's wall time each takes at least for remote images, as was wanted."""


def of(results: Row) -> Row:
    """All figures that the page has, of the rows of a run: each number as it is printed."""
    steps = list(_steps(results))
    return {
        "steps": steps,
        "ratios": list(_ratios(results)),
        "to_page": list(_to_page(results["to_page"])),
        "images": list(_images(results.get("images", ()))),
        "behind": list(_behind(steps)),
        "wanted": list(_wanted(results)),
        "others": rounded(median(row["others"] for row in results["rows"]))
        if results["rows"]
        else 0,
    }


def rounded(number: float) -> float:
    """A number to three digits, without a fraction where those before it are three."""
    if not number:
        return 0
    digits = 2 - floor(log10(abs(number)))
    short = round(number, digits)
    return int(short) if digits <= 0 else short


def _steps(results: Row) -> Iterable[Row]:
    """The median of each program's tries at each step, for each size."""
    for size in results["sizes"]:
        for step in STEPS:
            for program in (OURS, *OTHERS):
                rows = _rows(results, size, step, program)
                if rows:
                    yield {
                        "size": size,
                        "step": step,
                        "program": program,
                        "wall": rounded(median(row["wall"] for row in rows)),
                        "cpu": rounded(median(row["cpu"] for row in rows)),
                    }


def _ratios(results: Row) -> Iterable[Row]:
    """How many times as long as each other program Presswork took: the median of the rounds."""
    for size in results["sizes"]:
        for step in STEPS:
            for program in OTHERS:
                wall = _ratio(results, size, (step, OURS), (step, program), "wall")
                cpu = _ratio(results, size, (step, OURS), (step, program), "cpu")
                if wall is not None:
                    about = {"size": size, "step": step, "program": program}
                    yield about | {"wall": wall, "cpu": cpu}


def _to_page(rows: Iterable[Row]) -> Iterable[Row]:
    """For each kind of posts, order and way: its milliseconds, and how many times Presswork's."""
    rows = list(rows)
    for posts, order in dict.fromkeys((row["posts"], row["order"]) for row in rows):
        of_kind = [row for row in rows if (row["posts"], row["order"]) == (posts, order)]
        ours = {row["round"]: row["ms"] for row in of_kind if row["way"] == OURS}
        for way in dict.fromkeys(row["way"] for row in of_kind):
            of_way = [row for row in of_kind if row["way"] == way]
            yield {
                "posts": posts,
                "count": of_way[0]["count"],
                "order": order,
                "way": way,
                "ms": rounded(median(row["ms"] for row in of_way)),
                "times": rounded(median(row["ms"] / ours[row["round"]] for row in of_way)),
            }


def _images(rows: Iterable[Row]) -> Iterable[Row]:
    """What each program takes for remote images, and how many times Presswork's wall time."""
    rows = list(rows)
    ours = {row["round"]: row["wall"] for row in rows if row["program"] == OURS}
    for program in dict.fromkeys(row["program"] for row in rows):
        of_program = [row for row in rows if row["program"] == program]
        yield {
            "program": program,
            "wall": rounded(median(row["wall"] for row in of_program)),
            "cpu": rounded(median(row["cpu"] for row in of_program)),
            "times": rounded(median(row["wall"] / ours[row["round"]] for row in of_program)),
        }


def _behind(steps: list[Row]) -> Iterable[Row]:
    """Where another program takes less time than Presswork."""
    ours = {(row["size"], row["step"]): row["wall"] for row in steps if row["program"] == OURS}
    for row in steps:
        mine = ours[row["size"], row["step"]]
        if row["wall"] < mine:
            yield {
                "size": row["size"],
                "step": row["step"],
                "program": row["program"],
                "ours": mine,
                "theirs": row["wall"],
            }


def _wanted(results: Row) -> Iterable[Row]:
    """What was wanted of the largest site, what was measured, and whether that is reached."""
    size = max(results["sizes"])

    def beside(step: str, program: str) -> float | None:
        return _ratio(results, size, (step, OURS), (step, program), "wall")

    yield from _most("A whole build, beside Hugo", beside("build", HUGO), 1.3, TIMES)
    for program in OTHERS[1:]:
        yield from _most(f"A whole build, beside {program}", beside("build", program), 1, TIMES)
    yield from _most("After one change, beside Hugo's watch", beside("watch", HUGO), 1, TIMES)
    beyond = _difference(results, size, "edit", "same")
    yield from _most("After one change, CPU beyond that of no change", beyond, 1, SECONDS)
    more = _ratio(results, size, ("build", HUGO), ("new", OURS), "wall")
    yield from _least("Hugo's whole build, beside one more post", more, 100, TIMES)
    peaks = [
        row["mb"] for row in results["memory"] if (row["size"], row["program"]) == (size, OURS)
    ]
    yield from _most("Memory of a whole build", next(iter(peaks), None), 400, MEGABYTES)
    for kind, least in (("Markdown", 10), ("HTML", 3)):
        what = f"The classic stack, beside Presswork, {kind} in rows"
        measured = _times_of(results["to_page"], (f"invented, {kind}", "in rows", CLASSIC))
        yield from _least(what, measured, least, TIMES)
    for row in _images(results.get("images", ())):
        if row["program"] in IMAGES:
            what = f"Remote images: {row['program']}, beside Presswork"
            yield from _least(what, row["times"], IMAGES[row["program"]], TIMES)


def _times_of(rows: Iterable[Row], wanted: tuple[str, str, str]) -> float | None:
    found = (
        row["times"] for row in _to_page(rows) if (row["posts"], row["order"], row["way"]) == wanted
    )
    return next(found, None)


def _most(what: str, measured: float | None, limit: float, unit: str) -> Iterable[Row]:
    if measured is not None:
        judged = {"measured": measured, "unit": unit, "reached": measured <= limit}
        yield {"what": what, "bound": "at most", "limit": limit} | judged


def _least(what: str, measured: float | None, limit: float, unit: str) -> Iterable[Row]:
    if measured is not None:
        judged = {"measured": measured, "unit": unit, "reached": measured >= limit}
        yield {"what": what, "bound": "at least", "limit": limit} | judged


def _ratio(
    results: Row, size: int, one: tuple[str, str], other: tuple[str, str], unit: str
) -> float | None:
    """One step of a program divided by a step of another, in each round: their median."""
    above, below = (
        {row["round"]: row[unit] for row in _rows(results, size, *each)} for each in (one, other)
    )
    ratios = [above[number] / below[number] for number in above.keys() & below.keys()]
    return rounded(median(ratios)) if ratios else None


def _difference(results: Row, size: int, one: str, other: str) -> float | None:
    """How many CPU seconds a step of Presswork takes beyond another, at least none."""
    above, below = (
        {row["round"]: row["cpu"] for row in _rows(results, size, step, OURS)}
        for step in (one, other)
    )
    beyond = [above[number] - below[number] for number in above.keys() & below.keys()]
    return max(0, rounded(median(beyond))) if beyond else None


def _rows(results: Row, size: int, step: str, program: str) -> list[Row]:
    wanted = (size, step, program)
    return [row for row in results["rows"] if (row["size"], row["step"], row["program"]) == wanted]
