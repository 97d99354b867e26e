"""What is left of a drawing in SVG."""

import base64
import io
import re

import pytest
from lxml import etree
from PIL import Image

from presswork.imaging import Refused, make

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
CIRCLE = '<circle cx="5" cy="5" r="4"/>'


def drawing(inside: str = CIRCLE, attributes: str = 'viewBox="0 0 10 10"', before: str = "") -> str:
    """An SVG."""
    return f"{before}<svg {NS} {attributes}>{inside}</svg>"


def cleaned(text: str) -> str:
    """What `make` serves of a drawing."""
    (file,) = make(text.encode()).files.values()
    return file.decode()


def test_a_drawing_is_one_file() -> None:
    """It stays a drawing: one file, without other formats and widths."""
    media = make(drawing(attributes='width="24" height="12" viewBox="0 0 48 24"').encode())
    assert list(media.files) == ["24.svg"]
    assert (media.width, media.height, media.animated, media.truncated) == (24, 12, False, False)
    root = etree.fromstring(media.files["24.svg"])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert dict(root.items()) == {"width": "24", "height": "12", "viewBox": "0 0 48 24"}
    assert [dict(child.items()) for child in root] == [{"cx": "5", "cy": "5", "r": "4"}]


HARMLESS = {
    "shapes": '<g fill="none" stroke="#000" transform="translate(1 2) rotate(45)">'
    '<path d="M0 0L5 5z"/></g>',
    "gradients": '<defs><linearGradient id="a" x1="0" x2="1"><stop offset="0" stop-color="red"/>'
    '</linearGradient></defs><rect width="5" height="5" fill="url(#a)"/>',
    "sheets": '<style>.a{fill:#fff;stroke:rgb(1,2,3)}</style><path class="a" d="M0 0z"/>',
    "symbols": '<symbol id="s"><path d="M1 1z"/></symbol><use href="#s" x="1"/>',
    "filters": '<filter id="f"><feGaussianBlur in="SourceGraphic" stdDeviation="2"/></filter>'
    '<g filter="url(#f)"><path d="M0 0z"/></g>',
    "text": '<text x="1" font-family="serif">A <tspan dy="1">b</tspan> c &lt;</text>',
    "styles": '<path style="fill:red;opacity:.5" d="M0 0z"/>',
    "clips": '<clipPath id="c"><rect width="1" height="1"/></clipPath><g clip-path="url(#c)"/>',
    "masks": '<mask id="m"><rect width="1" height="1"/></mask><pattern id="p" width="1"/>',
}


@pytest.mark.parametrize("inside", HARMLESS.values(), ids=list(HARMLESS))
def test_what_a_drawing_needs_is_kept(inside: str) -> None:
    """Shapes, gradients, filters, text and styles come out as they went in."""
    before = etree.fromstring(drawing(inside))
    after = etree.fromstring(cleaned(drawing(inside)))

    def shape(element: etree._Element) -> object:
        return element.tag, dict(element.items()), element.text, [shape(c) for c in element]

    assert [shape(child) for child in after] == [shape(child) for child in before]


