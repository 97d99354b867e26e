"""The processes that share work: each takes the next chunk of it, until there is none."""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from presswork_cli.failure import Exit, Failure

CHUNK = 16
"""How many items a process takes at a time, and how many make another process worth its start."""

_fork: Any = get_context("fork")


class _Raised(NamedTuple):
    """An exception on its way to the parent: some cannot be made again of their arguments."""

    kind: type[BaseException]
    arguments: tuple[Any, ...]
    state: dict[str, Any]

    @property
    def error(self) -> BaseException:
        error = self.kind.__new__(self.kind, *self.arguments)
        error.__dict__.update(self.state)
        return error


class Crew:
    """The processes: each takes the next chunk of items, until there are none."""

    def __init__(
        self,
        items: Sequence[Any],
        work: Callable[[Any], Any],
        name: Callable[[Any], str],
        processes: int,
    ) -> None:
        self._items, self._work, self._name = items, work, name
        self._next = _fork.Value("l", 0)
        self._in_hand = _fork.Array("l", processes, lock=False)
        self._processes: dict[Connection, Any] = {}
        self._numbers: dict[Connection, int] = {}
        gc.freeze()  # else the first collection in each child copies all that the parent has
        for number in range(processes):
            receiving, sending = _fork.Pipe(duplex=False)
            process = _fork.Process(target=self._serve, args=(number, sending), daemon=True)
            process.start()
            sending.close()  # so that the end of the one process that has it is noticed
            self._processes[receiving], self._numbers[receiving] = process, number
        gc.unfreeze()

    def results(self) -> Iterator[tuple[Any, Any]]:
        """What comes, from whichever process it comes."""
        working = set(self._processes)
        try:
            while working:
                for pipe in connection.wait(working):
                    message = self._received(pipe)  # type: ignore[arg-type]
                    if message is None:
                        working.discard(pipe)
                    elif isinstance(message, _Raised):
                        raise message.error
                    else:
                        first, results = message
                        items = self._items[first : first + len(results)]
                        yield from zip(items, results, strict=True)
        finally:
            for process in self._processes.values():
                process.terminate()
                process.join()

    def _received(self, pipe: Connection) -> Any:
        try:
            return pipe.recv()
        except (EOFError, OSError):
            process = self._processes[pipe]
            process.join()
            item = self._items[self._in_hand[self._numbers[pipe]]]
            raise Failure(
                f"{self._name(item)}: the process that works on it ended by itself "
                f"({_ending(process.exitcode)}): leave this file out, or see how much memory is "
                "left",
                Exit.USAGE,
            ) from None

    def _serve(self, number: int, pipe: Connection) -> None:
        """What a process does. Ctrl-C is its parent's; without a parent it ends."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        parent = os.getppid()
        with suppress(BrokenPipeError):
            try:
                while chunk := self._taken():
                    results = []
                    for self._in_hand[number] in chunk:
                        if os.getppid() != parent:
                            return
                        results.append(self._work(self._items[self._in_hand[number]]))
                    pipe.send((chunk.start, results))
                pipe.send(None)
            except Exception as error:  # noqa: BLE001 - it is raised again by the parent
                pipe.send(_Raised(type(error), error.args, error.__dict__))

    def _taken(self) -> range:
        with self._next.get_lock():
            first = self._next.value
            end = self._next.value = min(first + CHUNK, len(self._items))
        return range(first, end)


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
