"""`presswork deploy`: what is asked, what SAM is told, and what goes wrong before it is."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from presswork_cli.app import app
from presswork_cli.deploy import questions, sam_cli
from presswork_cli.deploy.template import Template
from presswork_cli.failure import Failure
from presswork_cli.local.layout import REPOSITORY, Layout
from presswork_cli.operate.stack import Deployed
from presswork_cli.printing.answers import Outputs, StatusAnswer

TEMPLATE = Template.read(REPOSITORY / "template.yaml")
OURS = [{"OutputKey": name, "OutputValue": "x"} for name in Outputs.model_fields]

SAM = f"""#!{sys.executable}
import json, os, pathlib, sys
with open(os.environ["SAM_SAID"], "a") as said:
    answer = sys.stdin.readline().strip() if sys.argv[1] == "deploy" else ""
    print(json.dumps([sys.argv[1:], answer]), file=said)
if "--config-file" in sys.argv:
    assert pathlib.Path(sys.argv[sys.argv.index("--config-file") + 1]).exists()
pathlib.Path(".aws-sam/build").mkdir(parents=True, exist_ok=True)
print("SAM speaks")
sys.exit(int(os.environ.get("SAM_EXIT", "0")))
"""


@dataclass
class Account:
    """An account, and the stacks in it: a client of every service at once."""

    stacks: list[dict[str, Any]] = field(default_factory=list)
    expired: bool = False
    region_name: str = "eu-west-1"

    @property
    def meta(self) -> "Account":
        """What boto3 says of a client."""
        return self

    def get_caller_identity(self) -> dict[str, str]:
        """Who asks, unless that was too long ago."""
        if self.expired:
            error: Any = {"Error": {"Code": "ExpiredToken", "Message": "It is expired"}}
            raise ClientError(error, "GetCallerIdentity")
        return {"Account": "123456789012"}

    def get_email_identity(self, **request: str) -> dict[str, Any]:
        """SES knows one domain, and whoever asks sees it."""
        if request["EmailIdentity"] != "example.com":
            error: Any = {"Error": {"Code": "NotFoundException", "Message": "No."}}
            raise ClientError(error, "GetEmailIdentity")
        return {}

    def get_paginator(self, operation: str) -> "Account":
        """CloudFormation's stacks."""
        assert operation == "describe_stacks"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        """They all fit on one page."""
        return [{"Stacks": self.stacks}]


def stack(status: str = "CREATE_COMPLETE", *, ours: bool = True, **parameters: str) -> Any:
    """A stack, as CloudFormation describes it."""
    listed = [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()]
    outputs = OURS if ours else []
    return {
        "StackName": "blog",
        "StackStatus": status,
        "Parameters": listed,
        "Outputs": outputs,
    }


