"""`presswork check`: what would become of files, told to their author before they are uploaded."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from presswork import content
from presswork.authority import AsAuthors
from presswork.content.decoding import decode
from presswork.content.dialects.tools import proposed
from presswork.errors import Rejected
from presswork.post import Error, Status
from presswork.settings import Site
from presswork.theme_files import PREFIX, BrokenTheme
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS, root_of
from presswork_cli.offline import folder
from presswork_cli.offline.claims import Outcome, read, resolve_claims
from presswork_cli.offline.folder import File
from presswork_cli.offline.losses import with_losses
from presswork_cli.offline.references import References, with_warnings
from presswork_cli.printing.answers import CheckAnswer, CheckedPost, CheckSummary, Verdict

UNREADABLE = "file.unreadable"

MAX_KEY_BYTES = 1024
"""The longest key of S3 (User Guide, "Naming Amazon S3 objects")."""

_PART_OF_THEME = "It is no post but a part of the theme, which was looked at as a whole."

Watch = Callable[[Iterable[File]], Iterable[File]]


@dataclass(frozen=True)
class FoundFile:
    """What one file would become, or that it is no post."""

    file: File
    outcome: Outcome

    @property
    def verdict(self) -> Verdict:
        """The outcome in a word."""
        if self.outcome.status is Status.SKIPPED:
            return "skipped"
        if self.outcome.error is not None:
            return "rejected"
        parsed = self.outcome.parsed
        if parsed is not None and parsed.warnings:
            return "warned"
        return "repaired" if parsed is not None and parsed.repairs else "ok"


def check(
    paths: Sequence[Path], settings: Path | None, now: datetime, watch: Watch = iter
) -> CheckAnswer:
    """Reads files, and the files of folders, as they would be read once uploaded; writes nothing.

    `watch` sees the files as they are read. What cannot be read is rejected by `file.unreadable`,
    and does not keep the others from being checked.
    """
    files, unread = _files_of(paths)
    by_folder = SettingsByFolder(settings)
    for root in filter(folder.is_content_folder, paths):
        by_folder.for_file(File(root / SETTINGS, SETTINGS))
    findings = [*unread, *(_find(file, by_folder, now) for file in watch(files))]
    findings = _with_references(findings, by_folder, now)
    checked = {folder.absolute(file.path) for file in files}
    broken = [each for each in by_folder.broken if folder.absolute(each.file.path) not in checked]
    as_authors = by_folder.as_authors
    posts = tuple(_with_conflicts([*broken, *findings], as_authors))
    counted = Counter(post.verdict for post in posts)
    conflicts = sum(post.conflict is not None for post in posts)
    warnings = sum(len(post.warnings) for post in posts)
    summary = CheckSummary.model_validate({**counted, "conflicts": conflicts, "warnings": warnings})
    given = {
        dialect
        for found in findings
        if found.outcome.parsed is not None
        for dialect in by_folder.for_file(found.file)[0].dialect
    }
    rules = (
        {each.rule for each in post.repairs} | {each.rule for each in post.warnings}
        for post in posts
    )
    return CheckAnswer(posts=posts, summary=summary, dialect=proposed(rules, given))


def exit_code(answer: CheckAnswer, *, strict: bool = False) -> Exit:
    """2 when something could not be read, else 1 when something would not be shown, else 0.

    Who is `strict` takes a warning for something that is not shown.
    """
    if any(post.error is not None and post.error.rule == UNREADABLE for post in answer.posts):
        return Exit.USAGE
    unfit = answer.summary.rejected or answer.summary.conflicts
    unfit = unfit or (strict and answer.summary.warnings)
    return Exit.REJECTED if unfit else Exit.FINE


class SettingsByFolder:
    """The settings for each file: those that were given, else those of its own content folder.

    `broken` tells of settings and themes that are rejected; the defaults stand in for them.
    """

    def __init__(self, given: Path | None) -> None:
        self.broken: list[FoundFile] = []
        self._given = given
        self._known: dict[Path | None, Site] = {}
        self._found: dict[Path, tuple[Site, str]] = {}

    def for_file(self, file: File) -> tuple[Site, str]:
        """The settings and the theme's digest for a file; Failure when they cannot be read."""
        root = root_of(file.path, file.key)
        if root not in self._found:
            site = self._settings(root)
            self._found[root] = site, self._theme(root, site)
        return self._found[root]

    @property
    def as_authors(self) -> AsAuthors:
        """The sources that rank with authors, by any of the settings that were found."""
        return frozenset(name for site in self._known.values() for name in site.as_authors)

    def _settings(self, root: Path) -> Site:
        path = self._given or folder.settings_file(root)
        if path not in self._known:
            try:
                self._known[path] = folder.settings_of(path)
            except Rejected as rejected:
                self._known[path] = Site()
                file = File(folder.from_here(path or Path(SETTINGS)), SETTINGS)
                self.broken.append(_rejected(file, Error.of(rejected)))
        return self._known[path]

    def _theme(self, root: Path, site: Site) -> str:
        if not (root / PREFIX).is_dir():
            return ""
        from presswork_cli.offline import own_theme  # noqa: PLC0415  it makes pages; posts are only read

        try:
            return str(own_theme.read(root, site).theme.digest)
        except BrokenTheme as broken:
            file = File(folder.from_here(root / broken.file), broken.file)
            self.broken.append(_rejected(file, Error.of(broken)))
            return ""


