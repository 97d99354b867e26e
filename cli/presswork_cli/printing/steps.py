"""Steps that take time: a terminal shows a clock, anything else gets a line every second."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from presswork_cli.printing import terminal

EVERY = 0.9
"""Nobody waits for a whole second without a word."""


@contextmanager
def step(name: str, latest: Callable[[], str] = str) -> Iterator[None]:
    """Tells what begins, how long it takes meanwhile, and how long it took.

    `latest` is what its work said last, for those who wait.
    """
    started = time.monotonic()
    over = Event()

    def tell() -> None:
        with terminal.clock(name) as move:
            while not over.wait(EVERY):
                move(f"{name}: {time.monotonic() - started:.0f} s {latest()}".rstrip())

    terminal.say(f"{name} …")
    teller = Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
    terminal.say(f"{name}: done in {time.monotonic() - started:.1f} s")
