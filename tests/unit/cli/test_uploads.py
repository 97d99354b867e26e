"""Which files of a folder are sent, under which keys, and which are refused with their cure."""

import errno
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from presswork_cli.failure import Exit, Failure
from presswork_cli.offline.uploads import Uploads, content_folder_here, uploads_of

POST = "---\ntitle: A\ndate: 2025-01-06\n---\n\nWords.\n"


def folder_of(root: Path, *names: str) -> Path:
    """A folder with files of these names."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(POST)
    return root


def refused(uploads: Uploads) -> dict[str, tuple[str, str]]:
    """The rule and the cure of each refused file, by its key."""
    return {each.key: (each.error.rule, each.error.fix) for each in uploads.refused}


def test_a_content_folder_comes_as_it_is(tmp_path: Path) -> None:
    """The key is the path below the folder; what belongs nowhere in the bucket is told."""
    names = ["posts/sea/a.md", "posts/sea/boat.jpg", "pages/about.md", "static/files/cv.txt"]
    names += ["assets/logo.svg", "theme/post.html", "site.yaml", "static/.well-known/security.txt"]
    folder_of(tmp_path, *names, "README.md", "notes/private.md")
    found = uploads_of(tmp_path)
    assert sorted(found.files) == sorted(names)
    assert found.aside == ["README.md", "notes"]
    assert (found.name, found.scope, found.refused) == ("site", "", [])


def test_a_plain_folder_holds_posts_as_build_reads_them(tmp_path: Path) -> None:
    """Without `posts/` and `pages/` the files are posts, and what lies beside them."""
    blog = folder_of(tmp_path / "blog", "a.md", "2025/b.md", "2025/b.jpg", "static/x.css")
    found = uploads_of(blog)
    assert sorted(found.files) == [
        "posts/2025/b.jpg",
        "posts/2025/b.md",
        "posts/a.md",
        "static/x.css",
    ]
    assert found.name == "blog"
    (blog / "site.yaml").write_text("title: A\n")
    assert {*uploads_of(blog).files} == {*found.files, "site.yaml"}
    assert uploads_of(blog).name == "site"


def test_a_part_of_a_content_folder_keeps_its_keys(tmp_path: Path) -> None:
    """A folder below `posts/` is no folder of its own."""
    folder_of(tmp_path, "posts/2024/a.md", "posts/2025/b.md", "static/x.css")
    found = uploads_of(tmp_path / "posts" / "2025")
    assert ([*found.files], found.scope, found.name) == (["posts/2025/b.md"], "posts/2025/", "site")
    folder_of(tmp_path, "static/posts/c.md")
    assert [*uploads_of(tmp_path / "static").files] == ["static/posts/c.md", "static/x.css"]


def test_nothing_hidden_and_nothing_made_is_sent(tmp_path: Path) -> None:
    """Hidden files and folders, packages of node, and a site that was built, stay here."""
    folder_of(tmp_path, "a.md", ".env", ".git/config", "sea/.draft.md", ".presswork/data/x.md")
    folder_of(tmp_path, "node_modules/x/readme.md", "public/index.html", "public/sitemap.xml")
    found = uploads_of(tmp_path)
    assert [*found.files] == ["posts/a.md"]
    assert found.aside == ["public"]


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    """A link to elsewhere, to a hidden file, to a folder and to nothing is named with its cure.

    One to a file of the folder is that file.
    """
    root = folder_of(tmp_path / "blog", "posts/a.md", ".env", "posts/sea/b.md")
    (tmp_path / "secret.md").write_text(POST)
    for name, target in (
        ("good.md", "a.md"),
        ("hidden.md", "../.env"),
        ("nowhere.md", "none.md"),
        ("out.md", tmp_path / "secret.md"),
        ("out", tmp_path),
        ("sea2", "sea"),
    ):
        (root / "posts" / name).symlink_to(target)
    found = uploads_of(root)
    assert sorted(found.files) == ["posts/a.md", "posts/good.md", "posts/sea/b.md"]
    assert refused(found) == {
        f"posts/{name}": ("file.link", fix)
        for name, fix in {
            "hidden.md": "Put the file itself in the place of the link.",
            "nowhere.md": "Delete it, or put the file itself in its place.",
            "out": "Put the file itself in the place of the link.",
            "out.md": "Put the file itself in the place of the link.",
            "sea2": "Put the folder itself in its place.",
        }.items()
    }


def test_names_are_those_of_every_machine(tmp_path: Path) -> None:
    """A name that macOS takes apart is put together; two files of one key are named both."""
    apart = unicodedata.normalize("NFD", "é.md")
    folder_of(tmp_path, f"posts/{apart}")
    assert [*uploads_of(tmp_path).files] == ["posts/é.md"]
    folder_of(tmp_path, "posts/é.md")
    with pytest.raises(Failure) as raised:
        uploads_of(tmp_path)
    assert raised.value.code == Exit.USAGE
    assert raised.value.message.count(".md") == 3


def test_unfit_names_and_kinds_are_refused(tmp_path: Path) -> None:
    """What S3 cannot call so, and what is no file, is told before anything is sent."""
    folder_of(tmp_path, "posts/a\nb.md", "posts/" + "/".join(["x" * 200] * 6) + ".md", "posts/c.md")
    os.mkfifo(tmp_path / "posts" / "pipe")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/posts/\xff.md")).write_text(POST)
    found = uploads_of(tmp_path)
    assert [*found.files] == ["posts/c.md"]
    assert sorted(rule for rule, _ in refused(found).values()) == [
        "file.kind",
        "file.name",
        "file.name",
        "file.name",
    ]


@pytest.mark.parametrize(
    ("name", "mebibytes"),
    [("posts/a.md", 5), ("posts/a.jpg", 10), ("posts/a.mp4", 64), ("static/a.bin", 20)],
)
def test_what_is_too_large_is_refused(tmp_path: Path, name: str, mebibytes: int) -> None:
    """Each kind of file has its limit, and may be as large as that."""
    path = folder_of(tmp_path, name, "posts/other.md") / name
    os.truncate(path, mebibytes * 1024**2)
    assert name in uploads_of(tmp_path).files
    os.truncate(path, mebibytes * 1024**2 + 1)
    assert refused(uploads_of(tmp_path)) == {
        name: ("file.size", "Make it smaller, or keep it elsewhere and link to it.")
    }


def test_the_place_of_the_site_itself_is_refused(tmp_path: Path) -> None:
    """A static file where the site makes its own is told here, as render would."""
    folder_of(tmp_path, "static/index.html", "static/robots.txt", "posts/a.md")
    found = uploads_of(tmp_path)
    assert {key: rule for key, (rule, _) in refused(found).items()} == {
        "static/index.html": "static.reserved"
    }


def test_an_unreadable_folder_ends_it_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in it would seem to be gone."""
    folder_of(tmp_path, "posts/sea/a.md")
    listed = Path.iterdir

    def denied(folder: Path) -> Iterator[Path]:
        if folder.name == "sea":  # root may read everything, so no mode keeps it out
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(Failure, match="sea: Permission denied"):
        uploads_of(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """The failure says what to name."""
    with pytest.raises(Failure, match="is no folder: name the one that your posts are in"):
        uploads_of(folder_of(tmp_path, "a.md") / "a.md")


@pytest.mark.parametrize(
    ("here", "is_site"), [(".", True), ("posts/sea", True), ("pages", True), ("../home", False)]
)
def test_only_a_site_is_sent_unnamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, *, is_site: bool
) -> None:
    """A home folder, in which somebody forgets what to name, is not shown to the world."""
    blog = folder_of(tmp_path / "blog", "posts/sea/a.md", "pages/b.md")
    folder_of(tmp_path / "home", "a.md")
    monkeypatch.chdir(blog / here)
    if is_site:
        assert content_folder_here() == Path()
    else:
        with pytest.raises(Failure, match="go into the folder of your site, or name one"):
            content_folder_here()


def test_what_is_refused_is_held(tmp_path: Path) -> None:
    """Its key, and what lies below it, is not gone."""
    folder_of(tmp_path / "blog", "posts/a.md")
    (tmp_path / "blog" / "posts" / "out").symlink_to(tmp_path)
    found = uploads_of(tmp_path / "blog")
    assert found.holds("posts/a.md")
    assert found.holds("posts/out/b.md")
    assert not found.holds("posts/outer.md")
