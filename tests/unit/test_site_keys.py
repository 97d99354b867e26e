"""The keys of the site: one for each path, and somebody to own each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork.site_keys import Owner, canonical, data_key, key_of, keys_of, owner, path_of


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/a/b/", ("a/b/index.html", "a/b/index.json")),
        ("/a/b.html", ("a/b.html", "a/b.html.json")),
        ("/a/b.htm", ("a/b.htm", "a/b.htm.json")),
        ("/a/b.php", ("a/b.php",)),
        ("/a/index.php", ("a/index.php",)),
        ("/a/b.html/", ("a/b.html/index.html", "a/b.html/index.json")),
        ("/notes/release-1.2/", ("notes/release-1.2/index.html", "notes/release-1.2/index.json")),
        ("/?p=123", ("-/p/123/index.html",)),
        ("/潮水/", ("潮水/index.html", "潮水/index.json")),
    ],
)
def test_the_keys_of_a_path(path: str, keys: tuple[str, ...]) -> None:
    """A folder has an index, a file its own name; of a key the path can be told."""
    assert keys_of(path) == keys
    assert key_of(path) == keys[0]
    assert data_key(path) == keys[-1] or len(keys) == 1
    assert {path_of(key) for key in keys} == {path}
    assert canonical(path) == path


@pytest.mark.parametrize(
    ("spelled", "path"),
    [
        ("/a/b", "/a/b/"),
        ("/a/index.html", "/a/"),
        ("/index.html", "/"),
        ("/notes/release-1.2", "/notes/release-1.2/"),
        ("/files/a.7z", "/files/a.7z"),
        ("/?page=3", "/?page=3/"),
    ],
)
def test_a_path_has_one_spelling(spelled: str, path: str) -> None:
    """With and without the slash it is one path, and a folder is not called by its index."""
    assert canonical(spelled) == path
    assert key_of(spelled) == key_of(path)


@given(st.text(alphabet="ab/.1htmljsonindex-", max_size=20))
def test_no_key_belongs_to_two_paths(text: str) -> None:
    """Whatever a path is, each of its keys leads back to it alone, unless it names another's."""
    path = canonical(f"/{text}")
    assert canonical(path) == path
    if path_of(key_of(path)) == path:
        assert {path_of(key) for key in keys_of(path)} == {path}


LISTS = [
    "index.html",
    "index.json",
    "search/index.html",
    "2021/index.html",
    "2021/11/index.html",
    "2024/02/29/index.json",
    "archives/index.html",
    "archives/2021/11/05/x/index.html",
    "tags/index.html",
    "tags/sea/feed.xml",
    "categories/a/b/index.html",
    "authors/x.html",
    "series/x/index.html",
]
MACHINE = [
    "-/media/5eed/r1/800.webp",
    "-/assets/x.css",
    "-/p/x/index.html",
    "404.html",
    "404.html.json",
    "feed.xml",
    "rss.xml",
    "feed.json",
    "robots.txt",
    "sitemap.xml",
]
CLAIMS = [
    "posts/a/index.html",
    "archives/a/index.html",
    "assets/x.css",
    "media/x.webp",
    "static/x/index.html",
    "theme/index.html",
    "search/periods/index.html",
    "sitemap/index.html",
    "favicon.ico",
    "tags.html",
    "Tags/x/index.html",
    "2021.html",
    "2021/13/index.html",
    "2023/02/29/index.html",
    "2021/1/index.html",
    "0000/index.html",
    "2021/11/21/x/index.html",
    "-/p/123/index.html",
    "a/404.html",
]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        *((key, Owner.LIST) for key in LISTS),
        *((key, Owner.MACHINE) for key in MACHINE),
        *((key, Owner.CLAIM) for key in CLAIMS),
    ],
)
def test_who_owns_a_key(key: str, expected: Owner) -> None:
    """The site has what it makes, and no more: the rest is whose who claims it."""
    assert owner(key) is expected
