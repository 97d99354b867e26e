"""Where everything stands that one post is read from and written to, for who explains it."""

from collections.abc import Iterator

from presswork.aws.lists import GONE
from presswork.aws.stores import Stores
from presswork.state import PostState, Source


def item_keys(stores: Stores, source: Source, post: PostState | None) -> Iterator[tuple[str, str]]:
    """The partition and sort keys of a post's items; some may not be there."""
    yield "SITE", "META"
    yield f"SRC#{source.key}", "SRC"
    if post is None:
        return
    yield f"POST#{post.id}", "META"
    for name in (*post.claims, *post.paths):
        yield f"CLAIM#{name}", "HOLDER"
    live, ready = post.live, post.ready
    if live is not None and live.up:
        for name in live.lists:
            yield stores.lists.key(name, live.card)
    elif live is not None:
        yield f"LIST#{GONE}", post.id
    for id, image in (ready.images if ready else {}).items():
        yield f"IMAGE#{id}", "META"
        yield f"IMAGE#{id}", f"POST#{post.id}"
        if image.media is not None:
            yield f"MEDIA#{image.media}", "META"
            yield f"MEDIA#{image.media}", f"POST#{post.id}"
