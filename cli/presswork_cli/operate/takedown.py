"""`takedown`: a post off the site at once, with what it alone shows."""

import time
from collections.abc import Iterator

from presswork.aws.buckets import SiteBucket
from presswork.aws.conflicts import Changed
from presswork.aws.edge import MOST_FOLDERS
from presswork.clock import utc_now
from presswork.post import Image
from presswork.site import cached_at
from presswork.site_keys import MEDIA
from presswork.stages.images.media import GRACE, MediaLibrary
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate import publish
from presswork_cli.operate.follow import Journey
from presswork_cli.operate.stack import Stack
from presswork_cli.printing import show
from presswork_cli.printing.answers import REMOVED, TakedownAnswer

_PAUSE = 0.2


def takedown(stack: Stack, journey: Journey, *, forget: bool, timeout: float) -> TakedownAnswer:
    """Deletes a post's file, follows it until it is down, then takes its media away.

    What other posts show stays. With `forget` the originals of the rest are deleted for good, with
    the records of their origin.
    """
    source = stack.stores.sources.read(journey.key)
    before = stack.stores.posts.read(source.post) if source and source.post else None
    images = dict(before.ready.images) if before and before.ready else {}
    removal = publish.remove(stack, [journey], timeout=timeout, passed=show.stage_passed)
    (post,) = removal.posts
    if post.status != REMOVED or before is None:
        return TakedownAnswer(post=post)
    _wait_until_let_go(stack, before.id, timeout)
    hashes = sorted({image.media for image in images.values() if image.media is not None})
    media = MediaLibrary(
        stack.stores.media, SiteBucket(stack.client("s3"), stack.outputs.SiteBucket)
    )
    for hash in hashes:
        media.collect(hash, utc_now() + GRACE)
    kept = tuple(hash for hash in hashes if media.has(hash))
    deleted = tuple(hash for hash in hashes if hash not in kept)
    media_paths = [f"/{MEDIA}{hash}/*" for hash in deleted]
    paths = [*media_paths, *(each for path in before.paths for each in cached_at(path))]
    stack.refresh(paths if len(paths) <= MOST_FOLDERS else ["/*"])
    forgotten = deleted if forget else ()
    for hash in forgotten:
        _delete_for_good(stack, f"originals/{hash}")
    if forget:
        _forget_origins(stack, images, deleted)
    return TakedownAnswer(post=post, deleted=deleted, kept=kept, forgotten=forgotten)


def _wait_until_let_go(stack: Stack, id: str, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while True:
        post = stack.stores.posts.read(id)
        if (
            post is None
            or post.ready is None
            or not (post.ready.images or post.pending_images.known)
        ):
            return
        if time.monotonic() > deadline:
            raise Failure(
                f"{post.source} is down, but its images were not let go of in time: run it again",
                Exit.NO_CLOUD,
            )
        time.sleep(_PAUSE)


def _forget_origins(stack: Stack, images: dict[str, Image], deleted: tuple[str, ...]) -> None:
    """Forgets where images came from that nobody wants: the next post that does fetches anew."""
    remote = stack.stores.images
    for id, image in images.items():
        if image.media not in deleted or next(remote.uses_of(id).posts(limit=1), None) is not None:
            continue
        _delete_for_good(stack, f"sources/{id}.json")
        origin = remote.find(id)
        if origin is not None:
            try:
                remote.forget(origin)
            except Changed:  # somebody wants it again
                continue


def _delete_for_good(stack: Stack, key: str) -> None:
    """Deletes every version of an object of the vault."""
    s3, bucket = stack.client("s3"), stack.outputs.VaultBucket
    for version in list(_versions(stack, key)):
        s3.delete_object(Bucket=bucket, Key=key, VersionId=version)


def _versions(stack: Stack, key: str) -> Iterator[str]:
    pages = (
        stack.client("s3")
        .get_paginator("list_object_versions")
        .paginate(Bucket=stack.outputs.VaultBucket, Prefix=key)
    )
    for page in pages:
        for entry in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            if entry["Key"] == key:
                yield str(entry["VersionId"])
