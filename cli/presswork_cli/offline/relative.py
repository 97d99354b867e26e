"""Pages fit for a folder: what stands from the site's root is named from the page instead.

A browser that opens a page from disk has no root but the disk's, and looks for no `index.html`. The
input is what the theme makes: attribute values in double quotes, `<` nowhere but in tags.
"""

import posixpath
import re
from collections.abc import Collection
from html import escape, unescape
from urllib.parse import quote, unquote, urlsplit

from presswork.site_keys import key_of

_TAG = re.compile(r'<[a-zA-Z][^\s<>"]*+(?:\s++[^\s"=<>]++(?:="[^"]*+")?+)*+\s*+/?+>')
_ATTRIBUTE = re.compile(r'([^\s"=<>]+)="([^"]*)"')
_REFERRING = frozenset({"href", "src", "srcset", "poster"})
_CANDIDATE = re.compile(r"[^\s,]\S*")


class Relative:
    """Rewrites pages of a site whose objects are `keys`.

    A path that is none of the keys leads to the site at `base_url`, or stays as it is without one.
    """

    def __init__(self, keys: Collection[str], base_url: str = "") -> None:
        self._keys = keys
        self._base_url = base_url

    def page(self, html: str, key: str) -> str:
        """The page that stands at a key."""
        return _TAG.sub(lambda tag: self._tag(tag[0], key), html)

    def _tag(self, tag: str, key: str) -> str:
        def rewritten(attribute: re.Match[str]) -> str:
            name, value = attribute[1], unescape(attribute[2])
            if name not in _REFERRING:
                return attribute[0]
            if name == "srcset":
                value = _CANDIDATE.sub(lambda url: self.reference(url[0], key), value)
            else:
                value = self.reference(value, key)
            return f'{name}="{escape(value)}"'

        return _ATTRIBUTE.sub(rewritten, tag)

    def reference(self, reference: str, key: str) -> str:
        """A reference as the page at `key` has to make it."""
        if not reference.startswith("/") or reference.startswith("//"):
            return reference
        parts = urlsplit(reference)
        target = key_of(unquote(parts.path))
        if target not in self._keys:
            return self._base_url + reference
        return _from(key, target) + (f"#{parts.fragment}" if parts.fragment else "")


def _from(key: str, target: str) -> str:
    return quote(posixpath.relpath(target, posixpath.dirname(key) or "."))
