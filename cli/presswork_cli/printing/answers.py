"""What the commands answer to programs: the JSON forms, and nothing else on standard output."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from presswork.post import Error, Model, Post, PostWarning, Repair

STAGES = ("parse", "images", "render", "index")
"""The stages that a post is followed through, in their order."""

REMOVED, SKIPPED, TIMEOUT = "removed", "skipped", "timeout"
"""What may become of a followed file besides the statuses of posts."""


class Outputs(Model):
    """What a deployed stack tells its users; empty strings where nothing is deployed."""

    ContentBucket: str = ""
    SiteBucket: str = ""
    VaultBucket: str = ""
    SiteUrl: str = ""
    WebhookUrl: str = ""
    WebhookSecret: str = ""
    Topic: str = ""
    Table: str = ""


class BackfillProgress(Model):
    """How many posts were sent through the stages for changed settings; `done` when all were."""

    sent: int
    done: bool


class BrokenFile(Model):
    """A file of the settings or the theme, and why the last good ones are in force instead."""

    file: str
    error: Error


class StatusAnswer(Model):
    """`local up --json` and `local status --json`; `theme` is the digest of that in force."""

    format: Literal[1] = 1
    running: bool
    endpoint: str
    region: str
    stack: str
    outputs: Outputs
    sweep: BackfillProgress | None = None
    theme: str = ""
    broken: tuple[BrokenFile, ...] = ()


class Counts(Model):
    """How far the images of a post have come."""

    total: int = 0
    rehosted: int = 0
    owed: int = 0
    refused: int = 0
    lost: int = 0


class Stage(Model):
    """A stage that is done, and the seconds since the upload began."""

    stage: str
    seconds: float


class PostAnswer(Model):
    """What became of one file or key.

    `status` is live, unlisted, scheduled, draft, expired, waiting, rejected, removed, skipped or
    timeout.
    """

    file: str
    key: str
    id: str | None = None
    status: str
    revision: str | None = None
    url: str | None = None
    images: Counts = Counts()
    stages: tuple[Stage, ...] = ()
    error: Error | None = None


class PublishAnswer(Model):
    """`local publish --json` and `local remove --json`."""

    format: Literal[1] = 1
    site: str
    posts: tuple[PostAnswer, ...]


Verdict = Literal["ok", "repaired", "warned", "rejected", "skipped"]
"""A file in a word: the worst that is to be said of it."""


class CheckedPost(Model):
    """What `check` found of one file; `skipped` says that it is no post.

    `status` is live, unlisted, scheduled, draft or expired, for a post that was understood.
    `reason` says why what looks like a post is none. `conflict` tells which other file takes its
    path, an alias, its id or its key, so that it would wait.
    """

    file: str
    key: str
    verdict: Verdict
    status: str | None = None
    reason: str | None = None
    post: Post | None = None
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[PostWarning, ...] = ()
    error: Error | None = None
    conflict: Error | None = None


class CheckSummary(Model):
    """How many files have each verdict; how many are in conflict and how many warnings there are.

    A warning of one rule and message counts once in a file, however often it holds there.
    """

    ok: int = 0
    repaired: int = 0
    warned: int = 0
    rejected: int = 0
    skipped: int = 0
    conflicts: int = 0
    warnings: int = 0


class CheckAnswer(Model):
    """`check --json`; `dialect` is what `site.yaml` could say under that name for these posts."""

    format: Literal[1] = 1
    posts: tuple[CheckedPost, ...]
    summary: CheckSummary
    dialect: tuple[str, ...] = ()


class PreviewAnswer(Model):
    """`preview --json`; `page` is one of the `files` that were written, empty when none were."""

    format: Literal[1] = 1
    file: str
    page: str = ""
    files: tuple[str, ...] = ()
    post: Post | None = None
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[PostWarning, ...] = ()
    error: Error | None = None


class BuiltPost(Model):
    """What became of one file of a content folder.

    `status` is live, unlisted, scheduled, draft, expired, waiting, rejected or skipped.
    """

    file: str
    key: str
    id: str | None = None
    status: str
    revision: str | None = None
    url: str | None = None
    images: Counts = Counts()
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[PostWarning, ...] = ()
    error: Error | None = None


class BuildAnswer(Model):
    """`build --json`.

    `summary` counts the posts by status, and under `warnings` what was left in them. `files` are
    those of the site, `written` the new or changed ones among them, `stale` those in `out` that are
    not of the site.
    """

    format: Literal[1] = 1
    out: str
    site: str
    posts: tuple[BuiltPost, ...]
    summary: dict[str, int]
    files: int = 0
    written: int = 0
    stale: tuple[str, ...] = ()


class ImageAnswer(Model):
    """One image: how far it has come, and the keys of the posts that want it.

    `since` is when it was refused or given up, `reason` why it is not at home, `visited` when its
    origin was last asked whether it changed.
    """

    url: str
    state: str
    posts: tuple[str, ...] = ()
    attempts: int = 0
    next_try: datetime | None = None
    since: datetime | None = None
    reason: str | None = None
    visited: datetime | None = None
    media: str | None = None


class ImagesAnswer(Model):
    """`images --json` and `heal --json`."""

    format: Literal[1] = 1
    images: tuple[ImageAnswer, ...]
    summary: Counts


class TakedownAnswer(Model):
    """`takedown --json`: the post, and the sha256 of the media it showed.

    `kept` are those that other posts show too; `forgotten` those whose originals are gone as well.
    """

    format: Literal[1] = 1
    post: PostAnswer
    deleted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()


class RebuildAnswer(Model):
    """`rebuild --json`: `sent` posts were sent through the stages, by now all if `sent_all`.

    `waiting` messages have yet to be worked on; with none left it is `done`. `resumed` says that
    the rebuild had begun before.
    """

    format: Literal[1] = 1
    site: str
    resumed: bool
    sent: int
    sent_all: bool
    waiting: int
    done: bool = False


class VerifyAnswer(Model):
    """`verify --json`: the keys of objects that are not as the content calls for.

    `behind` are keys of ContentBucket that were not looked at since they changed; `stubs` counts
    what stands at former and removed paths.
    """

    format: Literal[1] = 1
    site: str
    equal: int
    stubs: int
    missing: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    left_over: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()

    @property
    def is_fine(self) -> bool:
        """Whether the site is that of the content."""
        return not (self.missing or self.different or self.left_over or self.behind)


class Check(Model):
    """One thing that `doctor` looked at: how it stands, and the way out where it does not."""

    check: str
    verdict: Literal["ok", "warned", "failed"]
    message: str
    fix: str = ""

    @classmethod
    def fine(cls, check: str, message: str) -> "Check":
        """It is as it should be."""
        return cls(check=check, verdict="ok", message=message)

    @classmethod
    def warned(cls, check: str, message: str, fix: str) -> "Check":
        """It works, and could be better; or nobody knows."""
        return cls(check=check, verdict="warned", message=message, fix=fix)

    @classmethod
    def failed(cls, check: str, message: str, fix: str) -> "Check":
        """Something does not work."""
        return cls(check=check, verdict="failed", message=message, fix=fix)


class LogLine(Model):
    """What a function wrote: `detail` is a traceback, `fields` all that it said besides."""

    time: datetime
    stage: str
    level: str
    message: str
    correlation_id: str = ""
    detail: str = ""
    fields: dict[str, Any] = Field(default_factory=dict)


class LogsAnswer(Model):
    """`logs --json`: the lines of some functions, or of one upload, the oldest first."""

    format: Literal[1] = 1
    about: str
    since: datetime
    lines: tuple[LogLine, ...]


class SecretAnswer(Model):
    """`secret set --json`: the SSM parameter; `secret` is what was made, and is told only once."""

    format: Literal[1] = 1
    name: str
    parameter: str
    replaced: bool
    secret: str | None = None


class AddressAnswer(Model):
    """`open --json`: an address of the site."""

    format: Literal[1] = 1
    url: str


class DestroyAnswer(Model):
    """`destroy --json`: buckets and tables that were deleted, and what is left of the stack."""

    format: Literal[1] = 1
    stack: str
    deleted: tuple[str, ...] = ()
    kept: dict[str, str] = Field(default_factory=dict)
    secrets: tuple[str, ...] = ()


class CostLine(Model):
    """An amount of a unit, such as `s3.writes`, and its dollars.

    `beyond_allowance` are those of an account that uses what it has for nothing for nothing else.
    """

    service: str
    unit: str
    amount: float
    dollars: float
    beyond_allowance: float


class CostCase(Model):
    """What something costs, line by line and together."""

    name: str
    about: str
    dollars: float
    beyond_allowance: float
    lines: tuple[CostLine, ...]


class CostAnswer(Model):
    """`cost --json`; the prices are those of `date`, and `missing` is what could not be seen."""

    format: Literal[1] = 1
    date: date
    region: str
    cases: tuple[CostCase, ...]
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class DoctorAnswer(Model):
    """`doctor --json`."""

    format: Literal[1] = 1
    stack: str
    checks: tuple[Check, ...]

    @property
    def is_fine(self) -> bool:
        """Whether nothing failed."""
        return all(each.verdict != "failed" for each in self.checks)


class ExportAnswer(Model):
    """`export-state --json`: the promises of a table that a file holds, `told` among them."""

    format: Literal[1] = 1
    file: str
    table: str
    taken: datetime
    items: int
    posts: int
    told: int


class ImportAnswer(Model):
    """`import-state --json`: what came into the table, and into the buckets.

    `undeleted` counts the delete markers taken away, `copied` and `originals` the objects copied.
    `gone` are files that the state has and the bucket has not any more; `lost` those whose last
    good version is in no bucket. `newer` are files that were changed here since, and are left as
    they are; `failed` those that S3 did not copy, each with its reason.
    """

    format: Literal[1] = 1
    table: str
    items: int
    posts: int
    undeleted: int
    copied: int
    originals: int
    gone: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    failed: dict[str, str] = Field(default_factory=dict)


class DeadLetterQueue(Model):
    """A dead-letter queue by its name in the template, and the age of the oldest message seen."""

    queue: str
    messages: int
    oldest: datetime | None = None


class DeadLettersAnswer(Model):
    """`dead-letters list --json`: every dead-letter queue, empty ones too."""

    format: Literal[1] = 1
    queues: tuple[DeadLetterQueue, ...]


class DeadLetter(Model):
    """A message that nobody could work on; `why` is what EventBridge says of its failure.

    `goes_to` are the queues or functions that redrive sends it to; without any it stays.
    """

    id: str
    about: str
    body: str
    sent: datetime | None
    first_received: datetime | None
    received: int
    why: str | None = None
    goes_to: tuple[str, ...] = ()


class DeadLetterQueueAnswer(Model):
    """`dead-letters show --json`: the messages of one queue, the oldest first."""

    format: Literal[1] = 1
    queue: str
    messages: tuple[DeadLetter, ...]


class HandledQueue(Model):
    """How many messages of a dead-letter queue were sent or dropped, and which were kept."""

    queue: str
    handled: int
    kept: tuple[DeadLetter, ...] = ()


class HandledAnswer(Model):
    """`dead-letters redrive --json` and `dead-letters drop --json`."""

    format: Literal[1] = 1
    queues: tuple[HandledQueue, ...]
