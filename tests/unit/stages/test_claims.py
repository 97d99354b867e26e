"""Paths and explicit ids change hands in one look: all or none, and nobody who waits is lost."""

from collections.abc import Callable

import pytest

from presswork.aws.conflicts import Changed
from presswork.aws.stores import Stores
from presswork.stages.parse.claims import FORMER_PATHS, ClaimChanges
from presswork.state import Holder
from presswork.tasks import CheckKey, WakeWaiter

A, B, C = "posts/a.md", "posts/b.md", "posts/c.md"
X, Y, ID = "/x/", "/y/", "the-post"


def changes(stores: Stores, key: str, waited_on: str | None = None) -> ClaimChanges:
    """The claims as one look at a key finds them."""
    return ClaimChanges(stores.claims, key, waited_on)


def commit(stores: Stores, look: ClaimChanges) -> None:
    """Writes what a look changed, in one transaction."""
    stores.write(*look.writes)


def holds(stores: Stores, post: str, key: str, *names: str, held: bool = True) -> None:
    """Makes a post the holder of claims, or the one that held them last."""
    for name in names:
        holder = Holder(post=post, source=key, held=held)
        stores.write(stores.claims.put(name, stores.claims.read(name), holder))


def waits(stores: Stores, key: str, name: str) -> None:
    """Makes a key wait for a claim."""
    stores.write(stores.claims.wait(name, key))


def waiters(stores: Stores, name: str) -> list[str]:
    """Who waits for a claim."""
    return sorted(stores.claims.waiters(name))


def test_a_post_takes_what_is_free(stores: Stores) -> None:
    """What nobody holds, what another post gave up, and what is its own by another key."""
    holds(stores, "other", B, Y, held=False)
    holds(stores, "a", C, ID)
    look = changes(stores, A)
    assert look.take("a", (X, Y, ID))
    commit(stores, look)
    mine = Holder(post="a", source=A, held=True)
    assert [stores.claims.read(name) for name in (X, Y, ID)] == [mine] * 3
    assert (look.waits_on, look.tasks) == (None, [])


def test_a_post_takes_all_or_none(stores: Stores) -> None:
    """One claim that another post holds: the others stay free, and the key waits for that one."""
    holds(stores, "b", B, Y)
    look = changes(stores, A)
    assert not look.take("a", (X, Y))
    commit(stores, look)
    assert look.waits_on == Y
    assert stores.claims.read(X) is None
    assert stores.claims.read(Y) == Holder(post="b", source=B, held=True)
    assert waiters(stores, Y) == [A]


def test_what_is_held_already_is_not_written(stores: Stores) -> None:
    """A look that changes no claim writes none."""
    holds(stores, "a", A, X)
    look = changes(stores, A)
    assert look.take("a", [X])
    assert look.writes == []


def test_a_released_path_is_remembered_and_wakes_who_waits(stores: Stores) -> None:
    """It is held no more, and whoever waits for it is woken; only its holder can let it go."""
    holds(stores, "a", A, X)
    holds(stores, "b", B, Y)
    holds(stores, "a", A, "/old/", held=False)
    look = changes(stores, A)
    look.release("a", (X, Y, "/old/", "/unknown/"))
    commit(stores, look)
    assert stores.claims.read(X) == Holder(post="a", source=A, held=False)
    assert stores.claims.read(Y) == Holder(post="b", source=B, held=True)
    assert look.tasks == [WakeWaiter(claim=X)]


def test_what_one_post_of_a_key_releases_another_takes(stores: Stores) -> None:
    """A key that feeds another post now hands its path over: one write, and nobody is woken."""
    holds(stores, "a", A, X)
    look = changes(stores, A)
    look.release("a", [X])
    assert look.take("new", [X])
    assert len(look.writes) == 1
    commit(stores, look)
    assert stores.claims.read(X) == Holder(post="new", source=A, held=True)
    assert look.tasks == []


def test_what_is_released_and_taken_back_is_not_written(stores: Stores) -> None:
    """The claim is as it was, so nothing is to be said of it."""
    holds(stores, "a", A, X)
    look = changes(stores, A)
    look.release("a", [X])
    assert look.take("a", [X])
    assert (look.writes, look.tasks) == ([], [])


@pytest.mark.parametrize(
    ("key", "held", "elsewhere"), [(A, True, False), (B, True, True), (B, False, False)]
)
def test_an_id_is_held_elsewhere_by_another_key(
    stores: Stores, key: str, held: bool, elsewhere: bool
) -> None:
    """An id that was given up, or never taken, is free for any key."""
    holds(stores, ID, key, ID, held=held)
    assert changes(stores, A).is_held_elsewhere(ID) is elsewhere
    assert not changes(stores, A).is_held_elsewhere("unknown")


