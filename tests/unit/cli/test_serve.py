"""`presswork serve`: the site of a folder over HTTP, while it is written."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from presswork import content
from presswork.content import Parsed
from presswork_cli.local.layout import REPOSITORY
from presswork_cli.new import site as new_sites
from presswork_cli.offline import crew
from presswork_cli.offline.build import BuildOptions, build
from presswork_cli.offline.folder import File
from presswork_cli.serve import running, server
from presswork_cli.serve.server import SiteServer
from presswork_cli.serve.watching import FolderWatch
from unit.cli.test_app import run
from unit.cli.test_check import post
from unit.cli.test_preview import picture

DAY = "/2021/05"
_PROBLEM = re.compile(r'<p class="place">(.*?)</p><p>(.*?)</p>(?:<p class="fix">(.*?)</p>)?')


class Reader:
    """A browser of the site that is served."""

    def __init__(self, serving: running.Serving, server: SiteServer) -> None:
        self.serving = serving
        self.server = server

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """The status, the headers and the body of an answer."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.server_port)) as line:
            line.request(method, path, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()

    def page(self, path: str, status: int = 200) -> str:
        """A page of the status that is expected."""
        found, headers, body = self.get(path)
        assert (found, headers["content-type"]) == (status, "text/html; charset=utf-8")
        return body.decode()

    def problems(self, path: str, status: int = 200) -> list[str]:
        """The places that a page tells of as wrong."""
        return [place for place, *_ in _PROBLEM.findall(self.page(path, status))]

    def revision(self) -> str:
        """The revision that a browser is told first."""
        return next(self.events())

    def events(self) -> Iterator[str]:
        """The revisions that a browser is told, as they come; nothing for a minute is an error."""
        place = "127.0.0.1", self.server.server_port
        with closing(http.client.HTTPConnection(*place, timeout=60)) as line:
            line.request("GET", "/-/serve/events")
            answer = line.getresponse()
            assert answer.headers["content-type"] == "text/event-stream"
            while event := answer.readline():
                if event.startswith(b"data: "):
                    yield event.removeprefix(b"data: ").decode().strip()


@contextmanager
def served(folder: Path, *, drafts: bool = False, future: bool = False) -> Iterator[Reader]:
    """A folder that is served at a free port."""
    with running.own_folder(folder) as own:
        live = running.live_site(folder, own, drafts=drafts, future=future)
        server = running.listen(live, "127.0.0.1", 0)
        serving = running.Serving(live, server)
        serving.begin()
        try:
            yield Reader(serving, server)
        finally:
            serving.end()


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A content folder of two posts, a page, a picture, a drawing and a file."""
    folder = tmp_path / "blog"
    post(folder / "posts/a.md", aliases="[/old/a.html, /?p=12]", tags="[sea]")
    post(folder / "posts/b.md", body="See [the first](a.md).\n\n![a boat](boat.jpg)")
    post(folder / "pages/about.md")
    picture(folder / "posts/boat.jpg")
    (folder / "static/files").mkdir(parents=True)
    (folder / "static/files/a.mp3").write_bytes(bytes(range(100)))
    (folder / "site.yaml").write_text(
        "title: Harbour\nbase_url: https://harbour.example\nredirects: {/gone/: /about/}\n"
    )
    return folder


@pytest.fixture
def reader(blog: Path) -> Iterator[Reader]:
    """A browser of the folder."""
    with served(blog) as found:
        yield found


def write(path: Path, old: str, new: str) -> None:
    """Saves a file with other words in it."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_pages_are_those_of_the_site(reader: Reader, blog: Path, tmp_path: Path) -> None:
    """What `build` makes, byte for byte, but for problems and the script that loads it again."""
    out = tmp_path / "out"
    build(BuildOptions(blog, out, datetime.now(UTC)))
    for path, key in (("/", "index.html"), (f"{DAY}/b/", f"{DAY[1:]}/b/index.html")):
        bare = re.sub(r"<presswork-serve>.*?</script>", "", reader.page(path), flags=re.DOTALL)
        made = (out / key).read_text().replace('href="https://harbour.example/', 'href="/')
        assert bare == made
    for path in ("/feed.xml", f"{DAY}/a/index.json", "/robots.txt"):
        assert reader.get(path)[2] == (out / path[1:]).read_bytes()
    assert "presswork-serve" not in (out / "index.html").read_text()
    assert "presswork-serve" not in "".join(
        path.read_text() for path in reader.serving.live.out.rglob("*.html")
    )


def test_an_address_of_the_site_leads_to_this_server(blog: Path) -> None:
    """A link that the author wrote in full is followed here as well."""
    write(blog / "posts/a.md", "The sea", "[Us](https://harbour.example/about/). The sea")
    with served(blog) as reader:
        assert re.search(r'<a href="/about/"[^>]*>Us</a>', reader.page(f"{DAY}/a/"))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/files/a.mp3", "audio/mpeg"),
        ("/feed.xml", "application/xml; charset=utf-8"),
        ("/rss.xml", "application/rss+xml; charset=utf-8"),
        (f"{DAY}/a/index.json", "application/json; charset=utf-8"),
        ("/-/serve/reload.js", "text/javascript; charset=utf-8"),
        ("/-/serve/serve.css", "text/css; charset=utf-8"),
    ],
)
def test_files_have_their_kinds(reader: Reader, path: str, kind: str) -> None:
    """And nobody keeps what may change with the next save."""
    status, headers, _ = reader.get(path)
    assert (status, headers["content-type"]) == (200, kind)
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_pictures_come_along(reader: Reader) -> None:
    """Under the policy of what came from the world, which lets it do nothing."""
    [address, *_] = re.findall(r'src="(/-/media/[^"]+)"', reader.page(f"{DAY}/b/"))
    status, headers, _ = reader.get(address)
    assert (status, headers["content-type"].partition("/")[0]) == (200, "image")
    assert headers["content-security-policy"].endswith("sandbox")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        (f"{DAY}/a?x=1", f"{DAY}/a/?x=1"),
        ("/old/a.html?x=1", f"{DAY}/a/?x=1"),
        ("/?p=12&x=1", f"{DAY}/a/?x=1"),
        ("/gone/", "/about/"),
        ("//evil.example/a", "/evil.example/a/"),
    ],
)
def test_redirects_are_answered_with_301(reader: Reader, path: str, target: str) -> None:
    """As at the edge: the folder without its slash, aliases, redirects; each keeps its query."""
    status, headers, _ = reader.get(path)
    assert (status, headers["location"]) == (301, target)


