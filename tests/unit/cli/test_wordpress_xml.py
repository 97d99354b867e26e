"""An export of WordPress that is broken or hostile costs the item that is, and no more."""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork import content
from presswork.content import source
from presswork_cli.failure import Failure
from presswork_cli.moving import wordpress
from presswork_cli.moving.addresses import settled
from presswork_cli.moving.blog import Blog
from presswork_cli.moving.mentions import Mentions
from presswork_cli.moving.wordpress.said import SAID
from presswork_cli.moving.wordpress.wxr import Entry, Export

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Blog</title><wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
FIRST_LINE = 6
END = "</channel></rss>\n"
SOUND = """<item><title>Sound</title><link>https://old.example/2021/05/06/sound/</link>
<content:encoded><![CDATA[Sound words.]]></content:encoded><wp:post_id>9</wp:post_id>
<wp:post_date>2021-05-06 10:00:00</wp:post_date>
<wp:post_date_gmt>2021-05-06 10:00:00</wp:post_date_gmt>
<wp:post_name>sound</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<wp:post_password></wp:post_password></item>
"""


def item(
    title: str = "One",
    text: str = "Words.",
    *,
    name: str = "one",
    id: str = "1",
    link: str | None = None,
    more: str = "",
) -> str:
    """An item that everybody may see."""
    link = f"https://old.example/2021/05/06/{name}/" if link is None else link
    return (
        SOUND.replace("Sound words.", text)
        .replace(">Sound<", f">{title}<")
        .replace("https://old.example/2021/05/06/sound/", link)
        .replace(">sound<", f">{name}<")
        .replace(">9<", f">{id}<")
        .replace("</item>", f"{more}</item>")
    )


def read(tmp_path: Path, *items: str | bytes, head: str = HEAD, end: str = END) -> Blog:
    """The blog in an export of these items."""
    parts = [each if isinstance(each, bytes) else each.encode() for each in (head, *items, end)]
    path = tmp_path / "export.xml"
    path.write_bytes(b"".join(parts))
    return wordpress.read(path)


def entries(
    tmp_path: Path, *items: str | bytes
) -> tuple[list[Entry], list[tuple[str, int | None]]]:
    """The items of an export, and the rules and lines of what is told of them."""
    parts = [each if isinstance(each, bytes) else each.encode() for each in (HEAD, *items, END)]
    path, mentions = tmp_path / "export.xml", Mentions(SAID)
    path.write_bytes(b"".join(parts))
    found = list(Export(path).entries(mentions))
    return found, [(note.rule, note.line) for note in mentions.notes("export.xml")]


@pytest.mark.parametrize(
    ("title", "shown", "rule"),
    [
        ("Salt & pepper", "Salt & pepper", "moving.ampersand"),
        ("AT&T&nbsp;now", "AT&T now", "moving.ampersand"),
        ("Salt &amp; pepper", "Salt & pepper", None),
        ("caf&eacute;", "café", "moving.entity"),
        ("3 < 4", "3 < 4", "moving.angle"),
        ("a\x00b\x0bc", "abc", "moving.control-character"),
        ("a&#0;b&#xFFFF;c", "abc", "moving.control-character"),
        ("&#x1F389;", "🎉", None),
        ("The &lt;html&gt; tag", "The <html> tag", None),
        ("<![CDATA[The &lt;html&gt; tag]]>", "The <html> tag", None),
        ("<![CDATA[<em>Q&amp;A</em>]]>", "Q&A", None),
    ],
)
def test_what_xml_cannot_hold_is_mended(
    title: str, shown: str, rule: str | None, tmp_path: Path
) -> None:
    """Its words stay, the item stays public, and the receipt has the line."""
    found, told = entries(tmp_path, item(title), SOUND)
    assert [(each.title, each.is_whole) for each in found] == [(shown, True), ("Sound", True)]
    assert rule is None or (rule, FIRST_LINE) in told
    assert bool(told) == bool(rule)


def test_bytes_of_another_encoding_are_read(tmp_path: Path) -> None:
    """What was pasted in windows-1252 keeps its letters."""
    found, told = entries(tmp_path, item("\u0000").encode().replace(b"\x00", b"caf\xe9 \x93x\x94"))
    assert found[0].title == "café “x”"
    assert told == [("moving.encoding", FIRST_LINE)]


def test_the_encoding_is_one_of_texts(tmp_path: Path) -> None:
    """What an export says of itself counts where blogs are written so."""
    for encoding, data in (("GBK", "雾".encode("gbk")), ("idna", b"fog"), ("utf-7", b"fog")):
        path = tmp_path / "export.xml"
        head = HEAD.replace("UTF-8", encoding).encode()
        path.write_bytes(head + item("TITLE").encode().replace(b"TITLE", data) + END.encode())
        (found,) = Export(path).entries(Mentions(SAID))
        assert found.title in ("雾", "fog")


