"""`sam build` and `sam deploy` of the real template into the local cloud."""

import base64
import json
import os
import platform
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import ClientError

from presswork.post import Model
from presswork_cli.failure import Exit, Failure
from presswork_cli.local import bytecode, emulator
from presswork_cli.local.cloud import Cloud
from presswork_cli.local.emulator import REGION, Record
from presswork_cli.local.layout import Layout
from presswork_cli.options import STACK
from presswork_cli.printing import terminal

ARTIFACTS = "presswork-artifacts"
WEBHOOK_SECRET = f"/presswork/{STACK}/webhooks/default"
HOOK_SECRET = f"/presswork/{STACK}/hook"

_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_FIRST_PAGES_SECONDS = 60.0
_SECRET_BYTES = 32  # Standard Webhooks, "Signature scheme": between 24 and 64 bytes
_RELEVANT = re.compile(r"_FAILED|^Error|Error:|rror: ")
_RELEVANT_LINES = 12


class Options(Model):
    """What `local up` can set; a stack keeps what the newest `up` said."""

    connect_to: tuple[str, ...] = ()
    hook: str = ""
    mail_from: str = "presswork@example.com"
    mail_to: str = "readers@example.com"
    author_email: str = "author@example.com"
    quiet_seconds: int = 60


def start(layout: Layout, options: Options, port: int | None = None) -> Cloud:
    """Starts the cloud unless it runs, and deploys into it."""
    record = emulator.running(layout)
    if record is None:
        if emulator.was_cut_off(layout):
            terminal.say(
                "The cloud was cut off last time, before it could save: what was published since "
                "its start may be gone. `presswork local down --wipe` makes a new beginning."
            )
        record = emulator.start(layout, port)
        terminal.say(f"the cloud runs on {record.endpoint}")
    elif port not in (None, record.port):
        raise Failure(
            f"the local cloud runs on port {record.port}: stop it with `presswork local down` "
            "before it can move to another",
            Exit.USAGE,
        )
    return deploy(layout, record, options)


def deploy(layout: Layout, record: Record, options: Options) -> Cloud:
    """Brings the stack in the local cloud to what the repository says now; its data stays."""
    cloud = Cloud(record)
    _make_artifact_bucket(cloud)
    for name in (WEBHOOK_SECRET, HOOK_SECRET):
        _make_secret(cloud, name)
    parameters = _parameters(layout, record, options)
    with _step("sam build"):
        _sam(layout, record, "build", _build_arguments(layout, parameters))
        if sys.platform != "linux":
            drop_linux_wheels(layout.build)
        add_bytecode(layout.cloud_python, layout.build)
    with _step("sam deploy"):
        _sam(layout, record, "deploy", _deploy_arguments(layout, parameters))
    if options.mail_from:
        cloud.client("ses").verify_email_identity(EmailAddress=options.mail_from)
    with _step("first pages"):
        _make_first_pages(cloud)
    return cloud


def _make_first_pages(cloud: Cloud) -> None:
    """Runs maintain, as CloudFormation's event does on AWS: the site's address answers at once."""
    name = cloud.resource("MaintainFunction")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"time": now}))
    deadline = time.monotonic() + _FIRST_PAGES_SECONDS
    while time.monotonic() < deadline:
        site = cloud.stores.sites.read()
        if site.base_published == site.build:
            return
        time.sleep(0.1)
    raise Failure(
        "the site's first pages were not made in time: `presswork local status` names the logs",
        Exit.NO_CLOUD,
    )


