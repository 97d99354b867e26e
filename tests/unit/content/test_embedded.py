"""`data:` URIs as browsers read them, and the names that stand for their bytes."""

import base64
from urllib.parse import quote

import pytest

from presswork.content import Site, parse
from presswork.content.html import embedded

DATA = bytes(range(256))
PACKED = base64.b64encode(DATA).decode()


@pytest.mark.parametrize(
    "uri",
    [
        f"data:image/png;base64,{PACKED}",
        f"DATA:image/png;BASE64,{PACKED}",
        f"data:;base64,{PACKED}",
        f"data:image/png;charset=x; base64 ,{PACKED}",
        f" data:image/png;base64,{PACKED[:50]}\n {PACKED[50:]} ",
        f"data:image/png;base64,{PACKED.rstrip('=')}",
        f"data:image/png;base64,{quote(PACKED, safe='')}",
        f"data:image/png,{quote(DATA)}",
        f"data:image/png;base64,{PACKED}#part",
    ],
)
def test_the_bytes_of_a_uri(uri: str) -> None:
    """Blanks, percent signs, a missing end and the case of its words do not matter."""
    assert embedded.is_embedded(uri)
    assert embedded.bytes_of(uri) == DATA


@pytest.mark.parametrize(
    "uri",
    [
        "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==",
        f"data:image/png;base64,{PACKED}!",
        f"data:image/png;base64,{PACKED[:201]}",
        "data:image/png;base64" + "A" * 200,
        "https://images.example/" + "A" * 200,
    ],
)
def test_what_has_no_bytes(uri: str) -> None:
    """A placeholder, Base64 with a sign or a length that it cannot have, and no URI of the kind."""
    assert embedded.bytes_of(uri) is None


def test_a_name_is_that_of_the_standard() -> None:
    """The example of RFC 6920, section 8.1."""
    name = embedded.name_of(b"Hello World!")
    assert name == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"
    assert embedded.is_name(name)


@pytest.mark.parametrize(
    "around",
    [
        '<img src="{}" data-src="https://x.example/a.jpg">',
        '<img src="{}" data-lazyload-of-nobody="https://x.example/a.jpg">',
        '<img src="{}" srcset="https://x.example/a.jpg 2x">',
        '<picture><source srcset="https://x.example/a.jpg"><img src="{}"></picture>',
        '<img src="{}"><noscript><img src="https://x.example/a.jpg"></noscript>',
    ],
)
def test_a_blurred_preview_gives_way(around: str) -> None:
    """An embedded picture is no image of its own where the real one is named anywhere."""
    uri = f"data:image/jpeg;base64,{PACKED}"
    source = f"---\ntitle: A\ndate: 2024-05-06\n---\n<p>{around.format(uri)}</p>"
    parsed = parse(source.encode(), "posts/a.md", Site())
    assert [ref.url for ref in parsed.images] == ["https://x.example/a.jpg"]
    assert parsed.embedded == {}


def test_a_post_names_an_embedded_image_shortly() -> None:
    """The reference has the name and the beginning of the URI; the bytes stand apart."""
    uri = f"data:image/png;base64,{base64.b64encode(DATA * 400).decode()}"
    source = f"---\ntitle: A\ndate: 2024-05-06\n---\n![x]({uri})\n\n![again]({uri})"
    parsed = parse(source.encode(), "posts/a.md", Site())
    (ref,) = parsed.images
    assert ref.url == embedded.name_of(DATA * 400)
    assert max(map(len, ref.seen)) <= 100
    assert parsed.embedded == {ref.url: DATA * 400}
    assert parsed.repairs == ()
    assert len(parsed.post.model_dump_json()) < 2000
