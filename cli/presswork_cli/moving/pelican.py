"""Blogs of Pelican: docs.getpelican.com/en/stable/settings.html and content.html."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from presswork.content import why_skipped
from presswork.slugs import ascii_letters
from presswork_cli.moving import config, lists, own_line, pelican_settings, site_file
from presswork_cli.moving.author import name_author
from presswork_cli.moving.blog import Blog, OldAddress
from presswork_cli.moving.sources import (
    Gathered,
    Published,
    as_source,
    check_folder,
    files_below,
    front_of,
    is_text,
    published,
)

_NAME = "pelicanconf.py"
_PLACE = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_DATES = {
    "%Y": ":year",
    "%m": ":month",
    "%d": ":day",
    "%y": ":short_year",
    "%H": ":hour",
    "%M": ":minute",
    "%S": ":second",
    "%j": ":y_day",
    "%-m": ":i_month",
    "%-d": ":i_day",
}
_LINK = re.compile(
    rb"(?<=[(\"'<= ])[{|](filename|static|attach|tag|category|author|index)[}|]([^\s\"'()<>]*+)"
)
_DEFAULTS: Mapping[str, Any] = {
    "ARTICLE_PATHS": [""],
    "PAGE_PATHS": ["pages"],
    "STATIC_PATHS": ["images"],
    "ARTICLE_URL": "{slug}.html",
    "PAGE_URL": "pages/{slug}.html",
    "CATEGORY_URL": "category/{slug}.html",
    "TAG_URL": "tag/{slug}.html",
    "AUTHOR_URL": "author/{slug}.html",
    "ARCHIVES_SAVE_AS": "archives.html",
    "AUTHORS_SAVE_AS": "authors.html",
    "CATEGORIES_SAVE_AS": "categories.html",
    "TAGS_SAVE_AS": "tags.html",
    "FEED_ALL_ATOM": "feeds/all.atom.xml",
    "CATEGORY_FEED_ATOM": "feeds/{slug}.atom.xml",
    "AUTHOR_FEED_ATOM": "feeds/{slug}.atom.xml",
    "AUTHOR_FEED_RSS": "feeds/{slug}.rss.xml",
    "TRANSLATION_FEED_ATOM": "feeds/all-{lang}.atom.xml",
    "DEFAULT_CATEGORY": "misc",
    "DEFAULT_LANG": "en",
}
"""Pelican's own, where a blog says nothing."""

_CONTENT = "content"
_OF_TEMPLATE = "A template makes this page of the whole site."
_LEFT = dict.fromkeys(
    ("output", "theme", "themes", "plugins", "cache"),
    (
        "Themes, plugins and what Pelican makes are not moved.",
        "Nothing: the site has looks of its own, and can have others (docs/themes.md).",
    ),
)
_OTHERWISE = (
    "It is no post, page or file of the site.",
    "Nothing, unless readers are to see it: then put it below static/.",
)


def read(path: Path) -> Blog:
    """The blog in a folder with a `pelicanconf.py`; raises Failure where there is none."""
    check_folder(path, _NAME)
    found, given = Gathered(path), dict[str, Any]()
    for name in pelican_settings.CONFIGS:
        if (path / name).is_file():
            settings, notes = pelican_settings.read(path / name, name)
            given |= settings
            found.notes += notes
            found.taken.add(name)
    pelican = _Pelican(path, {**_DEFAULTS, **given})
    pelican.gather(found)
    site, _ = site_file.fitting(pelican.settings, _NAME)
    pages = published(found.files, site)
    addresses = [*pelican.addresses(found, pages, site.zone)]
    pelican.note(found)
    found.leave_rest(_LEFT, _OTHERWISE)
    return Blog(pelican.settings, found.files, tuple(addresses), tuple(found.notes))


