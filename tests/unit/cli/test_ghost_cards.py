"""What Ghost's editors keep becomes the HTML that its readers were shown."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork_cli.failure import Failure
from presswork_cli.moving import ghost
from presswork_cli.moving.ghost import body, cards, lexical, mobiledoc
from presswork_cli.moving.ghost.said import SAID
from presswork_cli.moving.mentions import Mentions

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.text(max_size=5),
    lambda each: (
        st.lists(each, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "root",
                    "children",
                    "type",
                    "text",
                    "format",
                    "sections",
                    "cards",
                    "atoms",
                    "markups",
                    "src",
                    "url",
                    "html",
                    "code",
                    "images",
                    "metadata",
                    "caption",
                    "visibility",
                    "web",
                    "listType",
                    "tag",
                    "markdown",
                ]
            ),
            each
            | st.sampled_from(["list", "listitem", "paragraph", "gallery", "image", "link", "p"]),
            max_size=6,
        )
    ),
    max_leaves=30,
)


def of_lexical(*nodes: dict[str, Any]) -> tuple[str, list[str]]:
    """The HTML of nodes, and the names of those that are left out."""
    left: list[str] = []
    return lexical.html_of({"root": {"type": "root", "children": list(nodes)}}, left.append), left


def text(words: str, format: int = 0) -> dict[str, Any]:
    """A node of text."""
    return {"type": "extended-text", "text": words, "format": format}


def of_body(**row: Any) -> tuple[str, set[str]]:
    """The HTML of a post, and the rules of what is told of it."""
    mentions = Mentions(SAID)
    html = body.shown(row, "A post", mentions)
    return html, {note.rule for note in mentions.notes("ghost.json")}


@pytest.mark.parametrize(
    ("card", "html"),
    [
        ({"type": "horizontalrule"}, "<hr>"),
        ({"type": "codeblock", "code": "a < b", "language": "py"},
         '<pre><code class="language-py">a &lt; b</code></pre>'),
        ({"type": "image", "src": "/a.jpg", "alt": 'A "b"', "caption": "C", "href": "/b"},
         ('<figure><a href="/b"><img src="/a.jpg" alt="A &quot;b&quot;"></a>'
         "<figcaption>C</figcaption></figure>")),
        ({"type": "gallery", "images": [{"src": "/a.jpg"}, {"src": "/b.jpg"}, 3], "caption": ""},
         '<figure><img src="/a.jpg" alt=""><img src="/b.jpg" alt=""></figure>'),
        ({"type": "html", "html": "<b>x</b>"}, "<b>x</b>"),
        ({"type": "markdown", "markdown": "*x*"}, "<p><em>x</em></p>\n"),
        ({"type": "bookmark", "url": "https://a.example/",
          "metadata": {"title": "T", "publisher": "P"}},
         '<blockquote><p><a href="https://a.example/">T</a></p><p>P</p></blockquote>'),
        ({"type": "embed", "url": "https://a.example/", "html": ""},
         '<figure><p><a href="https://a.example/">https://a.example/</a></p></figure>'),
        ({"type": "button", "buttonText": "Go", "buttonUrl": "/a"}, '<p><a href="/a">Go</a></p>'),
        ({"type": "callout", "calloutEmoji": "💡", "calloutText": "<b>x</b>"},
         "<blockquote><p>💡</p><p><b>x</b></p></blockquote>"),
        ({"type": "toggle", "heading": "H", "content": "<p>x</p>"},
         "<details><summary>H</summary><p>x</p></details>"),
        ({"type": "header", "header": "H", "subheader": "S"}, "<h2>H</h2><p>S</p>"),
        ({"type": "video", "src": "/a.mp4", "thumbnailSrc": "/a.jpg"},
         '<figure><video controls src="/a.mp4" poster="/a.jpg"></video></figure>'),
        ({"type": "audio", "src": "/a.mp3", "title": "T"},
         '<figure><audio controls src="/a.mp3"></audio><figcaption>T</figcaption></figure>'),
        ({"type": "file", "src": "/a.pdf", "fileTitle": "T"}, '<p><a href="/a.pdf">T</a></p>'),
        ({"type": "product", "productTitle": "T", "productDescription": "<p>x</p>"},
         "<div><h4>T</h4><p>x</p></div>"),
    ],
)  # fmt: skip
def test_a_card_is_shown(card: dict[str, Any], html: str) -> None:
    """Both editors have the same cards."""
    assert of_lexical(card) == (html, [])
    old = {"cards": [[card["type"], card]], "sections": [[10, 0]]}
    assert mobiledoc.html_of(old, lambda _: None) == html.strip("\n") or html.endswith("\n")


def test_the_nodes_of_lexical() -> None:
    """Formats of text, links, breaks, headings, quotes and lists in lists."""
    html, left = of_lexical(
        {"type": "paragraph", "children": [
            text("a & "), text("b", 3), {"type": "linebreak"}, text("c", 16),
            {"type": "link", "url": "/x?a=1&b=2", "children": [text("d")]},
        ]},
        {"type": "extended-heading", "tag": "h3", "children": [text("H")]},
        {"type": "extended-quote", "children": [text("Q")]},
        {"type": "list", "listType": "number", "start": 3, "children": [
            {"type": "listitem", "children": [text("e")]},
            {"type": "listitem", "children": [
                {"type": "list", "listType": "bullet", "children": [
                    {"type": "listitem", "children": [text("f")]}]}]},
        ]},
    )  # fmt: skip
    assert html.split("\n") == [
        (
            "<p>a &amp; <em><strong>b</strong></em><br><code>c</code>"
            '<a href="/x?a=1&amp;b=2">d</a></p>'
        ),
        "<h3>H</h3>",
        "<blockquote>Q</blockquote>",
        '<ol start="3"><li>e</li><li><ul><li>f</li></ul></li></ol>',
    ]
    assert left == []


def test_the_sections_of_mobiledoc() -> None:
    """Markups that open and close across markers, atoms, lists and pictures."""
    document = {
        "atoms": [["soft-return", "", {}]],
        "markups": [["a", ["href", "/x"]], ["strong"], ["script"]],
        "sections": [
            [1, "p", [[0, [1], 0, "a "], [0, [0], 2, "b"], [1, [], 0, 0], [0, [2], 1, "c & d"]]],
            [1, "h2", [[0, [], 0, "H"]]],
            [3, "ol", [[[0, [], 0, "e"]], [[0, [], 0, "f"]]]],
            [2, "/a.jpg"],
        ],
    }
    assert mobiledoc.html_of(document, lambda _: None).split("\n") == [
        '<p><strong>a <a href="/x">b</a></strong><br>c &amp; d</p>',
        "<h2>H</h2>",
        "<ol><li>e</li><li>f</li></ol>",
        '<figure><img src="/a.jpg" alt=""></figure>',
    ]


def test_what_is_unknown_is_named_and_its_words_stay() -> None:
    """A node of a later version may hold text."""
    assert of_lexical({"type": "box", "children": [text("words")]}) == ("words", ["box"])
    assert of_lexical({"type": "transistor"}) == ("", ["transistor"])


@pytest.mark.parametrize(
    ("visibility", "is_gated"),
    [
        (None, False),
        ({"web": {"nonMember": True, "memberSegment": ""}}, False),
        ({"web": {"nonMember": False, "memberSegment": "status:free"}}, True),
        ({"web": {"memberSegment": "status:free"}}, True),
        ({"showOnWeb": False, "showOnEmail": True}, True),
        ({"showOnWeb": True, "segment": "status:free"}, False),
    ],
)
def test_a_card_for_members_is_for_nobody(visibility: Any, is_gated: bool) -> None:
    """In both editors."""
    card = {"type": "html", "html": "secret", "visibility": visibility}
    old = {"cards": [["html", card]], "sections": [[10, 0]]}
    assert cards.is_gated(card) is is_gated
    assert ("secret" in of_lexical(card)[0]) is not is_gated
    assert ("secret" in mobiledoc.html_of(old, lambda _: None)) is not is_gated


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (('<p>a</p><!--kg-gated-block:begin nonMember:false memberSegment:"x" -->secret'
         "<!--kg-gated-block:end--><p>b</p>"), "<p>a</p><p>b</p>"),
        (('<p>a</p><!--kg-gated-block:begin nonMember:true memberSegment:"" -->b'
         "<!--kg-gated-block:end-->"), "<p>a</p>b"),
        ("<p>a</p><!-- kg-gated-block:begin nonMember:false -->secret", "<p>a</p>"),
        ("<p>a</p><!--kg-gated-block:begin-->secret<!--kg-gated-block:end-->", "<p>a</p>"),
        (("<p>a</p><!--kg-gated-block:begin memberSegment:nonMember -->secret"
         "<!--kg-gated-block:end-->"), "<p>a</p>"),
    ],
)  # fmt: skip
def test_a_part_for_members_is_left_out(html: str, shown: str) -> None:
    """Its marks are comments, which no page has: what they enclose would be everybody's."""
    found, rules = of_body(html=html)
    assert found == shown
    assert ("moving.members-only" in rules) is ("secret" in html)


