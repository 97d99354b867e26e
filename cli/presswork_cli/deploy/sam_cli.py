"""The SAM CLI: found, and run with what it prints going to standard error."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from presswork_cli.failure import Exit, Failure
from presswork_cli.local import bytecode, environments
from presswork_cli.local.layout import Layout

BUILD = Path(".aws-sam") / "build"
"""Where SAM puts what it builds, below the folder that it runs in."""

RUNTIMES = ("python3.13", "python3.12")
"""What Lambda may run the functions with: `sam build` wants the same one here."""

_STDERR = 2


@dataclass(frozen=True)
class Sam:
    """The SAM CLI, for a stack in one region."""

    program: Path
    region: str
    profile: str | None = None
    endpoint: str | None = None

    @classmethod
    def found(
        cls, layout: Layout, region: str, profile: str | None = None, endpoint: str | None = None
    ) -> Self:
        """The locked one, else that on the PATH; Failure where there is none."""
        environments.ready(layout, "sam")
        return cls(program(layout), region, profile, endpoint)

    def build(self, template: Path, parameters: Mapping[str, str]) -> None:
        """Builds functions and layer, and adds bytecode: a cold start takes half the CPU time."""
        runtime = parameters["PythonRuntime"]
        chosen = {name: parameters[name] for name in ("Architecture", "PythonRuntime")}
        options = ["--template-file", str(template), "--build-dir", str(BUILD), "--cached"]
        self._run("build", [*options, *_overrides(chosen)])
        compiled = subprocess.run(  # noqa: S603 - a Python that was found, and our own script
            [runtime, bytecode.__file__, str(BUILD)], stdout=_STDERR, check=False, env=_clean()
        )
        if compiled.returncode != 0:
            raise Failure("what was built is no Python: see above", Exit.NO_CLOUD)

    def deploy(self, stack: str, parameters: Mapping[str, str], config: Path, *, yes: bool) -> None:
        """Shows the changes and makes them, once somebody says yes; the answers are kept."""
        options = [
            *("--template-file", str(BUILD / "template.yaml"), "--stack-name", stack),
            *("--capabilities", "CAPABILITY_IAM", "--resolve-s3", "--confirm-changeset"),
            *("--no-fail-on-empty-changeset", "--config-file", str(config), "--save-params"),
        ]
        # The file says that changes are confirmed, whoever confirmed these.
        self._run("deploy", [*options, *self._where(), *_overrides(parameters)], yes=yes)

    def delete(self, stack: str) -> None:
        """Takes the stack away."""
        self._run("delete", ["--stack-name", stack, "--no-prompts", *self._where()])

    def _where(self) -> list[str]:
        profile = ["--profile", self.profile] if self.profile else []
        return ["--region", self.region, *profile]

    def _run(self, verb: str, arguments: Sequence[str], *, yes: bool = False) -> None:
        endpoint = {"AWS_ENDPOINT_URL": self.endpoint} if self.endpoint else {}
        done = subprocess.run(  # noqa: S603 - the program that was looked for
            [self.program, verb, *arguments],
            env=_clean() | endpoint,
            input=b"y\n" if yes else None,
            stdout=_STDERR,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(
                f"`sam {verb}` failed, and said why above: mend that and give the command again",
                Exit.NO_CLOUD,
            )


def program(layout: Layout) -> Path:
    """Where the SAM CLI is."""
    try:
        return layout.sam
    except Failure as missing:
        on_path = shutil.which("sam")
        if on_path is None:
            raise Failure(
                "the SAM CLI is not here, by which the stack is made: install it with `pipx "
                f"install aws-sam-cli`, or so: {missing.message}",
                Exit.NO_CLOUD,
            ) from missing
        return Path(on_path)


def runtime(wanted: str | None) -> str:
    """The Python to build for: the one that is wanted, else the newest that is here."""
    for name in [wanted] if wanted else RUNTIMES:
        if _runs(name):
            return name
    raise Failure(
        f"{wanted or ' or '.join(RUNTIMES)} is not on the PATH, for which the functions are "
        "built: install it, or name another that Lambda has: --parameter PythonRuntime=python3.12",
        Exit.NO_CLOUD,
    )


def _runs(name: str) -> bool:
    """Whether a Python of that name runs here; a version manager may have a name for none."""
    if shutil.which(name) is None:
        return False
    asked = [name, "-c", "import pip"]
    done = subprocess.run(asked, capture_output=True, check=False, env=_clean())  # noqa: S603
    return done.returncode == 0


def _overrides(parameters: Mapping[str, str]) -> list[str]:
    """Every parameter, in quotes also when empty: one left away would keep its last value."""
    return [
        "--parameter-overrides",
        *(f'{name}="{value}"' for name, value in parameters.items()),
    ]


def _clean() -> dict[str, str]:
    """The environment without what makes another Python out of this one's."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") and name != "VIRTUAL_ENV"
    }
    return kept | {"SAM_CLI_TELEMETRY": "0"}
