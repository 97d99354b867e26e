"""What `presswork build` takes after one change, beside Hugo's whole build and Hugo's watch.

Hugo keeps nothing of posts from one build to the next: its command after a change is a whole build.
Both read the posts of `make bench-peers`. In each round they take their turns, A B A B.
"""

import argparse
from statistics import median

from peers import corpus
from peers.measure import Site
from peers.processes import Cost
from peers.programs import HUGO, PRESSWORK

SIZE, ROUNDS = 10_000, 3
Costs = dict[str, list[Cost]]


def measured(size: int, rounds: int) -> Costs:
    """The costs of each step by its name, one for each round."""
    posts = list(corpus.written(size + rounds))
    ours, hugo = (Site(program, posts[:size], posts[size]) for program in (PRESSWORK, HUGO))
    costs: Costs = {"Presswork, whole": [ours.build()]}
    steps = {
        "Hugo, whole": lambda _: hugo.build(),
        "Presswork, nothing": lambda _: ours.same(),
        "Presswork, an edit": lambda _: ours.edit(),
        "Presswork, one more": lambda number: ours.comes(posts[size + number]),
    }
    for number in range(rounds):
        for name, step in steps.items():
            _add(costs, name, step(number))
    watcher = hugo.watching()
    if watcher is not None:
        with watcher:
            for _ in range(rounds):
                _add(costs, "Presswork, an edit, beside the watch", ours.edit())
                _add(costs, "Hugo's watch, an edit", hugo.edit_watched(watcher))
    return costs


def _add(costs: Costs, name: str, cost: Cost) -> None:
    costs.setdefault(name, []).append(cost)
    print(f"  {name:40}{cost.wall:10.2f} s{cost.cpu:10.2f} s CPU", flush=True)


def main() -> None:
    """Prints each step, then the medians, and how often each goes into Hugo's whole build."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=SIZE)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    given = options.parse_args()
    costs = measured(given.size, given.rounds)
    whole = costs["Hugo, whole"]
    print(
        f"{given.size:,} posts, medians of {given.rounds}; Hugo's whole build is so many times it"
    )
    for name, each in costs.items():
        wall, cpu = (median(getattr(cost, of) for cost in each) for of in ("wall", "cpu"))
        times = (
            median(getattr(cost, of) for cost in whole) / own
            for of, own in (("wall", wall), ("cpu", max(cpu, 0.01)))
        )
        print(f"{name:40}{wall:8.2f} s{cpu:8.2f} s CPU" + "".join(f"{n:8.1f} ×" for n in times))


if __name__ == "__main__":
    main()
