"""A source's bytes, understood: the one way from what an author wrote to a post."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape, unescape
from typing import Any

from presswork.authority import source_of
from presswork.content import placing, prose
from presswork.content.body import Body
from presswork.content.budget import CPU_SECONDS, within_budget
from presswork.content.front_matter import vocabulary as keys
from presswork.content.front_matter.dates import (
    date_in_name,
    date_in_page,
    is_of_the_file,
    to_utc,
)
from presswork.content.front_matter.defaults import with_defaults
from presswork.content.front_matter.entries import without_secrets
from presswork.content.front_matter.fields import Fields
from presswork.content.front_matter.visibility import Audience, audience
from presswork.content.html.headings import anchored
from presswork.content.html.highlighting import highlighted
from presswork.content.html.images import ImageSet, address_of
from presswork.content.html.lazy_images import is_picture
from presswork.content.languages import language_of
from presswork.content.own_files import own_url
from presswork.content.placing import Named
from presswork.content.repair_log import RepairLog
from presswork.content.source import SourceText, dated_name, derived_id, is_page, own_name, read
from presswork.content.unexpected import rejecting_the_unexpected
from presswork.errors import Rejected
from presswork.kept import kept
from presswork.patterns import late
from presswork.post import Heading, ImageRef, Post, PostWarning, Repair
from presswork.settings import LONGEST_LANGUAGE, Site, names_secret

MAX_IMAGES = 300

_ID = late(r"[A-Za-z0-9._-]{1,64}")
_DERIVED_ID = late(r"[a-z2-7]{26}")
_LANGUAGE = late(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PICTURE = late(r"<img [^<>]*+>")
_TOP_HEADING = late(r"\A<h1>(.*?)</h1>\s*", re.DOTALL)
_HEADING = late(r"<h[1-6]>(.*?)</h[1-6]>", re.DOTALL)
_REFERENCE = late(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_UNSEEN = late("[\x00-\x1f\x7f-\x9f]")

_ADDRESS = late(r"https?://[^\s/?#]+(?:[/?#]\S*)?", re.IGNORECASE)
_SOURCE = late(' (?:poster|src)="([^"]*)"')
_LATE = "it has that of its upload."
_UNNOTICED: Any = {"html": True, "revision": True, "images": {"__all__": {"seen": True}}}
"""What the fingerprint leaves out of a post: `html` is added whole."""


@dataclass(frozen=True)
class Parsed:
    """A post, its plain text with one line for each block, and what is to be said of its source.

    `repairs` tell what was mended, `warnings` what readers may not see as the author meant it;
    `mended` is all that stood where something was mended, whole.
    `embedded` has the bytes of the images that stand in the source itself, by canonical URL.
    """

    post: Post
    text: str
    repairs: tuple[Repair, ...]
    warnings: tuple[PostWarning, ...] = ()
    embedded: Mapping[str, bytes] = field(default_factory=dict)
    mended: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """The sanitised body."""
        return self.post.html

    @property
    def images(self) -> tuple[ImageRef, ...]:
        """The distinct images, those of the front matter first, without files of the author."""
        return self.post.images


@rejecting_the_unexpected
def parse(
    data: bytes,
    key: str,
    site: Site,
    *,
    uploaded: datetime | None = None,
    theme: str = "",
    path: str | None = None,
    cpu_seconds: float = CPU_SECONDS,
) -> Parsed:
    """The post in `data`; any bytes give the same `Parsed` each time, or raise `Rejected`.

    `uploaded` dates a post that has no date, `theme` is the digest of the theme in force, `path` is
    where the post was settled to stand. A post that takes more than `cpu_seconds` is rejected.
    """

    def understood() -> Parsed:
        source, image_set = read(data), ImageSet()
        log = RepairLog(source.body, source.body_line)
        post, text = _post(source, key, site, image_set, log, uploaded=uploaded, path=path)
        told = source.repairs + log.repairs(), source.warnings + log.warnings()
        return Parsed(_revised(post, site, theme), text, *told, image_set.embedded, log.mended())

    return within_budget(cpu_seconds, understood)


def _post(
    source: SourceText,
    key: str,
    site: Site,
    image_set: ImageSet,
    log: RepairLog,
    *,
    uploaded: datetime | None,
    path: str | None,
) -> tuple[Post, str]:
    """The post that a source is, without a revision, and its plain text."""
    fields, spaced = _fields(source, key, site), _has_spaced_terms(site, key)
    id, seen = _id(fields, key, log), audience(fields, key)
    cover, named = _cover(fields, image_set, key), len(image_set)
    body = Body(source, key, f"p-{id}-", image_set, log, site)
    html = _html(body, image_set)
    title, html = _title(fields, html, log)
    title = title or body.page_title or re.sub(r"[-_\s]+", " ", _name(key)).strip() or id
    html, toc = _with_anchors(html)
    text = prose.plain_text(html)
    date = _date(fields, body, site, log, key=key, uploaded=uploaded, is_shown=not seen.draft)
    categories = fields.categories(site.categories, spaced=spaced)
    place = placing.place(fields, site, Named(key, id, title, date, categories), log, settled=path)
    post = Post(
        id=id,
        title=title,
        date=date,
        updated=fields.instant(site.zone, *keys.UPDATED),
        expires=fields.instant(site.zone, *keys.EXPIRES),
        **_seen_by(seen, fields, site, date, log),
        page=is_page(key),
        path=place.path,
        slug=place.slug,
        lang=_language(fields, body, f"{title}\n{text}", site, log),
        authors=fields.names(*keys.AUTHORS),
        categories=categories,
        tags=fields.terms(*keys.TAGS, spaced=spaced),
        series=fields.name(*keys.SERIES),
        weight=fields.integer(*keys.WEIGHT),
        summary=_summary(fields, body, html),
        **_length(text),
        cover=cover.url(image_set),
        images=_shown(image_set.refs(), named, html),
        toc=toc,
        aliases=place.aliases,
        canonical=_canonical(fields, log),
        extra=_extra(fields, site, log),
        html=html,
    )
    return post, text


def _length(text: str) -> dict[str, Any]:
    characters, words = prose.count(text)
    minutes = prose.reading_minutes(characters, words)
    return {"words": characters + words, "reading_minutes": minutes}


def _with_anchors(html: str) -> tuple[str, tuple[Heading, ...]]:
    """The HTML with its code highlighted and an anchor at each heading, and the headings."""
    html, toc = anchored(html)
    return highlighted(html), toc


def _fields(source: SourceText, key: str, site: Site) -> Fields:
    """The front matter of a post, with what its source of webhooks has by default."""
    return Fields(with_defaults(source.entries, site.defaults_of(source_of(key))))


def _has_spaced_terms(site: Site, key: str) -> bool:
    """Whether terms may have blanks between: as in Jekyll, whose posts are named by their day."""
    return site.categories == "parallel" and own_name(key) != dated_name(key)


def _shown(images: tuple[ImageRef, ...], named: int, html: str) -> tuple[ImageRef, ...]:
    """The first `named` images, of the front matter, and those that stand in the sanitised body."""
    if len(images) == named:
        return images
    shown = set(_SOURCE.findall(html))
    return images[:named] + tuple(
        image for image in images[named:] if escape(image.url, quote=False) in shown
    )


def _id(fields: Fields, key: str, log: RepairLog) -> str:
    entry = fields.take("id")
    if entry is None:
        return derived_id(key)
    id = log.visible(str(entry.value), entry.line)
    if isinstance(entry.value, bool | list | dict) or not _ID.fullmatch(id):
        raise Rejected(
            "id.form",
            entry.line,
            entry.column,
            "The id is not of 1 to 64 letters, digits, dots, hyphens or underscores.",
            "Choose a short id such as spring-report, or delete the line.",
        )
    if _DERIVED_ID.fullmatch(id):
        raise Rejected(
            "id.derived",
            entry.line,
            entry.column,
            "The id has the form of those that are made from file names.",
            "Choose an id of another length, or delete the line.",
        )
    return id


@dataclass(frozen=True)
class _Cover:
    """A cover by its identity in the set, or by the canonical URL of an author's own file."""

    identity: str | None = None
    own: str | None = None

    def url(self, image_set: ImageSet) -> str | None:
        """Its canonical URL, once all images are known."""
        return image_set.url(self.identity) if self.identity else self.own


