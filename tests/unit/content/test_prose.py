"""The text of a post: its language, its measures, its summary."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from presswork.content import Site
from presswork.content.languages import language_of
from presswork.content.prose import count, shortened
from unit.content.reading import read


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A quiet garden by the river.", "en"),
        ("我们这个国家的说法", "zh-Hans"),
        ("我們這個國家的說法", "zh-Hant"),
        ("公园里的人", "zh-Hans"),
        ("これは日本語の文章です。漢字も少し。", "ja"),
        ("한국어로 쓴 글입니다", "ko"),
        ("ภาษาไทย", "th"),
        ("Ελληνικά", "el"),
        ("שלום עולם", "he"),
        ("The words 你好 are Chinese for hello, as everybody knows.", "en"),
        ("我们用 Python 写 parser，很快。", "zh-Hans"),
        ("2021 — 11!", "en"),
        ("", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    """The script tells the language where it can; the site's language holds otherwise."""
    assert language_of(text, "en") == language


@pytest.mark.parametrize(
    ("default", "language"),
    [
        ("zh-CN", "zh-CN"),
        ("zh-TW", "zh-Hans"),
        ("zh-Hant-HK", "zh-Hans"),
        ("zh", "zh"),
        ("ja", "zh-Hans"),
    ],
)
def test_the_site_names_its_language_better(default: str, language: str) -> None:
    """A site's more particular tag holds where it agrees with the script."""
    assert language_of("我们这个国家的说法", default) == language


@pytest.mark.parametrize(
    ("text", "default", "language"),
    [
        ("A quiet garden by the river.", "zh-CN", "en"),
        ("Une maison dans la ville et le jardin.", "ja", "fr"),
        ("Der Hund und die Katze sind auf dem Dach.", "ko", "de"),
        ("The words 你好 mean hello. " + "A quiet garden by the river. " * 9, "zh-Hans", "en"),
        ("Docker", "zh-CN", "zh-CN"),
        ("我们用 Python 写：for each in the list of words that are in it", "zh-CN", "zh-CN"),
        ("A quiet garden by the river.", "fr", "fr"),
    ],
)
def test_a_text_without_the_script_of_its_site(text: str, default: str, language: str) -> None:
    """Its frequent words tell its language, where there are enough of them."""
    assert language_of(text, default) == language


def test_the_language_of_a_post() -> None:
    """A post without a language has that of its text."""
    assert read("我们这个国家的说法").post.lang == "zh-Hans"
    assert read("words", site=Site(language="fr")).post.lang == "fr"


@pytest.mark.parametrize(
    ("body", "words", "minutes"),
    [
        ("", 0, 0),
        ("one two-three don't 3.10", 5, 1),
        ("今天 11 月", 4, 1),
        ("ひらがな", 4, 1),
        ("字" * 1200, 1200, 3),
        ("word " * 1100, 1100, 5),
    ],
)
def test_measures(body: str, words: int, minutes: int) -> None:
    """Han and kana count by the character, everything else by the word."""
    post = read(body).post
    assert (post.words, post.reading_minutes) == (words, minutes)


@example("a’b")
@example("a..b")
@example("字a’b")
@given(st.text(alphabet="ab1.,'’ _-\n字かй—“”²٣\u00ad\u200b\u0301𝟙", max_size=20) | st.text())
def test_words_are_runs_of_letters_that_one_mark_may_join(text: str) -> None:
    """The counts are those of patterns that state what a character and a word are."""
    own = "\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    words = re.findall(f"[^\\W_{own}]+(?:['’.,][^\\W_{own}]+)*", text)
    assert count(text) == (len(re.findall(f"[{own}]", text)), len(words))


def test_plain_text() -> None:
    """Each block is a line; tags, images and blanks leave nothing."""
    parsed = read("# A *b*\n\n![x](y.png) c &amp;\nd\n\n- e\n- f\n\n|g|h|\n|-|-|\n|i|j|", title="T")
    assert parsed.text == "A b\nc & d\ne\nf\ng h\ni j"
    assert read(
        "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>"
    ).text == ("a b\nc d")


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Short.", "Short."),
        (f"One. Two! {'x' * 120}", "One. Two!"),
        (f"一句。两句！{'字' * 120}", "一句。两句！"),
        (f"他说：“好。”{'字' * 120}", "他说：“好。”"),
        (f"版本 3.10 好。{'字' * 120}", "版本 3.10 好。"),
        ("word " * 40, "word " * 22 + "word…"),
        ("字" * 80 + "，" + "字" * 80, "字" * 80 + "…"),
        ("字" * 200, "字" * 119 + "…"),
        ("👨‍👩‍👧" * 60, "👨‍👩‍👧" * 23 + "…"),
        ("🇩🇪" * 80, "🇩🇪" * 59 + "…"),
        ("e\u0301" * 100, "e\u0301" * 59 + "…"),
    ],
)
def test_shortened(text: str, summary: str) -> None:
    """A summary is whole sentences, or ends at a pause, and never inside a character."""
    assert shortened(text) == summary


def test_a_byline_is_no_summary() -> None:
    """A short first line without a stop is passed over, unless it is all there is."""
    assert read("By Ann\n\nThe garden opened.").post.summary == "The garden opened."
    assert read("It rains.\n\nThe garden opened.").post.summary == "It rains."
    assert read("By Ann").post.summary == "By Ann"


@pytest.mark.parametrize(
    ("given", "body", "summary"),
    [
        ("", "One *two*.\n\nThree.\n\n<!--more-->\n\nFour.", "One two. Three."),
        ("", "One.\n\n<!--  MORE -->\n\nFour.", "One."),
        ("Mine.", "One.\n\n<!--more-->\n\nFour.", "Mine."),
        ("", "<!--more-->\n\nA sentence that begins the post.", "A sentence that begins the post."),
        ("", "<div><p>One.<!--more--></p><p>Two.</p></div>", "One."),
        ("", "<p>One.</p><script>x</script><!--more--><p>Two.</p>", "One."),
        ("", "`<!--more-->` is the mark that ends it.\n\nFour.", "<!--more--> is the mark"),
    ],
)
def test_the_mark_of_a_summary(given: str, body: str, summary: str) -> None:
    """What stands before the mark is the summary, whatever it is written in; in code it is none."""
    post = read(body, description=given).post
    assert post.summary.startswith(summary)
    assert "Four" not in post.summary
    assert "Two" not in post.summary


@pytest.mark.parametrize(
    "aside",
    [
        "- One.\n- Two.",
        "1. One.\n   - Two.\n\n   Three.\n2. Four.",
        "| a |\n| - |\n| One. |",
        "```\nOne.\n```",
        "## A heading that is much longer than any byline",
        "Term\n: One.",
        "<figure><img src='http://x.example/a.png'><figcaption>One.</figcaption></figure>",
    ],
)
def test_a_summary_is_of_running_text(aside: str) -> None:
    """What stands in lists, tables, listings, headings and captions is no first sentence."""
    assert read(f"{aside}\n\nThe first sentence.").post.summary == "The first sentence."


def test_the_summary_of_a_post_without_running_text() -> None:
    """A post that is a list is summed up by its first member."""
    assert read("- The first of them all.\n- The second.").post.summary == "The first of them all."
