"""What `local up` builds, deploys and begins anew, by what changed; `sam` is a script here."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from presswork_cli.failure import Exit, Failure
from presswork_cli.local import deployment, emulator, workers
from presswork_cli.local.deployment import Options, deploy
from presswork_cli.local.emulator import Record
from presswork_cli.local.layout import Layout

RECORD = Record(pid=1, port=4566, access_key="presswork", secret_key="s")
SAM = """
echo "sam $1" >> {log}
test "$1" = build || exit 0
cd {build}
mkdir -p SharedLayer/python/presswork SharedLayer/python/library ParseFunction
echo 1 > ParseFunction/app.py
"""


class Account:
    """What an emulated account remembers as long as it is not wiped."""

    def __init__(self) -> None:
        self.parameters: dict[str, str] = {}
        self.done: list[str] = []

    def client(self, _: str) -> "Account":
        """One client stands for all services."""
        return self

    def get_parameter(self, **request: str) -> dict[str, Any]:
        """A parameter of SSM."""
        if request["Name"] not in self.parameters:
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return {"Parameter": {"Value": self.parameters[request["Name"]]}}

    def put_parameter(self, **request: Any) -> None:
        """Keeps a parameter of SSM."""
        self.parameters[request["Name"]] = request["Value"]

    def list_buckets(self) -> dict[str, Any]:
        """The bucket of artifacts is there."""
        return {"Buckets": [{"Name": "presswork-artifacts"}]}

    def verify_email_identity(self, **_: str) -> None:
        """A sender counts as confirmed."""


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account in which nothing was deployed; what is asked of functions is noted."""
    account = Account()
    site = SimpleNamespace(base_published="now", build="now")
    cloud = SimpleNamespace(
        client=account.client,
        record=RECORD,
        description={},
        stores=SimpleNamespace(sites=SimpleNamespace(read=lambda: site)),
    )
    monkeypatch.setattr(deployment, "Cloud", lambda _: cloud)
    for name in ("limit", "begin_anew"):
        monkeypatch.setattr(workers, name, lambda _, name=name: account.done.append(name))
    monkeypatch.setattr(workers, "warm", lambda *_: account.done.append("warm"))
    monkeypatch.setattr(emulator, "save_now", lambda *_: account.done.append("save"))
    return account


@pytest.fixture
def layout(tmp_path: Path, account: Account) -> Layout:
    """A repository of one function and one module."""
    layout = Layout(
        repository=tmp_path / "repository", state=tmp_path / "state", tools=tmp_path / "tools"
    )
    layout.log("build").parent.mkdir(parents=True)
    layout.build.mkdir()
    program = "#!/bin/sh" + SAM.format(log=tmp_path / "sam.log", build=layout.build)
    for path, text in (
        (layout.template, "Resources:\n"),
        (layout.functions / "parse" / "app.py", "import presswork\n"),
        (layout.package / "__init__.py", ""),
        (layout.package / "site" / "theme" / "base.html", "<html>"),
        (layout.requirements, "library==1\n"),
        (layout.tools / "sam" / "bin" / "sam", program),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    layout.sam.chmod(0o755)
    python = layout.tools / "cloud" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    account.done.clear()
    return layout


@pytest.fixture
def up(layout: Layout, account: Account) -> Callable[..., list[str]]:
    """One `up`: what was done for it, in order."""
    log = layout.repository.parent / "sam.log"

    def run(**options: Any) -> list[str]:
        account.done.clear()
        log.unlink(missing_ok=True)
        deploy(layout, RECORD, Options(**options))
        return [*(log.read_text().splitlines() if log.exists() else []), *account.done]

    return run


ALL = ["sam build", "sam deploy", "limit", "begin_anew", "warm", "save"]


def test_a_first_up_does_everything(up: Callable[..., list[str]]) -> None:
    """Build, deploy, and every function warm in the end."""
    assert up() == ALL


def test_nothing_is_built_or_deployed_where_nothing_changed(up: Callable[..., list[str]]) -> None:
    """The functions are warm, and that is all."""
    up()
    assert up() == ["warm"]


CODE = ("__init__.py", "new.py", "site/theme/base.html")


@pytest.mark.parametrize(
    "file", [*(f"shared/presswork/{name}" for name in CODE), "functions/parse/app.py"]
)
def test_new_code_needs_new_workers_alone(
    up: Callable[..., list[str]], layout: Layout, file: str
) -> None:
    """Modules, the theme and functions are read on disk: SAM has no part in it."""
    up()
    (layout.repository / file).write_text("# changed\n")
    assert up() == ["begin_anew", "warm", "save"]
    assert up() == ["warm"]


def test_the_template_is_deployed_when_it_changes(
    up: Callable[..., list[str]], layout: Layout
) -> None:
    """CloudFormation brings it to the stack; the code stays as it is."""
    up()
    layout.template.write_text("# changed\n")
    assert up() == ["sam build", "sam deploy", "limit", "warm", "save"]
    assert up() == ["warm"]


def test_new_libraries_of_a_function_are_built(
    up: Callable[..., list[str]], layout: Layout
) -> None:
    """Its lock is deployed with it, and so it is code that is new, too."""
    up()
    (layout.functions / "parse" / "requirements.txt").write_text("library==3\n")
    assert up() == ALL
    assert up() == ["warm"]


def test_new_libraries_are_built(up: Callable[..., list[str]], layout: Layout) -> None:
    """The lock says which there are."""
    up()
    layout.requirements.write_text("library==2\n")
    assert up() == ALL
    assert len(list(layout.layer.glob("libraries-*"))) == 1


def test_other_options_are_deployed_and_build_nothing(up: Callable[..., list[str]]) -> None:
    """They are parameters of the stack."""
    up()
    assert up(hook="http://hooks.example/") == ["sam deploy", "limit", "warm", "save"]


def test_a_wiped_cloud_is_deployed_without_a_build(
    up: Callable[..., list[str]], account: Account
) -> None:
    """What was deployed is remembered by the cloud, what was built by the folder."""
    up()
    account.parameters.clear()
    assert up() == ["sam deploy", "limit", "begin_anew", "warm", "save"]


def test_a_layer_that_is_gone_is_made_again(up: Callable[..., list[str]], layout: Layout) -> None:
    """Who deletes the folder gets another."""
    up()
    layout.layer.rename(layout.state / "elsewhere")
    assert up() == ["sam build", "begin_anew", "warm"]


def test_an_up_that_did_not_come_to_its_end_is_taken_up(
    up: Callable[..., list[str]], layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is deployed is remembered when the functions have started, and not before."""
    up()
    (layout.package / "__init__.py").write_text("# changed\n")

    def fail(*_: Any) -> None:
        raise Failure("does not start", Exit.NO_CLOUD)

    with monkeypatch.context() as patch:
        patch.setattr(workers, "warm", fail)
        with pytest.raises(Failure, match="does not start"):
            up()
    assert up() == ["begin_anew", "warm", "save"]
