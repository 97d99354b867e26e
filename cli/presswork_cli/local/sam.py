"""`sam build` and `sam deploy`, against the local cloud, and what is done to what was built."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from presswork_cli.failure import Exit, Failure
from presswork_cli.local import bytecode
from presswork_cli.local.emulator import REGION, Record
from presswork_cli.local.layout import Layout
from presswork_cli.local.log_files import last_words
from presswork_cli.options import STACK

ARTIFACTS = "presswork-artifacts"
"""The bucket that `sam deploy` uploads to."""

_RELEVANT = re.compile(r"_FAILED|^Error|Error:|rror: ")
_RELEVANT_LINES = 12


def build(layout: Layout, record: Record, parameters: Mapping[str, str]) -> None:
    """Runs `sam build`; what has not changed since the last one comes from its cache."""
    run(layout, record, "build", _build_arguments(layout, parameters))
    if sys.platform != "linux":
        drop_linux_wheels(layout.build)


def deploy(layout: Layout, record: Record, parameters: Mapping[str, str]) -> None:
    """Runs `sam deploy`."""
    run(layout, record, "deploy", _deploy_arguments(layout, parameters))


def last_line(layout: Layout, verb: str) -> str:
    """What a verb that runs said last, in words."""
    return last_words(layout.log(verb))


def add_bytecode(python: Path | str, build: Path) -> None:
    """Compiles what was built, for the Python that will run it."""
    done = subprocess.run(  # noqa: S603 - runs this repository's own tools
        [str(python), bytecode.__file__, str(build)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"what was built is no Python:\n{done.stdout}{done.stderr}", Exit.NO_CLOUD)


def drop_linux_wheels(build: Path) -> None:
    """Takes the libraries out of what was built: the cloud's own environment has them for here.

    `sam build` fetches wheels for Lambda's Linux; the local cloud runs functions on this machine.
    """
    for folder in (build / "SharedLayer" / "python", build / "ImagesFunction"):
        for entry in folder.iterdir():
            if entry.name in ("presswork", "app.py"):
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def _build_arguments(layout: Layout, parameters: Mapping[str, str]) -> list[str]:
    return [
        "--template-file",
        str(layout.template),
        "--build-dir",
        str(layout.build),
        "--cache-dir",
        str(layout.state / "cache"),
        "--cached",
        *_overrides(parameters),
    ]


def _deploy_arguments(layout: Layout, parameters: Mapping[str, str]) -> list[str]:
    return [
        "--template-file",
        str(layout.build / "template.yaml"),
        "--stack-name",
        STACK,
        "--s3-bucket",
        ARTIFACTS,
        "--capabilities",
        "CAPABILITY_IAM",
        "CAPABILITY_AUTO_EXPAND",
        "--no-confirm-changeset",
        "--no-fail-on-empty-changeset",
        "--no-progressbar",
        *_overrides(parameters),
    ]


def _overrides(parameters: Mapping[str, str]) -> list[str]:
    """Every parameter, in quotes also when empty: one left away would keep its last value."""
    return [
        "--parameter-overrides",
        *(f'{name}="{value}"' for name, value in parameters.items()),
    ]


def run(layout: Layout, record: Record, verb: str, arguments: Sequence[str]) -> None:
    """Runs one verb of SAM CLI; raises Failure with what matters of its log."""
    config = layout.state / "samconfig.toml"  # the repository's own is for AWS
    config.write_text("version = 0.1\n")
    log = layout.log(verb)
    with log.open("w") as output:
        done = subprocess.run(  # noqa: S603 - runs this repository's own tools
            [layout.sam, verb, "--config-file", config, "--region", REGION, *arguments],
            cwd=layout.state,  # sam keeps its dependencies below the folder it runs in
            env=environment(layout, record),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise Failure(
            f"`sam {verb}` failed:\n{_relevant_lines(log)}\nThe whole log is {log}", Exit.NO_CLOUD
        )


def environment(layout: Layout, record: Record) -> dict[str, str]:
    """The caller's environment, for the settings of pip, without anything that points at AWS."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "SAM_CLI_", "PYTHON")) and name != "VIRTUAL_ENV"
    }
    path = [str(layout.pip.parent), str(layout.sam.parent), kept.get("PATH", os.defpath)]
    return kept | {
        "PATH": os.pathsep.join(path),
        "AWS_ENDPOINT_URL": record.endpoint,
        "AWS_ACCESS_KEY_ID": record.access_key,
        "AWS_SECRET_ACCESS_KEY": record.secret_key,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "1",
    }


def _relevant_lines(log: Path) -> str:
    lines = [line.rstrip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    relevant = [line for line in lines if _RELEVANT.search(line)] or lines
    return "\n".join(relevant[-_RELEVANT_LINES:])
