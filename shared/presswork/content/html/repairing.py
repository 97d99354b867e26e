"""Repairs of wild HTML: what feed readers, page builders and lazy-loading scripts leave behind."""

import re
from collections.abc import Container
from dataclasses import dataclass

from presswork.content.html import block_repairs, image_repairs, tree
from presswork.content.html.embeds import FRAME_ATTRIBUTES, Embed, embed_of
from presswork.content.html.headings import HEADINGS, is_anchor
from presswork.content.html.image_repairs import Place
from presswork.content.html.images import ImageSet, address_of
from presswork.content.html.repair_log import RepairLog
from presswork.content.html.sanitizing import ANCHOR, ATTRIBUTES
from presswork.content.html.tree import Element
from presswork.settings import EmbedHost

_DROPPED = ("script", "style", "template", "title", "meta", "link", "base", "noembed", "noframes")
_EMBEDS = ("iframe", "embed", "video", "audio", "object")
_IMAGE_KEEPS = frozenset(["alt", "title"])
_BEHIND_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*\S")
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:caption|captions?-?text|figcaption|img-desc)(?=$|[\s_-])"
)
_OWN_CLASS = re.compile(r"language-\S+|footnote\S*|markdown-alert(?:-\w+)?(?: markdown-alert-\w+)?")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Repairer:
    """What a repair needs to know besides the tree.

    Ids that links of the text lead to are kept, behind `prefix`; frames of `embeds` stay frames.
    """

    image_set: ImageSet
    log: RepairLog
    prefix: str
    embeds: frozenset[EmbedHost] = frozenset()

    def repair(self, body: Element) -> None:
        """Mends the tree in place; each image is left with one address and a text alternative."""
        place = place_of(body)
        self._drop_machinery(body)
        image_repairs.bring_out(body, self.log)
        self._settle_embeds(body, place)
        block_repairs.tidy_code(body, self.log)
        captions = self._thin(body, place)
        found = list(image_repairs.fold(body, self.image_set, place, self.log))
        block_repairs.mend(body, captions, self.log)
        block_repairs.describe(found, self.image_set, self.log)
        image_repairs.settle(found, self.image_set, _IMAGE_KEEPS)

    def find_images(self, body: Element) -> None:
        """Settles the images of a tree of which nothing else is touched."""
        image_repairs.bring_out(body, self.log)
        found = list(image_repairs.fold(body, self.image_set, place_of(body), self.log))
        kept = _IMAGE_KEEPS | {"class", "id", "style", "width", "height"}
        image_repairs.settle(found, self.image_set, kept)

    def _drop_machinery(self, body: Element) -> None:
        for element in list(body.iter(*_DROPPED)):
            if element.tag == "script":
                self.log.add("script", before=tree.outer(element), sign="<script")
            tree.remove(element)
        for element in list(body.iter("input")):
            if element.get("type", "").lower() != "checkbox":  # no box of a task
                tree.remove(element)

    def _settle_embeds(self, body: Element, place: Place) -> None:
        """Puts a link, or a frame of our own making, in place of what would load something."""
        for element in list(body.iter(*_EMBEDS)):
            if next(element.iterancestors(*_EMBEDS), None) is not None:
                continue
            url = place.absolute(_source(element))
            embed = embed_of(url)
            before = tree.outer(element)
            made: list[Element] = []
            rule = "embed-linked"
            if embed is not None and embed.host in self.embeds:
                rule, made = "embed-framed", [_framed(embed, element.get("title", ""))]
            elif url:
                made = [_linked(embed.link if embed else url, element, place)]
            after = "".join(map(tree.outer, made))
            self.log.add(rule, before=before, after=after, sign=f"<{element.tag}")
            follower = element.getnext()
            if follower is not None and follower.tag in _EMBEDS and not element.tail:
                element.tail = " "
            tree.replace(element, made)

    def _thin(self, body: Element, place: Place) -> list[Element]:
        """Removes what sanitising would remove too, and brings links in order.

        The elements whose class calls them a caption are returned.
        """
        captions = []
        links = (link.get("href", "").strip() for link in body.iter("a"))
        wanted = {href[1:] for href in links if href.startswith("#")}
        elements = body.iter() if wanted else ()
        named = {id for each in body.iter(*HEADINGS) if is_anchor(id := each.get("id", ""))}
        there = {id for element in elements if (id := _id_of(element)) in wanted}
        targets, taken = there - named, set[str]()
        for element in body.iter():
            given = element.keys()
            if not given or element.tag == "iframe":  # one of our own making
                continue
            if "class" in given and _is_caption(element):
                captions.append(element)
            id = _id_of(element)
            for name in map(str, given):
                if element.tag == "img" and name not in ("class", "id") and name[:2] != "on":
                    continue
                self._drop(element, name)
            if id in there and not id.startswith(f"{self.prefix}fn"):
                self._settle_id(element, id, taken, is_heading=id in named)
            if "href" in given:
                self._link(element, targets, place)
        return captions

    def _settle_id(self, element: Element, id: str, taken: set[str], *, is_heading: bool) -> None:
        """Keeps the first place of an id, and of a heading's, which stays as it is, the heading."""
        if id in taken or (is_heading and element.tag not in HEADINGS):
            self.log.add("duplicate-id", before=id, sign=id)
        elif not is_heading:
            element.set("id", tree.legible(self._anchor(id)))
        if not is_heading or element.tag in HEADINGS:
            taken.add(id)

    def _drop(self, element: Element, name: str) -> None:
        value = element.get(name, "")
        lower = name.lower()
        if lower == "id" and element.tag in HEADINGS and is_anchor(value):
            return
        if lower.startswith("on"):
            self.log.add("event-handler", before=f'{name}="{value}"', sign=f" {name}")
        elif lower in ("class", "style", "id") and value:
            own = _OWN_CLASS.fullmatch(value) if lower == "class" else value.startswith(self.prefix)
            if own and lower in ATTRIBUTES:
                return
            if lower != "id":
                self.log.add(f"source-{lower}", before=value, sign=value)
        elif name in ATTRIBUTES:
            return
        del element.attrib[name]

    def _anchor(self, id: str) -> str:
        own = f"{self.prefix}{ANCHOR}"
        return id if id.startswith(own) else f"{own}{_BLANKS.sub('-', id)}"

    def _link(self, link: Element, targets: Container[str], place: Place) -> None:
        href = link.get("href", "").strip()
        if href.startswith("#"):
            if href[1:] in targets and not href.startswith(f"#{self.prefix}fn"):
                link.set("href", tree.legible(f"#{self._anchor(href[1:])}"))
            return
        url = place.absolute(href)
        if url != href:
            self.log.add("relative-url", before=href, after=url, sign=href)
            link.set("href", tree.legible(url))


