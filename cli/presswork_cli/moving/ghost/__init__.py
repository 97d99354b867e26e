"""Blogs of Ghost: their export in JSON."""

from presswork_cli.moving.ghost.reading import read

__all__ = ["read"]
