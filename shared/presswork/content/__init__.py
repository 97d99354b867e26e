"""What authors write, understood: bytes in, posts out, nothing else touched."""

from presswork.content.budget import CPU_SECONDS
from presswork.content.claims import (
    IN_A_RING,
    claim_held,
    claim_kept,
    claim_ring,
)
from presswork.content.parsing import Parsed, parse
from presswork.content.site_file import settings
from presswork.content.source import (
    MAX_BYTES,
    SUFFIXES,
    derived_id,
    is_page,
    is_post,
    may_be_post,
    why_skipped,
)
from presswork.content.static_files import (
    MAX_STATIC_BYTES,
    STATIC_CLAIMED,
    check_static_size,
    is_static,
    static_claimed,
    static_key,
    static_place,
)
from presswork.settings import Site

__all__ = [
    "CPU_SECONDS",
    "IN_A_RING",
    "MAX_BYTES",
    "MAX_STATIC_BYTES",
    "STATIC_CLAIMED",
    "SUFFIXES",
    "Parsed",
    "Site",
    "check_static_size",
    "claim_held",
    "claim_kept",
    "claim_ring",
    "derived_id",
    "is_page",
    "is_post",
    "is_static",
    "may_be_post",
    "parse",
    "settings",
    "static_claimed",
    "static_key",
    "static_place",
    "why_skipped",
]
