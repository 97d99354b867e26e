"""Where the address of an `img` stands: every attribute that lazy loading has been seen to use."""

import re
from collections.abc import Iterator, Mapping

from presswork.content.html import embedded
from presswork.content.html.images import address_of, best_of, is_relative
from presswork.patterns import late

# Best first: the original, then what a script would have put in place of `src`, then `src`.
_HIDDEN = (
    "data-orig-file",
    "data-original-mos",
    "data-original",
    "data-orig",
    "data-hi-res-src",
    "data-large-file",
    "data-actualsrc",
    "data-lazy-srcset",
    "data-srcset",
    "data-sources",
    "data-src-retina",
    "data-lazy-src",
    "data-src",
    "data-medium-file",
)
_PLAIN = ("srcset", "src")
# Not the address of an image in every use: a link to a page, a file for another purpose.
_DOUBTFUL = frozenset(["data-url", "href", "longdesc", "usemap", "class", "id", "style", "title"])
_NO_ADDRESS = frozenset(["alt", *_DOUBTFUL]) - {"data-url"}
_PICTURE_FILE = late(
    r"\.(?:jpe?g|jfif|png|gif|webp|avif|svg|bmp|tiff?|heic)(?:[!@:?#&].*)?\Z", re.IGNORECASE
)
_PICTURE_SIGN = late(
    r"\A(?:https?:)?//[^\s<>\"]+(?:\.(?:jpe?g|png|gif|webp|avif)\b|[?&](?:wx_fmt|fmt|format|fm)=)",
    re.IGNORECASE,
)
_URL_IN_DATA = late(r"(?:https?:)?//[^\s\"'\\,]+", re.IGNORECASE)
_PLACEHOLDER_FILE = late(
    r"(?:\A|[/_.-])(?:blank|spacer|pixel|placeholder|loading|loader|transparent|lazy(?:load)?|gr[ae]y"
    r"|dot|1x1|empty|default|s)[\w-]*\.(?:gif|png|svg|jpe?g)(?:[?#].*)?\Z",
    re.IGNORECASE,
)


def is_picture(url: str) -> bool:
    """Whether an address names the file of a picture by its suffix or its parameters."""
    return len(url) < 8_000 and bool(  # noqa: PLR2004  see images.LONGEST_URL
        _PICTURE_FILE.search(url.partition("#")[0]) or _PICTURE_SIGN.match(url)
    )


def is_placeholder(src: str) -> bool:
    """Whether a `src` shows nothing: absent, a tiny `data:` URI, or a file that is named so."""
    src = src.strip()
    if embedded.is_embedded(src):
        return len(src) < embedded.SHORTEST
    return not src or src in {"#", "about:blank"} or bool(_PLACEHOLDER_FILE.search(src[-200:]))


def is_doubtful(src: str) -> bool:
    """Whether another address is to be looked for: an embedded picture may be a blurred preview."""
    return is_placeholder(src) or embedded.is_embedded(src)


def spellings_of(attributes: Mapping[str, str]) -> Iterator[str]:
    """The addresses that an `img` carries, best first: what lazy loading hides beats `src`."""
    for name in _HIDDEN:
        if name in attributes:
            yield from _addresses(name, attributes[name])
    if is_doubtful(attributes.get("src", "")):
        for name, value in attributes.items():
            if name not in _HIDDEN and name not in _PLAIN and name not in _NO_ADDRESS:
                yield from _guessed(value)
    elif is_picture(attributes.get("data-url", "")):
        yield attributes["data-url"]
    for name in _PLAIN:
        if name in attributes:
            yield from _addresses(name, attributes[name])


def _addresses(name: str, value: str) -> Iterator[str]:
    if name == "data-sources":
        yield from _URL_IN_DATA.findall(value)[:1] if value.strip()[:1] in "[{" else _best(value)
    elif name.endswith("srcset"):
        yield from _best(value)
    elif value and (address_of(value) or is_relative(value) or name == "src"):
        yield value


def _best(srcset: str) -> Iterator[str]:
    best = best_of(srcset)
    if best:
        yield best


def _guessed(value: str) -> Iterator[str]:
    """The address in an attribute that nobody has told of, if it is that of a picture."""
    value = value.strip()
    if is_picture(value) and (address_of(value) or (is_relative(value) and " " not in value)):
        yield value
    elif "," in value or " " in value:
        best = best_of(value)
        if best and is_picture(best) and address_of(best):
            yield best