HARMFUL = {
    "a script": "<script>evil()</script>",
    "a linked script": '<script xlink:href="https://evil.example/x.js"/>',
    "a handler": '<rect onload="evil()" width="1" height="1"/>',
    "a handler in odd letters": '<rect ONCLICK="evil()" oNfOcUs="evil()"/>',
    "a script link": '<a href="javascript:evil()"><path d="M0 0z"/></a>',
    "a link": '<a xlink:href="https://evil.example/"><path d="M0 0z"/></a>',
    "foreign markup": '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">'
    '<iframe src="https://evil.example/"/></body></foreignObject>',
    "html at once": '<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="x" onerror="evil()"/>',
    "an animated link": '<a><set attributeName="href" to="javascript:evil()"/></a>',
    "an animation": '<animate attributeName="x" values="evil" onbegin="evil()"/>',
    "another's shape": '<use href="https://evil.example/x.svg#a"/>',
    "a data shape": '<use href="data:image/svg+xml;base64,PHN2Zz4=evil#x"/>',
    "another's picture": '<image href="https://evil.example/x.png"/>',
    "a picture by file": '<image href="file:///evil/passwd"/>',
    "a drawing as picture": '<image href="data:image/svg+xml,&lt;svg onload=evil()>"/>',
    "another's paint": '<rect fill="url(https://evil.example/#a)"/>',
    "another's paint, quoted": "<rect fill='url(\"https://evil.example/#a\")'/>",
    "another's filter in a style": '<rect style="filter:url(//evil.example/f#a)"/>',
    "paint behind a reference": '<rect fill="url(#a) url(https://evil.example/b)"/>',
    "an import": '<style>@import "https://evil.example/x.css";</style>',
    "an import in an escape": "<style>@\\69mport 'https://evil.example/x.css';</style>",
    "a font": "<style>@font-face{font-family:a;src:url(https://evil.example/f)}</style>",
    "a style that loads": "<style>rect{fill:url(https://evil.example/x)}</style>",
    "a style in an escape": "<style>rect{fill:u\\72l(https://evil.example/x)}</style>",
    "a style in a comment": "<style>rect{fill:ur/**/l(https://evil.example/x)}</style>",
    "an image set": "<style>rect{mask:image-set('https://evil.example/x')}</style>",
    "a style that ends early": "<style>&lt;/style>&lt;script>evil()&lt;/script></style>",
    "a property": '<rect style="behavior:evil;-moz-binding:evil"/>',
    "a filter that loads": '<filter id="f"><feImage href="https://evil.example/x"/></filter>',
    "a handler element": '<handler xmlns:ev="x" ev:event="load">evil()</handler>',
    "a comment": "<!-- evil -->",
    "an instruction": '<?xml-stylesheet href="https://evil.example/x.css"?>',
    "a section": "<![CDATA[evil]]>",
    "metadata": "<metadata>evil</metadata><title>evil</title><desc>evil</desc>",
    "what an editor knows": '<g xmlns:i="urn:x" i:export-filename="/home/evil/a.png"/>',
    "data": '<g data-author="evil" id="&lt;evil>"/>',
    "another base": '<g xml:base="https://evil.example/"/>',
    "a video": '<video src="https://evil.example/x"/><audio src="evil"/>',
    "a listener": '<listener handler="#evil"/>',
    "text without a place": "evil",
}


@pytest.mark.parametrize("inside", HARMFUL.values(), ids=list(HARMFUL))
def test_what_does_harm_is_left_out(inside: str) -> None:
    """Scripts, handlers, links, other hosts, foreign markup, remarks are gone, no more."""
    text = cleaned(drawing(inside + CIRCLE))
    assert "evil" not in text
    assert not re.search(r"script|http(?!://www\.w3\.org/2000/svg)|@|\\", text)
    assert '<circle cx="5" cy="5" r="4"/>' in text


def labelled(html: str) -> str:
    """A drawing with a box of HTML."""
    return drawing(
        f'{CIRCLE}<foreignObject x="-10" y="4" width="120" height="40">'
        '<div xmlns="http://www.w3.org/1999/xhtml"><style>p{}</style><script>evil()</script>'
        f"{html}</div></foreignObject>"
    )


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("Label", "Label"),
        ("<p>Two</p><p>lines <b>here</b> on</p>", "Two lines here on"),
        ("a &lt;b&gt;", "a &lt;b&gt;"),
    ],
)
def test_labels_of_foreign_markup_are_kept_as_text(html: str, words: str) -> None:
    """Tools for diagrams write labels in HTML: their words stand in the middle of their box."""
    (text,) = etree.fromstring(cleaned(labelled(html))).iter("{*}text")
    assert etree.tostring(text, encoding="unicode", with_tail=False).endswith(f">{words}</text>")
    assert (text.get("x"), text.get("y"), text.get("text-anchor")) == ("50", "24", "middle")


def test_foreign_markup_without_words_leaves_nothing() -> None:
    """A box for a picture or a script is gone."""
    assert "text" not in cleaned(drawing(f"{CIRCLE}<foreignObject><i> </i></foreignObject>"))


