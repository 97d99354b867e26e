"""Tags that would swallow what follows them."""

import pytest

from unit.content.reading import read

REST = "\n\nThe *rest*."
SEEN = "<p>The <em>rest</em>.</p>"


@pytest.mark.parametrize(
    "name",
    [
        *("iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title"),
        *("xmp", "audio", "math", "object", "select", "svg", "template", "video", "embed"),
    ],
)
@pytest.mark.parametrize("form", ["A <{}> is spoken of.", "<{}>", "- <{}>", "<{} class=x>"])
def test_an_opened_element_swallows_nothing(name: str, form: str) -> None:
    """What stands behind is read as Markdown, and the tag, which has no address, is seen."""
    parsed = read(form.format(name) + REST)
    assert SEEN in parsed.html
    if name != "embed" or "class" not in form:
        assert f"&lt;{name}" in parsed.html
        assert "tag-as-text" in [repair.rule for repair in parsed.repairs]


@pytest.mark.parametrize(
    "opened", ["<!-- a note", "<?php", "<style>", "<script>", "1. <textarea>", "> <!-- a note"]
)
def test_a_block_without_end_is_text(opened: str) -> None:
    """CommonMark takes all that follows for a part of it; here it is text of its own line."""
    parsed = read(opened + REST)
    assert SEEN in parsed.html
    assert [repair.rule for repair in parsed.repairs] == ["tag-as-text"]


@pytest.mark.parametrize(
    "embed",
    [
        "<iframe src=https://v.example/1>",
        "<iframe src='https://v.example/1' />",
        "<video src=https://v.example/1>",
        "<video>\n<source src=https://v.example/1>",
        "<object data=https://v.example/1>",
        "<embed src='https://v.example/1' title='a > b'>",
    ],
)
def test_an_embed_without_end_ends_at_once(embed: str) -> None:
    """It has an address and so is meant: its link stands there, and all that follows."""
    parsed = read(embed + REST)
    assert 'href="https://v.example/1"' in parsed.html
    assert SEEN in parsed.html


def test_an_embed_ends_before_the_next_one() -> None:
    """The end of a later one is not its own."""
    parsed = read(
        "<iframe src=https://v.example/1>\n\nBetween.\n\n<iframe src=https://v.example/2></iframe>"
    )
    assert "<p>Between.</p>" in parsed.html
    assert parsed.html.count("<a ") == 2


@pytest.mark.parametrize("code", ["`<title>`", "```\n<style>\n```", "    <?php\n", "`` <!-- ``"])
def test_code_is_whole_and_nothing_is_told(code: str) -> None:
    """In code each of these is text anyway."""
    parsed = read(f"Text.\n\n{code}\n\n<i class=x>a</i>{REST}")
    assert "&lt;" in parsed.html
    assert "tag-as-text" not in [repair.rule for repair in parsed.repairs]


@pytest.mark.parametrize("key", ["posts/a.md", "posts/a.html"])
def test_many_empty_elements_are_not_inside_each_other(key: str) -> None:
    """The parser of trees drops what lies too deep, and knows not all elements without content."""
    for name in ("wbr", "source", "track", "embed"):
        parsed = read(f"<p>a</p>{f'<{name}>b' * 2_500}<p>end</p>", key=key)
        assert parsed.text.count("b") == 2_500, name
        assert parsed.text.endswith("end")


def test_a_summary_ends_at_its_mark_behind_a_tag_spoken_of() -> None:
    """What is spoken of in front of the mark does not swallow the summary."""
    assert read("The <title> tag.\n\n<!-- more -->\n\nRest").post.summary == "The <title> tag."
