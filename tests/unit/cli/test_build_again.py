"""`presswork build` again: what it remembers, and that nobody sees it in the site."""

import base64
import fcntl
import io
import os
import random
import signal
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image as Pillow

from presswork_cli.failure import Failure
from presswork_cli.offline import claims, losses, records, site_build
from presswork_cli.offline import signature as signatures
from presswork_cli.offline.build import BuildOptions, build
from presswork_cli.offline.cache import Cache, DamagedError, Remembered, default_folder
from presswork_cli.offline.folder import File
from presswork_cli.printing.answers import BuildAnswer

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
AGES_AGO = 1_700_000_000
MANY = 64
FAR = {"date": "2019-04-01", "tags": "[hull]"}
"""What makes a post no neighbour of the others, so that links alone lead to it."""


def write(path: Path, text: str | bytes, *, age: int = AGES_AGO) -> None:
    """Writes a file that was last changed long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    os.utime(path, (age, age))


def post(title: str, body: str = "Words.", **matter: str) -> str:
    """The text of a post."""
    lines = {"title": title, "date": "2026-05-01", "tags": "[sea]"} | matter
    front = "".join(f"{key}: {value}\n" for key, value in lines.items())
    return f"---\n{front}---\n\n{body}\n"


def picture(colour: str) -> bytes:
    """A small image."""
    file = io.BytesIO()
    Pillow.new("RGB", (60, 40), colour).save(file, format="PNG")
    return file.getvalue()


class Blog:
    """A content folder that is built again and again to one OUT, with a cache."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.source = home / "blog"
        self.out = home / "out"
        self.cache = home / "cache"
        self.now = NOW
        self.said: list[str] = []

    def write(self, key: str, text: str | bytes) -> None:
        """Writes a file of the folder."""
        write(self.source / key, text)

    def options(self, **more: object) -> BuildOptions:
        """What the builds are asked."""
        given = {"cache": self.cache, "clean": True, "processes": 1} | more
        return BuildOptions(self.source, self.out, self.now, **given)  # type: ignore[arg-type]

    def build(self, **more: object) -> BuildAnswer:
        """Builds it."""
        return build(self.options(**more), say=self.said.append)

    def afresh(self, **more: object) -> tuple[BuildAnswer, dict[str, bytes]]:
        """The answer and the files of a build that remembers nothing, to a new folder."""
        number = len(list(self.home.glob("fresh-*")))
        out = self.home / f"fresh-{number}"
        given = {"cache": None, "clean": True, "processes": 1} | more
        answer = build(BuildOptions(self.source, out, self.now, **given))  # type: ignore[arg-type]
        return answer, files(out)


def files(out: Path) -> dict[str, bytes]:
    """All that stands in a folder, hidden or not."""
    found = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


