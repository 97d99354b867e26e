"""`presswork build` after few changes: nobody sees in the site that nothing else was looked at."""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from presswork.post import Status
from presswork_cli.offline import again, cache, delta, folder, own_theme, records, states
from presswork_cli.offline import signature as signatures
from presswork_cli.offline.build import build_with
from unit.cli.test_build_again import (
    NOW,
    Blog,
    Change,
    assert_as_afresh,
    counted,
    files,
    later,
    picture,
    post,
    spoil,
    write,
)


@pytest.fixture
def calm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Blog:
    """A blog in which nothing collides, where every change is told by the times of files."""
    monkeypatch.setattr(signatures, "_SETTLED", 0)
    blog = Blog(tmp_path)
    blog.write("site.yaml", "title: Harbour\nbase_url: https://press.example\n")
    for number in range(12):
        blog.write(f"posts/p{number}.md", _any_post(random.Random(number), number))
    blog.write("posts/boat.png", picture("teal"))
    blog.write("pages/about.md", "---\ntitle: About\naliases: [/who]\n---\n\nUs.\n")
    blog.write("pages/404.md", "---\ntitle: Lost\n---\n\nNo.\n")
    blog.write("static/key.txt", "as it is")
    blog.build()
    return blog


def _any_post(chance: random.Random, number: int) -> str:
    """A post of some month, in some lists, with or without links and an image."""
    matter = {
        "date": f"2026-0{chance.randint(1, 4)}-{chance.randint(1, 28):02}",
        "tags": f"[{', '.join(chance.sample(('sea', 'salt', 'sand'), chance.randint(0, 2)))}]",
    }
    if chance.random() < 0.3:
        matter["series"] = "Tides"
    if chance.random() < 0.2:
        matter["image"] = "boat.png"
    if chance.random() < 0.15:
        matter["draft"] = "true"
    if chance.random() < 0.1:
        matter["date"] = "2026-05-20"  # after NOW
    links = [f"[one](p{chance.randrange(16)}.md)"] if chance.random() < 0.3 else []
    links += ["[us](/about/)"] if chance.random() < 0.2 else []
    links += ["![A boat](boat.png)"] if chance.random() < 0.2 else []
    return post(f"P {number} {chance.randrange(9)}", " ".join(["Words.", *links]), **matter)


def _change(blog: Blog, chance: random.Random) -> None:
    """A post comes, changes or goes."""
    number = chance.randrange(16)
    path = blog.source / f"posts/p{number}.md"
    if path.exists() and chance.random() < 0.25:
        path.unlink()
    else:
        blog.write(f"posts/p{number}.md", _any_post(chance, number))


