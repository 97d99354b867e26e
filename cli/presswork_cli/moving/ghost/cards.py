"""The cards of Ghost's editors, as the HTML that Ghost makes of them.

Lexical and Mobiledoc have the same cards with the same fields (@tryghost/kg-default-nodes and
@tryghost/kg-default-cards). The site's own repairs make of it what a page here shows.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from presswork.content import markdown

Card = Mapping[str, Any]

MOST_IMAGES = 300


def html_of(name: str, card: Card) -> str | None:
    """The HTML of a card; None for one that no reader of the site is shown, or nobody knows."""
    make = _CARDS.get(name.removeprefix("card-"))
    return make(card) if make else None


def is_gated(card: Card) -> bool:
    """Whether a card is shown to members alone, or only in mails."""
    visibility = card.get("visibility")
    if not isinstance(visibility, Mapping):
        return False
    web = visibility.get("web")
    if isinstance(web, Mapping):
        return web.get("nonMember") is not True
    return visibility.get("showOnWeb") is False


def text_of(card: Card, *names: str) -> str:
    """The first of some fields that has a text."""
    return next((value for name in names if isinstance(value := card.get(name), str) and value), "")


def _figure(inner: str, card: Card) -> str:
    caption = text_of(card, "caption")
    told = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"<figure>{inner}{told}</figure>"


def _link(url: str, inner: str) -> str:
    return f'<a href="{escape(url)}">{inner}</a>' if url else inner


def _picture(card: Card) -> str:
    src = text_of(card, "src")
    title = text_of(card, "title")
    named = f' title="{escape(title)}"' if title else ""
    image = f'<img src="{escape(src)}" alt="{escape(text_of(card, "alt"))}"{named}>'
    return _link(text_of(card, "href"), image) if src else ""


def _image(card: Card) -> str:
    return _figure(_picture(card), card)


def _gallery(card: Card) -> str:
    given = card.get("images")
    images = (
        [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []
    )
    return _figure("".join(map(_picture, images[:MOST_IMAGES])), card)


def _code(card: Card) -> str:
    language = text_of(card, "language").split(" ")[0]
    named = f' class="language-{escape(language)}"' if language else ""
    listing = f"<pre><code{named}>{escape(text_of(card, 'code'))}</code></pre>"
    return _figure(listing, card) if text_of(card, "caption") else listing


def _html(card: Card) -> str:
    return text_of(card, "html")


def _markdown(card: Card) -> str:
    return markdown.to_html(text_of(card, "markdown"), prefix="")


def _rule(_: Card) -> str:
    return "<hr>"


def _bookmark(card: Card) -> str:
    given = card.get("metadata")
    known: Card = given if isinstance(given, Mapping) else {}
    url = text_of(card, "url") or text_of(known, "url")
    title = escape(text_of(known, "title") or text_of(card, "title") or url)
    description = text_of(known, "description") or text_of(card, "description")
    source = " · ".join(filter(None, (text_of(known, "author"), text_of(known, "publisher"))))
    told = "".join(f"<p>{escape(each)}</p>" for each in (description, source) if each)
    caption = text_of(card, "caption")
    told += f"<p>{caption}</p>" if caption else ""
    return f"<blockquote><p>{_link(url, title)}</p>{told}</blockquote>"


def _embed(card: Card) -> str:
    url = text_of(card, "url")
    return _figure(text_of(card, "html") or f"<p>{_link(url, escape(url))}</p>", card)


def _button(card: Card) -> str:
    text = escape(text_of(card, "buttonText", "buttonTitle"))
    url = text_of(card, "buttonUrl")
    return f"<p>{_link(url, text)}</p>" if text else ""


def _callout(card: Card) -> str:
    emoji, inner = escape(text_of(card, "calloutEmoji")), text_of(card, "calloutText")
    inner = inner if inner.startswith("<p") else f"<p>{inner}</p>"
    return f"<blockquote>{f'<p>{emoji}</p>' if emoji else ''}{inner}</blockquote>"


def _toggle(card: Card) -> str:
    heading, inner = text_of(card, "heading"), text_of(card, "content")
    return f"<details><summary>{heading}</summary>{inner}</details>"


def _header(card: Card) -> str:
    header, subheader = text_of(card, "header"), text_of(card, "subheader")
    parts = (
        f"<h2>{header}</h2>" if header else "",
        f"<p>{subheader}</p>" if subheader else "",
        _picture({"src": text_of(card, "backgroundImageSrc")}),
        _button(card),
    )
    return "".join(parts)


def _product(card: Card) -> str:
    title, description = text_of(card, "productTitle"), text_of(card, "productDescription")
    button = text_of(card, "productButton")
    parts = (
        _picture({"src": text_of(card, "productImageSrc"), "alt": title}),
        f"<h4>{title}</h4>" if title else "",
        description,
        f"<p>{_link(text_of(card, 'productUrl'), escape(button))}</p>" if button else "",
    )
    return f"<div>{''.join(parts)}</div>"


def _call_to_action(card: Card) -> str:
    parts = (
        text_of(card, "sponsorLabel"),
        _picture({"src": text_of(card, "imageUrl")}),
        text_of(card, "textValue"),
        _button(card) if card.get("showButton") is not False else "",
    )
    return f"<div>{''.join(parts)}</div>"


def _video(card: Card) -> str:
    poster = text_of(card, "customThumbnailSrc", "thumbnailSrc")
    shown = f' poster="{escape(poster)}"' if poster else ""
    return _figure(f'<video controls src="{escape(text_of(card, "src"))}"{shown}></video>', card)


def _audio(card: Card) -> str:
    title = text_of(card, "title")
    told = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    return f'<figure><audio controls src="{escape(text_of(card, "src"))}"></audio>{told}</figure>'


def _file(card: Card) -> str:
    title = escape(text_of(card, "fileTitle", "title", "fileName"))
    caption = text_of(card, "fileCaption", "caption")
    told = f"<p>{escape(caption)}</p>" if caption else ""
    return f"<p>{_link(text_of(card, 'src'), title)}</p>{told}"


_CARDS: Mapping[str, Callable[[Card], str]] = {
    "audio": _audio,
    "bookmark": _bookmark,
    "button": _button,
    "call-to-action": _call_to_action,
    "callout": _callout,
    "code": _code,
    "codeblock": _code,
    "embed": _embed,
    "file": _file,
    "gallery": _gallery,
    "header": _header,
    "hr": _rule,
    "horizontalrule": _rule,
    "html": _html,
    "image": _image,
    "markdown": _markdown,
    "product": _product,
    "toggle": _toggle,
    "video": _video,
}
