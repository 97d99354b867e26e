"""`presswork new`: the beginning of a site, of a post, and of a theme."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from presswork import content
from presswork.site.theme.assets import THEME
from presswork_cli.new import post as new_posts
from presswork_cli.new import site as new_sites
from presswork_cli.new import zone
from presswork_cli.new.schema import text
from unit.cli.test_app import run

NOW = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
MADE = [
    ".editorconfig",
    ".gitignore",
    ".vscode/extensions.json",
    ".vscode/settings.json",
    ".vscode/site.schema.json",
    "posts/hello.md",
    "site.yaml",
]


def files(folder: Path) -> list[str]:
    """The files of a folder, by name."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(found)


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new site in Lisbon, in which one stands."""
    folder = tmp_path / "blog"
    new_sites.make(folder, "My blog", "Europe/Lisbon", NOW)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("title", ["My blog", 'Ines: "Vale" & \\ #1', "雨天的旧书店", "no"])
def test_a_new_site_is_as_check_wants_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, title: str
) -> None:
    """Its settings say the title, and nothing is wrong with any file, whatever it is called."""
    folder = tmp_path / "blog"
    code, out, _ = run(capsys, "new", "site", str(folder), "--title", title)
    assert (code, files(folder)) == (0, MADE)
    assert sorted(out.split()) == [str(folder / name) for name in MADE]
    assert content.settings((folder / "site.yaml").read_bytes()).title == title
    code, out, _ = run(capsys, "check", str(folder), "--strict", "--json")
    assert code == 0
    summary = {"ok": 1, "repaired": 0, "warned": 0, "rejected": 0, "skipped": 5}
    assert json.loads(out)["summary"] == {**summary, "conflicts": 0, "warnings": 0}


def test_a_site_is_called_by_its_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Where nobody can be asked."""
    run(capsys, "new", "site", str(tmp_path / "the-slow_ferry"))
    settings = content.settings((tmp_path / "the-slow_ferry" / "site.yaml").read_bytes())
    assert settings.title == "The slow ferry"


def test_the_first_post_is_live_at_once(blog: Path) -> None:
    """It is dated now, in the site's time zone, and says in three paragraphs what to do next."""
    parsed = content.parse(
        (blog / "posts/hello.md").read_bytes(), "posts/hello.md", content.settings(b"")
    )
    assert (parsed.post.date, parsed.post.draft) == (NOW, False)
    assert "2026-11-29 09:30:00+00:00" in (blog / "posts/hello.md").read_text()
    assert parsed.post.html.count("<p>") == 3


def test_an_editor_finds_the_schema(blog: Path) -> None:
    """By the comment in `site.yaml`, and by the settings of VS Code; it is the one in force."""
    comment = (blog / "site.yaml").read_text().splitlines()[0]
    place = comment.removeprefix("# yaml-language-server: $schema=")
    assert (blog / place).read_text() == text()
    schemas = json.loads((blog / ".vscode/settings.json").read_text())["yaml.schemas"]
    assert {(blog / place).resolve(): file for place, file in schemas.items()} == {
        (blog / place).resolve(): "site.yaml"
    }
    known = json.loads(text())["properties"]
    assert yaml.safe_load((blog / "site.yaml").read_text()).keys() <= known.keys()


def test_git_leaves_out_what_is_no_source(blog: Path) -> None:
    """The state of Presswork, and a site built beside its posts."""
    lines = (blog / ".gitignore").read_text().splitlines()
    assert {".presswork/", "/public/"} <= {*lines}


def test_a_folder_that_holds_something_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """With the names of what it holds, and the way out; nothing is made there."""
    (tmp_path / "letters.txt").write_text("Dear Tomas")
    code, _, err = run(capsys, "new", "site", str(tmp_path), "--title", "A")
    assert (code, files(tmp_path)) == (2, ["letters.txt"])
    assert "is not empty, it holds letters.txt" in " ".join(err.split())
    assert "--force" in err