def _cover(fields: Fields, image_set: ImageSet, key: str) -> _Cover:
    """The first image of the front matter; what is not remote stays in `extra` all the same."""
    cover: _Cover | None = None
    for entry, addresses in fields.addresses(*keys.COVERS):
        remote = [each for each in addresses if address_of(each)]
        for address in remote:
            identity = image_set.add([address])
            cover = cover or _Cover(identity=identity)
        if not remote:
            fields.put_back(entry)
        if cover is None:
            own = (own_url(each, key) for each in addresses if is_picture(each))
            cover = next((_Cover(own=url) for url in own if url), None)
    return cover or _Cover()


def _html(body: Body, image_set: ImageSet) -> str:
    """The HTML of a body, whose images are no more than a post may have."""
    html = body.html()
    if len(image_set) > MAX_IMAGES:
        raise Rejected(
            "images.count",
            None,
            None,
            f"The post has {len(image_set)} images; {MAX_IMAGES} are allowed.",
            "Split the post.",
        )
    return html


def _title(fields: Fields, html: str, log: RepairLog) -> tuple[str, str]:
    """The title, and the HTML without it: a heading that became the title is not shown twice.

    Its pictures are: a title has none.
    """
    given = fields.text("title")
    if given:
        read = _REFERENCE.sub(_referred, given)
        if read != given:
            log.add("title-reference", before=given, after=read)
        return _UNSEEN.sub("", read), html
    top = _TOP_HEADING.match(html)
    heading = top or _HEADING.search(html)
    title = prose.without_tags(heading[1]) if heading else ""
    if title and top:
        log.add("title-from-heading", before=top[0].strip(), after=title, sign=title)
        pictures = "".join(_PICTURE.findall(top[1]))
        shown = f"<p>{pictures}</p>\n" if pictures else ""
        return title, shown + html[top.end() :]
    return title, html


