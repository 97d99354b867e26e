"""Addresses that tell of one version of one key: nobody makes them but us, and they end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork.status_links import LIFETIME, Expired, StatusLink

SECRET = "secret"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LINK = StatusLink("posts/hooks/default/a.md", "version", NOW)

characters = st.characters(exclude_categories=["Cs"])


@given(st.text(characters, min_size=1, max_size=100), st.none() | st.from_regex(r"\A[\w.-]+\Z"))
def test_a_token_is_read_as_it_was_made(key: str, version: str | None) -> None:
    """Whatever the key; and it stands in an address as it is."""
    link = StatusLink(key, version, NOW)
    token = link.token(SECRET)
    assert StatusLink.read(token, SECRET, NOW) == link
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_a_token_ends_after_a_week() -> None:
    """It is good to the second, and then of no use; only one that was ours is told so."""
    token = LINK.token(SECRET)
    assert StatusLink.read(token, SECRET, NOW + LIFETIME) == LINK
    with pytest.raises(Expired):
        StatusLink.read(token, SECRET, NOW + LIFETIME + timedelta(seconds=1))
    later = NOW + LIFETIME + timedelta(days=1)
    assert StatusLink.read(token, "another", later) is None


def test_every_letter_counts() -> None:
    """Another key, version or time under the same signature is no token."""
    said, _, mac = LINK.token(SECRET).partition(".")
    for other in (
        StatusLink("posts/hooks/default/b.md", "version", NOW),
        StatusLink(LINK.key, "other", NOW),
        StatusLink(LINK.key, None, NOW),
        StatusLink(LINK.key, "version", NOW + timedelta(days=1)),
    ):
        forged = f"{other.token('another').partition('.')[0]}.{mac}"
        assert StatusLink.read(forged, SECRET, NOW) is None
    for at in range(len(mac)):
        flipped = "A" if mac[at] != "A" else "B"
        changed = f"{said}.{mac[:at]}{flipped}{mac[at + 1 :]}"
        assert changed[-1] != mac[-1] or StatusLink.read(changed, SECRET, NOW) is None


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a", "a.b", "@.@", "é.é", "\x00", "=.=", "a" * 5000, "YQ.YQ"]
)
def test_what_is_no_token_is_none(token: str) -> None:
    """Nothing in an address makes it fail."""
    assert StatusLink.read(token, SECRET, NOW) is None
