"""Marks of templates: the tables of the documentation, what is left, and where nothing is read."""

import re
import time
from pathlib import Path

import pytest

from presswork.content.dialects import (
    Origin,
    eleventy,
    hexo,
    hugo,
    liquid,
    translate,
    wordpress,
    zola,
)
from presswork.content.repair_log import RepairLog
from presswork.post import PostWarning
from unit.content.reading import read

PAGE = Path(__file__).parents[3] / "docs" / "dialects.md"
SECTIONS = dict(
    re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
)
CELL = r"(?:`` (.+?) ``|`([^`]+)`|nothing)"
ROW = re.compile(rf"^\| {CELL} \| {CELL} \| (.*) \|$", re.MULTILINE)
ROWS = [row for section in SECTIONS.values() for row in ROW.findall(section)]
TABLES = {
    "Liquid: Jekyll and Eleventy": {*liquid.TAGS, *eleventy.TAGS},
    "Hexo and its themes": {*hexo.TAGS},
    "Hugo": {*hugo.SHORTCODES},
    "Zola": {*zola.CALLS, *zola.BLOCKS},
    "WordPress": {*wordpress.SHORTCODES},
}
MATTER = {"title": "Harbour notes", "params": {"color": "red", "my": {"size": "medium"}}}
FENCE = "```"


def translated(text: str, *, markdown: bool = True) -> tuple[str, RepairLog]:
    """A translation, and what was told of it."""
    log = RepairLog(text, 1)
    return translate(text, Origin(log, 1, markdown, MATTER)), log


def warned(text: str) -> list[tuple[int | None, int, str]]:
    """Line, count and name of what is left of a body."""
    return [
        (each.line, each.count, each.message.split("`")[1])
        for each in translated(text)[1].warnings()
    ]


def spelled(cell: str) -> str:
    """A cell of the documentation as it would stand in a post."""
    return cell.replace("⏎", "\n").replace("\\|", "|")


@pytest.mark.parametrize("row", ROWS, ids=[row[0] or row[1] for row in ROWS])
def test_the_documentation_says_what_becomes_of_a_mark(row: tuple[str, ...]) -> None:
    """Each example of the page is translated as it says, with no warning."""
    text, log = translated(spelled(row[0] or row[1]))
    assert text.strip("\n") == spelled(row[2] or row[3])
    assert [f"`{repair.rule}`" for repair in log.repairs()] == row[4].split(", ")
    assert log.warnings() == ()


def test_every_example_is_read() -> None:
    """No row of the page escapes the test above."""
    lines = re.findall(
        r"^\| .*`(?:template|mdx|caption|tag)-[\w`, -]+ \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert len(ROWS) == len(lines) > 100


@pytest.mark.parametrize("section", TABLES)
def test_the_documentation_has_every_name(section: str) -> None:
    """The names under a heading are those of the tables."""
    names = SECTIONS[section].partition("| names |")[2]
    assert set(re.findall(r"`([^`]+)`", names)) == TABLES[section]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{% foo %}\n\na {% foo 1 %}{% bar %}", [(1, 2, "{% foo %}"), (3, 1, "{% bar %}")]),
        ("{% if a %}b{% else %}c{% endif %}", [(1, 2, "{% if %}"), (1, 1, "{% else %}")]),
        ("{% foo %}\n\nb\n\n{% endfoo %}", [(1, 2, "{% foo %}")]),
        ("{{< foo a=1 >}}b{{< /foo >}}", [(1, 2, "{{< foo >}}")]),
        ("{{% foo %}}", [(1, 1, "{{% foo %}}")]),
        ("a\n{{ site.time | date: '%Y' }}", [(2, 1, "{{ site.time | date: '%Y' }}")]),
        ("{{ 'a' | b }}{{ \"c\" | b }}", [(1, 2, "{{ … | b }}")]),
        ("{% include a.html %}", [(1, 1, "{% include a.html %}")]),
        ("{% include youtube.html id=page.film %}", [(1, 1, "{% include youtube.html %}")]),
        ("{% include figure.html src=page.cover %}", [(1, 1, "{% include figure.html %}")]),
        ("{{ page.url }}", [(1, 1, "{{ page.url }}")]),
        ("{{ page.unknown }}", [(1, 1, "{{ page.unknown }}")]),
        ("{% note %}", [(1, 1, "{% note %}")]),
        ("{% endnote %}", [(1, 1, "{% note %}")]),
        ("{% highlight js %}", [(1, 1, "{% highlight %}")]),
        ("{% quote(author='a') %}", [(1, 1, "{% quote %}")]),
        ("{% include_code a.js %}", [(1, 1, "{% include_code a.js %}")]),
        ("a {{ b", [(1, 1, "{{")]),
        ("a {% b\n\n{% c %}", [(1, 1, "{%"), (3, 1, "{% c %}")]),
        ("[gallery ids='1,2']", [(1, 1, "[gallery]")]),
        ("[gallery]", [(1, 1, "[gallery]")]),
        ("[caption width='1']", [(1, 1, "[caption]")]),
        ("<Chart data={{a: 1}} />", [(1, 1, "<Chart>")]),
        ("a\n\n<Chart>\n\nb\n\n</Chart>", [(3, 2, "<Chart>")]),
    ],
)
def test_what_no_table_knows_is_told(text: str, left: list[tuple[int | None, int, str]]) -> None:
    """It is warned of by its name, with the line of the first, and how often."""
    assert warned(text) == left


