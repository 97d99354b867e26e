"""The three buckets: what authors wrote, what the world gave, what readers get."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self

from botocore.exceptions import ClientError

from presswork.aws.clients import client, variable
from presswork.aws.conflicts import Changed, retry_on_conflict
from presswork.object import Content, ListedObject, Object

_SOURCE = "presswork-source"
"""The metadata of an original that hold the record of its origin: JSON, in ASCII as S3 asks."""
_MOST_METADATA = 2 * 1024 - len("x-amz-meta-")
"""Bytes of the names and values of an object's metadata: Amazon S3 User Guide, "Working with object
metadata"."""

_ABSENT = {"NoSuchKey", "NoSuchVersion", "404", "NotFound", "MethodNotAllowed", "405"}
_UNDER_WAY = {"ConditionalRequestConflict", "409"}
_THERE = {"PreconditionFailed", "412"}
_CHANGED = _THERE | _ABSENT


class UploadUnderWay(Changed):
    """Another upload of the key is not over: "retry the upload", as Amazon S3 API Reference says.

    Whether there is an object then, "PutObject", If-None-Match, does not say.
    """


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _raise(error: ClientError) -> NoReturn:
    """Raises what a conditional call failed with as what it means."""
    if _code(error) in _UNDER_WAY:
        raise UploadUnderWay from error
    if _code(error) in _CHANGED:
        raise Changed from error
    raise error


@dataclass(frozen=True)
class ContentBucket:
    """What authors wrote, and webhooks sent: posts, pages, files, settings, a theme."""

    client: Any
    name: str

    @classmethod
    def from_env(cls) -> Self:
        """The bucket named by CONTENT_BUCKET."""
        return cls(client("s3"), variable("CONTENT_BUCKET"))

    def get(self, key: str, *, version_id: str | None = None, most: int) -> Content | None:
        """An object as it is now, or as it was at a version; None when absent.

        At most `most` + 1 bytes are read, so that a caller sees that an object is too large.
        """
        arguments = {"Bucket": self.name, "Key": key}
        if version_id is not None:
            arguments["VersionId"] = version_id
        try:
            answer = self.client.get_object(**arguments)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise
        with answer["Body"] as body:
            data = body.read(most + 1)
        return Content(
            data=data,
            version_id=answer.get("VersionId", "null"),
            etag=answer["ETag"],
            last_modified=answer["LastModified"],
        )

    def keys(self, *, after: str, limit: int) -> list[str]:
        """A page of the keys behind one of them, in their order; an empty one is before all."""
        answer = self.client.list_objects_v2(Bucket=self.name, StartAfter=after, MaxKeys=limit)
        return [entry["Key"] for entry in answer.get("Contents", ())]

    def listing(self, prefix: str) -> list[ListedObject]:
        """The first 1,000 objects below a prefix, in the order of their keys."""
        answer = self.client.list_objects_v2(Bucket=self.name, Prefix=prefix, MaxKeys=1000)
        found = answer.get("Contents", ())
        return [ListedObject(each["Key"], each["ETag"], each["Size"]) for each in found]

    def put(self, key: str, data: bytes, content_type: str) -> str:
        """Writes an object, as an author would, and returns its VersionId."""
        answer = self.client.put_object(
            Bucket=self.name, Key=key, Body=data, ContentType=content_type
        )
        return str(answer.get("VersionId", "null"))

    def delete(self, key: str) -> None:
        """Takes an object away, as an author would: its versions stay."""
        self.client.delete_object(Bucket=self.name, Key=key)


class SeenETags:
    """The ETag that this worker saw last of each object, None where it saw none.

    Others write as well, so it may be another by now: who relies on it writes on that condition.
    """

    _MOST = 10_000

    def __init__(self) -> None:
        self.etags: dict[str, str | None] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return key in self.etags

    def get(self, key: str) -> str | None:
        """What was seen last of an object."""
        return self.etags.get(key)

    def put(self, key: str, etag: str | None) -> None:
        """Keeps what was seen of an object, and forgets what was longest not seen."""
        with self._lock:
            self.etags.pop(key, None)
            self.etags[key] = etag
            if len(self.etags) > self._MOST:
                del self.etags[next(iter(self.etags))]

    def forget(self, key: str) -> None:
        """Knows nothing of an object from here on."""
        with self._lock:
            self.etags.pop(key, None)


