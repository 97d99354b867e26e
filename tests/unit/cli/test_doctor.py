"""`presswork doctor`: what keeps an account or a stack from publishing, and the cure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from typer.testing import CliRunner

from presswork.clock import utc_now
from presswork_cli.app import app
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate import doctor
from presswork_cli.operate.stack import Deployed, Stack
from presswork_cli.printing.answers import Check

EVERYTHING = {
    "MailFrom": "from@example.org",
    "MailTo": "to@example.org",
    "AuthorEmail": "author@example.org",
    "HookUrl": "https://hooks.example.org/",
}


@dataclass
class Account(Stack):
    """An account with a stack in it, as healthy as one can be until a test makes it ill.

    It is a client of every service at once.
    """

    parameters: Mapping[str, str] = field(default_factory=lambda: dict(EVERYTHING))
    status: str = "UPDATE_COMPLETE"
    deployed: bool = True
    concurrency: int = 1000
    reserved: int = 0
    in_sandbox: bool = False
    stopped: bool = False
    confirmed: Sequence[str] = ("from@example.org", "to@example.org", "author@example.org")
    secrets: Sequence[str] = ("/presswork/presswork/hook",)
    denied: Sequence[str] = ()
    clock_behind: timedelta = timedelta(0)
    region_name: str = "eu-west-1"

    @property
    def meta(self) -> "Account":
        """What boto3 says of a client."""
        return self

    def get_caller_identity(self) -> dict[str, Any]:
        """Who asks, and when by AWS's clock."""
        headers = {"date": format_datetime(utc_now() + self.clock_behind)}
        arn = "arn:aws:iam::123456789012:user/me"
        return {
            "Arn": arn,
            "Account": "123456789012",
            "ResponseMetadata": {"HTTPHeaders": headers},
        }

    def client(self, service: str) -> Any:
        """The client of a service that the caller has a right to."""
        if service in self.denied:
            raise ClientError(
                {"Error": {"Code": "AccessDeniedException", "Message": f"Not {service}."}}, "Get"
            )
        return self

    def absent(self, why: str) -> Failure:
        """The failure of a stack that is not there."""
        return Failure(f"no stack ({why})", Exit.NO_CLOUD)

    def refresh(self, paths: Sequence[str]) -> None:
        """Nothing is refreshed."""
        raise AssertionError(paths)

    def get_account_settings(self) -> dict[str, Any]:
        """Lambda's limits."""
        left = self.concurrency - self.reserved
        limit = {"ConcurrentExecutions": self.concurrency, "UnreservedConcurrentExecutions": left}
        return {"AccountLimit": limit}

    def describe_stacks(self, **request: str) -> dict[str, Any]:
        """CloudFormation's answer about the stack."""
        if not self.deployed:
            why = f"Stack with id {request['StackName']} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": why}}, "Get")
        listed = [
            {"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()
        ]
        outputs = [{"OutputKey": "DistributionDomain", "OutputValue": "d1.cloudfront.net"}]
        return {"Stacks": [{"StackStatus": self.status, "Parameters": listed, "Outputs": outputs}]}

    def get_account(self) -> dict[str, Any]:
        """What SES lets the account do."""
        return {
            "ProductionAccessEnabled": not self.in_sandbox,
            "SendingEnabled": not self.stopped,
        }

    def get_email_identity(self, **request: str) -> dict[str, Any]:
        """An identity of SES."""
        identity = request["EmailIdentity"]
        if identity == "unheard@example.org":
            raise ClientError({"Error": {"Code": "NotFoundException", "Message": "No."}}, "Get")
        return {"VerifiedForSendingStatus": identity in self.confirmed}

    def get_parameter(self, **request: str) -> dict[str, Any]:
        """A secret, which nobody decrypts here."""
        if request["Name"] not in self.secrets:
            raise ClientError({"Error": {"Code": "ParameterNotFound", "Message": "No."}}, "Get")
        return {"Parameter": {}}


def checks(account: Account) -> dict[str, Check]:
    """What was found, by the name of each check; each comes once."""
    found = doctor.examine(account).checks
    by_name = {each.check: each for each in found}
    assert len(by_name) == len(found)
    return by_name


def test_a_healthy_account_is_fine() -> None:
    """Every check is made, and none has anything to cure."""
    found = checks(Account())
    assert list(found) == [
        *("credentials", "clock", "region", "concurrency"),
        *("stack", "sender", "sandbox", "hook", "domain"),
    ]
    assert {(each.verdict, each.fix) for each in found.values()} == {("ok", "")}


@pytest.mark.parametrize(
    ("account", "check", "verdict", "message", "fix"),
    [
        (
            Account(concurrency=10),
            "concurrency",
            "warned",
            "10 functions may run",
            "quota-increase",
        ),
        (Account(reserved=990), "concurrency", "warned", "10 functions may run", "reserve 990:"),
        (
            Account(status="UPDATE_ROLLBACK_COMPLETE"),
            "stack",
            "failed",
            "ROLLBACK",
            "describe-stack",
        ),
        (Account(status="CREATE_FAILED"), "stack", "failed", "CREATE_FAILED", "describe-stack"),
        (Account(status="UPDATE_IN_PROGRESS"), "stack", "warned", "IN_PROGRESS", "again"),
        (Account(deployed=False), "stack", "failed", "No stack", "Deploy"),
        (Account(confirmed=()), "sender", "failed", "from@example.org", "create-email-identity"),
        (
            Account(parameters={"MailFrom": "unheard@example.org"}),
            "sender",
            "failed",
            "unheard@example.org",
            "create-email-identity",
        ),
        (
            Account(in_sandbox=True, confirmed=("from@example.org", "to@example.org")),
            "sandbox",
            "failed",
            "confirmed: author@example.org.",
            "production",
        ),
        (Account(stopped=True), "sandbox", "failed", "stopped", "console"),
        (Account(secrets=()), "hook", "failed", "/presswork/presswork/hook", "secret set hook"),
        (Account(denied=("sts",)), "credentials", "failed", "Not sts.", "that right"),
        (
            Account(clock_behind=timedelta(minutes=9)),
            "clock",
            "warned",
            "seconds behind that of AWS",
            "Set the",
        ),
        (Account(region_name="cn-north-1"), "region", "failed", "cn-north-1", "--region"),
        (Account(denied=("sesv2",)), "sandbox", "warned", "Not sesv2.", "that right"),
    ],
)
def test_what_is_ill_is_told_with_its_cure(
    account: Account, check: str, verdict: str, message: str, fix: str
) -> None:
    """One check tells of it, and the others are made all the same."""
    found = checks(account)
    assert found[check].verdict == verdict
    assert message in found[check].message
    assert fix in found[check].fix
    assert "concurrency" in found


@pytest.mark.parametrize(
    ("account", "check"),
    [
        (Account(parameters={}), "sender"),
        (Account(parameters={}, stopped=True), "sandbox"),
        (Account(parameters={}, secrets=()), "hook"),
        (Account(in_sandbox=True), "sandbox"),
        (Account(confirmed=("example.org",)), "sender"),
        (Account(concurrency=doctor.AT_ONCE), "concurrency"),
    ],
)
def test_what_nobody_misses_is_no_illness(account: Account, check: str) -> None:
    """No mail and no hook need nothing; a domain speaks for its addresses."""
    assert checks(account)[check].verdict == "ok"


@pytest.mark.parametrize(
    ("account", "code"),
    [(Account(), 0), (Account(concurrency=10), 0), (Account(secrets=()), 1)],
)
def test_the_command_fails_where_something_does(
    monkeypatch: pytest.MonkeyPatch, account: Account, code: int
) -> None:
    """A program reads the checks as JSON; a person reads the cures."""
    monkeypatch.setattr(Deployed, "client", lambda _self, service: account.client(service))
    told = CliRunner().invoke(app, ["doctor", "--json"])
    assert told.exit_code == code, told.output
    answer = json.loads(told.stdout)
    assert (answer["format"], answer["stack"]) == (1, "presswork")
    said = CliRunner().invoke(app, ["doctor"]).stdout
    assert all(each["fix"] in said for each in answer["checks"])
    assert all(each["message"] in said for each in answer["checks"])


def test_without_credentials_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be looked at then, and the exit code says so."""

    def refuse(*_: object) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr(Deployed, "client", refuse)
    told = CliRunner().invoke(app, ["doctor"])
    assert told.exit_code == 1
    assert "Unable to locate credentials" in told.stdout
    credentials = told.stdout.index("credentials")
    assert told.stdout.index("aws configure") > credentials


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        ({"www.example.org": ("d1.cloudfront.net", [], ["192.0.2.1"])}, "ok"),
        (
            {
                "www.example.org": ("www.example.org", [], ["192.0.2.1"]),
                "d1.cloudfront.net": ("d1.cloudfront.net", [], ["192.0.2.2", "192.0.2.1"]),
            },
            "ok",
        ),
        ({"www.example.org": ("www.example.org", [], ["192.0.2.9"])}, "warned"),
        ({}, "warned"),
    ],
)
def test_an_own_name_leads_to_the_distribution(
    monkeypatch: pytest.MonkeyPatch, names: Mapping[str, Any], verdict: str
) -> None:
    """As another name of it, or by an address of both; a name that nobody knows does not."""

    def resolve(host: str) -> Any:
        if host not in names:
            raise OSError(host)
        return names[host]

    monkeypatch.setattr("socket.gethostbyname_ex", resolve)
    found = checks(Account(parameters={"DomainName": "www.example.org"}))["domain"]
    assert found.verdict == verdict
    assert verdict == "ok" or "CNAME of d1.cloudfront.net" in found.fix
