"""An export of Ghost, read: its posts and pages as they are written, its settings, addresses."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from presswork_cli.moving import lists, written
from presswork_cli.moving.blog import Blog, OldAddress
from presswork_cli.moving.ghost import body, export
from presswork_cli.moving.ghost.export import Export, Row, text
from presswork_cli.moving.ghost.said import SAID
from presswork_cli.moving.mentions import Mentions
from presswork_cli.moving.sources import Gathered, files_below

_CONTENT = "content"
_FOLDERS = ("images", "files", "media")
_DEFAULT = "/:slug/"
_WORD = re.compile(r":([a-z_]+)")
_KNOWN_WORDS = frozenset({"year", "month", "day", "slug"})
_FORMATS = {"year": "%Y", "month": "%m", "day": "%d"}
_LINK = re.compile(r"/(?!/)|https?://|mailto:")
_ADDRESS = re.compile(r"https?://[^\s<>\"'/]{1,200}(?:/[^\s<>\"']{0,500})?")
_PORTAL = re.compile(r"""href\s{0,9}=\s{0,9}["'](?:__GHOST_URL__|/)*#/portal""")
_MOST_LINKS = 12
_LONGEST_BIO = 500


def read(path: Path) -> Blog:
    """The blog in an export; raises Failure for a file that is none."""
    found = Gathered(path.parent)
    for folder in _FOLDERS:
        for file in files_below(path.parent, f"{_CONTENT}/{folder}"):
            found.put_static(f"/{file}", file)
    writer = _Writer(export.read(path), Mentions(SAID), found)
    for row in writer.export.rows("posts"):
        writer.add(row)
    settings = writer.settings()
    addresses = (*writer.addresses, *found.addresses, *writer.lists(), *writer.files())
    writer.mention_rest()
    notes = (*writer.mentions.notes(path.name), *found.notes)
    return Blog(settings, found.files, tuple(dict.fromkeys(addresses)), notes)