def _referred(reference: re.Match[str]) -> str:
    """The characters of a reference; of one that nobody knows, itself."""
    text = unescape(reference[0])
    return reference[0] if text.endswith(";") else text


def _name(key: str) -> str:
    return _UNSEEN.sub("", own_name(key))


def _date(
    fields: Fields,
    body: Body,
    site: Site,
    log: RepairLog,
    *,
    key: str,
    uploaded: datetime | None,
    is_shown: bool,
) -> datetime:
    """When a post is of; that this is its upload is told of those alone whose date is shown."""
    date = fields.instant(site.zone, *keys.DATE) or date_in_name(dated_name(key), site.zone)
    if date is None and fields.peek(*keys.DATE) is None:
        date = date_in_page(body.page_date, site.zone)
    if date is not None:
        return date
    fix = "Add a line such as `date: 2021-11-21` to its front matter."
    if uploaded is None:
        raise Rejected("date.missing", None, None, "The post has no date.", fix)
    left = fields.take(*keys.DATE)
    if not is_shown:  # it is told once the post is no draft any more
        return to_utc(uploaded)
    if left is not None and is_of_the_file(left.value):
        if left.value.lower().startswith("git"):
            message = f"The history that `{left.key}: {left.value}` asks for is not there: {_LATE}"
            log.add_warning("date-of-upload", message, fix, line=left.line)
    elif not is_page(key):
        log.add_warning("date-of-upload", f"The post has no date of its own: {_LATE}", fix)
    return to_utc(uploaded)