def assert_as_afresh(blog: Blog, **more: object) -> BuildAnswer:
    """Builds again, and finds the site and the answer of a build that remembers nothing."""
    answer = blog.build(**more)
    fresh, site = blog.afresh(**more)
    assert files(blog.out) == site
    assert answer.posts == fresh.posts
    assert (answer.summary, answer.files, answer.site) == (fresh.summary, fresh.files, fresh.site)
    return answer


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A blog of a few posts that refer to each other, with images and files of all kinds."""
    blog = Blog(tmp_path)
    blog.write("site.yaml", "title: Harbour\nbase_url: https://press.example\n")
    blog.write("posts/sea.md", post("Sea", "To [the boat](boat.md) and [nowhere](gone.md)."))
    blog.write("posts/boat.md", post("Boat", "![A boat](boat.png)", **FAR))
    blog.write("posts/boat.png", picture("teal"))
    blog.write("posts/later.md", post("Later", date="2026-06-01"))
    blog.write("posts/undated.md", "Words without a date.\n")
    blog.write("posts/twin.md", post("Twin", slug="sea", series="Tides"))
    blog.write("posts/cover.md", post("Cover", date="2026-03-01", image="boat.png"))
    blog.write("posts/broken.md", post("Broken", date="2026-13-01"))
    blog.write("posts/notes.bin", b"\0\1")
    blog.write("pages/about.md", "---\ntitle: About\naliases: [/who, /who/we/are]\n---\n\nUs.\n")
    blog.write("static/key.txt", "as it is")
    blog.write("static/.well-known/security.txt", "Contact: me")
    return blog


Change = Callable[[Blog], object]


def _rename(blog: Blog, old: str, new: str) -> None:
    (blog.source / old).rename(blog.source / new)


def later(blog: Blog) -> None:
    """The next build is two months later."""
    blog.now += timedelta(days=60)


HISTORY: tuple[tuple[str, Change], ...] = (
    ("nothing", lambda _: None),
    ("a text", lambda blog: blog.write("posts/sea.md", post("Sea", "It is [calm](boat.md)."))),
    ("a title", lambda blog: blog.write("posts/boat.md", post("Ship", **FAR))),
    ("a target", lambda blog: blog.write("posts/boat.md", post("Ship", slug="ship", **FAR))),
    ("a tag", lambda blog: blog.write("posts/sea.md", post("Sea", tags="[salt, sea]"))),
    ("a new post", lambda blog: blog.write("posts/new.md", post("New", series="Tides"))),
    ("its name", lambda blog: _rename(blog, "posts/new.md", "posts/newer.md")),
    ("a claim", lambda blog: (blog.source / "posts/sea.md").unlink()),
    ("a date in the file", lambda blog: os.utime(blog.source / "posts/undated.md", (1, 1))),
    ("the time of day", later),
    ("an image", lambda blog: blog.write("posts/boat.png", picture("red"))),
    ("no image", lambda blog: (blog.source / "posts/boat.png").unlink()),
    ("a static file", lambda blog: blog.write("static/key.txt", "as it was")),
    ("a static folder", lambda blog: blog.write("static/who/is.txt", "it")),
    ("no static file", lambda blog: (blog.source / "static/key.txt").unlink()),
    ("the settings", lambda blog: blog.write("site.yaml", "title: Port\nredirects: {/a/: /b/}\n")),
    ("the theme", lambda blog: blog.write("theme/style.css", "body { color: teal }")),
    (
        "a template",
        lambda blog: blog.write(
            "theme/base.html", '<!-- ours -->{% extends "default/base.html" %}'
        ),
    ),
    ("no theme", lambda blog: (blog.source / "theme/base.html").unlink()),
    ("a page of the site", lambda blog: (blog.out / "index.html").write_text("mine")),
    ("no page of the site", lambda blog: (blog.out / "index.html").unlink()),
    ("a feed", lambda blog: (blog.out / "feed.xml").write_bytes(b"x" * 100)),
    ("the data of a post", lambda blog: (blog.out / "about/index.json").write_text("{}")),
    ("a hidden file of the site", lambda blog: spoil(blog.out / ".well-known/security.txt")),
    ("a page of 404", lambda blog: blog.write("pages/404.md", "---\ntitle: Lost\n---\n\nNo.\n")),
    ("nothing again", lambda _: None),
)


def spoil(path: Path) -> None:
    """Other bytes, as many, in the same file."""
    path.write_bytes(bytes(reversed(path.read_bytes())))


def test_a_history_of_changes_gives_the_site_that_is_built_afresh(blog: Blog) -> None:
    """After each change the site and the answer are those of a build that remembers nothing."""
    assert_as_afresh(blog)
    for name, change in HISTORY:
        change(blog)
        try:
            assert_as_afresh(blog)
        except AssertionError as error:
            error.add_note(f"after: {name}")
            raise
    assert blog.said == []


def test_a_strict_build_measures_what_one_that_is_not_did_not(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one build remembers is of no use to one that asks for more."""
    blog.build()
    measured = counted(monkeypatch, losses, "with_losses")
    answer = blog.build(strict=True)
    assert len(measured.calls) == len(answer.posts)


def test_another_address_makes_another_site(blog: Blog) -> None:
    """No page of the site at one address stands in that at another."""
    blog.build()
    assert_as_afresh(blog, base_url="https://other.example")


