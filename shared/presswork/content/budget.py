"""The time and the memory that reading one post may take, whoever's code spends them."""

import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import NoReturn, TypeVar

from presswork.errors import Rejected
from presswork.suspicion import is_suspect

CPU_SECONDS = 3.0
"""What reading a post may take of a processor: a thousand times what most take.

A function of 512 MB has 0.29 of one, so this is over in eleven of its thirty seconds.
"""

_AGAIN = 0.1
"""Seconds after which the signal comes again, should somebody's code have caught what it raised."""
_MEMORY = 320 * 1024 * 1024
"""Bytes that a trial may take besides what its process has: a function of 512 MB has them."""
_FIX = "Split the post, or take out what was added last, such as a long table or deep nesting."

_Result = TypeVar("_Result")


class _OutOfTimeError(BaseException):
    """No `Exception`, so that nobody between takes it for one of its own."""


class _Alarm:
    """The clock of the first thread's CPU time; its signal interrupts Python, and its patterns.

    A library in another language is interrupted when it returns.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._is_installed = False
        self._report = sys.unraisablehook

    def set(self, seconds: float) -> None:
        if not self._is_installed:
            signal.signal(signal.SIGPROF, self._ring)
            self._report = sys.unraisablehook
            sys.unraisablehook = self._ignore
            self._is_installed = True
        self._is_set = True
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)

    def stop(self) -> None:
        self._is_set = False
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _ring(self, *_: object) -> None:
        if self._is_set:
            raise _OutOfTimeError

    def _ignore(self, unraisable: "sys.UnraisableHookArgs") -> None:
        """What a collection of garbage cannot raise is no fault of its: the signal comes again."""
        if unraisable.exc_type is not _OutOfTimeError:
            self._report(unraisable)


_alarm = _Alarm()


def within_budget(seconds: float, read: Callable[[], _Result]) -> _Result:
    """What `read` returns, or `Rejected` once it takes more than so many seconds of CPU.

    What is suspected of having ended a process is tried in another one first. In another thread
    than the first, where no signal comes, the time is looked at in the end.
    """
    if is_suspect():
        _try(seconds, read)
    if threading.current_thread() is not threading.main_thread():
        return _measured(seconds, read)
    try:
        try:
            _alarm.set(seconds)
            return read()
        finally:
            _alarm.stop()
    except _OutOfTimeError as error:
        _alarm.stop()  # its signal may have come amid the first stop
        _reject_slow(seconds, error)


def _measured(seconds: float, read: Callable[[], _Result]) -> _Result:
    begin = time.thread_time()
    result = read()
    if time.thread_time() - begin > seconds:
        _reject_slow(seconds)
    return result


def _reject_slow(seconds: float, cause: BaseException | None = None) -> NoReturn:
    message = f"Reading the post takes more than {seconds:g} seconds of a processor."
    raise Rejected("post.time", None, None, message, _FIX) from cause


def _try(seconds: float, read: Callable[[], object]) -> None:
    """Has it read by a process of its own, within limits that no code can exceed.

    Only how that one ends is of interest: what it finds is found again.
    """
    child = os.fork()
    if child == 0:
        _confine(seconds)
        os._exit(_ending(read))
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and not os.WEXITSTATUS(status):
        return
    ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    if ended_by in (signal.SIGXCPU, signal.SIGKILL):
        _reject_slow(seconds)
    if ended_by in (None, signal.SIGABRT):  # as libraries end that are given no memory
        message = f"Reading the post takes more than {_MEMORY // 2**20} MB of memory."
        raise Rejected("post.memory", None, None, message, _FIX)
    message = f"Reading the post ends the process that reads it: {signal.Signals(ended_by).name}."
    raise Rejected("post.crash", None, None, message, _FIX)


def _ending(read: Callable[[], object]) -> int:
    """The code with which a trial exits: 1 when its memory was not enough."""
    try:
        read()
    except MemoryError:
        return 1
    except BaseException:  # noqa: BLE001  it will be raised again where somebody hears of it
        return 0
    return 0


def _confine(seconds: float) -> None:
    """Bounds what the process may take from here on; some systems bound no address space."""
    whole = ceil(seconds)
    # The first limit ends the process by a signal that tells why, the second by any means.
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + _MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
