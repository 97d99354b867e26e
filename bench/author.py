"""Measures what an author waits for: `python bench/author.py`, by the local verbs and by AWS's.

A post, a folder of nine with one that is broken, and the folder again. Verbs of AWS are led to the
local cloud by an endpoint, and find the stack as they would there. It works where `local.py` does.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import local

CODE = {"PYTHONPATH": os.pathsep.join([str(local.PLACE / "shared"), str(local.PLACE / "cli")])}
BROKEN = "---\ntitle: Broken\ndate: 2025-02-30\n---\n\nWords.\n"


def to_aws() -> dict[str, str]:
    """The environment by which the verbs of AWS reach the local cloud."""
    _, _, answer = local.presswork("status", "--json")
    done = subprocess.run(
        [sys.executable, "-m", "presswork_cli", "local", "env", "--credentials"],
        cwd=local.PLACE,
        env=os.environ | CODE,
        check=True,
        capture_output=True,
        text=True,
    )
    credentials = dict(each.split("=", 1) for each in done.stdout.split())
    return credentials | {"AWS_ENDPOINT_URL": answer["endpoint"], "AWS_REGION": answer["region"]}


def waited(name: str, command: Sequence[str], environment: dict[str, str]) -> None:
    """A row: seconds, how many links and cures are the answer, and its last line."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - runs this repository's own command
        [sys.executable, "-m", "presswork_cli", *command],
        cwd=local.PLACE,
        env=os.environ | CODE | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    links = sum("http://" in line for line in done.stdout.splitlines())
    cures = sum("fix: " in line for line in done.stdout.splitlines())
    last = done.stdout.strip().splitlines()[-1:] or done.stderr.strip().splitlines()[-1:]
    print(f"{name:34}{seconds:>6.1f} s  {links} links  {cures} cures   {last[0]}", flush=True)


def folder(name: str) -> Path:
    """Eight posts, and one that is broken."""
    posts = [Path(file) for file in local.write(name, 8)]
    (posts[0].parent / "broken.md").write_text(BROKEN)
    return posts[0].parents[1]


def main() -> None:
    """The same by both ways."""
    local.prepare()
    local.presswork("down", "--wipe")
    local.presswork("up", "--json")
    try:
        for way, verb, environment in (("local", ["local"], {}), ("as on AWS", [], to_aws())):
            one = local.write(f"one{len(verb)}", 1)
            waited(f"{way}: publish POST", [*verb, "publish", *one], environment)
            many = str(folder(f"many{len(verb)}"))
            for what in ("sync FOLDER", "sync FOLDER again"):
                waited(
                    f"{way}: {what}", [*verb, "sync", many, "--name", Path(many).name], environment
                )
    finally:
        local.presswork("down")


if __name__ == "__main__":
    main()
