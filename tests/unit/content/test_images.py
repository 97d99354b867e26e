"""One image behind its many spellings."""

import pytest

from presswork.content.html.images import address_of, best_of
from unit.content.reading import read, refusal

ORIGIN = "http://img.example/a.png"


@pytest.mark.parametrize(
    ("spelling", "url"),
    [
        (ORIGIN, ORIGIN),
        (f"https://proxy.example/?{ORIGIN}", ORIGIN),
        (f"https://proxy.example?{ORIGIN}", ORIGIN),
        ("https://proxy.example/?http%3A%2F%2Fimg.example%2Fa.png", ORIGIN),
        (f"https://one.example/?https://two.example/?{ORIGIN}", ORIGIN),
        ("https://p.example/?http://o.example/a.png?x=1&t=5", "http://o.example/a.png?x=1"),
        ("https://p.example/path?http://o.example/a.png", None),
        ("https://p.example/?url=http://o.example/a.png", None),
        ("HTTP://IMG.Example:80/A.png#part", "http://img.example/A.png"),
        ("https://img.example:443/a.png", "https://img.example/a.png"),
        ("http://img.example:8080/a.png", "http://img.example:8080/a.png"),
        ("http://user:word@img.example/a.png", ORIGIN),
        ("//img.example/a.png", "https://img.example/a.png"),
        (" http://img.example/a.png\n", ORIGIN),
        ("http://img.exa\tmple/a.png", ORIGIN),
        ("http://img.example", "http://img.example/"),
        ("http://img.example/a b.png", "http://img.example/a%20b.png"),
        ("http://img.example/a%20b.png", "http://img.example/a%20b.png"),
        ("http://img.example/图.png", "http://img.example/%E5%9B%BE.png"),
        ("http://bücher.example/a.png", "http://xn--bcher-kva.example/a.png"),
        ("http://img.example/a.png?t=1637518205", ORIGIN),
        ("http://img.example/a.png?_=1&v=2.5&rand=0.77", ORIGIN),
        ("http://img.example/a.png?1637518205", ORIGIN),
        ("http://img.example/a.png?w=100&t=9&h=50", "http://img.example/a.png?w=100&h=50"),
        ("http://img.example/a.png?t=large&v=", "http://img.example/a.png?t=large&v="),
        ("http://img.example/a.png?", ORIGIN),
        ("http://[2001:DB8::1]:80/a.png", "http://[2001:db8::1]/a.png"),
    ],
)
def test_address(spelling: str, url: str | None) -> None:
    """Proxies, ports, fragments, case and cache-busters do not tell images apart."""
    address = address_of(spelling)
    assert address is not None
    assert address.url == (url or spelling)


@pytest.mark.parametrize(
    "spelling",
    [
        "",
        "a.png",
        "/a.png",
        "data:image/png;base64,AA==",
        "ftp://x/a.png",
        "http://",
        "http:///a",
        "http://[::1",
        "http://x:99999/",
        "http://a b/",
        "javascript:alert(1)",
        "http://<x>/",
    ],
)
def test_no_address(spelling: str) -> None:
    """What is not a remote image has none."""
    assert address_of(spelling) is None


@pytest.mark.parametrize(
    ("srcset", "best"),
    [
        ("a.png 1x, b.png 2x", "b.png"),
        ("a.png 300w, b.png 1200w, c.png 600w", "b.png"),
        ("a,b.png 1.5x,c.png", "a,b.png"),
        ("  a.png  ", "a.png"),
        ("a.png 1..2x, b.png 1x", "b.png"),
        ("", None),
        (" , ,", None),
    ],
)
def test_srcset(srcset: str, best: str | None) -> None:
    """The largest candidate is the one worth keeping."""
    assert best_of(srcset) == best


def test_markdown_images() -> None:
    """An image in Markdown has its canonical address and its words, and counts once."""
    parsed = read(f'![one]({ORIGIN}?t=1 "T") ![two](https://p.example/?{ORIGIN}?t=1) ![](b.png)')
    assert parsed.html == (
        f'<p><img src="{ORIGIN}" alt="one" title="T"> <img src="{ORIGIN}" alt="two">'
        ' <img src="b.png" alt=""></p>'
    )
    (image,) = parsed.images
    assert image.url == ORIGIN
    assert image.seen == (f"{ORIGIN}?t=1", f"https://p.example/?{ORIGIN}?t=1")
    assert image.alt == "one"
    assert [repair.rule for repair in parsed.repairs] == ["image-unwrapped"]


