"""The commands of the documents, run as they stand: `make docs-commands`.

Each page has a fresh folder, and each block a shell in it, with the local cloud in the place of
AWS. A command ends with the code that is expected of it, and prints what the page quotes. What is
not run is named here, with the reason; so is what another test holds.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from e2e.local import Local, markdown
from presswork_cli.local.emulator import REGION
from presswork_cli.local.layout import REPOSITORY

PAGES = sorted(
    page
    for page in (*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md"))
    if page.name not in {"CHANGELOG.md", "cli.md"}
)

HELD = {
    "git.md": "tests/unit/test_action.py reads them; they need AWS and a forge",
    "mistakes.md": "tests/unit/cli/test_first_pages.py runs them, and compares each line",
    "moving.md": "tests/unit/cli/test_generators.py runs them on blogs of those generators",
    "sam.md": "tests/sam_commands.py types them, in Docker; its last ones need AWS",
    "webhooks.md": "tests/e2e/test_webhook_examples.py runs them on a local cloud",
    "writing.md": "tests/unit/cli/test_first_pages.py runs them, and compares each line",
}
"""Pages whose commands another test runs."""

NOT_RUN = {
    r"git clone": "the repository has no address yet",
    r"make ": "a target of make is run by CI itself, or is too long for this",
    r"\.venv/bin/(pytest|python)|PYTHONPATH=": "a part of the tests, or a measurement",
    r"pipx|rm -r ~|presswork --version$": "installs: tests/first_hour.py does",
    r"presswork deploy|presswork destroy|sam deploy|\.venvs/sam/": "needs AWS, and costs",
    r"presswork import-state|presswork export-state \S+ --table|aws dynamodb": (
        "a loss is made first: `make drill` walks the runbook"
    ),
    r"presswork --region": "there is no stack in another region",
    r"(\.venv/bin/)?presswork local down": "the pages behind need this cloud",
    r"presswork check \.$": "stands for any folder",
    r"presswork serve": "goes on until it is ended: tests/unit/cli/test_serve.py",
    r"presswork logs --follow": "goes on until it is ended: tests/e2e/test_verbs.py reads logs",
    r"pass ": "a store of passwords that only its owner has",
    r"presswork secret set": "they are there: tests/e2e/test_verbs.py sets others",
    r"open <": "a program of macOS",
    r"exec ": "a file of git's hooks, of which it is a line",
    r"for stage in": "CloudWatch's groups of all functions are made by their first line alone",
    r"presswork dead-letters (show|drop)": "tests/e2e/test_dead_letters.py makes some first",
    r"curl --header": "names a host that is an example",
    r"aws s3 mv": "names buckets that are an example",
    r".*posts/pier\.md": "tests/unit/content/test_dialects.py reads its example",
}
"""How commands begin that are not run, each with the reason; every one of them is in a page."""

CODES = {
    r".*presswork check examples": 1,
    r".*local publish examples/posts/": 1,
}
"""How commands begin that do not end with 0."""

NOT_COMPARED = {
    r"presswork doctor$": "an account and a machine with something wrong",
    r"presswork local up$": "a cloud that was killed: tests/e2e/test_zz_down_and_up.py kills it",
    r"presswork sync blog": "a folder with a history, which tests/flow/test_sync.py has",
}
"""How commands begin whose output the page invents, each with the reason."""

_BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"<(\w[\w ]*)>")


@dataclass(frozen=True)
class Command:
    """A command of a page, the block and the line it stands in, and what it is said to print."""

    page: Path
    block: int
    line: int
    text: str
    printed: tuple[str, ...] = ()

    @property
    def reason(self) -> str | None:
        """Why it is not run."""
        whys = (why for begin, why in NOT_RUN.items() if re.match(begin, self.text))
        return HELD.get(self.page.name) or next(whys, None)

    @property
    def quoted(self) -> tuple[str, ...]:
        """What it prints, as far as that is what it would print."""
        return () if any(re.match(begin, self.text) for begin in NOT_COMPARED) else self.printed

    @property
    def code(self) -> int:
        """How it ends."""
        return next((code for begin, code in CODES.items() if re.match(begin, self.text)), 0)


def commands(page: Path) -> Iterator[Command]:
    """The commands of a page, in their order."""
    text = page.read_text(encoding="utf-8")
    for number, block in enumerate(_BLOCK.finditer(text)):
        line = text.count("\n", 0, block.start()) + 2
        told = _quoted if block[1] == "console" else _written
        for first, command, printed in told(block[2].splitlines()):
            if command.strip() and not command.startswith("#"):
                yield Command(page, number, line + first, command, printed)


def _quoted(lines: list[str]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Those of a terminal: behind a prompt, with what is printed below."""
    starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start, lines[start].removeprefix("$ "), tuple(lines[start + 1 : end])


