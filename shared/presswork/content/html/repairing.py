"""Repairs of wild HTML: what feed readers, page builders and lazy-loading scripts leave behind."""

from collections.abc import Container
from dataclasses import dataclass

from presswork.content.html import (
    block_repairs,
    drawings,
    formulas,
    image_repairs,
    permalinks,
    players,
    redirects,
    schemes,
    script_embeds,
    styled_words,
    tree,
)
from presswork.content.html.allowed import PLAYERS
from presswork.content.html.embeds import FRAME_ATTRIBUTES, Embed, embed_of
from presswork.content.html.headings import HEADINGS, is_anchor
from presswork.content.html.image_repairs import Place
from presswork.content.html.images import ImageSet, address_of, names_file
from presswork.content.html.sanitizing import ANCHOR, ATTRIBUTES
from presswork.content.html.tree import Element
from presswork.content.repair_log import RepairLog
from presswork.patterns import late
from presswork.settings import EmbedHost

_DROPPED = ("script", "style", "template", "title", "meta", "link", "base", "noembed", "noframes")
_EMBEDS = ("iframe", "embed", "video", "audio", "object")
_RULES_OF_DROPPED = {
    "noembed": "hidden-content",
    "noframes": "hidden-content",
    "script": "script",
    "style": "source-style",
    "template": "hidden-content",
}
_PREFORMATTED = ("textarea", "xmp")
_IMAGE_KEEPS = frozenset(["alt", "title"])
_BEHIND_EMPTY_LINE = late(r"\n[ \t]*\n\s*\S")
_CAPTION_CLASS = late(r"(?:^|[\s_-])(?:caption|captions?-?text|figcaption|img-desc)(?=$|[\s_-])")
_OWN_CLASS = late(r"language-\S+|footnote\S*|markdown-alert(?:-\w+)?(?: markdown-alert-\w+)?")
_BLANKS = late(r"\s+")


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
        drawings.leave_words(body, self.log)
        self._drop_machinery(body)
        formulas.tidy(body, self.log)
        image_repairs.bring_out(body, self.log)
        self._settle_embeds(body, place)
        block_repairs.tidy_code(body, self.log)
        styled_words.emphasize(body, self.log)
        permalinks.drop(body, self.log)
        captions = self._thin(body, place)
        found = list(image_repairs.fold(body, self.image_set, place, self.log))
        posters = list(image_repairs.fold_posters(body, self.image_set, place))
        block_repairs.mend(body, captions, self.log)
        block_repairs.describe(found, self.image_set, self.log)
        image_repairs.settle([*found, *posters], self.image_set, _IMAGE_KEEPS)

    def find_images(self, body: Element) -> None:
        """Settles the images of a tree of which nothing else is touched."""
        drawings.leave_words(body, self.log)
        place = place_of(body)
        image_repairs.bring_out(body, self.log)
        found = list(image_repairs.fold(body, self.image_set, place, self.log))
        found += image_repairs.fold_posters(body, self.image_set, place)
        schemes.warn_of_lost((each.get("href", "") for each in body.iter("a")), self.log)
        kept = _IMAGE_KEEPS | {"class", "id", "style", "width", "height"}
        image_repairs.settle(found, self.image_set, kept)

    def _drop_machinery(self, body: Element) -> None:
        for element in list(body.iter(*_PREFORMATTED)):
            self.log.add("preformatted", before=tree.outer(element), sign=f"<{element.tag}")
            element.tag = "pre"
        for element in list(body.iter(*_DROPPED)):
            link = script_embeds.link_of(tree.attributes(element))
            made = [] if link is None else [tree.new("a", link, href=link)]
            self._tell_dropped(element, made)
            tree.replace(element, made)
        for element in list(body.iter("input")):
            if element.get("type", "").lower() != "checkbox":  # no box of a task
                tree.remove(element)

    def _tell_dropped(self, element: Element, made: list[Element]) -> None:
        """Tells of what readers might have seen, or of a script; the head of a page is no loss."""
        rule = _RULES_OF_DROPPED.get(str(element.tag))
        if made:
            rule = "embed-linked"
        elif rule is None or (element.tag != "script" and not tree.has_text(element)):
            return
        after = "".join(map(tree.outer, made)) or None
        self.log.add(rule, before=tree.outer(element), after=after, sign=f"<{element.tag}")

    def _settle_embeds(self, body: Element, place: Place) -> None:
        """Puts a link, or a frame of our own making, in place of what would load something."""
        for box in body.iter("div"):
            if "wp-block-embed__wrapper" in box.get("class", ""):
                _make_embed(box)
        for element in list(body.iter(*_EMBEDS)):
            if next(element.iterancestors(*_EMBEDS), None) is not None:
                continue
            rule, made = self._settled_embed(element, place)
            after = "".join(map(tree.outer, made))
            if rule != "player" or players.is_changed(element, made[0]):
                self.log.add(rule, before=tree.outer(element), after=after, sign=f"<{element.tag}")
            follower = element.getnext()
            if follower is not None and follower.tag in _EMBEDS and not element.tail:
                element.tail = " "
            tree.replace(element, made)

    def _settled_embed(self, element: Element, place: Place) -> tuple[str, list[Element]]:
        """What stands in place of an embed, and the rule by which it does."""
        player = players.own_player(element, place)
        if player is not None:
            return "player", [player]
        url = place.absolute(_source(element))
        embed = embed_of(url)
        if embed is not None and embed.host in self.embeds:
            return "embed-framed", [_framed(embed, element.get("title", ""))]
        if not url:
            return "embed-linked", []
        if embed is None and element.tag in PLAYERS:
            self.log.add_warning(
                "remote-media",
                f"A page plays nothing from another host: {url[:200]!r} is a link.",
                "Put the file beside the post, and name it there.",
                sign=url[:60],
            )
        return "embed-linked", [_linked(embed.link if embed else url, element, place)]

    def _thin(self, body: Element, place: Place) -> list[Element]:
        """Removes what sanitising would remove too, and brings links in order.

        The elements whose class calls them a caption are returned.
        """
        captions = []
        hrefs = [link.get("href", "").strip() for link in body.iter("a")]
        schemes.warn_of_lost(hrefs, self.log)
        wanted = {href[1:] for href in hrefs if href.startswith("#") and href != "#"}
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
        target = redirects.target_of(url)
        if target is not None:
            self.log.add("link-unwrapped", before=url, after=target, sign=href[:60])
            link.set("href", tree.legible(target))


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
    """Whether text stands at the outermost level behind an empty line, as it does in Markdown.

    So it does in `details`, for which Markdown has nothing of its own.
    """
    levels = [body, *body.iter("details")]
    texts = [text for each in levels for text in (each.text, *(child.tail for child in each))]
    return any(text and _BEHIND_EMPTY_LINE.search(text) for text in texts)


def _id_of(element: Element) -> str:
    """The name under which links of the page know a place in it."""
    return element.get("id") or (element.get("name") if element.tag == "a" else None) or ""


def _is_caption(element: Element) -> bool:
    return element.tag in ("p", "div", "span", "small", "dd") and bool(
        _CAPTION_CLASS.search(element.get("class", ""))
    )


def _make_embed(box: Element) -> None:
    """Makes a frame of the bare address from which WordPress makes one when it shows the page."""
    address = (box.text or "").strip()
    if not len(box) and address.startswith(("http://", "https://")) and " " not in address:
        box.text = None
        box.append(tree.new("iframe", src=address))


def _source(element: Element) -> str:
    own = element.get("src") or element.get("data-src") or element.get("data")
    sources = (each.get("src") for each in element.iter("source", "embed", "iframe"))
    return (own or next(filter(None, sources), "") or "").strip()


def _linked(url: str, element: Element, place: Place) -> Element:
    """A link to what was embedded, in the words of its title; or its poster, if there is one."""
    poster, title = place.absolute(element.get("poster", "")), element.get("title", "").strip()
    is_image = address_of(poster) is not None or names_file(poster)
    link = tree.new("a", "" if is_image else title or url, href=url)
    if is_image:
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