@dataclass(frozen=True)
class SiteBucket:
    """What readers get: pages, lists, feeds, media; derived, so not versioned."""

    client: Any
    name: str
    seen: SeenETags = field(default_factory=SeenETags, compare=False)

    @classmethod
    def from_env(cls) -> Self:
        """The bucket named by SITE_BUCKET."""
        return cls(client("s3"), variable("SITE_BUCKET"))

    def head(self, key: str) -> str | None:
        """The ETag of an object, or None when absent."""
        try:
            answer = self.client.head_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                self.seen.put(key, None)
                return None
            raise
        etag = str(answer["ETag"])
        self.seen.put(key, etag)
        return etag

    def get(self, key: str) -> bytes | None:
        """The bytes of an object, or None when absent."""
        try:
            answer = self.client.get_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise
        with answer["Body"] as body:
            return bytes(body.read())

    def put(
        self, key: str, made: Object, *, etag: str | None, disposition: str | None = None
    ) -> str:
        """Writes an object over the one with `etag` (None: over none), and returns the new ETag.

        Raises Changed when another one, or none, is there.
        """
        self.seen.forget(key)
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        if disposition is not None:
            condition["ContentDisposition"] = disposition
        try:
            answer = self.client.put_object(
                Bucket=self.name,
                Key=key,
                Body=made.body,
                ContentType=made.content_type,
                CacheControl=made.cache_control,
                Metadata=dict(made.metadata),
                **condition,
            )
        except ClientError as error:
            _raise(error)
        new = str(answer["ETag"])
        self.seen.put(key, new)
        return new

    def delete(self, key: str, *, etag: str | None = None) -> None:
        """Takes an object away; with `etag` only that one, and raises Changed otherwise."""
        self.seen.forget(key)
        condition = {} if etag is None else {"IfMatch": etag}
        try:
            self.client.delete_object(Bucket=self.name, Key=key, **condition)
        except ClientError as error:
            _raise(error)
        self.seen.put(key, None)

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys below a prefix."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=prefix
        )
        for page in pages:
            for entry in page.get("Contents", ()):
                yield str(entry["Key"])

    def put_media(
        self, key: str, data: bytes, content_type: str, *, disposition: str | None = None
    ) -> None:
        """Writes an immutable object, unless it is there: its key says its content."""
        made = Object(
            body=data,
            content_type=content_type,
            cache_control="public, max-age=31536000, immutable",
            metadata={},
        )

        def attempt() -> None:
            try:
                self.put(key, made, etag=None, disposition=disposition)
            except UploadUnderWay:
                raise
            except Changed:
                return

        retry_on_conflict(key, attempt)


@dataclass(frozen=True)
class VaultBucket:
    """What the world gave: `originals/<sha256>`, each with the record of where it was first found.

    The records of what else led to the same bytes are in `sources/<hash of URL>.json`.
    """

    client: Any
    name: str

    @classmethod
    def from_env(cls) -> Self:
        """The bucket named by VAULT_BUCKET."""
        return cls(client("s3"), variable("VAULT_BUCKET"))

    def original(self, hash: str) -> bytes | None:
        """The bytes of an original, or None when it was never kept, or was forgotten."""
        try:
            answer = self.client.get_object(Bucket=self.name, Key=f"originals/{hash}")
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise
        with answer["Body"] as body:
            return bytes(body.read())

    def keep(self, data: bytes, mime: str, source: str, provenance: Mapping[str, Any]) -> str:
        """Keeps an original once, and a record of its origin; returns its sha256 in hex.

        The record goes with the original; in an object of its own where the original is there from
        another origin, or the record is too long. Nothing is lost of either.
        """
        hash = hashlib.sha256(data).hexdigest()
        record = json.dumps({"sha256": hash, **provenance}, sort_keys=True)
        fits = len(_SOURCE) + len(record) <= _MOST_METADATA
        key, metadata = f"originals/{hash}", {_SOURCE: record} if fits else {}
        is_new = retry_on_conflict(key, lambda: self._put_new(key, data, mime, metadata))
        if is_new and fits:
            return hash
        self.client.put_object(
            Bucket=self.name,
            Key=f"sources/{source}.json",
            Body=record.encode(),
            ContentType="application/json",
        )
        return hash

    def _put_new(self, key: str, data: bytes, mime: str, metadata: Mapping[str, str]) -> bool:
        """Writes an object unless it is there; whether it was not."""
        try:
            self.client.put_object(
                Bucket=self.name,
                Key=key,
                Body=data,
                ContentType=mime,
                Metadata=metadata,
                IfNoneMatch="*",
            )
        except ClientError as error:
            if _code(error) in _THERE:
                return False
            _raise(error)
        return True
