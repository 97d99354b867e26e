"""What an author is told whose post waits."""

import pytest

from presswork.content import claim_held


@pytest.mark.parametrize(
    ("key", "holder", "word"),
    [
        ("posts/zh/hello.md", "posts/en/hello.md", "/:section/"),
        ("posts/hello.md", "posts/en/hello.md", "/:section/"),
        ("posts/zh/hello/index.md", "posts/en/2021-03-04-hello.md", "/:section/"),
        ("posts/blog/zh/hello.md", "posts/blog/en/hello.md", "/:sections/"),
    ],
)
def test_two_files_of_one_name_are_told_apart_by_their_folders(
    key: str, holder: str, word: str
) -> None:
    """The cure is one line of site.yaml, for all of them."""
    error = claim_held("/2021/03/hello/", key, holder)
    assert error.message == f"/2021/03/hello/ belongs to {holder}."
    assert f"`permalink` in site.yaml with {word}" in error.fix


@pytest.mark.parametrize(
    ("name", "key", "holder"),
    [
        ("/2021/03/hello/", "posts/en/a.md", "posts/zh/b.md"),
        ("/2021/03/hello/", "posts/hello.md", "posts/hello.txt"),
        ("/hello/", "pages/hello.md", "posts/en/hello.md"),
        ("an-id", "posts/zh/hello.md", "posts/en/hello.md"),
    ],
)
def test_others_need_another_slug(name: str, key: str, holder: str) -> None:
    """Where no folder tells the two apart, or it is about no path, the permalink is no cure."""
    assert "permalink" not in claim_held(name, key, holder).fix
