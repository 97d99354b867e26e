"""Repairs of the structure of wild HTML: shells, wrappers, figures, captions, code, loose text."""

from collections.abc import Iterator

from presswork.content.html import tree
from presswork.content.html.image_repairs import FoundImage
from presswork.content.html.images import ImageSet
from presswork.content.html.tree import Element, Node
from presswork.content.repair_log import RepairLog
from presswork.patterns import late

_SHELLS = ("p", "div", "section", "ul", "ol")
_OF_MARKDOWN = ("footnotes", "markdown-alert")
"""How the classes of the boxes begin that our own Markdown makes."""
_WRAPPERS = ("div", "section", "article", "main", "center", "header", "footer", "hgroup")
_BOXES = ("div", "section", "center", "dl")
_NO_PARAGRAPH = frozenset(
    "p li td th dd dt figcaption summary caption h1 h2 h3 h4 h5 h6 a span strong em b i".split()  # noqa: SIM905
)
_LONGEST_CAPTION = 200
_CODE_CLASS = late(
    r"(?:^|[\s:;])(?:(?:language|lang|highlight-source|sourceCode|brush:)[-\s]*|highlight-|src-)"
    r"([\w+#.-]{1,40})"
)
_HEXO_CLASS = late(r"\bhighlight\s+([\w+#.-]{1,40})")


def tidy_code(body: Element, log: RepairLog) -> None:
    """Makes of each `pre` one whose lines end in newlines and whose language stands on `code`."""
    for box in list(body.iter("figure", "table")):
        _unnumber(box, log)
    for pre in list(body.iter("pre")):
        for line_end in list(pre.iter("br")):
            log.add("br-in-pre", before="<br>", after="\\n", sign="<pre")
            before = (line_end.tail or "")[:1]
            tree.replace(line_end, [] if before == "\n" else ["\n"])
        code = pre[0] if len(pre) == 1 and pre[0].tag == "code" and not _text(pre) else None
        language = _language(pre, code)
        if language is None:
            continue
        if code is None:
            code = tree.new("code")
            tree.fill(code, tree.taken(pre))
            pre.append(code)
            log.add("code-language", before=pre.get("class"), after=language, sign="<pre")
        code.set("class", f"language-{language}")


def _unnumber(box: Element, log: RepairLog) -> None:
    """Leaves the code of a table that has the numbers of its lines in a column of their own."""
    cells = [each for each in box.iter("td") if "code" in each.get("class", "").split()]
    gutter = [each for each in box.iter("td") if "gutter" in each.get("class", "").split()]
    pre = next(cells[0].iter("pre"), None) if len(cells) == len(gutter) == 1 else None
    if pre is None or box.getparent() is None:
        return
    named = _HEXO_CLASS.search(box.get("class", ""))
    if named:
        pre.set("class", f"lang-{named[1]}")
    pre.tail = None
    log.add("code-table", before=f"<{box.tag}>", after="<pre>", sign=f"<{box.tag}")
    tree.replace(box, [pre])


def _language(pre: Element, code: Element | None) -> str | None:
    box = pre.getparent()
    for element in (code, pre, box, box.getparent() if box is not None else None):
        if element is None:
            continue
        named = _CODE_CLASS.search(element.get("class", ""))
        if named:
            return named[1].lower()
    return None


def _text(element: Element) -> str:
    """The text right in an element, without that of its children."""
    return "".join([element.text or "", *(child.tail or "" for child in element)]).strip()


def mend(body: Element, captions: list[Element], log: RepairLog) -> None:
    """Brings the blocks in order: no empty ones, no wrappers, images with captions in figures."""
    _drop_shells(body, log)
    _free_figures(body)
    for caption in captions:
        _join_caption(caption, body, log)
    for figure in list(body.iter("figure")):
        _flatten(figure)
    _make_figures(body, log)
    _drop_wrappers(body, log)
    _wrap_orphans(body, log)