@dataclass
class Machine:
    """A folder, with a SAM CLI on the PATH that only takes down what it is told."""

    folder: Path
    account: Account

    def deploy(self, *words: str, typed: str = "") -> Any:
        """One run of the command, against the one stack of the tests."""
        return CliRunner().invoke(
            app, ["--stack", "blog", "--region", "eu-west-1", "deploy", *words], input=typed
        )

    @property
    def said(self) -> dict[str, tuple[list[str], str]]:
        """What each verb of SAM was told, and was answered."""
        file = self.folder / "said"
        lines = file.read_text().splitlines() if file.exists() else []
        runs = [json.loads(line) for line in lines]
        assert len({words[0] for words, _ in runs}) == len(runs)
        return {words[0]: (words[1:], answer) for words, answer in runs}

    @property
    def parameters(self) -> dict[str, str]:
        """The values that the stack was deployed with."""
        words, _ = self.said["deploy"]
        pairs = words[words.index("--parameter-overrides") + 1 :]
        return {name: json.loads(value) for name, _, value in (p.partition("=") for p in pairs)}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """With a Python for the functions, too."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (
        ("sam", SAM),
        ("python3.12", f'#!/bin/sh\nexec {sys.executable} "$@"\n'),
        ("python3.13", "#!/bin/sh\nexit 127\n"),
    ):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    account = Account()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("SAM_SAID", str(tmp_path / "said"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sam_cli, "program", lambda _: _on_path(tmp_path))
    monkeypatch.setattr(Deployed, "client", lambda *_: account)
    monkeypatch.setattr("presswork_cli.operate.status.status_of", _status)
    return Machine(tmp_path, account)


def _on_path(folder: Path) -> Path:
    """The SAM CLI of the test, also where the locked one is installed."""
    return _PROGRAM(Layout(tools=folder))


_PROGRAM = sam_cli.program


def _status(stack: Deployed, endpoint: str, region: str) -> StatusAnswer:
    outputs = Outputs(SiteUrl="https://d1.cloudfront.net", ContentBucket="content")
    return StatusAnswer(
        running=True, endpoint=endpoint, region=region, stack=stack.name, outputs=outputs
    )


def test_every_parameter_has_its_place() -> None:
    """A new one is asked for, or is there by its name alone: whoever adds it decides."""
    by_name = {"Architecture", "PythonRuntime", "Alarms", "Dashboard", "Tracing", "QuietSeconds"}
    assert TEMPLATE.parameters.keys() == {*questions.ASKED, *questions.NEVER, *by_name}
    assert questions.ASKED.keys() >= questions.NEEDED


def test_what_the_template_keeps_is_read_from_it() -> None:
    """That is what `destroy` leaves."""
    assert set(TEMPLATE.retained) == {
        *("ContentBucket", "VaultBucket", "SiteBucket", "Table"),
        "SenderIdentity",
    }


def test_enter_is_the_usual_answer(machine: Machine) -> None:
    """Only what is of use is asked for; SAM is told everything, and shows the changes itself."""
    done = machine.deploy(typed="\n" * 4)
    assert done.exit_code == 0, done.output
    usual = {name: each.default for name, each in TEMPLATE.parameters.items()}
    usual = {name: usual[name] for name in usual if name not in questions.NEVER}
    assert machine.parameters == usual | {"PythonRuntime": "python3.12"}
    words, _ = machine.said["deploy"]
    assert words[: words.index("--parameter-overrides")] == [
        *("--template-file", ".aws-sam/build/template.yaml", "--stack-name", "blog"),
        *("--capabilities", "CAPABILITY_IAM", "--resolve-s3", "--confirm-changeset"),
        *("--no-fail-on-empty-changeset", "--config-file", str(machine.folder / "samconfig.toml")),
        *("--save-params", "--region", "eu-west-1"),
    ]
    words, _ = machine.said["build"]
    assert words == [
        *("--template-file", str(REPOSITORY / "template.yaml"), "--build-dir", ".aws-sam/build"),
        *("--cached", "--parameter-overrides"),
        *('Architecture="arm64"', 'PythonRuntime="python3.12"'),
    ]
    assert "The site's own host name" in done.stderr
    assert "MailTo" not in done.stderr
    assert "https://d1.cloudfront.net" in done.stdout
    assert " publish hello.md` for its page" in done.stdout


def test_an_answer_leads_to_further_questions(machine: Machine) -> None:
    """Mail has three more; an answer that CloudFormation would refuse is asked for again."""
    typed = ["", "", "nobody", "me@example.org", "existing", "all@example.org", "", ""]
    done = machine.deploy(typed="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert "MailFrom is one mail address." in done.stderr
    chosen = {name: machine.parameters[name] for name in ("MailFrom", "MailIdentity", "MailTo")}
    assert chosen == {
        "MailFrom": "me@example.org",
        "MailIdentity": "existing",
        "MailTo": "all@example.org",
    }


def test_a_domain_cannot_go_without_its_certificate(machine: Machine) -> None:
    """Asked, it is asked for until it is there; unasked, both or neither are given."""
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/0a"
    done = machine.deploy(typed=f"www.example.org\n\n{arn}\n\n\n\n")
    assert done.exit_code == 0, done.output
    assert machine.parameters["CertificateArn"] == arn
    (machine.folder / "said").unlink()
    done = machine.deploy("--yes", "--parameter", "DomainName=www.example.org")
    assert isinstance(done.exception, Failure)
    assert "DomainName wants a CertificateArn: give both, or neither" in done.exception.message
    assert machine.said == {}


@pytest.mark.parametrize(
    ("sender", "found"),
    [("me@example.com", "existing"), ("me@example.org", "create"), ("", "create")],
)
def test_an_identity_that_is_there_is_not_created(
    machine: Machine, sender: str, found: str
) -> None:
    """SES would refuse that, and the whole stack with it; what the stack says itself stays."""
    assert machine.deploy("--yes", "--parameter", f"MailFrom={sender}").exit_code == 0
    assert machine.parameters["MailIdentity"] == found
    (machine.folder / "said").unlink()
    machine.account.stacks = [stack(MailFrom=sender, MailIdentity="create")]
    assert machine.deploy("--yes").exit_code == 0
    assert machine.parameters["MailIdentity"] == "create"


def test_yes_asks_nothing(machine: Machine) -> None:
    """What is not said stays as it is or as usual, and SAM's own question is answered."""
    machine.account.stacks = [stack(HookUrl="https://h.example/", QuietSeconds="5", LocalPort="")]
    done = machine.deploy("--yes", "--json", "--parameter", "QuietSeconds=7")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["stack"] == "blog"
    assert machine.parameters["HookUrl"] == "https://h.example/"
    assert machine.parameters["QuietSeconds"] == "7"
    assert machine.said["deploy"][1] == "y"