def test_marks_in_a_text_are_no_marks(tmp_path: Path) -> None:
    """A post about exports may hold the beginning and end of an item, and the end of CDATA."""
    text = "<item> & </item> ]]]]><![CDATA[> <!DOCTYPE x> &nbsp;"
    found, told = entries(tmp_path, item(text=text), SOUND)
    assert found[0].content == "<item> & </item> ]]> <!DOCTYPE x> &nbsp;"
    assert (len(found), told) == (2, [])


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        "<!DOCTYPE html>",
    ],
)
def test_a_document_type_is_refused(hostile: str, tmp_path: Path) -> None:
    """No entity is expanded, and no other file is read."""
    with pytest.raises(Failure, match="document type"):
        read(tmp_path, item("&a; &b;"), head=hostile + HEAD.partition("?>")[2])


def test_an_entity_that_nobody_declared_is_text(tmp_path: Path) -> None:
    """`&xxe;` is shown as it is written."""
    found, _ = entries(tmp_path, item("&xxe; told"))
    assert found[0].title == "&xxe; told"


@pytest.mark.parametrize(
    "broken",
    [
        item("<b>One"),
        item(more="</wp:post_id>"),
        item("<a>" * 300 + "x"),
        item(more="<wp:x>" * 40 + "</wp:x>" * 39),
    ],
)
def test_a_broken_item_is_a_draft(broken: str, tmp_path: Path) -> None:
    """Who may see it is not to be told; the next item is as sound as before."""
    blog = read(tmp_path, broken, SOUND)
    posts = {key: b"draft: true" in data for key, data in blog.files.items()}  # type: ignore[operator]
    assert posts.pop("posts/2021-05-06-sound.html") is False
    assert set(posts.values()) <= {True}
    assert ("moving.broken", FIRST_LINE) in [(note.rule, note.line) for note in blog.notes]


def test_an_export_that_breaks_off_shows_no_half_item(tmp_path: Path) -> None:
    """What comes before the password is cut off may be locked: it is a draft."""
    half = item(id="2", name="half").partition("<wp:post_password>")[0]
    blog = read(tmp_path, SOUND, half, end="")
    assert b"draft: true" in blog.data("posts/2021-05-06-half.html")
    assert b"draft" not in blog.data("posts/2021-05-06-sound.html")
    assert "moving.cut-off" in [note.rule for note in blog.notes]


def test_an_item_of_many_megabytes_costs_itself(tmp_path: Path) -> None:
    """Other items are read; that one is named, or too large to be a post."""
    found, told = entries(tmp_path, item(text="x" * 11_000_000), SOUND)
    assert [each.is_whole for each in found] == [False, True]
    assert told == [("moving.broken", FIRST_LINE)]


def test_a_line_without_an_end_is_read_in_parts(tmp_path: Path) -> None:
    """No mark is lost where one part meets the next, wherever that is."""
    for length in range(1_048_540, 1_048_600, 7):
        found, told = entries(tmp_path, item(text="x" * (length - 200)).replace("\n", " "), SOUND)
        assert ([each.title for each in found], told) == (["One", "Sound"], [])
        assert len(found[0].content) == length - 200


