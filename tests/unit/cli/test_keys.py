"""Which key a file goes to."""

import pytest

from presswork_cli.keys import key_of


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("posts/a.md", "posts/a.md"),
        ("/home/ines/blog/posts/2025/a.md", "posts/2025/a.md"),
        ("posts/old/posts/a.md", "posts/a.md"),
        ("posts/pages/about.md", "pages/about.md"),
        ("./pages/about.md", "pages/about.md"),
        ("../seeds/000_a.txt", "posts/000_a.txt"),
        ("a.md", "posts/a.md"),
        ("blogposts/a.md", "posts/a.md"),
        ("posts", "posts/posts"),
        ("blog/site.yaml", "site.yaml"),
        ("posts/雨天.md", "posts/雨天.md"),
    ],
)
def test_key_starts_at_the_last_root_of_the_path(file: str, key: str) -> None:
    """A key is the path from the last `posts/` or `pages/`, else `posts/` and the name."""
    assert key_of(file) == key
