"""Whether posts that wait for each other can go together is found from who holds what."""

from collections.abc import Mapping

import pytest

from presswork.stages.parse.rings import LARGEST, LONGEST, Obstacle, Wish, ring_of, together
from presswork.state import Holder

A, B, C, D = (f"posts/{name}.md" for name in "abcd")
HOOK = "posts/hooks/zapier/h.md"


def held(**holders: str) -> dict[str, Holder]:
    """The claims that keys hold; with a dash behind it a key held one last."""
    return {
        name: Holder(post=key, source=key.removesuffix("-"), held=not key.endswith("-"))
        for name, key in holders.items()
    }


def ring(key: str, claim: str, holders: Mapping[str, str], waits: Mapping[str, str]) -> str:
    """The ring, by the letters of its keys."""
    return "".join(ring_of(key, claim, holder_of=holders.get, waits_on=waits.get))


@pytest.mark.parametrize(
    ("holders", "waits", "found"),
    [
        ({"y": "b"}, {}, ""),
        ({}, {"b": "x"}, ""),
        ({"y": "b", "x": "a"}, {"b": "x"}, "ab"),
        ({"y": "b", "x": "a"}, {"b": "z"}, ""),
        ({"y": "b", "z": "c", "x": "a"}, {"b": "z", "c": "x"}, "abc"),
        ({"y": "b", "z": "c"}, {"b": "z", "c": "y"}, "bc"),
        ({"y": "a"}, {"a": "y"}, ""),
        ({"y": "b", "z": "b"}, {"b": "z"}, "b"),
    ],
)
def test_a_ring_is_found_where_waits_end_in_one(
    holders: Mapping[str, str], waits: Mapping[str, str], found: str
) -> None:
    """Of a key that waits for y: itself and those behind it, or others that it waits for."""
    assert ring("a", "y", holders, waits) == found


def test_waits_are_followed_up_to_a_number() -> None:
    """A line of posts that wait is no ring, however long; it is not followed for ever."""
    asked = []

    def following(claim: str) -> str:
        asked.append(claim)
        return str(int(claim) + 1)

    assert ring_of("0", "0", holder_of=following, waits_on=lambda key: key) == ()
    assert len(asked) == LONGEST


def settle(
    first: Wish, holders: Mapping[str, Holder], *waiting: Wish
) -> tuple[str, ...] | Obstacle | None:
    """The keys that go together, or what keeps them."""
    wishes = {wish.key: wish for wish in waiting}
    found = together(first, holder=holders.get, wish=wishes.get)
    return tuple(wish.key for wish in found) if isinstance(found, tuple) else found


def test_who_gives_up_what_others_want_goes_with_them() -> None:
    """Each of a ring has what the next one gives up; what is free, and its own, keeps nobody."""
    holders = held(x=A, y=B, z=C, own=A, last=f"{B}-")
    wishes = Wish(B, ("z",)), Wish(C, ("x", "new"))
    assert settle(Wish(A, ("y", "own", "last")), holders, *wishes) == (A, B, C)


@pytest.mark.parametrize(
    ("first", "others", "obstacle"),
    [
        (Wish(A, ("y", "z")), [Wish(B, ("x",))], Obstacle(A, "z")),  # c does not wait
        (Wish(A, ("y",)), [Wish(B, ("x", "z"))], Obstacle(B, "z")),
        (Wish(A, ("y", "x")), [Wish(B, ("x",))], Obstacle(B, "x", wanted_twice=True)),
        (Wish(A, ("y",)), [Wish(B, ("x", "y"))], Obstacle(A, "y")),  # b keeps it
        (Wish(A, ("y", "new")), [Wish(B, ("x", "new"))], Obstacle(B, "new", wanted_twice=True)),
        (
            Wish(A, ("z", "y")),
            [Wish(B, ("new",)), Wish(C, ("new",))],
            Obstacle(B, "new", wanted_twice=True),
        ),
    ],
)
def test_one_claim_that_is_kept_keeps_all(
    first: Wish, others: list[Wish], obstacle: Obstacle
) -> None:
    """The first name that somebody keeps, or that two of them want, is what is in the way."""
    assert settle(first, held(x=A, y=B, z=C), *others) == obstacle


def test_a_source_takes_nothing_of_an_author_in_a_ring() -> None:
    """Neither what the author gives up nor what nobody holds; an author may have a source's."""
    holders = held(x=A, y=HOOK, last=f"{B}-")
    assert settle(Wish(A, ("y",)), holders, Wish(HOOK, ("x",))) == Obstacle(HOOK, "x")
    assert settle(Wish(HOOK, ("last",)), holders) == Obstacle(HOOK, "last")
    assert settle(Wish(A, ("y",)), holders, Wish(HOOK, ("new",))) == (A, HOOK)


@pytest.mark.parametrize("size", [LARGEST, LARGEST + 1])
def test_a_ring_has_at_most_six(size: int) -> None:
    """More are not committed together."""
    keys = [f"posts/{number}.md" for number in range(size)]
    holders = held(**{f"at{number}": key for number, key in enumerate(keys)})
    wishes = [Wish(key, (f"at{(number + 1) % size}",)) for number, key in enumerate(keys)]
    assert settle(wishes[0], holders, *wishes[1:]) == (tuple(keys) if size == LARGEST else None)