def add_bytecode(python: Path | str, build: Path) -> None:
    """Compiles what was built, for the Python that will run it."""
    done = subprocess.run(  # noqa: S603 - runs this repository's own tools
        [str(python), bytecode.__file__, str(build)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"what was built is no Python:\n{done.stdout}{done.stderr}", Exit.NO_CLOUD)


def drop_linux_wheels(build: Path) -> None:
    """Takes the libraries out of what was built: the cloud's own environment has them for here.

    `sam build` fetches wheels for Lambda's Linux; the local cloud runs functions on this machine.
    """
    for folder in (build / "SharedLayer" / "python", build / "ImagesFunction"):
        for entry in folder.iterdir():
            if entry.name in ("presswork", "app.py"):
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def _parameters(layout: Layout, record: Record, options: Options) -> dict[str, str]:
    machine = platform.machine().lower()
    if machine not in _MACHINES:
        raise Failure(f"the local cloud runs on x86_64 and arm64, not on {machine}", Exit.NO_CLOUD)
    return {
        "Architecture": _MACHINES[machine],
        "PythonRuntime": layout.runtime(),
        "LocalPort": str(record.port),
        "ConnectTo": ",".join(options.connect_to),
        "HookUrl": options.hook,
        "MailFrom": options.mail_from,
        "MailTo": options.mail_to,
        "AuthorEmail": options.author_email,
        "QuietSeconds": str(options.quiet_seconds),
    }


def _build_arguments(layout: Layout, parameters: dict[str, str]) -> list[str]:
    return [
        "--template-file",
        str(layout.template),
        "--build-dir",
        str(layout.build),
        "--cache-dir",
        str(layout.state / "cache"),
        "--cached",
        *_overrides(parameters),
    ]


def _deploy_arguments(layout: Layout, parameters: dict[str, str]) -> list[str]:
    return [
        "--template-file",
        str(layout.build / "template.yaml"),
        "--stack-name",
        STACK,
        "--s3-bucket",
        ARTIFACTS,
        "--capabilities",
        "CAPABILITY_IAM",
        "CAPABILITY_AUTO_EXPAND",
        "--no-confirm-changeset",
        "--no-fail-on-empty-changeset",
        "--no-progressbar",
        *_overrides(parameters),
    ]


def _overrides(parameters: dict[str, str]) -> list[str]:
    """Every parameter, in quotes also when empty: one left away would keep its last value."""
    return [
        "--parameter-overrides",
        *(f'{name}="{value}"' for name, value in parameters.items()),
    ]


def _sam(layout: Layout, record: Record, verb: str, arguments: Sequence[str]) -> None:
    config = layout.state / "samconfig.toml"  # the repository's own is for AWS
    config.write_text("version = 0.1\n")
    log = layout.log(verb)
    with log.open("w") as output:
        done = subprocess.run(  # noqa: S603 - runs this repository's own tools
            [layout.sam, verb, "--config-file", config, "--region", REGION, *arguments],
            cwd=layout.state,  # sam keeps its dependencies below the folder it runs in
            env=_environment(layout, record),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise Failure(
            f"`sam {verb}` failed:\n{_relevant_lines(log)}\nThe whole log is {log}", Exit.NO_CLOUD
        )


def _environment(layout: Layout, record: Record) -> dict[str, str]:
    """The caller's environment, for the settings of pip, without anything that points at AWS."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "SAM_CLI_", "PYTHON")) and name != "VIRTUAL_ENV"
    }
    path = [str(Path(sys.executable).parent), str(layout.sam.parent), kept.get("PATH", os.defpath)]
    return kept | {
        "PATH": os.pathsep.join(path),
        "AWS_ENDPOINT_URL": record.endpoint,
        "AWS_ACCESS_KEY_ID": record.access_key,
        "AWS_SECRET_ACCESS_KEY": record.secret_key,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "1",
    }


def _relevant_lines(log: Path) -> str:
    lines = [line.rstrip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    relevant = [line for line in lines if _RELEVANT.search(line)] or lines
    return "\n".join(relevant[-_RELEVANT_LINES:])


def _make_artifact_bucket(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    if ARTIFACTS not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=ARTIFACTS)


def _make_secret(cloud: Cloud, name: str) -> None:
    """A secret in the form of Standard Webhooks, unless it is there."""
    value = "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    try:
        cloud.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise


@contextmanager
def _step(name: str) -> Iterator[None]:
    terminal.say(f"{name} …")
    started = time.monotonic()
    yield
    terminal.say(f"{name}: done in {time.monotonic() - started:.1f} s")
