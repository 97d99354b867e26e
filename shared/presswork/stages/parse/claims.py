"""Paths and explicit ids as one look at one key changes hands of them (who comes later waits)."""

from collections.abc import Iterable

from presswork.aws.claims import Claims
from presswork.aws.stores import Write
from presswork.state import Holder
from presswork.tasks import CheckKey, Task, WakeWaiter

FORMER_PATHS = 10


class ClaimChanges:
    """The claims that one look reads, takes, releases or waits for; each is written at most once.

    Nothing is written here: `writes` belong in the transaction of the look, conditioned on every
    claim being as it was read, and `tasks` says who is to be sent through parse after it: whoever
    waits for a claim that was given up, and keys that inherited a post.
    """

    def __init__(self, claims: Claims, key: str, waited_on: str | None) -> None:
        self.waits_on: str | None = None
        self._claims = claims
        self._key = key
        self._waited_on = waited_on
        self._read: dict[str, Holder | None] = {}
        self._writes: dict[str, Write] = {}
        self._released: dict[str, None] = {}
        self._successors: dict[str, str] = {}

    def holder(self, name: str) -> Holder | None:
        """Who holds a claim, or held it last."""
        if name not in self._read:
            self._read[name] = self._claims.read(name)
        return self._read[name]

    def is_held_elsewhere(self, id: str) -> bool:
        """Whether another key feeds the post of this explicit id."""
        holder = self.holder(id)
        return holder is not None and holder.held and holder.source != self._key

    def release(self, post: str, names: Iterable[str]) -> None:
        """Lets go of claims, so that their paths answer 301 or 410 until somebody takes them."""
        for name in names:
            old = self.holder(name)
            if old is None or old.post != post or not old.held:
                continue
            self._writes[name] = self._claims.put(
                name, old, Holder(post=post, source=self._key, held=False)
            )
            self._released[name] = None

    def take(self, post: str, names: Iterable[str]) -> bool:
        """Takes all of the claims; or, when another post holds one, waits for it and takes none."""
        taken = {}
        new = Holder(post=post, source=self._key, held=True)
        for name in names:
            old = self.holder(name)
            if old is not None and old.held and old.post != post and name not in self._released:
                self.wait(name)
                return False
            taken[name] = (old, new)
        for name, (old, new) in taken.items():
            self._released.pop(name, None)
            self._writes.pop(name, None)
            if old != new:
                self._writes[name] = self._claims.put(name, old, new)
        return True

    def wait(self, name: str) -> None:
        """Waits for a claim that another post holds."""
        self.waits_on = name

    def transfer(self, id: str) -> str | None:
        """Gives an explicit id to the first key that waits for it, and names that key."""
        successor = next(self._claims.waiters(id, limit=1), None)
        old = self.holder(id)
        if successor is None or old is None or old.source != self._key:
            return None
        self._writes[id] = self._claims.put(id, old, Holder(post=id, source=successor, held=True))
        self._successors[id] = successor
        return successor

    def trim(self, post: str, former: tuple[str, ...]) -> tuple[str, ...]:
        """Forgets all but the newest former paths; returns those still to be looked after."""
        kept = former[:FORMER_PATHS]
        forgotten = []
        for name in former[FORMER_PATHS:]:
            old = self.holder(name)
            if old is not None and old.post == post and not old.held:
                self._writes[name] = self._claims.forget(name, old)
                forgotten.append(name)
        return (*kept, *forgotten)

    @property
    def tasks(self) -> list[Task]:
        """Whom to send through parse once the transaction is done."""
        given_up = dict(self._released)
        if self._waited_on is not None and self._waited_on != self.waits_on:
            holder = self.holder(self._waited_on)
            if self._waited_on not in self._writes and (holder is None or not holder.held):
                given_up[self._waited_on] = None
        return [
            *(WakeWaiter(claim=name) for name in given_up),
            *(CheckKey(key=key) for key in self._successors.values()),
        ]

    @property
    def writes(self) -> list[Write]:
        """What the look writes about claims."""
        writes = list(self._writes.values())
        writes += [self._claims.end_wait(id, key) for id, key in self._successors.items()]
        if self._waited_on is not None and self._waited_on != self.waits_on:
            writes.append(self._claims.stop_waiting(self._waited_on, self._key))
            if self._waited_on not in self._writes:
                # A release not seen here would have woken this key and nobody after it.
                holder = self.holder(self._waited_on)
                writes.append(self._claims.check(self._waited_on, holder))
        if self.waits_on is not None:
            writes.append(self._claims.wait(self.waits_on, self._key))
            writes.append(self._claims.check(self.waits_on, self.holder(self.waits_on)))
        return writes
