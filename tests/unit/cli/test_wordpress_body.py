"""What WordPress keeps of a text becomes the HTML that its readers were shown."""

import pytest

from presswork import content
from presswork_cli.moving import written
from presswork_cli.moving.mentions import Mentions
from presswork_cli.moving.wordpress.autop import paragraphs
from presswork_cli.moving.wordpress.body import Attachment, Library, shown
from presswork_cli.moving.wordpress.said import SAID

UPLOADS = "https://old.example/wp-content/uploads"
LIBRARY = Library(
    origin="https://old.example",
    attachments={
        "5": Attachment(f"{UPLOADS}/a.jpg", 'The "A"', "The <em>first</em>"),
        "6": Attachment(f"{UPLOADS}/b-scaled.jpg"),
        "7": Attachment(f"{UPLOADS}/c.mp3"),
        "8": Attachment(f"{UPLOADS}/here.jpg"),
    },
    attached={"1": ("5", "6")},
    blocks={"9": "<!-- wp:paragraph --><p>Shared.</p><!-- /wp:paragraph -->"},
    places={"12": "/2021/05/06/twelve/"},
    pages_of_files={"/2021/05/06/twelve/a": f"{UPLOADS}/a.jpg"},
    local=frozenset({"/wp-content/uploads/here.jpg"}),
)


def made(text: str, library: Library = LIBRARY) -> str:
    """The HTML of a text of item 1."""
    return shown(text, "1", library, Mentions(SAID), 1).html


def told(text: str) -> list[tuple[str, int | None]]:
    """The rules and lines of what is told of a text that begins on line 10."""
    mentions = Mentions(SAID)
    shown(text, "1", LIBRARY, mentions, 10)
    return [(note.rule, note.line) for note in mentions.notes("export.xml")]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\n\nc", "<p>a<br />\nb</p>\n<p>c</p>"),
        ("a\r\n\r\nb", "<p>a</p>\n<p>b</p>"),
        ("a<br>\nb<br /><br>c", "<p>a<br />\nb</p>\n<p>c</p>"),
        ("<h2>T</h2>\nText", "<h2>T</h2>\n<p>Text</p>"),
        ("x\n<img\nsrc='a'>", "<p>x<br />\n<img src='a'></p>"),
        ("<ul>\n<li>a</li>\n</ul>\nb", "<ul>\n<li>a</li>\n</ul>\n<p>b</p>"),
        ("<ul><li>a\n<ul><li>b</li></ul></li></ul>",
         "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
        ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p>\n<p>b</p></blockquote>"),
        ("<div>a\n\nb</div>", "<div><p>a</p>\n<p>b</p></div>"),
        ("<p>a</p>\nb", "<p>a</p>\n<p>b</p>"),
        ("a\n<pre>b\n\n c</pre>\nd", "<p>a</p>\n<pre>b\n\n c</pre>\n<p>d</p>"),
        ("[code]\na\n\nb\n[/code]\nc", "[code]\na\n\nb\n[/code]\n<p>c</p>"),
        ("a\n<hr />\nb", "<p>a</p>\n<hr />\n<p>b</p>"),
        ("<!--more-->\n\na", "<!--more-->\n<p>a</p>"),
        ("<video>\n<source>\n</video>", "<p><video> <source> </video></p>"),
        ("<table><tr><td>a</td></tr></table>",
         "<table>\n<tr>\n<td>a</td>\n</tr>\n</table>"),
        ("<script>\na\n\nb</script>", "<script>\na\n\nb</script>"),
        ("  \n\n ", ""),
    ],
)  # fmt: skip
def test_an_empty_line_is_a_paragraph(text: str, html: str) -> None:
    """In the classic editor, but in listings; a line break is one, and blocks are no paragraphs."""
    assert paragraphs(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<pre>" * 100_000,
        "[code]" * 100_000,
        "<!--" * 100_000,
        "<!-- wp:a <!-- wp:a" * 100_000,
        '[a b="' * 100_000,
        "<a href='" * 100_000,
        "<img src=" * 100_000,
        "[gallery " * 100_000,
        '<!-- wp:block {"ref":9} /-->' * 2_000,
        "<audio>" * 100_000,
        "</li>" * 100_000,
    ],
)  # fmt: skip
def test_the_time_grows_with_the_text_alone(text: str) -> None:
    """Whatever is opened and never closed: a square of these lengths takes many minutes."""
    assert made(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('[gallery ids="6,5"]',
         (f'<p><figure><img src="{UPLOADS}/b-scaled.jpg" alt="" /></figure>\n<figure><img '
         f'src="{UPLOADS}/a.jpg" alt="The &quot;A&quot;" /><figcaption>The <em>first</em>'
         "</figcaption></figure></p>")),
        ('[gallery ids="5,99"]', '<p>[gallery ids="5,99"]</p>'),
        ("[[gallery]] <code>[gallery]</code>", "<p>&#91;gallery] <code>[gallery]</code></p>"),
        (f'[audio mp3="{UPLOADS}/here.jpg"]', '<p>[audio mp3="/wp-content/uploads/here.jpg"]</p>'),
        (f'<video src="{UPLOADS}/here.jpg">', '<p><video src="/wp-content/uploads/here.jpg"></p>'),
        ('[playlist ids="7"]', f'<p>[audio src="{UPLOADS}/c.mp3"]</p>'),
        ("a\nhttps://a.example/b", "<p>a<br />\n[embed]https://a.example/b[/embed]</p>"),
        ("a https://a.example/b", "<p>a https://a.example/b</p>"),
        ("a<!--nextpage-->b", "<p>a</p>\n<p>b</p>"),
        ("{{ a }} {% b %} {c}", "<p>&#123;{ a }} &#123;% b %} {c}</p>"),
        ('<!-- wp:block {"ref":9} /-->', "<p>Shared.</p>"),
        ("<!-- wp:a {} /-->\n<!-- wp:more -->\n<!--more-->\n<!-- /wp:more --><p>b</p>",
         "<!--more-->\n<p>b</p>"),
        ("<!-- wp:paragraph -->\n<p>https://a.example/b</p>\n<!-- /wp:paragraph -->",
         "<p>[embed]https://a.example/b[/embed]</p>"),
        ("<!-- wp:html --><iframe></iframe><!-- /wp:html -->",
         "<div>\n<iframe></iframe>\n</div>"),
    ],
)  # fmt: skip
def test_what_stands_for_something_becomes_that(text: str, html: str) -> None:
    """Galleries, films on lines of their own, blocks for many posts; templates are text."""
    assert made(text) == html


