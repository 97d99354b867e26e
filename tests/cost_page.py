"""Writes what `presswork cost` says, and the memory sizes, into docs/cost.md: `make docs`."""

from pathlib import Path

from typer.testing import CliRunner

from presswork_cli.app import app
from presswork_cli.cost.functions import Functions, Run, measured_functions
from presswork_cli.cost.prices import price_list
from presswork_cli.cost.usage import Case, counted_usage

PAGE = Path(__file__).parents[1] / "docs" / "cost.md"
SIZES = (256, 512, 1024, 1769)
CASE = "single"


def said() -> str:
    """What the command says, as a shell shows it."""
    answer = CliRunner().invoke(app, ["cost"])
    assert answer.exit_code == 0, answer.output
    return f"```console\n$ presswork cost\n{answer.output.rstrip()}\n```"


def sizes(known: Functions, case: Case) -> str:
    """Of a post, how long each function runs, and the dollars of 1,000, by memory."""
    rows = ["| function | calls | processor | " + " | ".join(f"{size} MB" for size in SIZES) + " |"]
    rows.append("| --- " * (3 + len(SIZES)) + "|")
    for name in case.by:
        if name in known.memory:
            run = _of_one(case, name)
            cells = " | ".join(_cell(known, name, run, size) for size in SIZES)
            took = round(known.processor(name, run))
            rows.append(f"| `{name}` | {run.calls} | {took} ms | {cells} |")
    return "\n".join(rows)


def _of_one(case: Case, function: str) -> Run:
    run, posts = case.run(function), case.posts
    return Run(run.own / posts, run.calls // posts, run.messages // posts, run.images // posts)


def _cell(known: Functions, function: str, run: Run, memory: int) -> str:
    """What the template has is bold."""
    took = known.milliseconds(function, run, memory=memory) / 1000
    paid = known.gb_seconds(function, run, memory=memory) * 1000
    cell = f"{took:.2f} s, ${price_list().prices['lambda.gb_seconds'].of(paid):.3f}"
    return f"**{cell}**" if memory == known.memory[function] else cell


def drawn(page: str) -> str:
    """The page with both as they are now."""
    table = sizes(measured_functions(), counted_usage().cases[CASE])
    for name, text in (("command", said()), ("memory", table)):
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, _, rest = page.partition(f"{begin}\n")
        page = f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
