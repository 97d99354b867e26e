"""What posts refer to that readers will not find: other sources, pages, files of the author."""

import os
import posixpath
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from html import unescape
from itertools import product
from pathlib import Path
from typing import NamedTuple, Protocol
from unicodedata import normalize
from urllib.parse import unquote, urljoin, urlsplit

from presswork.content import links
from presswork.content.own_files import keys_of as keys_of_file
from presswork.content.own_files import own_files
from presswork.post import LinkTarget, Post, PostWarning
from presswork.site_keys import Owner, canonical, key_of, keys_of, owner
from presswork_cli.offline.claims import Claimant, Outcome
from presswork_cli.offline.links import Linkable, Targets

_LINK = re.compile(r'<a\b[^>]*? href="([^"]*)"')

_BEFORE = (r"""(?:\]\(<?|\]:\s?|\[\[|=\s?["']?)\s?""", r":\s", r"(?<![\w/.-])")
"""What stands before an address: of a link, a note or an attribute; of a key; of any word."""


class Lost(NamedTuple):
    """A reference in vain: how it is spelled, and what is to be said of it."""

    sign: str
    rule: str
    message: str
    fix: str


class Referring(NamedTuple):
    """What a post refers to, by its text alone: sources, other addresses of the site, own files.

    `sources` has the handles of each source by its address, `own` the canonical URLs of files.
    """

    key: str
    path: str
    cover: str | None
    sources: Mapping[str, Sequence[str]]
    addresses: Sequence[str]
    own: Mapping[str, str]

    @classmethod
    def of(cls, post: Post, key: str) -> "Referring":
        """What a post refers to whose source has this key."""
        own = {address: ref.url for address, ref in own_files(post, key).items()}
        linked = links.sources_linked(post.html, key)
        hrefs = dict.fromkeys(map(unescape, _LINK.findall(post.html)))
        addresses = [
            href
            for href in hrefs
            if href not in own and href not in linked and not href.startswith("#")
            if links.is_source(href, key) or path_on_site(href, post.path) is not None
        ]
        return cls(key, post.path, post.cover, linked, addresses, own)


class Referred(Linkable, Claimant, Protocol):
    """A source that others may refer to."""


Others = Callable[[], Iterable[Referred]]


class References:
    """What stands in one content folder, for the posts in it to refer to.

    `sources` are the files that were asked for. Only when they do not have what a post refers to is
    the whole folder read: `others` gives the rest. `redirects` are the paths that the settings lead
    on.
    """

    def __init__(
        self, root: Path, redirects: Container[str], sources: Sequence[Referred], others: Others
    ) -> None:
        self._root = root
        self._redirects = redirects
        self._sources = sources
        self._others = others

    def lost(self, post: Referring) -> Iterator[Lost]:
        """What a post refers to in vain."""
        for kind in (self._lost_sources, self._lost_pages, self._lost_files):
            yield from kind(post)

    def _lost_sources(self, post: Referring) -> Iterator[Lost]:
        for address, handles in post.sources.items():
            target = links.chosen(handles, post.key, self._known)
            if target is None:
                yield Lost(
                    address,
                    "link-source",
                    f"The link to {_spelled(address)} leads to no post that readers see.",
                    "Correct the name, or publish the post; until then the words have no link.",
                )
            elif namesakes := self._namesakes(handles, post.key, target):
                yield Lost(
                    address,
                    "link-ambiguous",
                    f"The link to {_spelled(address)} may mean {target.source} or {namesakes}.",
                    f"Name the folder as well; now it leads to {target.source}.",
                )

    def _known(self, handle: str) -> Sequence[LinkTarget]:
        return self._targets(handle) or self._all_targets(handle)

    def _namesakes(self, handles: Sequence[str], key: str, target: LinkTarget) -> str:
        """Another post that nothing but its key tells from the one that was chosen."""

        def place(each: LinkTarget) -> tuple[bool, int, int]:
            is_beside = posixpath.dirname(each.source) == posixpath.dirname(key)
            return is_beside, *each.rank[:2]

        handle = next(each for each in handles if target in self._known(each))
        others = [each for each in self._known(handle) if each != target]
        alike = (each.source for each in others if place(each) == place(target))
        return next(alike, "") if handle.startswith("name:") else ""

    def _lost_pages(self, post: Referring) -> Iterator[Lost]:
        for href in post.addresses:
            if links.is_source(href, post.key):
                yield Lost(
                    href,
                    "link-source",
                    f"The link to {_spelled(href)} is one too many: its words have no link.",
                    f"A post may link to {links.MOST} sources, and {links.MOST_BYTES:,} bytes of "
                    "them; link to the pages of others.",
                )
                continue
            path = path_on_site(href, post.path)
            if path is not None and not self._is_page(path):
                yield Lost(
                    href,
                    "link-page",
                    f"The link to {href} leads to nothing on the site.",
                    "Correct the path, or make it an alias of the post that it meant.",
                )

    def _is_page(self, path: str) -> bool:
        path = canonical(path)
        return (
            owner(key_of(path)) is not Owner.CLAIM
            or path in self._paths
            or path in self._redirects
            or any(self._is_file(f"static/{key}") for key in keys_of(path))
            or path in self._other_paths
        )

    def _lost_files(self, post: Referring) -> Iterator[Lost]:
        for address, url in post.own.items():
            keys = keys_of_file(url)
            if any(map(self._is_file, keys)):
                continue
            name = keys[-1] if address == post.cover else unquote(address)
            message = f"The file {name} is not there."
            near = [each for each in map(self._spelled_otherwise, keys) if each]
            fix = (
                f"There is {near[0]}, spelled otherwise: take its very letters."
                if near
                else f"Put it at {keys[-1]}, or correct the name."
            )
            yield Lost(name, "file-missing", message, fix)

    def _is_file(self, key: str) -> bool:
        """Whether there is such a file; a folder without `posts/` has what would lie there."""
        return key in self._files or key.removeprefix("posts/") in self._files

    def _spelled_otherwise(self, key: str) -> str | None:
        """A file whose name differs in case or in the form of Unicode alone."""
        loose = self._loose
        return loose.get(_loosened(key)) or loose.get(_loosened(key.removeprefix("posts/")))

    @cached_property
    def _files(self) -> frozenset[str]:
        """The paths of all files below the folder."""
        files = filter(os.path.isfile, self._root.rglob("*"))
        return frozenset(path.relative_to(self._root).as_posix() for path in files)

    @cached_property
    def _loose(self) -> dict[str, str]:
        return {_loosened(name): name for name in sorted(self._files, reverse=True)}

    @cached_property
    def _rest(self) -> tuple[Referred, ...]:
        return tuple(self._others())

    @cached_property
    def _targets(self) -> Targets:
        return Targets(self._sources)

    @cached_property
    def _all_targets(self) -> Targets:
        return Targets((*self._sources, *self._rest))

    @cached_property
    def _paths(self) -> frozenset[str]:
        """The paths that the sources asked for need for themselves."""
        return frozenset(_claimed(self._sources))

    @cached_property
    def _other_paths(self) -> frozenset[str]:
        return frozenset(_claimed(self._rest))