@given(st.binary(max_size=300), st.integers(0, len(HEAD + SOUND)))
def test_no_bytes_break_the_reading(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    """Whatever stands wherever: items are read, or it is said that this is no export."""
    data = (HEAD + SOUND + item() + END).encode()
    path = tmp_path_factory.getbasetemp() / f"noise-{os.getpid()}.xml"
    path.write_bytes(data[:at] + noise + data[at:])
    with suppress(Failure):
        assert wordpress.read(path).addresses


@pytest.mark.parametrize(
    "name", ["../../x", "..%2F..%2Fx", "/etc/passwd", ".htaccess", "a\\b", "%00x", "x" * 3000, "."]
)
def test_a_slug_leads_nowhere_else(name: str, tmp_path: Path) -> None:
    """A file is written below `posts/` and nowhere else, under a name that a disk can hold."""
    blog = read(tmp_path, item(name=name, link=f"https://old.example/{name}/"), SOUND)
    assert len(blog.files) == 2
    for key in blog.files:
        folders, _, file = key.rpartition("/")
        assert (folders, file[:11]) == ("posts", "2021-05-06-")
        assert len(file.encode()) < 200
        assert not set("\\\x00") & set(file)


def test_two_posts_of_one_address_are_both_there(tmp_path: Path) -> None:
    """The second is called otherwise, and the receipt says how."""
    blog = read(tmp_path, item(text="First of two."), item(id="2", text="Second of two."), SOUND)
    settings = content.Site(permalink="/:year/:month/:day/:slug/", categories="parallel")
    paths = [
        content.parse(blog.data(key), key, settings).post.path
        for key in blog.files
        if b"of two" in blog.data(key)
    ]
    assert paths == ["/2021/05/06/one/", "/2021/05/06/one-2/"]
    assert "`one-2`" in next(n.message for n in blog.notes if n.rule == "moving.same-name")


def test_a_blog_with_plain_addresses_keeps_those_of_posts(tmp_path: Path) -> None:
    """`/?p=1` leads on; a page's `/?page_id=2` cannot, and that is said."""
    page = item(id="2", name="about", link="https://old.example/?page_id=2")
    blog = read(
        tmp_path,
        item(link="https://old.example/?p=1"),
        page.replace(">post<", ">page<"),
        SOUND.replace("2021/05/06/sound/", "?p=9"),
    )
    addresses = {each.path: (each.leads_to, bool(each.why)) for each in blog.addresses}
    assert addresses["/?p=1"] == ("posts/2021-05-06-one.html", False)
    assert addresses["/?page_id=2"] == ("", True)
    assert "permalink" not in blog.settings


@pytest.mark.parametrize(
    ("links", "permalink"),
    [
        (["/2021/05/06/{}/"], "/:year/:month/:day/:slug/"),
        (["/2021/05/{}/"], "/:year/:month/:slug/"),
        (["/{}/"], "/:slug/"),
        (["/blog/{}.html"], "/blog/:slug.html"),
        (["/news/{}/"], "/:category/:slug/"),
        (["/archives/1"], None),
        (["/{}/", "/{}/", "/odd/{}/"], "/:slug/"),
    ],
)
def test_the_permalink_is_what_most_posts_have(
    links: Sequence[str], permalink: str | None, tmp_path: Path
) -> None:
    """It is read off their addresses, since the export does not name it."""
    category = '<category domain="category" nicename="news"><![CDATA[News]]></category>'
    items = (
        item(
            name=f"n{n}",
            id=str(n),
            link=f"https://old.example{link.format(f'n{n}')}",
            more=category,
        )
        for n, link in enumerate(links, 1)
    )
    assert read(tmp_path, *items).settings.get("permalink") == permalink


def test_lists_stand_where_texts_lead_to_them(tmp_path: Path) -> None:
    """A blog may call them otherwise, which its export does not say."""
    channel = """<wp:category><wp:category_nicename>news</wp:category_nicename>
<wp:cat_name>News</wp:cat_name></wp:category>"""
    category = '<category domain="category" nicename="news"><![CDATA[News]]></category>'
    link = 'See <a href="https://old.example/topics/news/">the news</a>.'
    addresses = {
        each.path: each.leads_to
        for each in read(tmp_path, item(text=link, more=category), head=HEAD + channel).addresses
    }
    assert addresses["/topics/news/"] == "/categories/news/"
    assert "/category/news/" not in addresses
    plain = read(tmp_path, item(more=category), head=HEAD + channel).addresses
    assert "/category/news/" in [each.path for each in plain]


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("1", "[gallery ids='2'] Fog <b>on</b> the<!-- x --> pier.", "title: Fog on the pier.\n"),
        ("1", "<h2>Fog</h2>\n\nOn the pier.", ""),
        ("1", "<img src='a.png'>", ""),
        ("in-fog", "On the pier.", ""),
    ],
    ids=["words", "heading", "no words", "named"],
)
def test_a_post_without_a_title_has_its_first_words(
    name: str, text: str, title: str, tmp_path: Path
) -> None:
    """Its number is none; with a heading or a name of its own it is titled as any post here."""
    blog = read(tmp_path, item("", text, name=name))
    front = blog.data(f"posts/2021-05-06-{name}.html").decode().partition("\n---\n")[0]
    assert [line for line in front.splitlines(keepends=True) if "title" in line] == (
        [title] if title else []
    )


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3"])
def test_exports_of_other_versions_are_read(version: str, tmp_path: Path) -> None:
    """They differ in the names of their namespaces, and in elements that need not be there."""
    bare = """<item><title>Bare</title><content:encoded><![CDATA[Words.]]></content:encoded>
<wp:post_id>1</wp:post_id><wp:post_date>2021-05-06 10:00:00</wp:post_date>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"""
    blog = read(tmp_path, bare, SOUND, head=HEAD.replace("1.2", version))
    assert b"draft" not in blog.data("posts/2021-05-06-bare.html")
    assert b"<p>Words.</p>" in blog.data("posts/2021-05-06-bare.html")
    assert "moving.front-page" not in [note.rule for note in blog.notes]
    assert [each.path for each in blog.addresses if each.kind == "post"] == [
        "/?p=1",
        "/2021/05/06/sound/",
        "/?p=9",
    ]


def test_what_is_no_export_is_refused(tmp_path: Path) -> None:
    """A feed, another kind of file, and an empty one are named, with what to do."""
    for data in ("", "{}", "<rss><channel></channel></rss>", "<html><p>Log in"):
        path = tmp_path / "export.xml"
        path.write_text(data)
        with pytest.raises(Failure, match="no export of WordPress"):
            wordpress.read(path)
    with pytest.raises(Failure, match="no file"):
        wordpress.read(tmp_path)


def test_no_line_of_a_post_asks_for_an_address_of_the_site(tmp_path: Path) -> None:
    """A post at /tags/ is elsewhere here: a line with that would be told of by every `check`."""
    blog = read(tmp_path, item(name="tide", link="https://old.example/tags/"))
    found = settled(blog, content.Site(), datetime(2026, 1, 1, tzinfo=UTC))
    (data,) = found.files.values()
    assert isinstance(data, bytes)
    assert source.read(data).entries["aliases"].value == ["/?p=1"]
    assert {each.address.path for each in found.fates if each.answered == "404"} == {"/tags/"}
