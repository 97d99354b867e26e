"""What changes in a content folder, found by looking again: file systems tell of it each otherwise.

Looking costs a few microseconds a file; so the pauses between looks grow with the folder.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from presswork_cli.offline.signature import Signature

Files = dict[str, Signature]
"""The files of a folder by their paths."""

_SHORTEST_PAUSE = 0.25
_SHARE = 20
"""A look takes one in so many parts of the time of a processor."""
_QUIET = 0.05
"""Seconds without a change after which whoever saves has saved all of it."""
_LONGEST_UNREST = 40
"""Looks after which what changes all the time is taken as it is."""

_SHOWN = frozenset({".well-known"})
"""Hidden folders that a site may have."""


class FolderWatch:
    """Looks at a folder again and again; hidden files are no matter."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.pause = _SHORTEST_PAUSE

    def look(self) -> Files:
        """The files as they are now."""
        began = time.process_time()
        found: Files = {}
        folders = [os.fspath(self._root)]
        while folders:
            try:
                entries = list(os.scandir(folders.pop()))
            except OSError:  # it goes, or nobody may look: the build tells
                continue
            for entry in entries:
                if entry.name.startswith(".") and entry.name not in _SHOWN:
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        found[entry.path.removeprefix("./")] = Signature.of(entry.stat())
                except OSError:  # it goes, or is a link that leads nowhere
                    continue
        self.pause = max(_SHORTEST_PAUSE, _SHARE * (time.process_time() - began))
        return found

    def settled(self, wait: Callable[[float], bool]) -> Files:
        """The files, once whoever writes them is done; `wait` says whether to look no longer."""
        seen = self.look()
        for _ in range(_LONGEST_UNREST):
            if wait(_QUIET):
                break
            before, seen = seen, self.look()
            if seen == before:
                break
        return seen
