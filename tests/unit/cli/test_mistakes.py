"""Mistakes of an operator: each ends with its cure, and docs/operate.md quotes the message."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from presswork_cli import app
from presswork_cli.local.layout import REPOSITORY
from presswork_cli.operate import stack as of_stack
from presswork_cli.printing.answers import Outputs

MANUAL = " ".join((REPOSITORY / "docs" / "operate.md").read_text(encoding="utf-8").split())


@dataclass
class Aws:
    """An AWS on this machine that answers each action of CloudFormation as it is told to."""

    url: str = ""
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)

    def refuse(self, code: str, message: str, status: int = 400) -> None:
        """Every action ends with this error."""
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        self.answers["DescribeStacks"] = (status, f"<ErrorResponse>{error}</ErrorResponse>")

    def describe(self, stacks: Mapping[str, tuple[str, ...]]) -> None:
        """These are the stacks, by the names of their outputs."""
        members = "".join(
            f"<member><StackName>{name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>"
            f"<CreationTime>2026-11-29T10:00:00Z</CreationTime><Outputs>{_outputs(keys)}</Outputs>"
            "</member>"
            for name, keys in stacks.items()
        )
        result = f"<DescribeStacksResult><Stacks>{members}</Stacks></DescribeStacksResult>"
        self.answers["DescribeStacks"] = (
            200,
            f"<DescribeStacksResponse>{result}</DescribeStacksResponse>",
        )


def _outputs(keys: tuple[str, ...]) -> str:
    return "".join(
        f"<member><OutputKey>{key}</OutputKey><OutputValue>x</OutputValue></member>" for key in keys
    )


@pytest.fixture
def aws() -> Iterator[Aws]:
    """It is asked over HTTP, by the very client that asks AWS."""
    aws = Aws()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            (action,) = parse_qs(body.decode())["Action"]
            status, answer = aws.answers[action]
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        aws.url = f"http://127.0.0.1:{server.server_port}"
        yield aws
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder and an environment that say nothing of AWS but who asks."""
    for name in ("REGION", "DEFAULT_REGION", "PROFILE", "SESSION_TOKEN", "ENDPOINT_URL"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    monkeypatch.delenv("PRESSWORK_STACK", raising=False)
    monkeypatch.setenv("PRESSWORK_STATE", str(tmp_path / "state"))  # no local cloud runs there
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.chdir(tmp_path)
    for remembered in (of_stack._made, of_stack._session):
        remembered.cache_clear()
    yield
    for remembered in (of_stack._made, of_stack._session):
        remembered.cache_clear()


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """The exit code of a command, and its message in one line."""

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.argv", ["presswork", *arguments])
            with pytest.raises(SystemExit) as end:
                app.main()
        output = capsys.readouterr()
        assert output.out == ""
        assert "Traceback" not in output.err
        return int(end.value.code or 0), " ".join(output.err.split())

    return run


Told = Callable[..., tuple[int, str]]


def quoted(message: str) -> bool:
    """Whether the manual has the message as it is."""
    return message in MANUAL


def test_no_region(told: Told) -> None:
    """A command does not guess where the stack is."""
    code, message = told("status")
    assert code == 3
    assert message == (
        "presswork: AWS cannot be asked: You must specify a region: name one with --region, by "
        "AWS_REGION, or with `aws configure set region`"
    )
    assert quoted(message)


def test_no_credentials(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has logged in on this machine."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    code, message = told("publish", __file__, "--region", "eu-west-1")
    assert code == 3
    assert message == (
        "presswork: AWS cannot be asked: Unable to locate credentials: log in with `aws configure` "
        "or `aws sso login`, or name a --profile"
    )
    assert quoted(message)


def test_an_unknown_profile(told: Told) -> None:
    """A misspelled one is not passed over."""
    code, message = told("status", "--profile", "blgo", "--region", "eu-west-1")
    assert code == 3
    assert message == (
        "presswork: AWS cannot be asked: The config profile (blgo) could not be found: `aws "
        "configure list-profiles` names those that there are"
    )
    assert quoted(message)


@pytest.mark.parametrize("named", [(), ("--stack", "blog")])
def test_an_expired_login(told: Told, aws: Aws, named: tuple[str, ...]) -> None:
    """A token lasts some hours; that is no reason to doubt the name of a stack."""
    aws.refuse("ExpiredToken", "The security token included in the request is expired", 403)
    code, message = told("status", *named, "--region", "eu-west-1", "--endpoint-url", aws.url)
    assert code == 3
    assert message == (
        "presswork: AWS answers: An error occurred (ExpiredToken) when calling the DescribeStacks "
        "operation: The security token included in the request is expired: log in again, with "
        "`aws sso login` or as you did before"
    )
    assert quoted(message)


def test_a_clock_that_is_wrong(told: Told, aws: Aws) -> None:
    """AWS takes the time of a request for a part of its signature."""
    why = "Signature expired: 20261129T093000Z is now earlier than 20261129T095500Z"
    aws.refuse("InvalidSignatureException", why, 403)
    code, message = told("status", "--region", "eu-west-1", "--endpoint-url", aws.url)
    assert code == 3
    assert message == (
        "presswork: AWS answers: An error occurred (InvalidSignatureException) when calling the "
        f"DescribeStacks operation: {why}: set the clock of this machine: AWS takes requests of "
        "the last five minutes only"
    )
    assert quoted(message)


def test_no_right(told: Told, aws: Aws) -> None:
    """The action is named, as whoever grants it has to know."""
    why = (
        "User: arn:aws:iam::123456789012:user/me is not authorized to perform: "
        "cloudformation:DescribeStacks"
    )
    aws.refuse("AccessDenied", why, 403)
    code, message = told("status", "--region", "eu-west-1", "--endpoint-url", aws.url)
    assert code == 3
    assert message == (
        "presswork: AWS answers: An error occurred (AccessDenied) when calling the DescribeStacks "
        f"operation: {why}: ask who administers the account for that right: "
        "cloudformation:DescribeStacks"
    )
    assert quoted(message)


def test_a_stack_that_is_not_there(told: Told, aws: Aws) -> None:
    """Another name or another region: both are asked back."""
    aws.refuse("ValidationError", "Stack with id blgo does not exist")
    where = ("--region=eu-west-1", "--endpoint-url", aws.url)
    code, message = told("status", "--stack", "blgo", *where)
    assert code == 3
    assert message == (
        "presswork: no stack blgo was found on AWS (Stack with id blgo does not exist): name it "
        "with --stack and --region, make one with `presswork deploy`, or use `presswork local` for "
        "the cloud on this machine"
    )
    assert quoted(message)


def test_a_stack_of_another_kind(told: Told, aws: Aws) -> None:
    """Nothing is written into the buckets of others."""
    aws.describe({"shop": ("ContentBucket",)})
    where = ("--stack", "shop", "--region", "eu-west-1", "--endpoint-url", aws.url)
    code, message = told("publish", __file__, *where)
    assert code == 3
    assert message == (
        "presswork: the stack shop is CREATE_COMPLETE and has no output SiteBucket: see `presswork "
        "doctor` if it is Presswork, or name another with --stack"
    )
    assert quoted(message)


def test_two_stacks(told: Told, aws: Aws) -> None:
    """None is guessed."""
    ours = tuple(Outputs.model_fields)
    aws.describe({"blog": ours, "notes": ours, "shop": ()})
    code, message = told("status", "--region", "eu-west-1", "--endpoint-url", aws.url)
    assert code == 2
    assert message == (
        "presswork: 2 stacks in eu-west-1 are Presswork's: blog, notes: choose one with --stack "
        "NAME, or by PRESSWORK_STACK"
    )
    assert quoted(message)


def test_an_endpoint_where_nobody_answers(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cloud on this machine that does not run any more, say."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    where = ("--region", "us-east-1", "--endpoint-url", "http://127.0.0.1:9")
    code, message = told("status", *where)
    assert code == 3
    assert message == (
        "presswork: AWS cannot be asked: Could not connect to the endpoint URL: "
        '"http://127.0.0.1:9/": '
        "see whether region, endpoint and credentials are those meant, and try again"
    )
    assert quoted(message)


def test_a_samconfig_that_is_broken(told: Told, tmp_path: Path) -> None:
    """Another stack might be acted on, if it was passed over."""
    (tmp_path / "samconfig.toml").write_text("[default.deploy.parameters\n")
    code, message = told("status")
    assert code == 2
    assert message.startswith(f"presswork: {tmp_path}/samconfig.toml is no TOML: ")
    assert message.endswith(": mend it, or delete it")
    assert quoted("samconfig.toml is no TOML: ")


def test_a_port_in_use(told: Told, tmp_path: Path) -> None:
    """A port that was named is never swapped for another."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        code, message = told("local", "--state", str(tmp_path), "up", "--port", port)
    assert code == 2
    message = message[message.index("presswork: ") :].replace(port, "4566")
    assert message == (
        "presswork: port 4566 is taken: name another with --port, or leave --port away to get a "
        "free one"
    )
    assert quoted(message)
