"""Where links may lead: harmless schemes are kept, and of others the address is told."""

import re
from collections.abc import Iterable
from html import unescape

from presswork.content.html.allowed import SCHEMES
from presswork.content.repair_log import RepairLog
from presswork.patterns import late

_SCHEME = late(r"[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.-]*+):")
_UNREAD = late(r"[\t\n\r]")
"""What browsers pass over in an address (URL Standard, 4.4)."""
_OTHERS = late(
    rf'<a href="(?!(?:{"|".join(sorted(SCHEMES))}):)([a-zA-Z][a-zA-Z0-9+.-]*+:[^"]*+)"',
    re.IGNORECASE,
)
_LONGEST = 200


def warn_of_lost(addresses: Iterable[str], log: RepairLog) -> None:
    """Tells of each link whose address sanitising takes away; its words stay."""
    for address in addresses:
        _warn(address, log)


def others(html: str) -> list[str]:
    """The addresses of other schemes in HTML that only our own Markdown made."""
    return [unescape(address) for address in _OTHERS.findall(html)]


def scheme_of(address: str) -> str:
    """The scheme of an address as a browser reads it, in small letters; empty without one."""
    found = _SCHEME.match(_UNREAD.sub("", address))
    return found[1].lower() if found else ""


def _warn(address: str, log: RepairLog) -> None:
    scheme = scheme_of(address)
    if not scheme or scheme in SCHEMES:
        return
    shown = address.strip()[:_LONGEST]
    log.add_warning(
        "link-scheme",
        f"The link to {shown!r} is left out: pages have no links of the kind {scheme}:",
        "Link to an https address, or write the address as text.",
        sign=shown[:40],
    )
