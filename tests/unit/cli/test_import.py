"""`presswork import`: what the configuration of each tool says, and what does not come along.

That the addresses are those that the tools themselves gave is held by test_generators.py.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from presswork_cli.printing import show_import
from presswork_cli.printing.moved_answer import MovedAddress, MovedAnswer
from unit.cli.test_app import run

Import = Callable[..., dict[str, Any]]

POST = "---\ntitle: Tide\ndate: 2024-01-02 10:00:00\ntags: [Sea Salt]\n---\n\nWords.\n"
PAGE = "---\ntitle: About\n---\n\nWords.\n"


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """The folder of a blog."""
    return tmp_path / "blog"


@pytest.fixture
def moved(blog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Import:
    """Writes the files of a blog, and gives the receipt of its import."""

    def write(tool: str, files: dict[str, str], *options: str, code: int = 0) -> dict[str, Any]:
        for name, text in files.items():
            path = blog / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        words = ["import", tool, str(blog), "--out", str(tmp_path / "new"), "--json", *options]
        ended, told, error = run(capsys, *words)
        assert ended == code, (told, error)
        return dict(json.loads(told)) if told else {"error": error}

    return write


def settings(tmp_path: Path) -> dict[str, Any]:
    """The `site.yaml` that was written."""
    return dict(yaml.safe_load((tmp_path / "new" / "site.yaml").read_text(encoding="utf-8")))


def files_of(folder: Path) -> list[Path]:
    """The files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def answers(receipt: dict[str, Any]) -> dict[str, int]:
    """What each address of the blog is answered."""
    return {each["path"]: each["answered"] for each in receipt["addresses"]}


def named(receipt: dict[str, Any]) -> dict[str, str]:
    """What is said of each file that did not come along."""
    return {each["file"]: each["message"] for each in receipt["notes"]}


def test_a_post_keeps_its_bytes_where_it_keeps_its_address(moved: Import, tmp_path: Path) -> None:
    """A copy has the time of its file: what dates a post that names no date."""
    receipt = moved("hexo", {"_config.yml": "timezone: UTC\n", "source/_posts/tide.md": POST})
    copy, source = tmp_path / "new/posts/tide.md", tmp_path / "blog/source/_posts/tide.md"
    assert copy.read_text() == POST
    assert copy.stat().st_mtime_ns == source.stat().st_mtime_ns
    assert answers(receipt)["/2024/01/02/tide/"] == 200


def test_another_address_is_a_line_of_the_post(moved: Import, tmp_path: Path) -> None:
    """`:hash` is no word of a permalink here, so each post is told where it stands."""
    config = "timezone: UTC\npermalink: p/:hash.html\n"
    receipt = moved("hexo", {"_config.yml": config, "source/_posts/tide.md": POST})
    text = (tmp_path / "new/posts/tide.md").read_text()
    line = text.splitlines()[1]
    assert text.replace(f"{line}\n", "") == POST
    assert line == 'permalink: "/p/a43ae0031530.html"'
    assert answers(receipt)["/p/a43ae0031530.html"] == 200
    assert receipt["posts"][0] == {
        "key": "posts/tide.md",
        "warnings": [],
        "error": None,
        "got_line": True,
    }


def test_a_blog_in_a_folder_of_its_host(moved: Import, tmp_path: Path) -> None:
    """All of it stands below that folder, and its home leads home."""
    config = "url: https://ferry.example/blog\nroot: /blog/\ntimezone: UTC\n"
    files = {
        "_config.yml": config,
        "source/_posts/tide.md": POST,
        "source/about/index.md": PAGE,
        "source/files/a.pdf": "x",
    }
    found = answers(moved("hexo", files))
    assert settings(tmp_path)["base_url"] == "https://ferry.example"
    wanted = ["/blog/2024/01/02/tide/", "/blog/about/", "/blog/files/a.pdf"]
    assert [found[path] for path in wanted] == [200, 200, 200]
    assert (found["/blog/"], found["/blog/tags/Sea-Salt/"]) == (301, 301)


