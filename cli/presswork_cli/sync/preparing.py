"""What a sync is going to do, before it does anything: the folder read, the bucket looked at."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from presswork.settings import Site
from presswork_cli.failure import Exit, Failure
from presswork_cli.offline.folder import unreadable
from presswork_cli.offline.uploads import RefusedFile, Upload, Uploads
from presswork_cli.operate.publish import content_type
from presswork_cli.operate.stack import Stack
from presswork_cli.sync.judging import Judgement, Watch, judge
from presswork_cli.sync.plan import Comparison, LocalFile, Plan
from presswork_cli.sync.remote import RemoteFolder


@dataclass(frozen=True)
class Wishes:
    """What more is to be done: what the folder has no more deleted, and what is refused sent.

    Who is `sure` has a folder take the place of another one.
    """

    delete: bool = False
    force: bool = False
    sure: bool = False


@dataclass(frozen=True)
class Prepared:
    """A plan, what it is made of, and what is refused."""

    uploads: Uploads
    files: dict[str, LocalFile]
    plan: Plan
    remote: RemoteFolder
    refused: tuple[RefusedFile, ...]
    repairs: dict[str, int]


def prepare(
    stack: Stack,
    uploads: Uploads,
    site: Site,
    wishes: Wishes,
    *,
    now: datetime,
    watch: Watch = iter,
) -> Prepared:
    """Compares a folder with the bucket, and reads the posts that are to be sent.

    Nothing is written.
    """
    files = {each.key: _local(each) for each in watch(uploads.files.values())}
    remote = RemoteFolder(stack.client("s3"), stack.outputs.ContentBucket, uploads.name)
    comparison = Comparison(
        files=files,
        objects=remote.objects(uploads.scope),
        manifest=remote.manifest(),
        scope=uploads.scope,
        held=frozenset(each.key for each in uploads.refused),
    )
    if comparison.is_of_another_folder and not wishes.sure:
        raise _another_folder(uploads)
    plan = comparison.plan(remote.heads(comparison.unknown()), delete=wishes.delete)
    judgement = judge(_of(uploads, plan.puts), site, now, watch)
    if wishes.force:
        judgement = Judgement((), judgement.repairs)
    return Prepared(
        uploads=uploads,
        files=files,
        plan=plan.without({each.key for each in judgement.refused}),
        remote=remote,
        refused=(*uploads.refused, *judgement.refused),
        repairs=judgement.repairs,
    )


def _of(uploads: Uploads, keys: Iterable[str]) -> list[Upload]:
    return [uploads.files[key] for key in keys]


def _local(upload: Upload) -> LocalFile:
    """What tells the bytes of a file from others."""
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    try:
        with upload.path.open("rb") as file:
            while part := file.read(1 << 20):
                sha256.update(part)
                md5.update(part)
                size += len(part)
    except OSError as error:
        raise unreadable(upload.path, error) from error
    return LocalFile(sha256.hexdigest(), md5.hexdigest(), size, content_type(upload.key))


def _another_folder(uploads: Uploads) -> Failure:
    """Another folder of the same name must not take what the first one wrote for its own."""
    return Failure(
        f"nothing that a folder named {uploads.name} sent before is in {uploads.root}: if this is "
        "another folder, give it a name of its own with --name; if all of it is new, use --yes",
        Exit.USAGE,
    )
