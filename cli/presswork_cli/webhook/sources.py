"""The sources of webhooks, each with one secret or several: SSM parameters of the stack.

The newest secret stands first, one blank between two; the webhook takes a post that is signed with
any of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from presswork.settings import WebhookSource
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate import secret
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.webhook_answers import (
    AddedAnswer,
    RemovedAnswer,
    RotatedAnswer,
    SourceAnswer,
    SourcesAnswer,
)
from presswork_cli.webhook import trying

MOST = 4
"""How many secrets a source has at a time: each is tried with a post that none of them signed."""


@dataclass(frozen=True)
class _Kept:
    """The secrets of a source as they are kept, in their newest version."""

    secrets: tuple[str, ...]
    version: int
    since: datetime


def add(stack: Stack, source: str) -> AddedAnswer:
    """Makes a source with a secret of its own; Failure where there is one of that name."""
    parameter, made = secret.of_source(stack, source), secret.made()
    try:
        stack.client("ssm").put_parameter(
            Name=parameter, Value=made, Type="SecureString", Overwrite=False
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise
        raise Failure(
            f"there is a source {source} already: `presswork webhook rotate {source}` makes it a "
            "new secret, or choose another name",
            Exit.USAGE,
        ) from error
    target = url(stack, source)
    return AddedAnswer(
        source=source,
        url=target,
        parameter=parameter,
        secret=made,
        curl=trying.lines(source, target, made),
    )


def rotate(stack: Stack, source: str) -> RotatedAnswer:
    """Makes a source a new secret; those that it had are good until they are dropped."""
    kept, made = _kept(stack, source), secret.made()
    if len(kept.secrets) >= MOST:
        raise Failure(
            f"{source} has {MOST} secrets, and no more are allowed: `presswork webhook rotate "
            f"{source} --drop-old` leaves it the newest alone",
            Exit.USAGE,
        )
    secrets = (made, *kept.secrets)
    _put(stack, source, secrets, kept.version)
    return RotatedAnswer(
        source=source, url=url(stack, source), secret=made, secrets=len(secrets), dropped=0
    )


def drop_old(stack: Stack, source: str) -> RotatedAnswer:
    """Leaves a source its newest secret alone."""
    kept = _kept(stack, source)
    if kept.secrets[1:]:
        _put(stack, source, kept.secrets[:1], kept.version)
    dropped = len(kept.secrets) - 1
    return RotatedAnswer(source=source, url=url(stack, source), secrets=1, dropped=dropped)


def remove(stack: Stack, source: str, posts: int) -> RemovedAnswer:
    """Takes a source away, with all its secrets; its posts stay, which are so many."""
    parameter = secret.of_source(stack, source)
    try:
        stack.client("ssm").delete_parameter(Name=parameter)
    except ClientError as error:
        raise _absent(stack, source, error) or error from error
    return RemovedAnswer(source=source, parameter=parameter, posts=posts)


def posts_of(stack: Stack, source: str) -> int:
    """How many files of a source there are in the bucket; Failure where there is no such source."""
    try:
        stack.client("ssm").get_parameter(
            Name=secret.of_source(stack, source), WithDecryption=False
        )
    except ClientError as error:
        raise _absent(stack, source, error) or error from error
    pages = (
        stack.client("s3")
        .get_paginator("list_objects_v2")
        .paginate(Bucket=stack.outputs.ContentBucket, Prefix=prefix_of(source))
    )
    return sum(len(page.get("Contents", ())) for page in pages)


def sources(stack: Stack) -> SourcesAnswer:
    """All sources by their names, with what the settings in force give them."""
    settings = stack.stores.sites.read().site.sources
    found = []
    for name, kept in _all(stack):
        given = settings.get(name, WebhookSource())
        found.append(
            SourceAnswer(
                source=name,
                url=url(stack, name),
                since=kept.since,
                secrets=len(kept.secrets),
                paths=given.paths,
                authority=given.authority,
            )
        )
    return SourcesAnswer(sources=tuple(sorted(found, key=lambda each: each.source)))


def newest_secret(stack: Stack, source: str) -> str:
    """The secret that a source is to sign with; Failure where there is no such source."""
    return _kept(stack, source).secrets[0]


def url(stack: Stack, source: str) -> str:
    """Where a source sends its posts to."""
    return f"{stack.outputs.WebhookUrl.rstrip('/')}/{source}"


def prefix_of(source: str) -> str:
    """What the keys of a source's posts begin with."""
    return f"posts/hooks/{source}/"


def _kept(stack: Stack, source: str) -> _Kept:
    try:
        answer = stack.client("ssm").get_parameter(
            Name=secret.of_source(stack, source), WithDecryption=True
        )
    except ClientError as error:
        raise _absent(stack, source, error) or error from error
    return _read(answer["Parameter"])


def _all(stack: Stack) -> Iterator[tuple[str, _Kept]]:
    folder = secret.folder_of_sources(stack)
    pages = (
        stack.client("ssm")
        .get_paginator("get_parameters_by_path")
        .paginate(Path=folder.rstrip("/"), WithDecryption=True)
    )
    for page in pages:
        for parameter in page["Parameters"]:
            yield str(parameter["Name"]).removeprefix(folder), _read(parameter)


def _read(parameter: dict[str, Any]) -> _Kept:
    secrets = tuple(str(parameter["Value"]).split())
    return _Kept(secrets, int(parameter["Version"]), parameter["LastModifiedDate"])


def _put(stack: Stack, source: str, secrets: tuple[str, ...], version: int) -> None:
    """Keeps secrets in place of those of a version; Failure where others wrote meanwhile.

    SSM knows no condition on a write: it is known of only afterwards.
    """
    answer = stack.client("ssm").put_parameter(
        Name=secret.of_source(stack, source),
        Value=" ".join(secrets),
        Type="SecureString",
        Overwrite=True,
    )
    if answer["Version"] != version + 1:
        raise Failure(
            f"somebody else changed the secrets of {source} at the same time, and may have been "
            f"told one that is not kept: `presswork webhook rotate {source}` again, and hand out "
            "what it prints",
            Exit.NO_CLOUD,
        )


def _absent(stack: Stack, source: str, error: ClientError) -> Failure | None:
    if error.response["Error"]["Code"] != "ParameterNotFound":
        return None
    return Failure(
        f"there is no source {source} in the stack {stack.name}: `presswork webhook list` names "
        f"those that there are, `presswork webhook add {source}` makes it",
        Exit.USAGE,
    )