def test_without_html_it_is_made_of_what_there_is() -> None:
    """Of Lexical, Mobiledoc, Markdown or plain text, in this order."""
    new = json.dumps({"root": {"children": [{"type": "paragraph", "children": [text("new")]}]}})
    old = json.dumps({"sections": [[1, "p", [[0, [], 0, "old"]]]]})
    row = {
        "html": None,
        "lexical": new,
        "mobiledoc": old,
        "markdown": "*md*",
        "plaintext": "a\n\nb <",
    }
    assert of_body(**row) == ("<p>new</p>", {"moving.rendered"})
    assert of_body(**{**row, "lexical": None})[0] == "<p>old</p>"
    assert of_body(**{**row, "lexical": "{", "mobiledoc": "[[["})[0] == "<p><em>md</em></p>"
    assert of_body(plaintext="a\n\nb <")[0] == "<p>a</p>\n<p>b &lt;</p>"
    assert of_body(html="") == ("", {"moving.empty"})


def test_addresses_of_the_site_begin_at_its_root() -> None:
    """Pictures of it are those of the full size, and templates are text."""
    html, _ = of_body(
        html='<p><img src="__GHOST_URL__/content/images/size/w600/2021/a.jpg" srcset="x 1w">'
        '<a href="__GHOST_URL__">home</a><a href="__GHOST_URL__/b/">b</a> {{x}}</p>'
    )
    assert html == (
        '<p><img src="/content/images/2021/a.jpg"><a href="/">home</a>'
        '<a href="/b/">b</a> &#123;{x}}</p>'
    )
    assert list(body.own_files(html)) == ["/content/images/2021/a.jpg"]