def _with_references(
    findings: Sequence[FoundFile], by_folder: SettingsByFolder, now: datetime
) -> list[FoundFile]:
    """The findings, each post with warnings of what it refers to in vain, folder by folder."""
    roots: dict[Path, dict[str, FoundFile]] = {}
    for finding in findings:
        if finding.outcome.parsed is not None:
            root = root_of(finding.file.path, finding.file.key)
            roots.setdefault(root, {}).setdefault(finding.file.key, finding)
    warned = {
        folder.absolute(found[outcome.key].file.path): outcome
        for root, found in roots.items()
        for outcome in _warned(root, found, by_folder, now)
    }
    return [
        replace(each, outcome=warned.get(folder.absolute(each.file.path), each.outcome))
        for each in findings
    ]


def _warned(
    root: Path, found: Mapping[str, FoundFile], by_folder: SettingsByFolder, now: datetime
) -> list[Outcome]:
    def others() -> Iterator[Outcome]:
        unread = (file for file in folder.all_of(root, lambda _: None) if file.key not in found)
        return (_find(file, by_folder, now).outcome for file in unread)

    outcomes = [each.outcome for each in found.values()]
    settings, _ = by_folder.for_file(next(iter(found.values())).file)
    references = References(root, settings.redirects, outcomes, others)
    return with_warnings(outcomes, references, lambda key: decode(found[key].file.data).text)


def _files_of(paths: Iterable[Path]) -> tuple[list[File], list[FoundFile]]:
    """The files that were named, once each, and what stood in the way of finding more."""
    files: dict[str, File] = {}
    unread: list[FoundFile] = []

    def refuse(error: OSError) -> None:
        path = Path(str(error.filename))
        unread.append(_unreadable(File(path, folder.file_of(path).key), error))

    for path in paths:
        is_folder = os.path.isdir(path)  # noqa: PTH112 - Path's raises where it may not look
        within = folder.all_of(path, refuse) if is_folder else [folder.file_of(path)]
        for file in within:
            files.setdefault(folder.absolute(file.path), file)
    return list(files.values()), unread


def _find(file: File, by_folder: SettingsByFolder, now: datetime) -> FoundFile:
    if file.key == SETTINGS:
        return _find_settings(file)
    root = folder.root_of_theme(file.path)
    if root is not None:
        return _find_part_of_theme(file, root, by_folder)
    return _find_post(file, by_folder, now)


def _find_post(file: File, by_folder: SettingsByFolder, now: datetime) -> FoundFile:
    if not content.may_be_post(file.key):
        return _skipped(file)
    try:
        data, uploaded = file.data, file.uploaded
    except Failure as failure:
        if isinstance(failure.__cause__, OSError):
            return _unreadable(file, failure.__cause__)
        raise
    if not content.is_post(file.key, data):
        return _skipped(file, content.why_skipped(file.key, data))
    unfit = unfit_name(file.key)
    if unfit is not None:
        return _rejected(file, unfit)
    outcome = read(file.key, data, *by_folder.for_file(file), uploaded=uploaded, now=now)
    return FoundFile(file, with_losses(outcome, data))


