"""The real template in the local cloud: built and deployed where something changed."""

import json
import platform
import sys
import time

from botocore.exceptions import ClientError

from presswork.post import Model
from presswork_cli.failure import Exit, Failure
from presswork_cli.local import (
    emulator,
    environments,
    inputs,
    layer,
    layer_versions,
    sam,
    saved,
    second_look,
    workers,
)
from presswork_cli.local.cloud import Cloud
from presswork_cli.local.emulator import Record
from presswork_cli.local.layout import Layout
from presswork_cli.local.saved import Save
from presswork_cli.operate import secret
from presswork_cli.options import STACK
from presswork_cli.printing import terminal
from presswork_cli.printing.steps import step

WEBHOOK_SECRET = f"/presswork/{STACK}/webhooks/default"
HOOK_SECRET = f"/presswork/{STACK}/hook"
DEPLOYED = f"/presswork/{STACK}/deployed"
"""What the stack was made of. The cloud itself remembers it: it may be wiped, or cut off."""

_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_FIRST_PAGES_SECONDS = 60.0


class Options(Model):
    """What `local up` can set; a stack keeps what the newest `up` said."""

    connect_to: tuple[str, ...] = ()
    hook: str = ""
    mail_from: str = "presswork@example.com"
    mail_to: str = "readers@example.com"
    author_email: str = "author@example.com"
    quiet_seconds: int = 60


class Made(Model):
    """What a stack is made of, by digests: each part is made anew where its own differs."""

    libraries: str
    build: str
    stack: str
    package: str

    @property
    def code(self) -> tuple[str, str]:
        """What workers read on disk: CloudFormation does not see it change."""
        return self.package, self.libraries


def start(layout: Layout, options: Options, port: int | None = None) -> Cloud:
    """Starts the cloud unless it runs, and deploys into it."""
    layer_versions.refuse_others(layout)
    environments.ready(layout, "cloud", "sam")
    record = emulator.running(layout)
    if record is None:
        return _start_again(layout, options, port)
    if port not in (None, record.port):
        raise Failure(
            f"the local cloud runs on port {record.port}: stop it with `presswork local down` "
            "before it can move to another",
            Exit.USAGE,
        )
    return deploy(layout, record, options)


def _start_again(layout: Layout, options: Options, port: int | None) -> Cloud:
    """Starts the cloud with what it saved; after a kill its files are newer, and looked at."""
    found = saved.find(layout.saves)
    is_cut_off = bool(found.damage) or emulator.was_cut_off(layout, found.save)
    for damage in found.damage:
        terminal.say(f"{damage}: the save before it is taken")
    if is_cut_off:
        terminal.say(_of_cut_off(found.save))
    with step("start"):
        record = emulator.start(layout, port, found.save)
    terminal.say(f"the cloud runs on {record.endpoint}")
    cloud = deploy(layout, record, options)
    if is_cut_off and (moved := second_look.have_looked_at_again(cloud)):
        terminal.say(f"looked at again, since they changed after that: {', '.join(moved)}")
    return cloud


def _of_cut_off(save: Save | None) -> str:
    """What an end without a save means: what the files tell comes back, and what was sent not."""
    if save is None:
        return "The cloud was cut off before it had saved anything: it begins anew."
    return (
        f"The cloud was cut off last time: it begins with what it held at {save.at:%H:%M:%S} UTC, "
        "and looks at every file that changed since. Mail or hooks sent since may be sent again."
    )


def deploy(layout: Layout, record: Record, options: Options) -> Cloud:
    """Brings the stack in the local cloud to what the repository says now; its data stays."""
    cloud = Cloud(record)
    parameters = _parameters(layout, record, options)
    made, before = _made(layout, parameters), _before(cloud)
    is_stack_new = before is None or before.stack != made.stack
    is_code_new = before is None or before.code != made.code or not layer.in_force(layout)
    if is_stack_new or not layer.has_libraries(layout, made.libraries):
        _build(layout, record, parameters, made)
    if is_stack_new or is_code_new:
        with step("the package"):
            layer.copy_package(layout, made.package)
        layer.put_in_force(layout, made.libraries, made.package)
    if is_stack_new:
        _deploy(layout, cloud, parameters)
        cloud = Cloud(record)  # what is remembered of the stack before is out of date
        if options.mail_from:
            cloud.client("ses").verify_email_identity(EmailAddress=options.mail_from)
    if is_code_new:
        with step("new workers"):
            workers.begin_anew(cloud)
        layer.discard_others(layout)
    with step("the functions"):
        workers.warm(layout, cloud)
    with step("first pages"):
        _await_first_pages(cloud)
    if made != before:
        _remember(cloud, made)
        with step("save"):
            emulator.save_now(layout, record)
    return cloud


def _build(layout: Layout, record: Record, parameters: dict[str, str], made: Made) -> None:
    """Builds the functions and the libraries, unless the last build was made of the same."""
    is_built = layout.built.exists() and layout.built.read_text() == made.build
    if is_built and layer.has_libraries(layout, made.libraries):
        return
    layout.built.unlink(missing_ok=True)
    with step("sam build", lambda: sam.last_line(layout, "build")):
        sam.build(layout, record, parameters)
    with step("bytecode"):
        layer.keep_libraries(layout, made.libraries)
        sam.add_bytecode(layout.cloud_python, layout.build)
        layer.link(layout, parameters["PythonRuntime"])
    layout.built.write_text(made.build)


def _deploy(layout: Layout, cloud: Cloud, parameters: dict[str, str]) -> None:
    _make_artifact_bucket(cloud)
    for name in (WEBHOOK_SECRET, HOOK_SECRET):
        _make_secret(cloud, name)
    with step("sam deploy", lambda: sam.last_line(layout, "deploy")):
        sam.deploy(layout, cloud.record, parameters)
        workers.limit(cloud)


def _made(layout: Layout, parameters: dict[str, str]) -> Made:
    """What the repository would make now."""
    runtime = parameters["PythonRuntime"], parameters["Architecture"], sys.platform
    libraries = inputs.digest([layout.requirements], *runtime)
    locks = sorted(layout.functions.glob("*/requirements.txt"))
    tools = [layout.repository / "requirements" / "sam.txt"]
    build = inputs.digest([layout.template, *locks, *tools], libraries, layer.line(layout))
    return Made(
        libraries=libraries,
        build=build,
        stack=inputs.digest([], build, json.dumps(parameters)),
        package=inputs.digest([layout.package, layout.functions]),
    )


def _before(cloud: Cloud) -> Made | None:
    """What the stack was made of, provided that there is one and it came to its end."""
    try:
        answer = cloud.client("ssm").get_parameter(Name=DEPLOYED)
        _ = cloud.description
    except (ClientError, Failure):
        return None
    return Made.model_validate_json(answer["Parameter"]["Value"])


def _remember(cloud: Cloud, made: Made) -> None:
    cloud.client("ssm").put_parameter(
        Name=DEPLOYED, Value=made.model_dump_json(), Type="String", Overwrite=True
    )


def _await_first_pages(cloud: Cloud) -> None:
    """Waits for what maintain has made, as on AWS after a deployment: the address answers then."""
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


def _make_artifact_bucket(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    if sam.ARTIFACTS not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=sam.ARTIFACTS)


def _make_secret(cloud: Cloud, name: str) -> None:
    """A secret in the form of Standard Webhooks, unless it is there."""
    try:
        cloud.client("ssm").put_parameter(Name=name, Value=secret.made(), Type="SecureString")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise
