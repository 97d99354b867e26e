"""Whether the message at hand may be one that ended its last worker: it was received before."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_suspect = ContextVar("suspect", default=False)


def is_suspect() -> bool:
    """Whether what is read now is to be read with more care than speed."""
    return _suspect.get()


@contextmanager
def suspecting(suspect: bool = True) -> Iterator[None]:
    """What is done in the block is done for a message that was received before."""
    token = _suspect.set(suspect)
    try:
        yield
    finally:
        _suspect.reset(token)
