"""Buckets copied into those of a stack, where every copy has a new VersionId."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from botocore.exceptions import ClientError

from presswork.content import may_be_post
from presswork_cli.failure import Exit, Failure

_AT_ONCE = 16


@dataclass(frozen=True)
class Copy:
    """One version of an object: its VersionId and ETag."""

    id: str
    etag: str


@dataclass(frozen=True)
class Filled:
    """How many objects were copied, which are newer there, and which S3 did not copy, and why."""

    copied: int = 0
    newer: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Bucket:
    """A bucket with all versions of its objects, as they were listed: oldest first, by key.

    `newest` has the keys at which there is something now.
    """

    client: Any
    name: str
    versions: dict[str, list[Copy]] = field(default_factory=dict)
    newest: dict[str, Copy] = field(default_factory=dict)

    @classmethod
    def listed(cls, client: Any, name: str) -> Self:
        """A bucket as it is now; Failure when it is not there, or not the caller's to read."""
        bucket = cls(client, name)
        try:
            for page in client.get_paginator("list_object_versions").paginate(Bucket=name):
                for each in page.get("Versions", ()):
                    copy = Copy(each["VersionId"], each["ETag"])
                    bucket.versions.setdefault(each["Key"], []).insert(0, copy)
                    if each["IsLatest"]:
                        bucket.newest[each["Key"]] = copy
        except ClientError as error:
            why = error.response["Error"]["Message"]
            raise Failure(f"s3://{name} cannot be read: {why}", Exit.USAGE) from error
        return bucket

    def has(self, key: str, version: str) -> bool:
        """Whether it holds this version of an object."""
        return any(copy.id == version for copy in self.versions.get(key, ()))

    def version_of(self, key: str, etag: str | None) -> Copy | None:
        """A version of an object that has these bytes."""
        return next((copy for copy in self.versions.get(key, ()) if copy.etag == etag), None)

    def take(self, other: "Bucket", key: str, copy: Copy) -> Copy:
        """Copies one version of an object of another bucket, and has it as the newest."""
        source = {"Bucket": other.name, "Key": key, "VersionId": copy.id}
        answer = self.client.copy_object(Bucket=self.name, Key=key, CopySource=source)
        made = Copy(str(answer["VersionId"]), answer["CopyObjectResult"]["ETag"])
        self.versions.setdefault(key, []).append(made)
        self.newest[key] = made
        return made


def undelete(client: Any, bucket: str, since: datetime) -> int:
    """Takes away the delete markers that were put from an instant on; how many there were.

    The versions below keep their VersionIds. No event tells of it.
    """
    found = 0
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for each in page.get("DeleteMarkers", ()):
            if each["LastModified"] >= since:
                client.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
                found += 1
    return found


def carry_last_good(
    wanted: Mapping[tuple[str, str], str | None], own: Bucket, old: Bucket | None
) -> dict[tuple[str, str], str | None]:
    """Where the versions are now that readers are to see; None for those that are lost.

    One that is not the newest of its key in the old bucket is copied, and the newest after it. One
    that is, is left for later: whoever looks at the copy finds that it means the same. Somebody may
    have copied it before, which its ETag tells.
    """
    moved: dict[tuple[str, str], str | None] = {}
    for (key, id), etag in sorted(wanted.items()):
        if own.has(key, id):
            continue
        if old is None or not old.has(key, id):
            there = own.version_of(key, etag)
            moved[key, id] = there.id if there else None
        elif key in old.newest and (old.newest[key].id != id or not may_be_post(key)):
            moved[key, id] = _carry(key, id, own, old)
    return moved


def _carry(key: str, id: str, own: Bucket, old: Bucket) -> str:
    good = next(copy for copy in old.versions[key] if copy.id == id)
    there = own.version_of(key, good.etag) or own.take(old, key, good)
    newest = old.newest[key]
    if own.newest.get(key, there).etag != newest.etag:
        own.take(old, key, newest)
    return there.id


def fill(own: Bucket, old: Bucket, copied: Callable[[int], None]) -> Filled:
    """Copies what is newest in an old bucket, unless something newer is there.

    That is what the old bucket has no version of. Posts come last, so that the files which they
    show are there. An object that S3 does not copy keeps no other from being copied: one of more
    than 5 GB, one that is archived, one that is nobody's to read.
    """
    differing = [
        key
        for key, copy in sorted(old.newest.items())
        if key not in own.newest or own.newest[key].etag != copy.etag
    ]
    newer = tuple(
        key
        for key in differing
        if key in own.newest and not old.version_of(key, own.newest[key].etag)
    )
    missing = [key for key in differing if key not in newer]
    failed: dict[str, str] = {}

    def take(key: str) -> None:
        try:
            own.take(old, key, old.newest[key])
        except ClientError as error:
            failed[key] = error.response["Error"]["Message"]

    for group in (False, True):
        keys = [key for key in missing if may_be_post(key) is group]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for number, _ in enumerate(pool.map(take, keys), start=1):
                copied(number)
    return Filled(len(missing) - len(failed), newer, failed)
