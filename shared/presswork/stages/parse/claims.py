"""Paths and explicit ids as looks at keys change hands of them (who comes later waits)."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from presswork.authority import NOBODY, AsAuthors, authority_of, may_have
from presswork.aws.claims import Claims
from presswork.aws.stores import Write
from presswork.state import Holder
from presswork.tasks import CheckKey, ConvergePath, Task, WakeWaiter

FORMER_PATHS = 10


class ClaimLedger:
    """The claims that a transaction reads and writes; each is written at most once.

    `posts` are the ids of those that it commits together: one may take what another of them holds.
    `read` are the holders that were read beforehand, by claim; `as_authors` are the sources that
    rank with authors.
    """

    def __init__(
        self,
        claims: Claims,
        posts: Collection[str] = (),
        read: Mapping[str, Holder | None] = MappingProxyType({}),
        as_authors: AsAuthors = NOBODY,
    ) -> None:
        self.claims = claims
        self.as_authors = as_authors
        self.posts = frozenset(posts)
        self.released: dict[str, str] = {}
        self._taken: set[str] = set()
        self._read = dict(read)
        self._writes: dict[str, Write] = {}

    def holder(self, name: str) -> Holder | None:
        """Who holds a claim, or held it last, when it was first read."""
        if name not in self._read:
            self._read[name] = self.claims.read(name)
        return self._read[name]

    def is_kept_from(self, key: str, holder: Holder) -> bool:
        """Whether a claim that a key asks for, free or let go of, returns to others than it."""
        return not may_have(key, holder.kept_for, self.as_authors)

    def is_taken(self, name: str) -> bool:
        """Whether one of the posts has taken a claim."""
        return name in self._taken

    def is_written(self, name: str) -> bool:
        """Whether the transaction changes a claim."""
        return name in self._writes

    def take(self, name: str, new: Holder) -> None:
        """Makes a post the holder of a claim, whoever let go of it before."""
        self._taken.add(name)
        self.released.pop(name, None)
        self._writes.pop(name, None)
        old = self.holder(name)
        new = new.after(old)
        if old != new:
            self._writes[name] = self.claims.put(name, old, new)

    def release(self, name: str, new: Holder) -> None:
        """Makes a post the one that held a claim last."""
        self.released[name] = new.source
        self._replace(name, new)

    def transfer(self, name: str, new: Holder) -> None:
        """Makes another key the one that feeds a post which holds a claim."""
        self._replace(name, new)

    def _replace(self, name: str, new: Holder) -> None:
        old = self.holder(name)
        self._writes[name] = self.claims.put(name, old, new.after(old))

    def forget(self, name: str, old: Holder) -> None:
        """Takes away a claim that nobody holds."""
        self._writes[name] = self.claims.forget(name, old)

    def writes(self, checked: Iterable[str] = ()) -> list[Write]:
        """What is written of claims, on condition that each, and those `checked`, are as read."""
        others = sorted(set(checked) - self._writes.keys())
        checks = [self.claims.check(name, self.holder(name)) for name in others]
        return [*self._writes.values(), *checks]


class ClaimChanges:
    """The claims that one look at a key takes, releases or waits for.

    Nothing is written here: the `writes` of look and ledger belong in one transaction. `tasks` are
    to be done after it: who waits for a claim that was given up, and who inherited a post, is sent
    through parse, and forgotten paths are cleared. With an `obstacle` the key waits for that claim,
    whichever it meets first.
    """

    def __init__(
        self, ledger: ClaimLedger, key: str, waited_on: str | None, *, obstacle: str | None = None
    ) -> None:
        self.waits_on: str | None = None
        self.ledger = ledger
        self._key = key
        self._waited_on = waited_on
        self._obstacle = obstacle
        self._forgotten: list[str] = []
        self._successors: dict[str, str] = {}

    def is_out_of_reach(self, id: str) -> bool:
        """Whether an explicit id is another key's, or kept for those who may inherit it."""
        holder = self.ledger.holder(id)
        if holder is None:
            return False
        if not holder.held:
            return self.ledger.is_kept_from(self._key, holder)
        return holder.source != self._key and holder.post not in self.ledger.posts

    def release(self, post: str, names: Iterable[str]) -> None:
        """Lets go of claims, so that their paths answer 301 or 410 until somebody takes them."""
        for name in names:
            old = self.ledger.holder(name)
            if old is None or old.post != post or not old.held or self.ledger.is_taken(name):
                continue
            self.ledger.release(name, Holder(post=post, source=self._key, held=False))

    def take(self, post: str, names: Iterable[str]) -> bool:
        """Takes all of the claims; or, when one is not to be had, waits for it and takes none."""
        names = list(names)
        for name in names:
            if not self._is_free(name, post):
                self.wait(name)
                return False
        for name in names:
            self.ledger.take(name, Holder(post=post, source=self._key, held=True))
        return True

    def _is_free(self, name: str, post: str) -> bool:
        old = self.ledger.holder(name)
        if old is None or name in self.ledger.released:
            return True
        if not old.held:
            return not self.ledger.is_kept_from(self._key, old)
        return old.post == post or old.post in self.ledger.posts

    def wait(self, name: str) -> None:
        """Waits for a claim that is not to be had."""
        self.waits_on = self._obstacle or name

    def transfer(self, id: str, names: Iterable[str] = ()) -> str | None:
        """Gives an explicit id to the first key of its authority that waits for it; names it.

        The post's further claims, `names`, go along with it.
        """
        old, as_authors = self.ledger.holder(id), self.ledger.as_authors
        own = authority_of(self._key, as_authors)
        if old is None or not old.held or old.source != self._key:
            return None
        waiters = self.ledger.claims.waiters(id)
        successor = next((key for key in waiters if authority_of(key, as_authors) == own), None)
        if successor is None:
            return None
        for name in dict.fromkeys((id, *names)):
            holder = self.ledger.holder(name)
            if holder is not None and holder.held and holder.post == id:
                self.ledger.transfer(name, Holder(post=id, source=successor, held=True))
        self._successors[id] = successor
        return successor

    @property
    def has_heir(self) -> bool:
        """Whether another key inherits a post."""
        return bool(self._successors)

    def trim(self, post: str, former: tuple[str, ...]) -> tuple[str, ...]:
        """The newest former paths; the others are forgotten, also those that were just released."""
        for name in former[FORMER_PATHS:]:
            old = self.ledger.holder(name)
            if old is None or old.post != post or self.ledger.is_taken(name):
                continue
            if not old.held or name in self.ledger.released:
                self.ledger.forget(name, old)
                self._forgotten.append(name)
        return former[:FORMER_PATHS]

    @property
    def _given_up(self) -> str | None:
        """The claim that the key waited for, and waits for no more."""
        return self._waited_on if self._waited_on != self.waits_on else None

    @property
    def tasks(self) -> list[Task]:
        """What is to be done once the transaction is done."""
        free = [name for name, key in self.ledger.released.items() if key == self._key]
        free += self._forgotten
        if self._given_up is not None and not self.ledger.is_written(self._given_up):
            holder = self.ledger.holder(self._given_up)
            free += [] if holder is not None and holder.held else [self._given_up]
        return [
            *(WakeWaiter(claim=name) for name in dict.fromkeys(free)),
            *(CheckKey(key=key) for key in self._successors.values()),
            *(ConvergePath(path=path) for path in self._forgotten),
        ]

    @property
    def checked(self) -> list[str]:
        """The claims that its waits rely on.

        A release not seen by who gives a wait up would have woken this key and nobody after it.
        """
        return [name for name in (self._given_up, self.waits_on) if name is not None]

    @property
    def writes(self) -> list[Write]:
        """What the look writes about waits."""
        claims = self.ledger.claims
        writes = [claims.end_wait(id, key) for id, key in self._successors.items()]
        if self._given_up is not None:
            writes.append(claims.stop_waiting(self._given_up, self._key))
        if self.waits_on is not None:
            writes.append(claims.wait(self.waits_on, self._key))
        return writes
