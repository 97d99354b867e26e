"""Finding the few characters of a text that are not common."""

from hypothesis import example, given
from hypothesis import strategies as st

from presswork.content.characters import Signs, uncommon


@given(st.text(alphabet=st.characters(codec=None) | st.sampled_from("a\t\n\r\x7f\x80\xa0\ud800字")))
def test_what_is_left_of_a_text(text: str) -> None:
    """Tabs, newlines and visible ASCII go; all else stays, in order, lone surrogates too."""
    assert uncommon(text) == "".join(
        each for each in text if each not in "\t\n" and not " " <= each <= "~"
    )


@example("[a[", "[[")
@given(
    st.lists(st.sampled_from(["[", "![", "a", " ", "\n", ":", "=", "é", "\ud800"])).map("".join),
    st.sampled_from(["[[", "![", "\n:", "==", "=", "é[", ":::"]),
)
def test_signs_are_found_where_they_stand_and_nowhere_else(text: str, sign: str) -> None:
    """Also where letters stand between, which are left out of the text that is looked through."""
    assert Signs(text).hold(sign) == (sign in text)