def test_a_warning_names_all_lines_and_the_cure() -> None:
    """One warning a name lists the lines, for the cure is one."""
    assert read("{% foo %}\n\n{% foo %}\n\n{% endfoo %}", title="T").warnings == (
        PostWarning(
            rule="template-left",
            line=5,
            count=3,
            message="`{% foo %}` on lines 5, 7 and 9 is not translated, and stays as text.",
            fix=(
                "Write in Markdown or HTML what it would show; to speak of it, put it between "
                "backticks."
            ),
        ),
    )


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("{{<foo>}} a", "<p>{{&lt;foo&gt;}} a</p>"),
        ("{% foo %}*b*{% endfoo %}", "<p>{% foo %}<em>b</em>{% endfoo %}</p>"),
        ("<Chart a={{b: 1}}>\n\n*b*\n\n</Chart>", "<p><em>b</em></p>"),
        ("Vec<T> is", "<p>Vec&lt;T&gt; is</p>"),
        ("a <BR>b", "<p>a <br>b</p>"),
    ],
)
def test_what_is_left_is_seen(body: str, html: str) -> None:
    """Readers see the mark, and what it encloses is read like any text."""
    assert read(body, title="T").html == html


@pytest.mark.parametrize(
    "text",
    [
        "`{{ x }}` and `{% y %}`",
        f"{FENCE}\n{{{{ x }}}}\n{{% y %}}\n{{{{< z >}}}}\n[caption a='1'] <Chart />\n{FENCE}",
        "    {{ x }}",
        "<pre>{% x %}</pre>",
        "<!-- {% x %} -->",
        "a $x_{{y}}$ b",
        "`{% raw %}` and `{% endraw %}`",
        "[code](a) and [code], [video of it], [html]: a [gallery of all] b",
        "[[gallery]] [[caption]]",
        "[code](a) b [/code]",
        "a {#id} {: .b}",
        "a < B and C > d",
        "import is a word, export const is two",
    ],
)
def test_what_is_no_mark_is_left_alone(text: str) -> None:
    """Code, comments, formulas, links and words are as they are, and no warning tells of them."""
    result, log = translated(text)
    assert result == text
    assert log.repairs() == ()
    assert log.warnings() == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`{% raw %}{{ x }}{% endraw %}`", "`{{ x }}`"),
        (
            f"{FENCE}\n{{% raw %}}{{{{ x }}}}{{% endraw %}}\n{FENCE}",
            f"{FENCE}\n{{{{ x }}}}\n{FENCE}",
        ),
        (
            f"{{% raw %}}\n{FENCE}\n{{{{ x }}}}\n{FENCE}\n{{% endraw %}}",
            f"\n{FENCE}\n{{{{ x }}}}\n{FENCE}\n",
        ),
        ("{% raw %}{% raw %}{% endraw %}", "{% raw %}"),
        ("{% raw %}{{{% endraw %} a }}", "{{ a }}"),
        ("`{{%/* a */%}}`", "`{{% a %}}`"),
        ('{{</* a b="c" */>}}', '{{&lt; a b="c" &gt;}}'),
    ],
)
def test_signs_that_only_protect_are_taken_away(text: str, shown: str) -> None:
    """What they protect stays to the letter, in code and outside."""
    result, log = translated(text)
    assert result == shown
    assert [repair.rule for repair in log.repairs()] == ["template-raw"]
    assert log.warnings() == ()


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (
            f"{{% highlight text %}}\n{FENCE}\na\n{FENCE}\n{{% endhighlight %}}",
            f'<pre><code class="language-text">{FENCE}\na\n{FENCE}\n</code></pre>',
        ),
        (
            "a\n{% highlight %}\n`b\n\n    c\n{% endhighlight %}\nd",
            "<p>a</p>\n<pre><code>`b\n\n    c\n</code></pre>\n<p>d</p>",
        ),
        (
            "a\n{% code %}\n`b\n{% endcode %}\nd `{{ page.title }}` e",
            "<p>a</p>\n<pre><code>`b\n</code></pre>\n<p>d <code>{{ page.title }}</code> e</p>",
        ),
        (
            "- a\n\n  {% highlight %}\n  b\n  {% endhighlight %}\n\n  c",
            "<ul>\n<li>\n<p>a</p>\n<pre><code>b\n</code></pre>\n<p>c</p>\n</li>\n</ul>",
        ),
        (
            "> {% code %}\n> a\n>\n> b\n> {% endcode %}\n> c",
            "<blockquote>\n<pre><code>a\n\nb\n</code></pre>\n<p>c</p>\n</blockquote>",
        ),
        ("a {% code %}b{% endcode %} c", "<p>a</p>\n<pre><code>b\n</code></pre>\n<p>c</p>"),
        (
            "<div>\n{% code %}\n*a*\n{% endcode %}\n</div>",
            "<pre><code>*a*\n</code></pre>",
        ),
        (
            "{% highlight %}\n{% raw %}{{ a }}{% endraw %}\n{% endhighlight %}",
            "<pre><code>{{ a }}\n</code></pre>",
        ),
        (
            "<p>a</p>\n{% highlight %}\nb < c\n{% endhighlight %}\n<p>d</p>",
            "<p>a</p>\n<pre><code>b &lt; c\n</code></pre>\n<p>d</p>",
        ),
    ],
)
def test_code_is_whole_wherever_it_stands(body: str, html: str) -> None:
    """In Markdown and HTML, in lists and quotations, with fences and backticks in it."""
    assert read(body, title="T").html == html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (
            '{% include figure.html src="https://a.example/x.png" alt="A" caption="B" %}\n*c*',
            (
                '<figure><img alt="A" src="https://a.example/x.png">'
                "<figcaption>B</figcaption></figure>\n<p><em>c</em></p>"
            ),
        ),
        (
            "- {% note warning %}\n  *a*\n  {% endnote %}\n- b",
            (
                '<ul>\n<li>\n<div class="markdown-alert markdown-alert-warning">\n'
                '<p class="markdown-alert-title">Warning</p>\n<p><em>a</em></p>\n</div>\n</li>\n'
                "<li>\n<p>b</p>\n</li>\n</ul>"
            ),
        ),
        (
            "{% note %}{% blockquote %}*a*{% endblockquote %}{% endnote %}\nb",
            (
                '<div class="markdown-alert markdown-alert-note">\n'
                '<p class="markdown-alert-title">Note</p>\n'
                "<blockquote>\n<p><em>a</em></p>\n</blockquote>\n</div>\n<p>b</p>"
            ),
        ),
        (
            (
                "<p>a</p>\n<p>[caption width='1']<img src='https://a.example/x.png' alt='A'> B"
                "[/caption]</p>"
            ),
            (
                '<p>a</p>\n<figure><img alt="A" src="https://a.example/x.png">'
                "<figcaption>B</figcaption></figure>"
            ),
        ),
        (
            "{% youtube dQw4w9WgXcQ %}",
            (
                '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ" '
                'rel="noopener noreferrer">https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></p>'
            ),
        ),
        (
            "{% gist a/b %}",
            (
                '<p><a href="https://gist.github.com/a/b" rel="noopener noreferrer">'
                "https://gist.github.com/a/b</a></p>"
            ),
        ),
        ("{{ page.title }}", "<p>T</p>"),
    ],
)
def test_blocks_stand_among_other_blocks(body: str, html: str) -> None:
    """What a mark becomes takes nothing of its neighbours along."""
    assert read(body, title="T").html == html


