"""What `sync` answers to programs."""

from typing import Literal

from presswork_cli.printing.answers import PostAnswer, PublishAnswer

Action = Literal["sent", "renamed", "deleted", "refused"]

PLANNED, UNSENT = "planned", "unsent"
"""What becomes of a file in a mere plan, and of one that could not be sent, or was no more."""

OWED = "owed"
"""Under what a summary counts the images that posts have yet to get."""


class SyncedFile(PostAnswer):
    """What was done with a file, and what became of it, as `publish` tells it.

    `moved_from` is the key that it had, `repairs` counts what is mended in it, and `note` says what
    else its author may want to know.
    """

    action: Action
    moved_from: str | None = None
    repairs: int = 0
    note: str = ""


class SyncAnswer(PublishAnswer):
    """`sync --json`: the files that were sent, renamed, deleted or refused.

    `name` is that of the manifest. `unchanged` counts the files that stand in the bucket as they
    are. `left` are keys of files that the folder has no more, `foreign` those of them that somebody
    else changed, `others` with `--delete` those that no sync of this folder wrote, which stay;
    `aside` is what lies at the top of the folder and belongs nowhere in the bucket. `summary`
    counts by action and by status, and the images that are owed.
    """

    folder: str
    name: str
    dry_run: bool = False
    posts: tuple[SyncedFile, ...]
    unchanged: int = 0
    left: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    summary: dict[str, int]
