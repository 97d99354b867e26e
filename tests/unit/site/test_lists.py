"""The lists that a post stands in."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork.post import Post
from presswork.settings import Site
from presswork.site import list_path, lists_of, subcategories
from presswork.site.lists import term_slug
from presswork.site_keys import Owner, key_of, owner

Make = Callable[..., Post]


def test_a_post_stands_in_its_lists(site: Site, post: Make) -> None:
    """Home, its place, each level of its categories and each tag, with words for readers."""
    made = post(categories=(("新媒体", "ZAKER", "source"),), tags=("Letterpress",))
    assert lists_of(site, made) == {
        "home": "The Cellar Press",
        "period:2021-11-22-979511735946": "November 2021",
        "category:新媒体": "新媒体",
        "category:新媒体/zaker": "新媒体 › ZAKER",
        "category:新媒体/zaker/source": "新媒体 › ZAKER › source",
        "tag:letterpress": "Letterpress",
    }


def test_the_categories_below_are_those_of_the_next_level() -> None:
    """Of a post's own lists, the ones right below, each with the words of its level."""
    words = {
        "a": "A",
        "a/b": "A › B",
        "a/b/c": "A › B › C",
        "a/d": "A › D",
        "ab": "AB",
        "ab/x": "x",
    }
    lists = {f"category:{slug}": each for slug, each in words.items()} | {"tag:a": "a"}
    assert subcategories(lists, "category:a") == {"category:a/b": "B", "category:a/d": "D"}
    assert subcategories(lists, "category:a/b") == {"category:a/b/c": "C"}
    assert subcategories(lists, "category:a/d") == {}
    assert subcategories(lists, "tag:a") == {}


def test_parallel_categories_are_lists_of_their_own(site: Site, post: Make) -> None:
    """Categories side by side do not stand below each other."""
    lists = lists_of(site, post(categories=(("a",), ("b",))))
    assert [name for name in lists if name.startswith("category:")] == ["category:a", "category:b"]


def test_the_day_is_the_sites(post: Make) -> None:
    """The last evening of a month in UTC is the next month in Shanghai."""
    made = post(date="2021-11-30T18:00:00Z")
    assert "period:2021-12-01-979511735946" in lists_of(Site(timezone="Asia/Shanghai"), made)
    assert "period:2021-11-30-979511735946" in lists_of(Site(), made)


def test_a_post_stands_in_forty_lists_at_most(site: Site, post: Make) -> None:
    """The first tags count, in the author's order."""
    lists = lists_of(site, post(tags=tuple(f"t{n}" for n in range(100))))
    assert len(lists) == 40
    assert list(lists)[-1] == "tag:t37"


def test_spellings_of_a_term_are_one_list(site: Site, post: Make) -> None:
    """Case and spacing do not make another tag; the first spelling is the post's."""
    lists = lists_of(site, post(tags=("Hand Press", "hand-press", "HAND  PRESS")))
    assert [(name, lists[name]) for name in lists if name[:4] == "tag:"] == [
        ("tag:hand-press", "Hand Press")
    ]


def test_signs_tell_languages_apart() -> None:
    """C, C++ and C# are three terms."""
    slugs = [term_slug(term) for term in ("C", "C++", "C#", "#c", "F#")]
    assert slugs == ["c", "c-plus-plus", "c-sharp", "c", "f-sharp"]


@pytest.mark.parametrize("term", ["?!", "🦊", "/../..", "印" * 90, "x" * 300, "a/b", " "])
def test_every_term_has_a_safe_slug(site: Site, post: Make, term: str) -> None:
    """A slug is never empty, never long, and never more than one part of a path."""
    slug = term_slug(term)
    assert 0 < len(slug.encode()) <= 80
    assert "/" not in slug
    assert not slug.startswith((".", "-"))
    assert term_slug(term) == slug
    deep = lists_of(site, post(categories=((term,) * 30,)))
    assert all(len(f"{list_path(name)}index.html".encode()) <= 1024 for name in deep)


def test_long_terms_stay_apart() -> None:
    """Two terms that differ only beyond the cut have different slugs."""
    assert term_slug("x" * 200 + "a") != term_slug("x" * 200 + "b")
    assert term_slug("🦊") != term_slug("🐻")


@given(st.sampled_from(["author", "category", "series", "tag"]), st.text(min_size=1))
def test_the_list_of_any_term_is_the_sites(kind: str, term: str) -> None:
    """However a term is written, no post and no redirect can have the address of its list."""
    slug = term_slug(term)
    times = ("", ".2021", ".2021-05", ".2021-05-17")
    lists = [f"{kind}:{slug}{time}" for time in times]
    lists += [f"category:{slug}/{slug}", f"terms:{kind}", f"terms:{kind}.{slug[0]}"]
    assert {owner(key_of(list_path(name))) for name in lists} == {Owner.LIST}