@pytest.mark.parametrize(
    "overrides",
    [
        'parameter_overrides = \'HookUrl="https://h.example/" Tracing=yes MailTo=""\'',
        "parameter_overrides = ['HookUrl=\"https://h.example/\"', 'Tracing=yes']",
        "parameter_overrides = { HookUrl = 'https://h.example/', Tracing = 'yes' }",
    ],
)
def test_what_samconfig_keeps_is_the_answer_of_enter(machine: Machine, overrides: str) -> None:
    """In each form that SAM writes; `-` makes an answer empty again."""
    (machine.folder / "samconfig.toml").write_text(
        f"[default.deploy.parameters]\nstack_name = 'blog'\n{overrides}\n"
    )
    machine.account.stacks = [stack(HookUrl="https://old.example/", Dashboard="yes")]
    assert machine.deploy(typed="\n" * 4).exit_code == 0
    chosen = {name: machine.parameters[name] for name in ("HookUrl", "Tracing", "Dashboard")}
    assert chosen == {"HookUrl": "https://h.example/", "Tracing": "yes", "Dashboard": "yes"}
    (machine.folder / "said").unlink()
    assert machine.deploy(typed="\n\n\n-\n").exit_code == 0
    assert machine.parameters["HookUrl"] == ""


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("ConnectTo=a:1:b:2", "give NAME=VALUE with one of these names: AlarmEmail, "),
        ("LocalPort=4566", "give NAME=VALUE with one of these names: "),
        ("Colour=red", "--parameter Colour=red: give NAME=VALUE"),
        ("MailFrom", "--parameter MailFrom: give NAME=VALUE"),
        ("Tracing=perhaps", "Tracing=perhaps: Tracing is yes or no."),
        ("QuietSeconds=901", "QuietSeconds is a number from 0 to 900."),
        ("PythonRuntime=python3.13", "python3.13 is not on the PATH"),
    ],
)
def test_a_parameter_that_cannot_be_is_told_before_anything_is_built(
    machine: Machine, word: str, message: str
) -> None:
    """Also those that only tests and the local cloud may set."""
    done = machine.deploy("--yes", "--parameter", word)
    assert isinstance(done.exception, Failure), done.output
    assert message in done.exception.message
    assert machine.said == {}


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (
            stack("ROLLBACK_COMPLETE", ours=False),
            "cannot be changed: take it away with `presswork destroy`, and deploy again",
        ),
        (
            stack("UPDATE_IN_PROGRESS"),
            "is being changed (UPDATE_IN_PROGRESS): wait until it ended",
        ),
        (
            stack(ours=False),
            "it is none of Presswork; choose another name with --stack",
        ),
    ],
)
def test_a_stack_that_cannot_be_changed_is_told_first(
    machine: Machine, found: Mapping[str, Any], message: str
) -> None:
    """Before anybody answers questions in vain."""
    machine.account.stacks = [dict(found)]
    done = machine.deploy("--yes")
    assert isinstance(done.exception, Failure), done.output
    assert done.exception.message.startswith("the stack blog is ")
    assert done.exception.message.endswith(message)
    assert machine.said == {}