def _seen_by(
    found: Audience, fields: Fields, site: Site, date: datetime, log: RepairLog
) -> dict[str, Any]:
    """What a post says of who may see it, and from when on, if that is not its date."""
    for each in found.warnings:
        log.add_warning(each.rule, each.message, each.fix, line=each.line)
    publish_at = fields.instant(site.zone, *keys.PUBLISH_AT)
    return {**found.fields, "publish_at": publish_at if publish_at != date else None}


def _canonical(fields: Fields, log: RepairLog) -> str | None:
    """The address of the same text elsewhere; what is none is left to `extra`, with a warning."""
    entry = fields.take(*keys.CANONICAL)
    if entry is None:
        return None
    address = str(entry.value).strip()
    if _ADDRESS.fullmatch(address):
        return address
    fields.put_back(entry)
    log.add_warning(
        "canonical-address",
        f"The {entry.key} {address[:60]!r} is no full address.",
        "Write one with https:// in front, or delete the line.",
        line=entry.line,
    )
    return None


def _language(fields: Fields, body: Body, text: str, site: Site, log: RepairLog) -> str:
    entry = fields.take(*keys.LANGUAGE)
    if entry is None:
        own = body.page_language
        is_tag = _LANGUAGE.fullmatch(own) and len(own) <= LONGEST_LANGUAGE
        return own if is_tag else language_of(text, site.language)
    tag = str(entry.value).replace("_", "-")
    if len(tag) > LONGEST_LANGUAGE:
        log.add_warning(
            "lang.length",
            f"The {entry.key} has more than {LONGEST_LANGUAGE} characters: the site's own is told.",
            "Write a tag such as en, pt-BR or zh-Hans, or delete the line.",
            line=entry.line,
        )
        return site.language
    if not _LANGUAGE.fullmatch(tag):
        raise Rejected(
            "lang.tag",
            entry.line,
            entry.column,
            f"{tag[:40]!r} is not a language tag.",
            "Write a tag such as en, pt-BR or zh-Hans, or delete the line.",
        )
    return tag


def _summary(fields: Fields, body: Body, html: str) -> str:
    """The author's own summary, or what stands before the mark of one, or the first sentences."""
    given = fields.text(*keys.SUMMARY)
    if given:
        return prose.without_tags(given)
    return " ".join((body.teaser() or "").split()) or prose.summarise(html)


def _extra(fields: Fields, site: Site, log: RepairLog) -> dict[str, Any]:
    """What the site makes public of the rest, and whether comments are wanted if that was said.

    It comes last: what was taken in part or in vain is told here.
    """
    comments = fields.boolean(*keys.COMMENTS)
    for unread in fields.unread:
        log.add_warning("unread-value", unread.message, unread.fix, line=unread.entry.line)
    known_as = [
        each.value for each in fields.paths(*keys.ALIASES) if placing.is_other_name(each.value)
    ]
    public = {*map(keys.canonical, site.extra), *keys.COMMENTS}
    extra = {
        key: without_secrets(value)
        for key, value in fields.rest().items()
        if keys.canonical(key) in public and not names_secret(key)
    }
    if comments is not None:
        extra["comments"] = comments
    if known_as:
        extra["aliases"] = known_as
    return extra


def _revised(post: Post, site: Site, theme: str) -> Post:
    """The post with a hash of what readers notice, of the settings and of the theme.

    Defaults are left out: a field or a setting that new software adds changes no post.
    """
    seen = post.model_dump_json(exclude=_UNNOTICED, exclude_defaults=True)
    meaning = hashlib.sha256(f"{seen}\n{_made_with(site, theme)}\n".encode())
    meaning.update(post.html.encode())
    return post.model_copy(update={"revision": meaning.hexdigest()})


@kept
def _made_with(site: Site, theme: str) -> str:
    settings = site.model_dump_json(exclude_defaults=True)
    return hashlib.sha256(f"{settings}{theme}".encode()).hexdigest()
