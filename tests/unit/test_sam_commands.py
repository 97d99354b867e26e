"""What `make sam-docs` reads out of docs/sam.md, and how it holds answers to it."""

import re

import pytest

from sam_commands import PAGE, REPOSITORY, Command, commands

TYPED = list(commands(PAGE.read_text(encoding="utf-8")))


def test_every_sample_event_is_invoked() -> None:
    """The page invokes a function with each file of events/, and each function."""
    invoked = re.findall(
        r"^sam local invoke (\w+)Function -e (events/\S+\.json)",
        "\n".join(command.text for command in TYPED),
        re.MULTILINE,
    )
    events = {path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("events/*.json")}
    assert {event for _, event in invoked} == events
    functions = {path.name.capitalize() for path in (REPOSITORY / "functions").iterdir()}
    assert {function for function, _ in invoked} == functions


def test_the_page_says_how_many_commands_it_has() -> None:
    """What the page quotes of a run is of a run of this page."""
    last = f"\n{len(TYPED)} commands of docs/sam.md do what it prints\n"
    assert last in PAGE.read_text(encoding="utf-8")


def test_a_command_goes_on_in_lines_that_begin_so() -> None:
    """A console's further lines of a command are part of it; what follows is its answer."""
    page = "Text\n\n```console\n$ one \\\n>   more\n…\nsaid\n$ two\n```\n\n```sh\n$ not this\n```\n"
    assert list(commands(page)) == [Command("one \\\n  more", ["said"]), Command("two", [])]


@pytest.mark.parametrize(
    ("output", "missing"),
    [
        ("before\nlive at 4566\nbetween\ndone\n", []),
        ("live at 4566\n", ["done"]),
        ("done\nlive at 4566\n", ["done"]),
        ("it is live at 4566\ndone\n", ["live at …"]),
    ],
)
def test_an_answer_has_the_printed_lines_in_their_order(output: str, missing: list[str]) -> None:
    """Whole lines, others between them, and any text for `…`."""
    assert Command("any", ["live at …", "done"]).missing(output) == missing