@pytest.mark.parametrize("form", ["![]({0}) ![]({1})", '<p><img src="{0}"><img src="{1}"></p>'])
@pytest.mark.parametrize(("one", "two"), [("?v=1", "?v=2"), ("?random=1", ""), ("?1", "?2")])
def test_two_images_that_differ_in_a_cache_buster(form: str, one: str, two: str) -> None:
    """Within one post the parameter may choose the picture: each keeps its address as written."""
    urls = [f"{ORIGIN}{one}", f"{ORIGIN}{two}"]
    parsed = read(form.format(*urls))
    assert [image.url for image in parsed.images] == urls
    assert all(f'src="{url}"' in parsed.html for url in urls)


def test_a_cover_and_a_picture_that_differ_in_a_cache_buster() -> None:
    """An image of the front matter is told from one of the body in the same way."""
    parsed = read(f"![]({ORIGIN}?v=2)", cover=f"{ORIGIN}?v=1")
    assert parsed.post.cover == f"{ORIGIN}?v=1"
    assert [image.url for image in parsed.images] == [f"{ORIGIN}?v=1", f"{ORIGIN}?v=2"]


def test_spellings_of_one_tag_may_differ_in_a_cache_buster() -> None:
    """What one tag names is one image, whatever its attributes add against caches."""
    parsed = read(f'<p><img src="{ORIGIN}?v=1" data-src="{ORIGIN}?v=2"></p>')
    (image,) = parsed.images
    assert image.url == ORIGIN
    assert set(image.seen) == {f"{ORIGIN}?v=1", f"{ORIGIN}?v=2"}


@pytest.mark.parametrize(
    "body",
    [
        "![a](https://x.example/a.png) ![b](https://p.example/?http://x.example/a.png)",
        (
            "<p><img src=https://x.example/a.png alt=a>"
            "<img src='https://p.example/?http://x.example/a.png' alt=b></p>"
        ),
    ],
)
def test_one_image_by_http_and_https(body: str) -> None:
    """The scheme that a proxy was told is the origin's own, wherever it is found."""
    parsed = read(body)
    assert [image.url for image in parsed.images] == ["http://x.example/a.png"]
    assert parsed.html.count('src="http://x.example/a.png"') == 2


@pytest.mark.parametrize(
    ("attributes", "src"),
    [
        ('data-original="http://x/a.png" src="http://x/blank.gif"', "http://x/a.png"),
        ('data-src="http://x/a.png" src="data:image/gif;base64,R0"', "http://x/a.png"),
        ('src="http://x/s.png" srcset="http://x/m.png 2x, http://x/l.png 3x"', "http://x/l.png"),
        ('data-srcset="http://x/m.png 2x" data-src="http://x/s.png"', "http://x/m.png"),
        ('DATA-SRC="http://x/a.png"', "http://x/a.png"),
        (
            'src="//x/a.png?a=1&amp;b=2" width=3 height=4 loading=lazy',
            "https://x/a.png?a=1&amp;b=2",
        ),
        ('data-src="a.png"', "a.png"),
    ],
)
@pytest.mark.parametrize("around", ["<p>{}</p>", "Text {} text"])
def test_html_images(around: str, attributes: str, src: str) -> None:
    """An image in HTML is found behind what lazy loading made of it, and keeps nothing else."""
    parsed = read(around.format(f'<img {attributes} class="lazy" alt="x">'))
    assert f'<img alt="x" src="{src}">' in parsed.html
    assert parsed.html.count("<img") == 1


def test_a_placeholder_is_no_spelling() -> None:
    """What stood in for an image until a script ran is not asked for in its place."""
    (image,) = read("<p><img data-src=http://x/a.png src=http://x/blank.gif></p>").images
    assert image.seen == ("http://x/a.png",)


@pytest.mark.parametrize(
    "body", ["![x](data:image/png;base64,AA)", "<p><img src='data:image/png;base64,AA'><img></p>"]
)
def test_embedded_images_are_dropped(body: str) -> None:
    """An image without an address is taken out, and its author told."""
    parsed = read(body)
    assert "<img" not in parsed.html
    assert parsed.images == ()
    assert parsed.repairs[0].rule == "image-dropped"


def test_too_many_images() -> None:
    """A post has no more images than a page can show."""
    images = "".join(f"![](http://x/{number}.png)\n" for number in range(301))
    assert len(read(images[: images.rindex("![")]).images) == 300
    assert refusal(f"---\ndate: 2021-03-04\n---\n{images}").rule == "images.count"


def test_the_cover_first() -> None:
    """A cover that is in the text, too, is one image with the words of the text."""
    parsed = read(f"![words]({ORIGIN})", cover=f"https://p.example/?{ORIGIN}")
    (image,) = parsed.images
    assert parsed.post.cover == image.url == ORIGIN
    assert image.alt == "words"
    assert f'src="{ORIGIN}"' in parsed.html
