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
from presswork_cli.operate.queues import Backlog
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
        _follow(cloud, journeys, timeout, passed)
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
    keys = [journey.key for journey in journeys]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        known = list(pool.map(partial(_sent, cloud), keys))
        there = list(pool.map(partial(_exists, cloud), keys))
    for sent, is_there in zip(known, there, strict=True):
        if sent.known_lock == 0 and not is_there:
            raise Failure(
                f"nothing was ever published under {sent.key}: give the file, or the key as "
                "`presswork local publish` printed it",
                Exit.USAGE,
            )

    def delete(journey: Journey, sent: Sent, is_there: bool) -> None:
        journey.started = monotonic()
        if is_there:
            _delete(cloud, journey.key)
            journey.sent = sent
        else:  # the look that found it gone may have been the last
            journey.sent = replace(sent, known_lock=sent.known_lock - 1)
        if not (_is_of_site(journey.key) or may_be_post(journey.key)):
            journey.status = REMOVED

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(delete, journeys, known, there))
    _follow(cloud, journeys, timeout, passed)
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


def _follow(
    cloud: Stack,
    journeys: Sequence[Journey],
    timeout: float,
    passed: Callable[[Journey, Stage], None],
) -> None:
    work = Backlog(cloud).counts
    follow(journeys, partial(_look, cloud), timeout=timeout, passed=passed, work=work)


def _look(cloud: Stack, sent: Sequence[Sent]) -> list[Seen]:
    """What became of several changes so far: those of posts are looked at together."""
    seen = {
        each.key: _look_at_site(cloud, each) for each in sent if _is_of_site(each.key)
    } | _look_at_posts(cloud, [each for each in sent if not _is_of_site(each.key)])
    return [seen[each.key] for each in sent]


def _look_at_site(cloud: Stack, sent: Sent) -> Seen:
    if sent.key == SETTINGS:
        return judge_settings(sent, cloud.stores.sites.read())
    bucket = ContentBucket(cloud.client("s3"), cloud.outputs.ContentBucket)
    files = theme_files.digest(theme_files.listing(bucket))
    return judge_theme(files, cloud.stores.sites.read(), was_removed=not _exists(cloud, sent.key))


def _look_at_posts(cloud: Stack, sent: Sequence[Sent]) -> dict[str, Seen]:
    sources, posts = cloud.stores.sources, cloud.stores.posts
    read = cloud.stores.table.read_all
    looks = read(*(sources.wanted(each.key) for each in sent))
    fed = {
        source.key: source.posts[0]
        for each, source in zip(sent, looks, strict=True)
        if source and source.posts and is_answer(each, source.lock_version, source.version_id)
    }
    found = dict(zip(fed, read(*(posts.wanted(id) for id in fed.values())), strict=True))
    return {
        each.key: judge(each, source, found.get(each.key))
        for each, source in zip(sent, looks, strict=True)
    }


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
