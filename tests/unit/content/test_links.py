"""Links between sources: which addresses mean one, and where they lead."""

import pytest

from presswork.content import Site, parse
from presswork.content.links import (
    MOST,
    addresses,
    chosen,
    handles_of,
    sources_linked,
    with_addresses,
)
from presswork.post import LinkTarget, Post

KEY = "posts/en/p.md"


def post(body: str, key: str = KEY, matter: str = "") -> Post:
    """The post of a body."""
    source = f"---\ntitle: The Other\ndate: 2024-01-02\n{matter}---\n\n{body}\n"
    return parse(source.encode(), key, Site()).post


def target(source: str, path: str = "/b/") -> LinkTarget:
    """A post that may be linked to."""
    return LinkTarget(post="id", source=source, path=path)


@pytest.mark.parametrize(
    ("address", "handles"),
    [
        ("b.md", ["key:posts/en/b"]),
        ("./b.markdown#part", ["key:posts/en/b"]),
        ("../zh/index.md", ["key:posts/zh"]),
        ("/posts/b.md", ["key:posts/b"]),
        ("/b.md", ["key:posts/b", "key:pages/b"]),
        ("@/b.md", ["key:posts/b", "key:pages/b", "key:posts/en/b", "name:b"]),
        ("@/posts/2024-01-01-b", ["key:posts/2024-01-01-b", "key:posts/en/posts/2024-01-01-b",
                                  "name:2024-01-01-b"]),
        ("@name:Other%20Note#Part", ["name:other note"]),
        ("@name:sub/Note", ["key:posts/sub/Note", "key:pages/sub/Note", "name:note"]),
        ("Caf%C3%A9.md", ["key:posts/en/Café"]),
        ("Cafe%CC%81.md", ["key:posts/en/Café"]),
    ],
)  # fmt: skip
def test_an_address_means_a_source(address: str, handles: list[str]) -> None:
    """A file of Markdown, a place from the root of the content, or a name: candidates in order."""
    assert sources_linked(f'<a href="{address}">x</a>', KEY) == {address: tuple(handles)}


@pytest.mark.parametrize(
    "address",
    ["https://a.example/b.md", "//a.example/b.md", "/b/", "b.html", "b.png", "#part", "?x=b.md",
     "mailto:b.md", "../../../b.md", ""],
)  # fmt: skip
def test_other_addresses_mean_none(address: str) -> None:
    """The web, other files, parts of the page, and what lies outside of the content."""
    html = f'<a href="{address}">x</a>'
    assert sources_linked(html, KEY) == {}
    if not address.startswith(".."):
        assert with_addresses(html, KEY, {}) == html


def test_a_post_looks_for_so_many_sources_and_no_more() -> None:
    """What is beyond has no address, so its words stay."""
    html = "".join(f'<a href="{number}.md">{number}</a>' for number in range(MOST + 5))
    assert len(sources_linked(html, KEY)) == MOST


def test_what_a_source_is_known_by() -> None:
    """Its key, its file's name with and without the date, its title, and other names of a note."""
    found = handles_of("posts/2024-01-02-Short.md", post("x", matter="aliases: [One name]\n"))
    assert found == (
        "key:posts/2024-01-02-Short", "name:2024-01-02-short", "name:short", "name:the other",
        "name:one name",
    )  # fmt: skip
    assert handles_of("posts/trip/index.md", post("x"))[:2] == ("key:posts/trip", "name:trip")


def test_who_is_beside_is_chosen_first() -> None:
    """Then the first by rank; a handle that nobody is known by is passed over."""
    known = {
        "name:n": [target("posts/n.md"), target("posts/en/n.md"), target("posts/hooks/x/n.md")]
    }
    found = chosen(["key:posts/n", "name:n"], KEY, lambda handle: known.get(handle, ()))
    assert found is not None
    assert found.source == "posts/en/n.md"
    other = chosen(["name:n"], "posts/zh/p.md", lambda handle: known.get(handle, ()))
    assert other is not None
    assert other.source == "posts/n.md"
    assert chosen(["name:m"], KEY, lambda _: ()) is None


def test_rank_puts_authors_before_webhooks_and_the_least_deep_first() -> None:
    """Equal depth is decided by the key."""
    sources = ["posts/hooks/x/n.md", "posts/b/n.md", "posts/a/n.md", "posts/a/b/c/n.md"]
    ranked = sorted((target(source) for source in sources), key=lambda each: each.rank)
    assert [each.source for each in ranked] == [
        "posts/a/n.md", "posts/b/n.md", "posts/a/b/c/n.md", "posts/hooks/x/n.md",
    ]  # fmt: skip


def test_links_lead_to_pages() -> None:
    """The fragment stays; Obsidian's is a heading's words, and its block ids are on no page."""
    shown = post("[b](b.md#Part) [n](@name:N#A%20part) [k](@name:N#^abc) [gone](c.md) [w](/w/)")
    linked = sources_linked(shown.html, KEY)
    known = {"key:posts/en/b": [target("b", "/é/")], "name:n": [target("n", "/n/")]}
    found = addresses(linked, KEY, lambda handle: known.get(handle, ()))
    assert sorted(found.values()) == ["/%C3%A9/#Part", "/n/", "/n/#a-part"]
    html = with_addresses(shown.html, KEY, found)
    assert 'href="/%C3%A9/#Part"' in html
    assert " gone " in html
    assert 'href="/w/"' in html
    assert html.count("<a ") == html.count("</a>") == 4


def test_titles_with_brackets_do_not_end_a_link() -> None:
    """Attributes are read as such, whatever stands in them."""
    shown = post('[b](b.md "a > b href=") tail')
    assert list(sources_linked(shown.html, KEY)) == ["b.md"]
    assert with_addresses(shown.html, KEY, {}).strip() == "<p>b tail</p>"
