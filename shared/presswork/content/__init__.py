"""What authors write, understood: bytes in, posts out, nothing else touched."""

from presswork.content.parsing import Parsed, parse
from presswork.content.paths import RESERVED
from presswork.content.site_file import settings
from presswork.content.source import MAX_BYTES, derived_id, is_page, is_post, may_be_post
from presswork.settings import Site

__all__ = [
    "MAX_BYTES",
    "RESERVED",
    "Parsed",
    "Site",
    "derived_id",
    "is_page",
    "is_post",
    "may_be_post",
    "parse",
    "settings",
]
