"""Every command of docs/sam.md, run as it is printed, with its answers held to those printed.

It wants Docker, and Lambda's image, which SAM pulls unless it is there: `make sam-docs`.
The clone's own local cloud is used, and taken down as the page says.
"""

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "sam.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SHELL = """
shopt -s expand_aliases
set -m
trap 'kill $(jobs -p) 2>/dev/null' EXIT
"""
"""As the shell of somebody who types: with aliases, and with jobs that `kill %1` ends."""


@dataclass(frozen=True)
class Command:
    """A command of the page, and the lines that are printed below it."""

    text: str
    answer: list[str]

    def missing(self, output: str) -> list[str]:
        """The printed lines that the output has not, in their order; `…` is any text."""
        lines = [line.rstrip() for line in output.splitlines()]
        missing, seen = [], 0
        for wanted in self.answer:
            form = re.compile(".*".join(map(re.escape, wanted.split("…"))))
            at = next((at for at in range(seen, len(lines)) if form.fullmatch(lines[at])), None)
            if at is None:
                missing.append(wanted)
            else:
                seen = at + 1
        return missing


def commands(page: str) -> Iterator[Command]:
    """What the consoles of a page show; a line that begins with `>` goes on with the command."""
    for block in BLOCK.findall(page):
        for shown in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = shown.splitlines()
            more = next((at for at, line in enumerate(lines[1:], 1) if line[:2] != "> "), None)
            text = [line.removeprefix("> ") for line in lines[:more]]
            answer = [] if more is None else [line for line in lines[more:] if line != "…"]
            yield Command("\n".join(text), answer)


def run(typed: list[Command], folder: Path) -> list[tuple[str, str]]:
    """Types the commands into one shell; what each printed, and its exit code."""
    outputs = [folder / str(number) for number in range(len(typed))]
    script = SHELL + "\n".join(
        f"echo {shlex.quote(command.text)}\n"
        f"{{ {command.text}\n}} >{output} 2>&1\necho $? >{output}.code"
        for command, output in zip(typed, outputs, strict=True)
    )
    subprocess.run(["bash", "-c", script], cwd=REPOSITORY, check=False, stdin=subprocess.DEVNULL)
    return [(_text(each), _text(each.with_suffix(".code")).strip()) for each in outputs]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


def docker_answers() -> bool:
    """Whether Docker is installed, and runs."""
    asked = ["docker", "info"]
    return shutil.which("docker") is not None and not (
        subprocess.run(asked, capture_output=True, check=False).returncode
    )


def main() -> None:
    """Runs the page, and says of each command whether it does what is printed."""
    if not docker_answers():
        sys.exit("Docker does not answer (`docker info`): nothing of docs/sam.md was tried")
    typed = list(commands(PAGE.read_text(encoding="utf-8")))
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for command, (output, code) in zip(typed, run(typed, Path(folder)), strict=True):
            missing = command.missing(output)
            if missing or code != "0":
                failed += 1
                print(
                    f"\nWRONG: {command.text}\nexit code {code}, and without {missing}:\n{output}"
                )
    if failed:
        sys.exit(f"{failed} of {len(typed)} commands of docs/sam.md do not do what it prints")
    print(f"{len(typed)} commands of docs/sam.md do what it prints")


if __name__ == "__main__":
    main()