def _drop_shells(body: Element, log: RepairLog) -> None:
    for element in reversed(list(body.iter(*_SHELLS))):
        if element is body or tree.shows(element):
            continue
        rule = "empty-paragraph" if element.tag == "p" else "empty-block"
        log.add(rule, before=tree.outer(element), sign=f"<{element.tag}></{element.tag}>")
        _leave_anchors(element)


def _leave_anchors(element: Element) -> None:
    """Removes an empty element; the place to which a link leads stays."""
    anchors = [tree.new("a", id=each.get("id", "")) for each in element.iter() if each.get("id")]
    tree.replace(element, anchors)


def _free_figures(body: Element) -> None:
    """Takes figures out of paragraphs, which cannot hold them."""
    parents = (figure.getparent() for figure in body.iter("figure"))
    for parent in dict.fromkeys(each for each in parents if each is not None):
        if parent.tag == "p":
            _split(parent)


def _split(paragraph: Element) -> None:
    """Makes paragraphs of what stands around the blocks that a paragraph cannot hold."""
    nodes: list[Node] = []
    run: list[Node] = []
    for node in [*tree.taken(paragraph), None]:
        if node is None or tree.is_block(node):
            if any(map(tree.shows, run)):
                part = tree.new("p")
                tree.fill(part, tree.trimmed(run))
                nodes.append(part)
            run = []
        if node is not None:
            (nodes if tree.is_block(node) else run).append(node)
    tree.replace(paragraph, nodes)


def _figure(picture: Node, caption: list[Node]) -> Element:
    figure = tree.new("figure")
    tree.fill(figure, [picture])
    words = tree.trimmed(caption)
    if any(map(tree.shows, words)):
        element = tree.new("figcaption")
        tree.fill(element, words)
        figure.append(element)
    return figure


def _join_caption(caption: Element, body: Element, log: RepairLog) -> None:
    """Makes a figure of the box around an element whose class calls it a caption, and one image."""
    words = tree.text_of(caption)
    for box in caption.iterancestors():
        if box is body or box.tag == "figure":
            return
        images = list(box.iter("img"))
        if len(images) == 1 and box.tag in (*_BOXES, "p"):
            if tree.text_of(box) != words or len(words) > 2 * _LONGEST_CAPTION:
                return
            log.add("figure", before=words, after="<figure>", sign=words[:40])
            tree.replace(box, [_figure(_linked(images[0]), tree.taken(caption))])
            return
        if images:
            return


def _linked(image: Element) -> Element:
    """An image with the link around it, without what stands behind."""
    link = next(image.iterancestors("a"), None)
    if link is None:
        image.tail = None
        return image
    tree.taken(link)
    image.tail = link.tail = None
    link.append(image)
    return link


def _flatten(figure: Element) -> None:
    """Drops the boxes inside a figure of one image."""
    images = list(figure.iter("img"))
    captions = list(figure.iter("figcaption"))
    words = "".join(map(tree.text_of, captions))
    solid = [each for each in figure.iter(*tree.SOLID) if each is not figure]
    if len(images) != 1 or len(solid) != 1 or len(captions) > 1 or tree.text_of(figure) != words:
        return
    if figure[0] in (images[0], images[0].getparent()) and figure[0].tag in ("img", "a"):
        return
    picture = _linked(images[0])
    caption = captions[0] if captions else None
    tree.taken(figure)
    figure.append(picture)
    if caption is not None:
        caption.tail = None
        figure.append(caption)


def _make_figures(body: Element, log: RepairLog) -> None:
    """Makes a figure of each box around one image, captioned by the bare text right behind it."""
    boxes = dict.fromkeys(
        box
        for image in body.iter("img")
        if (box := _box_of(image, body)) is not None
        and next(box.iterancestors("figure"), None) is None
    )
    for box in boxes:
        _make_figure(box, log)


def _box_of(image: Element, body: Element) -> Element | None:
    """The outermost box that holds nothing but this image."""
    found = None
    for box in image.iterancestors():
        if box is body or box.tag not in ("a", "span", "strong", "em", "p", *_BOXES):
            break
        if tree.has_text(box) or sum(1 for _ in box.iter(*tree.SOLID)) != 1:
            break
        if box.tag in _BOXES:
            found = box
    return found


