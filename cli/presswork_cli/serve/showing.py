"""What a person sees of `presswork serve` in the terminal: problems as `check` prints them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from rich.text import Text

from presswork_cli.printing.terminal import MANY, STYLES, progress, results, say, visible
from presswork_cli.serve.problems import Problem
from presswork_cli.serve.revision import Revision

_STYLES = {"error": STYLES["rejected"], "warning": STYLES["warned"]}


def begun(url: str, revision: Revision) -> None:
    """What is wrong, how many posts there are, and where they are seen."""
    _tell(revision.problems)
    results.print(f"Posts     {_counted(revision)}", markup=False)
    results.print(f"Site      {url}", style="bold", markup=False)
    say("A change is shown when it is saved. Ctrl-C ends this.")


def again(before: Revision, after: Revision, seconds: float) -> None:
    """What is wrong since now, and how many posts there are."""
    known = Counter(before.problems)
    _tell((Counter(after.problems) - known).elements())
    mended = (known - Counter(after.problems)).total()
    words = f"{datetime.now():%H:%M:%S}  {_counted(after)}, built in {seconds:.1f} s"  # noqa: DTZ005 - the clock of who reads it
    if mended and not after.problems:
        words += ", nothing is wrong any more"
    progress.print(words, style="dim", markup=False)


def _tell(problems: Iterable[Problem]) -> None:
    told = [*problems]
    for problem in told[:MANY]:
        words = visible(f"{problem.place}: {problem.message}")
        results.print(Text(words, style=_STYLES[problem.kind]))
        if problem.fix:
            results.print(Text(f"  fix: {visible(problem.fix)}"))
    if len(told) > MANY:
        results.print(
            f"and {len(told) - MANY:,} more: `presswork check .` lists them", markup=False
        )


def _counted(revision: Revision) -> str:
    """How many posts became what, and which could be shown besides."""
    counts = [f"{count} {status}" for status, count in sorted(revision.counts.items())]
    notes = [f"{note}" for note in revision.notes]
    return ", ".join(counts or ["none"]) + (f" ({'; '.join(notes)})" if notes else "")
