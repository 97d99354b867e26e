"""Who uses what is noted, many uses at once, and never over a newer use."""

from collections.abc import Mapping

from presswork.aws.stores import Stores
from presswork.aws.table import MOST_WRITES


def uses(stores: Stores, ids: list[str]) -> Mapping[str, list[tuple[str, int]]]:
    """The posts that use images, with the generation of each use."""
    found = {}
    for id in ids:
        items = stores.table.query(f"IMAGE#{id}", prefix="POST#")
        found[id] = [(str(item["SK"])[5:], int(item["generation"])) for item in items]
    return found


def test_many_uses_are_noted(stores: Stores) -> None:
    """More than a transaction takes, too."""
    ids = [f"{number:03}" for number in range(2 * MOST_WRITES + 1)]
    stores.images.add_uses(ids, "p", 1)
    assert uses(stores, ids) == {id: [("p", 1)] for id in ids}


def test_a_use_that_stands_there_keeps_no_other_from_being_noted(stores: Stores) -> None:
    """A repeated or a late worker changes nothing that is as new, and adds what is missing."""
    stores.images.uses_of("b").add("p", 3)
    stores.images.uses_of("c").add("p", 1)
    stores.images.add_uses("abc", "p", 2)
    assert uses(stores, ["a", "b", "c"]) == {"a": [("p", 2)], "b": [("p", 3)], "c": [("p", 2)]}
