"""What other tools' Markdown has beyond the usual: understood, or told of."""

import re
import time
from contextlib import suppress
from typing import get_args
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presswork.content import Site
from presswork.content.dialects.tools import TOOLS, proposed, understood
from presswork.content.html.sanitizing import sanitize
from presswork.errors import Rejected
from presswork.settings import Dialect
from unit.content.reading import read

EVERYTHING = Site(dialect=tuple(get_args(Dialect)))
SECRET = "the word that nobody reads"
HOSTILE = [
    "{", "{: ", "{:.a} ", "[a]{", "](", "](a){", "`a`{.b} ", "{::comment}", "{::comment}x{:/} ",
    "%%", "%% a ", "[[", "[[a", "[[a]] ", "![[a.png]] ", "> [!x]- \n\n", "> [!x]-\n> ", ":::a\n",
    ":::\n", "::: a\n:::\n", "!!! a\n    ", "!!! note\n\n", "*[a]: b\n", "*[ab]: b\nab ", "$", "$$",
    "$a", "$x$ ", "$$x$$ ", "\\(", "\\[", "\\(x=1\\) ", "\\begin{align}\n", "~", "~a~ ", "^", "==",
    "a^b^ ", "a==b== ",
    ":a: ", ":smile: ", "^\n", "{:toc}\n", "* a\n{:toc}\n", "{:a: .b}\n",
    "## a {#b}\n", "<h1>", "</h1>", "```{note}\n", "```{note}\na\n```\n", "```js {1}\n```\n",
    "{.a}\n", "a\n{: #b}\n", '=== "a"\n    x\n', "(a)[b]{.c #d}", "a ^b\n", "$`a`$ ", "<div>",
    "\ufdd00\ufdd1",
]  # fmt: skip
"""Pieces that take a careless reader the square of their number."""


@pytest.mark.parametrize("site", [Site(), EVERYTHING], ids=["nothing", "everything"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_marks_are_read_in_a_time_that_grows_with_their_number(piece: str, site: Site) -> None:
    """Whatever marks a body is full of, it takes a second or so for 40,000 characters."""
    started = time.process_time()
    with suppress(Rejected):
        read(f"x {piece * (40_000 // len(piece))}", title="T", site=site)
    assert time.process_time() - started < 3


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*HOSTILE, "\n\n", "a", " ", "> ", "- ", "    "]), max_size=14))
def test_any_row_of_marks_is_read(pieces: list[str]) -> None:
    """No mark leaves a stand-in behind, and sanitising what came of it changes nothing."""
    html = read("".join(pieces), title="T", site=EVERYTHING).html
    assert not any("\ufdd0" <= character <= "\ufdef" for character in html)
    assert sanitize(html) == html


@pytest.mark.parametrize(
    "body",
    [
        f"a %%{SECRET}%% b [[c]]",
        f"%%\n{SECRET}\n\n{SECRET}\n%%\n\n![[a.png]]",
        f"> [!faq] A\n\n%% {SECRET}",
        f"a\n{{::comment}}\n{SECRET}\n{{:/comment}}",
        f"a {{::comment}}{SECRET}{{:/}} b",
    ],
)
def test_comments_are_private(body: str) -> None:
    """What an author wrote for himself stands in no part of the post."""
    parsed = read(body, title="T")
    assert SECRET not in parsed.post.model_dump_json()
    assert SECRET not in parsed.text
    assert [each.rule for each in parsed.repairs] == ["hidden-comment", *_others(body)]


def _others(body: str) -> list[str]:
    return [*["file-embed"] * ("![[" in body), *["callout"] * ("[!faq]" in body)]


def test_a_callout_is_the_first_line_of_its_quote() -> None:
    """The same amid a quote is words of it, as in Obsidian."""
    html = read("> words\n> [!info]- a\n\nb\n    > [!info]- c", title="T").html
    assert "[!info]- a" in html
    assert "<details" not in html
    assert "\ufdd0" not in html


def test_a_comment_that_does_not_end_is_told() -> None:
    """What it hides may be more than was meant."""
    (warning,) = read("a\n\n%%x\n\ny", site=Site(dialect=("obsidian",))).warnings
    assert (warning.rule, warning.line) == ("comment-mark", 6)
    assert "does not end" in warning.message


