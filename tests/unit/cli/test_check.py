"""`presswork check`: the doctor that an author asks before uploading."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ALLOWED
from presswork import content
from presswork.content import MAX_BYTES
from unit.cli.test_app import run

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]
BROKEN = HERE / "broken"
CORPUS = REPOSITORY.parent / "shared" / "corpus" / "18f"
SOUND = "---\ntitle: A calm sea\ndate: 2021-05-04 09:30:00\n{more}---\n\n{body}\n"
FAULTS = {
    "home.md": ("path.home", 4),
    "never-closed.md": ("frontmatter.unterminated", 1),
    "no-such-day.md": ("date.impossible", 3),
    "no-tongue.md": ("lang.tag", 4),
    "perhaps.md": ("draft.boolean", 3),
    "reserved.md": ("path.reserved", 5),
    "some-day.md": ("date.form", 4),
    "title-twice.md": ("frontmatter.duplicate-key", 4),
    "two-words.md": ("id.form", 4),
    "typed-value.md": ("frontmatter.tag", 4),
}
"""What is wrong with each of the ten broken posts, and on which line of its file."""


def command(*arguments: str | Path, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    """The real command, as a shell runs it."""
    return subprocess.run(
        [sys.executable, "-m", "presswork_cli", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def post(path: Path, body: str = "The sea was calm.", **matter: str) -> Path:
    """Writes a post."""
    path.parent.mkdir(parents=True, exist_ok=True)
    more = "".join(f"{key}: {value}\n" for key, value in matter.items())
    path.write_text(SOUND.format(more=more, body=body))
    return path


def checked(
    capsys: pytest.CaptureFixture[str], *arguments: str | Path
) -> tuple[int, dict[str, dict[str, Any]], dict[str, int]]:
    """The exit code, the answers by file, and the summary."""
    code, out, _ = run(capsys, "check", "--json", *map(str, arguments))
    answer = json.loads(out)
    assert answer["format"] == 1
    return code, {each["file"]: each for each in answer["posts"]}, answer["summary"]


def test_ten_broken_posts_are_told_as_a_compiler_does() -> None:
    """Exit 1, and for each file its line and column, what is wrong, and the way out."""
    done = command("check", BROKEN.relative_to(REPOSITORY))
    assert (done.returncode, done.stderr) == (1, "")
    told = re.findall(r"^(\S+):(\d+):(\d+): (.+)\n  fix: (.+)$", done.stdout, re.MULTILINE)
    assert {(Path(file).name, int(line)) for file, line, *_ in told} == {
        (name, line) for name, (_, line) in FAULTS.items()
    }
    assert all((REPOSITORY / file).is_file() for file, *_ in told)
    assert all(reason.endswith(".") and fix.endswith(".") for *_, reason, fix in told)
    assert done.stdout.endswith("10 posts: 0 ok, 0 repaired, 10 rejected\n")


def test_ten_broken_posts_are_told_to_programs() -> None:
    """The same as JSON: rule, line, column, message and fix of each."""
    done = command("check", "--json", BROKEN)
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    errors = {Path(each["file"]).name: each["error"] for each in answer["posts"]}
    assert {name: (error["rule"], error["line"]) for name, error in errors.items()} == FAULTS
    assert all(error["column"] >= 1 and error["message"] for error in errors.values())
    assert {each["key"] for each in answer["posts"]} == {f"posts/{name}" for name in FAULTS}
    assert all(each["post"] is None and not each["repairs"] for each in answer["posts"])
    assert answer["summary"] == {
        "ok": 0, "repaired": 0, "warned": 0, "rejected": 10, "skipped": 0, "conflicts": 0,
        "warnings": 0,
    }  # fmt: skip


def test_the_corpus_is_all_fine() -> None:
    """The real command reports 509 posts of a real blog, none rejected and none in conflict.

    Many are warned of: their links to assets and pages lead out of what the corpus holds.
    """
    if not CORPUS.is_dir():
        pytest.skip(f"{ALLOWED}/corpus")
    done = command("check", CORPUS)
    assert (done.returncode, done.stderr) == (0, "")
    last = done.stdout.splitlines()[-1]
    found = re.fullmatch(
        r"509 posts: (\d+) ok, (\d+) repaired, (\d+) warned, 0 rejected, \d skipped", last
    )
    assert found
    assert sum(map(int, found.groups())) == 509


def test_what_is_understood_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Title, instant and path at a glance; everything with -v."""
    file = post(tmp_path / "posts" / "a.md", tags="[sea, wind]", author="Ann", draft="true")
    code, out, _ = run(capsys, "check", str(file))
    assert code == 0
    assert out == (
        f"ok        {file}\n"
        "          A calm sea · 2021-05-04 09:30:00 UTC · /2021/05/a/ · draft\n"
        "1 post: 1 ok, 0 repaired, 0 rejected\n"
    )
    _, out, _ = run(capsys, "check", "-v", str(file))
    for line in ("authors    Ann", "tags       sea, wind", "language   en", "length     4 words"):
        assert line in out