def _find_settings(file: File) -> FoundFile:
    try:
        folder.settings_of(file.path)
    except Rejected as rejected:
        return _rejected(file, Error.of(rejected))
    except Failure as failure:
        if isinstance(failure.__cause__, OSError):
            return _unreadable(file, failure.__cause__)
        raise
    return FoundFile(file, Outcome(file.key, Status.LIVE))


def _find_part_of_theme(file: File, root: Path, by_folder: SettingsByFolder) -> FoundFile:
    """A file of `theme/` that was named by itself: its theme is judged, which is a whole."""
    place = folder.absolute(file.path)
    by_folder.for_file(File(root / SETTINGS, SETTINGS))
    broken = (each for each in by_folder.broken if folder.absolute(each.file.path) == place)
    part = File(file.path, file.path.absolute().relative_to(root).as_posix())
    return next(broken, None) or _skipped(part, _PART_OF_THEME)


def unfit_name(key: str) -> Error | None:
    """Why a file cannot be uploaded under its name: keys are UTF-8 of a limited length."""
    try:
        length = len(key.encode())
    except UnicodeEncodeError:
        return Error(
            rule="file.name",
            message="The file's name is not UTF-8, so that no object can be called so.",
            fix="Rename the file, or convert its name with `convmv -t utf8`.",
        )
    if length <= MAX_KEY_BYTES:
        return None
    return Error(
        rule="file.name",
        message=f"The file's key has {length:,} bytes; {MAX_KEY_BYTES:,} are allowed.",
        fix="Give the file or its folders shorter names.",
    )


def _unreadable(file: File, error: OSError) -> FoundFile:
    return _rejected(
        file,
        Error(
            rule=UNREADABLE,
            message=f"It cannot be read: {error.strerror or error}.",
            fix="Correct the path, or give yourself the right to read it.",
        ),
    )


def _rejected(file: File, error: Error) -> FoundFile:
    return FoundFile(file, Outcome(file.key, Status.REJECTED, error=error))


def _skipped(file: File, reason: str | None = None) -> FoundFile:
    return FoundFile(file, Outcome(file.key, Status.SKIPPED, reason=reason))


def _with_conflicts(findings: Sequence[FoundFile], as_authors: AsAuthors) -> Iterator[CheckedPost]:
    """The findings in their order, each with what another file takes from it."""
    first: dict[str, FoundFile] = {}
    for finding in findings:
        if finding.outcome.parsed is not None:
            first.setdefault(finding.file.key, finding)
    outcomes = resolve_claims(
        (finding.outcome for finding in first.values()), as_authors=as_authors
    )
    waiting = {each.key: each.error for each in outcomes if each.status is Status.WAITING}
    for finding in findings:
        holder = first.get(finding.file.key, finding)
        is_second = finding.outcome.parsed is not None and holder is not finding
        conflict = _same_key(holder) if is_second else waiting.get(finding.file.key)
        yield _answer(finding, conflict)


def _same_key(holder: FoundFile) -> Error:
    return Error(
        rule="key.taken",
        message=f"{folder.displayed(holder.file.path)} would be uploaded under the same key.",
        fix="Rename one of them, or put them in folders below `posts/`.",
    )


def _answer(finding: FoundFile, conflict: Error | None) -> CheckedPost:
    outcome = finding.outcome
    return CheckedPost(
        file=folder.displayed(finding.file.path),
        key=folder.displayed(finding.file.key),
        verdict=finding.verdict,
        status=outcome.status.value if outcome.parsed else None,
        reason=outcome.reason,
        post=outcome.parsed.post if outcome.parsed else None,
        repairs=outcome.parsed.repairs if outcome.parsed else (),
        warnings=outcome.parsed.warnings if outcome.parsed else (),
        error=outcome.error,
        conflict=conflict,
    )
