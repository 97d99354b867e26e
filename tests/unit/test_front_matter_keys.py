"""docs/front-matter.md: every key that the code knows, and what each generator's become."""

import pytest

import front_matter_page
from front_matter_page import PAGE, becomes, drawn
from presswork.content.front_matter import vocabulary


def test_the_page_is_what_the_code_reads() -> None:
    """docs/front-matter.md is what `make docs` writes."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == drawn(page)


def test_a_new_kind_of_key_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page cannot be written as long as nothing says what the keys of a constant mean."""
    monkeypatch.setattr(vocabulary, "MOOD", ("mood",), raising=False)
    with pytest.raises(ValueError, match="MOOD"):
        drawn(PAGE.read_text(encoding="utf-8"))


def test_each_spelling_is_of_a_key() -> None:
    """A word that is set apart on the page is one that the code knows."""
    known = {key for name in front_matter_page.MEANINGS for key in getattr(vocabulary, name)}
    assert front_matter_page.SPELLED.keys() <= known


def test_what_a_key_becomes_is_what_changes() -> None:
    """A field that the post has by the key alone, its warning, or that nothing changes."""
    assert becomes("slug: fog") == "`path`: /2026/05/fog/; `slug`: fog"
    assert becomes("mood: grey") == "no change"
    assert becomes("date: yesterday").startswith("rejected: ")
    assert becomes("password: a").startswith("`draft`: `true`; warning: ")
