"""`publish` and `remove`: change ContentBucket, then follow what becomes of it."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from presswork.aws.buckets import ContentBucket
from presswork.content import is_post, may_be_post
from presswork.post import UP, Status
from presswork.site import static_file
from presswork.site.theme.reading import is_theme_file
from presswork.stages.parse import theme_files
from presswork_cli.failure import Exit, Failure, of_caller
from presswork_cli.keys import SETTINGS
from presswork_cli.offline.uploads import shown_by, upload_key, uploads_of
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

AT_ONCE = 8
"""How many files are sent at the same time."""

_ABSENT = {"403", "404", "405"}

SHA256 = "presswork-sha256"
"""The metadata of an object that hold the sha256 of its bytes: an ETag may be something else."""


@dataclass(frozen=True)
class Draft:
    """A file as it was read, and the key that it goes to."""

    file: str
    key: str
    data: bytes


def read(files: Sequence[str]) -> list[Draft]:
    """The files to publish, then those that their posts show; a folder is all that is in it.

    Raises Failure when one cannot be read, or is not to be sent, before anything is sent.
    """
    named = [each for file in files for each in _named(file)]
    shown = [each for draft in named for each in _shown_by(draft)]
    drafts: dict[str, Draft] = {}
    for draft in (*named, *shown):
        other = drafts.setdefault(draft.key, draft)
        if Path(other.file).resolve() != Path(draft.file).resolve():
            raise Failure(
                f"{other.file} and {draft.file} both belong under the key {draft.key}: put them in "
                "folders below `posts/`",
                Exit.USAGE,
            )
    return list(drafts.values())


def _named(file: str) -> list[Draft]:
    if not Path(file).is_dir():
        return [_draft(file, upload_key(file))]
    found = uploads_of(Path(file))
    for each in found.refused:
        raise Failure(f"{each.file}: {each.error.message} {each.error.fix}", Exit.USAGE)
    return [_draft(str(each.path), each.key) for each in found.files.values()]


def _shown_by(draft: Draft) -> list[Draft]:
    if not is_post(draft.key, draft.data):
        return []
    shown = shown_by(Path(draft.file), draft.key, draft.data)
    return [_draft(str(each.path), each.key) for each in shown]


def _draft(file: str, key: str) -> Draft:
    try:
        return Draft(file, key, Path(file).read_bytes())
    except OSError as error:
        raise Failure(f"{file}: {error.strerror or error}", Exit.USAGE) from error


def publish(
    cloud: Stack,
    drafts: Sequence[Draft],
    journeys: Sequence[Journey],
    *,
    timeout: float,
    passed: Callable[[Journey, Stage], None],
) -> PublishAnswer:
    """Uploads all drafts and follows them; `journeys`, one each, tell how far they are.

    Posts come last, so that they find what they show.
    """
    _ = cloud.outputs  # without a stack nothing is begun
    posts, others = list[tuple[Draft, Journey]](), list[tuple[Draft, Journey]]()
    for draft, journey in zip(drafts, journeys, strict=True):
        (posts if is_post(draft.key, draft.data) else others).append((draft, journey))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        uploads = [pool.submit(upload, cloud, *pair) for pair in others]
        wait(uploads)
        known = sent_to_all(cloud, [draft.key for draft, _ in posts])
        uploads += [
            pool.submit(upload, cloud, *pair, sent) for pair, sent in zip(posts, known, strict=True)
        ]
        follow_all(cloud, journeys, timeout, passed)
        for finished in uploads:
            finished.result()
    return _answer(cloud, journeys)


def upload(cloud: Stack, draft: Draft, journey: Journey, known: Sent | None = None) -> str:
    """Uploads a draft, with which its journey begins; returns the ETag of the object.

    What was seen last at its key is read before, unless that is `known`.
    """
    try:
        sent = known or sent_to(cloud, draft.key)
        journey.started = monotonic()
        answer = cloud.client("s3").put_object(
            Bucket=cloud.outputs.ContentBucket,
            Key=draft.key,
            Body=draft.data,
            ContentType=content_type(draft.key),
            Metadata={SHA256: sha256(draft.data).hexdigest()},
        )
    except (BotoCoreError, ClientError) as error:
        journey.status = TIMEOUT
        not_uploaded = Failure(f"{draft.file} was not uploaded: {error}", Exit.NO_CLOUD)
        raise of_caller(error) or not_uploaded from error
    if not (is_of_site(draft.key) or is_post(draft.key, draft.data)):
        journey.status = SKIPPED
    journey.sent = replace(sent, version_id=answer["VersionId"])
    return str(answer["ETag"]).strip('"')


def remove(
    cloud: Stack,
    journeys: Sequence[Journey],
    *,
    timeout: float,
    passed: Callable[[Journey, Stage], None],
) -> PublishAnswer:
    """Deletes the objects and follows their posts until no reader sees them."""
    keys = [journey.key for journey in journeys]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        known = list(pool.map(partial(sent_to, cloud), keys))
        there = list(pool.map(partial(_exists, cloud), keys))
    for sent, is_there in zip(known, there, strict=True):
        if sent.known_lock == 0 and not is_there:
            raise Failure(
                f"nothing was ever published under {sent.key}: give the file, or the key as "
                "`publish` printed it",
                Exit.USAGE,
            )

    def delete(journey: Journey, sent: Sent, is_there: bool) -> None:
        journey.started = monotonic()
        if is_there:
            _delete(cloud, journey.key)
            journey.sent = sent
        else:  # the look that found it gone may have been the last
            journey.sent = replace(sent, known_lock=sent.known_lock - 1)
        if not (is_of_site(journey.key) or may_be_post(journey.key)):
            journey.status = REMOVED

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(delete, journeys, known, there))
    follow_all(cloud, journeys, timeout, passed)
    return _answer(cloud, journeys)


def exit_code(posts: Iterable[PostAnswer]) -> Exit:
    """1 when something was rejected, 3 when something was not finished in time."""
    statuses = {post.status for post in posts}
    if Status.REJECTED.value in statuses:
        return Exit.REJECTED
    return Exit.NO_CLOUD if TIMEOUT in statuses else Exit.FINE


def sent_to(cloud: Stack, key: str) -> Sent:
    """A change that is about to be made to a key."""
    if is_of_site(key):
        site = cloud.stores.sites.read()
        return Sent(key, None, site.lock_version)
    (sent,) = sent_to_all(cloud, [key])
    return sent


def sent_to_all(cloud: Stack, keys: Sequence[str]) -> list[Sent]:
    """Changes that are about to be made to keys of posts."""
    stores = cloud.stores
    found = stores.table.read_all(*map(stores.sources.wanted, keys))
    return [
        Sent(key, None, source.lock_version if source else 0)
        for key, source in zip(keys, found, strict=True)
    ]


def follow_all(
    cloud: Stack,
    journeys: Sequence[Journey],
    timeout: float,
    passed: Callable[[Journey, Stage], None],
) -> None:
    """Follows changes to their end, as `follow` does, by the table of a stack."""
    work = Backlog(cloud).counts
    look = Lookout(cloud).look
    follow(journeys, look, timeout=timeout, passed=passed, work=work)


@dataclass(frozen=True)
class Lookout:
    """Looks at what became of changes, by the table of a stack and by what its bucket holds."""

    cloud: Stack
    _present: dict[tuple[str, int], str | None] = field(default_factory=dict)

    def look(self, sent: Sequence[Sent]) -> list[Seen]:
        """What became of several changes so far: those of posts are looked at together."""
        seen = {
            each.key: self._look_at_site(each) for each in sent if is_of_site(each.key)
        } | self._look_at_posts([each for each in sent if not is_of_site(each.key)])
        return [seen[each.key] for each in sent]

    def _look_at_site(self, sent: Sent) -> Seen:
        cloud = self.cloud
        if sent.key == SETTINGS:
            site = cloud.stores.sites.read()
            is_present = self._is_present(sent, site.lock_version, site.version_id)
            return judge_settings(sent, site, is_present=is_present)
        bucket = ContentBucket(cloud.client("s3"), cloud.outputs.ContentBucket)
        files = theme_files.digest(theme_files.listing(bucket))
        was_removed = not _exists(cloud, sent.key)
        return judge_theme(files, cloud.stores.sites.read(), was_removed=was_removed)

    def _look_at_posts(self, sent: Sequence[Sent]) -> dict[str, Seen]:
        sources, posts = self.cloud.stores.sources, self.cloud.stores.posts
        read = self.cloud.stores.table.read_all
        looks = dict(zip(sent, read(*(sources.wanted(each.key) for each in sent)), strict=True))
        present = {
            each.key
            for each, source in looks.items()
            if source and self._is_present(each, source.lock_version, source.version_id)
        }
        fed = {
            source.key: source.posts[0]
            for each, source in looks.items()
            if source
            and source.posts
            and is_answer(
                each,
                source.lock_version,
                source.version_id,
                is_present=each.key in present,
            )
        }
        found = dict(zip(fed, read(*(posts.wanted(id) for id in fed.values())), strict=True))
        return {
            each.key: judge(each, source, found.get(each.key), is_present=each.key in present)
            for each, source in looks.items()
        }

    def _is_present(self, sent: Sent, lock: int, version_id: str | None) -> bool:
        """Whether a look that did not find a change found what is at its key now.

        The bucket is asked once for each such look: whatever changes there brings another one.
        """
        if lock <= sent.known_lock or version_id == sent.version_id:
            return False
        about = (sent.key, lock)
        if about not in self._present:
            self._present[about] = _present(self.cloud, sent.key)
        return self._present[about] == version_id


def is_of_site(key: str) -> bool:
    """Whether a key is no post's, and yet looked at: it says how the site is made."""
    return key == SETTINGS or is_theme_file(key)


def _exists(cloud: Stack, key: str) -> bool:
    return _present(cloud, key) is not None


def _present(cloud: Stack, key: str) -> str | None:
    """The version of an object that is there now; who may not list is told 403 of one that is not.

    Raises ClientError when the bucket did not say.
    """
    try:
        answer = cloud.client("s3").head_object(Bucket=cloud.outputs.ContentBucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT:
            raise
        return None
    return str(answer.get("VersionId", "null"))


def _delete(cloud: Stack, key: str) -> None:
    cloud.client("s3").delete_object(Bucket=cloud.outputs.ContentBucket, Key=key)


def content_type(key: str) -> str:
    """The type of a file by its name, the same on every machine."""
    suffix = Path(key).suffix.lower()
    return _TYPES.get(suffix) or static_file(key, b"").content_type


def _answer(cloud: Stack, journeys: Sequence[Journey]) -> PublishAnswer:
    site = cloud.outputs.SiteUrl
    return PublishAnswer(site=site, posts=tuple(answer_of(site, journey) for journey in journeys))


def answer_of(site: str, journey: Journey) -> PostAnswer:
    """What became of a file, as it is answered; `site` is the address of the site."""
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