def test_an_absent_page_is_the_error_page(reader: Reader) -> None:
    """With status 404."""
    assert "<title>Page not found" in reader.page("/nowhere/", 404)


def test_head_has_no_body(reader: Reader) -> None:
    """But the length of one; what follows on the connection is the next answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", reader.server.server_port)) as line:
        line.request("HEAD", "/")
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
        line.request("GET", "/")
        assert int(answer.headers["content-length"]) == len(line.getresponse().read())


@pytest.mark.parametrize(
    ("asked", "status", "found"),
    [
        ("bytes=0-9", 206, bytes(range(10))),
        ("bytes=90-", 206, bytes(range(90, 100))),
        ("bytes=-3", 206, bytes(range(97, 100))),
        ("bytes=50-500", 206, bytes(range(50, 100))),
        ("bytes=100-", 416, b""),
        ("bytes=a-b", 200, bytes(range(100))),
        ("bytes=-", 200, bytes(range(100))),
    ],
)
def test_players_may_ask_for_a_part(reader: Reader, asked: str, status: int, found: bytes) -> None:
    """Some play nothing else."""
    answer, headers, body = reader.get("/files/a.mp3", Range=asked)
    assert (answer, body) == (status, found)
    assert (status == 200) is (headers["content-range"] is None)


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/files/../../secret.txt",
        "/files/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/./secret.txt",
        "/%00.txt",
        "/link.txt",
        "/-/serve/../secret.txt",
        "/" + "a" * 5000 + ".txt",
        "/%ff%fe.txt",
    ],
)
def test_nothing_outside_is_served(reader: Reader, path: str) -> None:
    """However it is spelled, nor by a link that lies in the folder."""
    out = reader.serving.live.out
    (out.parent / "secret.txt").write_text("secret")
    (out / "link.txt").symlink_to(out.parent / "secret.txt")
    status, _, body = reader.get(path)
    assert (status, b"secret" in body) == (404, False)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("blog.localhost", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("192.168.1.5:8000", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:8000", 421),
        ("[::1", 421),
        ("", 421),
    ],
)
def test_a_strangers_name_gets_nothing(reader: Reader, host: str, status: int) -> None:
    """A name that leads to this machine by a trick of the stranger's name server."""
    for path in ("/", "/-/serve/events" if status != 200 else "/feed.xml"):
        assert reader.get(path, Host=host)[0] == status