def _written(lines: list[str]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Those of a script: lines, together as long as a shell asks for more."""
    start = 0
    for end in range(1, len(lines) + 1):
        text = "\n".join(lines[start:end])
        asked = subprocess.run(
            ["bash", "-n"],
            input=_PLACE.sub("it", text),
            capture_output=True,
            text=True,
            check=False,
        )
        if end < len(lines) and (asked.stderr or text.endswith("\\")):
            continue
        yield start, text, ()
        start = end


ALL = [command for page in PAGES for command in commands(page)]


def printed(expected: tuple[str, ...], found: str) -> bool:
    """Whether what a page quotes was printed, from the begin of a line on.

    `…` is anything, a line of it any lines; a number, an address and a home are any others.
    """
    lines = (r"(?:.*\n)*?.*" if line.strip() == "…" else _any(line.rstrip()) for line in expected)
    return re.search("^" + "\n".join(lines), found, re.MULTILINE) is not None


def _any(line: str) -> str:
    """A pattern of the lines that are as good as a line."""
    kinds = {"…": ".*", "h": r"\S+", "/": r"\S+"}
    parts = re.split(r"(https?://\S+|/home/\S+|…|\d+)", line)
    return "".join(
        kinds.get(part[:1], r"\d+") if at % 2 else re.escape(part) for at, part in enumerate(parts)
    )


@dataclass(frozen=True)
class Shell:
    """A shell in a folder that has what the pages speak of."""

    folder: Path
    local: Local

    def run(self, asked: list[Command]) -> list[tuple[int, str]]:
        """The code and the output of each; `cd` and `export` hold to the end of a block."""
        for _, block in groupby(enumerate(asked), lambda each: each[1].block):
            script = "".join(
                f"{{\n{self._placed(each.text)}\n}} >{self._at(n, 'out')} 2>&1 </dev/null\n"
                f"echo $? >{self._at(n, 'code')}\n"
                for n, each in block
            )
            variables = self._variables()
            subprocess.run(["bash", "-c", script], cwd=self.folder, env=variables, check=True)
        return [
            (int(self._at(n, "code").read_text()), self._at(n, "out").read_text())
            for n in range(len(asked))
        ]

    def prepare(self) -> None:
        """Writes what pages speak of, and the command as it is called in a clone and out."""
        shutil.copytree(REPOSITORY / "examples", self.folder / "examples")
        (self.folder / "shared").symlink_to(REPOSITORY / "shared")
        for folder in ("", "posts/", "blog/posts/", "archive/posts/", "my-blog/posts/"):
            _write(self.folder / folder / "hello.md", markdown("Hello", slug="hello-of-all"))
        _write(self.folder / "blog" / "site.yaml", "title: Harbour\n")
        (self.folder / "blog" / "theme").mkdir()
        program = f"#!{sys.executable}\nfrom presswork_cli.__main__ import main\nmain()\n"
        for name in ("bin/presswork", ".venv/bin/presswork"):
            _write(self.folder / name, program)
            (self.folder / name).chmod(0o755)

    def _at(self, number: int, kind: str) -> Path:
        return self.folder.parent / f"{number}.{kind}"

    def _placed(self, command: str) -> str:
        cloud = self.local.cloud
        outputs = cloud.outputs.model_dump()
        here = command.replace("http://127.0.0.1:4566", cloud.record.endpoint)
        return _PLACE.sub(lambda found: outputs.get(found[1], found[0]), here)

    def _variables(self) -> dict[str, str]:
        record = self.local.cloud.record
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return kept | {
            "AWS_ACCESS_KEY_ID": record.access_key,
            "AWS_ENDPOINT_URL": record.endpoint,
            "AWS_REGION": REGION,
            "AWS_SECRET_ACCESS_KEY": record.secret_key,
            "BROWSER": "true",
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PRESSWORK_STATE": str(self.local.layout.state),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", HELD)
def test_each_page_that_is_held_elsewhere_is_one(name: str) -> None:
    """It is there, and so is the test that runs its commands."""
    assert any(page.name == name for page in PAGES)
    assert (REPOSITORY / HELD[name].partition(" ")[0]).is_file()


@pytest.mark.parametrize("begin", [*NOT_RUN, *NOT_COMPARED, *CODES])
def test_each_exception_is_one(begin: str) -> None:
    """No command is excepted that no page has."""
    assert any(re.match(begin, command.text) for command in ALL)


@pytest.mark.parametrize("program", ["aws", "curl", "jq"])
def test_each_program_of_an_operator_is_here(program: str) -> None:
    """What the pages call beside Presswork is installed: `pip install awscli`, `apt install jq`."""
    assert shutil.which(program), f"{program} is not on the PATH"


def test_no_command_hides_another() -> None:
    """What a shell reads as the rest of a command is no command of the page."""
    assert not [each for each in ALL if re.search(r"\n(presswork|aws|curl) ", each.text)]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in HELD], ids=lambda page: page.name
)
def test_the_commands_of_a_page(local: Local, tmp_path: Path, page: Path) -> None:
    """Each ends as it should, and prints what the page quotes."""
    asked = [command for command in commands(page) if command.reason is None]
    shell = Shell(tmp_path / "here", local)
    shell.folder.mkdir()
    shell.prepare()
    wrong = []
    for command, (code, found) in zip(asked, shell.run(asked), strict=True):
        if code != command.code or not printed(command.quoted, found):
            quoted = "\n".join(command.printed)
            wrong.append(
                f"{page.name}:{command.line}: {command.text}\nexit {code}\n{found}\n--\n{quoted}"
            )
    assert not wrong, "\n\n".join(wrong)


def test_what_is_run_and_what_is_not() -> None:
    """Prints how many commands are run, and the others with their reasons."""
    left = [command for command in ALL if command.reason is not None]
    for page, reason in HELD.items():
        print(f"{page}: {reason}")
    for command in left:
        if command.page.name not in HELD:
            where = f"{command.page.name}:{command.line}"
            print(f"{where}: {command.text.splitlines()[0]}: {command.reason}")
    print(f"{len(ALL) - len(left)} of {len(ALL)} commands are run")
    assert len(ALL) > len(left)
