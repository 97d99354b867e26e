"""Posts that wait for each other in a ring: who they are, and whether they can go together; pure.

What is read of the table comes through functions.
"""

from collections.abc import Callable
from dataclasses import dataclass

from presswork.authority import NOBODY, AsAuthors, may_have
from presswork.state import Holder

LARGEST = 6
"""How many posts are committed together, at most."""

LONGEST = 100
"""How far waits are followed."""


@dataclass(frozen=True)
class Wish:
    """The names that the post of a key is to hold, all of them or none."""

    key: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Obstacle:
    """A claim that a key cannot have, whoever is committed together with it.

    It is kept by who holds it, or `wanted_twice` by those who were to go together.
    """

    key: str
    claim: str
    wanted_twice: bool = False


def ring_of(
    key: str,
    claim: str | None,
    *,
    holder_of: Callable[[str], str | None],
    waits_on: Callable[[str], str | None],
) -> tuple[str, ...]:
    """The keys of the ring that ends the waits of a key for a claim, each waiting for the next.

    There is none when whoever is the last to hold something waits for nobody. The key itself may
    stand outside: it then waits for one of those in the ring.
    """
    keys = [key]
    while claim is not None and len(keys) <= LONGEST:
        following = holder_of(claim)
        if following is None or keys == [following]:  # what it gives to an heir is not to be had
            break
        if following in keys:
            return tuple(keys[keys.index(following) :])
        keys.append(following)
        claim = waits_on(following)
    return ()


def together(
    first: Wish,
    *,
    holder: Callable[[str], Holder | None],
    wish: Callable[[str], Wish | None],
    as_authors: AsAuthors = NOBODY,
) -> tuple[Wish, ...] | Obstacle | None:
    """The wishes that come true at once, a key's and all that this takes; or what is in the way.

    None when they are too many. `wish` knows nothing of a key that does not wait, so that it keeps
    what it holds. `as_authors` are the sources that rank with authors.
    """
    wishes, to_have = {first.key: first}, dict.fromkeys(first.names, first.key)
    waiting = [first]
    for each in waiting:
        found = _needed(each, wishes, holder=holder, wish=wish, as_authors=as_authors)
        if isinstance(found, Obstacle):
            return found
        for other in found:
            for name in other.names:
                if to_have.setdefault(name, other.key) != other.key:
                    return Obstacle(other.key, name, wanted_twice=True)
            wishes[other.key] = other
            waiting.append(other)
        if len(wishes) > LARGEST:
            return None
    return tuple(waiting)


def _needed(
    one: Wish,
    wishes: dict[str, Wish],
    *,
    holder: Callable[[str], Holder | None],
    wish: Callable[[str], Wish | None],
    as_authors: AsAuthors,
) -> tuple[Wish, ...] | Obstacle:
    """The further wishes that have to come true with one, since they let go of what it wants."""
    found: dict[str, Wish] = {}
    for name in one.names:
        last = holder(name)
        if last is None:
            continue
        if last.source == one.key:
            continue
        if not may_have(one.key, last.kept_for, as_authors):
            return Obstacle(one.key, name)
        if not last.held:
            continue
        other = wishes.get(last.source) or found.get(last.source) or wish(last.source)
        if other is None or name in other.names:
            return Obstacle(one.key, name)
        if last.source not in wishes:
            found[last.source] = other
    return tuple(found.values())