def test_a_repair_is_shown_before_and_after(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Rule, line and count, then what stood there and what stands there now."""
    body = '<div><p></p><p></p><img data-original="http://i.example/a.jpg" src="x.gif"></div>'
    file = post(tmp_path / "a.html", body)
    code, files, summary = checked(capsys, file)
    assert (code, summary["repaired"]) == (0, 1)
    answer = files[str(file)]
    assert (answer["verdict"], answer["key"], answer["status"]) == (
        "repaired", "posts/a.html", "live",
    )  # fmt: skip
    assert answer["post"]["images"][0]["seen"] == ["http://i.example/a.jpg"]
    repairs = {each["rule"]: each for each in answer["repairs"]}
    assert (repairs["empty-paragraph"]["count"], repairs["empty-paragraph"]["line"]) == (2, 6)
    _, out, _ = run(capsys, "check", str(file))
    assert "line 6: empty-paragraph ×2\n            - <p></p>\n" in out
    assert "lazy-image\n            - x.gif\n            + http://i.example/a.jpg\n" in out


def test_of_many_files_the_fine_ones_are_counted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """From 20 files on: repaired ones on a line each, rejected ones whole, the others in a sum."""
    for number in range(30):
        post(tmp_path / f"{number}.md", slug=f"calm-{number}")
    post(tmp_path / "mended.md", '<div onclick="x()"><p>Calm.</p></div>', slug="mended")
    post(tmp_path / "broken.md", lang="no tongue")
    code, out, _ = run(capsys, "check", str(tmp_path))
    assert code == 1
    assert f"repaired  {tmp_path}/mended.md  event-handler" in out
    assert f"{tmp_path}/broken.md:4:1: " in out
    assert "/7.md" not in out
    assert out.endswith("32 posts: 30 ok, 1 repaired, 1 rejected\n")
    _, out, _ = run(capsys, "check", "--quiet", str(tmp_path))
    assert len(out.splitlines()) == 3
    _, out, _ = run(capsys, "check", "--verbose", str(tmp_path))
    assert f"ok        {tmp_path}/7.md" in out


def test_what_is_no_post_is_skipped(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Hidden files, those of hidden folders, and other kinds; git's and the cloud's are left."""
    post(tmp_path / "posts" / "a.md")
    for name in (".draft.md", ".obsidian/a.md", "boat.jpg", "notes.csv", "bin.md"):
        post(tmp_path / "posts" / name)
    (tmp_path / "posts" / "bin.md").write_bytes(b"\0\1\2")
    (tmp_path / "posts" / "boat.jpg").write_bytes(b"\xff\xd8\xff\0")
    (tmp_path / "posts" / "notes.csv").write_text("a,b\n")
    post(tmp_path / ".git" / "a.md")
    post(tmp_path / ".presswork" / "data" / "s3" / "content" / "posts" / "a.md")
    post(tmp_path / ".kept" / "posts" / "a.md")
    post(tmp_path / "static" / "b.html")
    code, files, summary = checked(capsys, tmp_path)
    verdicts = {
        Path(name).relative_to(tmp_path).as_posix(): each["verdict"] for name, each in files.items()
    }
    assert code == 0
    assert verdicts == {
        ".kept/posts/a.md": "skipped",
        "posts/.draft.md": "skipped",
        "posts/.obsidian/a.md": "skipped",
        "posts/a.md": "ok",
        "posts/bin.md": "skipped",
        "posts/boat.jpg": "skipped",
        "posts/notes.csv": "skipped",
    }
    assert summary["skipped"] == 6


def test_what_looks_like_a_post_is_skipped_with_a_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An empty file, a folder's own page and an org file are told of beside good posts."""
    post(tmp_path / "posts" / "a.md")
    post(tmp_path / "posts" / "news" / "_index.md")
    (tmp_path / "posts" / "empty.md").touch()
    (tmp_path / "posts" / "notes.org").write_text("#+TITLE: T\n* Head\n")
    (tmp_path / "posts" / "boat.jpg").write_bytes(b"\xff\xd8\xff\0")
    code, found, summary = checked(capsys, tmp_path)
    reasons = {Path(name).name: each["reason"] for name, each in found.items()}
    assert (code, summary["skipped"]) == (0, 4)
    assert [name for name, reason in reasons.items() if reason is None] == ["a.md", "boat.jpg"]
    _, out, _ = run(capsys, "check", str(tmp_path))
    told = [line for line in out.splitlines() if line.startswith("skipped")]
    assert len(told) == 3
    assert all(any(reason in line for line in told) for reason in reasons.values() if reason)
    assert "boat.jpg" not in out


def test_a_folder_without_posts_is_fine(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Nothing found is nothing wrong."""
    assert run(capsys, "check", str(tmp_path))[:2] == (0, "0 posts: 0 ok, 0 repaired, 0 rejected\n")


def test_a_post_without_a_date_has_that_of_its_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The file's mtime stands for the upload that is to come."""
    file = tmp_path / "a.md"
    file.write_text("# Undated\n\nText.\n")
    moment = datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC).timestamp()
    os.utime(file, (moment, moment))
    assert checked(capsys, file)[1][str(file)]["post"]["date"] == "2020-02-03T04:05:06Z"


def test_the_settings_decide_the_path(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`--site`, else the `site.yaml` of the content folder of a file, else the defaults."""
    file = post(tmp_path / "blog" / "posts" / "a.md")
    other = tmp_path / "other.yaml"
    other.write_text("permalink: /o/:slug/\n")

    def path(*more: str | Path) -> str:
        _, files, _ = checked(capsys, file, *more)
        return str(files[str(file)]["post"]["path"])

    assert path() == "/2021/05/a/"
    (tmp_path / "blog" / "site.yaml").write_text("permalink: /b/:slug/\n")
    assert path() == "/b/a/"
    assert path("--site", other) == "/o/a/"


def test_broken_settings_are_rejected_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`site.yaml` is checked with what it is for; the posts are checked all the same."""
    file = post(tmp_path / "posts" / "a.md")
    settings = tmp_path / "site.yaml"
    settings.write_text("title: Harbour\ntimezone: Moon/Tranquility\n")
    for arguments in ([tmp_path], [file], [settings, file], [file, "--site", settings]):
        code, files, summary = checked(capsys, *arguments)
        assert (code, summary["rejected"], summary["ok"]) == (1, 1, 1)
        assert files[str(settings)]["key"] == "site.yaml"
        assert files[str(settings)]["error"]["line"] == 2


def test_two_posts_that_want_the_same_are_in_conflict(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A path, an alias or an id of another post: told with the holder, exit 1; drafts want none."""
    post(tmp_path / "posts" / "a.md", id="calm", aliases="[/old/]")
    post(tmp_path / "posts" / "b.md", slug="a")
    post(tmp_path / "posts" / "c.md", slug="c", aliases="[/old/]")
    post(tmp_path / "posts" / "d.md", slug="d", id="calm")
    post(tmp_path / "posts" / "e.md", draft="true")
    code, files, summary = checked(capsys, tmp_path)
    told = {Path(name).name: each["conflict"] for name, each in files.items()}
    assert (code, summary["ok"], summary["conflicts"]) == (1, 5, 3)
    assert (told["a.md"], told["e.md"]) == (None, None)
    for name, claim in (("b.md", "/2021/05/a/"), ("c.md", "/old/"), ("d.md", "calm")):
        assert told[name]["rule"] == "claim.held"
        assert told[name]["message"] == f"{claim} belongs to posts/a.md."
    _, out, _ = run(capsys, "check", str(tmp_path))
    assert [line.split()[0] for line in out.splitlines() if "posts/" in line][:2] == [
        "ok",
        "waiting",
    ]
    assert f"{tmp_path}/posts/b.md: /2021/05/a/ belongs to posts/a.md.\n  fix: " in out
    assert out.endswith("5 posts: 5 ok, 0 repaired, 0 rejected, 3 in conflict\n")


def test_two_files_of_one_key_are_in_conflict(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The later upload would overwrite the earlier one; the same file named twice is one."""
    one, two = post(tmp_path / "a" / "x.md"), post(tmp_path / "b" / "x.md", slug="two")
    code, files, _ = checked(capsys, one, two, one)
    assert (code, len(files)) == (1, 2)
    assert files[str(one)]["conflict"] is None
    assert files[str(two)]["conflict"]["rule"] == "key.taken"


def test_what_cannot_be_read_does_not_hide_the_rest(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A file that is not there is told, and exit 2; the others are checked."""
    sound = post(tmp_path / "posts" / "a.md")
    (tmp_path / "posts" / "gone.md").symlink_to("nowhere.md")
    code, files, _ = checked(capsys, tmp_path, tmp_path / "missing.md")
    assert code == 2
    assert files[str(sound)]["verdict"] == "ok"
    for name in ("posts/gone.md", "missing.md"):
        error = files[str(tmp_path / name)]["error"]
        assert error["rule"] == "file.unreadable"
        assert "No such file" in error["message"]


def test_a_folder_that_cannot_be_read_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold posts: exit 2."""
    locked = tmp_path / "posts" / "locked"
    locked.mkdir(parents=True)
    scandir = os.scandir

    def refuse(path: Any) -> Any:  # root may read everything, so no mode would do
        if os.fspath(path) == str(locked):
            raise PermissionError(13, "Permission denied", str(locked))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    code, files, _ = checked(capsys, tmp_path)
    assert code == 2
    assert "Permission denied" in files[str(locked)]["error"]["message"]


def test_links_that_lead_round_are_not_followed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A folder that is linked into itself is read once."""
    file = post(tmp_path / "posts" / "a.md")
    (tmp_path / "posts" / "again").symlink_to(tmp_path)
    (tmp_path / "posts" / "pipe.md").unlink(missing_ok=True)
    os.mkfifo(tmp_path / "posts" / "pipe.md")  # and nobody waits for what never comes
    code, files, _ = checked(capsys, tmp_path)
    assert (code, list(files)) == (0, [str(file)])


def test_a_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    """No object can be called so; the answer is UTF-8 all the same."""
    name = os.fsencode(tmp_path / "posts") + b"/caf\xe9.md"
    post(tmp_path / "posts" / "a.md").rename(os.fsdecode(name))
    done = command("check", "--json", tmp_path)
    (answer,) = json.loads(done.stdout)["posts"]
    assert done.returncode == 1
    assert answer["key"] == "posts/caf\ufffd.md"
    assert answer["error"]["rule"] == "file.name"
    assert "caf\ufffd.md: The file's name is not UTF-8" in command("check", tmp_path).stdout


def test_a_key_that_is_too_long_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """S3 takes 1,024 bytes: folders of long names add up."""
    file = post(tmp_path / "posts" / "/".join(["f" * 250] * 4) / f"{'n' * 100}.md")
    code, files, _ = checked(capsys, file)
    assert (code, files[str(file)]["error"]["rule"]) == (1, "file.name")


def test_a_huge_file_is_not_read_whole(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file that no post may have the size of, one byte too many is enough."""
    file = tmp_path / "huge.md"
    file.write_bytes(b"A long text.\n" * 1000)
    os.truncate(file, 40 * MAX_BYTES)  # a hole, which takes no room on disk
    sizes = []

    def parse(data: bytes, *arguments: Any, **options: Any) -> Any:
        sizes.append(len(data))
        return real(data, *arguments, **options)

    real = content.parse
    monkeypatch.setattr(content, "parse", parse)
    code, files, _ = checked(capsys, file)
    assert (code, files[str(file)]["error"]["rule"]) == (1, "post.size")
    assert sizes == [MAX_BYTES + 1]


def test_a_post_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Escape sequences in names and values are spelled out."""
    file = post(tmp_path / "posts" / "a\x1b[31m.md", lang='"\\e[2Jx"')
    code, out, _ = run(capsys, "check", str(file))
    assert code == 1
    assert "\x1b" not in out
    assert "a\\x1b[31m.md" in out


def test_the_commit_hook_is_given_file_names_only(tmp_path: Path) -> None:
    """The hook's entry and arguments, with names behind, do what pre-commit wants: exit 1 or 0."""
    (hook,) = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
    entry = [sys.executable, "-m", "presswork_cli", *hook["entry"].split()[1:], *hook["args"]]
    good, bad = post(tmp_path / "posts" / "a.md"), post(tmp_path / "posts" / "b.md", lang="no no")
    assert re.search(hook["files"], "content/posts/a.md")
    assert not re.search(hook["files"], "README.md")
    for names, code, lines in (([good], 0, 0), ([good, bad], 1, 3)):
        done = subprocess.run(
            [*entry, *map(str, names)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, len(done.stdout.splitlines())) == (code, lines)


def test_a_broken_theme_is_told_beside_its_posts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The file and the line of the template; posts are judged all the same."""
    file = post(tmp_path / "posts" / "a.md")
    broken = tmp_path / "theme" / "post.html"
    broken.parent.mkdir()
    broken.write_text("<p>\n{{ nothing }}")
    code, files, _ = checked(capsys, tmp_path)
    assert code == 1
    assert files[str(file)]["verdict"] == "ok"
    assert files[str(broken)]["key"] == "theme/post.html"
    assert files[str(broken)]["error"]["line"] == 2
    good = post(tmp_path / "other" / "posts" / "a.md")
    before = checked(capsys, good)[1][str(good)]["post"]["revision"]
    (tmp_path / "other" / "theme").mkdir()
    (tmp_path / "other" / "theme" / "a.svg").write_text("<svg/>")
    assert checked(capsys, good)[1][str(good)]["post"]["revision"] != before


@pytest.mark.parametrize("named", ["theme/post.html", "theme"])
def test_a_template_that_is_named_is_no_post(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, named: str
) -> None:
    """The theme is looked at, which is a whole: what is wrong is told, else that it is no post."""
    template = tmp_path / "theme" / "post.html"
    template.parent.mkdir()
    (tmp_path / "site.yaml").touch()
    template.write_text('{% extends "default/post.html" %}')
    code, found, summary = checked(capsys, tmp_path / named)
    assert (code, summary["skipped"], summary["warnings"]) == (0, 1, 0)
    assert "a part of the theme" in found[str(template)]["reason"]
    assert found[str(template)]["key"] == "theme/post.html"
    template.write_text("<p>\n{{ nothing }}")
    code, found, summary = checked(capsys, tmp_path / named)
    assert (code, len(found), summary["rejected"]) == (1, 1, 1)
    assert found[str(template)]["error"]["line"] == 2


def test_a_file_beside_a_broken_template_tells_of_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Nobody takes a theme for good because the file that was named is."""
    theme = tmp_path / "theme"
    theme.mkdir()
    (tmp_path / "site.yaml").touch()
    (theme / "home.html").write_text('{% extends "default/home.html" %}')
    (theme / "post.html").write_text("<p>\n{{ nothing }}")
    code, found, _ = checked(capsys, theme / "home.html")
    verdicts = {name: each["verdict"] for name, each in found.items()}
    assert (code, verdicts) == (
        1,
        {str(theme / "home.html"): "skipped", str(theme / "post.html"): "rejected"},
    )


def test_a_post_in_any_folder_called_theme_is_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Only the folder at the top of a site holds its theme."""
    for file in (tmp_path / "theme" / "posts" / "a.md", tmp_path / "posts" / "theme" / "b.md"):
        assert checked(capsys, post(file))[1][str(file)]["verdict"] == "ok"


def test_a_draft_needs_no_date_yet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Nobody sees its date; it is told of once the post is no draft any more."""
    file = tmp_path / "posts" / "fog.md"
    file.parent.mkdir()
    for date in ("", "date: git Created\n"):
        file.write_text(f"---\ntitle: Fog\ndraft: true\n{date}---\nWords.\n")
        assert checked(capsys, file)[2]["warnings"] == 0
        file.write_text(f"---\ntitle: Fog\ndraft: false\n{date}---\nWords.\n")
        assert checked(capsys, file)[2]["warnings"] == 1


def test_a_warning_is_told_with_its_cure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It outweighs a repair, is exit 1 by `--strict` alone, and stands in the JSON."""
    file = tmp_path / "posts" / "undated.html"
    file.parent.mkdir()
    file.write_text("<div><p></p><p></p>No date.</div>")
    code, out, _ = run(capsys, "check", str(file))
    assert code == 0
    assert out.startswith(f"warned    {file}\n")
    assert f"{file}: The post has no date of its own: it has that of its upload.\n  fix: " in out
    assert out.endswith("1 post: 0 ok, 0 repaired, 1 warned, 0 rejected\n")
    assert run(capsys, "check", "--strict", str(file))[0] == 1
    _, files, summary = checked(capsys, file)
    assert (summary["warned"], summary["warnings"]) == (1, 1)
    assert files[str(file)]["verdict"] == "warned"
    assert files[str(file)]["warnings"] == [
        {
            "rule": "date-of-upload",
            "line": None,
            "count": 1,
            "message": "The post has no date of its own: it has that of its upload.",
            "fix": "Add a line such as `date: 2021-11-21` to its front matter.",
        }
    ]


def test_of_many_files_the_cures_are_told_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each warning takes a line, and the cure stands in the summary, with the posts counted."""
    (tmp_path / "posts").mkdir()
    for number in range(20):
        (tmp_path / "posts" / f"walk-{number}.md").write_text(f"Number {number}.")
    _, out, _ = run(capsys, "check", str(tmp_path))
    assert out.count("The post has no date of its own") == 20
    assert out.count("Add a line such as") == 1
    assert re.search(r"date-of-upload +20  Add a line", out)


def test_the_dialect_of_posts_is_proposed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """People and programs are told which are missing; what is set is not proposed."""
    folder = str(tmp_path)
    post(tmp_path / "posts" / "a.md", body="See [[b]] and ==c==.")
    post(tmp_path / "posts" / "b.md", body="See [[a]].\n\n* TOC\n{:toc}")
    assert json.loads(run(capsys, "check", "--json", folder)[1])["dialect"] == [
        "obsidian",
        "jekyll",
    ]
    assert "`dialect` in site.yaml: obsidian, jekyll\n" in run(capsys, "check", folder)[1]
    (tmp_path / "site.yaml").write_text("dialect: [obsidian, jekyll]\n")
    assert json.loads(run(capsys, "check", "--json", folder)[1])["dialect"] == []


def test_what_fails_a_strict_check_is_never_quiet(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A hook that asks for both says why it fails."""
    file = tmp_path / "undated.md"
    file.write_text("No date.")
    assert run(capsys, "check", "-q", str(file))[:2] == (0, "")
    code, out, _ = run(capsys, "check", "-q", "--strict", str(file))
    assert code == 1
    assert "The post has no date of its own" in out
