"""`presswork export`: what a site is made of, as a folder of plain files that `sync` takes."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from presswork.post import Error, image_id
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS
from presswork_cli.moving.file_names import collisions, unfit
from presswork_cli.offline.uploads import ROOTS
from presswork_cli.operate.publish import AT_ONCE
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.moved_answer import MovedOut, NotWritten

VAULT = "vault"
"""The folder of original images: as VaultBucket has them, and as `build --vault` takes them."""

_ORIGINALS, _SOURCES = "originals/", "sources/"
_RECORD = "presswork-source"
_AT_ONCE = 1024**2
_MODE = 0o644

Watch = Callable[[Iterable["StoredObject"]], Iterable["StoredObject"]]


@dataclass(frozen=True)
class StoredObject:
    """An object as it was listed, and the name of its file below the folder."""

    bucket: str
    key: str
    etag: str
    size: int
    name: str


def export_site(
    stack: Stack, out: Path, *, media: bool, force: bool, watch: Watch = iter
) -> MovedOut:
    """Writes the current objects of ContentBucket, and with `media` those of VaultBucket.

    A file that is the same stays, so that a run that was cut off goes on. Raises Failure where one
    differs, unless it is to be written over, and before anything is written.
    """
    client, outputs = stack.client("s3"), stack.outputs
    found = list(_of_content(client, outputs.ContentBucket))
    if media:
        found += _of_vault(client, outputs.VaultBucket)
    wanted, not_written = _writable(found)
    unchanged = {each for each in wanted if _is_same(client, _place(out, each), each)}
    missing = [each for each in wanted if each not in unchanged]
    differing = [each for each in missing if os.path.lexists(_place(out, each))]
    if differing and not force:
        raise Failure(
            f"{len(differing)} files of {out} differ from the site's, such as {differing[0].name}: "
            "name another folder, or write over them with --force",
            Exit.USAGE,
        )
    with ThreadPoolExecutor(AT_ONCE) as pool:
        written = pool.map(lambda each: _fetched(client, out, each), missing)
        refused = [each for each, _ in zip(written, watch(missing), strict=True) if each]
    return MovedOut(
        out=str(out),
        written=len(missing) - len(refused),
        unchanged=len(unchanged),
        not_written=(*not_written, *refused),
    )


def _of_content(client: Any, bucket: str) -> Iterator[StoredObject]:
    """What `sync` would send: no hidden keys, and no markers of folders."""
    for each in _listed(client, bucket, ""):
        parts = each.key.split("/")
        is_hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
        is_hidden = is_hidden and not each.key.startswith("static/.well-known/")
        if not is_hidden and not each.key.endswith("/"):
            yield each


def _of_vault(client: Any, bucket: str) -> Iterator[StoredObject]:
    for prefix in (_ORIGINALS, _SOURCES):
        yield from _listed(client, bucket, prefix, f"{VAULT}/")


def _listed(client: Any, bucket: str, prefix: str, folder: str = "") -> Iterator[StoredObject]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for each in page.get("Contents", ()):
            key = str(each["Key"])
            etag = str(each["ETag"]).strip('"')
            yield StoredObject(bucket, key, etag, int(each["Size"]), f"{folder}{key}")


def _writable(found: list[StoredObject]) -> tuple[list[StoredObject], list[NotWritten]]:
    """The objects that can be files, and the others, each with the reason."""
    errors = {}
    for each in found:
        error = unfit(each.name) or (_aside() if _is_aside(each.name) else None)
        if error is not None:
            errors[each.name] = error
    errors |= collisions(each.name for each in found if each.name not in errors)
    return (
        [each for each in found if each.name not in errors],
        [
            NotWritten(key=each.key, error=errors[each.name])
            for each in found
            if each.name in errors
        ],
    )


def _is_aside(name: str) -> bool:
    """Whether nothing of the site is made of it: `sync` would not send it either."""
    return name != SETTINGS and name.partition("/")[0] not in (*ROOTS, VAULT)


def _aside() -> Error:
    return Error(
        rule="file.aside",
        message="It belongs to nothing of the site: posts lie below posts/, files below static/.",
        fix="Fetch it with `aws s3 cp`, if it is wanted.",
    )


def _place(out: Path, each: StoredObject) -> Path:
    return out / PurePosixPath(each.name)


def _is_same(client: Any, path: Path, each: StoredObject) -> bool:
    """Whether a file has the object's bytes; an ETag may be no MD5, and then these are compared."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size != each.size:
            return False
        with path.open("rb") as file:
            if hashlib.file_digest(file, "md5").hexdigest() == each.etag:
                return True
            file.seek(0)
            with client.get_object(Bucket=each.bucket, Key=each.key)["Body"] as body:
                while data := file.read(_AT_ONCE):
                    if data != body.read(len(data)):
                        return False
                return True
    except OSError:
        return False


def _fetched(client: Any, out: Path, each: StoredObject) -> NotWritten | None:
    """Writes one file, whole or not at all; why it was not, where a link would lead it out."""
    path = _place(out, each)
    try:
        if not path.parent.resolve().is_relative_to(out.resolve()):
            return NotWritten(key=each.key, error=_led_out())
        path.parent.mkdir(parents=True, exist_ok=True)
        answer = client.get_object(Bucket=each.bucket, Key=each.key)
        record = answer.get("Metadata", {}).get(_RECORD)
        if record and each.name.startswith(f"{VAULT}/{_ORIGINALS}"):
            _note_source(out, record)  # before the original: where that is, nobody looks again
        with answer["Body"] as body:
            _write(path, iter(lambda: body.read(_AT_ONCE), b""), answer["LastModified"].timestamp())
    except OSError as error:
        raise Failure(
            f"{path} cannot be written: {error.strerror or error}: name another folder with --out; "
            "the same command again goes on",
            Exit.USAGE,
        ) from error
    return None


def _write(path: Path, parts: Iterable[bytes], changed: float) -> None:
    """Puts a whole file in its place, or none; a link there is replaced, and not followed."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".presswork-")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - what is open has no path
            file.writelines(parts)
        os.utime(name, (changed, changed))
        Path(name).chmod(_MODE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _note_source(out: Path, record: str) -> None:
    """The record of where an original was first found, as those of other places have it."""
    found = json.loads(record)
    name = image_id(str(found.get("canonical", "")))
    path = out / VAULT / _SOURCES / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(record, encoding="utf-8")


def _led_out() -> Error:
    return Error(
        rule="file.link",
        message="A link in the folder would lead it elsewhere.",
        fix="Take the link away, or name another folder with --out.",
    )
