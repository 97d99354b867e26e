"""Whose a key is, and who may have what another let go."""

import pytest

from presswork.authority import AUTHORS, authority_of, in_turn, may_have, source_of

HOOK, SECOND, OTHER = "posts/hooks/a/x.md", "posts/hooks/a/deep/y.md", "posts/hooks/b/x.md"
AUTHOR = "posts/x.md"


@pytest.mark.parametrize(
    ("key", "authority", "source"),
    [
        (AUTHOR, AUTHORS, None),
        ("pages/hooks/a/x.md", AUTHORS, None),
        ("posts/hooks/x.md", AUTHORS, None),
        ("posts/in/posts/hooks/a/x.md", AUTHORS, None),
        (HOOK, "posts/hooks/a/", "a"),
        (SECOND, "posts/hooks/a/", "a"),
        (OTHER, "posts/hooks/b/", "b"),
    ],
)
def test_authority_is_the_prefix_of_a_key(key: str, authority: str, source: str | None) -> None:
    """All that is not below a source's own prefix is the authors'."""
    assert (authority_of(key), source_of(key)) == (authority, source)


@pytest.mark.parametrize(
    ("key", "last", "may"),
    [
        (AUTHOR, "pages/x.md", True),
        (AUTHOR, HOOK, True),
        (HOOK, SECOND, True),
        (HOOK, AUTHOR, False),
        (HOOK, OTHER, False),
    ],
)
def test_a_source_inherits_its_own_alone(key: str, last: str, *, may: bool) -> None:
    """An author may have whatever is free."""
    assert may_have(key, last) is may


def test_authors_come_first() -> None:
    """Of those who wait, the others stay in their order."""
    assert in_turn([OTHER, HOOK, AUTHOR, SECOND]) == [AUTHOR, OTHER, HOOK, SECOND]
