"""Has a cloud end whose state was removed: `presswork local down` could not find it any more.

It runs in the process of `cached_ministack.py`, with the cloud's own Python.
"""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path


def kill_group() -> None:
    """Ends this process and its workers at once: an end in order would write into the folder."""
    print("the record of this cloud is gone: it ends, and saves nothing", flush=True)  # noqa: T201
    os.killpg(os.getpgrp(), signal.SIGKILL)


class Orphan:
    """Looks for the cloud's record, and ends the cloud once it is gone or of another run.

    It is written soon after the process began, so before it was seen its absence means nothing.
    """

    def __init__(self, record: Path, run: str, end: Callable[[], None] = kill_group) -> None:
        self._record = record
        self._run = run
        self._end = end
        self._was_seen = False

    def look(self) -> None:
        """Ends the cloud if nobody can find it any more; OSError where that cannot be told."""
        is_ours = self._is_ours()
        if self._was_seen and not is_ours:
            self._end()
        self._was_seen = self._was_seen or is_ours

    def _is_ours(self) -> bool:
        try:
            text = self._record.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return False
        try:
            return bool(json.loads(text)["run"] == self._run)
        except ValueError:  # damaged: that says nothing of whose it is
            return self._was_seen
