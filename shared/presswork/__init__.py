"""Presswork turns a bucket into a publication."""

__version__ = "0.1.0"
