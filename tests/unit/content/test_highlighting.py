"""Code marked up by classes."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name

from presswork.content import prose
from presswork.content.html.highlighting import LANGUAGES, MOST_ESCAPES, highlighted
from presswork.content.html.sanitizing import sanitize
from unit.content.reading import read


def block(code: str, language: str = "python") -> str:
    """A fenced block as Markdown."""
    return f"```{language}\n{code}\n```"


def test_code_of_a_known_language_is_marked_up() -> None:
    """Tokens have the short classes of Pygments, and no style of their own."""
    html = read(block('def f(x):\n    return "a<b" & x  # c')).html
    assert html == (
        '<pre><code class="language-python">'
        '<span class="k">def</span> <span class="nf">f</span>(x):\n'
        '    <span class="k">return</span> <span class="s2">"a&lt;b"</span> '
        '<span class="o">&amp;</span> x  <span class="c1"># c</span>\n</code></pre>'
    )


def test_html_bodies_are_marked_up_too() -> None:
    """It does not matter how the block was written."""
    html = read("<pre class='prettyprint lang-js'>let a = 1;<br>a;</pre>", key="posts/a.html").html
    assert '<span class="kd">let</span>' in html


@pytest.mark.parametrize(
    "markdown",
    [
        block("x = 1", "nonesuch"),
        block("x = 1", ""),
        "    x = 1",
        block("x = 1; " * 80),
        block("x = 1\n" * 2_000),
    ],
    ids=["unknown", "unnamed", "indented", "long line", "long block"],
)
def test_other_code_stays_as_it_is(markdown: str) -> None:
    """Nothing is guessed, and nothing is begun that could take long."""
    assert "<span" not in read(markdown).html


def test_the_work_on_one_post_is_bounded() -> None:
    """Many blocks cost no more than one long one: the later ones stay as they are."""
    blocks = read("\n\n".join(block("x = 1\n" * 500) for _ in range(20))).html.split("<pre>")[1:]
    marked = ["<span" in each for each in blocks]
    assert marked[0]
    assert not marked[-1]
    assert marked == sorted(marked, reverse=True)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_a_lexer(language: str) -> None:
    """No name is promised that Pygments does not know."""
    assert get_lexer_by_name(language)


@given(st.text(max_size=200), st.sampled_from(["python", "html", "bash", "json", "c"]))
def test_the_text_of_the_code_is_kept(code: str, language: str) -> None:
    """Marking up adds tags and nothing else, and is nothing that sanitising would change."""
    plain = sanitize(
        f'<pre><code class="language-{language}">{code.replace("<", "&lt;")}</code></pre>'
    )
    marked = highlighted(plain)
    assert prose._TAG.sub("", marked) == prose._TAG.sub("", plain)
    assert sanitize(marked) == marked


HOSTILE = r"""
from presswork.content.html.highlighting import LANGUAGES, highlighted
SIGNS = r"\ \a a ( [ { &lt; /* 'a a. 0 #{ $( @ ::".split()
for language in sorted(LANGUAGES):
    for sign in SIGNS:
        for start in ("", "&quot;", "'", "`", "/*", "(", "class ", "$"):
            code = start + sign * (150 // len(sign))
            highlighted(f'<pre><code class="language-{language}">{code}</code></pre>')
"""


def test_no_language_takes_for_ever() -> None:
    """Lexers read what repeats itself and has no end, in every language."""
    subprocess.run([sys.executable, "-c", HOSTILE], timeout=240, check=True)


@pytest.mark.parametrize("language", sorted(MOST_ESCAPES))
def test_escapes_are_marked_up_up_to_a_number(language: str) -> None:
    """A block with more backslashes than its lexer reads soon stays as it is."""
    most = MOST_ESCAPES[language]
    opening = f'<pre><code class="language-{language}">'
    few, many = (f'{opening}"{"&#92;" * count}a"</code></pre>' for count in (most, most + 1))
    assert "<span" in highlighted(few)
    assert highlighted(many) == many
