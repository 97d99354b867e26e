"""Paths and explicit ids change hands in one look: all or none, and nobody who waits is lost."""

import pytest

from presswork.aws.conflicts import Changed
from presswork.aws.stores import Stores
from presswork.stages.parse.claims import FORMER_PATHS, ClaimChanges, ClaimLedger
from presswork.state import Holder
from presswork.tasks import CheckKey, ConvergePath, WakeWaiter
from unit.stages.holding import ID, A, B, C, X, Y, changes, commit, holds, waiters, waits, written


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
    assert written(look) == []


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
    assert len(written(look)) == 1
    commit(stores, look)
    assert stores.claims.read(X) == Holder(post="new", source=A, held=True)
    assert look.tasks == []


def test_what_is_released_and_taken_back_is_not_written(stores: Stores) -> None:
    """The claim is as it was, so nothing is to be said of it."""
    holds(stores, "a", A, X)
    look = changes(stores, A)
    look.release("a", [X])
    assert look.take("a", [X])
    assert (written(look), look.tasks) == ([], [])


@pytest.mark.parametrize(
    ("key", "held", "elsewhere"), [(A, True, False), (B, True, True), (B, False, False)]
)
def test_an_id_is_out_of_reach_by_another_key(
    stores: Stores, key: str, held: bool, elsewhere: bool
) -> None:
    """An id that was given up, or never taken, is free for any key."""
    holds(stores, ID, key, ID, held=held)
    assert changes(stores, A).is_out_of_reach(ID) is elsewhere
    assert not changes(stores, A).is_out_of_reach("unknown")


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
    assert (written(look), look.tasks) == ([], [])


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
    """The oldest are forgotten: their objects are to go, and who waits for them is woken."""
    former = tuple(f"/{number}/" for number in range(FORMER_PATHS + 4))
    *_, forgotten, taken, given_up, held = former
    holds(stores, "a", A, *former, held=False)
    holds(stores, "b", B, taken)
    holds(stores, "b", B, given_up, held=False)
    holds(stores, "a", A, held)
    look = changes(stores, A)
    assert look.trim("a", former) == former[:FORMER_PATHS]
    assert look.tasks == [WakeWaiter(claim=forgotten), ConvergePath(path=forgotten)]
    commit(stores, look)
    assert stores.claims.read(forgotten) is None
    assert all(stores.claims.read(name) for name in former if name != forgotten)


def test_claims_are_written_as_they_were_read(stores: Stores) -> None:
    """Two keys that take one free path at the same time: the second look is repeated."""
    first, second = changes(stores, A), changes(stores, B)
    assert first.take("a", [X])
    assert second.take("b", [X])
    commit(stores, first)
    with pytest.raises(Changed):
        commit(stores, second)


HOOK, OTHER_HOOK = "posts/hooks/zapier/h.md", "posts/hooks/feed/h.md"


@pytest.mark.parametrize(
    ("key", "last", "held", "takes"),
    [
        (HOOK, A, False, False),
        (HOOK, OTHER_HOOK, False, False),
        (HOOK, "posts/hooks/zapier/other.md", False, True),
        (A, HOOK, False, True),
        (A, B, False, True),
        (A, HOOK, True, False),
    ],
)
def test_what_is_free_returns_to_its_own_authority(
    stores: Stores, key: str, last: str, *, held: bool, takes: bool
) -> None:
    """A source waits for what an author or another source held last; nobody is evicted."""
    holds(stores, "before", last, X, ID, held=held)
    look = changes(stores, key)
    assert look.take("new", [X]) is takes
    assert look.is_out_of_reach(ID) is not takes
    commit(stores, look)
    assert waiters(stores, X) == ([] if takes else [key])


@pytest.mark.parametrize(("holder", "heir"), [(A, B), (HOOK, "posts/hooks/zapier/i.md")])
def test_an_heir_is_of_the_same_authority(stores: Stores, holder: str, heir: str) -> None:
    """Whoever else waits for an id, and before it: the post stays where it belongs."""
    holds(stores, ID, holder, ID, X)
    for number in range(9):
        waits(stores, f"posts/hooks/feed/{number}.md", ID)
    if holder == HOOK:
        waits(stores, C, ID)
    look = changes(stores, holder)
    assert look.transfer(ID, (X,)) is None
    waits(stores, heir, ID)
    assert look.transfer(ID, (X,)) == heir
    commit(stores, look)
    assert stores.claims.read(ID) == Holder(post=ID, source=heir, held=True)
    assert stores.claims.read(X) == Holder(post=ID, source=heir, held=True)


def test_posts_that_go_together_take_what_the_other_holds(stores: Stores) -> None:
    """Each claim is written once, whoever is the first to take and to release; nobody is woken."""
    holds(stores, "a", A, X)
    holds(stores, "b", B, Y)
    ledger = ClaimLedger(stores.claims, {"a", "b"})
    for post, key, wanted, held in (("a", A, Y, X), ("b", B, X, Y)):
        look = ClaimChanges(ledger, key, wanted)
        assert look.take(post, [wanted])
        look.release(post, [held])
        assert look.tasks == ([WakeWaiter(claim=X)] if post == "a" else [])
    stores.write(*ledger.writes())
    assert stores.claims.read(X) == Holder(post="b", source=B, held=True)
    assert stores.claims.read(Y) == Holder(post="a", source=A, held=True)


def test_what_surely_is_in_the_way_is_waited_for(stores: Stores) -> None:
    """Whichever claim is met first: with an obstacle that is known, the key waits for that one."""
    holds(stores, "b", B, X, Y)
    look = ClaimChanges(ClaimLedger(stores.claims), A, None, obstacle=Y)
    assert not look.take("a", (X, Y))
    assert look.waits_on == Y


HOOK = "posts/hooks/zapier/h.md"


def as_author(stores: Stores, key: str) -> ClaimChanges:
    """The claims as a look finds them while the source ranks with authors."""
    return ClaimChanges(ClaimLedger(stores.claims, as_authors=frozenset({"zapier"})), key, None)


def test_whose_a_claim_was_is_remembered(stores: Stores) -> None:
    """What a source took of an author's returns to authors; an author owes nobody anything."""
    holds(stores, "a", A, X, held=False)
    look = as_author(stores, HOOK)
    assert look.take("h", [X])
    commit(stores, look)
    taken = Holder(post="h", source=HOOK, held=True, author=A)
    assert stores.claims.read(X) == taken
    again = changes(stores, HOOK)
    again.release("h", [X])
    commit(stores, again)
    assert stores.claims.read(X) == Holder(post="h", source=HOOK, held=False, author=A)
    assert not changes(stores, HOOK).take("h", [X])
    theirs = changes(stores, B)
    assert theirs.take("b", [X])
    commit(stores, theirs)
    assert stores.claims.read(X) == Holder(post="b", source=B, held=True)


def test_a_claim_whose_past_moved_meanwhile_is_not_written(stores: Stores) -> None:
    """Who read it before an author had it would forget that."""
    mine = Holder(post="h", source=HOOK, held=True)
    stores.write(stores.claims.put(X, None, mine.model_copy(update={"author": A})))
    with pytest.raises(Changed):
        stores.write(stores.claims.put(X, mine, mine))


def test_an_id_is_handed_on_within_an_authority(stores: Stores) -> None:
    """An author's goes on to a source's post while that source ranks with authors."""
    holds(stores, ID, A, ID)
    waits(stores, HOOK, ID)
    assert changes(stores, A).transfer(ID) is None
    assert as_author(stores, A).transfer(ID) == HOOK
