"""What an administrator can set for the whole site, in `site.yaml`."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args
from unicodedata import category, normalize
from urllib.parse import quote, unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from presswork.authority import AsAuthors
from presswork.deferred import Deferred
from presswork.site_keys import Owner, canonical, key_of, owner, path_of

EmbedHost = Literal["youtube", "vimeo", "bilibili", "mastodon"]
Dialect = Literal[
    "docusaurus",
    "github",
    "hexo",
    "hugo",
    "jekyll",
    "mkdocs",
    "myst",
    "obsidian",
    "pandoc",
    "vitepress",
    "zola",
    "directives",
    "emoji",
    "highlight",
    "subscript",
    "superscript",
    "wikilinks",
]
"""The tools whose Markdown is understood, and marks by themselves."""
EMBED_HOSTS: tuple[EmbedHost, ...] = get_args(EmbedHost)

_PLACEHOLDERS = (
    *("year", "short_year", "month", "i_month", "day", "i_day", "y_day"),
    *("hour", "minute", "second", "title", "slug", "filename", "section", "sections"),
    *("category", "categories", "id", "output_ext"),
)
_TELL_APART = frozenset({"title", "slug", "filename", "id"})
_LONGEST_KEY, _LONGEST_LOCATION = 1024, 1900
"""Of an object of S3, and of what its metadata have room for."""
_UNFIT = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")

Line = Annotated[str, Field(min_length=1, max_length=200)]
LONGEST_LANGUAGE = 35
"""What software is to be ready for (RFC 5646, section 4.4.1); a longer tag says nothing."""

Language = Annotated[
    str, Field(max_length=LONGEST_LANGUAGE, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
SourceName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


_SECRETS = ("password", "passwd", "passphrase", "secret", "token", "apikey", "credentials")


def names_secret(key: str) -> bool:
    """Whether a key of front matter is, by its name, for nobody's eyes but its author's."""
    letters = "".join(filter(str.isalnum, key)).lower()
    return letters.rstrip("s0123456789").endswith(_SECRETS) or letters.endswith(_SECRETS)


def _host(url: str) -> str | None:
    """The host of an http address that can stand in a link as it is, else None."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or _UNFIT.search(url):
        return None
    return parts.hostname


def _address(url: str) -> str:
    if not _host(url):
        raise ValueError("write it as https://example.org/about")
    return url


def _target(url: str) -> str:
    is_path = url.startswith("/") and not url.startswith("//")
    is_mail = re.fullmatch(r"mailto:[^@]+@[^@]+", url) is not None
    if _UNFIT.search(url) or not (is_path or is_mail or _host(url)):
        raise ValueError("write it as /about/, https://example.org/ or mailto:us@example.org")
    return url


def _redirected(path: str) -> str:
    """The address of a redirect in its one spelling."""
    start = canonical(normalize("NFC", unquote(path)))
    key = key_of(start)
    parts = key.split("/")
    if not path.startswith("/") or "" in parts or any(part.startswith(".") for part in parts):
        raise ValueError(f"write {path[:80]!r} as /old/page/ or /old/page.html")
    if any(category(sign)[0] == "C" for sign in start) or "\\" in start:
        raise ValueError(f"{path[:80]!r} has an invisible character or a \\")
    if owner(key) is not Owner.CLAIM or path_of(key) != start:
        raise ValueError(f"{start[:80]} belongs to the site itself")
    if len(key.encode()) > _LONGEST_KEY:
        raise ValueError(f"{start[:80]}… is longer than {_LONGEST_KEY} bytes")
    return start


def _led_to(target: str) -> str:
    """Where a redirect leads, percent-encoded."""
    is_path = target.startswith("/") and not target.startswith("//")
    location = quote(target, safe="/?#%&=+:@!$'()*,;~[]")
    is_https = target.startswith("https://") and _host(location) is not None
    if "\\" in target or len(location) > _LONGEST_LOCATION or not (is_path or is_https):
        raise ValueError(f"write {target[:80]!r} as /new/page/ or https://example.org/page")
    return location


def _path_led_to(location: str) -> str:
    """The path of a redirect's target, as redirects have it."""
    return canonical(normalize("NFC", unquote(re.split(r"[?#]", location, maxsplit=1)[0])))


def _of_front_matter(value: Any) -> Any:
    """A value of front matter as it is kept: what the table gives back as it was."""
    if isinstance(value, list | tuple):
        return [_of_front_matter(each) for each in value]
    if isinstance(value, Decimal) and value == int(value):
        return int(value)
    if not isinstance(value, str | bool | int):
        raise ValueError("write text, a whole number, true or false, or a list of such")  # noqa: TRY004 - pydantic's
    return value


# What editors are told is less than what is checked: JSON Schema knows no hosts.
_ADDRESS = {"pattern": "^https?://[^/]"}
_TARGET = {"pattern": "^(/([^/]|$)|https?://[^/]|mailto:)"}

