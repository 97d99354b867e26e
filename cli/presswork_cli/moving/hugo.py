"""Blogs of Hugo: gohugo.io/content-management/urls, /multilingual, and gohugo.io/configuration."""

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import category
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from presswork.content import why_skipped
from presswork.content.front_matter.dates import without_date
from presswork.content.html.lazy_images import is_picture
from presswork_cli.failure import Exit, Failure
from presswork_cli.moving import config, lists, site_file
from presswork_cli.moving.blog import Blog, OldAddress
from presswork_cli.moving.sources import (
    Gathered,
    Published,
    as_source,
    files_below,
    front_of,
    has_words,
    is_text,
    published,
)

CONFIGS = tuple(
    f"{name}.{suffix}" for name in ("hugo", "config") for suffix in ("toml", "yaml", "yml", "json")
)
_FOLDER = "config/_default"
_TOKEN = re.compile(r":([a-z]+)")
_DATED = ("date", "publishDate", "publishdate", "pubdate", "published", "lastmod")
_KINDS_OF_PERMALINKS = ("page", "section", "taxonomy", "term")
_TAXONOMIES = {"tag": "tags", "category": "categories"}
_NO_FEED = "the list of all terms has no feed"
_OF_PAGES = "only pages are in it, and lists here are of posts"
_LEFT = dict.fromkeys(
    ("archetypes", "data", "i18n", "layouts", "public", "resources", "themes"),
    (
        "Templates, data and what Hugo keeps for itself are not moved.",
        "Nothing: the site has looks of its own, and can have others (docs/themes.md).",
    ),
) | {
    "assets": (
        "What the theme makes styles and scripts of is not moved.",
        "Nothing: the site has looks of its own, and can have others (docs/themes.md).",
    )
}
_OTHERWISE = (
    "It is no post, page or file of the site.",
    "Nothing, unless readers are to see it: then put it below static/.",
)


def read(path: Path) -> Blog:
    """The blog in a folder with a `hugo.toml` or such; raises Failure where there is none."""
    files = _configurations(path)
    hugo = _Hugo(path, _configured(files), files[0].name)
    found = Gathered(path)
    found.taken |= {file.relative_to(path).as_posix() for file in files}
    hugo.gather(found)
    settings, _ = site_file.fitting(hugo.settings, hugo.name)
    pages = published(found.files, settings)
    addresses = [*hugo.addresses(found, pages, settings.zone)]
    hugo.note(found)
    found.leave_rest(_LEFT, _OTHERWISE)
    return Blog(hugo.settings, found.files, tuple(addresses), tuple(found.notes))


def sanitized(words: str) -> str:
    """As Hugo's `paths.Sanitize`, in small letters: blanks are hyphens, other signs are none."""
    kept: list[str] = []
    is_blank = was_hyphen = False
    for sign in words:
        if sign in "./\\_#+~-@" or category(sign)[0] in "LM" or category(sign) == "Nd":
            was_hyphen = sign == "-"
            if is_blank and not was_hyphen:
                kept.append("-")
            is_blank = False
            kept.append(sign)
        elif kept and not was_hyphen and sign.isspace():
            is_blank = True
    return "".join(kept).lower()


def _is_content(file: str) -> bool:
    """Whether Hugo makes a page of a file; one of mere text it serves as it is."""
    return is_text(file) and not file.lower().endswith(".txt")


def _section(folder: str, inside: PurePosixPath, bundles: set[str]) -> str:
    """The section of a file of the content; a file or a bundle at the top has none."""
    top = inside.parts[0]
    return "" if len(inside.parts) == 1 or f"{folder}/{top}" in bundles else top


def _configurations(path: Path) -> list[Path]:
    """The files of a configuration, that at the top first."""
    top = [path / name for name in CONFIGS if (path / name).is_file()][:1]
    parts = sorted((path / _FOLDER).glob("*.*")) if (path / _FOLDER).is_dir() else []
    found = [*top, *(each for each in parts if each.suffix in (".toml", ".yaml", ".yml", ".json"))]
    if not found:
        raise Failure(f"{path} has no {CONFIGS[0]}: name the folder that it lies in", Exit.USAGE)
    return found


