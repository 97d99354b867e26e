"""Claims as they stand before a look at a key, and what the look makes of them."""

from presswork.aws.stores import Stores, Write
from presswork.stages.parse.claims import ClaimChanges, ClaimLedger
from presswork.state import Holder

A, B, C = "posts/a.md", "posts/b.md", "posts/c.md"
X, Y, ID = "/x/", "/y/", "the-post"


def changes(stores: Stores, key: str, waited_on: str | None = None) -> ClaimChanges:
    """The claims as one look at a key finds them."""
    return ClaimChanges(ClaimLedger(stores.claims), key, waited_on)


def written(look: ClaimChanges) -> list[Write]:
    """What a look writes, of waits and of claims."""
    return [*look.writes, *look.ledger.writes(look.checked)]


def commit(stores: Stores, look: ClaimChanges) -> None:
    """Writes what a look changed, in one transaction."""
    stores.write(*written(look))


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
