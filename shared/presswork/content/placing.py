"""Where a post stands: its slug, its path, and the paths that it had before."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Self
from urllib.parse import unquote

from presswork.authority import source_of
from presswork.content.front_matter import vocabulary as keys
from presswork.content.front_matter.entries import Entry
from presswork.content.front_matter.fields import Fields
from presswork.content.paths import ERROR_PAGE, Permalink, alias_path, derived_path, wished_path
from presswork.content.repair_log import RepairLog
from presswork.content.source import folders_of, is_page, own_name, page_parts
from presswork.errors import Rejected
from presswork.patterns import late
from presswork.settings import Site
from presswork.slugs import (
    ascii_letters,
    ascii_slug,
    cut,
    is_of_a_machine,
    slugify,
    to_the_letter,
)

MOST_ALIASES = 20
"""All claims of a post are written in one transaction, and DynamoDB allows 100 items in one."""

_TEMPLATE = late(r"\{[{%]")
_URL_PATH = late(r"/(?!/)|[^/.:?#]+/")
"""What begins a `url` of the post itself: `/a`, `a/`; and none of a page elsewhere."""
_PERMALINK_STYLES = ("date", "pretty", "ordinal", "weekdate", "none")
"""Words by which Jekyll names ways to make a path: the site's own way is taken instead."""
_HASH_DIGITS = 12
_DEFAULT_PERMALINK = Site.model_fields["permalink"].default
"""A site with this one does not say where posts stood before; Hugo has them where files are."""


@dataclass(frozen=True)
class PostAddress:
    """Where a post stands: `slug` is the readable part of its `path`."""

    slug: str
    path: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class _Room:
    """What the paths that a post is `given`, and those that it wishes for, begin with."""

    given: str = "/"
    wished: str = "/"

    @classmethod
    def of(cls, key: str, site: Site) -> Self:
        """An author's post may stand anywhere; a webhook's may wish for what is its source's."""
        source = source_of(key)
        if source is None:
            return cls()
        own = site.sources[source].paths if source in site.sources else ""
        is_author = source in site.as_authors
        return cls(own or "/", own or ("/" if is_author else f"/hooks/{source}/"))

    def inside(self, path: str) -> str:
        """A path that a post is given, below what is its source's."""
        return path if path.startswith(self.given) else self.given + path.lstrip("/")


@dataclass(frozen=True)
class Named:
    """What a post is called, and what else its path can be made of."""

    key: str
    id: str
    title: str
    date: datetime
    categories: Sequence[Sequence[str]]


def place(
    fields: Fields, site: Site, post: Named, log: RepairLog, *, settled: str | None = None
) -> PostAddress:
    """Where a post stands: of the site's permalink for a post, of its key for a page.

    With a `settled` path no other is looked for: it was had, whatever was set since.
    """
    parts = [_letters(site, part) for part in page_parts(post.key)] if is_page(post.key) else []
    slugs = fields.peek(*keys.SLUG)
    named = log.visible(fields.text(*keys.SLUG) or "", slugs.line if slugs else None)
    asked = _letters(site, _decoded(named))
    if is_page(post.key) and asked:
        parts[-1:] = [asked]
    slug = asked or (parts[-1] if parts else _slug(site, post))
    room = _Room.of(post.key, site)
    wish = _wish(fields, log)
    if wish is not None and not _may_wish(wish, _permalink(site, post, slug), room, log):
        wish = None
    if settled is not None:
        path = settled
    elif is_page(post.key) and _is_error_page(wish, parts):
        path = ERROR_PAGE
    elif wish is not None:
        path = wished_path(wish, _permalink(site, post, slug))
    else:
        given = (
            f"/{'/'.join([*filter(None, parts), ''])}"
            if is_page(post.key)
            else room.inside(_permalink(site, post, slug).fill(site.permalink))
        )
        path = _derived(given, post.id, fields.take("slug", "title"), log)
    is_of_file = wish is None and not is_page(post.key) and site.permalink == _DEFAULT_PERMALINK
    folder = "/".join(("/posts", *folders_of(post.key))) if is_of_file else _folder(path)
    folder = "" if _is_of_zola(fields, wish) else folder
    return PostAddress(slug, path, _aliases(fields, folder, room, log))


def _may_wish(wish: Entry, permalink: Permalink, room: _Room, log: RepairLog) -> bool:
    """Whether a path that a post wishes for is its source's; an author may wish for any."""
    if room == _Room():
        return True
    path = wished_path(wish, permalink)
    if path.startswith(room.wished):
        return True
    log.add_warning(
        "path.source",
        f"The {wish.key} {path[:80]} is not the webhook's to take: it has {room.wished}.",
        f"Ask for a path below {room.wished}, or set `sources` in site.yaml.",
        line=wish.line,
    )
    return False


def _is_of_zola(fields: Fields, wish: Entry | None) -> bool:
    """Whether a post has keys as Zola has them, whose aliases are all from the root."""
    is_path = wish is not None and keys.canonical(wish.key) == "path"
    return is_path or bool({"extra", "taxonomies"}.intersection(fields.nests))


