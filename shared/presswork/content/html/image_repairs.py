"""Repairs of images in wild HTML: each is left as one `img` with one address and its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from presswork.content.html import tree
from presswork.content.html.images import ImageSet, address_of, is_relative, names_file
from presswork.content.html.lazy_images import is_doubtful, is_picture, is_placeholder, spellings_of
from presswork.content.html.tree import Element
from presswork.content.repair_log import RepairLog
from presswork.patterns import late

_XLINK = "{http://www.w3.org/1999/xlink}href"
_CSS_URL = late(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\"'()\s]++))\s*\)", re.IGNORECASE)
_TINY = late(r"\s*[01](?:\.0*)?(?:px)?\s*", re.IGNORECASE)
_TINY_STYLE = late(
    r"(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:!important\s*)?(?:;|$)",
    re.IGNORECASE,
)
_TRACKER = late(
    r"""https?://(?:[^/?\#]*\.)?(?:
        feeds\.feedburner\.com/~r/ | feedproxy\.google\.com/~r/ | feeds\.wordpress\.com/\d
      | (?:pixel|stats)\.wp\.com/ | stats\.wordpress\.com/ | pixel\.quantserve\.com/
      | google-analytics\.com/ | (?:\w+\.)?doubleclick\.net/ | facebook\.com/tr\b
      | medium\.com/_/stat\b | sb\.scorecardresearch\.com/ | hm\.baidu\.com/ | [sc]\.cnzz\.com/
      | rss\.buysellads\.com/ | bat\.bing\.com/ | mailchi\.mp/[^?\#]*/open | list-manage\.com/track/
    )|https?://[^?\#]*/(?:open|beacon|track(?:ing)?|pixel|count(?:er)?)\.(?:gif|php|png|aspx)\?""",
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_CSS = 20_000
_UNREAD = late(r"[\t\n\r]")
_BEFORE_QUERY = late(r"[^?#]*+")
_GHOST = "__GHOST_URL__"
"""What an export of Ghost has for the address of its site."""


@dataclass
class FoundImage:
    """An image that stays, its identity in the set if it is remote, and a link to the same."""

    image: Element
    identity: str | None
    link: Element | None = None


@dataclass(frozen=True)
class Place:
    """Where relative addresses of a page lead: to `base`, or, where they begin with `/`, `home`."""

    base: str = ""
    home: str = ""

    def absolute(self, url: str) -> str:
        """An address as the page meant it, or as it is where the page does not tell."""
        url = _as_browsers_read(url)
        if url.startswith("//"):
            return f"https:{url}"
        at = self.base or (self.home if url.startswith("/") else "")
        if not at or url.startswith("#") or not is_relative(url):
            return url
        try:
            return urljoin(at, url)
        except ValueError:
            return url


def _as_browsers_read(url: str) -> str:
    """An address without what the URL standard drops; with Ghost's word for its site it is whole.

    In a path, a backslash is a slash.
    """
    url = _UNREAD.sub("", url.strip())
    if url.startswith(_GHOST):
        url = url.removeprefix(_GHOST)
    if "\\" in url and (is_relative(url) or url.lower().startswith(("http:", "https:"))):
        path = _BEFORE_QUERY.match(url)
        end = path.end() if path else 0
        url = url[:end].replace("\\", "/") + url[end:]
    return url


def bring_out(body: Element, log: RepairLog) -> None:
    """Makes an `img` of each image that a page shows in another way than by an `img`."""
    _from_noscript(body, log)
    for svg in list(body.iter("svg")):
        images = [
            tree.new("img", src=url)
            for image in svg.iter("image", "{*}image")
            if (url := image.get("href") or image.get("xlink:href") or image.get(_XLINK))
        ]
        if images:
            log.add(
                "svg-image", before=tree.outer(svg), after=f"<img> x {len(images)}", sign="<svg"
            )
            tree.replace(svg, images)
    for element in [each for each in body.iter() if each.attrib]:
        if element.get("background") or "url(" in element.get("style", "").lower():
            _from_background(element, log)
    for picture in list(body.iter("picture")):
        _from_picture(picture)


def _from_noscript(body: Element, log: RepairLog) -> None:
    """Removes what repeats for readers without scripts what a script would show; keeps the rest."""
    for twin in list(body.iter("noscript")):
        images = list(twin.iter("img"))
        lazy = twin.getprevious()
        if lazy is not None and not (lazy.tail or "").strip() and len(images) == 1:
            lazy = lazy if lazy.tag == "img" else next(iter(lazy.iter("img")), None)
            if lazy is not None and _repeats(lazy, images[0]):
                log.add("noscript-twin", before=tree.outer(twin), sign="<noscript")
                tree.remove(twin)
                continue
        tree.unwrap(twin)


def _repeats(lazy: Element, image: Element) -> bool:
    """Whether one image is the other, which then learns the address if it had none."""
    own = [each for each in _spelled(lazy) if not is_placeholder(each)]
    best = next(iter(_spelled(image)), None)
    if best is None:
        return True
    addresses = {address.identity for each in own if (address := address_of(each))}
    found = address_of(best)
    if not own or not addresses:
        lazy.set("src", best)
        lazy.set("alt", lazy.get("alt") or image.get("alt") or "")
        return True
    return best in own or (found is not None and found.identity in addresses)


