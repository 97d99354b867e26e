"""An export of WordPress, read: its posts and pages as they are written, its settings, addresses.

It is read twice: once for what items refer to, and once to write each of them.
"""

import re
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from presswork.content.prose import shortened
from presswork_cli.failure import Exit, Failure
from presswork_cli.moving import lists, written, zones
from presswork_cli.moving.blog import Blog, OldAddress
from presswork_cli.moving.mentions import Mentions
from presswork_cli.moving.sources import Gathered, files_below
from presswork_cli.moving.wordpress import body
from presswork_cli.moving.wordpress.permalinks import permalink_of
from presswork_cli.moving.wordpress.said import SAID
from presswork_cli.moving.wordpress.survey import (
    FOR_ALL,
    OURS,
    Survey,
    is_for_all,
    parts_of,
    path_of,
    slug_of,
    time_of,
)
from presswork_cli.moving.wordpress.wxr import Channel, Entry, Export, plain

_DRAFTS = ("draft", "pending")
_UPLOADS = "wp-content/uploads"
_LARGEST_OFFSET = timedelta(hours=15)
_PAGE_OF_FILE = "the page of a file that belongs to no post"
_NO_FILE = "the export names files, and does not hold them"
_DEEPEST = 20
_HEADING = re.compile(r"<h[1-6]\b", re.IGNORECASE)
_SHORTCODE = re.compile(r"\[[^\[\]]*+\]")
_NUMBER = re.compile(r"[0-9]{1,20}")


def read(path: Path) -> Blog:
    """The blog in an export; raises Failure for a file that is none."""
    if not path.is_file():
        raise Failure(f"{path} is no file: name the export of WordPress", Exit.USAGE)
    export, mentions = Export(path), Mentions(SAID)
    channel = export.channel(Mentions(SAID))
    survey = Survey(channel)
    for entry in export.entries(Mentions(SAID)):
        survey.add(entry)
    found = Gathered(path.parent)
    for file in files_below(path.parent, _UPLOADS):
        found.put_static(f"{survey.prefix}{file}", file)
    writer = _Writer(survey, mentions, survey.library(found), found)
    for entry in export.entries(mentions):
        writer.add(entry)
    settings = _settings(survey, mentions)
    addresses = (*writer.addresses, *found.addresses, *_of_lists(writer), *_of_files(writer, found))
    _mention_rest(survey, found, mentions)
    notes = (*mentions.notes(path.name), *found.notes)
    return Blog(settings, found.files, tuple(dict.fromkeys(addresses)), notes)


