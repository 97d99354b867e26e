"""Work for many hosts at once: none has more than its part, and none waits for another."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from presswork.imaging import AT_ONCE, work_by_host
from presswork.imaging.fetching.throttle import CONNECTIONS


def test_results_come_in_the_order_of_the_items() -> None:
    """Whoever is done first, each item has its own result."""
    items = [f"{host}{number}" for number in range(9) for host in "abc"]
    with ThreadPoolExecutor(5) as pool:
        assert work_by_host(pool, str.upper, items, lambda item: item[0]) == [
            item.upper() for item in items
        ]
        assert work_by_host(pool, str.upper, [], lambda item: item[0]) == []


def test_a_host_has_no_more_threads_than_connections() -> None:
    """However many threads there are, six are at work for one host."""
    now: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()
    full = threading.Barrier(CONNECTIONS)

    def work(item: str) -> None:
        with lock:
            now[item] += 1
            most[item] = max(most[item], now[item])
        full.wait(60)  # all six of them are here at once
        time.sleep(0.01)  # a seventh would come
        with lock:
            now[item] -= 1

    with ThreadPoolExecutor(AT_ONCE) as pool:
        work_by_host(pool, work, ["a"] * 3 * CONNECTIONS, lambda item: item)
    assert most == {"a": CONNECTIONS}


def test_a_slow_host_keeps_nobody_waiting() -> None:
    """A host that comes first with many images, and answers late, leaves threads to the next."""
    others_are_done = threading.Event()
    left = iter(range(20, 0, -1))
    lock = threading.Lock()

    def work(item: str) -> bool:
        if item == "slow":
            return others_are_done.wait(60)
        with lock:
            if next(left) == 1:
                others_are_done.set()
        return True

    items = ["slow"] * 40 + ["quick"] * 20
    with ThreadPoolExecutor(CONNECTIONS + 1) as pool:
        assert all(work_by_host(pool, work, items, lambda item: item))


def test_nothing_is_begun_after_a_failure() -> None:
    """What one item raises is raised once all that was begun has ended; the rest is left."""
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        raise ValueError(number)

    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="0"):
        work_by_host(pool, work, range(100), lambda number: str(number % 3))
    assert begun == [0]
