"""The first hour of somebody who installs the wheel, by each Python there is: `make first-hour`.

Nothing of the clone takes part: a folder, a home and an environment of its own, and the wheel.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from presswork import __version__

PYTHONS = ("3.11", "3.12", "3.13")
UV = Path(__file__).parents[1] / ".venvs" / "uv" / "bin" / "uv"

KEPT = ("PIP_", "UV_", "SSL_", "REQUESTS_", "HTTP", "NO_PROXY", "http", "no_proxy")
"""How the variables begin that say where packages come from; nothing else of ours is handed on."""

POST = "---\ntitle: Hello\ndate: 2026-05-04\n---\nThe first words.\n"
MISTAKE = "---\ntitle: Hello\ndate: 2026-02-30\n---\nNo such day.\n"


@dataclass
class User:
    """Somebody with a home, a folder for a site, and an environment with the wheel."""

    place: Path
    took: dict[str, float] = field(default_factory=dict)

    @property
    def site(self) -> Path:
        """The folder of the site; with a space, as people name theirs."""
        return self.place / "My Site"

    @property
    def programs(self) -> Path:
        """Where the installed command is."""
        return self.place / "installed" / "bin"

    @property
    def variables(self) -> Mapping[str, str]:
        """All that the commands are told."""
        caches = self.place.parent / "caches"
        kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
        return {"PIP_CACHE_DIR": str(caches / "pip"), "UV_CACHE_DIR": str(caches / "uv")} | {
            **kept,
            "HOME": str(self.place / "home"),
            "PATH": os.pathsep.join([str(self.programs), "/usr/local/bin:/usr/bin:/bin"]),
            "LANG": "C.UTF-8",
        }

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Notes how long something takes."""
        started = time.monotonic()
        yield
        self.took[what] = time.monotonic() - started

    def run(self, *command: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Runs a command in the site's folder, and sees that it ends as it should."""
        done = subprocess.run(
            command, cwd=self.site, env=self.variables, text=True, capture_output=True, check=False
        )
        if done.returncode != code:
            words = " ".join(map(str, command))
            sys.exit(f"{words}: exit {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
        return done

    def answer(self, *arguments: str) -> dict[str, Any]:
        """What `presswork … --json` answers."""
        answer: dict[str, Any] = json.loads(self.run("presswork", *arguments, "--json").stdout)
        return answer


def expect(what: object, wanted: object) -> None:
    """Ends the hour where something is not as it should be."""
    if what != wanted:
        sys.exit(f"{what!r} is not {wanted!r}")


def look(url: str) -> str:
    """A page of the local cloud, which Python does not find by its name."""
    parts = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", parts.port or 80, timeout=30)
    connection.request("GET", parts.path, headers={"Host": parts.netloc})
    response = connection.getresponse()
    expect(response.status, 200)
    return response.read().decode()


def without_cloud(user: User, wheel: Path, python: str) -> None:
    """Installs the wheel, and does what needs no cloud."""
    with user.timed("install"):
        user.run(python, "-m", "venv", user.programs.parent)
        user.run(user.programs / "pip", "install", "--quiet", wheel)
    expect(user.run("presswork", "--version").stdout, f"presswork {__version__}\n")
    asked = ("env", "_PRESSWORK_COMPLETE=complete_bash", "COMP_WORDS=presswork che", "COMP_CWORD=1")
    expect(user.run(*asked, "presswork").stdout.strip(), "check")
    with user.timed("check"):
        user.run("presswork", "check", "hello.md")
    expect("posts/mistake.md:3:1" in user.run("presswork", "check", ".", code=1).stdout, True)
    (user.site / "posts" / "mistake.md").unlink()
    with user.timed("build"):
        user.run("presswork", "build", ".", "--out", user.place / "out")
    expect((user.place / "out" / "2026" / "05" / "hello" / "index.html").exists(), True)


def with_cloud(user: User) -> None:
    """Publishes a post on the local cloud, and looks at its page."""
    told = user.run(user.programs / "python", "-m", "presswork_cli", "local", "status", code=3)
    expect("`python -m presswork_cli local up`" in told.stderr, True)
    try:
        with user.timed("up"):
            user.answer("local", "up")
        with user.timed("publish"):
            (post,) = user.answer("local", "publish", "hello.md")["posts"]
        expect(post["status"], "live")
        expect("The first words." in look(post["url"]), True)
        with user.timed("up again"):
            user.answer("local", "up")
    finally:
        user.run("presswork", "local", "down")
    expect((user.site / ".presswork" / "cloud.json").exists(), True)


def disk(folder: Path) -> str:
    """What a folder takes."""
    blocks = sum(path.lstat().st_blocks for path in folder.rglob("*"))
    return f"{blocks * 512 / 2**20:.0f} MB"


def python_of(version: str) -> str | None:
    """A Python of this version that runs: on the PATH, or one of pyenv's."""
    name = f"python{version}"
    kept = (Path.home() / ".pyenv" / "versions").glob(f"{version}*/bin/{name}")
    for each in filter(None, (shutil.which(name), *map(str, kept))):
        done = subprocess.run([each, "-c", "import ensurepip"], capture_output=True, check=False)
        if done.returncode == 0:
            return each
    return None


def hour(place: Path, wheel: Path, python: str) -> User:
    """The first hour with one Python."""
    user = User(place)
    (user.site / "posts").mkdir(parents=True)
    (place / "home").mkdir()
    (user.site / "site.yaml").write_text("title: My Site\n")
    (user.site / "hello.md").write_text(POST)
    (user.site / "posts" / "mistake.md").write_text(MISTAKE)
    without_cloud(user, wheel, python)
    with_cloud(user)
    return user


def main(wheel: Path) -> None:
    """The hour with each Python there is, and once by `uvx`, which installs nothing."""
    place, user = Path(tempfile.mkdtemp(prefix="first-hour-")), None
    try:
        for version in PYTHONS:
            python = python_of(version)
            if python is None:
                print(f"Python {version}: not on this machine, not tried", flush=True)
                continue
            user = hour(place / version, wheel, python)
            took = ", ".join(f"{what} {seconds:.1f} s" for what, seconds in user.took.items())
            sizes = (
                f"installed {disk(user.programs.parent)}, tools {disk(place / version / 'home')}"
            )
            print(f"Python {version}: {took}; {sizes}, state {disk(user.site)}", flush=True)
        if user is None:
            sys.exit("no Python that Presswork runs on is on this machine")
        with user.timed("uvx"):
            user.run(UV, "tool", "run", "--from", wheel, "presswork", "check", "hello.md")
        print(f"uvx presswork check: {user.took['uvx']:.1f} s")
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
