"""What a person who deploys is asked."""

import re

import pytest

from template.stack import Stack

BARE = Stack({})
PARAMETERS = BARE.source["Parameters"]

GOOD = {
    "Architecture": ["arm64", "x86_64"],
    "PythonRuntime": ["python3.11", "python3.12", "python3.13"],
    "DomainName": ["", "www.example.org", "a-b.c.museum"],
    "CertificateArn": ["", "arn:aws:acm:us-east-1:123456789012:certificate/12ab-cd"],
    "AlarmEmail": ["", "ops@example.org"],
    "Alarms": ["essential", "full"],
    "MonthlyBudget": ["", "0", "5", "12.50", "1000000"],
    "Dashboard": ["yes", "no"],
    "Tracing": ["yes", "no"],
    "MailFrom": ["", "news@example.org"],
    "MailIdentity": ["create", "existing"],
    "MailTo": ["", "list+all@lists.example.org"],
    "AuthorEmail": ["", "author@example.org"],
    "HookUrl": ["", "https://example.org", "https://example.org:8443/in?x=1"],
    "QuietSeconds": ["0", "60", "900"],
    "ConnectTo": ["", "a.example:443:127.0.0.1:8443", "a:80:127.0.0.1:1,b:443:127.0.0.1:2"],
    "LocalPort": ["", "4566"],
}
BAD = {
    "Architecture": ["", "amd64"],
    "PythonRuntime": ["", "python3.10", "3.13"],
    "DomainName": ["https://example.org", "example.org/", "EXAMPLE.org", "-a.org", "localhost"],
    "CertificateArn": ["arn:aws:acm:eu-west-1:123456789012:certificate/12ab", "certificate/12ab"],
    "AlarmEmail": ["ops", "ops@example", "a b@example.org"],
    "Alarms": ["", "all"],
    "MonthlyBudget": ["-5", "05", "5,00", "$5", "1e3", "5.123"],
    "Dashboard": ["", "true"],
    "Tracing": ["", "Active"],
    "MailFrom": ["news", "a@b.org c@d.org"],
    "MailIdentity": ["", "none"],
    "MailTo": ["@example.org", "a@b.org,c@d.org"],
    "AuthorEmail": ["author@", "author@example"],
    "HookUrl": ["example.org", "ftp://example.org", "https://", "https:///path"],
    "QuietSeconds": ["", "-1", "901", "060", "1.5"],
    "ConnectTo": ["a.example:443", "a:443:127.0.0.1", "a:443:127.0.0.1:8443,"],
    "LocalPort": ["0", "http", "123456"],
}


def accepts(name: str, value: str) -> bool:
    """Whether CloudFormation takes this value; it matches a pattern against the whole."""
    parameter = PARAMETERS[name]
    if "AllowedValues" in parameter:
        return value in parameter["AllowedValues"]
    return re.fullmatch(parameter["AllowedPattern"], value) is not None


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_says_what_it_wants(name: str) -> None:
    """Each has a description, a default that it takes, and words for what it does not take."""
    parameter = PARAMETERS[name]
    assert parameter["Description"].endswith(".")
    assert parameter["ConstraintDescription"].startswith(f"{name} is ")
    assert accepts(name, parameter["Default"])


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in GOOD.items() for v in values])
def test_a_good_value_is_taken(name: str, value: str) -> None:
    """What people rightly write passes."""
    assert accepts(name, value)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in BAD.items() for v in values])
def test_a_bad_value_is_refused(name: str, value: str) -> None:
    """What would fail later fails at once."""
    assert not accepts(name, value)


def test_every_parameter_is_tried() -> None:
    """No parameter without good and bad examples."""
    assert set(GOOD) == set(BAD) == set(PARAMETERS)


def test_aws_runs_a_python_that_pillow_has_wheels_for(stack: Stack) -> None:
    """python3.11 is for the local cloud; on AWS it is refused before anything is made."""
    assert stack.refusals == []
    on_aws = Stack({"PythonRuntime": "python3.11"})
    assert on_aws.refusals == ["On AWS, PythonRuntime is python3.12 or python3.13."]


LOCAL_PYTHON = {"PythonRuntime": "python3.11", "LocalPort": "4566"}


@pytest.mark.parametrize(
    ("given", "account", "why"),
    [
        ({"LocalPort": "4566"}, "123456789012", ["On AWS, LocalPort is empty."]),
        (LOCAL_PYTHON, "000000000000", []),
        ({"ConnectTo": "a:80:127.0.0.1:1"}, "123456789012", ["On AWS, ConnectTo is empty."]),
        ({"ConnectTo": "a:80:127.0.0.1:1", **LOCAL_PYTHON}, "000000000000", []),
        ({"DomainName": "www.example.org"}, "123456789012", ["DomainName wants a CertificateArn."]),
        (
            {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/abc"},
            "123456789012",
            ["CertificateArn wants a DomainName."],
        ),
    ],
)
def test_what_does_not_go_together_is_refused(
    given: dict[str, str], account: str, why: list[str]
) -> None:
    """What is for the local cloud is refused on AWS, and half of a domain is refused anywhere.

    A rule may refer to the account: AWS CloudFormation User Guide, "Get AWS values using pseudo
    parameters". The local cloud's is 000000000000, which is nobody's on AWS.
    """
    assert Stack(given, account).refusals == why


def test_nothing_opens_loopback_by_default() -> None:
    """ConnectTo is empty unless somebody sets it."""
    assert PARAMETERS["ConnectTo"]["Default"] == ""


def test_every_parameter_is_used() -> None:
    """None is asked for in vain."""
    rest = {key: value for key, value in BARE.source.items() if key != "Parameters"}
    for name in PARAMETERS:
        assert f"'{name}'" in str(rest) or f"${{{name}}}" in str(rest), name