def _make_figure(box: Element, log: RepairLog) -> None:
    run = tree.taken_behind(box)
    text = "".join(each if isinstance(each, str) else tree.text_of(each) for each in run).strip()
    pictures = any(not isinstance(each, str) and tree.SOLID & _names(each) for each in run)
    is_caption = bool(text) and len(text) <= _LONGEST_CAPTION and not pictures
    log.add("figure", before=text or "<div>", after="<figure>", sign=text[:40])
    figure = _figure(_linked(next(box.iter("img"))), run if is_caption else [])
    tree.replace(box, [figure] if is_caption else [figure, *run])


def _names(element: Element) -> set[str]:
    return {str(each.tag) for each in element.iter()}


def _drop_wrappers(body: Element, log: RepairLog) -> None:
    """Drops the boxes of a layout; text that stood alone in one becomes a paragraph."""
    for box in reversed(list(body.iter(*_WRAPPERS))):
        if box is body or box.get("class", "").startswith(_OF_MARKDOWN):
            continue
        if any(map(tree.is_block, box)) or next(_blocks_in(box), None) is not None:
            _wrap_orphans(box, log)
            log.add("wrapper", before=f"<{box.tag}>", sign=f"<{box.tag}")
            tree.unwrap(box)
            continue
        parent = box.getparent()
        if (
            parent is not None
            and parent.tag in _NO_PARAGRAPH
            and len(parent) == 1
            and not _text(parent)
        ):
            log.add("wrapper", before=f"<{box.tag}>", sign=f"<{box.tag}")
            tree.unwrap(box)
            continue
        log.add("text-block", before=f"<{box.tag}>", after="<p>", sign=f"<{box.tag}")
        box.tag = "p"
        nodes = tree.trimmed(tree.taken(box))
        tree.fill(box, nodes)


def _blocks_in(box: Element) -> Iterator[Element]:
    return (each for each in box.iter(*tree.BLOCKS) if each is not box)


def _wrap_orphans(parent: Element, log: RepairLog) -> None:
    """Makes paragraphs of text that stands between blocks without one."""
    if not any(map(_is_loose, parent)) and not (parent.text and parent.text.strip()):
        return
    nodes: list[Node] = []
    run: list[Node] = []
    for node in tree.taken(parent):
        if tree.is_block(node):
            nodes += _paragraph(run, log)
            run = []
            nodes.append(node)
        else:
            run.append(node)
    tree.fill(parent, [*nodes, *_paragraph(run, log)])


def _is_loose(child: Element) -> bool:
    """Whether a child is inline, or text stands behind it."""
    return child.tag not in tree.BLOCKS or bool((tail := child.tail) and tail.strip())


def _paragraph(run: list[Node], log: RepairLog) -> list[Node]:
    """A paragraph of a run of text; the run as it is if it shows nothing."""
    if not any(map(tree.shows, run)):
        return run
    start = next(at for at, node in enumerate(run) if not tree.is_blank(node))
    paragraph = tree.new("p")
    tree.fill(paragraph, tree.trimmed(run[start:]))
    text = tree.text_of(paragraph)
    first = run[start]
    before = first if isinstance(first, str) else tree.outer(first)
    log.add("orphan-text", before=before, after="<p>", sign=text[:40])
    return [*run[:start], paragraph]


def describe(found: list[FoundImage], image_set: ImageSet, log: RepairLog) -> None:
    """Gives an image without a text alternative that of its caption, or its title."""
    for each in found:
        image = each.image
        if image.get("alt", "").strip():
            continue
        figure = next(image.iterancestors("figure"), None)
        caption = next(figure.iter("figcaption"), None) if figure is not None else None
        alt = tree.text_of(caption) if caption is not None else ""
        alt = alt or " ".join(image.get("title", "").split())
        if alt:
            image.set("alt", tree.legible(alt))
            image_set.describe(each.identity, alt)
            log.add("alt-from-caption", after=alt, sign=alt[:40])