def test_hidden_files_are_no_matter(tmp_path: Path) -> None:
    """A repository that was just cloned is empty."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("mine\n")
    new_sites.make(tmp_path, "A", "UTC", NOW)
    assert files(tmp_path) == MADE
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_what_is_missing_can_be_added(tmp_path: Path) -> None:
    """What is there stays, byte for byte; who has posts gets no first one."""
    (tmp_path / "posts").mkdir()
    (tmp_path / "site.yaml").write_text("title: Mine\n")
    made = new_sites.make(tmp_path, "A", "UTC", NOW, add=True)
    assert (tmp_path / "site.yaml").read_text() == "title: Mine\n"
    assert files(tmp_path) == [name for name in MADE if name != "posts/hello.md"]
    assert tmp_path / "site.yaml" not in made


def test_no_link_is_followed(tmp_path: Path) -> None:
    """What a link leads to, or would lead to, is not written."""
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / ".editorconfig").symlink_to(tmp_path / "elsewhere")
    new_sites.make(folder, "A", "UTC", NOW)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "\udcff"])
def test_a_site_needs_a_title(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, title: str
) -> None:
    """One that settings cannot hold is refused before anything is made."""
    code, _, err = run(capsys, "new", "site", str(tmp_path / "blog"), "--title", title)
    assert code == 2
    assert "--title" in err
    assert not (tmp_path / "blog").exists()


def test_the_zone_is_that_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As TZ or the link of the system tells it; what is no zone is UTC."""
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Shanghai")
    monkeypatch.delenv("TZ", raising=False)
    assert zone.of_machine(link) == "Asia/Shanghai"
    assert zone.of_machine(tmp_path / "none") == "UTC"
    monkeypatch.setenv("TZ", "Europe/Lisbon")
    assert zone.of_machine(link) == "Europe/Lisbon"
    monkeypatch.setenv("TZ", "Nowhere/At_All")
    assert zone.of_machine(link) == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The last ferry", "the-last-ferry"),
        ("雨天的旧书店", "雨天的旧书店"),
        ("Привет, мир!", "привет-мир"),
        ("C++ & <b>: it's", "c-b-its"),
        ("2026", "2026"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_a_post_is_named_by_its_title(
    capsys: pytest.CaptureFixture[str], blog: Path, title: str, name: str
) -> None:
    """In its own script; and the post says the title to the letter."""
    code, out, _ = run(capsys, "new", "post", title, "--tag", "a: b", "--tag", "雨")
    assert (code, out) == (0, f"posts/{name}.md\n")
    parsed = content.parse((blog / out.strip()).read_bytes(), out.strip(), content.settings(b""))
    assert parsed.post.title == title
    assert parsed.post.tags == ("a: b", "雨")
    assert parsed.post.draft
    assert abs(datetime.now(UTC) - parsed.post.date) < timedelta(minutes=5)
    code, out, _ = run(capsys, "check", str(blog), "--strict", "--json")
    assert (code, json.loads(out)["summary"]["ok"]) == (0, 2)


def test_a_post_is_dated_in_the_sites_zone(blog: Path) -> None:
    """With the offset of the day, so that the date says it all."""
    (blog / "site.yaml").write_text("timezone: Asia/Shanghai\n")
    path = new_posts.make(new_posts.NewPost("Rain"), blog, NOW)
    assert "date: 2026-11-29 17:30:00+08:00\n" in path.read_text()


def test_a_post_may_be_no_draft(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """Then readers see it at once."""
    run(capsys, "new", "post", "Now", "--no-draft")
    assert "draft" not in (blog / "posts/now.md").read_text()


def test_a_slug_is_that_of_the_settings(blog: Path) -> None:
    """In ASCII, and with its day where the folder is Jekyll's."""
    (blog / "site.yaml").write_text("slug: ascii\ndialect: [jekyll]\n")
    path = new_posts.make(new_posts.NewPost("雨"), blog, NOW)
    assert path.name == "2026-11-29-yu.md"


def test_a_post_lies_where_one_stands(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below `posts/`; from any other folder of the site it lies in `posts/` itself."""
    for folder, place in (("posts/travel", "posts/travel/a.md"), ("static/files", "posts/a.md")):
        (blog / folder).mkdir(parents=True)
        monkeypatch.chdir(blog / folder)
        assert new_posts.make(new_posts.NewPost("A"), Path.cwd(), NOW) == blog / place


def test_no_post_is_written_over(capsys: pytest.CaptureFixture[str], blog: Path) -> None:
    """The file is named, and the way out."""
    before = (blog / "posts/hello.md").read_text()
    code, out, err = run(capsys, "new", "post", "Hello")
    assert (code, out) == (2, "")
    assert "posts/hello.md is there already" in err
    assert "--slug" in err
    assert (blog / "posts/hello.md").read_text() == before
    assert (
        run(capsys, "new", "post", "Hello", "--slug", "Hello again")[1] == "posts/hello-again.md\n"
    )


@pytest.mark.parametrize("title", ["", "🎉", "?!"])
def test_a_title_without_a_letter_names_no_file(
    capsys: pytest.CaptureFixture[str], blog: Path, title: str
) -> None:
    """Who begins such a post names the file."""
    code, _, err = run(capsys, "new", "post", title)
    assert (code, "--slug" in err) == (2, True)
    assert files(blog / "posts") == ["hello.md"]


def test_outside_of_a_site_no_post_begins(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way to one is told."""
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "new", "post", "Hello")
    assert code == 2
    assert "presswork new site my-site" in " ".join(err.split())


def test_broken_settings_are_told_with_their_line(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """A post whose date they decide is not begun."""
    (blog / "site.yaml").write_text("title: A\ntimezone: Mars\n")
    code, _, err = run(capsys, "new", "post", "Rain")
    assert code == 1
    assert "site.yaml:2: " in err
    assert files(blog / "posts") == ["hello.md"]


def test_a_post_opens_in_the_editor(
    capsys: pytest.CaptureFixture[str], blog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In $VISUAL rather than $EDITOR; without both nothing is made, and the cure is told."""
    editor = blog.parent / "editor"
    editor.write_text('#!/bin/sh\necho "$@" > "$(dirname "$0")/opened"\n')
    os.chmod(editor, 0o755)  # noqa: PTH101 - as a shell would
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.setenv("VISUAL", f"'{editor}' --wait")
    run(capsys, "new", "post", "Rain", "--open")
    assert (blog.parent / "opened").read_text() == f"--wait {blog / 'posts/rain.md'}\n"
    monkeypatch.delenv("EDITOR")
    monkeypatch.delenv("VISUAL")
    code, _, err = run(capsys, "new", "post", "Snow", "--open")
    assert (code, "EDITOR" in err) == (2, True)
    assert not (blog / "posts/snow.md").exists()


def test_a_theme_begins_with_copies_of_the_default_one(
    capsys: pytest.CaptureFixture[str], blog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In `theme/` of the site, from any folder of it; with them the site is as it was."""
    monkeypatch.chdir(blog / "posts")
    code, out, _ = run(capsys, "new", "theme", "post.html", "style.css", "post.html")
    copies = [blog / "theme" / name for name in ("post.html", "style.css")]
    assert (code, out.split()) == (0, [str(path) for path in copies])
    assert [path.read_bytes() for path in copies] == [
        (THEME / path.name).read_bytes() for path in copies
    ]
    assert files(blog / "theme") == ["post.html", "style.css"]
    assert run(capsys, "check", str(blog), "--strict")[0] == 0


def test_every_file_of_the_default_theme_can_be_copied(
    capsys: pytest.CaptureFixture[str], blog: Path
) -> None:
    """Their names are printed when none is asked for, and then nothing is copied."""
    code, out, err = run(capsys, "new", "theme")
    assert (code, "presswork new theme post.html" in err) == (0, True)
    assert out.split() == files(THEME)
    assert not (blog / "theme").exists()
    assert run(capsys, "new", "theme", *out.split())[0] == 0
    assert files(blog / "theme") == files(THEME)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("base.html", "theme/base.html is there already"),
        ("footer.html", "has no footer.html; it has archives.html, base.html, "),
        ("../fixed/feed.xml", "has no ../fixed/feed.xml"),
    ],
)
def test_a_theme_is_not_begun_by_half(
    capsys: pytest.CaptureFixture[str], blog: Path, name: str, reason: str
) -> None:
    """What is there stays; where one file cannot be copied none is."""
    (blog / "theme").mkdir()
    (blog / "theme" / "base.html").write_text("mine")
    code, out, err = run(capsys, "new", "theme", "post.html", name)
    assert (code, out) == (2, "")
    assert reason in " ".join(err.split())
    assert files(blog / "theme") == ["base.html"]
    assert (blog / "theme" / "base.html").read_text() == "mine"


def test_outside_of_a_site_no_theme_begins(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way to one is told."""
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "new", "theme", "post.html")
    assert (code, files(tmp_path)) == (2, [])
    assert "presswork new site my-site" in " ".join(err.split())