def test_an_id_is_transferred_to_who_waits(stores: Stores) -> None:
    """One waiting key feeds the post from then on, waits no more, and is to be looked at."""
    holds(stores, ID, A, ID)
    waits(stores, B, ID)
    waits(stores, C, ID)
    first = next(stores.claims.waiters(ID))
    look = changes(stores, A)
    assert look.transfer(ID) == first
    commit(stores, look)
    assert stores.claims.read(ID) == Holder(post=ID, source=first, held=True)
    assert waiters(stores, ID) == [key for key in (B, C) if key != first]
    assert look.tasks == [CheckKey(key=first)]


@pytest.mark.parametrize(("holder", "waiter"), [(A, None), (B, C), (None, C)])
def test_nobody_inherits_what_is_not_to_be_had(
    stores: Stores, holder: str | None, waiter: str | None
) -> None:
    """Without anyone who waits, or with another holder by then, nothing is transferred."""
    if holder is not None:
        holds(stores, ID, holder, ID)
    if waiter is not None:
        waits(stores, waiter, ID)
    look = changes(stores, A)
    assert look.transfer(ID) is None
    assert (look.writes, look.tasks) == ([], [])


def test_an_heir_that_gave_up_meanwhile_inherits_nothing(stores: Stores) -> None:
    """The whole look is made anew when the key that is to inherit waits no longer."""
    holds(stores, ID, A, ID)
    waits(stores, B, ID)
    look = changes(stores, A)
    look.transfer(ID)
    stores.write(stores.claims.stop_waiting(ID, B))
    with pytest.raises(Changed):
        commit(stores, look)


def test_former_paths_are_kept_up_to_a_number(stores: Stores) -> None:
    """The oldest are forgotten and returned this once: so that their objects go, too."""
    former = tuple(f"/{number}/" for number in range(FORMER_PATHS + 3))
    *_, forgotten, taken, held = former
    holds(stores, "a", A, *former, held=False)
    holds(stores, "b", B, taken)
    holds(stores, "a", A, held)
    look = changes(stores, A)
    assert look.trim("a", former) == (*former[:FORMER_PATHS], forgotten)
    commit(stores, look)
    assert stores.claims.read(forgotten) is None
    assert stores.claims.read(former[FORMER_PATHS - 1]) is not None
    assert stores.claims.read(taken) == Holder(post="b", source=B, held=True)


def release(stores: Stores) -> None:
    """The holder lets go."""
    holds(stores, "b", B, X, held=False)


def disappear(stores: Stores) -> None:
    """The claim is forgotten."""
    stores.write(stores.claims.forget(X, Holder(post="b", source=B, held=True)))


@pytest.mark.parametrize("move", [release, disappear])
@pytest.mark.parametrize("waited_on", [None, X])
def test_a_claim_that_moves_during_a_wait_is_read_again(
    stores: Stores, move: Callable[[Stores], None], waited_on: str | None
) -> None:
    """Who begins to wait, or goes on, relies on the claim being held: else the look is repeated."""
    holds(stores, "b", B, X)
    look = changes(stores, A, waited_on)
    assert not look.take("a", [X])
    move(stores)
    with pytest.raises(Changed):
        commit(stores, look)


def test_a_wait_given_up_wakes_the_next_one(stores: Stores) -> None:
    """A key woken for a claim that is free, and that wants it no more, wakes who waits after it."""
    holds(stores, "b", B, X, held=False)
    waits(stores, A, X)
    waits(stores, C, X)
    look = changes(stores, A, X)
    assert look.take("a", [Y])
    commit(stores, look)
    assert waiters(stores, X) == [C]
    assert look.tasks == [WakeWaiter(claim=X)]


def test_a_wait_for_a_held_claim_given_up_wakes_nobody(stores: Stores) -> None:
    """The holder wakes who waits when it lets go, unless that happens during the look."""
    holds(stores, "b", B, X)
    waits(stores, A, X)
    look = changes(stores, A, X)
    assert look.tasks == []
    release(stores)
    with pytest.raises(Changed):
        commit(stores, look)


def test_a_wait_that_ends_well_wakes_nobody(stores: Stores) -> None:
    """A key that takes what it waited for has the claim, and waits no more."""
    holds(stores, "b", B, X, held=False)
    waits(stores, A, X)
    look = changes(stores, A, X)
    assert look.take("a", [X])
    assert look.tasks == []
    commit(stores, look)
    assert waiters(stores, X) == []


def test_a_wait_for_another_claim_replaces_the_one_before(stores: Stores) -> None:
    """A key waits for one claim at a time."""
    holds(stores, "b", B, X, Y)
    waits(stores, A, X)
    look = changes(stores, A, X)
    look.wait(Y)
    commit(stores, look)
    assert (waiters(stores, X), waiters(stores, Y)) == ([], [A])


def test_claims_are_written_as_they_were_read(stores: Stores) -> None:
    """Two keys that take one free path at the same time: the second look is repeated."""
    first, second = changes(stores, A), changes(stores, B)
    assert first.take("a", [X])
    assert second.take("b", [X])
    commit(stores, first)
    with pytest.raises(Changed):
        commit(stores, second)