def _from_background(element: Element, log: RepairLog) -> None:
    """Shows the picture behind an element in front of its content."""
    style = str(element.attrib.pop("style", ""))[:_LONGEST_CSS]
    urls = [next(filter(None, each), "") for each in _CSS_URL.findall(style)]
    attribute = str(element.attrib.pop("background", ""))
    for url in dict.fromkeys([attribute, *urls]):
        if not url or not (address_of(url) or is_relative(url)) or url.startswith("#"):
            continue
        if element.tag == "img":
            if is_placeholder(element.get("src", "")):
                element.set("src", url)
            continue
        image = tree.new("img", src=url)
        log.add("background-image", before=url, after="<img>", sign=url)
        if element.tag in ("table", "tbody", "thead", "tfoot", "tr", "ul", "ol", "hr"):
            table = next(element.iterancestors("table"), element)
            table.addprevious(image)
            continue
        image.tail, element.text = element.text, None
        element.insert(0, image)


def _from_picture(picture: Element) -> None:
    """Leaves the `img` of a `picture`; the sources help where it has no address of its own."""
    images = list(picture.iter("img"))
    sources = [each for each in picture.iter("source") if _source(each)]
    sources = [each for each in sources if not _is_for_dark(each)] or sources
    if not images and sources:
        images = [tree.new("img")]
        picture.append(images[0])
    if images and sources and all(map(is_doubtful, _spelled(images[0]) or [""])):
        images[0].set("data-src", _source(sources[0]))
    for source in list(picture.iter("source")):
        tree.unwrap(source)
    tree.unwrap(picture)


def _is_for_dark(source: Element) -> bool:
    return "dark" in source.get("media", "")


def _source(source: Element) -> str:
    given = tree.attributes(source)
    given.pop("src", None)
    return next(spellings_of(given), source.get("src", ""))


def fold(body: Element, image_set: ImageSet, place: Place, log: RepairLog) -> Iterator[FoundImage]:
    """Makes one address of all that an image carries; yields the images that stay."""
    for image in list(body.iter("img")):
        spellings = list(dict.fromkeys(map(place.absolute, _spelled(image))))
        if _is_tracker(image, spellings):
            log.add("tracking-pixel", before=tree.outer(image), sign="<img")
            tree.remove(image)
            continue
        full, link = _full_size(image, spellings, place)
        attributes, src = image.attrib, image.get("src")
        best = full or next(iter(spellings), None)
        ladder, alike = ([full], spellings) if full else (spellings, [])
        identity = image_set.add(ladder, attributes.get("alt", "").strip(), alike=alike)
        if identity is None:
            best = next((each for each in spellings if is_relative(each)), None)
        if best is None:
            log.add("image-dropped", before=tree.outer(image), sign="<img")
            tree.remove(image)
            continue
        if full:
            log.add("full-size-image", before=src, after=full, sign=full)
        _tell([*ladder, *alike], src, next(iter(spellings), best), place, log)
        image.set("src", tree.legible(best))
        yield FoundImage(image, identity, link)


def _spelled(image: Element) -> list[str]:
    return list(spellings_of(tree.attributes(image)))


def _full_size(
    image: Element, spellings: list[str], place: Place
) -> tuple[str | None, Element | None]:
    """The picture to which an image links, if it shows the same, and the link."""
    link = next(image.iterancestors("a"), None)
    href = place.absolute(link.get("href", "")) if link is not None else ""
    address = address_of(href)
    if address is None or not spellings:
        return None, None
    own = [found.identity for each in spellings if (found := address_of(each))]
    if address.identity in own[:1]:
        return None, link
    alone = link is not None and len(list(link.iter("img"))) == 1
    return (href, link) if alone and own and is_picture(address.url) else (None, None)


def _tell(spellings: list[str], src: str | None, best: str, place: Place, log: RepairLog) -> None:
    address = address_of(best)
    if address and any((other := address_of(each)) and other.unwrapped for each in spellings):
        log.add("image-unwrapped", before=src, after=address.url, sign=src or "")
    written = (src or "").strip()
    if best in (written, f"https:{written}"):
        return
    if written and place.absolute(written) == best:
        log.add("relative-url", before=src, after=best, sign=written)
    else:
        log.add("lazy-image", before=src, after=best, sign=best)


def _is_tracker(image: Element, spellings: list[str]) -> bool:
    if any(map(_TRACKER.match, spellings)):
        return True
    hidden = len(spellings) > 1 or (spellings and spellings[0] != image.get("src", "").strip())
    if hidden:
        return False
    width, height = image.get("width"), image.get("height")
    if width is not None and height is not None:
        return bool(_TINY.fullmatch(width) and _TINY.fullmatch(height))
    return len(_TINY_STYLE.findall(image.get("style", "")[:_LONGEST_CSS])) > 1


def fold_posters(body: Element, image_set: ImageSet, place: Place) -> Iterator[FoundImage]:
    """Makes one address of each film's poster, or none; yields the films that have one."""
    for film in list(body.iter("video")):
        poster = place.absolute(str(film.attrib.pop("poster", "")))
        identity = image_set.add([poster]) if poster else None
        if identity is not None or names_file(poster):
            film.set("poster", tree.legible(poster))
            yield FoundImage(film, identity)


def settle(found: list[FoundImage], image_set: ImageSet, kept: frozenset[str]) -> None:
    """Writes the canonical addresses, which are certain only now that every image was seen."""
    for each in found:
        image = each.image
        named = "poster" if image.tag == "video" else "src"
        url = image_set.url(each.identity) if each.identity else image.get(named, "")
        if image.tag == "video":
            image.set("poster", url)
            continue
        words = {name: value for name, value in tree.attributes(image).items() if name in kept}
        image.attrib.clear()
        for name, value in {"alt": "", **words, "src": url}.items():
            image.set(name, value)
        if each.link is not None and each.identity:
            each.link.set("href", url)
