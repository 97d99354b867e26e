"""Links between sources: which source an address in a post means, by its handles; pure.

An author links to a file, readers follow a link to its page. A handle is a name that a source may
be known by: `key:posts/sea`, its key without the suffix, or `name:sea`, small letters in NFC. Three
forms of addresses mean a source: a file of Markdown (`../b.md`, `/posts/b.md`), `@/b`, from the
root of the content as Zola has it, and `@name:b`, wherever a file of this name is.
"""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from unicodedata import normalize
from urllib.parse import quote, unquote

from presswork.content.front_matter.dates import without_date
from presswork.content.html.images import is_relative
from presswork.content.source import stem
from presswork.patterns import late
from presswork.post import LinkTarget, Post
from presswork.slugs import slugify

Targets = Callable[[str], Sequence[LinkTarget]]
"""The posts that are known by a handle, in the order of their rank."""

MOST = 300
"""How many of the sources that a post links to are looked for."""
MOST_BYTES = 64_000
"""How long their addresses and handles may be together: they are state of the post."""
LONGEST = 1_030
"""Bytes of the longest handle: a key of S3 has at most 1,024."""

_MOST_NAMES = 6
_ROOTED, _NAMED = "@/", "@name:"
_FOLDERS = ("posts/", "pages/")
_MARKDOWN = (".md", ".markdown")
_STAND_FOR_FOLDER = ("index", "_index")
# HTML as nh3 writes it: attribute values in double quotes, no link inside another.
_ATTRIBUTE = r'\s++(?!href=)[^\s"=<>/]++(?:="[^"]*+")?+'
_LINK = late(
    rf"""<a(?P<before>(?:{_ATTRIBUTE})*+)\s++href="(?P<href>[^"]*+)"
        (?P<after>(?:{_ATTRIBUTE})*+)\s*+>(?P<words>.*?)</a>""",
    re.DOTALL | re.VERBOSE,
)


def sources_linked(html: str, key: str) -> dict[str, tuple[str, ...]]:
    """The handles of each source that a text links to, best first, by the address in its HTML."""
    found: dict[str, tuple[str, ...]] = {}
    room = MOST_BYTES
    for link in _LINK.finditer(html):
        address = unescape(link["href"])
        handles = _handles(address, key)
        if not handles or address in found:
            continue
        room -= sum(len(each.encode()) for each in (address, *handles))
        if room < 0 or len(found) == MOST:
            break
        found[address] = handles
    return found


def is_source(address: str, key: str) -> bool:
    """Whether an address of the source `key` means a source, and no page or other file."""
    return bool(_handles(address, key))


def handles_of(key: str, post: Post) -> tuple[str, ...]:
    """What a source is known by: its key, its file's name or its folder's, its title and such."""
    bare = _bare(key)
    name = posixpath.basename(bare)
    others = post.extra.get("aliases", ())
    names = [name, without_date(name), post.title, *(others if isinstance(others, list) else ())]
    known = dict.fromkeys(handle for each in names for handle in _by_name(str(each)))
    return (*_by_keys([bare]), *list(known)[:_MOST_NAMES])


def chosen(handles: Sequence[str], key: str, targets: Targets) -> LinkTarget | None:
    """The post that a link of the source `key` leads to: the first that is known by a handle.

    `targets` are those of a handle in their order; one in the same folder comes first.
    """
    for handle in handles:
        found = targets(handle)
        beside = [
            each for each in found if posixpath.dirname(each.source) == posixpath.dirname(key)
        ]
        for target in (*beside, *found):
            return target
    return None


def addresses(linked: Mapping[str, Sequence[str]], key: str, targets: Targets) -> dict[str, str]:
    """Where the links of the source `key` lead, by the address in its HTML, as far as any is known.

    Each is a percent-encoded reference from the site's root, with the fragment that the link has;
    together they are no longer than `MOST_BYTES`.
    """
    found: dict[str, str] = {}
    room = MOST_BYTES
    for address, handles in linked.items():
        target = chosen(handles, key, targets)
        reference = _reference(target.path, address) if target else ""
        room -= len(reference)
        if reference and room >= 0:
            found[address] = reference
    return found


def _reference(path: str, address: str) -> str:
    """Of a part of a note Obsidian gives the heading's words; its block ids are on no page."""
    fragment = unquote(address.partition("#")[2])
    if address.startswith(_NAMED):
        fragment = "" if fragment.startswith("^") else slugify(fragment)
    return quote(path) + (f"#{quote(fragment)}" if fragment else "")


def with_addresses(html: str, key: str, addresses: Mapping[str, str]) -> str:
    """The text whose links to sources lead to pages; where nothing is known, the words alone stay.

    `addresses` are percent-encoded references, by the address that the text has.
    """

    def lead(link: re.Match[str]) -> str:
        address = unescape(link["href"])
        if not _handles(address, key):
            return link[0]
        if address not in addresses:
            return link["words"]
        href = escape(addresses[address])
        return f'<a{link["before"]} href="{href}"{link["after"]}>{link["words"]}</a>'

    return _LINK.sub(lead, html)


def _handles(address: str, key: str) -> tuple[str, ...]:
    if address.startswith(_NAMED):
        return _named(unquote(address.removeprefix(_NAMED).partition("#")[0]))
    if not is_relative(address):
        return ()
    path = unquote(re.split(r"[?#]", address, maxsplit=1)[0])
    if path.startswith(_ROOTED):
        return _rooted(path.removeprefix(_ROOTED), key)
    if not path.lower().endswith(_MARKDOWN):
        return ()
    if path.startswith("/"):
        return _keys(_below_folders(path.strip("/")))
    return _keys([posixpath.join(posixpath.dirname(key), path)])


def _rooted(path: str, key: str) -> tuple[str, ...]:
    """From the root of the content; else beside the source, else by its name alone."""
    bare = path.strip("/")
    beside = posixpath.join(posixpath.dirname(key), bare)
    return (*_keys([*_below_folders(bare), beside]), *_named(posixpath.basename(_bare(bare))))


def _named(path: str) -> tuple[str, ...]:
    """By a name, or, with a folder before it, by a key."""
    keys = _keys(_below_folders(path)) if "/" in path else ()
    return (*keys, *_by_name(posixpath.basename(_bare(path))))


def _below_folders(path: str) -> list[str]:
    """The keys that a path from the root of the content may mean."""
    return [path] if path.startswith(_FOLDERS) else [folder + path for folder in _FOLDERS]


def _keys(keys: Sequence[str]) -> tuple[str, ...]:
    bare = (_bare(posixpath.normpath(key)) for key in keys)
    return _by_keys([key for key in bare if key.startswith(_FOLDERS)])


def _by_keys(bare: Sequence[str]) -> tuple[str, ...]:
    handles = dict.fromkeys(f"key:{key}" for key in bare)
    return tuple(handle for handle in handles if len(handle.encode()) <= LONGEST)


def _by_name(name: str) -> tuple[str, ...]:
    folded = " ".join(normalize("NFC", name).casefold().split())
    handle = f"name:{folded}"
    return (handle,) if folded and len(handle.encode()) <= LONGEST else ()


def _bare(key: str) -> str:
    """A key in NFC without its suffix; a file named `index` is its folder."""
    folder, _, _ = (key := normalize("NFC", key)).rpartition("/")
    name = stem(key)
    return folder if name in _STAND_FOR_FOLDER and folder else posixpath.join(folder, name)
