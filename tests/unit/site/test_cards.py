"""Cards: small, and cut where characters end."""

from collections.abc import Callable

import pytest

from presswork.post import Card, Image, Post
from presswork.site import card

Make = Callable[..., Post]
HOME = "https://img.example/hill.jpg"


def size(card: Card) -> int:
    """The bytes of a card as JSON."""
    return len(card.model_dump_json().encode())


def test_a_card_shows_the_post(post: Make, images: dict[str, Image]) -> None:
    """A card has the words of its post and the smallest file of its cover."""
    made = card(post(summary="It went round.", cover=HOME), images)
    assert made.title == "The press in the cellar"
    assert made.summary == "It went round."
    assert made.cover == "-/media/5eed/r1/800.webp"


def test_a_cover_that_is_not_home_is_not_shown(post: Make, images: dict[str, Image]) -> None:
    """An owed cover, and one that nobody looked at yet, leave a card without."""
    owed = "https://img.example/forme.jpg?a=1&b=2"
    assert card(post(cover=owed), images).cover is None
    assert card(post(cover="https://img.example/new.jpg"), images).cover is None


@pytest.mark.parametrize("words", ["推动共建", '"\\', "\x00\x1f", "👩‍👩‍👧", "e\u0301", "a"])
@pytest.mark.parametrize("path", ["/a/", f"/{'推' * 230}/"])
def test_a_card_has_at_most_a_kilobyte(
    post: Make, images: dict[str, Image], words: str, path: str
) -> None:
    """However long a title and a summary are, and however they are spelled in JSON."""
    made = card(
        post(title=words * 500, summary=words * 500, path=path, id="i" * 64, cover=HOME), images
    )
    assert size(made) <= 1024


def test_what_is_cut_says_so(post: Make) -> None:
    """A cut text ends with an ellipsis, after a whole character with all its marks."""
    accented = "e\u0301"
    for start in ("", "x"):
        summary = card(post(summary=start + accented * 900), {}).summary.removesuffix("…")
        assert summary == start + accented * (len(summary) // 2)
    family = card(post(summary="👩‍👩‍👧" * 300), {}).summary
    assert not family.removesuffix("…").endswith("\u200d")


def test_a_card_has_no_forbidden_characters(post: Make) -> None:
    """What no page may hold does not take room in a card either."""
    made = card(post(title="a\x00b", summary="c\x1bd"), {})
    assert (made.title, made.summary) == ("ab", "cd")


def test_the_room_is_used(post: Make) -> None:
    """A long summary fills the card to the last character that fits."""
    assert size(card(post(summary="推" * 900), {})) > 1024 - 4


def test_the_cover_goes_before_the_title(post: Make, images: dict[str, Image]) -> None:
    """Where a path leaves little room, a card loses its summary, then its cover, not its title."""
    made = card(post(path=f"/{'推' * 285}/", summary="x" * 90, cover=HOME, id="i" * 26), images)
    assert made.title == "The press in the cellar"
    assert made.cover is None
    assert size(made) <= 1024
