"""The time and the memory that reading a post may take, whoever's code spends them."""

import faulthandler
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from hostile_cases import SLOW
from presswork.content import Site, parse
from presswork.content.budget import within_budget
from presswork.errors import Rejected
from presswork.suspicion import suspecting

SECONDS = 0.2


def loop() -> None:
    """Never ends."""
    while True:
        pass


def match() -> None:
    """Never ends either, in the code of a library that looks for signals."""
    re.match("(a|aa)+$", "a" * 60 + "b")


def swallow() -> None:
    """Nor does this, which catches what the first signal raises."""
    with suppress(BaseException):
        loop()
    loop()


class _Finalized:
    def __del__(self) -> None:
        loop()


def finalize() -> None:
    """Nor this, whose first signal comes where Python ignores, and reports, what is raised."""
    _Finalized()
    loop()


@pytest.mark.parametrize("work", [loop, match, swallow, finalize])
def test_what_does_not_end_is_rejected(work: Callable[[], None]) -> None:
    """Python, a pattern, and who loses the first signal: each is interrupted, nothing reported."""
    begin = time.process_time()
    with pytest.raises(Rejected) as caught:
        within_budget(SECONDS, work)
    assert caught.value.rule == "post.time"
    assert "0.2 seconds" in caught.value.message
    assert caught.value.fix
    assert time.process_time() - begin < 10 * SECONDS


def test_what_comes_after_has_its_own_time() -> None:
    """Neither what waits nor what is done in between is counted, and no signal comes late."""
    for _ in range(3):
        assert within_budget(SECONDS, lambda: "read") == "read"
        begin = time.process_time()
        while time.process_time() < begin + SECONDS:
            pass
    time.sleep(2 * SECONDS)
    assert within_budget(SECONDS, lambda: "read") == "read"


def test_what_is_raised_goes_on() -> None:
    """The reason of a rejection stays what it was, and the clock stops."""
    with pytest.raises(KeyError):
        within_budget(SECONDS, {}.popitem)
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_another_thread_is_measured() -> None:
    """Where no signal comes the verdict is the same, when the work is done."""

    def work() -> None:
        begin = time.thread_time()
        while time.thread_time() < begin + 2 * SECONDS:
            pass

    with ThreadPoolExecutor(1) as pool, pytest.raises(Rejected, match=r"0\.2 seconds"):
        pool.submit(within_budget, SECONDS, work).result()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(within_budget, SECONDS, threading.get_ident).result()


def hog() -> int:
    """Takes more memory than a function has."""
    return len(bytearray(1024 * 1024 * 1024))


def hang() -> int:
    """Never ends, in code that looks for no signal."""
    return sum(range(10**13))


def die(number: int) -> None:
    """Ends its process, and says no word of it."""
    faulthandler.disable()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def abort() -> None:
    """Ends its process as libraries do that are given no memory."""
    die(signal.SIGABRT)


def crash() -> None:
    """Ends its process as libraries do that are at fault."""
    die(signal.SIGSEGV)


@pytest.mark.parametrize(
    ("work", "rule"),
    [(hog, "post.memory"), (hang, "post.time"), (abort, "post.memory"), (crash, "post.crash")],
)
def test_what_ended_a_worker_ends_a_trial(work: Callable[[], object], rule: str) -> None:
    """On a second receive a process of its own goes first, which nothing can outlive."""
    with suspecting(), pytest.raises(Rejected) as caught:
        within_budget(SECONDS, work)
    assert caught.value.rule == rule
    assert caught.value.fix


def test_a_suspect_may_be_innocent() -> None:
    """What survives its trial is read as ever: its result or its rejection."""
    with suspecting():
        assert within_budget(SECONDS, os.getpid) == os.getpid()
        with pytest.raises(KeyError):
            within_budget(SECONDS, {}.popitem)


def test_a_slow_post_is_rejected() -> None:
    """A real post that takes too long is rejected with its reason, and not as a fault of ours."""
    with pytest.raises(Rejected) as caught:
        parse(SLOW, "posts/a.md", Site())
    assert caught.value.rule == "post.time"


def test_who_reads_again_has_more_time() -> None:
    """A post that was taken is not rejected where its page is made."""
    post = b"---\ndate: 2021-03-04\n---\n" + b"{% raw %}" * 40_000
    with pytest.raises(Rejected, match="seconds of a processor"):
        parse(post, "posts/a.md", Site(), cpu_seconds=0.1)
    assert parse(post, "posts/a.md", Site(), cpu_seconds=10).html


def test_addresses_crowd_no_line() -> None:
    """A line with more of them than comrak survives is rejected; fewer, or apart, are read."""
    front = "---\ndate: 2021-03-04\n---\ntext\n"
    with pytest.raises(Rejected) as caught:
        parse(f"{front}{'a@b.example ' * 8_000}".encode(), "posts/a.md", Site())
    assert (caught.value.rule, caught.value.line) == ("body.addresses", 5)
    for between, times in (("\n", 20_000), (" ", 4_000)):
        body = f"a@b.example{between}" * times
        assert parse(f"{front}{body}".encode(), "posts/a.md", Site()).html.count("<a ") == times
