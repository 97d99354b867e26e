"""Counts what a thousand posts cost, and says what misses its mark: `python bench/dollars.py`.

A rich post (5 tags, 2 categories) and a lean one (1 tag), each with 2 photos of five variants:
forty at once, or so many as are named, then one by one, edited, deleted at once. `--write` keeps
what was counted for `presswork cost`, and docs/cost.md; tests/flow/test_usage.py holds it to the
code.
"""

import json
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from cost_page import PAGE, drawn
from flow.metered import BURST, LEAN, RICH, USAGE, Measurement, measure
from presswork_cli.cost.prices import price_list
from presswork_cli.cost.scenarios import cases
from presswork_cli.cost.usage import Usage, counted_usage

MARKS = {"burst": 0.20, "single": 0.32, "deletes": 0.15, "idle": 1.40}
"""Dollars at most, of a rich post: with the time of functions, and nothing free."""


def report(name: str, usage: Usage) -> bool:
    """Prints the dollars of each case; whether one is above its mark."""
    print(f"{name} posts, dollars for 1,000", flush=True)
    above = False
    for case in cases(usage, price_list()):
        if case.name not in (*MARKS, "edits"):
            continue
        by: dict[str, float] = defaultdict(float)
        for line in case.lines:
            by[line.service] += line.dollars
        dearest = sorted(by.items(), key=lambda each: -each[1])[:4]
        services = ", ".join(f"{service} {dollars:.3f}" for service, dollars in dearest)
        mark = MARKS.get(case.name, case.dollars)
        note = f"   ABOVE {mark:.2f}" if case.dollars > mark else ""
        above |= case.dollars > mark
        print(f"    {case.name:8} {case.dollars:6.3f}  {services}{note}")
    return above


def main() -> int:
    """Prints dollars, and the PUTs of a post; 1 when a case of the rich post is above its mark."""
    os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "bench")
    burst = next((int(each) for each in sys.argv[1:] if each.isdigit()), BURST)
    is_above = False
    for name, matter in (("rich", RICH), ("lean", LEAN)):
        puts: dict[str, Counter[str]] = defaultdict(Counter)

        def told(case: str, of: Measurement, puts: dict[str, Counter[str]] = puts) -> None:
            for kinds in of.world.meter.puts.values():
                puts[case].update(kinds)

        counted, _ = measure(matter, burst=burst, told=told)
        if name == "rich" and "--write" in sys.argv:
            USAGE.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")
            counted_usage.cache_clear()
            PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        usage = Usage.read(json.dumps(counted))
        is_above |= report(name, usage) and name == "rich"
        for case, kinds in puts.items():
            posts = usage.cases[case].posts
            each = ", ".join(f"{kind} {count / posts:.1f}" for kind, count in kinds.most_common())
            print(f"    {case:8} PUTs a post: {each}")
    return int(is_above)


if __name__ == "__main__":
    sys.exit(main())
