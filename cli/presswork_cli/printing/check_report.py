"""What a person sees of `presswork check` and `presswork preview`."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from rich.console import Group
from rich.text import Text

from presswork.post import ImageRef, Post, Repair, Status
from presswork_cli.printing import github, gitlab
from presswork_cli.printing.annotations import annotations
from presswork_cli.printing.answers import CheckAnswer, CheckedPost, PreviewAnswer
from presswork_cli.printing.terminal import (
    MANY,
    STYLES,
    caution,
    complaint,
    headline,
    results,
    visible,
)

_INDENT = " " * 10
_WIDTH = 100
"""How much of a line before and after a repair is shown where no terminal says how wide it is."""


def checked(answer: CheckAnswer, *, verbose: bool, quiet: bool, strict: bool) -> None:
    """Each file's verdict; of many files only those with something to say, of quiet ones the bad.

    `verbose` shows all that was understood, of every file; to who is `strict` a warning is bad.
    """
    many = len(answer.posts) >= MANY
    nothing_else = answer.summary.skipped == len(answer.posts)
    for post in answer.posts:
        is_bad = post.error is not None or post.conflict is not None
        is_bad = is_bad or (strict and bool(post.warnings))
        if verbose or is_bad:
            results.print(Group(*_lines(post, verbose=verbose)))
        elif (
            quiet
            or (many and post.verdict == "ok")
            or (post.verdict == "skipped" and not post.reason and (many or not nothing_else))
        ):
            continue
        elif many and not post.reason:
            results.print(Group(*_short(post)))
        else:
            results.print(Group(*_lines(post, verbose=False)))
    if not quiet:
        results.print(Group(*_summary(answer, tell_rules=many and not verbose)))


def on_github(answer: CheckAnswer, *, verbose: bool, quiet: bool, strict: bool) -> None:
    """The same in the log; beside it annotations at their lines, and a summary of the job."""
    checked(answer, verbose=verbose, quiet=quiet, strict=strict)
    found = annotations(answer, verbose=verbose, quiet=quiet, strict=strict)
    github.annotated(found)
    github.summarized(answer, found)


def on_gitlab(answer: CheckAnswer, *, verbose: bool, quiet: bool, strict: bool) -> None:
    """A Code Quality report alone."""
    gitlab.reported(annotations(answer, verbose=verbose, quiet=quiet, strict=strict))


told = {"text": checked, "github": on_github, "gitlab": on_gitlab}
"""How `check` reports, by the name of the format."""


def previewed(answer: PreviewAnswer) -> None:
    """Where the page is, what was understood, and what was mended; or what is wrong."""
    if answer.error is not None or answer.post is None:
        results.print(Group(*complaint(answer.file, answer.error)) if answer.error else "")
        return
    verdict = "warned" if answer.warnings else "repaired" if answer.repairs else "ok"
    results.print(Group(headline(verdict, answer.file)))
    seen_by = "draft" if answer.post.draft else answer.post.visibility.value
    results.print(Text(_INDENT + _understood(answer.post, seen_by)))
    results.print(Group(*_repaired(answer.repairs, in_full=False)))
    for warning in answer.warnings:
        results.print(Group(*caution(answer.file, warning)))
    if answer.post.images:
        count = len(answer.post.images)
        results.print(Text(f"Images    {count} remote, shown as notes: nothing is fetched"))
    results.print(Text(f"Page      {answer.page}", style="bold"))


def _repaired(repairs: tuple[Repair, ...], *, in_full: bool) -> Iterator[Text]:
    """Each kind of mending: on which line it begins, how often, and the first before and after."""
    for repair in repairs:
        place = f"line {repair.line}: " if repair.line is not None else ""
        times = f" ×{repair.count}" if repair.count > 1 else ""
        yield Text(f"{_INDENT}{place}{repair.rule}{times}", style=STYLES["repaired"])
        for sign, text, style in (("-", repair.before, "red"), ("+", repair.after, "green")):
            if text is not None:
                yield Text(f"{_INDENT}  {sign} {_one_line(text, in_full=in_full)}", style=style)


def _lines(post: CheckedPost, *, verbose: bool) -> Iterator[Text]:
    yield _skipped(post) if post.reason else headline(_word(post), post.file)
    if post.post is not None:
        yield Text(_INDENT + _understood(post.post, post.status or ""))
    if post.post is not None and verbose:
        yield from _fields(post.post)
    yield from _repaired(post.repairs, in_full=verbose)
    for warning in post.warnings:
        yield from caution(post.file, warning)
    for error in (post.error, post.conflict):
        if error is not None:
            yield from complaint(post.file, error)


def _word(post: CheckedPost) -> str:
    """What would become of it: a post in conflict is fine in itself, and waits."""
    return Status.WAITING.value if post.conflict and not post.error else post.verdict


def _skipped(post: CheckedPost) -> Text:
    line = headline(post.verdict, post.file)
    line.append(f"  {post.reason}", style="dim")
    return line


def _short(post: CheckedPost) -> Iterator[Text]:
    line = headline(post.verdict, post.file)
    line.append("  " + ", ".join(_counted(repair) for repair in post.repairs), style="dim")
    yield line
    for warning in post.warnings:
        yield from caution(post.file, warning, with_fix=False)


def _counted(repair: Repair) -> str:
    return repair.rule if repair.count == 1 else f"{repair.rule} ×{repair.count}"


def _understood(post: Post, status: str) -> str:
    """The title, the instant and the path: what an author wants to see right at a glance."""
    parts = [post.title, _moment(post.date), post.path]
    return visible(" · ".join(parts if status in ("", "live", "public") else [*parts, status]))


def _fields(post: Post) -> Iterator[Text]:
    """All else that was understood, but for what was not given."""
    fields: list[tuple[str, object]] = [
        ("id", post.id),
        ("updated", post.updated and _moment(post.updated)),
        ("appears", post.publish_at and _moment(post.appears)),
        ("expires", post.expires and _moment(post.expires)),
        ("language", post.lang),
        ("authors", ", ".join(post.authors)),
        ("categories", ", ".join(" > ".join(path) for path in post.categories)),
        ("tags", ", ".join(post.tags)),
        ("summary", post.summary),
        ("length", f"{post.words:,} words, {post.reading_minutes} min"),
        ("cover", post.cover),
        *(("image", _spelled(image)) for image in post.images),
        ("aliases", ", ".join(post.aliases)),
        ("extra", post.extra and ", ".join(f"{key}: {value}" for key, value in post.extra.items())),
    ]
    for name, value in fields:
        if value:
            yield Text(f"{_INDENT}{name:10} {visible(str(value))}", style="dim")


def _spelled(image: ImageRef) -> str:
    others = [spelling for spelling in image.seen if spelling != image.url]
    return image.url + (f" (also {', '.join(others)})" if others else "")


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _one_line(text: str, *, in_full: bool) -> str:
    line = visible(" ".join(text.split()))
    width = results.width - len(_INDENT) - 4 if results.is_terminal else _WIDTH
    return line if in_full or len(line) <= width else line[: max(width - 1, 1)] + "…"


def _summary(answer: CheckAnswer, *, tell_rules: bool) -> Iterator[Text]:
    """How many files came to what; of many files also which repairs were made in how many."""
    counts = answer.summary
    posts = counts.ok + counts.repaired + counts.warned + counts.rejected
    line = Text(f"{posts:,} {'post' if posts == 1 else 'posts'}: ", style="bold")
    verdicts = [
        (f"{counts.ok:,} ok", "ok"),
        (f"{counts.repaired:,} repaired", "repaired"),
        (f"{counts.rejected:,} rejected", "rejected"),
    ]
    if counts.warned:
        verdicts.insert(2, (f"{counts.warned:,} warned", "warned"))
    if counts.conflicts:
        verdicts.append((f"{counts.conflicts:,} in conflict", "waiting"))
    if counts.skipped:
        verdicts.append((f"{counts.skipped:,} skipped", "skipped"))
    line.append_text(Text(", ").join(Text(text, style=STYLES[name]) for text, name in verdicts))
    rules = Counter(repair.rule for post in answer.posts for repair in post.repairs)
    if tell_rules and rules:
        yield Text("repairs, and in how many posts:", style="dim")
        for rule, posts_with in rules.most_common():
            yield Text(f"{_INDENT}{rule:22}{posts_with:>6,}", style="dim")
    yield from _cures(answer) if tell_rules else ()
    if answer.dialect:
        missing = ", ".join(answer.dialect)
        yield Text(f"These posts suggest for `dialect` in site.yaml: {missing}", style="dim")
    yield line


def _cures(answer: CheckAnswer) -> Iterator[Text]:
    """Each kind of warning, in how many posts it stands, and the cure of its first."""
    warnings = [
        each for post in answer.posts for each in {w.rule: w for w in post.warnings}.values()
    ]
    cures = {warning.rule: warning.fix for warning in reversed(warnings)}
    if warnings:
        yield Text("warnings, and in how many posts:", style="dim")
    for rule, posts_with in Counter(warning.rule for warning in warnings).most_common():
        yield Text(f"{_INDENT}{rule:22}{posts_with:>6,}  {visible(cures[rule])}", style="dim")
