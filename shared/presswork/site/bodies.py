"""The text of a post, made ready for a place: its page, or data that travels elsewhere.

The input is HTML as nh3 serialises it: attribute values in double quotes with `&` and `"` escaped,
`<` and `>` possibly bare inside them, every other `<` the start of a tag.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from presswork.patterns import late
from presswork.post import Image, ImageState
from presswork.site.addresses import absolute
from presswork.site.phrases import Phrases
from presswork.site.pictures import picture_of, renditions
from presswork.site.theme.rendering import render

VOID = ("br", "col", "hr", "img", "input", "source", "wbr")
"""The elements in a text that have no end."""

_ATTRIBUTES = r"""(?:\s++[^\s"=<>/]++(?:="[^"]*+")?+)*+"""


class Tags:
    """The tags of some names in a text.

    Their groups are `before`, what was passed over in front of a tag, `end` of an element, `name`
    and `attributes`; of a match that is no tag the first alone is more than nothing.
    """

    def __init__(self, names: str, *, passed: str = "") -> None:
        """`passed` are the names of elements that are passed over if no tag is in them.

        So are void ones then.
        """
        name = rf"(?:{names})(?![a-zA-Z0-9-])"
        tag = rf"<(?P<end>/?)(?P<name>{name})(?P<attributes>{_ATTRIBUTES})\s*+/?+>"
        whole = (
            rf"<(?P<passed>(?:{passed})(?![a-zA-Z0-9-])){_ATTRIBUTES}\s*+>[^<]*+</(?P=passed)>|"
            rf"<(?:{'|'.join(VOID)})(?![a-zA-Z0-9-]){_ATTRIBUTES}\s*+/?+>|"
            if passed
            else ""
        )
        self._quick = late(rf"(?P<before>){tag}") if not passed else None
        self._careful = late(
            rf"""(?P<before>(?:[^<]++|{whole}</?+(?!{name})[a-zA-Z][a-zA-Z0-9-]*+{_ATTRIBUTES}\s*+/?+>)*+)
                (?:{tag}|<|\Z)""",
            re.VERBOSE,
        )

    def of(self, html: str) -> re.Pattern[str]:
        """The pattern that finds them in a text; the quick one unless a value may hold a tag."""
        if self._quick is None or _SIGN_IN_VALUE.search(html):
            return self._careful
        return self._quick


_SIGN_IN_VALUE = late('="[^"<]*<')
_IMAGES = Tags("img")
_SHOWN = Tags("a|audio|img|source|track|video")
_LINKED = Tags("a|audio|source|track|video")
_ATTRIBUTE = late(r'([^\s"=<>/]+)(?:="([^"]*)")?')
_HREF = late(r'(?<=\shref=")[^"]*')
_PLAYED = late(r'(?<=\ssrc=")[^"]*')
_POSTER = late(r'\sposter="([^"]*)"')
_PLAYERS = frozenset(["audio", "source", "track", "video"])


def image_urls(html: str) -> Iterator[str]:
    """The `src` of each image in the text, in order."""
    if "<img" not in html:
        return
    for tag in _IMAGES.of(html).finditer(html):
        if tag["name"]:
            yield _attributes(tag).get("src", "")


def with_pictures(
    html: str,
    images: Mapping[str, Image],
    phrases: Phrases,
    *,
    base_url: str = "",
    first_lazy: bool = False,
) -> str:
    """The text with each image from the site itself, or, where it has not come home, a note.

    `images` are known by canonical URL; with a `base_url` the references to them are absolute.
    """
    if not images and "<img" not in html and " poster=" not in html:
        return html
    links = 0
    lazy = first_lazy

    def replace(tag: re.Match[str]) -> str:
        nonlocal links, lazy
        text = tag[0].removeprefix(tag["before"])
        if tag["name"] == "a":
            links += -1 if tag["end"] else 1
            if tag["end"] or not images:
                return text
            return _HREF.sub(lambda href: _at_home(href[0], images, base_url), text)
        if tag["name"] in _PLAYERS:
            return _player(text, images, base_url)
        if tag["name"] != "img":
            return text
        attributes = _attributes(tag)
        url, alt = attributes.get("src", ""), attributes.get("alt", "")
        image = images.get(url)
        if picture_of(image) is None:
            return _absent(image, url, alt, phrases, linked=links > 0)
        this_lazy, lazy = lazy, True
        return shown(image, alt, base_url=base_url, lazy=this_lazy)

    return _SHOWN.of(html).sub(lambda tag: tag["before"] + replace(tag), html)


def _player(tag: str, images: Mapping[str, Image], base_url: str) -> str:
    """A player, or a part of one, of files that came home; a poster that has not is left out."""

    def poster(attribute: re.Match[str]) -> str:
        picture = picture_of(images.get(unescape(attribute[1])))
        url = renditions(picture, base_url)[-1].url if picture else ""
        return f' poster="{escape(url)}"' if url else ""

    return _POSTER.sub(poster, _PLAYED.sub(lambda src: _at_home(src[0], images, base_url), tag))


def _at_home(href: str, images: Mapping[str, Image], base_url: str) -> str:
    """A link to an image that came home leads to its largest file here, like the image itself.

    One to another file of the author leads to its copy.
    """
    image = images.get(unescape(href))
    if image is not None and image.file is not None:
        return escape(absolute(base_url, image.file))
    picture = picture_of(image)
    return escape(renditions(picture, base_url)[-1].url) if picture else href


def shown(image: Image | None, alt: str, *, base_url: str = "", lazy: bool) -> str:
    """The markup of an image that came home; empty for any other."""
    picture = picture_of(image)
    if picture is None:
        return ""
    *sources, fallback = renditions(picture, base_url)
    return render(
        "picture.html",
        width=picture.width,
        height=picture.height,
        sources=[{"mime": each.mime, "srcset": each.srcset} for each in sources],
        url=fallback.url,
        srcset=fallback.srcset,
        alt=alt,
        lazy=lazy,
    ).strip()


def _absent(image: Image | None, url: str, alt: str, phrases: Phrases, *, linked: bool) -> str:
    """A note in place of an image; without a link of its own where it stands inside one."""
    host = None if linked else _host(url)
    return render(
        "absent.html",
        alt=alt,
        language=phrases.language,
        note=phrases.image_owed if _is_owed(image) else phrases.image_absent,
        source=phrases.image_source.format(host) if host else "",
        url=url,
    ).strip()


def with_absolute_links(html: str, page_url: str) -> str:
    """The text with each link that was relative to its page made absolute."""

    def resolve(reference: re.Match[str]) -> str:
        return escape(_resolved(unescape(reference[0]), page_url))

    def resolved(tag: re.Match[str]) -> str:
        text = tag[0].removeprefix(tag["before"])
        plays = tag["name"] in _PLAYERS
        return tag["before"] + (_PLAYED if plays else _HREF).sub(resolve, text)

    return _LINKED.of(html).sub(resolved, html)


def _attributes(tag: re.Match[str]) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag["attributes"])}


def _is_owed(image: Image | None) -> bool:
    """Whether an image may still come; one that nobody has looked at yet may."""
    return image is None or image.state is ImageState.OWED


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


def _resolved(reference: str, page_url: str) -> str:
    try:
        return urljoin(page_url, reference)
    except ValueError:
        return reference
