"""What the commands answer to programs: the JSON forms, and nothing else on standard output."""

from typing import Literal

from presswork.post import Error, Model, Repair


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


class StatusAnswer(Model):
    """`local up --json` and `local status --json`."""

    format: Literal[1] = 1
    running: bool
    endpoint: str
    region: str
    stack: str
    outputs: Outputs


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

    `status` is live, scheduled, draft, expired, waiting, rejected, removed, skipped or timeout.
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


class BuiltPost(Model):
    """What became of one file of a content folder.

    `status` is live, scheduled, draft, expired, waiting, rejected or skipped.
    """

    file: str
    key: str
    id: str | None = None
    status: str
    revision: str | None = None
    url: str | None = None
    images: Counts = Counts()
    repairs: tuple[Repair, ...] = ()
    error: Error | None = None


class BuildAnswer(Model):
    """`build --json`.

    `summary` counts the posts by status. `files` are those of the site, `written` the new or
    changed ones among them, `stale` those in `out` that are not of the site.
    """

    format: Literal[1] = 1
    out: str
    site: str
    posts: tuple[BuiltPost, ...]
    summary: dict[str, int]
    files: int = 0
    written: int = 0
    stale: tuple[str, ...] = ()