def test_a_mark_without_an_end_takes_nothing() -> None:
    """What ends itself, or opens once more, does not take what stands in front of the next end."""
    text = (
        "{{< highlight a />}}\n\nb\n\n{{< highlight c >}}\n\n{{< highlight d >}}e{{< /highlight >}}"
    )
    result, log = translated(text)
    assert "\n\nb\n\n" in result
    assert f"{FENCE}d\ne\n{FENCE}" in result
    assert [warning.count for warning in log.warnings()] == [2]
    alone = "{{< highlight a />}}\n\nb\n\n{{< /highlight >}}"
    assert translated(alone)[0].startswith("{{&lt; highlight a /&gt;}}\n\nb\n\n")


def test_lines_are_those_of_the_source() -> None:
    """What is taken away or added in front of a mark does not move its line."""
    body = (
        "import A from 'a'\n\n<Image\n  src='/b.png'\n/>\n\n{% code %}\nc\n{% endcode %}\n\n{{ d }}"
    )
    parsed = read(body, title="T")
    lines = {repair.rule: repair.line for repair in parsed.repairs}
    assert (lines["mdx-module"], lines["mdx-component"], lines["template-code"]) == (5, 7, 11)
    assert [warning.line for warning in parsed.warnings] == [15]


def test_a_summary_is_translated_once() -> None:
    """The text in front of the mark of a summary has no marks, and is told of once."""
    parsed = read("{{ page.title }}: {% foo %}\n\n<!-- more -->\n\nb", title="T")
    assert parsed.post.summary == "T: {% foo %}"
    assert [warning.count for warning in parsed.warnings] == [1]
    assert [repair.count for repair in parsed.repairs] == [1]


