"""Line breaks between Han letters, which have no blank between them."""

import pytest

from presswork.content.soft_breaks import joined


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>换行，\n在这里。\n下</p>", "<p>换行，在这里。下</p>"),
        ("<p>かな\nカナ</p>", "<p>かなカナ</p>"),
        ("<p>一  \n\t二</p>", "<p>一二</p>"),
        ("一<b>二</b>\n<a href='x y'><i>三</i></a>", "一<b>二</b><a href='x y'><i>三</i></a>"),
        ("<p>他说：\n“好”\n吗</p>", "<p>他说：“好”吗</p>"),
    ],
)  # fmt: skip
def test_a_break_between_han_letters_is_none(html: str, text: str) -> None:
    """Letters, kana and their punctuation are joined, through marks of emphasis as well."""
    assert joined(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<p>one\ntwo é</p>",
        "<p>一\ntwo\n三</p>",
        "<p>한\n글</p>",
        "<p>“one”\n“two”</p>",
        "<p>一<br>\n二</p>",
        "<p>一</p>\n<p>二</p>",
        "<ul>\n<li>一\n<ul>\n<li>二</li></ul></li></ul>",
        "<p>一 &gt;\n二</p>",
        "<pre><code>一\n二\n\n三\n</code></pre>",
        "一\n<pre>二\n三</pre>\n四",
        "一\n",
        "\n一",
    ],
)
def test_any_other_break_stays(html: str) -> None:
    """Words of other scripts have blanks between, blocks and listings their own lines."""
    assert joined(html) == html


def test_listings_end() -> None:
    """What stands behind a listing is text again."""
    assert joined("<pre>一\n二</pre><p>三\n四</p>") == "<pre>一\n二</pre><p>三四</p>"
