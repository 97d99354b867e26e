"""ContentBucket as a sync sees it: its objects, and the manifest of a folder."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from botocore.exceptions import ClientError
from pydantic import ValidationError

from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.publish import AT_ONCE, SHA256
from presswork_cli.sync.manifest import Manifest, manifest_key
from presswork_cli.sync.plan import Head, RemoteObject

_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_CHANGED = frozenset({"412", "PreconditionFailed", "409", "ConditionalRequestConflict"}) | _ABSENT
_ROUNDS = 8


class _Stored(NamedTuple):
    """A manifest as it stands in the bucket; without an ETag there is none."""

    manifest: Manifest
    etag: str | None


@dataclass(frozen=True)
class RemoteFolder:
    """What a folder of some name has in the bucket."""

    client: Any
    bucket: str
    name: str

    def objects(self, scope: str) -> dict[str, RemoteObject]:
        """Every object whose key begins so."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=scope
        )
        return {
            each["Key"]: RemoteObject(each["ETag"].strip('"'), each["Size"])
            for page in pages
            for each in page.get("Contents", ())
        }

    def heads(self, keys: Iterable[str]) -> dict[str, Head]:
        """What some objects tell of themselves, as far as they are there."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = [(key, pool.submit(self._head, key)) for key in keys]
            return {key: head for key, answer in asked if (head := answer.result()) is not None}

    def version(self, key: str) -> str:
        """The VersionId of an object as it is now."""
        return str(self.client.head_object(Bucket=self.bucket, Key=key)["VersionId"])

    def delete(self, key: str, etag: str) -> bool:
        """Deletes an object as it was listed; whether it was that one."""
        try:
            self.client.delete_object(Bucket=self.bucket, Key=key, IfMatch=f'"{etag}"')
        except ClientError as error:
            if _code(error) in _CHANGED:
                return False
            raise
        return True

    def manifest(self) -> Manifest:
        """What the folder wrote; Failure for a manifest that cannot be read."""
        return self._stored().manifest

    def change(self, change: Callable[[Manifest], Manifest]) -> None:
        """Changes the manifest, whoever else changes it meanwhile; an equal one stays."""
        for _ in range(_ROUNDS):
            manifest, etag = self._stored()
            wanted = change(manifest)
            if wanted == manifest:
                return
            condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
            try:
                self.client.put_object(
                    Bucket=self.bucket,
                    Key=self._key,
                    Body=wanted.model_dump_json().encode(),
                    ContentType="application/json",
                    **condition,
                )
            except ClientError as error:
                if _code(error) not in _CHANGED:
                    raise
            else:
                return
        raise Failure(
            f"{self._key} changes all the time: let the other syncs of this folder end, and try "
            "again",
            Exit.NO_CLOUD,
        )

    @cached_property
    def _key(self) -> str:
        return manifest_key(self.name)

    def _stored(self) -> _Stored:
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return _Stored(Manifest(), None)
            raise
        with answer["Body"] as body:
            data = body.read()
        try:
            return _Stored(Manifest.model_validate_json(data), answer["ETag"])
        except ValidationError as error:
            raise Failure(
                f"{self._key} in {self.bucket} is damaged: bring back an earlier version of it, or "
                "delete it; then nothing counts as written by this folder",
                Exit.USAGE,
            ) from error

    def _head(self, key: str) -> Head | None:
        try:
            answer = self.client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise
        return Head(answer.get("ContentType", ""), answer.get("Metadata", {}).get(SHA256))


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
