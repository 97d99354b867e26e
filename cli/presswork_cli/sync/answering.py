"""What a sync answers: its plan, or what became of each file."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from presswork_cli.failure import Exit
from presswork_cli.offline.folder import displayed
from presswork_cli.offline.uploads import RefusedFile, Uploads
from presswork_cli.operate.follow import Journey
from presswork_cli.operate.publish import answer_of
from presswork_cli.printing.answers import TIMEOUT, PostAnswer
from presswork_cli.printing.sync_answer import (
    OWED,
    PLANNED,
    UNSENT,
    Action,
    SyncAnswer,
    SyncedFile,
)
from presswork_cli.sync.preparing import Prepared
from presswork_cli.sync.run import Run

_REJECTED = "rejected"
_FIELDS = tuple(PostAnswer.model_fields)


def exit_code(answer: SyncAnswer) -> Exit:
    """1 when something was refused or rejected, 3 when something is not at its end."""
    statuses = {each.status for each in answer.posts}
    if _REJECTED in statuses:
        return Exit.REJECTED
    return Exit.NO_CLOUD if {TIMEOUT, UNSENT} & statuses else Exit.FINE


def planned(prepared: Prepared, site: str) -> SyncAnswer:
    """The plan of a sync that writes nothing."""
    return _Receipt(prepared, site).of(None)


def done(prepared: Prepared, run: Run, site: str) -> SyncAnswer:
    """What became of each file of a sync."""
    return _Receipt(prepared, site).of(run)


def refused_all(refused: RefusedFile, uploads: Uploads) -> SyncAnswer:
    """Nothing is sent: settings or theme are broken."""
    posts = (_refused(refused),)
    return SyncAnswer(
        site="",
        folder=displayed(uploads.root / uploads.scope),
        name=uploads.name,
        posts=posts,
        summary=_summary(posts, 0),
    )


@dataclass(frozen=True)
class _Receipt:
    prepared: Prepared
    site: str

    def of(self, run: Run | None) -> SyncAnswer:
        """The answer; without a run that of a mere plan."""
        prepared, plan = self.prepared, self.prepared.plan
        posts = tuple(
            sorted(
                [*self._sent(run), *self._deleted(run), *map(_refused, prepared.refused)],
                key=lambda each: each.key,
            )
        )
        changed = run.changed if run else set()
        unchanged = len(plan.unchanged) + (0 if run else len(plan.arrived))
        return SyncAnswer(
            site=self.site,
            folder=displayed(prepared.uploads.root / prepared.uploads.scope),
            name=prepared.uploads.name,
            dry_run=run is None,
            posts=posts,
            unchanged=unchanged,
            left=plan.left,
            foreign=tuple(sorted({*plan.foreign, *changed})),
            others=plan.others,
            aside=tuple(prepared.uploads.aside),
            summary=_summary(posts, unchanged),
        )

    def _sent(self, run: Run | None) -> Iterator[SyncedFile]:
        plan = self.prepared.plan
        moved_from = {new: old for old, new in plan.moves.items()}
        for key in run.sent if run else plan.puts:
            old = moved_from.get(key)
            action: Action = "sent" if old is None else "renamed"
            notes = []
            if key in plan.arrived:
                notes.append("The sync before this one had sent it.")
            if key in plan.over:
                notes.append("It takes the place of what somebody else wrote there.")
            if run is not None and old is not None:
                notes.append(_address_note(run, old, key))
            yield self._file(run.sent[key] if run else None, run, key, action).model_copy(
                update={
                    "moved_from": old,
                    "repairs": self.prepared.repairs.get(key, 0),
                    "note": " ".join(filter(None, notes)),
                }
            )

    def _deleted(self, run: Run | None) -> Iterator[SyncedFile]:
        """What went; the former key of a file that was sent under its new one is not told apart."""
        plan = self.prepared.plan
        for key, deletion in plan.deletions.items():
            if deletion.moved_to in (run.sent if run else plan.puts) or (
                run and key in run.changed
            ):
                continue
            if run is None or key in run.deleted:
                yield self._file(run.deleted[key] if run else None, run, key, "deleted")

    def _file(
        self, journey: Journey | None, run: Run | None, key: str, action: Action
    ) -> SyncedFile:
        if journey is None or run is None:
            path = self.prepared.uploads.files.get(key)
            file = displayed(path.path) if path else key
            return SyncedFile(file=file, key=key, status=PLANNED, action=action)
        error = run.failed.get(key)
        if error is not None or (run.stopped and journey.status is None):
            return SyncedFile(file=journey.file, key=key, status=UNSENT, action=action, error=error)
        answer = answer_of(self.site, journey)
        return SyncedFile(**{name: getattr(answer, name) for name in _FIELDS}, action=action)


def _address_note(run: Run, old: str, new: str) -> str:
    """What becomes of the address that a moved post had."""
    path, post = run.former.get(old), run.sent[new].seen.post
    if path is None or post is None or post.live is None or post.live.path == path:
        return ""
    if post.source == new and path in post.paths:
        return f"{path} leads to its new address."
    return (
        f"{path} answers 410 from now on: with `aliases: [{path}]` in its front matter it leads to "
        "the new address."
    )


def _refused(refused: RefusedFile) -> SyncedFile:
    return SyncedFile(
        file=refused.file,
        key=refused.key,
        status=_REJECTED,
        error=refused.error,
        action="refused",
    )


def _summary(posts: Iterable[SyncedFile], unchanged: int) -> dict[str, int]:
    """How many there are of each action, then of each status that `publish` knows.

    Then how many posts are repaired, and how many images are owed to posts.
    """
    posts = tuple(posts)
    actions = Counter(each.action for each in posts if each.status != UNSENT)
    statuses = Counter(each.status for each in posts if each.action != "refused")
    repaired = sum(each.repairs > 0 for each in posts)
    counted = {
        **{name: actions[name] for name in ("sent", "renamed", "deleted", "refused")},
        "unchanged": unchanged,
        **dict(sorted(statuses.items())),
        "repaired": repaired,
        OWED: sum(each.images.owed for each in posts),
    }
    return {name: n for name, n in counted.items() if n or name == "unchanged"}
