"""Work for many hosts at once, of which none is asked by more threads than it may be."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, wait
from typing import TypeVar

from presswork.imaging.fetching.throttle import CONNECTIONS

AT_ONCE = 16
"""How many images come home at once, of all hosts: so the processors have work at any latency."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def work_by_host(
    pool: Executor,
    work: Callable[[_Item], _Result],
    items: Sequence[_Item],
    host: Callable[[_Item], str],
) -> list[_Result]:
    """What `work` makes of the items, in their order; those of one host by six threads at most.

    So no thread of the pool waits for its turn at a busy host while another host, or the work that
    follows a fetch, could have it. Raises what the first failure raised, once what was begun has
    ended; nothing is begun after it.
    """
    lines: dict[str, deque[int]] = {}
    for number, item in enumerate(items):
        lines.setdefault(host(item), deque()).append(number)
    results: dict[int, _Result] = {}

    def follow(line: deque[int]) -> None:
        while line:
            try:
                number = line.popleft()
            except IndexError:  # another thread of the host took the last one
                return
            try:
                results[number] = work(items[number])
            except BaseException:
                for each in lines.values():
                    each.clear()
                raise

    # Each host gets its first thread before any gets its second.
    begun = [
        pool.submit(follow, line)
        for already in range(CONNECTIONS)
        for line in lines.values()
        if already < len(line)
    ]
    wait(begun)
    for each in begun:
        each.result()
    return [results[number] for number in range(len(items))]
