"""What a person sees of the functions' logs."""

from typing import Any

from rich.text import Text

from presswork_cli.printing.answers import LogLine, LogsAnswer
from presswork_cli.printing.terminal import results, visible

_STYLES = {"ERROR": "red", "CRITICAL": "red", "WARNING": "yellow", "DEBUG": "dim"}

_OF_LAMBDA = ("function_", "cold_start", "xray_trace_id")
"""What Powertools says of the function on each line, of which JSON has all."""


def lines(answer: LogsAnswer) -> None:
    """Each line, or that there is none."""
    for each in answer.lines:
        line(each)
    if not answer.lines:
        results.print(
            f"nothing was written since {answer.since:%Y-%m-%d %H:%M} UTC; --since looks further "
            "back",
            markup=False,
        )


def line(each: LogLine) -> None:
    """When, who and what; then what else it said, and a traceback as it is."""
    head = f"{each.time:%Y-%m-%d %H:%M:%S}.{each.time.microsecond // 1000:03}  {each.stage:8} "
    text = Text(head, style="dim")
    text.append(f"{each.level:8} " if each.level else "", style=_STYLES.get(each.level, "dim"))
    text.append(visible(each.message), style="default")
    for name, value in each.fields.items():
        if not name.startswith(_OF_LAMBDA):
            text.append(f"  {name}={visible(_short(value))}", style="dim")
    results.print(text)
    for row in each.detail.splitlines():
        results.print(Text(f"    {visible(row)}", style="dim"))


def _short(value: Any) -> str:
    """A value in few words: of a task or an event its kind, and what it is about."""
    if not isinstance(value, dict):
        return str(value)
    words = [value.get(name) for name in ("kind", "type", "key", "subject")]
    return " ".join(str(word) for word in words if word) or str(value)