def _configured(files: list[Path]) -> dict[str, Any]:
    """The settings of all files; below `config/_default` a file's name is that of its part."""
    found: dict[str, Any] = {}
    for file in files:
        given, name = config.read(file), file.stem.lower()
        part = given if name in ("hugo", "config") else {name: given}
        for key, value in part.items():
            found[_spelled(key)] = value
    return found


def _spelled(key: str) -> str:
    """Names of settings are told apart without their capitals."""
    return key.lower()


@dataclass(frozen=True)
class _Place:
    """Where a file of the content lies: its language, and its path without that."""

    language: str
    inside: PurePosixPath

    @property
    def stem(self) -> str:
        return self.inside.stem

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that it is in; a bundle is no folder."""
        parts = self.inside.parts[:-1]
        return parts[:-1] if self.stem == "index" else parts

    def is_in(self, top: "_Place") -> bool:
        """Whether it lies in the folder of another, or below."""
        is_below = self.folders[: len(top.folders)] == top.folders
        return self.language == top.language and is_below

    @property
    def name(self) -> str:
        """What names it: its file, or its folder for a bundle."""
        return self.inside.parent.name if self.stem == "index" else self.stem


@dataclass(frozen=True)
class _Hugo:
    """A blog's folder and its configuration; `places` are those of posts and pages by key."""

    root: Path
    config: Mapping[str, Any]
    name: str
    places: dict[str, _Place] = field(default_factory=dict)
    sections: dict[str, tuple[str, _Place]] = field(default_factory=dict)
    """Lists of folders, by their address: what stands for each, and a file of the folder."""
    mere_lists: dict[str, tuple[_Place, Mapping[str, Any]]] = field(default_factory=dict)
    """Files of lists without a text, by their address, and what their authors said of them."""

    @property
    def settings(self) -> dict[str, Any]:
        """What `site.yaml` says."""
        found: dict[str, Any] = {}
        own = config.part(self._languages, self._default)
        params = config.part(self.config, "params")
        title = config.text(own, "title") or config.text(self.config, "title")
        url = urlsplit(config.text(self.config, "baseurl"))
        language = config.text(self.config, "languagecode", "locale", "defaultcontentlanguage")
        description = config.text(params, "description", "subtitle")
        if title:
            found["title"] = title
        if description:
            found["description"] = " ".join(description.split())
        if url.scheme in ("http", "https") and url.netloc and "example.org" not in url.netloc:
            found["base_url"] = f"{url.scheme}://{url.netloc}"
        if language:
            found["language"] = config.text(own, "languageCode", "locale", default=language)
        found["timezone"] = config.text(self.config, "timezone") or "UTC"
        ending = ".html" if self._is_ugly("") else "/"
        found["permalink"] = f"{self._prefix}:sections/:slug{ending}"
        found["categories"] = "parallel"
        has_emoji = config.is_set(self.config, "enableemoji", default=False)
        found["dialect"] = ["hugo", "emoji"] if has_emoji else ["hugo"]
        return found

    def gather(self, found: Gathered) -> None:
        """Posts and pages with what lies beside them, static files, and pictures of assets."""
        for folder in dict.fromkeys(self._contents):
            files = list(files_below(self.root, folder))
            bundles = {str(Path(f).parent) for f in files if Path(f).name.startswith("index.")}
            dated = self._dated_sections(folder, files, bundles)
            for file in files:
                self._gather_content(found, folder, file, dated, bundles)
        given = config.texts(self.config, "staticdir") or ("static",)
        for folder in self._mounted("static") or given:
            for file in files_below(self.root, folder):
                path = f"{self._prefix}{PurePosixPath(file).relative_to(folder)}"
                if file not in found.taken:
                    found.put_static(path, file)
        for file in filter(is_picture, files_below(self.root, "assets")):
            found.put(file, file)

    def note(self, found: Gathered) -> None:
        """Tells of what is otherwise here."""
        if len(self._languages) > 1:
            found.leave(
                self.name,
                f"The posts of all languages ({', '.join(self._languages)}) stand in one list.",
                "Nothing, or make a site of each language: their addresses are the same.",
            )

    def addresses(
        self, found: Gathered, pages: list[Published], zone: ZoneInfo
    ) -> Iterator[OldAddress]:
        """All addresses of the blog: posts and pages, files, lists and feeds."""
        for each in pages:
            path = self._path(each, zone)
            yield OldAddress(path, each.kind, each.key)
            for alias in config.texts(each.front, "aliases"):
                former = self._alias(alias, self.places[each.key], path)
                yield OldAddress(former, each.kind, each.key)
        bundles = {
            str(PurePosixPath(each.key).parent): self._path(each, zone).removesuffix(".html")
            for each in pages
            if self.places[each.key].stem == "index"
        }
        yield from lists.files_beside(found, bundles)
        yield from found.addresses
        posts = [each for each in pages if not each.post.page]
        listed = [each for each in posts if each.post.visibility == "public"]
        yield from self._of_list(self._prefix, "/", len(listed), "/feed.xml")
        for path, (here, top) in self.sections.items():
            inside = sum(self.places[each.key].is_in(top) for each in listed)
            yield from self._of_list(path, here, inside, "/feed.xml")
        for path, (place, front) in self.mere_lists.items():
            for alias in config.texts(front, "aliases"):
                yield OldAddress(self._alias(alias, place, path), "list", self.sections[path][0])
        said = [each.front for each in pages if each.post.page]
        said += [front for _, front in self.mere_lists.values()]
        yield from self._of_terms(listed, said)
        yield OldAddress(f"{self._prefix}sitemap.xml", "feed", "/sitemap.xml")

    @property
    def _prefix(self) -> str:
        path = urlsplit(config.text(self.config, "baseurl")).path.strip("/")
        return f"/{path}/" if path else "/"

    @property
    def _languages(self) -> Mapping[str, Any]:
        return config.part(self.config, "languages")

    @property
    def _default(self) -> str:
        return config.text(self.config, "defaultcontentlanguage", default="en")

    @cached_property
    def _contents(self) -> dict[str, str]:
        """The folders of content, and the language of each that is of one."""
        own = {
            config.text(config.part(self._languages, name), "contentDir", "contentdir").strip(
                "/"
            ): name
            for name in self._languages
        }
        own.pop("", None)
        top = config.text(self.config, "contentdir", default="content").strip("/")
        return self._mounted("content") or own or {top: ""}

    def _mounted(self, target: str) -> dict[str, str]:
        """The folders that stand for another, with their languages."""
        module = config.part(self.config, "module")
        found = {}
        for given in config.typed(module.get("mounts"), list) or ():
            mount = config.typed(given, dict) or {}
            matrix = config.part(config.part(mount, "sites"), "matrix")
            languages = (*config.texts(mount, "lang"), *config.texts(matrix, "languages"), "")
            if config.text(mount, "target").strip("/") == target:
                found[config.text(mount, "source").strip("/")] = languages[0]
        return found

    def _place(self, folder: str, file: str) -> _Place:
        inside = PurePosixPath(file).relative_to(folder)
        language = self._contents[folder] or self._default
        stem, _, last = inside.stem.rpartition(".")
        if stem and last in self._languages:
            return _Place(last, inside.with_name(f"{stem}{inside.suffix}"))
        return _Place(language, inside)

    def _dated_sections(self, folder: str, files: list[str], bundles: set[str]) -> set[str]:
        """The sections of posts: those in which a date says when something was written."""
        found = set()
        for file in filter(_is_content, files):
            inside = PurePosixPath(file).relative_to(folder)
            section = _section(folder, inside, bundles)
            if section and section not in found and not inside.name.startswith("_index."):
                front = front_of((self.root / file).read_bytes())
                is_dated = any(front.get(name) for name in _DATED)
                if is_dated or without_date(inside.stem) != inside.stem:
                    found.add(section)
        return found

    def _gather_content(
        self, found: Gathered, folder: str, file: str, dated: set[str], bundles: set[str]
    ) -> None:
        place = self._place(folder, file)
        language = "" if place.language == self._default else f"{place.language}/"
        section = _section(folder, place.inside, bundles)
        top = "posts/" if section in dated else f"pages{self._prefix}"
        key = f"{top}{language}{place.inside}"
        in_bundle = any(str(parent) in bundles for parent in PurePosixPath(file).parents)
        why = why_skipped(f"pages/{place.inside}", b"x")
        if place.stem == "_index" and _is_content(file):
            self._gather_section(found, file, place, dated)
        elif why is not None:
            found.leave(file, why, "Save it as Markdown or HTML, and import again.")
        elif _is_content(file):
            if in_bundle and place.stem != "index":
                found.leave(
                    file,
                    "It lies in the folder of another page, which shows it by a template.",
                    "Put its text into that page, or make a page of it.",
                )
                return
            key = as_source(key)
            found.put(key, file)
            self.places.setdefault(key, place)
            if len(place.folders) > 0:
                address = f"{self._home(place)}{sanitized(place.folders[0])}/"
                top_of = _Place(place.language, PurePosixPath(place.folders[0], "_index.md"))
                here = "/archives/" if section in dated else "/"
                self.sections.setdefault(address, (here, top_of))
        elif in_bundle and not is_text(file):
            found.put(key, file)
        else:
            found.put_static(f"{self._home(place)}{place.inside}", file)

    def _gather_section(self, found: Gathered, file: str, place: _Place, dated: set[str]) -> None:
        """The text of a list of a folder: a page, if it says anything."""
        path = self._home(place) + "".join(f"{sanitized(each)}/" for each in place.folders)
        data = (self.root / file).read_bytes()
        if found.is_of_the_site(path, file):
            return
        if not has_words(data):
            found.leave(
                file,
                "It has no text but that of a list, and folders have no lists here.",
                "Nothing: its address leads to the archives, or home where it has no posts.",
            )
            is_dated = bool(place.folders) and place.folders[0] in dated
            self.sections[path] = ("/archives/" if is_dated else "/"), place
            self.mere_lists[path] = place, front_of(data)
            return
        language = "" if place.language == self._default else f"{place.language}/"
        key = as_source(f"pages{self._prefix}{language}{place.inside}")
        found.put(key, file)
        self.places[key] = place
        self.sections[path] = key, place

    def _home(self, place: _Place) -> str:
        """What the addresses of a language begin with."""
        in_folder = config.is_set(self.config, "defaultcontentlanguageinsubdir", default=False)
        is_apart = place.language in self._languages and (
            place.language != self._default or in_folder
        )
        return f"{self._prefix}{place.language}/" if is_apart else self._prefix

    def _is_ugly(self, section: str) -> bool:
        given = self.config.get("uglyurls")
        if isinstance(given, Mapping):
            return config.is_set(given, section, default=False)
        return given is True

    def _path(self, each: Published, zone: ZoneInfo) -> str:
        """Where Hugo has a page."""
        place = self.places[each.key]
        home = self._home(place)
        url = each.said("url", "URL")
        if isinstance(url, str) and url.strip("/"):
            path = f"{home}{url.strip().lstrip('/')}"
            return path if path.endswith("/") or PurePosixPath(path).suffix else f"{path}/"
        folders = "".join(f"{sanitized(folder)}/" for folder in place.folders)
        if place.stem == "_index":
            return f"{home}{folders}"
        section = place.folders[0] if place.folders else ""
        if form := self._form(section):
            path = f"{home}{self._filled(form, each, place, zone).strip('/')}/"
        else:
            name = each.said("slug") or place.name
            path = f"{home}{folders}{sanitized(str(name))}/"
        return f"{path.rstrip('/')}.html" if self._is_ugly(section) else path

    def _form(self, section: str) -> str:
        """The permalink of a section, if it has one of its own."""
        given = config.part(self.config, "permalinks")
        of_pages = config.part(given, "page")
        forms = {
            **{k: v for k, v in given.items() if k not in _KINDS_OF_PERMALINKS},
            **of_pages,
        }
        return config.text(forms, section) or (config.text(forms, "/") if not section else "")

    def _filled(self, form: str, each: Published, place: _Place, zone: ZoneInfo) -> str:
        date = each.post.date.astimezone(zone)
        title, slug = sanitized(each.post.title), sanitized(str(each.said("slug") or ""))
        name = sanitized(place.name)
        words = {
            "year": f"{date:%Y}",
            "month": f"{date:%m}",
            "day": f"{date:%d}",
            "monthname": f"{date:%B}".lower(),
            "weekdayname": f"{date:%A}".lower(),
            "weekday": f"{date:%w}",
            "yearday": str(int(f"{date:%j}")),
            "section": sanitized(place.folders[0]) if place.folders else "",
            "sections": "/".join(map(sanitized, place.folders)),
            "title": title,
            "slug": slug or title,
            "filename": name,
            "contentbasename": name,
            "slugorfilename": slug or name,
            "slugorcontentbasename": slug or name,
        }
        path = _TOKEN.sub(lambda found: words.get(found[1], found[0]), form)
        return re.sub("/{2,}", "/", path)

    def _alias(self, alias: str, place: _Place, page: str) -> str:
        """Where a former address stood: one without a slash in front lies beside the page."""
        if alias.startswith("/"):
            path = f"{self._home(place)}{alias.lstrip('/')}"
        else:
            path = f"{posixpath.dirname(page.rstrip('/'))}/{alias}"
        path = posixpath.normpath(path)
        if path.endswith((".html", ".htm")):
            return path
        section = place.folders[0] if place.folders else ""
        return f"{path.rstrip('/')}.html" if self._is_ugly(section) else f"{path.rstrip('/')}/"

    def _of_list(
        self, path: str, here: str, count: int, feed: str, why: str = ""
    ) -> Iterator[OldAddress]:
        """A list, its feed, and its further pages; what stands for it may be a page, or nothing."""
        yield OldAddress(path, "list", here, why)
        folder = path.removesuffix(".html").rstrip("/") + "/"
        yield OldAddress(f"{folder}index.xml", "feed", feed, why or ("" if feed else _NO_FEED))
        size = config.part(self.config, "pagination")
        lower = {key.lower(): value for key, value in size.items()}
        per_page = config.number(lower, "pagersize", config.number(self.config, "paginate", 10))
        name = config.text(lower, "path", default="page")
        ending = ".html" if path.endswith(".html") else "/"
        form = lists.form_of(f"{folder}{name}/", "{n}" + ending)
        yield from lists.further(max(count, 1), per_page, form, first=1)

    def _of_terms(
        self, posts: list[Published], said: list[Mapping[str, Any]]
    ) -> Iterator[OldAddress]:
        """The lists of taxonomies; of others than tags and categories nothing stands here.

        `said` is the front matter of what is no post.
        """
        ending = ".html" if self._is_ugly("") else "/"
        given = config.part(self.config, "taxonomies") or _TAXONOMIES
        plurals = set(map(str, given.values()))
        if "tags" in plurals:
            by_tag = lists.by_tag(posts)
            yield from self._of_terms_list("tags", by_tag)
            for tag, members in by_tag.items():
                here = lists.tag_here(tag)
                path = f"{self._prefix}tags/{sanitized(tag)}{ending}"
                yield from self._of_list(path, here, len(members), lists.feed_of(here))
            yield from self._of_pages("tags", by_tag, said)
        if "categories" in plurals:
            by_category = lists.by_category(posts)
            yield from self._of_terms_list("categories", by_category)
            for name, members in by_category.items():
                here = lists.category_here(name)
                path = f"{self._prefix}categories/{sanitized(name[-1])}{ending}"
                yield from self._of_list(path, here, len(members), lists.feed_of(here))
            yield from self._of_pages("categories", (path[-1] for path in by_category), said)

    def _of_pages(
        self, name: str, of_posts: Iterable[str], said: list[Mapping[str, Any]]
    ) -> Iterator[OldAddress]:
        """The lists of terms that no post has."""
        ending = ".html" if self._is_ugly("") else "/"
        terms = {sanitized(term) for front in said for term in config.texts(front, name)}
        for term in sorted(terms - set(map(sanitized, of_posts))):
            yield from self._of_list(f"{self._prefix}{name}/{term}{ending}", "", 1, "", _OF_PAGES)

    def _of_terms_list(self, name: str, terms: Collection[object]) -> Iterator[OldAddress]:
        """The list of all terms of a kind, which is there without any as well."""
        here = f"/{name}/" if terms else "/archives/"
        return self._of_list(f"{self._prefix}{name}/", here, 1, "")