@dataclass(frozen=True)
class _Pelican:
    """A blog's folder and its settings; `sources` are files below its content by key here."""

    root: Path
    config: Mapping[str, Any]
    sources: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """What `site.yaml` says."""
        found: dict[str, Any] = {}
        title = config.text(self.config, "SITENAME")
        description = config.text(self.config, "SITESUBTITLE")
        url = urlsplit(config.text(self.config, "SITEURL"))
        if title:
            found["title"] = title
        if description:
            found["description"] = description
        if url.scheme in ("http", "https") and url.netloc:
            found["base_url"] = f"{url.scheme}://{url.netloc}"
        found["language"] = config.text(self.config, "DEFAULT_LANG").replace("_", "-")
        found["timezone"] = config.text(self.config, "TIMEZONE") or "UTC"
        found["permalink"] = self._permalink_here
        found["slug_from"] = "file" if self._by_file else "title"
        found["slug"] = "unicode" if self.config.get("SLUGIFY_USE_UNICODE") else "ascii"
        return found

    def gather(self, found: Gathered) -> None:
        """Pages, articles, and the files of `STATIC_PATHS`."""
        top = self._content
        files = list(files_below(self.root, top))
        for file in files:
            inside = str(PurePosixPath(file).relative_to(top)) if top else file
            self._gather(found, file, inside)
        linked = {each for file in files for each in self._linked(file)}
        for file in files:
            if file in linked and not is_text(file):
                self._put_static(found, file, str(PurePosixPath(file).relative_to(top or ".")))
        if author := config.text(self.config, "AUTHOR"):
            name_author(found, _NAME, author)

    def note(self, found: Gathered) -> None:
        """Tells of what is otherwise here."""
        if self.config.get("SLUG_REGEX_SUBSTITUTIONS"):
            found.leave(
                _NAME,
                "SLUG_REGEX_SUBSTITUTIONS are not run: addresses are told by Pelican's own.",
                "Give posts that stood elsewhere an `aliases` line with their former address.",
            )

    def addresses(
        self, found: Gathered, pages: list[Published], zone: ZoneInfo
    ) -> Iterator[OldAddress]:
        """All addresses of the blog: posts and pages, files, lists and feeds."""
        posts = [each for each in pages if not each.post.page]
        for each in pages:
            yield self._of(each, zone)
        yield from found.addresses
        yield OldAddress("/", "list", "/")
        listed = [each for each in posts if each.post.visibility == "public"]
        yield from self._further(len(listed), "/index.html")
        yield from self._of_direct_templates(listed)
        for category, members in lists.by_category(listed).items():
            here = lists.category_here(category)
            yield from self._of_term("CATEGORY", category[-1], here, len(members))
        if any(not each.post.categories for each in listed):
            name = config.text(self.config, "DEFAULT_CATEGORY")
            yield from self._of_term("CATEGORY", name, "/archives/", 1, feed="/feed.xml")
        for tag, members in lists.by_tag(listed).items():
            yield from self._of_term("TAG", tag, lists.tag_here(tag), len(members))
        for author, here, count in self._authors(listed):
            feed = "" if here != "/archives/" else "/feed.xml"
            yield from self._of_term("AUTHOR", author, here, count, feed)
        yield from self._of_periods(listed, zone)
        yield from self._of_feeds()

    @property
    def _content(self) -> str:
        path = config.text(self.config, "PATH").strip("/").removeprefix("./")
        if path in ("", "."):
            # Where no setting says so, the command line did, as the makefile of Pelican has it.
            return _CONTENT if "PATH" not in self.config and (self.root / _CONTENT).is_dir() else ""
        return path

    @property
    def _by_file(self) -> bool:
        return config.text(self.config, "SLUGIFY_SOURCE", default="title") == "basename"

    @property
    def _permalink_here(self) -> str:
        form = config.text(self.config, "ARTICLE_URL")
        words = {"slug": ":slug", "category": ":category", "base_name": ":filename"}

        def word(found: re.Match[str]) -> str:
            if found[1] == "date":
                return re.sub(r"%-?\w", lambda code: _DATES.get(code[0], "?"), found[2] or "?")
            return words.get(found[1], "?")

        path = f"/{_PLACE.sub(word, form).lstrip('/')}"
        if "?" in path or (":slug" not in path and ":filename" not in path):
            return "/:slug.html"
        return path if path.endswith((".html", "/")) else f"{path}/"

    def _gather(self, found: Gathered, file: str, inside: str) -> None:
        is_static = _is_below(inside, config.texts(self.config, "STATIC_PATHS"))
        why = why_skipped(f"pages/{inside}", b"x")
        pages = config.texts(self.config, "PAGE_PATHS")
        of_template = config.text(config.part(self.config, "TEMPLATE_PAGES"), inside)
        is_read = is_text(file) and self._is_read(file)
        if of_template:
            found.leave(file, _OF_TEMPLATE, "Write in Markdown or HTML what it showed.")
            found.addresses.append(OldAddress(_address(of_template), "page", "", _OF_TEMPLATE))
        elif is_static and (not is_read or (why is None and not self._has_title(file))):
            self._put_static(found, file, inside)
        elif why is not None:
            found.leave(file, why, "Save it as Markdown or HTML, and import again.")
        elif not is_text(file):
            found.put(f"posts/{inside}", file)
        elif not is_read:
            found.leave(file, *_OTHERWISE)
        elif _is_below(inside, pages):
            below = next((p for p in pages if _is_below(inside, (p,))), "").strip("/")
            self._put(found, f"pages/{inside.removeprefix(below).lstrip('/')}", file, inside)
        elif _is_below(inside, config.texts(self.config, "ARTICLE_PATHS")):
            self._put(found, f"posts/{inside}", file, inside)

    def _put_static(self, found: Gathered, file: str, inside: str) -> None:
        extra = config.part(config.part(self.config, "EXTRA_PATH_METADATA"), inside)
        path = f"/{config.text(extra, 'path', default=inside).lstrip('/')}"
        if f"static{path}" not in found.files:
            found.put_static(path, file)

    def _linked(self, file: str) -> Iterator[str]:
        """The files that a source leads to, which Pelican serves where they lie."""
        if not is_text(file) and not file.endswith(".rst"):
            return
        for kind, rest in _LINK.findall((self.root / file).read_bytes()):
            if kind in (b"static", b"filename"):
                target = unquote(rest.decode(errors="replace"))
                folder = self._content if target.startswith("/") else posixpath.dirname(file)
                yield posixpath.normpath(posixpath.join(folder, target.lstrip("/")))

    def _put(self, found: Gathered, key: str, file: str, inside: str) -> None:
        """A post, with the category that its folder gave it, and links as they are spelled here."""
        key, data = as_source(key), (self.root / file).read_bytes()
        new = _with_links(data)
        folder = PurePosixPath(inside).parent.name
        in_folders = self.config.get("USE_FOLDER_AS_CATEGORY", True)
        if folder and in_folders and key.startswith("posts/"):
            new = own_line.with_category(new, folder) or new
        found.put(key, file, None if new == data else new)
        self.sources.setdefault(normalize("NFC", key), inside)

    def _is_read(self, file: str) -> bool:
        """Whether Pelican makes a page of a kind of file; `READERS` has those that it shall not."""
        suffix = PurePosixPath(file).suffix.lower()
        off = [name for name, it in config.part(self.config, "READERS").items() if it is None]
        return suffix not in (".txt", *(f".{name}" for name in off))

    def _has_title(self, file: str) -> bool:
        front = front_of((self.root / file).read_bytes())
        return any(key.lower() == "title" for key in front)

    def _of(self, each: Published, zone: ZoneInfo) -> OldAddress:
        lower = {key.lower(): value for key, value in each.front.items()}
        own = config.text(lower, "url") or config.text(lower, "save_as")
        form = own or config.text(self.config, f"{'PAGE' if each.post.page else 'ARTICLE'}_URL")
        path = _address(self._filled(form, each, lower, zone))
        return OldAddress(path, each.kind, each.key)

    def _filled(self, form: str, each: Published, front: Mapping[str, Any], zone: ZoneInfo) -> str:
        date = each.post.date.astimezone(zone)
        stem = PurePosixPath(self.sources[each.key]).stem
        source = stem if self._by_file else each.post.title
        categories, authors = each.post.categories, each.post.authors
        words = {
            "slug": config.text(front, "slug") or self._slug(source),
            "lang": config.text(front, "lang") or config.text(self.config, "DEFAULT_LANG"),
            "category": self._slug(
                categories[0][-1] if categories else config.text(self.config, "DEFAULT_CATEGORY")
            ),
            "author": self._slug(authors[0] if authors else config.text(self.config, "AUTHOR")),
            "base_name": stem,
        }

        def word(found: re.Match[str]) -> str:
            if found[1] == "date":
                return _formatted(date, found[2])
            return words.get(found[1], found[0])

        return _PLACE.sub(word, form)

    def _slug(self, words: str) -> str:
        """As Pelican's `slugify`: by its own substitutions."""
        text = normalize("NFKC", words)
        if not self.config.get("SLUGIFY_USE_UNICODE"):
            text = ascii_letters(text)
        text = re.sub(r"[^\w\s-]", "", text).strip()
        text = re.sub(r"[-\s]+", "-", text)
        return text if self.config.get("SLUGIFY_PRESERVE_CASE") else text.lower()

    def _of_term(
        self, kind: str, words: str, here: str, count: int, feed: str = ""
    ) -> Iterator[OldAddress]:
        """A list, its further pages, and its feeds."""
        slug = self._slug(words)
        url = config.text(self.config, f"{kind}_URL")
        if url:
            path = _address(url.replace("{slug}", slug))
            yield OldAddress(path, "list", here)
            yield from self._further(count, path)
        for form in ("ATOM", "RSS"):
            given = config.text(self.config, f"{kind}_FEED_{form}").replace("%s", "{slug}")
            if given:
                target = feed or lists.feed_of(here)
                yield OldAddress(f"/{given.replace('{slug}', slug)}", "feed", target)

    def _authors(self, posts: list[Published]) -> Iterator[tuple[str, str, int]]:
        """The authors, their lists here and how many posts they have: one has those of nobody."""
        named = lists.by_author(posts)
        of_all = config.text(self.config, "AUTHOR")
        others = sum(not each.post.authors for each in posts)
        for name in dict.fromkeys((*named, *filter(None, (of_all,)))):
            here = lists.author_here(name) if name in named else "/archives/"
            yield name, here, len(named.get(name, ())) + others * (name == of_all)

    def _further(self, count: int, path: str) -> Iterator[OldAddress]:
        per_page = config.number(self.config, "DEFAULT_PAGINATION", 0)
        bare = path.removesuffix(".html")
        ending = "{n}.html" if path.endswith(".html") else "index{n}.html"
        yield from lists.further(count, per_page, lists.form_of(bare, ending))

    def _of_direct_templates(self, posts: list[Published]) -> Iterator[OldAddress]:
        """The lists of all posts and of all terms, which are there without any as well."""
        terms = {
            "ARCHIVES": True,
            "AUTHORS": bool(lists.by_author(posts)),
            "CATEGORIES": bool(lists.by_category(posts)),
            "TAGS": bool(lists.by_tag(posts)),
        }
        for name, has_terms in terms.items():
            if given := config.text(self.config, f"{name}_SAVE_AS"):
                here = f"/{name.lower()}/" if has_terms else "/archives/"
                yield OldAddress(_address(given), "list", here)

    def _of_periods(self, posts: list[Published], zone: ZoneInfo) -> Iterator[OldAddress]:
        """The archives of years, months and days, where the blog has them."""
        for name, form in (("YEAR", "%Y"), ("MONTH", "%Y/%m"), ("DAY", "%Y/%m/%d")):
            given = config.text(self.config, f"{name}_ARCHIVE_URL", f"{name}_ARCHIVE_SAVE_AS")
            if given:
                for here, members in lists.by_time(posts, zone, form).items():
                    date = members[0].post.date.astimezone(zone)
                    path = _PLACE.sub(partial(_period, date), given)
                    yield OldAddress(_address(path), "list", f"/{here}/")

    def _of_feeds(self) -> Iterator[OldAddress]:
        language = config.text(self.config, "DEFAULT_LANG")
        for name in ("FEED_ALL", "FEED", "TRANSLATION_FEED"):
            for form, here in (("ATOM", "/feed.xml"), ("RSS", "/rss.xml")):
                if given := config.text(self.config, f"{name}_{form}"):
                    path = given.replace("{lang}", language).replace("%s", language)
                    yield OldAddress(f"/{path.lstrip('/')}", "feed", here)


