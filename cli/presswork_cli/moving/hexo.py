"""Blogs of Hexo: hexo.io/docs/configuration, permalinks, asset-folders, and generators of lists."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import combining, normalize
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from presswork.content.front_matter.dates import without_date
from presswork_cli.moving import config, lists, own_line, site_file
from presswork_cli.moving.author import name_author
from presswork_cli.moving.blog import Blog, OldAddress
from presswork_cli.moving.sources import (
    Gathered,
    Published,
    as_source,
    check_folder,
    files_below,
    front_of,
    is_fragment,
    is_text,
    published,
)
from presswork_cli.new import zone

CONFIG = "_config.yml"

_SPECIAL = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/\x00-\x1f]+")
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "s", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ı": "i"}
)
_WORD = re.compile(r":(\w+)")
_WORDS_HERE = {
    "title": ":sections/:filename",
    "name": ":filename",
    "post_title": ":slug",
    "category": ":category",
    "abbrlink": ":slug",
} | {
    word: f":{word}"
    for word in ("year", "month", "i_month", "day", "i_day", "hour", "minute", "second")
}
"""Words of a permalink, and what they are here; of others each post is told its address."""

_LEFT = {
    "themes": (
        "Themes of Hexo are not moved.",
        "Nothing: the site has looks of its own, and can have others (docs/themes.md).",
    ),
}
_OTHERWISE = (
    "It is no post, page or file of the site.",
    "Nothing, unless readers are to see it: then put it below static/.",
)


def read(path: Path) -> Blog:
    """The blog in a folder with a `_config.yml`; raises Failure where there is none."""
    hexo = _Hexo(path, config.read_of("hexo", check_folder(path, CONFIG)))
    found = Gathered(path)
    found.taken.add(CONFIG)
    hexo.gather(found)
    settings, _ = site_file.fitting(hexo.settings, CONFIG)
    posts = published(found.files, settings)
    addresses = [*hexo.addresses(found, posts, settings.zone)]
    hexo.note(found)
    return Blog(hexo.settings, found.files, tuple(addresses), tuple(found.notes))


def slugized(words: str, case: int = 0) -> str:
    """As hexo-util's `slugize` spells a text in an address; `case` is the setting `filename_case`.

    Diacritics fall, and what is no letter or digit is a hyphen.
    """
    plain = "".join(sign for sign in normalize("NFKD", words) if not combining(sign))
    slug = _SPECIAL.sub("-", normalize("NFC", plain).translate(_LETTERS)).strip("-")
    return {1: slug.lower(), 2: slug.upper()}.get(case, slug)


@dataclass(frozen=True)
class _Hexo:
    """A blog's folder and its configuration."""

    root: Path
    config: Mapping[str, Any]

    @property
    def settings(self) -> dict[str, Any]:
        """What `site.yaml` says."""
        found: dict[str, Any] = {}
        title = config.text(self.config, "title")
        description = config.text(self.config, "description", "subtitle")
        url = urlsplit(config.text(self.config, "url"))
        language = next(iter(config.texts(self.config, "language")), "")
        if title:
            found["title"] = title
        if description:
            found["description"] = description
        if url.scheme and url.netloc and not url.netloc.endswith(("example.com", "yoursite.com")):
            found["base_url"] = f"{url.scheme}://{url.netloc}"
        if language and language != "default":
            found["language"] = language.replace("_", "-")
        found["timezone"] = config.text(self.config, "timezone") or zone.of_machine()
        found["permalink"] = self._permalink_here
        found["dialect"] = ["hexo"]
        return found

    def gather(self, found: Gathered) -> None:
        """The files of `source_dir`: posts and what lies beside them, drafts, pages, and files."""
        source = self._source
        for file in files_below(self.root, source):
            inside = PurePosixPath(file).relative_to(source)
            if inside.parts[0] == "_posts" and len(inside.parts) > 1:
                self._gather_post(found, file, inside)
            elif inside.parts[0] == "_drafts":
                found.put(f"posts/{inside}", file)
            elif not any(part.startswith("_") for part in inside.parts):
                self._gather_page(found, file, inside)
        author = config.text(self.config, "author")
        if author and author != "John Doe":
            name_author(found, CONFIG, author)

    def note(self, found: Gathered) -> None:
        """Tells of what does not come along."""
        found.leave_rest(_LEFT, _OTHERWISE)

    def addresses(
        self, found: Gathered, pages: list[Published], zone: ZoneInfo
    ) -> Iterator[OldAddress]:
        """All addresses of the blog: posts and pages, files, lists and feeds."""
        posts = [each for each in pages if not each.post.page]
        for each in pages:
            yield from self._of_page(each) if each.post.page else self._of_post(each, zone)
            for old in config.texts(each.front, "alias"):
                yield OldAddress(f"{self._prefix}{old.lstrip('/')}", each.kind, each.key)
        yield from self._of_files(found, posts, zone)
        yield from self._of_aliases()
        yield OldAddress(self._prefix, "list", "/")
        listed = [each for each in posts if each.post.visibility == "public"]
        yield from self._of_lists(listed, zone)
        yield from self._of_feeds()

    @property
    def _source(self) -> str:
        return config.text(self.config, "source_dir", default="source").strip("/")

    @property
    def _prefix(self) -> str:
        """What all addresses begin with: a slash, or a folder of the host."""
        given = config.text(self.config, "root") or urlsplit(config.text(self.config, "url")).path
        return f"/{given.strip('/')}/" if given.strip("/") else "/"

    @property
    def _permalink(self) -> str:
        return config.text(self.config, "permalink") or ":year/:month/:day/:title/"

    @property
    def _permalink_here(self) -> str:
        """The site's permalink, if all words of it are known; else the words that are."""
        words = _WORD.findall(self._permalink)
        if not words or not all(word in _WORDS_HERE for word in words):
            return "/:year/:month/:day/:sections/:filename/"
        path = _WORD.sub(lambda found: _WORDS_HERE[found[1]], self._permalink.strip("/"))
        return f"{self._prefix}{path}" + ("" if path.endswith(".html") else "/")

    def _has(self, generator: str) -> bool:
        """Whether the blog has a generator; without a `package.json` it has those of the start."""
        path = self.root / "package.json"
        if not path.is_file():
            return generator in ("index", "archive", "category", "tag")
        package = config.read(path)
        return f"hexo-generator-{generator}" in {
            **config.part(package, "dependencies"),
            **config.part(package, "devDependencies"),
        }

    def _gather_post(self, found: Gathered, file: str, inside: PurePosixPath) -> None:
        """A post; one without a date has that of its file, as in Hexo, and from now on."""
        key, path = "/".join(("posts", *inside.parts[1:])), self.root / file
        dated = None
        if is_text(file) and without_date(inside.stem) == inside.stem:
            zone = ZoneInfo(self.settings["timezone"])
            changed = datetime.fromtimestamp(path.stat().st_mtime, zone)
            date = changed.isoformat(sep=" ", timespec="seconds")
            dated = own_line.with_date(path.read_bytes(), date)
        found.put(as_source(key), file, dated)

    def _gather_page(self, found: Gathered, file: str, inside: PurePosixPath) -> None:
        """A page, or a file that is copied: what is no text, and whole pages of HTML."""
        below = f"{self._prefix}{inside}"[1:]
        path = self.root / file
        if not is_text(file) or inside.suffix == ".txt" or not is_fragment(path):
            found.put_static(f"/{below}", file)
        elif not found.is_of_the_site(_page_path(f"/{below}", front_of(path.read_bytes())), file):
            found.put(as_source(f"pages/{below}"), file)

    def _of_post(self, each: Published, zone: ZoneInfo) -> Iterator[OldAddress]:
        yield OldAddress(self._post_path(each, zone), "post", each.key)

    def _post_path(self, each: Published, zone: ZoneInfo) -> str:
        """As Hexo's filter `post_permalink`."""
        own = each.said("permalink")
        if isinstance(own, str) and own.strip("/"):
            ending = "" if own.endswith((".html", "/")) else "/"
            return f"{self._prefix}{own.lstrip('/')}{ending}"
        words = self._words(each, zone)
        defaults = config.part(self.config, "permalink_defaults")

        def word(found: re.Match[str]) -> str:
            return str(words.get(found[1]) or defaults.get(found[1]) or "")

        path = re.sub("/{2,}", "/", f"{self._prefix}{_WORD.sub(word, self._permalink)}")
        return path.removesuffix("index.html") if path.endswith("/index.html") else path

    def _words(self, each: Published, zone: ZoneInfo) -> dict[str, Any]:
        date = each.post.date.astimezone(zone)
        case = config.number(self.config, "filename_case", 0)
        slug = self._slug(each.key)
        categories = each.post.categories
        return {
            **each.front,
            "title": slug,
            "name": slug.rpartition("/")[2],
            "post_title": slugized(each.post.title, 1),
            "year": f"{date:%Y}",
            "month": f"{date:%m}",
            "day": f"{date:%d}",
            "hour": f"{date:%H}",
            "minute": f"{date:%M}",
            "second": f"{date:%S}",
            "i_month": date.month,
            "i_day": date.day,
            "timestamp": int(date.timestamp()),
            "hash": sha1(f"{slug}{int(date.timestamp())}".encode()).hexdigest()[:12],  # noqa: S324 - as Hexo names posts
            "category": (
                self._category_slug(categories[-1], case)
                if categories
                else config.text(self.config, "default_category", default="uncategorized")
            ),
        }

    def _slug(self, key: str) -> str:
        """A post's file below `_posts`, without its date where `new_post_name` begins with one."""
        folder, _, name = key.removeprefix("posts/").rpartition("/")
        stem = PurePosixPath(name).stem
        if config.text(self.config, "new_post_name").startswith(":year-:month-:day-"):
            stem = without_date(stem)
        return f"{folder}/{stem}" if folder else stem

    def _category_slug(self, path: tuple[str, ...], case: int) -> str:
        named = config.part(self.config, "category_map")
        return "/".join(slugized(str(named.get(each, each)), case) for each in path)

    def _of_page(self, each: Published) -> Iterator[OldAddress]:
        path = each.key.removeprefix("pages")
        yield OldAddress(_page_path(path, each.front, self._prefix), "page", each.key)

    def _of_files(
        self, found: Gathered, posts: list[Published], zone: ZoneInfo
    ) -> Iterator[OldAddress]:
        """Files, and those in the folders of posts, which are copied to where they were."""
        yield from found.addresses
        if not config.is_set(self.config, "post_asset_folder", default=False):
            return
        folders = {
            str(PurePosixPath(each.key).with_suffix("")): re.sub(
                r"\.html?\Z", "", self._post_path(each, zone)
            )
            for each in posts
        }
        yield from lists.files_beside(found, folders)

    def _of_aliases(self) -> Iterator[OldAddress]:
        """Those of hexo-generator-alias, turned around."""
        for old, new in config.part(self.config, "alias").items():
            to = str(new)
            to = to if to.startswith(("/", "https://")) else f"{self._prefix}{to}"
            yield OldAddress(f"{self._prefix}{old.lstrip('/')}", "page", to)

    def _of_lists(self, posts: list[Published], zone: ZoneInfo) -> Iterator[OldAddress]:
        if self._has("index"):
            yield from lists.further(len(posts), self._per_page("index"), self._form(self._prefix))
        if self._has("archive"):
            top = self._dir("archive_dir", "archives")
            yield from self._of_list(top, "/archives/", len(posts), "archive")
            for form in ("%Y", "%Y/%m"):
                for name, members in lists.by_time(posts, zone, form).items():
                    path = f"{top}{name}/"
                    yield from self._of_list(path, f"/{name}/", len(members), "archive")
        case = config.number(self.config, "filename_case", 0)
        if self._has("tag"):
            top, named = self._dir("tag_dir", "tags"), config.part(self.config, "tag_map")
            for tag, members in lists.by_tag(posts).items():
                path = f"{top}{slugized(str(named.get(tag, tag)), case)}/"
                yield from self._of_list(path, lists.tag_here(tag), len(members), "tag")
        if self._has("category"):
            top = self._dir("category_dir", "categories")
            for category, members in lists.by_category(posts).items():
                path = f"{top}{self._category_slug(category, case)}/"
                here = lists.category_here(category)
                yield from self._of_list(path, here, len(members), "category")

    def _of_list(self, path: str, here: str, count: int, generator: str) -> Iterator[OldAddress]:
        yield OldAddress(path, "list", here)
        yield from lists.further(count, self._per_page(generator), self._form(path))

    def _dir(self, name: str, default: str) -> str:
        return f"{self._prefix}{config.text(self.config, name, default=default).strip('/')}/"

    def _form(self, path: str) -> str:
        folder = config.text(self.config, "pagination_dir", default="page").strip("/")
        return lists.form_of(f"{path}{folder}/", "{n}/")

    def _per_page(self, generator: str) -> int:
        own = config.part(self.config, f"{generator}_generator")
        return config.number(own, "per_page", config.number(self.config, "per_page", 10))

    def _of_feeds(self) -> Iterator[OldAddress]:
        """Those of hexo-generator-feed and hexo-generator-sitemap."""
        feed = config.part(self.config, "feed")
        if self._has("feed"):
            types = config.texts(feed, "type") or ("atom",)
            paths = config.texts(feed, "path") or tuple(f"{each}.xml" for each in types)
            for kind, path in zip(types, paths, strict=False):
                here = "/rss.xml" if kind == "rss2" else "/feed.xml"
                yield OldAddress(f"{self._prefix}{path.lstrip('/')}", "feed", here)
        if self._has("sitemap"):
            yield OldAddress(f"{self._prefix}sitemap.xml", "feed", "/sitemap.xml")


def _page_path(path: str, front: Mapping[str, Any], prefix: str = "/") -> str:
    """Where Hexo has a page: a file becomes one of HTML, `index` is its folder."""
    own = front.get("permalink")
    if isinstance(own, str) and own.strip("/"):
        path = f"{prefix}{own.lstrip('/')}"
        path += "" if PurePosixPath(path).suffix or path.endswith("/") else ".html"
    elif not path.endswith("/"):
        path = str(PurePosixPath(path).with_suffix(".html"))
    return unquote(path.removesuffix("index.html") if path.endswith("/index.html") else path)