@pytest.mark.parametrize(
    "code",
    [
        "`%s`",
        "```\n%s\n```",
        "~~~ text\n%s\n~~~",
        "    %s",
        "> ```\n> %s\n> ```",
        "- a\n\n      %s",
        "<pre>%s</pre>",
    ],
)
@pytest.mark.parametrize(
    "mark",
    [
        "{: .x}", "[[Note]]", "%%c%%", "==h==", "$x^2$", "\\(x^2\\)", ":::tip", "!!! note", "x^2^",
        "H~2~O", ":smile:", "{::comment}c{:/comment}", "![[a.png]]", "[a]{.b}", "{:toc}",
    ],
)  # fmt: skip
def test_code_is_left_alone(mark: str, code: str) -> None:
    """In code a mark is itself, whatever the site understands, and nothing is told of it."""
    parsed = read(f"a\n\n{code % mark}\n\nb", title="T", site=EVERYTHING)
    assert mark in parsed.text.split("\n")
    assert parsed.repairs == ()
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        ("`==a==`\n\n==a==", "highlight-mark", 6),
        ("`[[a]]`\n\nsee [[a]]", "wikilink-mark", 6),
        ("```\nx^2^\n```\n\n- x^2^ m", "superscript-mark", 8),
        ("a\n\n:::tip\nb\n:::", "directive-mark", 6),
        ("a\n\nH~2~O", "subscript-mark", 6),
        ("a\n\nb {:c d} e", "attribute-mark", 6),
        ("a %%b%% c", "comment-mark", 4),
        (":tada:", "emoji-mark", 4),
        ("a\n\n$\\no$", "formula", 6),
        ("*[&]: and", "abbreviation", 4),
    ],
)
def test_what_looks_meant_is_told_with_its_line(body: str, rule: str, line: int) -> None:
    """A mark that is not understood stays as text, with a warning; the same in code is passed."""
    (warning,) = read(body, title="T").warnings
    assert (warning.rule, warning.line) == (rule, line + 1)
    assert warning.fix


@pytest.mark.parametrize(
    "text",
    [
        "a == b == c, a==b, if x==1 and y==2",
        "at 10:30: it began; a:b:c; std::move; :nothing_of_this_name:",
        "[[1]](a) and [[2]]\n\n[2]: /b",
        "if [[ -f a ]] then",
        "2^10 and 2^12, ^_^",
        "~/a and ~/b, ~~gone~~",
        "C:::a",
        "printf %% and 100 %",
        "{ a: 1 }, {}, ${x}, #{y}, {a}",
        "wow!!! really???",
        "costs $5 or $6",
    ],
)
def test_what_is_not_meant_is_not_told(text: str) -> None:
    """Comparisons, times, arrays and the like are no marks."""
    parsed = read(text, title="T")
    assert parsed.warnings == ()
    assert parsed.repairs == ()


def test_a_summary_is_told_of_once() -> None:
    """What stands in front of the mark of a summary is read once, though shown twice."""
    parsed = read("A *b*{: .c} and $x^2$\n\n<!-- more -->\n\nd", title="T")
    assert parsed.post.summary == "A b and x^2"
    assert [each.count for each in parsed.repairs] == [1]


@pytest.mark.parametrize("id", ["install-me", "Install_Me.2:x", "1-first", "größe"])
@pytest.mark.parametrize("raw", ["", "<br class='x'>"])
def test_the_id_of_a_heading_is_its_authors(id: str, raw: str) -> None:
    """It is as written, beside raw HTML as well, and links lead there."""
    html = read(f"## A {{#{id}}}\n\n[x](<#{id}>) {raw}", title="T").html
    assert f'<h2 id="{id}">A</h2>' in html
    assert f'href="#{quote(id, safe=":")}"' in html


def test_dialects_are_tools_and_their_marks() -> None:
    """Each tool is one that can be set, and so is each mark that is one's own choice."""
    names = set(get_args(Dialect))
    assert TOOLS.keys() <= names
    assert understood(["obsidian", "emoji"]) > {"wikilinks", "highlight", "emoji"}
    assert {"directives", "emoji", "highlight", "subscript", "superscript", "wikilinks"} == (
        names - TOOLS.keys()
    )