def _period(date: datetime, found: re.Match[str]) -> str:
    return _formatted(date, found[2])


def _formatted(date: datetime, form: str | None) -> str:
    """A date in a form of `strftime`; nothing where the form is none."""
    try:
        return date.strftime(form or "%Y-%m-%d")
    except ValueError:
        return ""


def _address(path: str) -> str:
    """A path of Pelican's settings, which has no slash in front, as readers see it."""
    path = f"/{unquote(urlsplit(path).path).lstrip('/')}"
    return path.removesuffix("index.html") if path.endswith("/index.html") else path


def _is_below(inside: str, folders: tuple[str, ...]) -> bool:
    """Whether a path is one of some files, or lies in one of some folders; all lie in the empty."""
    bare = (each.strip("/").removeprefix("./") for each in folders)
    return any(not each or inside == each or inside.startswith(f"{each}/") for each in bare)


def _with_links(data: bytes) -> bytes:
    """A source whose links to others, to files and to lists are spelled as here."""

    def spelled(found: re.Match[bytes]) -> bytes:
        kind, rest = found[1], found[2]
        if kind == b"index":
            return b"/"
        if kind in (b"tag", b"category", b"author"):
            folder = {b"tag": b"tags", b"category": b"categories", b"author": b"authors"}[kind]
            slug = lists.tag_here(unquote(rest.decode(errors="replace"))).split("/")[2]
            return b"/" + folder + b"/" + slug.encode() + b"/"
        if kind == b"filename" and rest.startswith(b"/"):
            return b"@" + rest
        return rest

    return _LINK.sub(spelled, data)