Address = Annotated[
    str, Field(max_length=1000, json_schema_extra=_ADDRESS), AfterValidator(_address)
]
FrontMatterKey = Annotated[str, Field(min_length=1, max_length=50)]
_VALUE: dict[str, Any] = {"type": ["string", "integer", "boolean", "array"]}
FrontMatterValue = Annotated[Any, AfterValidator(_of_front_matter), WithJsonSchema(_VALUE)]
Target = Annotated[str, Field(max_length=1000, json_schema_extra=_TARGET), AfterValidator(_target)]


class _Settings(Deferred, BaseModel):  # ruff knows a model by the second
    """A part of `site.yaml`: frozen, and an unknown name in it is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class Author(_Settings):
    """Who writes for the site; posts name an author by the name given here."""

    url: Address | None = None
    """The author's own page elsewhere."""
    bio: Annotated[str, Field(max_length=500)] = ""
    """A sentence about the author, shown on the page of the author's posts."""


class MenuEntry(_Settings):
    """A link at the top of every page."""

    text: Line
    """The words of the link."""
    url: Target
    """A path on the site such as `/about/`, or an address elsewhere."""


class WebhookSource(_Settings):
    """What a source of webhooks may have of the site, and what its posts say by default."""

    paths: Annotated[str, Field(max_length=200)] = ""
    """What all paths and aliases of its posts begin with, such as `/news/`."""
    authority: Literal["source", "author"] = "source"
    """Whether its posts claim paths and ids below those of authors (`source`), or as theirs do."""
    defaults: Annotated[dict[FrontMatterKey, FrontMatterValue], Field(max_length=50)] = {}
    """Front matter of its posts, where they say nothing themselves."""

    @field_validator("paths")
    @classmethod
    def _paths_are_a_folder(cls, paths: str) -> str:
        if not paths:
            return ""
        try:
            folder = _redirected(f"{paths}a/").removesuffix("a/")
        except ValueError as error:
            raise ValueError(f"{paths[:80]!r} is no folder such as /news/") from error
        if not paths.endswith("/"):
            raise ValueError(f"write {paths[:80]!r} as {paths[:80]}/")
        return folder


class Feeds(_Settings):
    """What feeds hold."""

    entries: Annotated[int, Field(ge=1, le=20)] = 20
    """How many of the newest posts stand in a feed."""
    full_text: bool = True
    """Whether entries hold the whole text, or the summary alone."""
    terms: bool = True
    """Whether each tag, category, author and series has an Atom feed of its own."""


class ImageSettings(_Settings):
    """How pages show images."""

    cover: bool = True
    """Whether a post's cover stands above its text."""
    quality: Annotated[int, Field(ge=30, le=95)] = 80
    """How close variants are to their original, on the scale of JPEG; another makes all anew."""


# Below this the curve of sRGB is a straight line.
_STRAIGHT = 0.04045


def _luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance", of a colour such as #8a2f1d."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= _STRAIGHT else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio", of two colours such as #8a2f1d: from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


RAISED = {"accent": "#f3f1ea", "accent_dark": "#24221f"}
"""The ground that leaves text in each accent the least contrast: the stylesheet's `--raised`."""

_AA = 4.5


class Theme(_Settings):
    """Options of the default theme."""

    accent: Colour = "#8a2f1d"
    """The colour of links in light mode; its contrast to the ground has to be 4.5 or more."""
    accent_dark: Colour = "#eba58e"
    """The colour of links in dark mode; its contrast to the ground has to be 4.5 or more."""
    contents: bool = True
    """Whether long posts have a table of contents."""
    search: bool = True
    """Whether the site has a search page."""

    @field_validator("accent", "accent_dark")
    @classmethod
    def _accent_can_be_read(cls, colour: str, info: ValidationInfo) -> str:
        found = contrast(colour, RAISED[info.field_name or "accent"])
        if found < _AA:
            change = "darker" if info.field_name == "accent" else "lighter"
            raise ValueError(f"its contrast is {found:.1f}; take a {change} one, 4.5 can be read")
        return colour


