"""`publish` and `remove`: change ContentBucket, then follow what becomes of it."""

import mimetypes
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from presswork.aws.buckets import ContentBucket
from presswork.content import is_post, may_be_post
from presswork.post import UP, Status
from presswork.site.theme.reading import is_theme_file
from presswork.stages.parse import theme_files
from presswork.state import Source
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS, published_key
from presswork_cli.operate.follow import (
    Journey,
    Seen,
    Sent,
    counts,
    follow,
    is_answer,
    judge,
    judge_settings,
    judge_theme,
)
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import (
    REMOVED,
    SKIPPED,
    TIMEOUT,
    PostAnswer,
    PublishAnswer,
    Stage,
)

_TYPES = {
    ".md": "text/markdown; charset=utf-8",
    ".markdown": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".htm": "text/html; charset=utf-8",
    ".yaml": "application/yaml",
}

_AT_ONCE = 8


@dataclass(frozen=True)
class Draft:
    """A file as it was read, and the key that it goes to."""

    file: str
    key: str
    data: bytes


def read(files: Sequence[str]) -> list[Draft]:
    """The files to publish; raises Failure when one cannot be read, before anything is sent."""
    drafts = []
    for file in files:
        try:
            drafts.append(Draft(file, published_key(file), Path(file).read_bytes()))
        except OSError as error:
            raise Failure(f"{file}: {error.strerror or error}", Exit.USAGE) from error
    taken: dict[str, str] = {}
    for draft in drafts:
        if taken.setdefault(draft.key, draft.file) != draft.file:
            raise Failure(
                f"{taken[draft.key]} and {draft.file} both belong under the key {draft.key}: put "
                "them in folders below `posts/`",
                Exit.USAGE,
            )
    return drafts


def publish(
    cloud: Stack,
    drafts: Sequence[Draft],
    journeys: Sequence[Journey],
    *,
    timeout: float,
    passed: Callable[[Journey, Stage], None],
) -> PublishAnswer:
    """Uploads all drafts at once and follows them; `journeys`, one each, tell how far they are."""

    def upload(draft: Draft, journey: Journey) -> None:
        try:
            sent = _sent(cloud, draft.key)
            journey.started = monotonic()
            answer = cloud.client("s3").put_object(
                Bucket=cloud.outputs.ContentBucket,
                Key=draft.key,
                Body=draft.data,
                ContentType=_content_type(draft.key),
            )
        except (BotoCoreError, ClientError) as error:
            journey.status = TIMEOUT
            raise Failure(f"{draft.file} was not uploaded: {error}", Exit.NO_CLOUD) from error
        if not (_is_of_site(draft.key) or is_post(draft.key, draft.data)):
            journey.status = SKIPPED
        journey.sent = replace(sent, version_id=answer["VersionId"])

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        uploads = [pool.submit(upload, *pair) for pair in zip(drafts, journeys, strict=True)]
        follow(journeys, partial(_look, cloud), timeout=timeout, passed=passed)
        for finished in uploads:
            finished.result()
    return _answer(cloud, journeys)


def remove(
    cloud: Stack,
    journeys: Sequence[Journey],
    *,
    timeout: float,
    passed: Callable[[Journey, Stage], None],
) -> PublishAnswer:
    """Deletes the objects and follows their posts until no reader sees them."""
    known = [_sent(cloud, journey.key) for journey in journeys]
    there = [_exists(cloud, journey.key) for journey in journeys]
    for sent, is_there in zip(known, there, strict=True):
        if sent.known_lock == 0 and not is_there:
            raise Failure(
                f"nothing was ever published under {sent.key}: give the file, or the key as "
                "`presswork local publish` printed it",
                Exit.USAGE,
            )
    for journey, sent, is_there in zip(journeys, known, there, strict=True):
        journey.started = monotonic()
        if is_there:
            _delete(cloud, journey.key)
            journey.sent = sent
        else:  # the look that found it gone may have been the last
            journey.sent = replace(sent, known_lock=sent.known_lock - 1)
        if not (_is_of_site(journey.key) or may_be_post(journey.key)):
            journey.status = REMOVED
    follow(journeys, partial(_look, cloud), timeout=timeout, passed=passed)
    return _answer(cloud, journeys)


def exit_code(posts: Iterable[PostAnswer]) -> Exit:
    """1 when something was rejected, 3 when something was not finished in time."""
    statuses = {post.status for post in posts}
    if Status.REJECTED.value in statuses:
        return Exit.REJECTED
    return Exit.NO_CLOUD if TIMEOUT in statuses else Exit.FINE


def _sent(cloud: Stack, key: str) -> Sent:
    """A change that is about to be made to a key."""
    if _is_of_site(key):
        site = cloud.stores.sites.read()
        return Sent(key, None, site.lock_version, site.version_id)
    source = cloud.stores.sources.read(key) or Source(key=key)
    return Sent(key, None, source.lock_version, source.version_id)


def _look(cloud: Stack, sent: Sent) -> Seen:
    if sent.key == SETTINGS:
        return judge_settings(sent, cloud.stores.sites.read())
    if _is_of_site(sent.key):
        bucket = ContentBucket(cloud.client("s3"), cloud.outputs.ContentBucket)
        files = theme_files.digest(theme_files.listing(bucket))
        return judge_theme(
            files, cloud.stores.sites.read(), was_removed=not _exists(cloud, sent.key)
        )
    source = cloud.stores.sources.read(sent.key)
    if source is None or not is_answer(sent, source.lock_version, source.version_id):
        return Seen()
    fed = source.posts
    return judge(sent, source, cloud.stores.posts.read(fed[0]) if fed else None)


def _is_of_site(key: str) -> bool:
    """Whether a key is no post's, and yet looked at: it says how the site is made."""
    return key == SETTINGS or is_theme_file(key)


def _exists(cloud: Stack, key: str) -> bool:
    try:
        cloud.client("s3").head_object(Bucket=cloud.outputs.ContentBucket, Key=key)
    except ClientError:
        return False
    return True


def _delete(cloud: Stack, key: str) -> None:
    cloud.client("s3").delete_object(Bucket=cloud.outputs.ContentBucket, Key=key)


def _content_type(key: str) -> str:
    suffix = Path(key).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(key)[0] or "application/octet-stream"


def _answer(cloud: Stack, journeys: Sequence[Journey]) -> PublishAnswer:
    site = cloud.outputs.SiteUrl
    return PublishAnswer(site=site, posts=tuple(_post(site, journey) for journey in journeys))


def _post(site: str, journey: Journey) -> PostAnswer:
    post = journey.seen.post
    is_up = journey.status in UP and post is not None and post.live is not None
    return PostAnswer(
        file=journey.file,
        key=journey.key,
        id=post.id if post else None,
        status=journey.status or TIMEOUT,
        revision=post.fingerprint if post else None,
        url=url_of(site, post.live.path) if is_up and post and post.live else None,
        images=counts(post) if journey.status != REMOVED else counts(None),
        stages=tuple(journey.stages),
        error=journey.error,
    )


def url_of(site: str, path: str) -> str:
    """The address of a path on the site."""
    return site.rstrip("/") + quote(path)