def test_a_change_that_nobody_confirmed_yet_is_no_obstacle(machine: Machine) -> None:
    """A stack of a first change set that was declined has no outputs."""
    machine.account.stacks = [stack("REVIEW_IN_PROGRESS", ours=False)]
    assert machine.deploy("--yes").exit_code == 0


def test_an_expired_login_is_told_before_the_questions(machine: Machine) -> None:
    """Nothing is asked or built first."""
    machine.account.expired = True
    done = machine.deploy()
    assert isinstance(done.exception, ClientError)
    assert done.stderr == ""


def test_where_nobody_answers_the_other_way_is_named(machine: Machine) -> None:
    """A job of a build server has no one to ask."""
    done = machine.deploy(typed="")
    assert isinstance(done.exception, Failure)
    assert "nobody answered; without questions it goes with --yes" in done.exception.message


def test_sam_that_fails_ends_it(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it said stands above; nothing is deployed that was not built."""
    monkeypatch.setenv("SAM_EXIT", "1")
    done = machine.deploy("--yes")
    assert isinstance(done.exception, Failure)
    assert done.exception.message.startswith("`sam build` failed, and said why above")
    assert machine.said.keys() == {"build"}


def test_without_sam_the_way_to_it_is_told(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked for among the locked tools, and on the PATH."""
    monkeypatch.setenv("PATH", "/nowhere")
    done = machine.deploy("--yes")
    assert isinstance(done.exception, Failure)
    assert "install it with `pipx install aws-sam-cli`" in done.exception.message


def test_without_a_python_for_the_functions_the_way_to_it_is_told(machine: Machine) -> None:
    """One that a version manager has a name for, and nothing more, does not count."""
    (machine.folder / "bin" / "python3.12").unlink()
    done = machine.deploy("--yes")
    assert isinstance(done.exception, Failure)
    assert "python3.13 or python3.12 is not on the PATH" in done.exception.message
    assert machine.said == {}


@pytest.mark.parametrize(("region", "name"), [("here", "blog"), ("eu-west-1", "my blog")])
def test_a_name_that_aws_would_refuse_is_told_first(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, region: str, name: str
) -> None:
    """Of a stack or a region, asked for or read from a file."""
    monkeypatch.delenv("AWS_REGION", raising=False)
    (machine.folder / "samconfig.toml").write_text(
        f"[default.deploy.parameters]\nstack_name = '{name}'\nregion = '{region}'\n"
    )
    done = CliRunner().invoke(app, ["deploy", "--yes"])
    assert isinstance(done.exception, Failure), done.output
    assert machine.said == {}


def test_the_stack_that_is_there_is_the_usual_answer(machine: Machine) -> None:
    """Whoever named it once has no second one by leaving its name away; of two none is guessed."""
    machine.account.stacks = [stack()]
    done = CliRunner().invoke(app, ["--region", "eu-west-1", "deploy", "--yes"])
    assert done.exit_code == 0, done.output
    words, _ = machine.said["deploy"]
    assert words[words.index("--stack-name") + 1] == "blog"
    (machine.folder / "said").unlink()
    machine.account.stacks = [stack(), stack() | {"StackName": "notes"}]
    done = CliRunner().invoke(app, ["--region", "eu-west-1", "deploy", "--yes"])
    assert isinstance(done.exception, Failure)
    assert "2 stacks in eu-west-1 are Presswork's: blog, notes" in done.exception.message
    assert machine.said == {}