def place_of(body: Element) -> Place:
    """Where a page says that it stands: `base`, or the canonical address of its head."""
    base = next((each.get("href", "") for each in body.iter("base") if each.get("href")), "")
    homes = [each.get("href", "") for each in body.iter("link") if each.get("rel") == "canonical"]
    homes += [
        each.get("content", "") for each in body.iter("meta") if each.get("property") == "og:url"
    ]
    base, home = (next((each for each in some if address_of(each)), "") for some in ([base], homes))
    return Place(base.strip(), base.strip() or home.strip())


def has_paragraphs_beside_tags(body: Element) -> bool:
    """Whether text stands at the outermost level behind an empty line, as it does in Markdown."""
    texts = [body.text, *(child.tail for child in body)]
    return any(text and _BEHIND_EMPTY_LINE.search(text) for text in texts)


def _id_of(element: Element) -> str:
    """The name under which links of the page know a place in it."""
    return element.get("id") or (element.get("name") if element.tag == "a" else None) or ""


def _is_caption(element: Element) -> bool:
    return element.tag in ("p", "div", "span", "small", "dd") and bool(
        _CAPTION_CLASS.search(element.get("class", ""))
    )


def _source(element: Element) -> str:
    own = element.get("src") or element.get("data-src") or element.get("data")
    sources = (each.get("src") for each in element.iter("source", "embed", "iframe"))
    return (own or next(filter(None, sources), "") or "").strip()


def _linked(url: str, element: Element, place: Place) -> Element:
    """A link to what was embedded, in the words of its title; or its poster, if there is one."""
    poster, title = place.absolute(element.get("poster", "")), element.get("title", "").strip()
    link = tree.new("a", "" if address_of(poster) else title or url, href=url)
    if address_of(poster):
        link.append(tree.new("img", src=poster, alt=title))
    return link


def _framed(embed: Embed, title: str) -> Element:
    name = " ".join(title.split()) or embed.link
    sizes = {"width": str(embed.width), "height": str(embed.height)}
    figure = tree.new("figure")
    frame = tree.new(
        "iframe", src=embed.src, title=name, allowfullscreen="", **sizes, **FRAME_ATTRIBUTES
    )
    caption = tree.new("figcaption")
    caption.append(tree.new("a", name, href=embed.link))
    figure.extend([frame, caption])
    return figure
