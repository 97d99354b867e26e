"""Which key a file goes to."""

import pytest

from presswork_cli.keys import key_of, published_key


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


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("blog/posts/posts/a.md", "posts/posts/a.md"),
        ("blog/pages/posts/_index.md", "pages/posts/_index.md"),
        ("blog/old/posts/a.md", "posts/a.md"),
        ("blog/posts", "posts/posts"),
        ("blog/sea/a.md", "posts/sea/a.md"),
    ],
)
def test_a_content_folder_is_as_the_bucket(file: str, key: str) -> None:
    """What lies in its `posts/` or `pages/` has the key that it has when the folder is copied."""
    assert key_of(file, within="blog") == key


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("blog/theme/post.html", "theme/post.html"),
        ("theme/fonts/a.woff2", "theme/fonts/a.woff2"),
        ("theme/notes.md", "posts/notes.md"),
        ("posts/theme/post.html", "posts/theme/post.html"),
        ("blog/site.yaml", "site.yaml"),
        ("a.md", "posts/a.md"),
        ("blog/static/files/cv.txt", "static/files/cv.txt"),
        ("static/js/static/x.js", "static/js/static/x.js"),
        ("static/posts/a.png", "static/posts/a.png"),
        ("/srv/static/blog/posts/a.md", "posts/a.md"),
        ("posts/sea/static/x.png", "posts/sea/static/x.png"),
        ("blog/assets/boat.jpg", "assets/boat.jpg"),
    ],
)
def test_what_lies_apart_keeps_its_place(file: str, key: str) -> None:
    """So do files of `static/` and `assets/` outside of posts, and of `theme/` if it knows them."""
    assert published_key(file) == key
