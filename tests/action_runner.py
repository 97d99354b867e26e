"""The runner of GitHub Actions, as far as a composite action of `run` steps needs one.

It runs the steps of the file as they stand there, each by bash with its environment and its files.
What it obeys in a log is read as actions/runner reads it, in src/Runner.Common/ActionCommand.cs.
"""

import operator
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

REGISTERED = frozenset(
    {
        *("add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group"),
        *("notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands"),
        "warning",
    }
)
"""The commands that the runner knows, in src/Runner.Worker/ActionCommandManager.cs."""


@dataclass(frozen=True)
class Command:
    """What a line of a log has the runner do."""

    name: str
    data: str
    properties: dict[str, str] = field(default_factory=dict)


def commands(log: str) -> list[Command]:
    """All that a log has the runner do, line by line: .NET parts lines at CR, too."""
    return [found for line in re.split(r"\r\n|\r|\n", log) for found in _of_line(line)]


def _of_line(line: str) -> Iterator[Command]:
    stripped = line.lstrip()
    info, two, data = stripped[2:].partition("::")
    name, _, properties = info.partition(" ")
    if stripped.startswith("::") and two and name.lower() in REGISTERED:
        pairs = (each.partition("=") for each in properties.strip().split(","))
        given = {name: _unescaped(value, ":,") for name, is_pair, value in pairs if is_pair}
        yield Command(name, _unescaped(data), given)
        return
    _, begin, rest = line.partition("##[")
    info, end, data = rest.partition("]")
    if begin and end and info.partition(" ")[0].lower() in REGISTERED:
        yield Command(info.partition(" ")[0], data)


def _unescaped(text: str, more: str = "") -> str:
    for character in f"\r\n{more}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


@dataclass(frozen=True)
class Event:
    """What had a workflow run: its name, and the branch, tag or pull request it is about."""

    name: str
    ref: str = "refs/heads/main"
    default_branch: str = "main"

    @property
    def context(self) -> dict[str, Any]:
        """The context `github`."""
        repository = {"default_branch": self.default_branch}
        return {
            "event_name": self.name,
            "ref": self.ref,
            "repository": "you/blog",
            "event": {"repository": repository},
        }


@dataclass(frozen=True)
class Step:
    """A step that was run or was skipped."""

    name: str
    outcome: str
    log: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What became of an action: its steps, and the summary of the job."""

    steps: tuple[Step, ...]
    summary: str

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each step by its name."""
        return {step.name: step.outcome for step in self.steps}

    @property
    def conclusion(self) -> str:
        """Whether the job goes on."""
        return "failure" if "failure" in self.outcomes.values() else "success"

    @property
    def log(self) -> str:
        """All that was printed."""
        return "".join(step.log for step in self.steps)

    @property
    def commands(self) -> list[Command]:
        """What the runner was told to do."""
        return commands(self.log)


