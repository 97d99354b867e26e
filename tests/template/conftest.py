"""Three stacks of the one template: AWS with nothing set, AWS with everything set, and local."""

import pytest

from template.stack import Stack

EVERYTHING = {
    "DomainName": "www.example.org",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/abc",
    "AlarmEmail": "alarm@example.org",
    "Alarms": "full",
    "MonthlyBudget": "12.50",
    "Dashboard": "yes",
    "Tracing": "yes",
    "MailFrom": "from@example.org",
    "MailTo": "to@example.org",
    "AuthorEmail": "author@example.org",
    "HookUrl": "https://hooks.example.org/",
}
LOCAL_ACCOUNT = "000000000000"
LOCAL = EVERYTHING | {
    "DomainName": "",
    "CertificateArn": "",
    "Architecture": "x86_64",
    "PythonRuntime": "python3.11",
    "LocalPort": "4566",
    "ConnectTo": "img.example:443:127.0.0.1:8443",
}


@pytest.fixture(scope="session", params=["bare", "whole", "local"])
def stack(request: pytest.FixtureRequest) -> Stack:
    local = Stack(LOCAL, LOCAL_ACCOUNT)
    return {"bare": Stack({}), "whole": Stack(EVERYTHING), "local": local}[request.param]


@pytest.fixture(scope="session")
def whole() -> Stack:
    return Stack(EVERYTHING)


@pytest.fixture(scope="session")
def local() -> Stack:
    return Stack(LOCAL, LOCAL_ACCOUNT)
