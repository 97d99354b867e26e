"""What `check` tells GitHub and GitLab, and that no post tells them anything itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from comrak import ExtensionOptions, render_markdown

from action_runner import Command, commands
from presswork.post import Error, PostWarning, Repair
from presswork_cli.printing import github, gitlab, terminal
from presswork_cli.printing.annotations import Annotation, annotations, in_repository
from presswork_cli.printing.answers import CheckAnswer, CheckedPost, CheckSummary
from unit.cli.test_app import run

HOSTILE = (
    "::error::x",
    "  ::add-mask::a",
    "##[error]x",
    "text ##[add-mask]a",
    "a\n::set-env name=x::y",
    "a\r::set-output name=x::y",
    "a\u2028::stop-commands::x",
    "::warning file=a,line=1::x%0A::error::y",
)
BAD = "---\ntitle: Bad\ndate: 2026-02-30\n---\nWords.\n"
ERROR = Error(rule="date.impossible", line=3, column=1, message="No such day.", fix="Another.")
WARNING = PostWarning(rule="link-page", line=7, count=2, message="Leads nowhere.", fix="Mend it.")
REPAIR = Repair(rule="image-unwrapped", line=9, count=1)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a content folder below its root, in which we stand, on GitHub."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "blog" / "posts").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv(github.SUMMARY, str(tmp_path / "summary.md"))
    return tmp_path


def found(**kinds: bool) -> list[tuple[str, int | None]]:
    """The levels and lines of what is said of a post with one of each kind."""
    chosen = {"verbose": False, "quiet": False, "strict": False} | kinds
    post = CheckedPost(
        file="a.md",
        key="posts/a.md",
        verdict="rejected",
        error=ERROR,
        warnings=(WARNING,),
        repairs=(REPAIR,),
    )
    answer = CheckAnswer(posts=(post,), summary=CheckSummary())
    return [(each.level, each.line) for each in annotations(answer, **chosen)]


def test_what_is_told_is_chosen_as_in_the_report() -> None:
    """Repairs are for the verbose, errors alone for the quiet, warnings errors for the strict."""
    assert found() == [("error", 3), ("warning", 7)]
    assert found(verbose=True) == [("error", 3), ("warning", 7), ("notice", 9)]
    assert found(quiet=True) == [("error", 3)]
    assert found(quiet=True, strict=True) == [("error", 3), ("error", 7)]


@pytest.mark.parametrize("place", ["blog", "blog/posts", "/"])
def test_github_is_told_the_line(
    place: str,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The file is named from the root of the repository, wherever the command stands."""
    (repository / "blog" / "posts" / "bad.md").write_text(BAD)
    monkeypatch.chdir(repository / place)
    folder = str(repository / "blog") if place == "/" else "."
    code, out, _ = run(capsys, "check", "--output-format", "github", folder)
    assert (code, commands(out)) == (
        1,
        [
            Command(
                "error",
                "blog/posts/bad.md:3:1: There is no such date as '2026-02-30'.\n"
                "fix: Write it as 2021-11-21T18:10:05Z, as 2021-11-21 18:10:05, or as 2021-11-21.",
                {
                    "file": "blog/posts/bad.md",
                    "line": "3",
                    "col": "1",
                    "title": "presswork (date.impossible)",
                },
            )
        ],
    )


def test_outside_of_a_repository_paths_begin_where_we_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file above that keeps the name that it was given."""
    folder = tmp_path / "a"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert in_repository("b/c.md") == "b/c.md"
    assert in_repository(str(folder / "c.md")) == "c.md"
    assert in_repository("../c.md") == "../c.md"


@pytest.mark.parametrize("text", [*HOSTILE, "50%, 25%25: a,b\r\nc"])
def test_a_command_holds_any_text(text: str) -> None:
    """The runner reads what was said, and nothing besides."""
    annotation = Annotation("warning", text, 3, None, text, text, text)
    assert commands(github.command(annotation)) == [
        Command(
            "warning",
            f"{text}:3: {text}\nfix: {text}",
            {"file": text, "line": "3", "title": f"presswork ({text})"},
        )
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_printed_commands_nobody(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On GitHub what the runner would obey is spelled out, on both streams; elsewhere it stays."""
    line = text.replace("\r", "") + "\n"
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    for each in (terminal.results, terminal.progress):
        each.print(text, markup=False)
    as_it_is = capsys.readouterr()
    assert as_it_is.out == as_it_is.err == line
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for each in (terminal.results, terminal.progress):
        each.print(text, markup=False)
    spelled = capsys.readouterr()
    assert commands(spelled.out) == commands(spelled.err) == []
    assert spelled.out.replace(r"\x23#[", "##[").replace(r"\x3a:", "::") == line


