"""Finding the few characters of a text that are not common."""

from hypothesis import given
from hypothesis import strategies as st

from presswork.content.characters import uncommon


@given(st.text(alphabet=st.characters(codec=None) | st.sampled_from("a\t\n\r\x7f\x80\xa0\ud800字")))
def test_what_is_left_of_a_text(text: str) -> None:
    """Tabs, newlines and visible ASCII go; all else stays, in order, lone surrogates too."""
    assert uncommon(text) == "".join(
        each for each in text if each not in "\t\n" and not " " <= each <= "~"
    )
