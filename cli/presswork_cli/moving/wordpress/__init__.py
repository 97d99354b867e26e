"""Blogs of WordPress: their export in WXR."""

from presswork_cli.moving.wordpress.reading import read

__all__ = ["read"]
