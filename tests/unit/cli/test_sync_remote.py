"""ContentBucket as a sync sees it."""

import io
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from presswork_cli.failure import Exit, Failure
from presswork_cli.sync.manifest import Manifest, Written, manifest_key
from presswork_cli.sync.plan import RemoteObject
from presswork_cli.sync.remote import RemoteFolder

if TYPE_CHECKING:
    from collections.abc import Callable

A = Written(sha256="1" * 64, etag="a", type="text/plain")
B = Written(sha256="2" * 64, etag="b", type="text/plain")


def refused(code: str) -> ClientError:
    """What S3 answers."""
    return ClientError({"Error": {"Code": code, "Message": code}}, "PutObject")


class Bucket:
    """A bucket of one object; `meanwhile` is what others do before a write."""

    def __init__(self) -> None:
        self.body: bytes | None = None
        self.etag, self.writes = 0, 0
        self.meanwhile: Callable[[], None] = lambda: None

    def get_object(self, **_: Any) -> dict[str, Any]:
        """The object, if it is there."""
        if self.body is None:
            raise refused("NoSuchKey")
        return {"Body": io.BytesIO(self.body), "ETag": f'"{self.etag}"'}

    def put_object(self, *, Body: bytes, **about: Any) -> None:  # noqa: N803 - boto3's name
        """A write on a condition."""
        self.meanwhile()
        if about.get("IfNoneMatch") == "*" and self.body is not None:
            raise refused("PreconditionFailed")
        if "IfMatch" in about and about["IfMatch"] != f'"{self.etag}"':
            raise refused("PreconditionFailed")
        assert {"IfMatch", "IfNoneMatch"} & about.keys()
        self.write(Body)

    def write(self, body: bytes) -> None:
        """What stands there from now on."""
        self.body, self.etag, self.writes = body, self.etag + 1, self.writes + 1

    def get_paginator(self, _: str) -> Any:
        """Two pages, as of more than a thousand objects."""
        bucket = self

        class Pages:
            def paginate(self, **request: Any) -> list[dict[str, Any]]:
                assert request == {"Bucket": "content", "Prefix": "posts/"}
                one = {"Key": "posts/a.md", "ETag": '"a"', "Size": 1}
                two = {"Key": "posts/b.md", "ETag": '"b-2"', "Size": bucket.etag}
                return [{"Contents": [one]}, {"Contents": [two]}, {}]

        return Pages()


def test_every_page_of_the_list_is_read() -> None:
    """ETags come without their quotes."""
    assert RemoteFolder(Bucket(), "content", "site").objects("posts/") == {
        "posts/a.md": RemoteObject("a", 1),
        "posts/b.md": RemoteObject("b-2", 0),
    }


def test_a_manifest_keeps_what_another_sync_wrote_meanwhile() -> None:
    """Two syncs of a folder at once: neither forgets what the other one sent."""
    bucket = Bucket()
    remote = RemoteFolder(bucket, "content", "site")

    def other() -> None:
        bucket.meanwhile = lambda: None
        bucket.write(Manifest(files={"posts/b.md": B}).model_dump_json().encode())

    for _ in range(2):  # when there is none yet, and when there is one
        bucket.meanwhile = other
        remote.change(lambda now: now.ended({"posts/a.md": A}, ()))
        assert remote.manifest().files == {"posts/a.md": A, "posts/b.md": B}


def test_an_equal_manifest_is_not_written() -> None:
    """Nothing changed, nothing is written."""
    bucket = Bucket()
    remote = RemoteFolder(bucket, "content", "site")
    remote.change(lambda now: now)
    assert bucket.writes == 0
    for _ in range(2):
        remote.change(lambda now: now.ended({"posts/a.md": A}, ()))
    assert bucket.writes == 1


def test_a_manifest_that_never_rests_is_given_up() -> None:
    """The failure says what to do."""
    bucket = Bucket()
    bucket.meanwhile = lambda: bucket.write(b"{}")
    with pytest.raises(Failure, match="let the other syncs of this folder end") as raised:
        RemoteFolder(bucket, "content", "site").change(lambda now: now.ended({"a": A}, ()))
    assert raised.value.code == Exit.NO_CLOUD


def test_other_answers_are_errors() -> None:
    """A right that is missing is no empty manifest."""

    class Closed(Bucket):
        def get_object(self, **_: Any) -> dict[str, Any]:
            raise refused("AccessDenied")

    with pytest.raises(ClientError):
        RemoteFolder(Closed(), "content", "site").manifest()


def test_a_manifest_is_hidden_whatever_the_folder_is_called() -> None:
    """No stage looks at hidden keys, and a name is one part of it."""
    assert manifest_key("site") == ".presswork/sync/site.json"
    assert manifest_key("my blog/é") == ".presswork/sync/my%20blog%2F%C3%A9.json"
