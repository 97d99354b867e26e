"""`verify`: a stack's site, held against the one that is planned from all its posts at once.

What the content alone does not tell is taken from the table's promises: first dates, who holds
which path, which revision of a broken or waiting post is the last good one, and its images.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from presswork import content, site
from presswork.aws.buckets import ContentBucket
from presswork.aws.stores import Stores
from presswork.content.own_files import images_of
from presswork.errors import Rejected
from presswork.object import Content
from presswork.post import UP, Status
from presswork.site import ROBOTS, STATUS, Object, own_assets, static_file
from presswork.site_keys import ASSETS, MEDIA
from presswork.stages.parse import theme_files
from presswork.state import PostState, SiteState, Source
from presswork.theme_files import ThemeFiles
from presswork_cli.offline.claims import Outcome, read, resolve_claims
from presswork_cli.offline.entries import RenderedPost
from presswork_cli.offline.links import with_links
from presswork_cli.offline.planner import Objects, claimed_keys, plan_site
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import VerifyAnswer

KEEPS_ITS_LAST_GOOD = (Status.REJECTED, Status.WAITING)


@dataclass(frozen=True)
class There:
    """An object of the site: the MD5 of its bytes, how it is answered, and what crawlers hear."""

    md5: str
    status: str
    robots: str | None = None

    @classmethod
    def of(cls, head: Mapping[str, Any]) -> Self:
        """An object as HeadObject tells of it."""
        metadata = head["Metadata"]
        return cls(head["ETag"].strip('"'), metadata.get(STATUS, "200"), metadata.get(ROBOTS))

    @classmethod
    def planned(cls, made: Object) -> Self:
        """An object as it is to be."""
        md5 = hashlib.md5(made.body, usedforsecurity=False).hexdigest()
        return cls(md5, made.metadata.get(STATUS, "200"), made.metadata.get(ROBOTS))


@dataclass(frozen=True)
class Verify:
    """Reads a stack whole: to be asked for by an operator, not on the way of a post."""

    content: ContentBucket
    stores: Stores
    site_url: str
    now: datetime
    most: int = site.LARGEST_PERIOD

    def compare(self, keys: Iterable[str], made: dict[str, There]) -> VerifyAnswer:
        """Holds the objects made, media apart, against what ContentBucket's keys call for.

        Stubs of former and removed paths stand apart: no content calls for them. Nor does any for
        the stylesheets and assets of former themes, which pages in caches still show.
        """
        behind: list[str] = []
        wanted = self.planned(keys, behind)
        stubs = {key for key in made.keys() - wanted.keys() if made[key].status in ("301", "410")}
        former = {key for key in made.keys() - wanted.keys() if key.startswith(ASSETS)}
        different = {
            key for key in wanted.keys() & made.keys() if made[key] != There.planned(wanted[key])
        }
        return VerifyAnswer(
            site=self.site_url,
            equal=len(wanted.keys() & made.keys()) - len(different),
            stubs=len(stubs),
            missing=tuple(sorted(wanted.keys() - made.keys())),
            different=tuple(sorted(different)),
            left_over=tuple(sorted(made.keys() - wanted.keys() - stubs - former)),
            behind=tuple(behind),
        )

    def planned(self, keys: Iterable[str], behind: list[str]) -> Objects:
        """The site of what stands under the keys; `behind` gets those not looked at since."""
        keys = list(keys)
        state = self.stores.sites.read()
        theme = self.stores.themes.read(state.theme)
        posts: dict[str, PostState] = {}
        outcomes = list(self._outcomes(keys, state, posts, behind))
        rendered = []
        holders, last = self._holders(outcomes)
        resolved = resolve_claims(
            outcomes, holders=holders, last_holders=last, as_authors=state.site.as_authors
        )
        for outcome in with_links(resolved):
            post = posts.get(outcome.key)
            if outcome.status in UP and outcome.parsed is not None and post is not None:
                images = post.ready.images if post.ready else {}
                parsed = outcome.parsed.post
                rendered.append(RenderedPost(parsed, images_of(parsed, post.source, images)))
        claimed = claimed_keys(rendered)
        static = {key: each for key, each in self._static_files(keys) if key not in claimed}
        settings = state.effective(self.site_url)
        objects = plan_site(settings, rendered, theme=theme, static=static, most=self.most)
        return objects | self._assets(theme) | static

    def _assets(self, theme: ThemeFiles) -> Objects:
        """The files of the theme in force that are served as they are."""
        versions = self.stores.themes.versions(theme.digest)
        return own_assets(theme, theme_files.versions(self.content, versions))

    def _static_files(self, keys: Iterable[str]) -> Iterator[tuple[str, Object]]:
        for key in filter(content.is_static, keys):
            upload = self.content.get(key, most=content.MAX_STATIC_BYTES)
            if upload is None:
                continue
            try:
                site_key = content.static_place(key)
                content.check_static_size(key, upload.data)
            except Rejected:
                continue
            yield site_key, static_file(site_key, upload.data)

    def _outcomes(
        self, keys: Iterable[str], state: SiteState, posts: dict[str, PostState], behind: list[str]
    ) -> Iterator[Outcome]:
        for key in keys:
            upload = self.content.get(key, most=content.MAX_BYTES)
            if upload is None or not content.may_be_post(key):
                continue
            source = self.stores.sources.read(key) or Source(key=key)
            post = self.stores.posts.read(source.post) if source.post else None
            if post is not None and post.source == key:
                posts[key] = post
            if post is not None and post.version_id is not None and not upload.data:
                before = self.content.get(key, version_id=post.version_id, most=content.MAX_BYTES)
                upload = before or upload
            outcome = self._read(key, upload, state, posts.get(key))
            if source.status in KEEPS_ITS_LAST_GOOD:
                is_current = (source.status is Status.REJECTED) is (
                    outcome.status is Status.REJECTED
                )
                outcome = self._last_good(outcome, source.status, state, posts.get(key))
            else:
                is_current = source.status is outcome.status
            if not is_current:
                behind.append(key)
            yield outcome

    def _last_good(
        self, outcome: Outcome, status: Status, state: SiteState, post: PostState | None
    ) -> Outcome:
        """What a broken or waiting post still shows: the revision that was accepted last."""
        accepted = post.accepted if post else None
        if post is None or accepted is None or accepted.status not in UP:
            return replace(outcome, status=status)
        key, version = accepted.source, accepted.version_id  # another's, if it was handed over
        good = self.content.get(key, version_id=version, most=content.MAX_BYTES)
        kept = self._read(key, good, state, post) if good else outcome
        if kept.parsed is None:
            return replace(outcome, status=status)
        update = {"path": accepted.path, "revision": accepted.fingerprint}
        live = kept.parsed.post.model_copy(update=update)
        return replace(kept, key=outcome.key, parsed=replace(kept.parsed, post=live))

    def _read(self, key: str, upload: Content, state: SiteState, post: PostState | None) -> Outcome:
        uploaded = post.first_date if post else upload.last_modified
        site = state.effective(self.site_url)
        return read(key, upload.data, site, state.theme, uploaded=uploaded, now=self.now)

    def _holders(self, outcomes: Iterable[Outcome]) -> tuple[dict[str, str], dict[str, str]]:
        """By claim the key that holds it; and of those that nobody holds, the one that did last."""
        names = {name for outcome in outcomes for name in outcome.claims}
        read = ((name, self.stores.claims.read(name)) for name in sorted(names))
        found = {name: holder for name, holder in read if holder is not None}
        held = {name: holder.source for name, holder in found.items() if holder.held}
        free = {name: holder.kept_for for name, holder in found.items() if not holder.held}
        return held, free


def verify(stack: Stack, now: datetime) -> VerifyAnswer:
    """Verifies the site of a stack."""
    s3, outputs = stack.client("s3"), stack.outputs
    bucket = outputs.SiteBucket

    def there(key: str) -> There:
        return There.of(s3.head_object(Bucket=bucket, Key=key))

    made = {key: there(key) for key in _keys(s3, bucket) if not key.startswith(MEDIA)}
    reader = Verify(
        ContentBucket(s3, outputs.ContentBucket), stack.stores, outputs.SiteUrl.rstrip("/"), now
    )
    return reader.compare(_keys(s3, outputs.ContentBucket), made)


def _keys(s3: Any, bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [entry["Key"] for page in pages for entry in page.get("Contents", ())]