@dataclass(frozen=True)
class Runner:
    """A machine with a checked-out action and a checked-out repository.

    `environment` is what earlier steps of the job and the machine give each step.
    """

    action: Path
    workspace: Path
    temporary: Path
    environment: Mapping[str, str]

    def run(self, event: Event, **inputs: str) -> Run:
        """Runs the action for an event; an input that it does not have is a mistake."""
        described = yaml.safe_load((self.action / "action.yml").read_text(encoding="utf-8"))
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() <= described["inputs"].keys(), given
        defaults = {name: each["default"] for name, each in described["inputs"].items()}
        summary = self.temporary / "summary.md"
        summary.write_text("")
        steps: list[Step] = []
        ids: dict[str, Any] = {}
        for number, each in enumerate(described["runs"]["steps"]):
            context = {"github": event.context, "inputs": defaults | given, "steps": ids}
            failed = any(step.outcome == "failure" for step in steps)
            step = Step(each["name"], "skipped")
            if holds(each.get("if", ""), context, failed=failed):
                step = self._step(number, each, context, summary)
            steps.append(step)
            if "id" in each:
                ids[each["id"]] = {"outcome": step.outcome, "outputs": step.outputs}
        return Run(tuple(steps), summary.read_text(encoding="utf-8"))

    def _step(self, number: int, step: Mapping[str, Any], context: Any, summary: Path) -> Step:
        assert step["shell"] == "bash", step
        script, output = (self.temporary / f"{number}.{kind}" for kind in ("sh", "output"))
        script.write_text(filled(step["run"], context), encoding="utf-8")
        output.write_text("")
        done = subprocess.run(
            # as `shell: bash` is documented
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace,
            env={
                **self.environment,
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTION_PATH": str(self.action),
                "GITHUB_EVENT_NAME": context["github"]["event_name"],
                "GITHUB_OUTPUT": str(output),
                "GITHUB_REF": context["github"]["ref"],
                "GITHUB_STEP_SUMMARY": str(summary),
                "GITHUB_WORKSPACE": str(self.workspace),
                "RUNNER_TEMP": str(self.temporary),
                **{name: filled(value, context) for name, value in step.get("env", {}).items()},
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        lines = (line.partition("=") for line in output.read_text().splitlines())
        outputs = {name: value for name, _, value in lines}
        outcome = "failure" if done.returncode else "success"
        return Step(step["name"], outcome, done.stdout, outputs)


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    who = ["-c", "user.name=An author", "-c", "user.email=author@example.org"]
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@dataclass(frozen=True)
class Repository:
    """An author's clone of a repository, whose posts lie in a folder of it."""

    clone: Path
    folder: str

    @classmethod
    def at(cls, place: Path, folder: str) -> "Repository":
        """An empty one, with the origin that it is pushed to."""
        origin, clone = place / "origin", place / "clone"
        git(place, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
        git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")  # as GitHub has it
        git(place, "clone", "--quiet", origin.as_uri(), str(clone))
        git(clone, "checkout", "--quiet", "-B", "main")
        return cls(clone, folder)

    def write(self, **posts: str) -> None:
        """Writes posts, by their names."""
        for name, text in posts.items():
            path = self.clone / self.folder / f"{name}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    def push(self) -> str:
        """Commits all and pushes it; returns the commit."""
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "--message", "Words")
        git(self.clone, "push", "--quiet", "origin", "main")
        return git(self.clone, "rev-parse", "HEAD")

    def check_out(self, workspace: Path, commit: str = "main") -> None:
        """Makes a workspace of one commit alone, as actions/checkout does."""
        shutil.rmtree(workspace, ignore_errors=True)
        workspace.mkdir()
        git(workspace, "init", "--quiet")
        git(workspace, "remote", "add", "origin", git(self.clone, "remote", "get-url", "origin"))
        wanted = git(self.clone, "rev-parse", commit)
        git(workspace, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", wanted)
        git(workspace, "checkout", "--quiet", "--detach", wanted)


_IN_TEXT = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


def filled(text: str, context: Mapping[str, Any]) -> str:
    """A text with the values of its expressions."""
    return _IN_TEXT.sub(lambda found: str(Expression(found[1], context).value()), text)


def holds(condition: str, context: Mapping[str, Any], *, failed: bool) -> bool:
    """Whether a step is run: without a status function only while nothing failed."""
    found = _IN_TEXT.fullmatch(condition.strip())
    words = found[1] if found else condition
    if not re.search(r"\b(always|cancelled|failure|success)\(", words):
        words = f"success() && ({words})" if words.strip() else "success()"
    return bool(Expression(words, context, failed=failed).value())


class Expression:
    """An expression, as far as "Evaluate expressions in workflows and actions" tells of those here.

    Texts are compared whatever their case, and what a context does not have is empty.
    """

    _TOKEN = re.compile(r"\s*(&&|\|\||==|!=|[!(),]|'(?:[^']|'')*'|[\w.-]+)")

    def __init__(self, text: str, context: Mapping[str, Any], *, failed: bool = False) -> None:
        self._tokens = self._TOKEN.findall(text)
        assert "".join(self._tokens) == re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", text), text
        self._context, self._failed = context, failed

    def value(self) -> Any:
        """What it comes to."""
        value = self._or()
        assert not self._tokens, self._tokens
        return value

    def _or(self) -> Any:
        value = self._and()
        while self._take("||"):
            other = self._and()
            value = value or other
        return value

    def _and(self) -> Any:
        value = self._comparison()
        while self._take("&&"):
            other = self._comparison()
            value = other if value else value
        return value

    def _comparison(self) -> Any:
        value = self._one()
        for sign, compare in (("==", operator.eq), ("!=", operator.ne)):
            if self._take(sign):
                return compare(_folded(value), _folded(self._one()))
        return value

    def _one(self) -> Any:
        token = self._tokens.pop(0)
        if token == "!":
            return not self._one()
        if token == "(":
            value = self._or()
            assert self._take(")")
            return value
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self._take("("):
            return self._call(token, list(self._arguments()))
        found: Any = self._context
        for name in token.split("."):
            found = found.get(name, "") if isinstance(found, Mapping) else ""
        return found

    def _arguments(self) -> Iterator[Any]:
        while not self._take(")"):
            yield self._or()
            self._take(",")

    def _call(self, name: str, arguments: Sequence[Any]) -> Any:
        functions: dict[str, Callable[..., Any]] = {
            "always": lambda: True,
            "cancelled": lambda: False,
            "failure": lambda: self._failed,
            "format": lambda text, *values: text.format(*values),
            "success": lambda: not self._failed,
        }
        return functions[name](*arguments)

    def _take(self, token: str) -> bool:
        if self._tokens[:1] != [token]:
            return False
        self._tokens.pop(0)
        return True


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