class _Writer:
    """Writes items as files, and keeps where they stood."""

    def __init__(
        self, survey: Survey, mentions: Mentions, library: body.Library, found: Gathered
    ) -> None:
        self.survey = survey
        self.addresses: list[OldAddress] = []
        self.tags: dict[str, str] = {}
        self.categories: dict[str, tuple[str, ...]] = {}
        self.authors: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        """The files of items that readers see, by their numbers."""
        self._mentions = mentions
        self._library = library
        self._found = found
        self._keys = written.Names()
        self._ids = written.Names()
        self._paths = written.Names()

    def add(self, entry: Entry) -> None:
        """Writes an item if it is a post or a page, or takes note of what it is."""
        for _ in range(entry.comments):
            self._mentions.add("comments", entry.line)
        if entry.status in ("trash", "auto-draft"):
            self._mentions.add("trash", entry.line)
        elif entry.type in OURS:
            self._write(entry)
        elif entry.type not in ("attachment", "revision", "wp_block"):
            self._leave(entry)

    def _leave(self, entry: Entry) -> None:
        self._mentions.add("type", entry.line, entry.type or "unknown")
        path = path_of(entry.link)
        is_place = path is not None and path != "/" and entry.type != "nav_menu_item"
        if is_for_all(entry) and is_place and self.survey.is_own(entry.link):
            why = f"an item of the type {entry.type}, which is not written"
            self.addresses.append(OldAddress(path or "", "page", "", why))

    def _write(self, entry: Entry) -> None:
        is_public = is_for_all(entry)
        date = _date(entry)
        if is_public and not date and entry.type == "post":
            self._mentions.add("no-date", entry.line)
            is_public = False
        self._mention_state(entry)
        slug = slug_of(entry) or written.part(entry.title.lower()) or f"untitled-{entry.id}"
        wanted = path_of(entry.link) if is_public else None
        if wanted is not None and wanted != "/" and self._paths.one(wanted) != wanted:
            slug = self._paths.one(f"{slug}-{entry.id}")
            self._mentions.add("same-name", entry.line, slug)
            wanted = None
        key = self._key(entry, slug)
        shown = body.shown(
            entry.content, entry.id, self._library, self._mentions, entry.content_line
        )
        front = self._front(entry, slug, date, shown.html)
        self._found.files[key] = written.source({**front, "draft": not is_public}, shown.html)
        if is_public and entry.status == "publish":
            self._keep(entry, key, shown.pages, wanted)
            self._keep_terms(entry)

    def _key(self, entry: Entry, slug: str) -> str:
        name = written.file_name(slug)
        if entry.type == "page":
            folders = [*filter(None, self.survey.prefix.split("/")), *self._above(entry)]
            return f"{self._keys.one('/'.join(('pages', *folders, name)))}.html"
        day = time_of(entry.date)
        return f"{self._keys.one(f'posts/{day:%Y-%m-%d}-{name}' if day else f'posts/{name}')}.html"

    def _above(self, entry: Entry) -> list[str]:
        """The pages that a page lies below, from the top."""
        found, at = list[str](), entry.parent
        while at in self.survey.parents and len(found) < _DEEPEST:
            name, at = self.survey.parents[at]
            found.append(written.file_name(name))
        return found[::-1]

    def _front(self, entry: Entry, slug: str, date: str, html: str) -> dict[str, Any]:
        thumbnail = next(iter(entry.meta.get("_thumbnail_id", ())), "")
        cover = self._library.attachments.get(thumbnail)
        modified, written_at = time_of(entry.modified_gmt), time_of(entry.date_gmt)
        is_newer = bool(modified and written_at and modified > written_at)
        number = _NUMBER.match(entry.id)
        return {
            "title": entry.title or _title_of_text(slug, html),
            "id": self._ids.one(f"wp-{number[0]}") if number else "",
            "slug": slug,
            "date": date,
            "updated": f"{modified:%Y-%m-%dT%H:%M:%SZ}" if is_newer else "",
            "authors": [self._author(entry.creator)] if entry.creator else [],
            "categories": [list(path) for path in self._categories(entry).values()],
            "tags": list(self._tags(entry).values()),
            "excerpt": plain(entry.excerpt),
            "cover": body.file_at(cover.url, self._library) if cover else "",
        }

    def _author(self, login: str) -> str:
        return plain(self.survey.channel.authors.get(login, login))

    def _tags(self, entry: Entry) -> dict[str, str]:
        return {
            each.nicename: plain(each.name)
            for each in entry.terms
            if each.taxonomy == "post_tag" and plain(each.name)
        }

    def _categories(self, entry: Entry) -> dict[str, tuple[str, ...]]:
        return {
            each.nicename: self._trail(each.nicename, plain(each.name))
            for each in entry.terms
            if each.taxonomy == "category" and plain(each.name)
        }

    def _trail(self, nicename: str, name: str) -> tuple[str, ...]:
        """A category with those above it, from the top."""
        known, found = self.survey.channel.categories, [name]
        above = known[nicename].parent if nicename in known else ""
        while above in known and len(found) < _DEEPEST:
            found.append(plain(known[above].name))
            above = known[above].parent
        return tuple(found[::-1])

    def _mention_state(self, entry: Entry) -> None:
        """Tells why an item is a draft that was none, and of what it was beside that."""
        if not entry.is_whole:
            return  # that is told already
        if entry.is_locked:
            self._mentions.add("password", entry.line)
        elif entry.status == "private":
            self._mentions.add("private", entry.line)
        elif entry.status not in (*FOR_ALL, *_DRAFTS):
            self._mentions.add("status", entry.line, entry.status or "none")
        if entry.is_sticky:
            self._mentions.add("sticky", entry.line)
        for each in entry.terms:
            if each.taxonomy not in ("category", "post_tag", "post_format"):
                self._mentions.add("taxonomy", entry.line, each.taxonomy)

    def _keep(self, entry: Entry, key: str, pages: int, path: str | None) -> None:
        """Where an item stood that readers see, the address of its page first."""
        self.keys[entry.id] = key
        kind: Any = entry.type
        if path == "/":
            self._mentions.add("front-page", entry.line)
            path = None
        if path is not None:
            self.addresses.append(OldAddress(path, kind, key))
            folder = path.rstrip("/")
            for slug in entry.meta.get("_wp_old_slug", ()):
                old = f"{folder.rpartition('/')[0]}/{written.part(unquote(slug))}"
                self.addresses.append(
                    OldAddress(f"{old}/" if path.endswith("/") else old, kind, key)
                )
            for number in range(2, pages + 1):
                self.addresses.append(OldAddress(f"{folder}/{number}/", kind, key))
        elif parts_of(entry.link).query.startswith("page_id="):
            why = "an address with a query; only /?p= of posts leads on"
            self.addresses.append(OldAddress(f"/?{parts_of(entry.link).query}", kind, "", why))
        if entry.type == "post" and self.survey.prefix == "/":
            self.addresses.append(OldAddress(f"/?p={entry.id}", kind, key))

    def _keep_terms(self, entry: Entry) -> None:
        if entry.type != "post":
            return
        self.tags |= self._tags(entry)
        known = self.survey.channel.categories
        for nicename, trail in self._categories(entry).items():
            at = nicename
            for end in range(len(trail), 0, -1):
                self.categories.setdefault(at, trail[:end])
                at = known[at].parent if at in known else ""
        if entry.creator:
            self.authors[entry.creator] = self._author(entry.creator)


