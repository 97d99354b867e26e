"""How the command ends, and what it says to programs and to people."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from presswork import __version__
from presswork.errors import RetryLater
from presswork.post import Error
from presswork_cli import app
from presswork_cli.failure import Exit, Failure
from presswork_cli.local.layout import REPOSITORY
from presswork_cli.operate import publish
from presswork_cli.operate.stack import Deployed
from presswork_cli.printing import show
from presswork_cli.printing.answers import Outputs, PostAnswer, PublishAnswer, Stage, StatusAnswer


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one run of the command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["presswork", *arguments])
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "of a test")  # else they are looked for on the network
        with pytest.raises(SystemExit) as end:
            app.main()
    output = capsys.readouterr()
    return int(end.value.code or 0), output.out, output.err


@pytest.fixture
def nowhere(tmp_path: Path) -> list[str]:
    """The beginning of a command about a cloud that does not run."""
    return ["local", "--state", str(tmp_path)]


def test_status_without_a_cloud_is_still_json(
    capsys: pytest.CaptureFixture[str], nowhere: list[str]
) -> None:
    """Programs learn from status that nothing runs, in the form of every status."""
    code, out, err = run(capsys, *nowhere, "status", "--json")
    answer = json.loads(out)
    assert (code, answer["running"], answer["stack"]) == (3, False, "presswork")
    assert set(answer["outputs"]) == {
        "ContentBucket",
        "SiteBucket",
        "VaultBucket",
        "SiteUrl",
        "WebhookUrl",
        "WebhookSecret",
        "Topic",
        "Table",
    }
    assert "presswork local up" in err


@pytest.mark.parametrize("verb", [["publish", __file__], ["remove", "posts/a.md"]])
def test_without_a_cloud_a_command_says_how_to_get_one(
    capsys: pytest.CaptureFixture[str], nowhere: list[str], verb: list[str]
) -> None:
    """No cloud is exit 3, and a sentence with the way out."""
    code, out, err = run(capsys, *nowhere, *verb)
    assert (code, out) == (3, "")
    assert "start one with `presswork local up`" in err


def test_an_unreadable_file_is_told_before_anything_is_uploaded(
    capsys: pytest.CaptureFixture[str], nowhere: list[str]
) -> None:
    """A file that is not there is exit 2, also when no cloud runs."""
    code, _, err = run(capsys, *nowhere, "publish", "no-such-file.md")
    assert code == 2
    assert "no-such-file.md: No such file" in err


@pytest.mark.parametrize("verb", [["status"], ["explain", "posts/a.md"], ["images"], ["verify"]])
def test_a_verb_without_a_region_says_how_to_name_one(
    verb: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Nobody who has yet to configure AWS is met by a traceback."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    code, _, err = run(capsys, *verb)
    assert code == 3
    assert "You must specify a region" in err
    assert "--region" in err


def test_what_needs_no_cloud_starts_without_the_cloud() -> None:
    """A commit hook does not wait for boto3."""
    code = "import sys, presswork_cli.app; sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_stack_that_says_later_is_one_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a state is imported a command says so, and ends as where there is no cloud."""

    def not_now(_: Deployed) -> Outputs:
        raise RetryLater("a state is being imported")

    monkeypatch.setattr(Deployed, "outputs", property(not_now))
    code, out, err = run(capsys, "verify", "--json")
    assert (code, out) == (Exit.NO_CLOUD, "")
    assert "not now: a state is being imported" in err


