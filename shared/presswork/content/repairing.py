"""Repairs of wild HTML: what feed readers, page builders and lazy-loading scripts leave behind."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from presswork.content.images import (
    IMAGE_ATTRIBUTES,
    Gallery,
    address_of,
    is_relative,
    spellings_of,
)
from presswork.content.repair_log import RepairLog
from presswork.content.sanitizing import ATTRIBUTES

_DROPPED = ("script", "style", "template", "title", "meta", "link", "base", "noembed", "noframes")
_EMBEDS = ("iframe", "embed", "video", "audio")
_SHELLS = ("p", "div", "ul", "ol")
_SOLID = ("img", "hr", "table", "figure", "pre", "details", *_EMBEDS)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "audio",
        "blockquote",
        "center",
        "details",
        "dialog",
        "dd",
        "div",
        "dl",
        "dt",
        "embed",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "iframe",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "ul",
        "video",
    ]
)
_Found = tuple[Tag, str | None]
"""An image that stays, and its identity in the gallery if it is remote."""

_LONGEST_CAPTION = 200
_BEHIND_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*\S")
# Behind these, a fragment is parsed as the body of a page, whatever it begins with.
_OPENING = "<html><body>"


def tree_of(html: str) -> Tag:
    """The body of a fragment or a page of HTML, as lxml mends it."""
    tree = BeautifulSoup(_OPENING + html, "lxml")
    return tree.body or tree


def has_paragraphs_beside_tags(body: Tag) -> bool:
    """Whether text stands at the outermost level behind an empty line, as it does in Markdown."""
    return any(
        isinstance(node, NavigableString)
        and not isinstance(node, PreformattedString)
        and _BEHIND_EMPTY_LINE.search(node)
        for node in body.children
    )


def repair(body: Tag, gallery: Gallery, log: RepairLog) -> None:
    """Mends the tree in place; each image is left with one address, a text alternative, a title."""
    _drop_machinery(body, log)
    _link_embeds(body, log)
    _thin_attributes(body, log)
    images = list(_fold_images(body, gallery, log))
    _unwrap_root(body, log)
    _drop_shells(body, log)
    _make_figures(body, log)
    _wrap_orphans(body, log)
    _caption_images(images, gallery, log)
    _settle_images(images, gallery)


def html_of(body: Tag) -> str:
    """The inner HTML of the tree, unsanitised."""
    return body.decode_contents().strip()


def _drop_machinery(body: Tag, log: RepairLog) -> None:
    for unseen in body.find_all(string=lambda text: isinstance(text, PreformattedString)):
        unseen.extract()  # comments, a doctype, and their like
    for tag in body.find_all(_DROPPED):
        if tag.name == "script":
            log.add("script", before=str(tag), sign="<script")
        tag.decompose()


def _link_embeds(body: Tag, log: RepairLog) -> None:
    """Puts a link in place of what would load something from elsewhere into the page."""
    for tag in body.find_all(_EMBEDS):
        if tag.decomposed:
            continue
        source = tag if tag.get("src") else tag.find("source", src=True)
        url = str(source["src"]).strip() if isinstance(source, Tag) else ""
        if url.startswith("//"):
            url = f"https:{url}"
        link = _new("a")
        link["href"] = link.string = url
        log.add("embed-linked", before=str(tag), after=str(link), sign=f"<{tag.name}")
        if url:
            tag.replace_with(link)
        tag.decompose()


def _thin_attributes(body: Tag, log: RepairLog) -> None:
    """Removes what sanitising would remove too, so that it has little to look at."""
    for tag in body.find_all(True):
        kept = IMAGE_ATTRIBUTES | ATTRIBUTES if tag.name == "img" else ATTRIBUTES
        for name in [name for name in tag.attrs if name not in kept]:
            if name.lower().startswith("on"):
                log.add("event-handler", before=f'{name}="{tag[name]}"', sign=f" {name}")
            del tag[name]


def _fold_images(body: Tag, gallery: Gallery, log: RepairLog) -> Iterator[_Found]:
    """Makes one address of all that an image carries; yields the images that stay."""
    for image in body.find_all("img"):
        attributes = {name.lower(): str(value) for name, value in image.attrs.items()}
        spellings = list(spellings_of(attributes))
        identity = gallery.add(spellings, attributes.get("alt", "").strip())
        if identity is None and not _stays(image, spellings):
            log.add("image-dropped", before=str(image), sign="<img")
            image.decompose()
            continue
        src, best = attributes.get("src"), spellings[0]
        if identity is not None:
            address = address_of(best)
            if address is not None and any(
                (other := address_of(spelling)) and other.unwrapped for spelling in spellings
            ):
                log.add("image-unwrapped", before=src, after=address.url, sign=src or "")
        if src != best:
            log.add("lazy-image", before=src, after=best, sign=best)
        yield image, identity


def _stays(image: Tag, spellings: list[str]) -> bool:
    """Whether an image that is not remote names a file of the site; its address is then kept."""
    best = next((each for each in spellings if is_relative(each)), None)
    if best is not None:
        image["src"] = best
    return best is not None


def _unwrap_root(body: Tag, log: RepairLog) -> None:
    while (root := _sole_child(body)) is not None and root.name in ("div", "article", "main"):
        log.add("wrapper", before=f"<{root.name}>", sign=f"<{root.name}")
        root.unwrap()


def _sole_child(parent: Tag) -> Tag | None:
    children = [child for child in parent.children if not _is_blank(child)]
    only = children[0] if len(children) == 1 else None
    return only if isinstance(only, Tag) else None


def _drop_shells(body: Tag, log: RepairLog) -> None:
    for tag in reversed(body.find_all(_SHELLS)):
        if next(tag.stripped_strings, None) is None and tag.find(_SOLID) is None:
            rule = "empty-paragraph" if tag.name == "p" else "empty-block"
            log.add(rule, before=str(tag), sign=f"<{tag.name}></{tag.name}>")
            tag.decompose()


def _make_figures(body: Tag, log: RepairLog) -> None:
    """Makes a figure of each box around one image, captioned by the bare text right behind it."""
    for box in body.find_all("div"):
        image = _sole_image(box)
        if image is None or box.find_parent("figure"):
            continue
        figure = _new("figure")
        linked = image.parent if image.parent is not None and image.parent.name == "a" else None
        figure.append((linked or image).extract())
        box.replace_with(figure)
        caption = list(_inline_run(figure))
        text = "".join(node.get_text() for node in caption).strip()
        if text and len(text) <= _LONGEST_CAPTION:
            figure.append(_gathered(_new("figcaption"), caption))
        log.add("figure", before=text or "<div>", after="<figure>", sign=text[:40])


def _sole_image(box: Tag) -> Tag | None:
    images = box.find_all("img", limit=2)
    if len(images) != 1 or next(box.stripped_strings, None) is not None:
        return None
    return images[0] if len(box.find_all(_SOLID, limit=2)) == 1 else None


def _wrap_orphans(body: Tag, log: RepairLog) -> None:
    """Makes paragraphs of text that stands between blocks without one."""
    node = next(body.children, None)
    while node is not None:
        following = node.next_sibling
        if not _is_block(node) and not _is_blank(node):
            run = [node, *_inline_run(node)]
            following = run[-1].next_sibling
            if all(_is_bare(each) for each in run):
                node = following
                continue
            paragraph = _new("p")
            node.insert_before(paragraph)
            _gathered(paragraph, run)
            text = paragraph.get_text()
            log.add("orphan-text", before=str(run[0]), after="<p>", sign=text[:40])
        node = following


def _caption_images(images: list[_Found], gallery: Gallery, log: RepairLog) -> None:
    """Gives an image without a text alternative that of its caption, or its title."""
    for image, identity in images:
        if str(image.get("alt", "")).strip():
            continue
        figure = image.find_parent("figure")
        caption = figure.find("figcaption") if figure else None
        text = caption.get_text() if caption else str(image.get("title", ""))
        alt = " ".join(text.split())
        if alt:
            image["alt"] = alt
            gallery.describe(identity, alt)
            log.add("alt-from-caption", after=alt, sign=alt[:40])


def _settle_images(images: list[_Found], gallery: Gallery) -> None:
    """Writes the canonical addresses, which are certain only now that every image was seen."""
    for image, identity in images:
        image["src"] = gallery.url(identity) if identity else str(image["src"])
        image["alt"] = str(image.get("alt", ""))
        for name in IMAGE_ATTRIBUTES - ATTRIBUTES:
            del image[name]


def _inline_run(node: PageElement) -> Iterator[PageElement]:
    """What follows on the same level up to the next block."""
    follower = node.next_sibling
    while follower is not None and not _is_block(follower):
        yield follower
        follower = follower.next_sibling


def _gathered(into: Tag, nodes: list[PageElement]) -> Tag:
    """The nodes, moved into a new element, without the blanks around them."""
    for node in nodes:
        into.append(node.extract())
    first = into.contents[0]
    if isinstance(first, NavigableString):
        first.replace_with(first.lstrip())
    last = into.contents[-1]
    if isinstance(last, NavigableString):
        last.replace_with(last.rstrip())
    return into


def _is_block(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name in _BLOCKS


def _is_blank(node: PageElement) -> bool:
    return isinstance(node, NavigableString) and not node.strip()


def _is_bare(node: PageElement) -> bool:
    """Whether a node shows nothing: a line break, an anchor, or blanks."""
    if isinstance(node, Tag):
        shows = next(node.stripped_strings, None) is not None or node.find("img") is not None
        return not shows and node.name != "img"
    return _is_blank(node)


def _new(name: str) -> Tag:
    return Tag(name=name, can_be_empty_element=False)