@pytest.mark.parametrize("seed", range(6))
def test_any_few_changes_give_the_site_that_is_built_afresh(
    calm: Blog, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """After any of them site and answer are right, and most times nothing else was looked at."""
    chance, alone = random.Random(seed), counted(monkeypatch, delta, "made")
    for _ in range(14):
        for _ in range(chance.randint(1, 2)):
            _change(calm, chance)
        assert_as_afresh(calm)
    assert alone.returned > 4
    assert calm.said == []


class Alone:
    """Counts the builds that made what a few changes touch, and nothing else."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._made = counted(monkeypatch, delta, "made")

    def __call__(self) -> bool:
        """Whether there was one since it was asked last."""
        was, self._made.returned = self._made.returned, 0
        return was == 1


Trick = Callable[[Blog], object]


def _edit_at_the_same_time(blog: Blog) -> None:
    """An edit of the same size that sets back the time of the content, as `cp -p` does."""
    path = blog.source / "posts/p0.md"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Words.", b"Fords."))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _swap_by_rename(blog: Blog) -> None:
    """Another file of the same size and time takes the place of the first, as editors do."""
    path = blog.source / "posts/p0.md"
    other = path.with_suffix(".part")
    write(other, path.read_bytes().replace(b"Words.", b"Fords."))
    other.replace(path)


def _turn_back_the_clock(blog: Blog) -> None:
    """An edit whose time is before that of the last build."""
    text = (blog.source / "posts/p0.md").read_text().replace("Words.", "Fords.")
    write(blog.source / "posts/p0.md", text, age=1_000_000_000)


@pytest.mark.parametrize("trick", [_edit_at_the_same_time, _swap_by_rename, _turn_back_the_clock])
def test_an_edit_is_noticed_whatever_its_time(
    calm: Blog, monkeypatch: pytest.MonkeyPatch, trick: Trick
) -> None:
    """By its size and the time of its content alone it would pass for no edit."""
    alone = Alone(monkeypatch)
    trick(calm)
    assert_as_afresh(calm)
    assert alone()
    assert any(b"Fords." in body for body in files(calm.out).values())


def test_a_file_too_fresh_for_its_times_is_read_again(
    calm: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until its times tell of another change its bytes do; then it is not read any more."""
    monkeypatch.setattr(signatures, "_SETTLED", 10**18)
    calm.write("posts/p0.md", post("P 0"))
    monkeypatch.setattr(signatures, "_SETTLED", 0)
    with monkeypatch.context() as fresh:
        fresh.setattr(records, "is_settled", lambda _: False)
        calm.build()
    read = counted(monkeypatch, again, "as_before")
    assert calm.build().written == 0
    calm.build()
    assert len(read.calls) == 1


def _many(blog: Blog) -> None:
    for number in range(20):
        blog.write(f"posts/m{number}.md", post(f"M {number}"))


OTHERWISE: tuple[tuple[str, Change], ...] = (
    ("the settings", lambda blog: blog.write("site.yaml", "title: Port\n")),
    ("a theme", lambda blog: blog.write("theme/style.css", "body { color: teal }")),
    ("a static file", lambda blog: blog.write("static/key.txt", "as it was")),
    ("a new static file", lambda blog: blog.write("static/deep/er/key.txt", "as it was")),
    ("the time of day", later),
    ("the time of day, back", lambda blog: setattr(blog, "now", NOW - timedelta(days=90))),
    ("an edited page", lambda blog: (blog.out / "index.html").write_text("mine")),
    ("a page in place", lambda blog: spoil(blog.out / "index.html")),
    ("no page", lambda blog: (blog.out / "about/index.html").unlink()),
    ("a file of somebody", lambda blog: write(blog.out / "2026/mine.txt", "mine")),
    ("a folder of somebody", lambda blog: write(blog.out / "mine/mine.txt", "mine")),
    ("an image", lambda blog: blog.write("posts/boat.png", picture("red"))),
    ("no image", lambda blog: (blog.source / "posts/boat.png").unlink(missing_ok=True)),
    ("a claim of another", lambda blog: blog.write("posts/q.md", post("Q", aliases="[/about/]"))),
    ("an id of another", lambda blog: blog.write("posts/q.md", post("Q", id="own"))),
    ("a name of a folder", lambda blog: blog.write("posts/q.md", post("Q", aliases="[/-/x]"))),
    ("many", _many),
)


@pytest.mark.parametrize(("what", "change"), OTHERWISE, ids=[name for name, _ in OTHERWISE])
def test_what_is_no_change_of_a_few_sources_is_put_right(
    calm: Blog, what: str, change: Change
) -> None:
    """All else that may differ is noticed as well, with an edit beside it and without."""
    calm.write("posts/own.md", post("Own", "![A boat](boat.png)", id="own"))
    calm.build()
    change(calm)
    assert_as_afresh(calm)
    calm.write("posts/own.md", post("Own", "![A boat](boat.png) More.", id="own"))
    assert_as_afresh(calm)
    change(calm)
    calm.write("posts/own.md", post("Own", "![A boat](boat.png) Less.", id="own"))
    assert_as_afresh(calm)
    assert calm.said == [], what


def test_another_software_makes_all_anew(calm: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an edit touches is not made alone when the packages that make pages are others."""
    alone = Alone(monkeypatch)
    monkeypatch.setattr(again, "_installed", lambda: iter(["jinja2-9.dist-info"]))
    calm.write("posts/p0.md", post("P 0"))
    assert_as_afresh(calm)
    assert not alone()
    calm.write("posts/p0.md", post("P 1"))
    assert_as_afresh(calm)
    assert alone()


def test_a_layout_of_another_software_is_not_read(calm: Blog) -> None:
    """Rows with other fields than these are taken for nothing, before any is looked at."""
    with cache.Cache(calm.cache, None) as found:
        found.before.whole = ["other fields", 1]
        found.save(found.before)
    assert_as_afresh(calm)
    assert calm.said == []


def test_a_folder_too_fresh_for_its_times_is_listed(
    calm: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that comes into OUT so soon that no time tells of it is told all the same."""
    with monkeypatch.context() as fresh:
        fresh.setattr(states, "is_settled", lambda _: False)
        calm.write("site.yaml", "title: Port\nbase_url: https://press.example\n")
        calm.build()
    write(calm.out / "2026/mine.txt", "mine")
    monkeypatch.setattr(again, "is_same", lambda *_: True)
    assert calm.build(clean=False).stale == ("2026/mine.txt",)


def test_a_cache_of_another_version_is_named_and_made_anew(calm: Blog) -> None:
    """One that was written in another way is not read, and its reader is told."""
    index = calm.cache / "index"
    index.write_bytes(b'{"context": "what version 1 wrote"}')
    assert_as_afresh(calm)
    assert "is of another version" in calm.said.pop()
    assert_as_afresh(calm)
    assert calm.said == []


def test_a_text_that_is_damaged_under_an_edit_is_told_of(calm: Blog) -> None:
    """What is read of the cache for a few changes is not believed either, and nothing is lost."""
    (bodies,) = calm.cache.glob("bodies-*")
    bodies.write_bytes(bytes(len(bodies.read_bytes())))
    calm.write("posts/p0.md", post("P 0", tags="[sea]"))
    assert_as_afresh(calm)
    assert "made anew" in calm.said.pop()


def test_clean_removes_what_a_change_leaves_over(
    calm: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it a page that is no more is told at every build, until it is asked for."""
    alone = Alone(monkeypatch)
    calm.write("posts/gone.md", post("Gone", date="2019-01-01", tags="[alone]"))
    calm.build()
    assert alone()
    (calm.source / "posts/gone.md").unlink()
    left = calm.build(clean=False).stale
    assert alone()
    assert {"2019/01/gone/index.html", "tags/alone/index.html"} <= set(left)
    assert calm.build(clean=False).stale == left
    assert_as_afresh(calm)
    assert calm.build(clean=False).stale == ()


def test_many_changes_are_shared_among_processes(
    calm: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a few are no matter of one process."""
    alone = Alone(monkeypatch)
    _many(calm)
    calm.build()
    assert not alone()


def test_edits_do_not_pile_up_in_the_cache(calm: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """When most of it is of no use any more, a build of the whole drops that."""
    monkeypatch.setattr(cache, "_WASTE", 1000)
    sizes = []
    for number in range(30):
        calm.write("posts/p0.md", post("P 0", f"{number} " * 5000))
        calm.build()
        sizes.append(next(iter(calm.cache.glob("bodies-*"))).stat().st_size)
    assert max(sizes) < 250_000
    assert_as_afresh(calm)


def test_what_was_shown_beside_the_live_is_not_what_readers_see(calm: Blog) -> None:
    """A build that shows drafts is no beginning for one that shows none, nor the other way."""
    calm.write("posts/draft.md", post("Draft", date="2026-03-05", draft="true"))
    assert_as_afresh(calm)
    shown = calm.build(also=frozenset({Status.DRAFT}))
    assert "draft" in {post.status for post in shown.posts}
    assert any("draft" in key for key in files(calm.out))
    assert_as_afresh(calm)
    assert not any("draft" in key for key in files(calm.out))


def test_settings_in_force_that_the_folder_has_not_are_no_settings_of_it(calm: Blog) -> None:
    """After a build with the last good settings the folder's own count again."""
    settings = folder.settings_of(calm.source / "site.yaml")
    other = settings.model_copy(update={"title": "Lighthouse"})
    build_with(other, own_theme.read(calm.source, other), calm.options())
    assert "Lighthouse" in (calm.out / "index.html").read_text()
    assert_as_afresh(calm)
    assert "Lighthouse" not in (calm.out / "index.html").read_text()