def test_an_image_of_a_source_comes_from_the_cache(blog: Blog) -> None:
    """One that stands in the source itself is made again when OUT is lost, without the source."""
    data = base64.b64encode(picture("red")).decode()
    blog.write("posts/dot.md", post("Dot", f"![A dot](data:image/png;base64,{data})"))
    blog.build()
    for path in sorted(blog.out.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    answer = assert_as_afresh(blog)
    assert [each.images.rehosted for each in answer.posts if each.key == "posts/dot.md"] == [1]


class Counted:
    """Counts calls of a function, and passes them on."""

    def __init__(self, function: Callable[..., object]) -> None:
        self.function = function
        self.calls: list[object] = []
        self.returned = 0

    def __call__(self, *arguments: object, **named: object) -> object:
        """A call."""
        self.calls.append(arguments[0])
        answer = self.function(*arguments, **named)
        self.returned += 1
        return answer


def counted(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> Counted:
    """Has the calls of a module's function counted."""
    spy = Counted(getattr(module, name))
    monkeypatch.setattr(module, name, spy)
    return spy


def test_a_build_after_nothing_reads_no_post_and_makes_no_page(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has not changed is neither opened nor parsed nor rendered nor made nor written."""
    monkeypatch.setattr(signatures, "_SETTLED", 0)
    blog.build()
    read, made = counted(monkeypatch, records, "read"), counted(monkeypatch, site_build, "write")
    opened = counted(monkeypatch, site_build, "record_of")
    bytes_of = File.data.fget  # type: ignore[attr-defined]
    seen: list[str] = []

    def data(file: File) -> bytes:
        seen.append(file.key)
        return bytes(bytes_of(file))

    monkeypatch.setattr(File, "data", property(data))
    answer = blog.build()
    assert (read.calls, made.calls, opened.calls, answer.written) == ([], [], [], 0)
    assert seen == []


def test_one_change_makes_what_it_touches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many posts one is parsed; its page is made, and what tells of it; not its neighbours."""
    blog = Blog(tmp_path)
    for number in range(MANY):
        day = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=number * 30)
        blog.write(f"posts/p{number}.md", post(f"P {number}", date=f"{day:%Y-%m-%d}"))
    blog.build()
    blog.write("posts/p3.md", post("P 3", "Other words.\n\nMore.", date="2020-03-31"))
    read, made = counted(monkeypatch, records, "read"), counted(monkeypatch, site_build, "write")
    blog.build()
    assert read.calls == ["posts/p3.md"]
    whole = {f"2020/0{month}/p{number}/index.html" for month, number in ((3, 3),)}
    written = {path for path in files(blog.out) if path in whole}
    assert written == whole
    assert 0 < len(made.calls) < 15


def test_a_touched_file_is_read_and_not_parsed(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with other times and the same bytes is the same, unless its time dates the post."""
    blog.build()
    for path in (blog.source / "posts").glob("*.md"):
        os.utime(path, (AGES_AGO + 9, AGES_AGO + 9))
    read = counted(monkeypatch, records, "read")
    assert_as_afresh(blog, processes=1)
    of_the_build = read.calls[: read.calls.index("pages/about.md")]
    assert of_the_build == ["posts/broken.md", "posts/undated.md"]


def test_a_file_changed_within_a_moment_is_noticed(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is too fresh for its times to tell is compared by its bytes the next time."""
    monkeypatch.setattr(signatures, "_SETTLED", 10**18)
    blog.build()
    path = blog.source / "posts/boat.md"
    before = path.stat()
    signature = File.signature.fget  # type: ignore[attr-defined]
    frozen = signature(File(path, "posts/boat.md"))
    write(path, path.read_text().replace("Boat", "Ship"), age=int(before.st_mtime))
    monkeypatch.setattr(
        File, "signature", property(lambda f: frozen if f.path == path else signature(f))
    )
    assert_as_afresh(blog)
    assert b"Ship" in (blog.out / "2019/04/boat/index.html").read_bytes()


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    """Cut or overwritten wherever, it is told of, and the site is right."""
    blog, chance = Blog(tmp_path), random.Random(14)
    blog.write("posts/sea.md", post("Sea", "To [the boat](boat.md) and [nowhere](gone.md)."))
    blog.write("posts/boat.md", post("Boat", "Words. " * 50, series="Tides"))
    _, site = blog.afresh()
    blog.build()
    for name in ("index", "bodies-*") * 10:
        (path,) = blog.cache.glob(name)
        data = bytearray(path.read_bytes())
        place = chance.randrange(len(data))
        if chance.random() < 0.5:
            del data[place:]
        else:
            data[place] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        for page in list(blog.out.rglob("*.html")):
            page.unlink()
        blog.build()
        assert files(blog.out) == site
        assert len(blog.said) == 1
        assert "made anew" in blog.said.pop()
        assert blog.build().written == 0
        assert blog.said == []


def test_bodies_without_an_index_are_dropped(blog: Blog) -> None:
    """What an interrupted first build has put there is of no use."""
    blog.build()
    (blog.cache / "index").unlink()
    assert_as_afresh(blog)
    assert len(list(blog.cache.glob("bodies-*"))) == 1


def test_a_cache_in_use_is_left_alone(blog: Blog) -> None:
    """A second build at once goes without, and says so."""
    blog.build()
    blog.write("posts/sea.md", post("Sea", "Other words."))
    before = (blog.cache / "index").read_bytes()
    with (blog.cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert_as_afresh(blog)
    assert "is in use by another build" in blog.said[0]
    assert (blog.cache / "index").read_bytes() == before
    assert_as_afresh(blog)


def test_a_cache_that_cannot_be_is_gone_without(blog: Blog) -> None:
    """Where no folder can be made nothing is remembered, and the site is built."""
    blog.write("file", "in the way")
    blog.cache = blog.source / "file" / "cache"
    assert_as_afresh(blog)
    assert blog.said[0].startswith("Nothing is remembered of this build")


@pytest.mark.parametrize("step", ["_understood", "make", "plan"])
def test_an_interrupted_build_leaves_a_cache_that_is_true(
    blog: Blog, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever it had begun, the next one makes the site that is built afresh."""
    blog.build()
    blog.write("posts/sea.md", post("Sea", "Other words.", tags="[salt]"))
    blog.write("posts/boat.md", post("Ship"))
    whole = getattr(site_build.SiteBuild, step)

    def interrupted(*arguments: object) -> object:
        whole(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(site_build.SiteBuild, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        blog.build()
    monkeypatch.setattr(site_build.SiteBuild, step, whole)
    assert_as_afresh(blog)


def test_a_killed_build_leaves_no_part_of_a_file(blog: Blog) -> None:
    """What was being written then is removed by the next build."""
    blog.build()
    (blog.out / "2026" / ".presswork-part-77-1").write_text("hal")
    assert_as_afresh(blog)


def test_many_processes_make_the_same_site(tmp_path: Path) -> None:
    """The site and the answer are those of one process, in whichever order they finish."""
    blog = Blog(tmp_path)
    for number in range(MANY * 2):
        text = post(
            f"P {number}", f"[Next](p{number + 1}.md)", date=f"2020-01-{1 + number % 28:02}"
        )
        blog.write(f"posts/p{number}.md", text)
    fresh, site = blog.afresh()
    answer = blog.build(processes=3)
    assert files(blog.out) == site
    assert answer.posts == fresh.posts
    assert answer.written == fresh.written == len(site)


def test_a_process_that_dies_names_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A post that ends the process that reads it is told, and nothing is left running."""
    blog = Blog(tmp_path)
    for number in range(MANY):
        blog.write(f"posts/p{number:02}.md", post(f"P {number}"))
    whole = claims.read

    def deadly(key: str, *arguments: object, **named: object) -> object:
        if key == "posts/p33.md":
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(key, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(records, "read", deadly)
    with pytest.raises(Failure, match=r"p33\.md: .*\(SIGKILL\)"):
        blog.build(processes=2)
    assert not (blog.cache / "index").exists()


def test_what_a_process_raises_is_raised(tmp_path: Path) -> None:
    """A file that cannot be read ends the build with its name, whoever read it."""
    blog = Blog(tmp_path)
    for number in range(MANY):
        blog.write(f"posts/p{number:02}.md", post(f"P {number}"))
    gone = blog.source / "posts" / "p40.md"

    def watch(found: Iterable[File]) -> Iterable[File]:
        yield from found

    gone.unlink()
    gone.symlink_to("nowhere")
    with pytest.raises(Failure, match=r"p40\.md"):
        build(blog.options(processes=2), watch)


def test_bodies_that_nothing_needs_do_not_pile_up(tmp_path: Path) -> None:
    """When more is waste than not, what is needed is copied, and the rest is gone."""
    row = [[0, 0]]
    for number in range(6):
        with Cache(tmp_path, "context") as cache:
            row = [list(cache.bodies.put(bytes([number]) * 700_000))]
            cache.save(Remembered(sources={"a": row}), [(row, 0)])
        sizes = [path.stat().st_size for path in tmp_path.glob("bodies-*")]
        assert len(sizes) == 1
        assert sizes[0] < 3_500_000
    (kept,) = tmp_path.glob("bodies-*")
    size = kept.stat().st_size
    kept.write_bytes(kept.read_bytes() + b"what an interrupted build has put there")
    with Cache(tmp_path, "context") as cache:
        assert kept.stat().st_size == size
        at, length = cache.before.sources["a"][0]
        assert cache.bodies.get((at, length)) == b"\5" * 700_000
        with pytest.raises(DamagedError):
            cache.bodies.get((at + 1, length))


def test_a_cache_lies_with_those_of_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never in the content folder, which may come from strangers; each OUT has its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    one, other = (
        default_folder(tmp_path / "blog", tmp_path / "out"),
        default_folder(tmp_path / "blog", tmp_path / "public"),
    )
    assert one != other
    assert one.is_relative_to(tmp_path / "caches" / "presswork")
