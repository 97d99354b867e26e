"""Signs that nobody sees leave no trace in names, but for those that are seen by their effect."""

import sys
import unicodedata

import pytest

from presswork.invisible import spelled_out, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("my\u200bslug", "myslug"),
        ("\ufeffslug\u00ad", "slug"),
        ("a\u202eb\u2066c\u061cd\u200ee", "abcde"),
        ("a\u200db\u200cc", "abc"),
        ("a\ufe0fb", "ab"),
        ("\u3164\u115f", ""),
        ("flag\U000e0067\U000e007f", "flag"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("می\u200c\u200c\u200bخواهم", "می\u200cخواهم"),
        ("می\u200c", "می"),
        ("می\u200cx", "میx"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("\u200c" * 100_000 + "a", "a"),
    ],
)
def test_only_what_readers_see_stays(text: str, seen: str) -> None:
    """Signs alone go, joiners and forms stay where they shape something, each once."""
    assert visible(text) == seen
    assert visible(seen) == seen


def test_every_sign_that_unicode_formats_with_is_known() -> None:
    """No character of the category Cf stands in a Latin word, but for those that are seen."""
    drawn = {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"}
    for number in range(sys.maxunicode + 1):
        sign = chr(number)
        if unicodedata.category(sign) == "Cf":
            name = unicodedata.name(sign)
            is_drawn = name.split()[0] in drawn and "LETTER MARK" not in name
            assert (visible(f"a{sign}b") == "ab") is not is_drawn, name


def test_an_author_is_shown_what_went() -> None:
    """The signs are told by their numbers, in their places."""
    assert spelled_out("my\u200bslug\u00ad") == "my<U+200B>slug<U+00AD>"
