"""Blogs of Jekyll: jekyllrb.com/docs/permalinks, collections, front-matter/defaults; plugins."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from presswork.content.front_matter.front_matter import starts_with_front_matter
from presswork_cli.moving import config, lists, site_file
from presswork_cli.moving.blog import Blog, OldAddress
from presswork_cli.moving.site_values import write_values
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

CONFIGS = ("_config.yml", "_config.yaml", "_config.toml")

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_NAME = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-(.+)\.[^.]+")
_PRETTY = re.compile(r"[^\w.~!$&'()+,;=@]+")
_PLAIN = re.compile(r"[\W_]+")
_WORD = re.compile(r":([a-z_]+)")
_WORDS_HERE = frozenset(
    {"year", "short_year", "month", "i_month", "day", "i_day", "y_day", "hour", "minute", "second"}
    | {"title", "slug", "categories", "output_ext"}
)
_EXCLUDED = ("Gemfile", "Gemfile.lock", "node_modules", "vendor/", "gemfiles")
_FEEDS = "/feed.xml"
_LEFT = dict.fromkeys(
    ("_layouts", "_includes", "_sass", "_data", "_plugins", "_site"),
    (
        "Templates, styles and data of Jekyll are not moved.",
        "Nothing: the site has looks of its own, and can have others (docs/themes.md).",
    ),
)
_OTHERWISE = (
    "It is no post, page or file of the site.",
    "Nothing, unless readers are to see it: then put it below static/.",
)


def read(path: Path) -> Blog:
    """The blog in a folder with a `_config.yml`; raises Failure where there is none."""
    file = check_folder(path, *CONFIGS)
    jekyll = _Jekyll(path, config.read_of("jekyll", file), file.name)
    found = Gathered(path)
    found.taken.add(file.name)
    jekyll.gather(found)
    write_values(found, file.name, jekyll.config)
    settings, _ = site_file.fitting(jekyll.settings, file.name)
    pages = published(found.files, settings)
    addresses = [*jekyll.addresses(found, pages, settings.zone)]
    found.leave_rest(_LEFT, _OTHERWISE)
    return Blog(jekyll.settings, found.files, tuple(addresses), tuple(found.notes))


def slugified(words: str) -> str:
    """As Jekyll's `slugify` in its default mode."""
    return _PLAIN.sub("-", words).strip("-").lower()


