"""Who waits for a claim is woken when it is free, whatever others do during the look."""

from collections.abc import Callable

import pytest

from presswork.aws.conflicts import Changed
from presswork.aws.stores import Stores
from presswork.state import Holder
from presswork.tasks import WakeWaiter
from unit.stages.holding import A, B, C, X, Y, changes, commit, holds, waiters, waits


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