def test_only_this_machine_can_ask() -> None:
    """Unless one says otherwise."""
    code = (
        "import inspect, presswork_cli.serve.commands as c; print(inspect.signature(c.serve_site))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "= '127.0.0.1'" in answer.stdout


def test_a_save_is_told_to_the_browser(
    reader: Reader, blog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: the page that was asked for is an older revision, and is then loaded again."""
    monkeypatch.setattr(server, "_HEARTBEAT", 3600)
    Thread(target=reader.serving.follow, daemon=True).start()
    events = reader.events()
    first = next(events)
    page = reader.page(f"{DAY}/a/")
    assert f'<script src="/-/serve/reload.js" data-revision="{first}">' in page
    write(blog / "posts/a.md", "The sea was calm", "The sea was rough")
    second = next(events)
    assert second != first
    page = reader.page(f"{DAY}/a/")
    assert "The sea was rough" in page
    assert f'data-revision="{second}"' in page


def test_what_changes_nothing_is_told_to_nobody(reader: Reader, blog: Path) -> None:
    """A file that is saved as it was, or that no page shows."""
    before = reader.revision()
    (blog / "posts/a.md").write_text((blog / "posts/a.md").read_text())
    (blog / ".swap").write_text("x")
    reader.serving.build_again()
    assert reader.revision() == before


def test_a_broken_post_stays_as_it_was(
    reader: Reader, blog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong stands on its page, at home, and where there is no page, and nowhere else."""
    capsys.readouterr()
    write(blog / "posts/a.md", "The sea was calm", "The sea was rough")
    write(blog / "posts/a.md", "2021-05-04", "2021-02-30")
    reader.serving.build_again()
    place = f"{blog}/posts/a.md:3:1"
    for path, status in ((f"{DAY}/a/", 200), ("/", 200), ("/nowhere/", 404)):
        assert reader.problems(path, status) == [place]
    assert reader.problems(f"{DAY}/b/") == []
    page = reader.page(f"{DAY}/a/")
    assert "The sea was calm" in page
    assert "Until that is mended the page stays as it was before." in page
    [(_, message, fix)] = _PROBLEM.findall(page)
    assert "There is no such date" in message
    assert fix
    out = capsys.readouterr().out
    assert out.startswith(f"{place}: ")
    assert f"  fix: {fix}" in out

    write(blog / "posts/a.md", "2021-02-30", "2021-05-04")
    reader.serving.build_again()
    assert reader.problems(f"{DAY}/a/") == reader.problems("/") == []
    assert "The sea was rough" in reader.page(f"{DAY}/a/")
    assert "nothing is wrong any more" in capsys.readouterr().err


def test_a_post_is_good_as_it_was_saved_last(reader: Reader, blog: Path) -> None:
    """Not as it was when serving began; an empty file over it changes nothing either."""
    write(blog / "posts/a.md", "The sea was calm", "The sea was rough")
    reader.serving.build_again()
    (blog / "posts/a.md").write_text("---\ntitle: [\n---\n")
    reader.serving.build_again()
    assert "The sea was rough" in reader.page(f"{DAY}/a/")
    (blog / "posts/a.md").write_text("")
    reader.serving.build_again()
    assert "The sea was rough" in reader.page(f"{DAY}/a/")
    assert reader.problems("/") == []


def test_a_post_that_never_was_good_is_told_at_home(blog: Path) -> None:
    """And where its author looks for it in vain; until it is."""
    post(blog / "posts/c.md", draft="perhaps")
    with served(blog) as reader:
        assert reader.problems("/") == reader.problems(f"{DAY}/c/", 404)
        assert reader.problems("/") == [f"{blog}/posts/c.md:4:1"]
        write(blog / "posts/c.md", "perhaps", "false")
        reader.serving.build_again()
        assert reader.problems("/") == []
        assert "The sea" in reader.page(f"{DAY}/c/")


def test_a_warning_stands_on_its_page(reader: Reader, blog: Path) -> None:
    """And at home, where it takes less room."""
    write(blog / "posts/b.md", "a.md", "nothing.md")
    reader.serving.build_again()
    assert '<li class="warning"><p class="place">' in reader.page(f"{DAY}/b/")
    is_open = '<details class="panel wrong" open>'
    assert [is_open in reader.page(path) for path in (f"{DAY}/b/", "/")] == [True, False]
    assert reader.problems(f"{DAY}/b/") == reader.problems("/") == [f"{blog}/posts/b.md:6"]


def test_words_that_get_lost_are_told(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `check` measures them."""
    real, words = content.parse, b"These are words that stand on no page at all, whoever looks."

    def forgetful(data: bytes, *args: Any, **more: Any) -> Parsed:
        return real(data.replace(words, b""), *args, **more)

    post(blog / "posts/c.md", body=f"Seen.\n\n{words.decode()}")
    monkeypatch.setattr("presswork.content.parse", forgetful)
    with served(blog) as reader:
        assert "words 12 are not on the page" in reader.page(f"{DAY}/c/")


def test_of_many_problems_some_are_told(blog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors before warnings; the others are counted, in the terminal and at home."""
    for number in range(30):
        post(blog / f"posts/in-vain-{number}.md", body="See [it](nothing.md).")
    post(blog / "posts/z.md", draft="perhaps")
    with served(blog) as reader:
        assert len(reader.problems("/")) == 20
        assert reader.problems("/")[0] == f"{blog}/posts/z.md:4:1"
        assert "and 11 more:" in reader.page("/")
        assert "31 problems" in reader.page("/")
    out = capsys.readouterr().out
    assert out.count("  fix: ") == 20
    assert "and 11 more: `presswork check .` lists them" in out


def test_broken_settings_leave_the_last_good_in_force(reader: Reader, blog: Path) -> None:
    """Each page says so; posts are built meanwhile, with those."""
    write(blog / "site.yaml", "title: Harbour", "titel: Port")
    write(blog / "posts/a.md", "The sea was calm", "The sea was rough")
    reader.serving.build_again()
    for path in ("/", f"{DAY}/a/", f"{DAY}/b/"):
        assert reader.problems(path) == [f"{blog}/site.yaml:1:1"]
        assert "Harbour" in reader.page(path)
    assert "The sea was rough" in reader.page(f"{DAY}/a/")
    write(blog / "site.yaml", "titel: Port", "title: Port")
    reader.serving.build_again()
    assert reader.problems("/") == []
    assert '<a class="name" href="/" aria-current="page">Port</a>' in reader.page("/")


def test_a_broken_theme_leaves_the_last_good_in_force(reader: Reader, blog: Path) -> None:
    """The template is named with its line."""
    (blog / "theme").mkdir()
    (blog / "theme/style.css").write_text("p { color: teal }")
    reader.serving.build_again()
    style = re.findall(r'href="(/-/assets/[^"]+\.css)"', reader.page("/"))[-1]
    assert reader.get(style)[2].startswith(b"p { color: teal }")
    (blog / "theme/home.html").write_text("{% extends 'base.html' %}\n{% block main %}")
    reader.serving.build_again()
    assert [place.partition(":")[0] for place in reader.problems(f"{DAY}/b/")] == [
        f"{blog}/theme/home.html"
    ]
    assert style in reader.page("/")
    (blog / "theme/home.html").unlink()
    reader.serving.build_again()
    assert reader.problems("/") == []


def test_settings_that_are_broken_from_the_start_are_the_defaults(blog: Path) -> None:
    """So there is a site to look at."""
    (blog / "site.yaml").write_text("titel: Port\n")
    with served(blog) as reader:
        assert reader.problems(f"{DAY}/a/") == [f"{blog}/site.yaml:1:1"]


def test_what_ends_a_build_leaves_what_was_built(reader: Reader, blog: Path) -> None:
    """Two files of one key, say: the pages stay, and say why nothing new comes."""
    write(blog / "posts/b.md", "a.md", "nothing.md")
    reader.serving.build_again()
    post(blog / "drafts/posts/a.md")
    reader.serving.build_again()
    page = reader.page(f"{DAY}/b/")
    assert "both belong under the key posts/a.md" in page
    assert reader.problems(f"{DAY}/b/") == [str(blog), f"{blog}/posts/b.md:6"]
    shutil.rmtree(blog / "drafts")
    (blog / "posts/b.md").unlink()
    reader.serving.build_again()
    assert reader.problems("/") == reader.problems(f"{DAY}/b/", 410) == []


def test_a_file_may_go_while_it_is_built(reader: Reader, blog: Path) -> None:
    """That build ends, and the next one is right."""

    def vanishing(files: Iterable[File]) -> Iterator[File]:
        for file in files:
            file.path.unlink()
            yield file

    live = reader.serving.live
    post(blog / "posts/c.md")
    told = live.update(FolderWatch(blog).look(), vanishing)
    assert "posts/c.md: No such file or directory" in told.everywhere[0].message
    assert live.update(FolderWatch(blog).look()).problems == ()


def test_what_is_removed_is_gone_and_what_moves_leads_on(reader: Reader, blog: Path) -> None:
    """As in the cloud, for as long as it is served."""
    (blog / "posts/b.md").unlink()
    write(blog / "posts/a.md", "2021-05-04", "2022-06-07")
    reader.serving.build_again()
    assert reader.get(f"{DAY}/a/?x=1")[1]["location"] == "/2022/06/a/?x=1"
    assert "presswork-serve" in reader.page(f"{DAY}/b/", 410)
    post(blog / "posts/b.md")
    write(blog / "posts/a.md", "2022-06-07", "2021-05-04")
    reader.serving.build_again()
    assert reader.get(f"{DAY}/a/")[0] == reader.get(f"{DAY}/b/")[0] == 200
    assert reader.get("/2022/06/a/")[1]["location"] == f"{DAY}/a/"


def test_drafts_and_the_future_are_shown_on_request(blog: Path) -> None:
    """With the words that readers do not see them; without the request they are counted at home."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    post(blog / "posts/c.md", draft="true", tags="[sea]")
    post(blog / "posts/d.md", publish_at=f"{tomorrow:%Y-%m-%d}")
    with served(blog) as reader:
        assert reader.get(f"{DAY}/c/")[0] == reader.get(f"{DAY}/d/")[0] == 404
        assert "1 draft not shown: `presswork serve --drafts`" in reader.page("/")
        assert "1 scheduled not shown: `presswork serve --future`" in reader.page("/")
    with served(blog, drafts=True) as reader:
        assert "Draft: readers do not see this page" in reader.page(f"{DAY}/c/")
        assert f'href="{DAY}/c/"' in reader.page("/tags/sea/")
        assert reader.get(f"{DAY}/d/")[0] == 404
        assert "--drafts" not in reader.page("/")
    with served(blog, future=True) as reader:
        assert "Scheduled: readers do not see this page" in reader.page(f"{DAY}/d/")
        assert reader.get(f"{DAY}/c/")[0] == 404


def test_an_empty_folder_answers_with_a_welcome(tmp_path: Path) -> None:
    """It says how to begin, and turns into the site with the first post."""
    folder = tmp_path / "blog"
    folder.mkdir()
    with served(folder) as reader:
        page = reader.page("/")
        assert "Nothing is here yet" in page
        assert f"presswork new site {folder}" in page
        before = reader.revision()
        new_sites.make(folder, "My blog", "UTC", datetime.now(UTC))
        reader.serving.build_again()
        assert reader.revision() != before
        assert "This is your first post" in reader.page("/")


def test_a_folder_that_cannot_be_built_says_why(tmp_path: Path) -> None:
    """From the very start there is a page that tells it."""
    post(tmp_path / "blog/posts/a.md")
    post(tmp_path / "blog/more/posts/a.md")
    with served(tmp_path / "blog") as reader:
        assert "both belong under the key" in reader.page("/")
        assert reader.get(f"{DAY}/a/")[0] == 404
        shutil.rmtree(tmp_path / "blog/more")
        reader.serving.build_again()
        assert "The sea" in reader.page(f"{DAY}/a/")


def test_nothing_is_written_into_the_folder(blog: Path) -> None:
    """It may come from strangers, with a link in any place."""
    before = sorted(blog.rglob("*"))
    with served(blog):
        pass
    assert sorted(blog.rglob("*")) == before


def test_no_process_is_forked_beside_threads(
    reader: Reader, blog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fork has the locks of all threads, and none of the threads that would let them go."""

    def fork(*_: object) -> None:
        raise AssertionError("a process is forked")

    monkeypatch.setattr(crew, "Crew", fork)
    for number in range(2 * crew.CHUNK):
        post(blog / f"posts/one-of-many-{number}.md")
    reader.serving.build_again()
    assert reader.get(f"{DAY}/one-of-many-31/")[0] == 200


def test_two_may_serve_one_folder(reader: Reader, blog: Path) -> None:
    """Each with files of its own."""
    with served(blog) as other:
        assert other.serving.live.out != reader.serving.live.out
        assert other.get(f"{DAY}/a/")[0] == 200
    assert reader.get(f"{DAY}/a/")[0] == 200


def test_hostile_words_stay_words(reader: Reader, blog: Path) -> None:
    """What is told of a post on a page is text."""
    path = blog / "posts/<img src=x onerror=alert(1)>.md"
    post(path, lang="<script>alert(1)</script>")
    reader.serving.build_again()
    page = reader.page("/")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert reader.problems("/")


@contextmanager
def command(*arguments: str | Path, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """The real command, until it has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "presswork_cli", "serve", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()


def test_ctrl_c_is_a_quiet_end(blog: Path) -> None:
    """It says where the site is, and ends well, without a trace of what it did."""
    with command(blog, "--port", "0") as process:
        assert process.stdout
        assert process.stdout.readline() == "Posts     3 live\n"
        assert re.fullmatch(r"Site      http://127\.0\.0\.1:\d+/\n", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (0, "")
        assert err in {"", "A change is shown when it is saved. Ctrl-C ends this.\n"}


def test_a_port_in_use_is_told(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """With the way out; where no port was asked for the next free one is taken."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        code, _, err = run(capsys, "serve", str(blog), "--port", str(port))
        assert code == 2
        manual = (REPOSITORY / "docs" / "mistakes.md").read_text(encoding="utf-8")
        assert " ".join(err.split()).replace(str(port), "8000") in manual
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(running, "PORT", port)
            with running.own_folder(blog) as own:
                live = running.live_site(blog, own, drafts=False, future=False)
                with running.listen(live, "127.0.0.1", None) as server:
                    assert port < server.server_port < port + 20


@pytest.mark.parametrize(
    ("name", "cure"), [("nowhere", "presswork new site"), ("blog/posts/a.md", "presswork preview")]
)
def test_what_is_no_folder_is_refused(
    capsys: pytest.CaptureFixture[str], blog: Path, name: str, cure: str
) -> None:
    """With what to do instead."""
    code, _, err = run(capsys, "serve", str(blog.parent / name))
    assert (code, cure in " ".join(err.split())) == (2, True)


def test_the_answer_of_build_says_drafts_as_ever(
    capsys: pytest.CaptureFixture[str], blog: Path, tmp_path: Path
) -> None:
    """What is shown here on request is not by `build`."""
    post(blog / "posts/c.md", draft="true")
    _, out, _ = run(capsys, "build", str(blog), "--out", str(tmp_path / "out"), "--json")
    found = {each["key"]: (each["status"], each["url"]) for each in json.loads(out)["posts"]}
    assert found["posts/c.md"] == ("draft", None)