def laughs(depth: int) -> str:
    """Ten uses of ten uses of ten, and so on."""
    steps = "".join(
        f'<g id="l{n}">' + f'<use href="#l{n - 1}"/>' * 10 + "</g>" for n in range(1, depth)
    )
    return f'<g id="l0">{CIRCLE}</g>{steps}'


ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
REFUSED = {
    "billion laughs": drawing(
        "<text>&l11;</text>", before=f'<!DOCTYPE svg [<!ENTITY l0 "lol">{ENTITIES}]>'
    ),
    "billion laughs in an attribute": drawing(
        '<path d="&l11;"/>', before=f'<!DOCTYPE svg [<!ENTITY l0 "lol">{ENTITIES}]>'
    ),
    "billion uses": drawing(laughs(12)),
    "a use of itself": drawing('<g id="a"><use href="#a"/></g>'),
    "uses of each other": drawing('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
    "too deep": drawing("<g>" * 150 + "</g>" * 150),
    "very deep": drawing("<g>" * 100_000 + "</g>" * 100_000),
    "too many elements": drawing("<g/>" * 50_001),
    "too many pictures": drawing('<image href="data:image/png;base64,AAAA"/>' * 21),
    "broken": "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
    "another language": "<svg xmlns='urn:x'/>",
    "an unknown entity": drawing("<text>&nope;</text>"),
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=list(REFUSED))
def test_drawings_that_cannot_be_used(text: str) -> None:
    """What repeats without end, or cannot be read, is refused with the cure."""
    with pytest.raises(Refused, match=r"Convert it to PNG|no image") as refused:
        make(text.encode())
    assert refused.value.rule in ("image.svg", "image.type")


def test_files_are_not_read_in() -> None:
    """An entity of another file is refused."""
    text = drawing(
        "<text>a&x;b</text>", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    )
    with pytest.raises(Refused) as refused:
        make(text.encode())
    assert refused.value.rule == "image.svg"


def test_the_entities_of_an_editor() -> None:
    """Old drawings name their namespaces by entities of their own; they are taken over."""
    before = (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- Generator: x -->\n<!DOCTYPE svg PUBLIC '
        '"-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [\n'
        '<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>\n'
    )
    text = f'{before}<svg xmlns="&ns_svg;" width="9" height="9">{CIRCLE}</svg>'
    assert CIRCLE in cleaned(text)


@pytest.mark.parametrize(
    ("attributes", "size", "box"),
    [
        ('width="20" height="10"', (20, 10), "0 0 20 10"),
        ('width="20px" height="10.4px"', (20, 10), "0 0 20 10.4"),
        ('width="1in" height="25.4mm" viewBox="0 0 1 1"', (96, 96), "0 0 1 1"),
        ('width="100%" height="100%" viewBox="0 0 30 20"', (30, 20), "0 0 30 20"),
        ('width="60" viewBox="0,0,30,20"', (60, 40), "0,0,30,20"),
        ('height="40" viewBox="0 0 30 20"', (60, 40), "0 0 30 20"),
        ('viewBox="0 0 1e8 1"', (16383, 1), "0 0 1e8 1"),
        ('viewBox="nonsense"', (300, 150), "0 0 300 150"),
        ('viewBox="0 0 0 0" width="-5"', (300, 150), "0 0 300 150"),
        ("", (300, 150), "0 0 300 150"),
    ],
)
def test_the_natural_size(attributes: str, size: tuple[int, int], box: str) -> None:
    """Width and height count, else the view box, else what browsers take; both are written out."""
    media = make(drawing(attributes=attributes).encode())
    assert (media.width, media.height) == size
    root = etree.fromstring(next(iter(media.files.values())))
    assert (root.get("width"), root.get("height")) == (str(size[0]), str(size[1]))
    assert root.get("viewBox") == box


def test_pictures_within_are_made_anew() -> None:
    """A picture in a drawing keeps its pixels, and loses what else its file held."""
    file = io.BytesIO()
    Image.new("RGB", (20, 10), "#336699").save(file, "JPEG", comment=b"SECRET", quality=95)
    data = base64.b64encode(file.getvalue() + b"SECRET").decode()
    for attribute in ("href", "xlink:href"):
        text = cleaned(drawing(f'<image {attribute}="data:image/png;base64,{data}" width="9"/>'))
        found = re.search(r'href="data:image/jpeg;base64,([^"]+)"', text)
        assert found is not None
        inner = base64.b64decode(found[1])
        assert b"SECRET" not in inner
        pixel = Image.open(io.BytesIO(inner)).resize((1, 1)).getpixel((0, 0))
        assert pixel == pytest.approx((0x33, 0x66, 0x99), abs=4)


def test_a_drawing_without_namespace() -> None:
    """Copied out of a page, a drawing has none; as an image it needs one."""
    assert 'xmlns="http://www.w3.org/2000/svg"' in cleaned(f"<svg width='9'>{CIRCLE}</svg>")


def test_text_keeps_its_letters() -> None:
    """What is shown stays, escaped."""
    assert "&lt;b&gt; é 图</text>" in cleaned(drawing("<text>&lt;b> é 图</text>"))