def test_a_file_beside_a_post_is_where_it_was(moved: Import, tmp_path: Path) -> None:
    """Others link to it: the post shows it from beside, readers find it where they did."""
    files = {
        "_config.yml": "timezone: UTC\npost_asset_folder: true\n",
        "source/_posts/tide.md": POST,
        "source/_posts/tide/table.csv": "1,2",
    }
    receipt = moved("hexo", files)
    assert answers(receipt)["/2024/01/02/tide/table.csv"] == 200
    assert (tmp_path / "new/posts/tide/table.csv").read_text() == "1,2"


def test_a_line_that_changes_a_post_is_not_taken(
    moved: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes stay then, and `redirects` lead on."""

    def changing(data: bytes, path: str) -> bytes:
        return data.replace(b"Words", b"Others").replace(
            b"---", f"---\npermalink: {path}".encode(), 1
        )

    monkeypatch.setattr("presswork_cli.moving.own_line.with_permalink", changing)
    monkeypatch.setattr("presswork_cli.moving.own_line.with_aliases", lambda *_: None)
    config = "timezone: UTC\npermalink: p/:hash.html\n"
    receipt = moved("hexo", {"_config.yml": config, "source/_posts/tide.md": POST})
    assert (tmp_path / "new/posts/tide.md").read_text() == POST
    assert answers(receipt)["/p/a43ae0031530.html"] == 301


def test_a_post_without_a_date_has_that_of_its_file(moved: Import, blog: Path) -> None:
    """So its address is the same whenever it is sent; its tool takes that of the file, too."""
    file = blog / "source/_posts/tide.md"
    file.parent.mkdir(parents=True)
    file.write_text(PAGE)
    os.utime(file, (1_700_000_000, 1_700_000_000))
    receipt = moved("hexo", {"_config.yml": "timezone: Asia/Shanghai\n"})
    assert answers(receipt)["/2023/11/15/tide/"] == 200
    text = (blog.parent / "new/posts/tide.md").read_text()
    assert text == PAGE.replace("---\n", '---\ndate: "2023-11-15 06:13:20+08:00"\n', 1)


@pytest.mark.parametrize(
    ("tool", "files"),
    [
        ("hexo", {"_config.yml": "timezone: UTC\nauthor: 'Ada: Q'\n", "source/_posts/": POST}),
        ("pelican", {"pelicanconf.py": "AUTHOR = 'Ada: Q'\n", "": POST}),
    ],
    ids=["hexo", "pelican"],
)
def test_the_author_of_all_posts_is_in_those_that_name_none(
    moved: Import, tmp_path: Path, tool: str, files: dict[str, str]
) -> None:
    """One line says it, and nothing else changes; another author stays, and the receipt counts."""
    *folders, folder = files
    own = POST.replace("title:", "byline: Ben\ntitle:")
    posts = {f"{folder}tide.md": POST, f"{folder}own.md": own, f"{folder}bad.md": "---\na: [\n"}
    receipt = moved(tool, {each: files[each] for each in folders} | posts, code=1)
    new = tmp_path / "new/posts"
    line = 'author: "Ada: Q"\n'
    assert (new / "tide.md").read_text() == POST.replace("---\n", f"---\n{line}", 1)
    assert (new / "own.md").read_text() == own
    assert "author" not in (new / "bad.md").read_text()
    (told,) = [each["message"] for each in receipt["notes"] if each["rule"] == "moving.author"]
    assert told == "Ada: Q is named as the author of all posts: 1 got the line `author`."


@pytest.mark.parametrize("author", ["Ada: Q", "Ada #2"])
def test_an_author_who_would_break_a_post_is_not_in_it(
    moved: Import, tmp_path: Path, author: str
) -> None:
    """Front matter without its first fence has no such name as it is, so its bytes stay."""
    bare = POST.removeprefix("---\n")
    moved("hexo", {"_config.yml": f"author: '{author}'\n", "source/_posts/a.md": bare})
    assert (tmp_path / "new/posts/a.md").read_text() == bare


def test_more_lists_than_redirects_have_room(moved: Import, tmp_path: Path) -> None:
    """Posts come first; of lists that did not fit each is named as lost, with the reason."""
    tags = ", ".join(f"T{number}" for number in range(20))
    files = {"_config.yml": "timezone: UTC\n"}
    for post in range(11):
        named = tags.replace("T", f"T{post}-")
        files[f"source/_posts/p{post}.md"] = POST.replace("Sea Salt", named)
    receipt = moved("hexo", files)
    assert len(settings(tmp_path)["redirects"]) == 200
    lost = [each for each in receipt["addresses"] if each["answered"] == 404]
    full = [each for each in lost if "200 lines" in each["why"]]
    assert receipt["summary"]["redirected"] == 200
    assert len(full) == 220 + len({"/archives/2024/", "/archives/2024/01/"}) - 200
    assert {each["kind"] for each in full} == {"list"}


def test_lists_come_before_their_feeds(moved: Import) -> None:
    """Where `redirects` has no room for both, readers come before programs."""
    files = {"hugo.toml": "title = 'A'\n"}
    for post in range(11):
        tags = ", ".join(f"a+{post}+{number}" for number in range(10))
        files[f"content/log/p{post}.md"] = POST.replace("Sea Salt", tags)
    receipt = moved("hugo", files)
    full = [each for each in receipt["addresses"] if "200 lines" in each["why"]]
    assert len(full) > 20
    assert {each["kind"] for each in full} == {"feed"}


def test_a_dry_run_writes_nothing(moved: Import, tmp_path: Path) -> None:
    """The receipt is the same."""
    files = {"_config.yml": "timezone: UTC\n", "source/_posts/tide.md": POST}
    planned = moved("hexo", files, "--dry-run")
    assert not (tmp_path / "new").exists()
    assert planned == moved("hexo", files) | {"dry_run": True}


def test_a_folder_that_holds_something_is_refused(moved: Import, tmp_path: Path) -> None:
    """Nothing is written over; hidden files, such as those of git, are no matter."""
    (tmp_path / "new" / ".git").mkdir(parents=True)
    (tmp_path / "new" / "mine.md").write_text("mine")
    told = moved("hexo", {"_config.yml": "title: A\n"}, code=2)["error"]
    assert "it holds mine.md" in told
    (tmp_path / "new" / "mine.md").unlink()
    moved("hexo", {"_config.yml": "title: A\n"})


def test_the_blog_itself_is_no_place_to_write(
    blog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its files are left as they are."""
    blog.mkdir()
    (blog / "_config.yml").write_text("title: A\n")
    code, _, error = run(capsys, "import", "hexo", str(blog), "--out", str(blog / "new"))
    assert (code, "name a folder elsewhere" in error) == (2, True)


@pytest.mark.parametrize(
    ("tool", "name"),
    [
        ("hexo", "_config.yml"),
        ("jekyll", "_config.yml"),
        ("hugo", "hugo.toml"),
        ("pelican", "pelicanconf.py"),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "a: &a [*a, *a]\nb: !!python/object/apply:os.system [ls]\n",
        "a = [" + "[" * 5000,
        "title: {\n",
        "\x00\xff",
        "x" * (1024**2 + 1),
    ],
    ids=["tags", "deep", "broken", "binary", "large"],
)
def test_a_configuration_that_cannot_be_read_ends_it(
    moved: Import, tool: str, name: str, text: str
) -> None:
    """With the file's name, exit code 2, and no traceback."""
    told = moved(tool, {name: text}, code=2)["error"]
    assert name in told.replace("\n", "")
    assert "Traceback" not in told


def test_no_configuration_is_no_blog(moved: Import) -> None:
    """What was looked for is named."""
    assert "_config.yml" in moved("jekyll", {"a.md": POST}, code=2)["error"]


@pytest.mark.parametrize(
    ("tool", "setting", "other"),
    [("jekyll", "new_post_name: a.md", "hexo"), ("hexo", "baseurl: /a", "jekyll")],
)
def test_the_blog_of_another_tool_is_told_whose_it_is(
    moved: Import, tool: str, setting: str, other: str
) -> None:
    """By a setting of that tool alone, where none of its own is beside it; nothing is written."""
    own = {"hexo": "filename_case: 0", "jekyll": "kramdown: {}"}[tool]
    told = moved(tool, {"_config.yml": f"{setting}\n"}, code=2)["error"].replace("\n", " ")
    assert f"looks like a blog of {other.capitalize()}" in told
    assert f"import {other} " in told
    moved(tool, {"_config.yml": f"{setting}\n{own}\n"})


def test_a_setting_that_cannot_be_had_is_named(moved: Import, tmp_path: Path) -> None:
    """Its default stands, and the rest comes along."""
    receipt = moved("hexo", {"_config.yml": "title: A\ntimezone: Mars/Olympus\n"})
    assert any("Mars/Olympus" in message for message in named(receipt).values())
    assert settings(tmp_path)["title"] == "A"


def test_what_is_left_as_text_is_told_by_line(moved: Import) -> None:
    """A mark that no table knows."""
    files = {"_config.yml": "timezone: UTC\n", "source/_posts/a.md": POST + "\n{% chart a %}\n"}
    (told,) = moved("hexo", files)["posts"]
    (warning,) = told["warnings"]
    assert (told["key"], warning["rule"], warning["line"]) == ("posts/a.md", "template-left", 9)


def test_a_link_out_of_the_blog_is_not_followed(moved: Import, blog: Path, tmp_path: Path) -> None:
    """Nor is one to a folder; each is named."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (blog / "source").mkdir(parents=True)
    (blog / "source" / "a.txt").symlink_to(secret)
    (blog / "source" / "all").symlink_to(tmp_path)
    receipt = moved("hexo", {"_config.yml": "title: A\n"})
    assert {"source/a.txt", "source/all"} <= named(receipt).keys()
    written = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert [path.name for path in written] == ["site.yaml"]


def test_jekyll_says_where_things_stand(moved: Import) -> None:
    """Collections, defaults, pages by the style of posts, and what is excluded."""
    config = """\
permalink: pretty
collections: {docs: {output: true}, parts: {output: false}}
defaults:
  - {scope: {path: _posts/old}, values: {permalink: '/old/:title.html'}}
exclude: [draft-notes, '*.bak']
plugins: [jekyll-archives, jekyll-feed]
jekyll-archives: {enabled: [tags], permalinks: {tag: '/t/:name/'}}
paginate: 1
"""
    files = {
        "_config.yml": config,
        "_posts/2024-01-02-tide.md": POST,
        "_posts/old/2024-01-03-ebb.md": POST.replace("01-02", "01-03"),
        "_docs/sub/one.md": PAGE,
        "_parts/a.md": PAGE,
        "about.md": PAGE,
        "moved.md": "---\nredirect_to: https://else.example/\n---\n",
        "draft-notes/a.md": PAGE,
        "a.bak": "x",
        "css/main.scss": "---\n---\nbody {}",
        "robots.txt": "User-agent: *\n",
    }
    receipt = moved("jekyll", files)
    found = answers(receipt)
    assert {path: found[path] for path in ("/2024/01/02/tide/", "/old/ebb.html")} == {
        "/2024/01/02/tide/": 200,
        "/old/ebb.html": 200,
    }
    assert (found["/docs/sub/one/"], found["/about/"], found["/robots.txt"]) == (200, 200, 200)
    assert (found["/moved/"], found["/t/sea-salt/"], found["/page2/"]) == (301, 301, 404)
    left = named(receipt)
    assert {"css/main.scss", "a.bak", "_parts/ (1 files)", "draft-notes/ (1 files)"} <= left.keys()


def test_hugo_reads_its_folder_of_settings(moved: Import, tmp_path: Path) -> None:
    """`config/_default` has a file for each part; a section has a permalink of its own."""
    files = {
        "config/_default/hugo.toml": "title = 'Sea'\nbaseURL = 'https://sea.example/'\n",
        "config/_default/permalinks.toml": "[page]\nlog = '/l/:year/:slug/'\n",
        "config/_default/taxonomies.toml": "tag = 'tags'\n",
        "content/log/tide.md": POST,
        "content/docs/one.md": PAGE,
        "content/docs/_index.md": "---\ntitle: Docs\n---\n",
        "content/old.rst": "Old\n===\n",
        "static/a.pdf": "x",
        "assets/boat.png": "x",
    }
    receipt = moved("hugo", files)
    found = answers(receipt)
    assert settings(tmp_path)["title"] == "Sea"
    assert [found[path] for path in ("/l/2024/tide/", "/docs/one/", "/a.pdf")] == [200, 200, 200]
    assert (found["/log/"], found["/docs/"], found["/tags/sea-salt/"]) == (301, 301, 200)
    assert "/categories/" not in found
    assert (tmp_path / "new/assets/boat.png").exists()
    assert "reStructuredText" in named(receipt)["content/old.rst"]


def test_hugo_knows_more_addresses_than_those_of_pages(moved: Import, tmp_path: Path) -> None:
    """Aliases of a mere list lead on, terms that no post has are named; text is a file."""
    files = {
        "hugo.toml": "title = 'Sea'\n",
        "content/log/_index.md": "---\naliases: [/news/]\ncategories: [Charts]\n---\n",
        "content/log/tide.md": POST.replace("[Sea Salt]", "[Ebb]"),
        "content/docs/one.md": PAGE.replace("About", "One\ntags: [ebb, Flow Chart]"),
        "content/raw.txt": "---\nNo page.\n",
        "content/crew/index.md": POST,
        "content/crew/crew.png": "x",
        "static/lib/index.html": "<!doctype html><p>x",
    }
    receipt = moved("hugo", files)
    found = answers(receipt)
    assert [found[path] for path in ("/raw.txt", "/crew/crew.png", "/lib/index.html")] == [200] * 3
    assert (found["/news/"], found["/tags/ebb/"]) == (301, 200)
    assert [found[f"/{path}/"] for path in ("tags/flow-chart", "categories/charts")] == [404, 404]
    why = {each["why"] for each in receipt["addresses"] if each["path"] == "/tags/flow-chart/"}
    assert why == {"only pages are in it, and lists here are of posts"}
    assert (tmp_path / "new/pages/crew/crew.png").exists()


def test_hugo_in_several_languages(moved: Import) -> None:
    """Each post keeps the address of its language; that lists are one is told."""
    files = {
        "hugo.toml": "defaultContentLanguage = 'en'\n[languages.en]\n[languages.pt]\n",
        "content/log/tide.md": POST,
        "content/log/tide.pt.md": POST,
    }
    receipt = moved("hugo", files)
    found = answers(receipt)
    assert (found["/log/tide/"], found["/pt/log/tide/"]) == (200, 200)
    assert "en, pt" in named(receipt)["hugo.toml"]


def test_pelican_is_told_by_its_command_line_where_the_posts_are(
    moved: Import, tmp_path: Path
) -> None:
    """Without `PATH` they are in `content/`; text, and what `READERS` has off, is no post.

    A file that a post leads to stands where it lies, too.
    """
    config = """\
READERS = {"html": None}
STATIC_PATHS = ["extra/robots.txt"]
EXTRA_PATH_METADATA = {"extra/robots.txt": {"path": "robots.txt"}}
TEMPLATE_PAGES = {"pages/chart.html": "chart.html"}
"""
    files = {
        "pelicanconf.py": config,
        "content/tide.md": "Title: Tide\nDate: 2024-01-02\n\n![]({static}/charts/a.png)\n",
        "content/charts/a.png": "x",
        "content/extra/robots.txt": "User-agent: *\n",
        "content/notes.txt": "Notes.\n",
        "content/ebb.html": "<p>Ebb.</p>\n",
        "content/pages/chart.html": "{% extends 'base.html' %}\n",
        "deploy/key.pem": "secret",
    }
    receipt = moved("pelican", files)
    found = answers(receipt)
    assert (found["/tide.html"], found["/robots.txt"], found["/chart.html"]) == (200, 200, 404)
    left = {"content/notes.txt", "content/ebb.html", "content/pages/chart.html"}
    assert left | {"deploy/ (1 files)"} == named(receipt).keys()
    written = {each.relative_to(tmp_path / "new").as_posix() for each in files_of(tmp_path / "new")}
    files_there = {"posts/charts/a.png", "static/charts/a.png", "static/robots.txt"}
    assert written == {"site.yaml", "posts/tide.md"} | files_there
    assert found["/charts/a.png"] == 200


def test_nothing_of_pelicans_settings_is_run(moved: Import, tmp_path: Path) -> None:
    """What is no plain value is named with its line, and Pelican's default stands."""
    config = f"""\
import os
SITESUBTITLE = open({str(tmp_path / "ran")!r}, "w").write("x")
SITENAME = os.environ.get("NAME", "Sea")
ARTICLE_URL = "a/{{date:%Y}}/{{slug}}/"
TIMEZONE: str = "Europe/Lisbon"
PAGE_PATHS = ["pages"]
PAGE_PATHS += ["more"]
"""
    files = {
        "pelicanconf.py": config,
        "publishconf.py": "from pelicanconf import *\nSITEURL = 'https://sea.example'\n",
        "content/pages/about.md": "Title: About\n\nWords.\n",
        "content/log/tide.md": "Title: Tide\nDate: 2024-01-02\n\n[a]({filename}/pages/about.md)\n",
        "content/a.rst": "A\n=\n",
    }
    os.environ.pop("NAME", None)
    receipt = moved("pelican", {f"{name}": text for name, text in _in_content(files).items()})
    assert not (tmp_path / "ran").exists()
    lines = {each["line"]: each["message"] for each in receipt["notes"] if each["line"]}
    assert {line: text.split()[0] for line, text in lines.items()} == {
        2: "SITESUBTITLE",
        3: "SITENAME",
        7: "PAGE_PATHS",
    }
    assert settings(tmp_path)["base_url"] == "https://sea.example"
    found = answers(receipt)
    assert (found["/a/2024/tide/"], found["/pages/about.html"]) == (200, 200)
    assert found["/category/log.html"] == 301
    text = (tmp_path / "new/posts/log/tide.md").read_text()
    assert "Category: log" in text
    assert "[a](@/pages/about.md)" in text


def _in_content(files: dict[str, str]) -> dict[str, str]:
    """The settings say where the content lies."""
    return files | {"pelicanconf.py": files["pelicanconf.py"] + 'PATH = "content"\n'}


def test_the_receipt_for_people(blog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts at the end; what to do next stands on the other stream."""
    (blog / "source/_posts").mkdir(parents=True)
    (blog / "_config.yml").write_text("timezone: UTC\n")
    (blog / "source/_posts/tide.md").write_text(POST)
    out = blog.parent / "new"
    code, told, error = run(capsys, "import", "hexo", str(blog), "--out", str(out))
    assert code == 0
    assert told.splitlines()[-1] == (
        f"1 posts, 0 pages, 0 files · addresses: 3 kept, 3 redirected, 0 lost · written to {out}"
    )
    assert "sync" in error


def test_each_address_that_leads_on_is_named(
    blog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--verbose`, and where to."""
    (blog / "source/_posts").mkdir(parents=True)
    (blog / "_config.yml").write_text("timezone: UTC\n")
    (blog / "source/_posts/tide.md").write_text(POST)
    words = ("import", "hexo", str(blog), "--out", str(blog.parent / "new"), "--dry-run")
    _, brief, _ = run(capsys, *words)
    _, told, _ = run(capsys, *words, "--verbose")
    assert "redirected  " not in brief
    assert "redirected  /archives/2024/ → /2024/" in told.splitlines()
    assert "redirected  /tags/Sea-Salt/ → /tags/sea-salt/" in told.splitlines()


def test_no_address_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Nor does where one leads, or why one is lost: what would is spelled out."""
    steering = "/a\x1b[31m\u202e/"
    addresses = [
        MovedAddress(path=steering, kind="page", answered=301, shown=steering),
        MovedAddress(path=steering, kind="page", answered=404, why=steering),
    ]
    counts = dict.fromkeys(("posts", "pages", "files", "kept", "redirected", "lost"), 1)
    answer = MovedAnswer(
        tool="hexo", source="a", out="b", dry_run=True, summary=counts, addresses=(*addresses,)
    )
    show_import.receipt(answer, verbose=True)
    told = capsys.readouterr().out
    spelled = "/a\\x1b[31m\\u202e/"
    assert f"redirected  {spelled} → {spelled}\n" in told
    assert f"lost      {spelled}: {spelled}\n" in told


def test_all_that_is_lost_is_named(blog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `--verbose`; without it a few, and how many more."""
    (blog / "source/_posts").mkdir(parents=True)
    (blog / "_config.yml").write_text("timezone: UTC\nper_page: 1\n")
    for number in range(24):
        (blog / f"source/_posts/{number}.md").write_text(POST)
    words = ("import", "hexo", str(blog), "--out", str(blog.parent / "new"), "--dry-run")
    _, brief, _ = run(capsys, *words)
    _, told, _ = run(capsys, *words, "--verbose")
    assert "--verbose has all" in brief
    assert "/archives/page/24/" not in brief
    assert "lost      /archives/page/24/: " in told
    assert "--verbose" not in told


def test_what_the_site_keeps_for_a_list_says_so(moved: Import) -> None:
    """A tag `cafe` may come, so its address leads nowhere; where `café` is now is told."""
    files = {
        "_config.yml": "timezone: UTC\n",
        "source/_posts/a.md": POST.replace("Sea Salt", "café"),
    }
    (why,) = [e["why"] for e in moved("hexo", files)["addresses"] if e["path"] == "/tags/cafe/"]
    assert why == (
        "the site keeps it for a tag or another list that is spelled so, so it cannot lead on; "
        "what stood there is at /tags/café/"
    )


@pytest.mark.parametrize(
    ("tool", "files", "path"),
    [
        ("hexo", ("_config.yml", "source/_posts/tide.mkdn"), "/2024/01/02/tide/"),
        ("jekyll", ("_config.yml", "_posts/2024-01-02-tide.mkdn"), "/2024/01/02/tide.html"),
        ("hugo", ("hugo.toml", "content/log/tide.mdown"), "/log/tide/"),
        ("pelican", ("pelicanconf.py", "content/tide.mkd"), "/tide.html"),
    ],
)
def test_markdown_by_another_suffix_is_a_post(
    tool: str, files: tuple[str, str], path: str, moved: Import, tmp_path: Path
) -> None:
    """The tools read it as such, and here it is `.md`."""
    receipt = moved(tool, dict(zip(files, ("", POST), strict=True)))
    assert answers(receipt)[path] == 200
    assert [each.suffix for each in files_of(tmp_path / "new" / "posts")] == [".md"]


def test_values_of_jekylls_settings_are_written_out(moved: Import, tmp_path: Path) -> None:
    """Where a text says so, in links and code too; what is raw, computed or unknown stays."""
    config = "repository: https://code.example/sea\nurl: https://sea.example\nowner: {name: Ada}\n"
    text = (
        "[7]({{ site.repository }}/7) `{{site.owner.name}}` {{ site.url }} {{ site.time }} "
        "{{ site.owner }}\n{% raw %}{{ site.repository }}{% endraw %}{{- site.repository -}}\n"
    )
    post = POST.replace("Words.\n", text).replace("Tide", "'{{ site.repository }}'")
    files = {"_config.yml": config, "_posts/2024-01-02-tide.md": post}
    assert "moving.value" in {each["rule"] for each in moved("jekyll", files)["notes"]}
    new = (tmp_path / "new/posts/2024-01-02-tide.md").read_text(encoding="utf-8")
    assert new.partition("---\n\n")[2] == (
        "[7](https://code.example/sea/7) `Ada` {{ site.url }} {{ site.time }} {{ site.owner }}\n"
        "{% raw %}{{ site.repository }}{% endraw %}https://code.example/sea\n"
    )
    assert "title: '{{ site.repository }}'" in new


@pytest.mark.parametrize(
    ("tool", "config", "line"),
    [
        ("hugo", "hugo.toml", "enableEmoji = true"),
        ("jekyll", "_config.yml", "plugins: [jemoji]"),
    ],
)
def test_a_blog_with_emoji_by_name_has_them_here(
    tool: str, config: str, line: str, moved: Import, tmp_path: Path
) -> None:
    """`:heart:` is one where the settings of the blog say so."""
    moved(tool, {config: f"{line}\n"})
    assert settings(tmp_path)["dialect"] == [tool, "emoji"]


def test_the_domain_of_github_pages_needs_nothing(moved: Import) -> None:
    """`CNAME` at the root alone is GitHub's; any other file without a suffix is told to get one."""
    files = {"_config.yml": "a: 1\n", "source/CNAME": "a.example", "source/files/CNAME": "x"}
    fixes = {each["file"]: each["fix"] for each in moved("hexo", files)["notes"]}
    assert "docs/deploy.md" in fixes["source/CNAME"]
    assert fixes["source/files/CNAME"] == "Give it a suffix."


def test_a_post_that_is_rejected_is_exit_1(moved: Import) -> None:
    """The rest is written; the receipt has file, line and cure."""
    files = {
        "_config.yml": "timezone: UTC\n",
        "source/_posts/a.md": POST.replace("01-02", "02-30"),
        "source/_posts/b.md": POST,
    }
    receipt = moved("hexo", files, code=1)
    (told,) = [each for each in receipt["posts"] if each["error"]]
    assert (told["key"], told["error"]["line"]) == ("posts/a.md", 3)
    assert receipt["summary"]["live"] == 1


@pytest.mark.parametrize(
    "setting",
    [
        ("hexo", "_config.yml", "source_dir: {}"),
        ("hugo", "hugo.toml", "contentDir = '{}'"),
        ("hugo", "hugo.toml", "staticDir = ['{}']"),
        ("hugo", "hugo.toml", "[[module.mounts]]\nsource = '{}'\ntarget = 'content'"),
        ("pelican", "pelicanconf.py", "PATH = '{}'"),
    ],
)
@pytest.mark.parametrize("folder", ["../secret", "a/../../secret", "linked"])
def test_no_setting_leads_out_of_the_blog(
    moved: Import, blog: Path, tmp_path: Path, setting: tuple[str, str, str], folder: str
) -> None:
    """What lies elsewhere on the machine is no part of the blog, and would be published."""
    tool, name, text = setting
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.md").write_text(POST)
    blog.mkdir()
    (blog / "linked").symlink_to(tmp_path / "secret")
    told = moved(tool, {name: text.format(folder)}, code=2)["error"]
    assert "lies outside of" in told
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("tool", "files"),
    [
        ("hexo", {"_config.yml": "root: /../../up/\n", "source/up.md": PAGE, "source/a.txt": "x"}),
        ("jekyll", {"_config.yml": "baseurl: /../../up\n", "up.md": PAGE, "a.txt": "x"}),
        (
            "hugo",
            {
                "hugo.toml": "baseURL = 'https://a.example/../../up/'\n[languages.'../../up']\n",
                "content/up.md": PAGE,
                "static/a.txt": "x",
            },
        ),
        (
            "pelican",
            {
                "pelicanconf.py": "PATH = 'content'\nSTATIC_PATHS = ['a.txt']\n"
                "EXTRA_PATH_METADATA = {'a.txt': {'path': '../../up.txt'}}\n",
                "content/a.txt": "x",
            },
        ),
    ],
)
def test_no_setting_leads_out_of_the_new_folder(
    moved: Import, tmp_path: Path, tool: str, files: dict[str, str]
) -> None:
    """What would be written elsewhere is written nowhere, and named."""
    before = {path for path in tmp_path.rglob("*up*") if "blog" not in path.parts}
    receipt = moved(tool, files)
    assert {path for path in tmp_path.rglob("*up*") if "blog" not in path.parts} == before
    assert not (tmp_path.parent / "up").exists()
    assert any("outside" in message for message in named(receipt).values())


def test_a_name_that_is_no_text_is_named(moved: Import, blog: Path) -> None:
    """No object can be called so."""
    (blog / "source").mkdir(parents=True)
    os.close(os.open(os.fsencode(blog / "source") + b"/caf\xe9.txt", os.O_CREAT))
    receipt = moved("hexo", {"_config.yml": "title: A\n"})
    assert "not UTF-8" in named(receipt)["source/caf\ufffd.txt"]


def test_a_link_that_leads_to_itself_is_named(moved: Import, blog: Path) -> None:
    """It does not end the rest."""
    (blog / "source" / "_posts").mkdir(parents=True)
    file = blog / "source" / "_posts" / "a.md"
    file.symlink_to("a.md")
    receipt = moved("hexo", {"_config.yml": "title: A\n"})
    assert "source/_posts/a.md" in named(receipt)


def test_of_two_files_of_one_key_the_second_is_named(moved: Import) -> None:
    """Accents may be spelled in two ways, and a key in one."""
    files = {
        "_config.yml": "title: A\n",
        "source/_posts/caf\u00e9.md": POST,
        "source/_posts/cafe\u0301.md": POST,
    }
    told = named(moved("hexo", files)).values()
    assert sum("already" in message for message in told) == 1
