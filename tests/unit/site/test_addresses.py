"""Paths, keys and URLs."""

import pytest

from presswork.site import absolute, data_key, href, key_of, list_path


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/", "index.html"),
        ("/2021/11/x/", "2021/11/x/index.html"),
        ("/2021/11/推动共建/", "2021/11/推动共建/index.html"),
    ],
)
def test_the_key_of_a_page(path: str, key: str) -> None:
    """A key is the path in Unicode, without a slash in front, and the object's name."""
    assert key_of(path) == key
    assert data_key(path) == key.replace(".html", ".json")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("home", "/"),
        ("period:2021-11", "/2021/11/"),
        ("tag:x", "/tags/x/"),
        ("category:a/b", "/categories/a/b/"),
    ],
)
def test_the_path_of_a_list(name: str, path: str) -> None:
    """Each list has a page of its own."""
    assert list_path(name) == path


def test_references_are_percent_encoded() -> None:
    """What stands in a link is ASCII, and no character of a path can be taken for syntax."""
    assert href("/推/a b+c?d#e%/") == "/%E6%8E%A8/a%20b%2Bc%3Fd%23e%25/"
    assert (
        absolute("https://press.example/", "-/media/x.webp")
        == "https://press.example/-/media/x.webp"
    )


def test_a_reference_never_leaves_the_site() -> None:
    """Slashes in front of a path do not make its first part a host."""
    assert href("//evil.example/") == "/evil.example/"
