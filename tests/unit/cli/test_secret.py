"""`presswork secret set`: in the form that senders sign with, and told only once."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from standardwebhooks import Webhook
from typer.testing import CliRunner

from presswork_cli.app import app
from presswork_cli.failure import Failure
from presswork_cli.operate import secret
from presswork_cli.operate.stack import Deployed

MADE = "whsec_" + "A" * 43 + "="


class Parameters:
    """SSM, with the parameters of one account."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get_parameter(self, **request: Any) -> dict[str, Any]:
        """A parameter, as it is kept."""
        assert request["WithDecryption"] is False
        if request["Name"] not in self.values:
            error: Any = {"Error": {"Code": "ParameterNotFound", "Message": "No."}}
            raise ClientError(error, "GetParameter")
        return {"Parameter": {"Value": "encrypted"}}

    def put_parameter(self, **request: Any) -> None:
        """Sets a parameter; a secret is nothing but a SecureString."""
        assert (request["Type"], request["Overwrite"]) == ("SecureString", True)
        self.values[request["Name"]] = request["Value"]


@pytest.fixture
def parameters(monkeypatch: pytest.MonkeyPatch) -> Parameters:
    """Those of the account where the stack `blog` is."""
    parameters = Parameters()
    monkeypatch.setattr(Deployed, "client", lambda *_: parameters)
    return parameters


def give(*words: str, typed: str = "") -> Any:
    """One run of the command."""
    return CliRunner().invoke(app, ["--stack", "blog", "secret", "set", *words], input=typed)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [("default", "/presswork/blog/webhooks/default"), ("hook", "/presswork/blog/hook")],
)
def test_a_secret_is_made_and_told_once(parameters: Parameters, name: str, parameter: str) -> None:
    """Standard output is the secret and nothing else; a sender can sign with it."""
    done = give(name)
    assert done.exit_code == 0, done.output
    assert parameters.values == {parameter: done.stdout.strip()}
    assert parameter in done.stderr
    Webhook(done.stdout.strip())
    assert secret.made() != secret.made()


def test_one_that_is_there_is_replaced_only_with_a_yes(parameters: Parameters) -> None:
    """Whoever signs with the old one is refused from then on."""
    give("default")
    before = dict(parameters.values)
    done = give("default", typed="n\n")
    assert done.exit_code == 1
    assert "is refused until they have the new one" in done.stderr
    assert parameters.values == before
    done = give("default", "--yes", "--json")
    answer = json.loads(done.stdout)
    assert (answer["replaced"], answer["secret"]) == (True, *parameters.values.values())
    assert parameters.values != before


def test_a_secret_of_others_comes_by_standard_input(parameters: Parameters) -> None:
    """It is not printed again, not even in JSON."""
    done = give("default", "--stdin", "--json", typed=f"{MADE}\n")
    assert done.exit_code == 0, done.output
    assert parameters.values == {"/presswork/blog/webhooks/default": MADE}
    assert json.loads(done.stdout)["secret"] is None
    assert MADE not in done.output


@pytest.mark.parametrize(
    "text", ["", "secret", "whsec_", "whsec_" + "A" * 8, MADE[6:], "whsec_é", "whsec_" + "A" * 200]
)
def test_what_nobody_can_sign_with_is_refused(parameters: Parameters, text: str) -> None:
    """The message shows how to make one."""
    done = give("default", "--stdin", typed=text)
    assert isinstance(done.exception, Failure)
    assert "openssl rand -base64 32" in done.exception.message
    assert parameters.values == {}


@pytest.mark.parametrize("name", ["Default", "a/b", "", "-a", "../hook"])
def test_a_name_of_no_source_is_refused(parameters: Parameters, name: str) -> None:
    """The webhook would refuse every post of it."""
    done = give("--", name)
    assert isinstance(done.exception, Failure)
    assert "names no source" in done.exception.message
    assert parameters.values == {}


def test_no_secret_is_on_the_command_line() -> None:
    """There is no option that takes one."""
    shown = CliRunner().invoke(app, ["secret", "set", "--help"]).stdout.split()
    assert {word for word in shown if word.startswith("--")} == {
        *("--stdin", "--yes", "--json", "--help"),
    }
