"""What ties together all that one upload causes: an id, carried from message to message.

The id is derived from the key and the VersionId that were looked at, so that whoever looks at the
same bytes, by whatever hint and however late, goes on under the same id.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LOG_KEY = "correlation_id"
"""The name of the id in a line of the log: that of Powertools."""

_LENGTH = 16
_current: ContextVar[tuple[str, ...]] = ContextVar("correlation", default=())


def correlation_of(key: str, version: str) -> str:
    """The id of all that one version of one key causes, in hex."""
    return hashlib.sha256(f"{key}\0{version}".encode()).hexdigest()[:_LENGTH]


def carried() -> tuple[str, ...]:
    """The ids that the present work is done for: of a batch there may be several."""
    return _current.get()


def current() -> str | None:
    """The id that the present work is done for, if it is one."""
    ids = carried()
    return ids[0] if len(ids) == 1 else None


def carry(*ids: str | None) -> None:
    """From now on the work is done for these ids."""
    _current.set(tuple(dict.fromkeys(filter(None, ids))))


def adopt(id: str | None) -> None:
    """From now on the work is done for this id, if it was done for none."""
    if not carried():
        carry(id)


@contextmanager
def scope(*ids: str | None) -> Iterator[None]:
    """The work in the block is done for these ids; afterwards it is as before."""
    before = _current.set(tuple(dict.fromkeys(filter(None, ids))))
    try:
        yield
    finally:
        _current.reset(before)


class CorrelationFilter(logging.Filter):
    """Each line of a log names the ids that it was written for."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Adds the ids to a record; every record passes."""
        if carried():
            setattr(record, LOG_KEY, " ".join(carried()))
        return True