def test_a_post_commands_nobody(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither by its title, its words nor its name; in no format."""
    for number, text in enumerate(HOSTILE):
        quoted = json.dumps(text)
        matter = f"---\ntitle: {quoted}\ndate: 2026-02-0{number + 1}\ntags: [{quoted}]\n"
        name = text.replace("/", "").replace("\n", "").replace("\r", "")
        (repository / "blog" / "posts" / f"{name}.md").write_text(
            f"{matter}---\n[{text}](nowhere.md)\n\n{text}\n"
        )
        (repository / f"{name}.md").write_text(f"{matter}date: {quoted}\n---\n")
    loose = [each.name for each in repository.glob("*.md")]
    for options in (
        ["--verbose"],
        ["--json"],
        ["--output-format", "gitlab"],
        ["--output-format", "github", "--verbose"],
    ):
        _, out, err = run(capsys, "check", *options, "--", "blog", *loose)
        assert "add-mask" in out
        names = {each.name for each in commands(out + err)}
        assert names == ({"error", "warning"} if "github" in options else set()), options
        if "--json" in options:
            titles = {each["post"]["title"] for each in json.loads(out)["posts"] if each["post"]}
            assert "text ##[add-mask]a" in titles
    _, _, err = run(capsys, "check", "blog", "--site", "##[error]x.yaml")
    assert ("error]x.yaml" in err, commands(err)) == (True, [])


def test_github_is_told_of_ten_and_how_many_more(capsys: pytest.CaptureFixture[str]) -> None:
    """Of each level; the report above has all."""
    errors = [Annotation("error", "a.md", n, None, "r", "m") for n in range(1, 14)]
    github.annotated([*errors, *(Annotation("warning", "a.md", 1, None, "r", "m"),) * 10])
    shown = capsys.readouterr().out
    assert [each.name for each in commands(shown)] == ["error"] * 10 + ["warning"] * 10
    assert "GitHub shows 10 errors of a step beside their lines; 3 more" in shown
    assert "10 warnings" not in shown


def test_the_summary_is_added_to(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What other steps wrote stays; without the variable there is none."""
    (repository / "summary.md").write_text("Before.\n")
    (repository / "blog" / "posts" / "bad.md").write_text(BAD)
    run(capsys, "check", "--output-format", "github", "blog")
    lines = (repository / "summary.md").read_text().splitlines()
    assert lines[:4] == ["Before.", "### presswork check", "", "Posts: 1 rejected."]
    assert len(lines) == 8
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(github.SUMMARY)
        assert run(capsys, "check", "--output-format", "github", "blog")[0] == 1
    assert len((repository / "summary.md").read_text().splitlines()) == len(lines)


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n\n# Head",
        "<img src=x onerror=y>",
        "![x](https://tracker.example/x.png) [a](https://example.org) www.example.org",
        "https://example.org <https://example.org> me@example.org",
        "`code` *em* ~~del~~ &amp; \\",
    ],
)
def test_the_summary_is_text(text: str) -> None:
    """Nothing of a post is Markdown in the summary, and each cell is one."""
    annotation = Annotation("error", text, None, None, "r", text, text)
    answer = CheckAnswer(posts=(), summary=CheckSummary(rejected=1))
    page = "\n".join(github.markdown(answer, [annotation]))
    options = ExtensionOptions()
    options.table = options.autolink = options.strikethrough = True
    html = render_markdown(page, extension_options=options)
    assert html.count("<td>") == 4
    for element in ("<img", "<a ", "<code", "<em", "<del", "<h1"):
        assert element not in html
    words = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"<td>{words}</td>" in html


def test_the_summary_has_its_bound() -> None:
    """GitHub takes 1 MiB of a step; what is left out is counted."""
    long = Annotation("error", "😀" * 9000, 1, None, "r", "😀" * 9000, "😀" * 9000)
    answer = CheckAnswer(posts=(), summary=CheckSummary(rejected=5000))
    page = "\n".join(github.markdown(answer, [long] * 5000))
    assert len(page.encode()) < 1_048_576
    assert page.endswith("4,800 more are in the log.")


def test_gitlab_gets_a_code_quality_report(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output is that alone: description, rule, severity, path and line."""
    (repository / "blog" / "posts" / "bad.md").write_text(BAD)
    code, out, _ = run(capsys, "check", "--output-format", "gitlab", "blog")
    report = json.loads(out)
    assert code == 1
    assert [without_fingerprint(each) for each in report] == [
        {
            "description": "There is no such date as '2026-02-30'. Write it as "
            "2021-11-21T18:10:05Z, as 2021-11-21 18:10:05, or as 2021-11-21.",
            "check_name": "date.impossible",
            "severity": "major",
            "location": {"path": "blog/posts/bad.md", "lines": {"begin": 3}},
        }
    ]


def without_fingerprint(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry, whose fingerprint is one."""
    assert len(entry.pop("fingerprint")) == 64
    return entry


def test_a_fingerprint_stays_as_lines_move() -> None:
    """And is another for each thing that is said, also where it is said twice."""

    def prints(*lines: int | None) -> list[str]:
        said = [Annotation("notice", "a.md", line, None, "r", "m") for line in lines]
        return [each["fingerprint"] for each in gitlab.entries(said)]

    assert prints(1, 7) == prints(2, None)
    assert len(set(prints(1, 7))) == 2


def test_json_is_a_format_by_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Two formats at once are wrong usage."""
    code, _, err = run(capsys, "check", "--json", "--output-format", "github", str(tmp_path))
    assert (code, "leave --output-format away" in err) == (2, True)