@pytest.mark.parametrize(
    ("code", "cure"), [("AccessDenied", "that right"), ("ThrottlingException", "try again")]
)
def test_what_aws_refuses_is_one_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, code: str, cure: str
) -> None:
    """Whatever the command was about to do: what AWS says, and the way out."""

    def refuse(_: Deployed) -> Outputs:
        error: Any = {"Error": {"Code": code, "Message": "No."}}
        raise ClientError(error, "DescribeStacks")

    monkeypatch.setattr(Deployed, "outputs", property(refuse))
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    exit_code, out, err = run(capsys, "verify", "--json")
    assert (exit_code, out) == (Exit.NO_CLOUD, "")
    assert "DescribeStacks" in err
    assert cure in " ".join(err.split())
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "expected"),
    [("presswork ", {"check", "heal", "local"}), ("presswork heal --", {"--of", "--refresh"})],
)
def test_completion_waits_for_no_cloud(words: str, expected: set[str]) -> None:
    """Verbs and options are completed without boto3, for which a shell would wait at each key."""
    code = (
        "import atexit, sys; from presswork_cli.app import main; "
        "atexit.register(lambda: print('boto3' in sys.modules)); main()"
    )
    position = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | position | {"_PRESSWORK_COMPLETE": "complete_bash"},
        capture_output=True,
        text=True,
        check=True,
    )
    *offered, is_loaded = answer.stdout.split()
    assert expected <= set(offered)
    assert is_loaded == "False"


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` says the one version that there is, which the package's metadata are made of."""
    assert run(capsys, "--version") == (0, f"presswork {__version__}\n", "")


def test_the_manual_is_that_of_the_code() -> None:
    """docs/cli.md is what `make docs` writes."""
    command = ["typer", "presswork_cli.app", "utils", "docs", "--name", "presswork"]
    answer = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=True
    )
    manual = (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")
    assert answer.stdout.strip() == manual.strip()


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """What is loaded late is in the list, too, and asks for help like the rest."""
    code, out, _ = run(capsys, "--help")
    assert code == 0
    commands = (
        "new import serve check preview build status publish remove open doctor logs explain "
        "images heal verify rebuild takedown deploy destroy cost export sync secret webhook local"
    )
    assert re.findall(r"^│ ([a-z]+) ", out, re.MULTILINE) == commands.split()
    assert "presswork local publish" in run(capsys, "local", "publish", "--help")[1]


def test_wrong_usage_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    """An option that does not exist is wrong usage."""
    assert run(capsys, "local", "up", "--no-such-option")[0] == 2


def test_a_bad_connect_to_starts_nothing(
    capsys: pytest.CaptureFixture[str], nowhere: list[str], tmp_path: Path
) -> None:
    """An option that cannot be used is told with its form, before a cloud is started for it."""
    code, _, err = run(capsys, *nowhere, "up", "--connect-to", "nonsense")
    assert code == 2
    assert "HOST:PORT:ADDRESS:PORT" in err
    assert list(tmp_path.iterdir()) == []


def test_two_files_of_one_key_are_refused(tmp_path: Path) -> None:
    """Of two files that would overwrite one another neither is uploaded."""
    files = [tmp_path / "a" / "x.md", tmp_path / "b" / "x.md"]
    for file in files:
        file.parent.mkdir()
        file.write_text("x")
    with pytest.raises(Failure, match=r"both belong under the key posts/x\.md"):
        publish.read([str(file) for file in files])


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["live", "draft", "skipped", "waiting"], 0),
        (["live", "rejected", "timeout"], 1),
        (["live", "timeout"], 3),
    ],
)
def test_the_exit_code_tells_the_worst_outcome(statuses: list[str], code: int) -> None:
    """1 when something was rejected, else 3 when something was not finished, else 0."""
    posts = tuple(PostAnswer(file="f", key="posts/f", status=status) for status in statuses)
    assert publish.exit_code(posts) == code


def test_a_rejection_reads_like_a_compilers(capsys: pytest.CaptureFixture[str]) -> None:
    """File, line, column, what is wrong, and the way out."""
    error = Error(rule="r", line=5, column=7, message="no such day", fix="Give another.")
    post = PostAnswer(file="drafts/a.md", key="posts/a.md", status="rejected", error=error)
    show.outcome(PublishAnswer(site="http://s", posts=(post,)))
    assert "drafts/a.md:5:7: no such day\n  fix: Give another." in capsys.readouterr().out


def test_a_live_post_ends_with_its_address_and_its_times(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The address, whole and on one line, then the seconds of each stage."""
    stages = (Stage(stage="parse", seconds=0.5), Stage(stage="index", seconds=1.25))
    url = "http://s/2025/01/" + "x" * 120 + "/"
    post = PostAnswer(file="a.md", key="posts/a.md", status="live", url=url, stages=stages)
    show.outcome(PublishAnswer(site="http://s", posts=(post,)))
    out = capsys.readouterr().out
    assert f"{url}\n" in out
    assert "parse 0.50 s  index 1.25 s" in out


def test_an_address_is_percent_encoded() -> None:
    """Paths are Unicode; addresses are ASCII."""
    assert publish.url_of("http://s/", "/2025/04/雨/") == "http://s/2025/04/%E9%9B%A8/"


def test_status_names_the_state_of_the_cloud(capsys: pytest.CaptureFixture[str]) -> None:
    """Which folder it is depends on where one stands."""
    outputs = Outputs(SiteUrl="http://d.cloudfront.localhost:4566")
    answer = StatusAnswer(
        running=True, endpoint="http://127.0.0.1:4566", region="r", stack="s", outputs=outputs
    )
    show.status(answer, state="/blog/.presswork")
    out = capsys.readouterr().out
    assert "State     /blog/.presswork\n" in out
    assert "Logs      /blog/.presswork/logs\n" in out
    show.status(answer)
    assert "State" not in capsys.readouterr().out