def test_a_body_that_begins_with_a_mark_is_markdown() -> None:
    """What a mark becomes does not decide of what kind a body is."""
    body = "{% note %}\n- *a*\n{% endnote %}"
    assert "<li><em>a</em></li>" in read(body, title="T").html


def test_a_warning_names_no_more_than_a_hundred_lines() -> None:
    """Of more, it says how many there are."""
    _, log = translated("{% foo %}\n" * 102)
    (warning,) = log.warnings()
    assert warning.message.startswith("`{% foo %}` on lines 1, 2, 3,")
    assert " 100 and 2 more is not" in warning.message
    assert warning.count == 102


HOSTILE = (
    "{% ",
    "{{ ",
    "{{< ",
    '{{ "',
    "{# ",
    "{% x %}",
    "{% raw %}",
    "`{% raw %}` ",
    "{% highlight %}",
    "{% note %}",
    "{% endnote %}\n",
    "{% quote() %}",
    "{{< highlight >}}",
    '{% figure " %}',
    '[caption a="',
    '[caption a="1"]',
    "[code] ",
    "<A {",
    "<A a=1>",
    "{/* ",
    'import a from "b"\n',
    "export const \n",
)


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.parametrize("before", ["", " " * 100_000], ids=["", "blanks"])
def test_hostile_text_takes_no_long_time(part: str, before: str) -> None:
    """What opens and never ends is read in a time that grows with its length only."""
    few, many = (before + part * number for number in (2_000, 8_000))
    translated(few)
    start = time.process_time()
    translated(few)
    middle = time.process_time()
    translated(many)
    assert time.process_time() - middle < 8 * (middle - start) + 0.5


def test_a_hundred_thousand_marks() -> None:
    """So many that open and never end are left and told of within seconds."""
    start = time.process_time()
    _, log = translated("{% " * 100_000)
    assert [warning.count for warning in log.warnings()] == [100_000]
    assert time.process_time() - start < 10
