"""Calls of AWS that do not wait for each other, so many of them at a time."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import cache
from typing import TypeVar

WORKERS = 16
"""How many calls are under way at once: as many as the clients keep connections."""

_Result = TypeVar("_Result")


class _Place(threading.local):
    is_taken = False


_place = _Place()


def in_parallel(calls: Iterable[Callable[[], _Result]]) -> list[_Result]:
    """What the calls return, in their order, once all of them have ended.

    Raises what the first of them raised, in their order, and not before the last has ended: nothing
    goes on behind the back of who handles that. Calls within a call are made one after another, for
    who waits for a place while holding one may wait for ever.
    """
    calls = list(calls)
    if len(calls) == 1 or WORKERS == 1 or _place.is_taken:
        return [call() for call in calls]
    futures = [_pool().submit(copy_context().run, _at_a_place, call) for call in calls]
    wait(futures)
    return [future.result() for future in futures]


def _at_a_place(call: Callable[[], _Result]) -> _Result:
    _place.is_taken = True
    return call()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(WORKERS, thread_name_prefix="aws")
