"""The first hour on a clean Debian: time, CPU time and disk of each way in, on Docker.

Debian's smallest system is put up by debootstrap with Python, pipx, git and make, as an image. Each
run is a container of its own, whose user has an empty home. Needs root, Docker and debootstrap:

    python tests/clean_machine.py dist/presswork-*.whl --runs 3
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from first_hour import KEPT

REPOSITORY = Path(__file__).parents[1]
SUITE = "bookworm"
IMAGE = f"presswork-clean:{SUITE}"
PACKAGES = "ca-certificates,git,make,pipx,python3,python3-venv"
USER = "me"

FILES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
"""Which of the settings of pip and uv name a file: the container gets it as well."""

READ = """
import re, time, urllib.request
def page(path):
    for _ in range(600):
        try:
            return urllib.request.urlopen("http://127.0.0.1:8000" + path).read().decode()
        except OSError:
            time.sleep(0.05)
(post,) = set(re.findall(r'href="[^"]*?(/\\d{4}/\\d\\d/hello/)"', page("/")))
assert "<h1" in page(post) and "hello" in page(post).lower()
"""
"""Reads the page of the first post from home, once something serves it: `read.py` there."""

FIRST_POST = (
    ("new site", "{presswork} new site my-blog --title 'My blog'"),
    ("check", "{presswork} check my-blog"),
    (
        "serve",
        "{presswork} serve my-blog >served 2>&1 & python3 read.py; code=$?; kill %1; exit $code",
    ),
)

CPU = """
cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null ||
  while read -r what value; do
    if [ "$what" = usage_usec ]; then echo "${value}000"; fi
  done </sys/fs/cgroup/cpu.stat
"""
"""Prints the nanoseconds by either version of Linux's control groups."""

Way = Sequence[tuple[str, str]]
Took = dict[tuple[str, str], float]


def ways(wheel: str) -> Mapping[str, Way]:
    """What somebody types, by each way in, with a name for each step."""

    def first_post(presswork: str) -> Way:
        return [(name, command.format(presswork=presswork)) for name, command in FIRST_POST]

    return {
        "pipx": [("install", f"pipx install /given/{wheel}"), *first_post("presswork")],
        "uvx": [("uv", "pipx install uv"), *first_post(f"uvx --from /given/{wheel} presswork")],
        "clone": [
            ("clone", "git clone --quiet /given/presswork.bundle presswork"),
            ("make tools", "make -C presswork tools"),
            ("make demo", "make -C presswork demo ONCE=1"),
        ],
    }


def docker(*words: str, timeout: int = 1800) -> str:
    """What a command of Docker prints; ends the program where it fails."""
    done = subprocess.run(
        ["docker", *words],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=timeout,
    )
    if done.returncode != 0:
        sys.exit(f"docker {' '.join(words)}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def make_image() -> None:
    """Makes the image of the clean machine, unless it is there."""
    if docker("image", "ls", "--quiet", IMAGE):
        return
    with tempfile.TemporaryDirectory() as root:
        make = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, root]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["chroot", root, "useradd", "-m", "-s", "/bin/bash", USER], check=True)
        packed = subprocess.Popen(["tar", "-C", root, "-c", "."], stdout=subprocess.PIPE)
        subprocess.run(["docker", "import", "-", IMAGE], stdin=packed.stdout, check=True)


def settings() -> Iterator[str]:
    """Docker's options, by which the container reaches the packages that this machine reaches."""
    for name, value in os.environ.items():
        if name.startswith(KEPT):
            yield f"--env={name}={value}"
    for file in {os.environ[name] for name in FILES if name in os.environ}:
        yield f"--volume={file}:{file}:ro"


@contextmanager
def machine(given: Path) -> Iterator[str]:
    """A clean machine, with what it is given to install."""
    name = docker(
        "run", "--detach", f"--volume={given}:/given:ro", *settings(), IMAGE, "sleep", "infinity"
    ).strip()
    try:
        yield name
    finally:
        docker("rm", "--force", name)


def cpu(name: str) -> float:
    """The seconds that the processors have worked for a machine: others do not slow these."""
    return int(docker("exec", name, "bash", "-c", CPU)) / 1e9


def walk(name: str, way: Way) -> Took:
    """How long each step takes, and what the home holds at the end."""
    home = f"/home/{USER}"
    typed = ["exec", f"--user={USER}", f"--workdir={home}", f"--env=HOME={home}"]
    path = f"--env=PATH={home}/.local/bin:/usr/local/bin:/usr/bin:/bin"
    docker(*typed, name, "cp", "/given/read.py", ".")
    took: Took = {}
    for step, command in way:
        began, worked = time.monotonic(), cpu(name)
        docker(*typed, path, name, "bash", "-mc", command)
        took[step, "s"] = time.monotonic() - began
        took[step, "s of CPU"] = cpu(name) - worked
    for what, folder in (("home", home), ("of it caches", f"{home}/.cache")):
        script = f"mkdir -p {folder}; du --summarize --block-size=1M {folder}"
        took[what, "MB"] = float(docker(*typed, name, "bash", "-c", script).split()[0])
    return took


def main() -> None:
    """Walks each way as often as asked, and prints the medians."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("wheel", type=Path)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--ways", nargs="+", default=["pipx", "uvx", "clone"])
    said = asked.parse_args()
    make_image()
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder)
        given.chmod(0o755)
        (given / said.wheel.name).write_bytes(said.wheel.read_bytes())
        (given / "read.py").write_text(READ)
        bundle = ["git", "-C", str(REPOSITORY), "bundle", "create", "--quiet"]
        subprocess.run([*bundle, str(given / "presswork.bundle"), "HEAD"], check=True)
        for name in said.ways:
            way = ways(said.wheel.name)[name]
            print(f"{name}, median of {said.runs}: {measure(given, way, said.runs)}", flush=True)


def measure(given: Path, way: Way, runs: int) -> str:
    """The medians of several runs, each on a clean machine of its own."""
    took = []
    for _ in range(runs):
        with machine(given) as name:
            took.append(walk(name, way))
        print(f"  {_told(took[-1])}", flush=True)
    return _told({what: median(run[what] for run in took) for what in took[0]})


def _told(took: Took) -> str:
    return ", ".join(f"{what} {value:.1f} {unit}" for (what, unit), value in took.items())


if __name__ == "__main__":
    main()
