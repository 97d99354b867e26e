"""Which files `publish` sends: those that are named, and what their posts show."""

from pathlib import Path

import pytest

from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.publish import Draft, content_type, read

POST = "---\ntitle: A\ndate: 2025-01-06\n---\n\n"


def keys(drafts: list[Draft], root: Path) -> dict[str, str]:
    """The files below a folder, by the keys that they go to, in their order."""
    return {each.key: str(Path(each.file).relative_to(root)) for each in drafts}


def write(root: Path, **files: str) -> None:
    """Writes files by their paths."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_a_post_brings_what_it_shows(tmp_path: Path) -> None:
    """Pictures and files beside it that it names; nothing else, and none twice."""
    text = POST + "![a](boat.jpg) ![b](boat.jpg) [c](tides.pdf) ![d](https://x.example/e.jpg)"
    write(tmp_path, **{"hello.md": text, "boat.jpg": "b", "tides.pdf": "t", "other.jpg": "o"})
    assert keys(read([str(tmp_path / "hello.md")]), tmp_path) == {
        "posts/hello.md": "hello.md",
        "posts/boat.jpg": "boat.jpg",
        "posts/tides.pdf": "tides.pdf",
    }


def test_what_it_shows_lies_where_the_cloud_looks(tmp_path: Path) -> None:
    """In a content folder: below `static/`, in the folder named like the post, or beside it."""
    text = POST + "![a](/logo.svg) ![b](deep.jpg) ![c](../up.jpg) ![d](none.jpg)"
    files = {"posts/sea/a.md": text, "static/logo.svg": "l", "posts/sea/a/deep.jpg": "d"}
    write(tmp_path, **files, **{"posts/up.jpg": "u", "posts/sea/deep.jpg": "other"})
    assert [*keys(read([str(tmp_path / "posts/sea/a.md")]), tmp_path)] == [
        "posts/sea/a.md",
        "static/logo.svg",
        "posts/sea/a/deep.jpg",
        "posts/up.jpg",
    ]


def test_nothing_from_outside_is_brought(tmp_path: Path) -> None:
    """A link out of the folder is named with its cure, and a hidden file is not looked at."""
    blog = tmp_path / "blog"
    write(tmp_path, **{"secret.jpg": "s", "blog/posts/.env": "e"})
    write(blog, **{"posts/a.md": POST + "![a](.env) ![b](../../secret.jpg)"})
    assert [*keys(read([str(blog / "posts/a.md")]), blog)] == ["posts/a.md"]
    (blog / "posts" / "b.jpg").symlink_to(tmp_path / "secret.jpg")
    write(blog, **{"posts/a.md": POST + "![b](b.jpg)"})
    with pytest.raises(Failure, match="leads out of the folder") as raised:
        read([str(blog / "posts/a.md")])
    assert raised.value.code == Exit.USAGE


def test_a_file_of_a_content_folder_keeps_its_key(tmp_path: Path) -> None:
    """What lies below `static/` is no post, whatever it is called."""
    names = ["static/files/cv.txt", "static/posts/a.md", "assets/x/static/b.txt", "posts/a.md"]
    write(tmp_path, **dict.fromkeys(names, "x"))
    drafts = read([str(tmp_path / name) for name in names])
    assert keys(drafts, tmp_path) == {name: name for name in names}


def test_a_folder_is_all_that_is_in_it(tmp_path: Path) -> None:
    """So is a part of one; what cannot be sent is told before anything is."""
    write(tmp_path, **{"posts/a.md": "a", "posts/sea/b.md": "b", "static/c.txt": "c"})
    write(tmp_path, **{"README.md": "r", ".env": "e"})
    assert [*keys(read([str(tmp_path)]), tmp_path)] == [
        "posts/a.md",
        "posts/sea/b.md",
        "static/c.txt",
    ]
    assert [*keys(read([str(tmp_path / "posts" / "sea")]), tmp_path)] == ["posts/sea/b.md"]
    (tmp_path / "posts" / "out.md").symlink_to("/etc/hostname")
    with pytest.raises(Failure, match=r"posts/out\.md: The link leads out of the folder"):
        read([str(tmp_path)])


def test_two_files_for_one_key_are_refused_with_both_names(tmp_path: Path) -> None:
    """One file that is named twice is one."""
    write(tmp_path, **{"one/a.md": "a", "two/a.md": "b"})
    one, two = str(tmp_path / "one" / "a.md"), str(tmp_path / "two" / "a.md")
    with pytest.raises(Failure) as raised:
        read([one, two])
    assert raised.value.code == Exit.USAGE
    assert raised.value.message == (
        f"{one} and {two} both belong under the key posts/a.md: put them in folders below `posts/`"
    )
    assert len(read([one, str(tmp_path / "two" / ".." / "one" / "a.md")])) == 1


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """Before anything is sent."""
    with pytest.raises(Failure, match=r"none\.md: No such file or directory"):
        read([str(tmp_path / "none.md")])


@pytest.mark.parametrize(
    ("key", "type"),
    [
        ("posts/a.md", "text/markdown; charset=utf-8"),
        ("site.yaml", "application/yaml"),
        ("static/a.webp", "image/webp"),
        ("static/a.js", "text/javascript; charset=utf-8"),
        ("posts/a.psd", "application/octet-stream"),
    ],
)
def test_a_type_is_the_same_on_every_machine(key: str, type: str) -> None:
    """It follows from the name alone: another one would be sent again and again."""
    assert content_type(key) == type