def _is_error_page(wish: Entry | None, parts: Sequence[str]) -> bool:
    """Whether a page is to be that of every address without one, as other generators have it."""
    path = str(wish.value).strip() if wish else f"/{'/'.join(parts)}"
    return path.strip("/").removesuffix(".html") == ERROR_PAGE.strip("/").removesuffix(".html")


def _permalink(site: Site, post: Named, slug: str) -> Permalink:
    spell = ascii_slug if site.slug == "ascii" else slugify
    spelled = [[spell(term) or term for term in terms] for terms in post.categories]
    return Permalink(
        site,
        post.date,
        slug=slug,
        filename=_letters(site, own_name(post.key)),
        folders=tuple(_letters(site, folder) for folder in folders_of(post.key)),
        category=tuple(spelled[0]) if spelled else (),
        categories=tuple(dict.fromkeys(chain.from_iterable(spelled))),
        id=post.id,
    )


def _decoded(slug: str) -> str:
    """A slug as people read it; exports of WordPress spell what is not ASCII in percent signs."""
    try:
        return unquote(slug, errors="strict")
    except UnicodeDecodeError:
        return slug


def _letters(site: Site, text: str) -> str:
    return to_the_letter(ascii_letters(text) if site.slug == "ascii" else text)


def _slug(site: Site, post: Named) -> str:
    """The slug of a post that names none: of its file, or of its title if a machine named that."""
    if site.slug == "hash":
        return hashlib.sha256(post.id.encode()).hexdigest()[:_HASH_DIGITS]
    name = own_name(post.key)
    spell = ascii_slug if site.slug == "ascii" else slugify
    of_file = cut(_letters(site, name))
    if of_file and site.slug_from == "file" and not is_of_a_machine(name):
        return of_file
    of_title = spell(post.title)
    if site.slug_from == "title" or is_of_a_machine(name):
        return of_title or (of_file if any(map(str.isalnum, of_file)) else post.id)
    return of_file or of_title or post.id


def _derived(given: str, id: str, at: Entry | None, log: RepairLog) -> str:
    path, taken = derived_path(given, id, at)
    if taken is not None:
        log.add_warning(
            "path.reserved",
            f"The path {taken[:80]} belongs to the site itself: the post stands at {path[:80]}.",
            "Give the post a `slug`, or a `permalink` such as /about/our-work/.",
            line=at.line if at else None,
        )
    return path


def _folder(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0]


def _wish(fields: Fields, log: RepairLog) -> Entry | None:
    """The entry that wishes for a path, if there is one; a `url` may be of a page elsewhere."""
    own = fields.take(*keys.PERMALINK)
    if own is not None and own.value is False:  # that is about who may see the post
        return None
    if own is not None and own.value in _PERMALINK_STYLES:
        fields.put_back(own)
        own = None
    if own is not None and _TEMPLATE.search(str(own.value)):
        raise Rejected(
            "path.template",
            own.line,
            own.column,
            f"The {own.key} {str(own.value)[:60]!r} is no path.",
            "Write a path such as /about/:slug/; to keep the post off the site, `draft: true`.",
        )
    if own is None:
        own = fields.take(*keys.URL)
        if own is not None and not _URL_PATH.match(str(own.value)):
            fields.put_back(own)
            own = None
    return own and own._replace(value=log.visible(str(own.value), own.line))


def _aliases(fields: Fields, folder: str, room: _Room, log: RepairLog) -> tuple[str, ...]:
    """The former paths of a post; one that cannot be had costs itself alone, not the post."""
    entries = [each for each in fields.paths(*keys.ALIASES) if not is_other_name(each.value)]
    aliases = tuple(dict.fromkeys(_readable(entries, folder, room, log)))
    if len(aliases) > MOST_ALIASES:
        log.add_warning(
            "aliases.count",
            f"Of {len(aliases)} aliases {MOST_ALIASES} are kept, the last is "
            f"{aliases[MOST_ALIASES - 1][:80]}.",
            "Delete those that nobody follows, or move some to `redirects` in site.yaml.",
            line=entries[0].line,
        )
    return aliases[:MOST_ALIASES]


def _readable(entries: Iterable[Entry], folder: str, room: _Room, log: RepairLog) -> Iterator[str]:
    for entry in entries:
        from_root = folder if keys.canonical(entry.key) == "aliases" else ""
        alias = entry._replace(value=log.visible(str(entry.value), entry.line))
        try:
            path = alias_path(alias, from_root)
            if path.startswith(room.wished):
                yield path
                continue
            log.add_warning(
                "alias.source",
                f"The alias {path[:80]} is not the webhook's to take: it has {room.wished}.",
                f"Name aliases below {room.wished}, or set `sources` in site.yaml.",
                line=entry.line,
            )
        except Rejected as rejected:
            log.add_warning(
                f"alias.{rejected.rule.partition('.')[2]}",
                f"The alias {str(entry.value)[:80]!r} cannot be had. {rejected.message}",
                "Correct it, or delete it: nobody is led from there.",
                line=rejected.line,
            )


def is_other_name(alias: object) -> bool:
    """Whether an alias is another name of a note, as in Obsidian, which nobody can follow."""
    return isinstance(alias, str) and "/" not in alias and len(alias.split()) > 1