@pytest.mark.parametrize(
    ("posts", "given", "dialects"),
    [
        ([], (), ()),
        ([{"image-dropped"}], (), ()),
        ([{"toc-mark"}, {"kramdown-attributes"}, {"wikilink-mark"}], (), ("jekyll", "obsidian")),
        ([{"highlight-mark"}, {"wikilink-mark", "highlight-mark"}], (), ("obsidian",)),
        ([{"highlight-mark", "emoji-mark"}, {"emoji-mark"}], (), ("emoji", "highlight")),
        ([{"toc-mark"}, {"directive-mark"}], ("jekyll", "pandoc"), ()),
    ],
)
def test_posts_suggest_a_dialect(
    posts: list[set[str]], given: tuple[Dialect, ...], dialects: tuple[str, ...]
) -> None:
    """The most frequent comes first; what is set, or comes with another one, is not named."""
    assert proposed(posts, given) == dialects


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("> [!NOTE] Use <select> here\n> z\n\nrest *of*", "rest <em>of</em>"),
        ('!!! note "About <title> tags"\n\n    x\n\nrest *of*', "rest <em>of</em>"),
        ("> [!note]- Use <script>\n> z\n\nrest *of*", "rest <em>of</em>"),
        ("Use <code>a.\n\n!!! note\n\n    b</code> c.\n\nrest *of*", "rest <em>of</em>"),
        ("A <pre>a.\n\n!!! note\n\n    b</pre> c.\n\nrest *of*", "rest <em>of</em>"),
    ],
)
def test_tags_in_boxes_swallow_nothing(body: str, kept: str) -> None:
    """Of a title, and across the beginning of a box: what follows is read as ever."""
    assert kept in read(body).html


def test_an_image_in_the_title_of_a_box_comes_home() -> None:
    """It is one of the post's images, like any other."""
    found = read("!!! note \"x <img src='https://a.example/b.png'>\"\n\n    y")
    assert [image.url for image in found.images] == ["https://a.example/b.png"]


@pytest.mark.parametrize(
    ("body", "block"),
    [
        ("```ruby\nputs 1\n```\n{: #it}\n\nAfter *code*. [x](#it)", "</code></pre>"),
        ("> ```\n> a\n> ```\n{: #it}\n\nAfter *code*. [x](#it)", "</code></pre>"),
        ("***\n{: #it}\n\nAfter *code*. [x](#it)", "<hr>"),
        ("{: #it}\n~~~\na\n~~~\n\nAfter *code*. [x](#it)", "</code></pre>"),
        ("|a|b|\n|-|-|\n|1|2|\n{: #it}\n\nAfter *code*. [x](#it)", "</table>"),
    ],
)
def test_an_id_leaves_its_block_whole(body: str, block: str) -> None:
    """A fence, a rule and a table have the anchor beside them; links lead there."""
    html = read(body).html
    assert block in html
    assert "After <em>code</em>." in html
    anchor = re.search(r'<a id="([^"]+)"', html)
    assert anchor is not None
    assert f'href="#{anchor[1]}"' in html


def test_quotation_marks_in_text_are_no_attribute() -> None:
    """A formula between two of them is drawn; in an attribute its words stand."""
    html = read('Intro\n\n<div>\n<p>He said: "the area is $x^2$ here".</p>\n</div>').html
    assert '<span data-math-style="inline">x^2</span>' in html
    html = read('![alt $x^2$](https://a.example/a.png "of $y^2$")').html
    assert 'alt="alt x^2" title="of y^2"' in html


def test_an_abbreviation_in_an_attribute_is_left_alone() -> None:
    """Also behind a sign in it that ends tags elsewhere."""
    html = read('*[HTML]: Hyper\n\n<span title="a > HTML b">x</span> HTML').html
    assert html.count("<abbr") == 1
    assert "HTML b" not in html
    html = read('*[HTML]: Hyper\n\n<img src="https://a.example/a.png" alt="x < y HTML"> HTML').html
    assert html.count("<abbr") == 1
    assert 'alt="x &lt; y HTML"' in html


@pytest.mark.parametrize(
    ("before", "piece"), [("import", " "), ('x\n\n<div>\n"', "$a$ "), ('import "a"', " ")]
)
def test_no_mark_is_looked_for_from_each_of_its_letters(before: str, piece: str) -> None:
    """Four times as much takes no sixteen times as long."""

    def cost(count: int) -> float:
        begun = time.process_time()
        read(before + piece * count + "x")
        return time.process_time() - begun

    few, many = (min(cost(count) for _ in range(2)) for count in (4_000, 16_000))
    assert many < 9 * few + 0.1
