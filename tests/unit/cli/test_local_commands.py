"""What `presswork local` says and writes where no cloud runs, and what of it is told elsewhere."""

import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presswork_cli import app
from presswork_cli.failure import Failure
from presswork_cli.local import commands, deployment, emulator, layout
from presswork_cli.local.emulator import Record
from presswork_cli.operate import stack as of_stack
from presswork_cli.printing import show, terminal
from presswork_cli.printing.answers import BackfillProgress, Outputs, StatusAnswer

Told = Callable[..., tuple[int, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of an installed Presswork's user, who never set up AWS."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "PRESSWORK_")):
            monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(layout, "IS_INSTALLED", True)
    monkeypatch.setattr(layout, "_tools", lambda: tmp_path / "tools")
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    for remembered in (of_stack._made, of_stack._session):
        remembered.cache_clear()
    return home


@pytest.fixture
def site(home: Path) -> Path:
    """A site in that folder."""
    site = home / "my-blog"
    (site / "posts").mkdir(parents=True)
    (site / "site.yaml").write_text("title: Mine\n")
    (site / "posts" / "hello.md").write_text("---\ntitle: Hello\ndate: 2026-01-01\n---\nHello.\n")
    return site


@pytest.fixture
def cloud(site: Path) -> Iterator[Record]:
    """A cloud of the site that runs, as far as its lock and its record tell."""
    record = Record(pid=os.getpid(), port=9, access_key="a", secret_key="s", run="one")
    state = site / ".presswork"
    state.mkdir()
    (state / "cloud.json").write_text(record.model_dump_json())
    with (state / "alive.lock").open("a") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        yield record


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """The exit code of a command, and its message in one line."""

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.argv", ["presswork", *arguments])
            with pytest.raises(SystemExit) as end:
                app.main()
        output = capsys.readouterr()
        return int(end.value.code or 0), " ".join(output.err.split())

    return run


NO_REGION = (
    "presswork: AWS cannot be asked: You must specify a region: name one with --region, by "
    "AWS_REGION, or with `aws configure set region`"
)


@pytest.mark.parametrize("verb", ["sync .", "publish posts/hello.md", "open", "status"])
@pytest.mark.usefixtures("cloud")
def test_who_asks_aws_beside_a_local_cloud_is_told_of_it(
    site: Path, told: Told, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """A newcomer forgets `local`; nothing of AWS is set up."""
    monkeypatch.chdir(site)
    name, *_ = verb.split()
    hint = f". A local cloud runs here: `presswork local {name} …`"
    assert told(*verb.split()) == (3, NO_REGION + hint)


@pytest.mark.usefixtures("cloud")
def test_who_has_no_credentials_is_told_of_the_local_cloud(
    site: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A region alone is no account."""
    monkeypatch.chdir(site)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    _, message = told("open")
    assert "Unable to locate credentials" in message
    assert message.endswith("A local cloud runs here: `presswork local open …`")


def test_without_a_local_cloud_aws_is_all_that_is_told(
    site: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to hint at."""
    monkeypatch.chdir(site)
    assert told("open") == (3, NO_REGION)


@pytest.mark.usefixtures("cloud")
def test_a_damaged_record_does_not_hide_what_aws_says(
    site: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hint is left out where it cannot be made."""
    monkeypatch.chdir(site)
    (site / ".presswork" / "cloud.json").write_text("{")
    assert told("open") == (3, NO_REGION)


@pytest.mark.usefixtures("cloud")
def test_a_verb_of_aws_alone_has_no_local_one(
    site: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`presswork local destroy` is no command."""
    monkeypatch.chdir(site)
    assert told("destroy", "--yes") == (3, NO_REGION)


def test_a_cloud_is_found_by_the_file_that_is_given(site: Path, cloud: Record) -> None:
    """From one folder above; without a file there is none where one stands."""
    target = commands.OnThisMachine(layout.Layout())
    assert target.connect("my-blog/posts/hello.md").endpoint == cloud.endpoint
    assert target.connect(site).endpoint == cloud.endpoint
    with pytest.raises(Failure, match="no local cloud runs here"):
        target.connect()


@pytest.mark.parametrize("verb", ["sync my-blog", "publish my-blog/posts/hello.md"])
@pytest.mark.parametrize("way", ["--state", "PRESSWORK_STATE"])
@pytest.mark.usefixtures("cloud")
def test_a_state_that_is_named_wins(
    home: Path, told: Told, monkeypatch: pytest.MonkeyPatch, verb: str, way: str
) -> None:
    """Also over the site of the file; and nothing is written there."""
    other = home / "other"
    if way == "--state":
        code, message = told("local", "--state", str(other), *verb.split())
    else:
        monkeypatch.setenv(way, str(other))
        code, message = told("local", *verb.split())
    assert (code, message) == (
        3,
        "presswork: no local cloud runs here: start one with `presswork local up`",
    )
    assert not other.exists()


@pytest.mark.parametrize("verb", ["sync my-blog", "publish my-blog/posts/hello.md"])
def test_the_cloud_of_the_site_is_the_one_to_start(site: Path, told: Told, verb: str) -> None:
    """Else a second one was begun where one stands; and nothing is written."""
    before = sorted(site.parent.rglob("*"))
    code, message = told("local", *verb.split())
    assert code == 3
    assert message == (
        f"presswork: no local cloud runs in {site}: start one there with `presswork local --state "
        "my-blog/.presswork up`"
    )
    assert sorted(site.parent.rglob("*")) == before


def test_nothing_to_stop_is_no_reason_to_start(home: Path, told: Told) -> None:
    """`down` names the folder, advises nothing, and creates nothing."""
    assert told("local", "down") == (
        3,
        f"presswork: no local cloud runs in {home}/.presswork: nothing is to be stopped",
    )
    assert list(home.iterdir()) == []


def test_a_second_down_says_the_same(site: Path, told: Told) -> None:
    """A cloud that is down already has left its state."""
    state = site / ".presswork"
    state.mkdir()
    (state / "busy.lock").touch()
    code, message = told("local", "--state", str(state), "down")
    assert (code, message) == (
        3,
        f"presswork: no local cloud runs in {state}: nothing is to be stopped",
    )


def test_a_port_that_is_taken_leaves_nothing_behind(
    home: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing was started there is nothing to ignore, to lock or to wipe."""
    monkeypatch.setattr(deployment, "start", lambda layout, _, port: emulator.start(layout, port))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, words = told("local", "up", "--port", str(port))
    assert (code, f"port {port} is taken" in words) == (2, True)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "verb"),
    [(".", "publish FILE..."), ("my-blog", "sync ."), ("my-blog/posts", "sync ..")],
)
def test_up_names_what_comes_next(
    site: Path, monkeypatch: pytest.MonkeyPatch, told: Told, folder: str, verb: str
) -> None:
    """With a site all of it is sent; without one, files."""
    monkeypatch.chdir(site.parent / folder)
    monkeypatch.setattr(deployment, "start", lambda *_: None)
    monkeypatch.setattr(commands, "_tell_status", lambda *_, **__: None)
    monkeypatch.setattr(terminal, "results", terminal.progress)
    assert told("local", "up") == (0, f"Next: `presswork local {verb}`")


@pytest.mark.parametrize(
    ("sent", "done", "line"),
    [
        (0, True, ""),
        (34, True, "Rebuild   every post was looked at again: 34\n"),
        (0, False, "Rebuild   looks at every post again: 0 so far\n"),
        (20, False, "Rebuild   looks at every post again: 20 so far\n"),
    ],
)
def test_status_tells_of_a_rebuild_as_far_as_there_is_one(
    capsys: pytest.CaptureFixture[str], sent: int, line: str, *, done: bool
) -> None:
    """A new cloud has looked at no post again, and says nothing of that."""
    answer = StatusAnswer(running=True, endpoint="", region="r", stack="s", outputs=Outputs())
    show.status(answer)
    without = capsys.readouterr().out
    show.status(answer.model_copy(update={"sweep": BackfillProgress(sent=sent, done=done)}))
    assert capsys.readouterr().out == without + line