class Site(_Settings):
    """The settings of a site; every one has a default, an unknown one is an error."""

    title: Line = "Presswork"
    """The name of the site, at the top of every page and of every feed."""
    description: Annotated[str, Field(max_length=500)] = ""
    """A sentence about the site, for the home page, feeds and search engines."""
    base_url: Annotated[str, Field(max_length=1000)] = ""
    """The address that readers know, such as https://example.org; without it, the stack's own."""
    language: Language = "en"
    """The site's own language, as a tag such as en, pt-BR or zh-Hans."""
    timezone: str = "UTC"
    """The time zone that days and months are counted in, such as Europe/Lisbon."""
    permalink: Annotated[str, Field(max_length=200)] = "/:year/:month/:slug/"
    """The path of posts, of `:year`, `:slug`, `:section` and others; it may end in `.html`."""
    categories: Literal["chain", "parallel"] = "chain"
    """Whether a post's list of categories is one path from general to particular, or several."""
    slug: Literal["unicode", "ascii", "hash"] = "unicode"
    """Whether a slug keeps its script, is in ASCII, or is a hash of the post's id."""
    slug_from: Literal["file", "title"] = "file"
    """What a slug is made of: the file's name, unless a machine named it, or the title."""
    authors: Annotated[dict[Line, Author], Field(max_length=200)] = {}
    """Who writes for the site, by the names that posts give."""
    invalidate: Literal["removed", "updated", "never"] = "removed"
    """Whether caches are told to forget the pages of posts removed, of posts changed as well."""
    redirects: Annotated[dict[str, str], Field(max_length=200)] = {}
    """Where addresses lead that nobody else holds: from a path, to a path or an https address."""
    sources: Annotated[dict[SourceName, WebhookSource], Field(max_length=200)] = {}
    """What the posts of webhooks may have, by the names of the sources that they come from."""
    menu: Annotated[tuple[MenuEntry, ...], Field(max_length=12)] = ()
    """Links at the top of every page."""
    feeds: Feeds = Field(default_factory=Feeds)
    """What feeds hold."""
    images: ImageSettings = Field(default_factory=ImageSettings)
    """How pages show images."""
    theme: Theme = Field(default_factory=Theme)
    """Options of the default theme."""
    dialect: tuple[Dialect, ...] = ()
    """The tools that posts were written for, or single marks of Markdown, which then count."""
    math: bool | Literal["auto"] = "auto"
    """Whether dollars enclose formulas: all that can, those that look like TeX, or none."""
    embeds: tuple[EmbedHost, ...] = ()
    """The hosts whose players are shown in a frame; true means all of them."""
    trusted_html: tuple[str, ...] = ()
    """Folders of posts or pages, such as `posts/team/`, whose HTML keeps its own looks."""

    extra: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    """Further keys of front matter that are public: themes and `index.json` get them."""

    @field_validator("base_url")
    @classmethod
    def _base_url_is_a_host(cls, url: str) -> str:
        bare = url.rstrip("/")
        if bare and (not _host(bare) or bare.count("/") > 2 or "?" in bare or "#" in bare):  # noqa: PLR2004 - https://
            raise ValueError("write it as https://example.org, without path, ? and #")
        return bare

    @field_validator("permalink")
    @classmethod
    def _permalink_tells_posts_apart(cls, template: str) -> str:
        if not template.startswith("/"):
            raise ValueError("it has to begin with a slash")
        names = re.findall(r":([a-z_]+)", template)
        unknown = [name for name in names if name not in _PLACEHOLDERS]
        if unknown:
            raise ValueError(f":{unknown[0]} is not one of :{', :'.join(_PLACEHOLDERS)}")
        if _TELL_APART.isdisjoint(names):
            raise ValueError("it needs :slug, :filename or :id to tell posts apart")
        return template

    @field_validator("redirects")
    @classmethod
    def _redirects_lead_on(cls, redirects: dict[str, str]) -> dict[str, str]:
        targets: dict[str, str] = {}
        for path, target in redirects.items():
            start = _redirected(path)
            if targets.setdefault(start, _led_to(target)) != _led_to(target):
                raise ValueError(f"{start[:80]} leads to two places")
        for start in targets:
            passed = [start]
            while (following := _path_led_to(targets[passed[-1]])) in targets:
                if following == start:
                    over = "".join(f" over {path[:80]}" for path in passed[1:4])
                    raise ValueError(f"{start[:80]} leads to itself{over}")
                if following in passed:
                    break
                passed.append(following)
        return targets

    @field_validator("embeds", mode="before")
    @classmethod
    def _all_or_no_embeds(cls, value: Any) -> Any:
        if isinstance(value, bool):
            return EMBED_HOSTS if value else ()
        return value

    @field_validator("trusted_html")
    @classmethod
    def _trust_is_given_to_folders(cls, folders: tuple[str, ...]) -> tuple[str, ...]:
        for folder in folders:
            if not (folder.startswith(("posts/", "pages/")) and folder.endswith("/")):
                raise ValueError(f"{folder[:80]!r} is not a folder such as posts/team/ or pages/")
        return folders

    @field_validator("extra")
    @classmethod
    def _extra_is_no_secret(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        for key in keys:
            if names_secret(key):
                raise ValueError(f"{key!r} names a secret, and what stands here is public")
        return keys

    @field_validator("timezone")
    @classmethod
    def _zone_is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is no time zone of the IANA database") from error
        return name

    @property
    def as_authors(self) -> AsAuthors:
        """The sources of webhooks whose posts claim paths and ids as those of authors do."""
        return frozenset(name for name, of in self.sources.items() if of.authority == "author")

    def defaults_of(self, source: str | None) -> Mapping[str, Any]:
        """The front matter that the posts of a source have where they say nothing themselves."""
        given = self.sources.get(source) if source is not None else None
        return given.defaults if given else {}

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)

    def trusts(self, key: str) -> bool:
        """Whether the HTML of the source with this key is an administrator's responsibility."""
        return key.startswith(self.trusted_html) if self.trusted_html else False
