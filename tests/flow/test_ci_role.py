"""The role of a pipeline may do what `sync` does, and nothing else: ci-role.yaml."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flow.recorded import QUEUES, Recorder, WatchedClient
from flow.test_sync import Author, Folder, InARow
from flow.world import SITE_URL, World, picture, plain
from presswork.aws.stores import Stores
from presswork.aws.table import Table
from presswork_cli.operate import follow
from presswork_cli.operate.stack import Deployed
from presswork_cli.printing.answers import Outputs
from presswork_cli.sync import run as run_module
from template.ci_role import ACCOUNT, RoleStack
from template.rights import Use, grants, refused, unused

ROLE = "Role"
OURS = frozenset({("aws:ResourceAccount", ACCOUNT)})


class OfPipeline(Recorder):
    """Notes what a pipeline makes use of, also of what no stage asks for."""

    def _needs(self, role: str, operation: str, request: Any, answer: str) -> Iterator[Use]:
        for use in super()._needs(role, operation, request, answer):
            of_bucket = use.action.startswith("s3:")
            yield Use(use.role, use.action, use.resource, OURS) if of_bucket else use

    def _on_services(self, role: str, operation: str, request: Any) -> Iterator[Use]:
        if operation.startswith("Describe"):
            yield Use(role, f"cloudformation:{operation}", f"stack/{request['StackName']}/id")
        else:
            yield from super()._on_services(role, operation, request)


class CloudFormation:
    """What CloudFormation tells of a stack."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.meta = SimpleNamespace(region_name="eu-west-1")

    def describe_stacks(self, *, StackName: str) -> Any:  # noqa: N803 - as boto3 has it
        """Its outputs."""
        outputs = dict.fromkeys(Outputs.model_fields, "x") | {
            "ContentBucket": "content",
            "SiteUrl": SITE_URL,
            "Table": "table",
        }
        listed = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
        return {"Stacks": [{"StackName": StackName, "Outputs": listed}]}

    def describe_stack_resource(self, *, StackName: str, LogicalResourceId: str) -> Any:  # noqa: ARG002, N803 - as boto3 has it
        """A queue of it."""
        (name,) = [name for name, queue in QUEUES.items() if queue == LogicalResourceId]
        return {"StackResourceDetail": {"PhysicalResourceId": self._world.urls[name]}}


class SyncedByPipeline(Deployed):
    """A stack as a pipeline reaches it, every call of which is noted."""

    def __init__(self, world: World) -> None:
        super().__init__("Stack")
        self.world, self.author = world, Author(world)
        queues = {world.urls[name]: f"Stack-{queue}-1a2b3c" for name, queue in QUEUES.items()}
        of_stack = {"content": "Stack-contentbucket-1a2b3c", "table": "table/Stack-Table-1A2B3C"}
        self.recorder = OfPipeline(names=of_stack | queues)
        self._table = Table(self.client("dynamodb"), "table")

    def client(self, service: str) -> Any:
        """A client of the world."""
        clients = {
            "cloudformation": CloudFormation(self.world),
            "s3": self.author,
            "sqs": self.world.sqs,
            "dynamodb": self.world.dynamodb,
        }
        return WatchedClient(clients[service], self.recorder)

    @property
    def stores(self) -> Any:
        """What the stages have written by now."""
        self.world.run()
        return Stores(self._table)


@pytest.fixture
def folder(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A site with some of all that a folder may hold."""
    stack = SyncedByPipeline(world)
    monkeypatch.setattr("presswork_cli.operate.stack.Deployed", lambda *_: stack)
    monkeypatch.setattr(run_module, "ThreadPoolExecutor", InARow)
    monkeypatch.setattr(follow, "_PAUSE", 0)
    monkeypatch.setattr(follow, "_SHARE", 0)
    monkeypatch.setattr(follow, "_LISTEN", 0)
    folder = Folder(tmp_path / "blog", stack)  # type: ignore[arg-type]
    files: dict[str, str | bytes] = {
        "site.yaml": "title: Harbour\n",
        "theme/base.html": '<!-- ours -->{% extends "default/base.html" %}',
        "theme/theme.css": "body { color: teal }",
        "static/cv.txt": "Born by the sea.",
        "assets/logo.jpg": picture(),
        "posts/sea/index.md": plain("Sea", "![A boat](boat.jpg)"),
        "posts/sea/boat.jpg": picture("navy"),
        "posts/plain.md": plain("Plain", slug="plain"),
        "posts/lost.md": plain("Lost"),
        "pages/about.md": plain("About"),
    }
    return folder.write(**files)


def history(folder: Folder) -> None:
    """What is there already, all, nothing, edits, renames, deletions, what others did."""
    world = folder.stack.world
    for name in (
        *("site.yaml", "theme/base.html", "static/cv.txt", "assets/logo.jpg"),
        *("pages/about.md", "posts/lost.md"),
    ):
        world.put(name, (folder.root / name).read_bytes())
    world.run()
    for options in ((), ("--delete",)):
        folder.sync(*options)
    world.put("posts/plain.md", plain("Plain", "Of somebody else.", slug="plain"))
    world.run()
    folder.move("posts/lost.md", "posts/found.md")
    for name in ("theme/theme.css", "static/cv.txt", "assets/logo.jpg", "pages/about.md"):
        folder.delete(name)
    folder.write(**{"site.yaml": "title: Harbour two\n", "posts/bad.md": "---\ntitle: [\n---\n"})
    folder.sync("--delete", "--yes", code=1)
    folder.delete("posts/bad.md")
    folder.move("posts/plain.md", "posts/plainer.md")
    (folder.root / "site.yaml").unlink()
    folder.sync("--delete", "--yes")


def test_the_role_has_the_rights_of_a_sync_and_no_other(folder: Folder) -> None:
    """Every right is used, and none is missing."""
    stack = folder.stack
    assert isinstance(stack, SyncedByPipeline)
    with stack.recorder.working_as(ROLE):
        history(folder)
    granted = grants(RoleStack({}))
    assert refused(granted, stack.recorder.uses) == []
    assert unused(granted, stack.recorder.uses, ()) == []
    for right in granted:
        assert refused([each for each in granted if each != right], stack.recorder.uses), right