def test_a_gallery_without_numbers_is_what_belongs_to_the_post() -> None:
    """So WordPress takes it."""
    assert made("[gallery]").count("<img") == len(LIBRARY.attached["1"])


def test_a_block_that_holds_itself_ends() -> None:
    """As it does in WordPress."""
    endless = '<!-- wp:block {"ref":3} /--><!-- wp:block {"ref":3} /--><p>x</p>'
    html = made(endless, Library(blocks={"3": endless}))
    assert 1 < html.count("<p>x</p>") <= 200


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("https://old.example/2021/05/06/x/?a=1#b", "/2021/05/06/x/?a=1#b"),
        ("http://www.old.example/2021/05/06/x/", "/2021/05/06/x/"),
        ("//old.example/x/", "/x/"),
        ("https://old.example/?p=12#c", "/2021/05/06/twelve/#c"),
        ("/?p=12", "/2021/05/06/twelve/"),
        ("https://old.example/?page_id=12", "/2021/05/06/twelve/"),
        ("https://old.example/2021/05/06/twelve/a/", f"{UPLOADS}/a.jpg"),
        ("/?attachment_id=5", f"{UPLOADS}/a.jpg"),
        ("/?attachment_id=8", "/wp-content/uploads/here.jpg"),
        ("/?attachment_id=99", "/?attachment_id=99"),
        (f"{UPLOADS}/x.pdf", f"{UPLOADS}/x.pdf"),
        (f"{UPLOADS}/here.jpg", "/wp-content/uploads/here.jpg"),
        ("https://old.example/wp-admin/", "https://old.example/wp-admin/"),
        ("https://else.example/2021/", "https://else.example/2021/"),
        ("mailto:a@old.example", "mailto:a@old.example"),
        ("#part", "#part"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_links_within_the_blog_begin_at_the_root(address: str, here: str) -> None:
    """So they hold wherever the site stands; what WordPress alone served stays where it was."""
    assert made(f'<a href="{address}">x</a>') == f'<p><a href="{here}">x</a></p>'


@pytest.mark.parametrize(
    ("src", "full"),
    [
        (f"{UPLOADS}/a-300x200.jpg", f"{UPLOADS}/a.jpg"),
        ("http://old.example/wp-content/uploads/b-1024x683.jpg", f"{UPLOADS}/b-scaled.jpg"),
        (f"{UPLOADS}/a.jpg", f"{UPLOADS}/a.jpg"),
        (f"{UPLOADS}/unknown-300x200.jpg", f"{UPLOADS}/unknown-300x200.jpg"),
    ],
)
def test_pictures_are_those_of_the_full_size(src: str, full: str) -> None:
    """Where the export names it: the site makes sizes of its own."""
    assert (
        made(f'<img class="x" src="{src}" alt="" />')
        == f'<p><img class="x" src="{full}" alt="" /></p>'
    )


def test_a_shortcode_that_is_only_spoken_of_has_its_brackets_once() -> None:
    """`[[caption]]` is how WordPress has it written; what it does not know stays as it is."""
    assert made("[[caption]] [[gallery ids=1]] [[note]]") == (
        "<p>&#91;caption] &#91;gallery ids=1] [[note]]</p>"
    )


@pytest.mark.parametrize("address", ["/img/boat.png", "http://www.old.example/img/boat.png"])
def test_a_file_that_did_not_come_along_is_where_the_blog_has_it(address: str) -> None:
    """It may lie anywhere on the old host, where no post can show it from beside itself."""
    assert (
        made(f'<img src="{address}" />') == '<p><img src="https://old.example/img/boat.png" /></p>'
    )
    assert (
        made(f'[video src="{address}"]') == '<p>[video src="https://old.example/img/boat.png"]</p>'
    )


def test_other_sizes_of_a_picture_are_left_out() -> None:
    """The largest of a `srcset` would be taken for the picture, and is none in full size."""
    sizes = f'srcset="{UPLOADS}/a-300x200.jpg 300w" sizes="100vw"'
    image = f'<img src="{UPLOADS}/a-300x200.jpg" {sizes} alt="">'
    assert made(image) == f'<p><img src="{UPLOADS}/a.jpg" alt=""></p>'


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('a\n\n[form id="1"]\n[form id="2"]', [("moving.shortcode", 12)]),
        ("[box]x[/box]", [("moving.shortcode", 10)]),
        ("[see note] [1] [x]", []),
        ("[[box]]x[[/box]] <code>[form id=1]</code>", []),
        ('[gallery ids="5"] [video src="/a.mp4"] [contact-form-7 id="1"]', []),
        ('<p>a</p>\n<!-- wp:acf/map {"id":1} /-->', [("moving.dynamic-block", 11)]),
        ("<!-- wp:separator --><hr/><!-- /wp:separator -->", []),
    ],
)
def test_what_nobody_knows_is_told_by_line(text: str, rules: list[tuple[str, int]]) -> None:
    """A shortcode of a plugin stays, a block that is filled later is left out; words are words."""
    assert told(text) == rules


@pytest.mark.parametrize(
    "text", ["<span>a</span> *b*", "[embed]https://a.example/[/embed]", "<img src='a.jpg'>", "*b*"]
)
def test_no_text_is_read_as_markdown(text: str) -> None:
    """An asterisk of an export is an asterisk."""
    for each in (text, f"<!-- wp:html -->{text}<!-- /wp:html -->"):
        data = written.source({"title": "T", "date": "2021-05-06"}, made(each))
        html = content.parse(data, "posts/a.html", content.Site()).html
        assert "<em>" not in html
        assert ("*b*" in text) == ("*b*" in html)