def _date(entry: Entry) -> str:
    """When an item is from, with its offset from UTC where the export tells it."""
    local, utc = time_of(entry.date), time_of(entry.date_gmt)
    if local and utc and abs(local - utc) < _LARGEST_OFFSET:
        offset = timezone(timedelta(minutes=round((local - utc).total_seconds() / 60)))
        return utc.replace(tzinfo=UTC).astimezone(offset).isoformat()
    if utc:
        return f"{utc:%Y-%m-%dT%H:%M:%SZ}"
    return local.isoformat(sep=" ") if local else ""


def _settings(survey: Survey, mentions: Mentions) -> dict[str, Any]:
    """What `site.yaml` says."""
    channel = survey.channel
    host = parts_of(channel.address)
    fitting = zones.zones_of(survey.times) if survey.times else []
    if survey.times:
        mentions.add("zone" if fitting else "no-zone", name=_told(fitting))
    found = {
        "title": channel.title,
        "description": plain(channel.description),
        "base_url": f"https://{host.netloc}" if "." in host.netloc else "",
        "language": channel.language,
        "timezone": fitting[0] if fitting else "",
        "permalink": permalink_of(survey.placed),
        "categories": "parallel",
    }
    return {name: value for name, value in found.items() if value}


def _told(fitting: list[str]) -> str:
    others = ", ".join(fitting[1:3])
    return f"{fitting[0]} (and of {others})" if others else "".join(fitting[:1])


def _of_lists(writer: _Writer) -> Iterator[OldAddress]:
    """The lists of the blog and their feeds, as WordPress calls them by itself."""
    prefix = writer.survey.prefix
    here: dict[str, str] = {}
    for nicename, trail in writer.categories.items():
        above = _nicenames(writer.survey.channel, nicename)
        here[f"{writer.survey.base('category')}/{'/'.join(above)}/"] = lists.category_here(trail)
    base = writer.survey.base("tag")
    here |= {f"{base}/{unquote(name)}/": lists.tag_here(tag) for name, tag in writer.tags.items()}
    here |= {
        f"author/{login.lower()}/": lists.author_here(name)
        for login, name in writer.authors.items()
    }
    yield OldAddress(prefix, "list", "/")
    for path, target in here.items():
        yield OldAddress(f"{prefix}{path}", "list", target)
    yield OldAddress(f"{prefix}feed/", "feed", "/rss.xml")
    yield OldAddress(f"{prefix}feed/atom/", "feed", "/feed.xml")
    for path, target in here.items():
        yield OldAddress(f"{prefix}{path}feed/", "feed", lists.feed_of(target))


def _nicenames(channel: Channel, nicename: str) -> list[str]:
    found, at = [unquote(nicename)], nicename
    while at in channel.categories and channel.categories[at].parent and len(found) < _DEEPEST:
        at = channel.categories[at].parent
        found.append(unquote(at))
    return found[::-1]


def _of_files(writer: _Writer, found: Gathered) -> Iterator[OldAddress]:
    """The pages which show a file alone, and files of the blog that did not come along."""
    survey = writer.survey
    for path, (url, parent) in survey.pages_of_files.items():
        file = f"static{path_of(url)}"
        leads_to = writer.keys.get(parent) or (file if file in found.files else "")
        yield OldAddress(path, "file", leads_to, "" if leads_to else _PAGE_OF_FILE)
    for each in survey.attachments.values():
        at = path_of(each.url) if survey.is_own(each.url) else None
        if at and at != "/" and f"static{at}" not in found.files:
            yield OldAddress(at, "file", "", _NO_FILE)


def _mention_rest(survey: Survey, found: Gathered, mentions: Mentions) -> None:
    for each in survey.attachments.values():
        if survey.is_own(each.url) and f"static{path_of(each.url)}" not in found.files:
            mentions.add("uploads")
    mentions.add("lists")


def _title_of_text(slug: str, html: str) -> str:
    """The first words of a text whose slug is a number, as of one without a title.

    Others have their first heading or their file's name, as any post here.
    """
    is_numbered = _NUMBER.fullmatch(slug) is not None
    if _HEADING.search(html) or not is_numbered:
        return ""
    return shortened(" ".join(_SHORTCODE.sub(" ", plain(html)).split()))