@dataclass
class _Writer:
    """Writes posts as files, and keeps where they stood."""

    export: Export
    mentions: Mentions
    found: Gathered
    addresses: list[OldAddress] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._keys, self._ids, self._paths = written.Names(), written.Names(), written.Names()
        self._tags_of = self.export.of_post("posts_tags", "tag_id")
        self._authors_of = self.export.of_post("posts_authors", "author_id")
        self._zone = _zone(self._setting("timezone", "active_timezone", "activeTimezone"))
        self._permalink = _permalink(self._setting("permalinks"))
        self._tags: dict[str, str] = {}
        self._authors: dict[str, str] = {}
        self._own_files: dict[str, None] = {}

    def add(self, row: Row) -> None:
        """Writes a post or a page."""
        kind: Literal["post", "page"] = (
            "page" if text(row, "type") == "page" or export.is_set(row, "page") else "post"
        )
        meta = self.export.meta.get(text(row, "id"), {})
        title = text(row, "title") or "(Untitled)"
        slug = written.part(unquote(text(row, "slug"))) or written.part(title.lower())
        date = export.time(row, "published_at", "created_at")
        is_public = self._is_public(row, meta, title)
        if is_public and date is None and kind == "post":
            self.mentions.add("no-date", title)
            is_public = False
        path = self._path(kind, slug, date)
        if is_public and self._paths.one(path) != path:
            slug = self._paths.one(f"{slug}-{text(row, 'id')}").strip("/")
            self.mentions.add("same-name", title, slug)
            path = self._path(kind, slug, date)
        key = self._key(kind, slug, date)
        front = self._front(row, meta, title=title, slug=slug, date=date, is_public=is_public)
        self.found.files[key] = written.source(front, self._body(row, title))
        self._own_files |= dict.fromkeys(body.own_files(f'"{front["cover"]}"'))
        self._mention(row, title)
        if is_public and text(row, "status") == "published":
            self.addresses.append(OldAddress(path, kind, key))
            self._keep_lists(row, kind)

    def settings(self) -> dict[str, Any]:
        """What `site.yaml` says."""
        found = {
            "title": self._setting("title"),
            "description": self._setting("description"),
            "language": self._setting("locale", "lang", "default_locale", "defaultLang"),
            "timezone": str(self._zone),
            "permalink": self._permalink,
            "menu": self._menu(),
            "authors": self._profiles(),
        }
        return {name: value for name, value in found.items() if value}

    def lists(self) -> Iterator[OldAddress]:
        """The lists of the blog and their feeds."""
        here = {f"/tag/{slug}/": lists.tag_here(name) for slug, name in self._tags.items()}
        here |= {
            f"/author/{slug}/": lists.author_here(name) for slug, name in self._authors.items()
        }
        yield OldAddress("/", "list", "/")
        for path, target in here.items():
            yield OldAddress(path, "list", target)
        yield OldAddress("/rss/", "feed", "/rss.xml")
        yield OldAddress("/sitemap.xml", "feed", "/sitemap.xml")
        for part in ("posts", "pages", "tags", "authors"):
            yield OldAddress(f"/sitemap-{part}.xml", "feed", "/sitemap.xml")
        for path, target in here.items():
            yield OldAddress(f"{path}rss/", "feed", lists.feed_of(target))

    def files(self) -> Iterator[OldAddress]:
        """The files that posts show, and that did not come along."""
        for path in self._own_files:
            if f"static{path}" not in self.found.files:
                self.mentions.add("files")
                yield OldAddress(path, "file", "", "the export names files, and does not hold them")

    def mention_rest(self) -> None:
        """Tells of what does not come along from any export."""
        if self._setting("codeinjection_head", "codeinjection_foot", "ghost_head", "ghost_foot"):
            self.mentions.add("site-code")
        if self.export.rows("members") or self.export.rows("newsletters"):
            self.mentions.add("members")
        self.mentions.add("address")
        self.mentions.add("routes", name=self._permalink)
        self.mentions.add("lists")

    def _setting(self, *names: str) -> str:
        return text(self.export.settings, *names)

    def _is_public(self, row: Row, meta: Row, title: str) -> bool:
        """Whether everybody may see a post, now or when its time comes."""
        status = text(row, "status")
        audience = text(row, "visibility") if "visibility" in row else "public"
        if status in ("draft", ""):
            return False
        if status == "sent" or export.is_set(meta, "email_only"):
            self.mentions.add("email", title)
            return False
        if status not in ("published", "scheduled"):
            self.mentions.add("status", title, status)
            return False
        if audience != "public":
            self.mentions.add("audience", title, audience or "nobody")
            return False
        return True

    def _path(self, kind: str, slug: str, date: datetime | None) -> str:
        if kind == "page" or date is None:
            return f"/{slug}/"
        day = date.astimezone(self._zone)

        def word(found: re.Match[str]) -> str:
            return slug if found[1] == "slug" else f"{day:{_FORMATS[found[1]]}}"

        return _WORD.sub(word, self._permalink)

    def _key(self, kind: str, slug: str, date: datetime | None) -> str:
        name = written.file_name(slug)
        if kind == "page":
            return f"{self._keys.one(f'pages/{name}')}.html"
        day = f"{date.astimezone(self._zone):%Y-%m-%d}-" if date else ""
        return f"{self._keys.one(f'posts/{day}{name}')}.html"

    def _front(
        self, row: Row, meta: Row, *, title: str, slug: str, date: datetime | None, is_public: bool
    ) -> dict[str, Any]:
        both = {**meta, **{name: value for name, value in row.items() if value is not None}}
        updated = export.time(row, "updated_at")
        id = text(row, "id")
        return {
            "title": " ".join(title.split()),
            "id": self._ids.one(f"ghost-{written.part(id)[:50]}") if id else "",
            "slug": slug,
            "date": _spelled(date),
            "updated": _spelled(updated) if updated and date and updated > date else "",
            "authors": list(self._authors_named(row).values()),
            "tags": list(self._tags_named(row).values()),
            "excerpt": text(both, "custom_excerpt", "meta_description"),
            "cover": body.here(text(both, "feature_image", "image")),
            "canonical": _canonical(body.here(text(both, "canonical_url"))),
            "draft": not is_public,
        }

    def _tags_named(self, row: Row) -> dict[str, str]:
        """The tags of a post that readers are shown, by their slugs."""
        tags = (self.export.tags.get(id, {}) for id in self._tags_of.get(text(row, "id"), ()))
        return {
            text(tag, "slug"): text(tag, "name")
            for tag in tags
            if text(tag, "name") and not _is_internal(tag)
        }

    def _authors_named(self, row: Row) -> dict[str, str]:
        ids = self._authors_of.get(text(row, "id")) or [text(row, "author_id")]
        users = (self.export.users.get(id, {}) for id in ids)
        return {text(user, "slug"): text(user, "name") for user in users if text(user, "name")}

    def _keep_lists(self, row: Row, kind: str) -> None:
        if kind == "post":
            self._tags |= self._tags_named(row)
            self._authors |= self._authors_named(row)

    def _mention(self, row: Row, title: str) -> None:
        if text(row, "codeinjection_head", "codeinjection_foot"):
            self.mentions.add("code", title)
        if export.is_set(row, "featured"):
            self.mentions.add("featured", title)
        for id in self._tags_of.get(text(row, "id"), ()):
            tag = self.export.tags.get(id, {})
            if text(tag, "name") and _is_internal(tag):
                self.mentions.add("internal-tag", text(tag, "name"))

    def _body(self, row: Row, title: str) -> str:
        html = body.shown(row, title, self.mentions)
        if _PORTAL.search(html):
            self.mentions.add("portal", title)
        self._own_files |= dict.fromkeys(body.own_files(html))
        return html

    def _menu(self) -> list[dict[str, str]]:
        """The links at the top of all pages."""
        try:
            given = json.loads(self._setting("navigation") or "[]")
        except (ValueError, RecursionError):
            return []
        rows = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        links = (
            {"text": text(each, "label"), "url": body.here(text(each, "url"))} for each in rows
        )
        fit = (each for each in links if each["text"] and _LINK.match(each["url"]))
        return list(fit)[:_MOST_LINKS]

    def _profiles(self) -> dict[str, dict[str, str]]:
        """What the pages of authors told of them; addresses of mail are no part of it."""
        found: dict[str, dict[str, str]] = {}
        for user in self.export.users.values():
            website, bio = text(user, "website"), text(user, "bio")[:_LONGEST_BIO]
            said = {"url": website if _ADDRESS.fullmatch(website) else "", "bio": bio}
            told = {name: value for name, value in said.items() if value}
            if told and text(user, "name") in self._authors.values():
                found[text(user, "name")] = told
        return found


def _is_internal(tag: Row) -> bool:
    """Whether readers are not shown a tag: `#newsletter`."""
    return text(tag, "name").startswith("#") or text(tag, "visibility") == "internal"


def _canonical(url: str) -> str:
    """Where a text stood first, if that is another site."""
    return url if _ADDRESS.fullmatch(url) else ""


def _spelled(date: datetime | None) -> str:
    return f"{date:%Y-%m-%dT%H:%M:%SZ}" if date else ""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _permalink(given: str) -> str:
    """The form of posts' addresses, where the export tells one of words that are known here."""
    words = _WORD.findall(given)
    if "slug" not in words or not set(words) <= _KNOWN_WORDS:
        return _DEFAULT
    return f"/{given.strip('/')}/"