def with_warnings(
    outcomes: Sequence[Outcome], references: References, text_of: Callable[[str], str]
) -> list[Outcome]:
    """The outcomes, each post with warnings of what it refers to in vain.

    `text_of` gives the source of a key, for the lines.
    """
    return [_warned(each, references, text_of) for each in outcomes]


def _warned(outcome: Outcome, references: References, text_of: Callable[[str], str]) -> Outcome:
    if outcome.parsed is None:
        return outcome
    lost = tuple(references.lost(Referring.of(outcome.parsed.post, outcome.key)))
    if not lost:
        return outcome
    text = text_of(outcome.key)
    told = tuple(warning(each, line_of(text, each.sign)) for each in lost)
    parsed = replace(outcome.parsed, warnings=(*outcome.parsed.warnings, *told))
    return replace(outcome, parsed=parsed)


def warning(lost: Lost, line: int | None) -> PostWarning:
    """What a reference in vain is told as, on this line."""
    return PostWarning(rule=lost.rule, line=line, message=lost.message, fix=lost.fix)


def _claimed(sources: Iterable[Claimant]) -> Iterator[str]:
    for source in sources:
        yield from source.claims


def path_on_site(href: str, page: str) -> str | None:
    """The path on this site that a link leads to; None for what is elsewhere, or no link."""
    try:
        parts = urlsplit(href)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        return unquote(urlsplit(urljoin(f"https://site.invalid{page}", href)).path)
    except ValueError:
        return None


def _loosened(name: str) -> str:
    return normalize("NFC", name).casefold()


def _spelled(address: str) -> str:
    """An address as an author writes it."""
    return unquote(address.removeprefix("@name:"))


def line_of(text: str, sign: str) -> int | None:
    """The line on which an address stands, as its author spelled it or as it was translated.

    Where one is written it is looked for first, then as a word of its own; in code last.
    """
    from presswork_cli.offline.losses import without_code  # noqa: PLC0415 - most refer to what is

    bare = re.split(r"[?#]", _spelled(sign).removeprefix("@/"), maxsplit=1)[0]
    spellings = dict.fromkeys((sign, unquote(sign), bare, posixpath.basename(bare)))
    words = [re.escape(spelling) for spelling in spellings if spelling]
    for source, before, word in product((without_code(text), text), _BEFORE, words):
        if found := re.search(rf"{before}{word}(?![\w-])", source):
            return source.count("\n", 0, found.end()) + 1
    return None