@dataclass(frozen=True)
class _Jekyll:
    """A blog's folder and its configuration; `sources` are the files of the blog by key here."""

    root: Path
    config: Mapping[str, Any]
    name: str
    sources: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """What `site.yaml` says."""
        found: dict[str, Any] = {}
        title = config.text(self.config, "title", "name")
        description = config.text(self.config, "description", "tagline")
        url = urlsplit(config.text(self.config, "url"))
        language = config.text(self.config, "lang", "locale")
        if title:
            found["title"] = title
        if description:
            found["description"] = " ".join(description.split())
        if url.scheme and url.netloc:
            found["base_url"] = f"{url.scheme}://{url.netloc}"
        if language:
            found["language"] = language.replace("_", "-")
        found["timezone"] = config.text(self.config, "timezone") or "UTC"
        found["permalink"] = self._permalink_here
        found["categories"] = "parallel"
        found["dialect"] = ["jekyll", "emoji"] if self._has("jemoji") else ["jekyll"]
        return found

    def gather(self, found: Gathered) -> None:
        """Posts, drafts, collections that have pages, pages, and files."""
        for file in files_below(self.root):
            parts = PurePosixPath(file).parts
            if self._is_excluded(file):
                continue
            if "_posts" in parts[:-1]:
                self._gather_post(found, file, parts)
            elif "_drafts" in parts[:-1]:
                self._put(found, "/".join(("posts", "_drafts", *parts[1:])), file)
            elif parts[0] in self._collections:
                self._gather_document(found, file, parts)
            elif self._is_included(parts):
                self._gather_page(found, file)

    def addresses(
        self, found: Gathered, pages: list[Published], zone: ZoneInfo
    ) -> Iterator[OldAddress]:
        """All addresses of the blog: posts and pages, files, lists and feeds."""
        posts = [each for each in pages if not each.post.page]
        for each in pages:
            yield self._of_post(each, zone) if not each.post.page else self._of_page(each, zone)
            for old in config.texts(each.front, "redirect_from"):
                path = f"{self._prefix}{old.lstrip('/')}"
                yield OldAddress(path, each.kind, each.key)
        yield from found.addresses
        yield OldAddress(self._prefix, "list", "/")
        listed = [each for each in posts if each.post.visibility == "public"]
        yield from self._of_archives(listed, zone)
        yield from self._of_pagination(listed)
        if self._has("jekyll-feed"):
            path = config.text(config.part(self.config, "feed"), "path", default="feed.xml")
            yield OldAddress(f"{self._prefix}{path.lstrip('/')}", "feed", _FEEDS)
            yield from self._of_term_feeds()
        if self._has("jekyll-sitemap"):
            yield OldAddress(f"{self._prefix}sitemap.xml", "feed", "/sitemap.xml")

    @property
    def _prefix(self) -> str:
        base = config.text(self.config, "baseurl").strip("/")
        return f"/{base}/" if base else "/"

    @property
    def _permalink(self) -> str:
        given = config.text(self.config, "permalink", default="date")
        return _STYLES.get(given, given)

    @property
    def _permalink_here(self) -> str:
        words = _WORD.findall(self._permalink)
        form = self._permalink if _WORDS_HERE.issuperset(words) and words else _STYLES["date"]
        form = form.replace(":categories", ":sections/:categories").replace(":output_ext", ".html")
        path = f"{self._prefix}{form.lstrip('/')}"
        return path if path.endswith((".html", "/")) else f"{path}/"

    @property
    def _collections(self) -> dict[str, Mapping[str, Any]]:
        """The collections that have pages, by their folders."""
        given = self.config.get("collections")
        by_name = config.part(self.config, "collections")
        if isinstance(given, list):
            by_name = {str(name): {} for name in given}
        return {
            f"_{name}": each
            for name, each in by_name.items()
            if name not in ("posts", "drafts") and isinstance(each, Mapping) and each.get("output")
        }

    def _has(self, plugin: str) -> bool:
        plugins = (*config.texts(self.config, "plugins"), *config.texts(self.config, "gems"))
        return plugin in plugins

    def _is_excluded(self, file: str) -> bool:
        patterns = (*_EXCLUDED, *config.texts(self.config, "exclude"))
        return any(_is_match(file, pattern) for pattern in patterns) and not any(
            _is_match(file, pattern) for pattern in config.texts(self.config, "include")
        )

    def _is_included(self, parts: tuple[str, ...]) -> bool:
        """Whether no part of a path is special, but for those that the settings include."""
        included = config.texts(self.config, "include")
        return not any(
            part.startswith(("_", "#", "~")) and part not in included for part in parts
        ) and not parts[-1].endswith("~")

    def _put(self, found: Gathered, key: str, file: str) -> None:
        if self._default(file, "posts", "published") is False:
            found.leave(
                file,
                "By the defaults of the settings it is not published.",
                "Nothing, or move it to posts/ with `draft: true` in its front matter.",
            )
            return
        key = as_source(key)
        found.put(key, file)
        self.sources.setdefault(key, file)

    def _gather_post(self, found: Gathered, file: str, parts: tuple[str, ...]) -> None:
        """A post: folders above its `_posts` are categories, those below it are none."""
        at = parts.index("_posts")
        if _NAME.fullmatch(parts[-1]) is None or not is_text(file):
            found.leave(
                file,
                "Jekyll shows no post of this name and form.",
                "Rename it to `2021-11-21-title.md`, if it is one.",
            )
            return
        key = as_source("/".join(("posts", *parts[:at], parts[-1])))
        if key in found.files:
            key = "/".join(("posts", *parts[:at], *parts[at + 1 :]))
        self._put(found, key, file)

    def _gather_document(self, found: Gathered, file: str, parts: tuple[str, ...]) -> None:
        path = "/".join((parts[0].removeprefix("_"), *parts[1:]))
        if self._is_page(file):
            self._put(found, f"pages{self._prefix}{path}", file)
        else:
            found.put_static(f"{self._prefix}{path}", file)

    def _gather_page(self, found: Gathered, file: str) -> None:
        path = f"{self._prefix}{file}"
        front = front_of((self.root / file).read_bytes()) if self._is_page(file) else {}
        if not self._has_front(file):
            found.put_static(path, file)
        elif not is_text(file) or PurePosixPath(file).suffix == ".txt":
            self._leave_made(found, file, path)
        elif target := next(iter(config.texts(front, "redirect_to")), ""):
            found.taken.add(file)
            place = self._page_path(file, front)
            found.addresses.append(OldAddress(place, "page", target))
        elif not found.is_of_the_site(self._page_path(file, front), file):
            self._put(found, f"pages{path}", file)

    def _leave_made(self, found: Gathered, file: str, path: str) -> None:
        """A file that a template makes: a feed, a style, a list of pages."""
        found.leave(
            file,
            "A template makes this file of the whole site.",
            "Nothing for feeds, sitemaps and styles; else put what it would make below static/.",
        )
        front = front_of((self.root / file).read_bytes())
        path = config.text(front, "permalink") or path
        here = path if path in ("/sitemap.xml", "/robots.txt") else ""
        if PurePosixPath(path).suffix in (".xml", ".rss", ".atom") and not here:
            here = _FEEDS
        if here:
            found.addresses.append(OldAddress(path, "feed", here))

    def _has_front(self, file: str) -> bool:
        path = self.root / file
        with path.open("rb") as opened:
            return opened.read(4) in (b"---\n", b"---\r", b"--- ") or (
                is_text(file) and path.stat().st_size < config.LARGEST and _has_front(path)
            )

    def _is_page(self, file: str) -> bool:
        return is_text(file) and self._has_front(file)

    def _default(self, file: str, kind: str, name: str) -> Any:
        """What the defaults of the settings say of a file; the most particular of them counts."""
        found, depth = None, -1
        for given in config.typed(self.config.get("defaults"), list) or ():
            each = config.typed(given, dict) or {}
            scope, values = config.part(each, "scope"), config.part(each, "values")
            path = config.text(scope, "path").strip("/")
            type_ = config.text(scope, "type", default=kind).removesuffix("s")
            is_within = not path or file.startswith(f"{path}/") or _is_match(file, path)
            fits = type_ == kind.removesuffix("s") and is_within
            if fits and name in values and len(path) >= depth:
                found, depth = values[name], len(path)
        return found

    def _of_post(self, each: Published, zone: ZoneInfo) -> OldAddress:
        file = self.sources[each.key]
        form = each.said("permalink") or self._default(file, "posts", "permalink")
        form = _STYLES.get(str(form), str(form)) if form else self._permalink
        return OldAddress(self._filled(form, self._words(each, file, zone)), "post", each.key)

    def _of_page(self, each: Published, zone: ZoneInfo) -> OldAddress:
        file = self.sources[each.key]
        folder = file.partition("/")[0]
        if folder not in self._collections:
            return OldAddress(self._page_path(file, each.front), "page", each.key)
        name = folder.removeprefix("_")
        form = config.text(self._collections[folder], "permalink")
        given = each.said("permalink") or self._default(file, name, "permalink") or form
        is_pretty = self._page_ending == "/"
        form = str(given or f"/:collection/:path{'/' if is_pretty else ':output_ext'}")
        inside = PurePosixPath(file).relative_to(folder).with_suffix("")
        words = {
            **self._words(each, file, zone),
            "collection": name,
            "path": str(inside),
            "name": inside.name,
            "title": _pretty(str(each.said("slug") or inside.name)),
        }
        return OldAddress(self._filled(form, words), "page", each.key)

    @property
    def _page_ending(self) -> str:
        """What the addresses of pages end with: it goes by the permalink of posts."""
        given = config.text(self.config, "permalink", default="date")
        if given == "pretty":
            return "/"
        if given in _STYLES:
            return ".html"
        return "/" if given.endswith("/") else ".html" * given.endswith(":output_ext")

    def _page_path(self, file: str, front: Mapping[str, Any]) -> str:
        given = config.text(front, "permalink") or self._default(file, "pages", "permalink")
        path = PurePosixPath(file).with_suffix("")
        folder = "" if str(path.parent) == "." else f"{path.parent}/"
        form = f"{folder}" if path.name == "index" else f"{folder}{path.name}{self._page_ending}"
        words = {"path": folder.rstrip("/"), "basename": path.name, "output_ext": ".html"}
        return self._filled(str(given), words) if given else f"{self._prefix}{form}"

    def _filled(self, form: str, words: Mapping[str, str]) -> str:
        path = _WORD.sub(lambda found: words.get(found[1], found[0]), form)
        path = re.sub("/{2,}", "/", f"{self._prefix}{path}")
        return path.removesuffix("index.html") if path.endswith("/index.html") else path

    def _words(self, each: Published, file: str, zone: ZoneInfo) -> dict[str, str]:
        """As Jekyll's `UrlDrop`."""
        date = each.post.date.astimezone(zone)
        parts = PurePosixPath(file).parts
        named = _NAME.fullmatch(parts[-1])
        slug = str(each.said("slug") or (named[2] if named else PurePosixPath(file).stem))
        folders = parts[: parts.index("_posts")] if "_posts" in parts else ()
        categories = dict.fromkeys(
            (*folders, *(term for path in each.post.categories for term in path))
        )
        by_code = {
            "year": "%Y",
            "short_year": "%y",
            "month": "%m",
            "day": "%d",
            "hour": "%H",
            "minute": "%M",
            "second": "%S",
            "y_day": "%j",
            "week": "%V",
            "w_year": "%G",
            "short_day": "%a",
            "long_day": "%A",
            "short_month": "%b",
            "long_month": "%B",
        }
        return {
            **{word: date.strftime(code) for word, code in by_code.items()},
            "i_month": str(date.month),
            "i_day": str(date.day),
            "title": _pretty(slug),
            "slug": slugified(slug),
            "categories": "/".join(dict.fromkeys(term.lower() for term in categories)),
            "slugified_categories": "/".join(dict.fromkeys(map(slugified, categories))),
            "output_ext": ".html",
        }

    def _of_archives(self, posts: list[Published], zone: ZoneInfo) -> Iterator[OldAddress]:
        """The lists of jekyll-archives."""
        given = config.part(self.config, "jekyll-archives")
        enabled = config.texts(given, "enabled")
        forms = {
            "year": "/:year/",
            "month": "/:year/:month/",
            "tag": "/tag/:name/",
            "category": "/category/:name/",
            **config.part(given, "permalinks"),
        }
        kinds = {"year": "years", "month": "months", "tag": "tags", "category": "categories"}
        for kind, name in kinds.items():
            if self._has("jekyll-archives") and {"all", name} & set(enabled):
                for words, here in _listed(kind, posts, zone):
                    yield OldAddress(self._filled(str(forms[kind]), words), "list", here)

    def _of_term_feeds(self) -> Iterator[OldAddress]:
        """The feeds of categories and tags that jekyll-feed is told to make."""
        feed = config.part(self.config, "feed")
        for name in config.texts(feed, "categories"):
            here = lists.feed_of(lists.category_here((name,)))
            yield OldAddress(f"{self._prefix}feed/{name}.xml", "feed", here)
        tags = config.part(feed, "tags")
        for name in config.texts(tags, "only"):
            here = lists.feed_of(lists.tag_here(name))
            yield OldAddress(f"{self._prefix}feed/by_tag/{name}.xml", "feed", here)

    def _of_pagination(self, posts: list[Published]) -> Iterator[OldAddress]:
        per_page = config.number(self.config, "paginate", 0)
        form = config.text(self.config, "paginate_path", default="/page:num")
        head, _, tail = f"{self._prefix}{form.strip('/')}".partition(":num")
        ending = "{n}" + tail.replace("{", "").rstrip("/") + "/"
        yield from lists.further(len(posts), per_page, lists.form_of(head, ending))


def _pretty(words: str) -> str:
    """As Jekyll's `slugify` in the mode `pretty`, with capitals."""
    return _PRETTY.sub("-", words).strip("-")


def _listed(
    kind: str, posts: list[Published], zone: ZoneInfo
) -> Iterator[tuple[dict[str, str], str]]:
    """The words of each list of a kind, and where it stands here."""
    if kind == "tag":
        for tag in lists.by_tag(posts):
            yield {"name": slugified(tag)}, lists.tag_here(tag)
    elif kind == "category":
        for category in lists.by_category(posts):
            yield {"name": slugified(category[-1])}, lists.category_here(category)
    else:
        form = "%Y" if kind == "year" else "%Y/%m"
        for name in lists.by_time(posts, zone, form):
            year, _, month = name.partition("/")
            yield {"year": year, "month": month}, f"/{name}/"


def _is_match(file: str, pattern: str) -> bool:
    """As Jekyll's `EntryFilter`: a file or folder by its path, or by a glob."""
    bare = pattern.strip("/")
    return file == bare or file.startswith(f"{bare}/") or fnmatchcase(file, bare)


def _has_front(path: Path) -> bool:
    return starts_with_front_matter(path.read_text(encoding="utf-8", errors="replace"))
