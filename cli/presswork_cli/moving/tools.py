"""The tools that a blog may come from, each with the importer that reads what it wrote.

An importer is a module of `moving` with one function, `read(path: Path) -> Blog`. It writes
nothing, runs nothing of what it reads, and raises Failure for what is no blog of its tool.
"""

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from presswork_cli.moving.blog import Blog

Reader = Callable[[Path], Blog]


class Tool(StrEnum):
    """A tool that a blog may come from."""

    HEXO = "hexo"
    JEKYLL = "jekyll"
    HUGO = "hugo"
    PELICAN = "pelican"
    WORDPRESS = "wordpress"
    GHOST = "ghost"


def reader(tool: Tool) -> Reader:
    """The importer of a tool; it is loaded when it is asked for."""
    found: Reader = import_module(f"presswork_cli.moving.{tool.value}").read
    return found