@given(VALUES)
def test_no_document_breaks_the_reading(document: Any) -> None:
    """Whatever JSON stands for a text: some HTML is made of it."""
    assert isinstance(lexical.html_of(document, lambda _: None), str)
    assert isinstance(lexical.html_of({"root": document}, lambda _: None), str)
    assert isinstance(mobiledoc.html_of(document, lambda _: None), str)
    assert isinstance(
        mobiledoc.html_of({"sections": [document], "cards": [document]}, lambda _: None), str
    )


def test_depth_has_an_end() -> None:
    """What is nested without end is cut, and named."""
    node: dict[str, Any] = {"type": "paragraph", "children": [text("deep")]}
    for _ in range(200):
        node = {"type": "quote", "children": [node]}
    assert of_lexical(node)[1] == ["deep"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", ":1:2: "),
        (b"[" * 100_000, "depth"),
        (b'{"db": []}', "no export of Ghost"),
        (b'{"data": {"posts": 3}}', "no export of Ghost"),
        (b"1" * 5_000, "depth"),
        (b"", ":1:1: "),
    ],
)
def test_what_is_no_export_is_refused(
    data: bytes, message: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It is named, with its place where there is one."""
    path = tmp_path_factory.mktemp("ghost") / "ghost.json"
    path.write_bytes(data)
    with pytest.raises(Failure, match=message):
        ghost.read(path)


def _export(tmp_path_factory: pytest.TempPathFactory, **tables: Any) -> Any:
    path = tmp_path_factory.mktemp("ghost") / "ghost.json"
    path.write_text(json.dumps({"meta": {}, "data": tables}))
    return ghost.read(path)


@pytest.mark.parametrize(
    "slug", ["../../x", "..%2Fx", "/etc/passwd", ".x", "a\\b", "\x00", "\ud800", "x" * 3000, ""]
)
def test_a_slug_leads_nowhere_else(slug: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file is written below `posts/` and nowhere else."""
    row = {"id": "1", "title": "T", "slug": slug, "html": "<p>x</p>", "status": "published"}
    blog = _export(tmp_path_factory, posts=[{**row, "published_at": 1426078349156}])
    (key,) = blog.files
    assert key.startswith("posts/2015-03-11-")
    assert key.count("/") == 1
    assert len(key.encode()) < 200
    assert not set("\\\x00") & set(key)


def test_exports_of_old_versions_are_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Times in milliseconds, `page`, `image`, `author_id`, Markdown, and no visibility."""
    row = {"id": 1, "title": "Old", "slug": "old", "markdown": "*Old* words.", "html": None,
           "image": "/content/images/2015/03/a.jpg", "page": 0, "status": "published",
           "author_id": 7, "published_at": 1426078349156}  # fmt: skip
    blog = _export(
        tmp_path_factory,
        posts=[row, {**row, "id": 2, "page": 1, "slug": "about"}],
        users=[{"id": 7, "name": "Ada", "slug": "ada", "email": "ada@mail.example"}],
        settings=[{"key": "permalinks", "value": "/:year/:month/:day/:slug/"}],
    )
    assert set(blog.files) == {"posts/2015-03-11-old.html", "pages/about.html"}
    post = blog.data("posts/2015-03-11-old.html").decode()
    assert "<em>Old</em> words." in post
    assert "- Ada\n" in post
    assert "draft" not in post
    assert blog.settings["permalink"] == "/:year/:month/:day/:slug/"
    assert "/2015/03/11/old/" in [each.path for each in blog.addresses]


def test_links_to_the_sign_up_are_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    """`#/portal/` is a script of Ghost's, so a link there does nothing on the site."""
    html = '<p><a href="__GHOST_URL__/#/portal/signup">Subscribe</a></p>'
    posts = [{"title": "One", "slug": "one", "status": "published", "html": html}]
    notes = _export(tmp_path_factory, posts=posts).notes
    (note,) = (each for each in notes if each.rule == "moving.portal")
    assert "sign-up" in note.message
    assert "One" in note.message
