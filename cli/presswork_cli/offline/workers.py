"""Work shared among processes, each a fork that has in memory what its parent had by then."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def worked(
    items: Sequence[Item],
    work: Callable[[Item], Result],
    *,
    name: Callable[[Item], str],
    processes: int,
) -> Iterator[tuple[Item, Result]]:
    """The result of each item, in the order in which they come, by as many processes at most.

    What `work` raises is raised here. A process that ends amid its work is a Failure that tells the
    `name` of what it had in hand. The processes run from now on, and none is left behind.
    """
    if processes <= 1 or not items:
        return ((item, work(item)) for item in items)
    from presswork_cli.offline.crew import CHUNK, Crew  # noqa: PLC0415 - many have none to share

    processes = min(processes, len(items) // CHUNK)
    if processes <= 1:
        return ((item, work(item)) for item in items)
    return Crew(items, work, name, processes).results()
