"""docs/runbook.md, walked end to end: what was lost comes back as it was, and nobody is told anew.

`make drill` runs it: it takes minutes. Each drill prints a line. `tests/flow/test_recovery.py`
shows the same in memory, with a death before any call.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from e2e.local import Local, markdown
from e2e.outside import ORIGIN, Outside
from e2e.test_command import presswork
from e2e.test_zy_rebuild import Objects, _is_former, _objects
from presswork.post import Status
from presswork_cli.local import emulator
from presswork_cli.local.deployment import deploy
from presswork_cli.operate.queues import QUEUES as BULK
from presswork_cli.printing.answers import Outputs

QUEUES = (*BULK, "NotifyQueue")

SECONDS = 600
"""On a machine with other work a first start of each function alone takes a minute."""
FERRY = f"![A ferry](http://{ORIGIN}/ferry.jpg)"
BROKEN = "---\ntitle: [broken\n---\n"
SITE = "title: Harbour\nbase_url: https://www.example.org\nredirects: {/start/: /}\n"
PICTURE = Path(__file__).parents[2] / "examples" / "images" / "ferry.jpg"


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True)
class Before:
    """What readers see, what was told to whom, and what undated posts are dated."""

    objects: Objects
    mails: int
    hooks: int
    first_date: datetime


@dataclass
class Drill:
    """The site of a drill, and how it is seen to be as it was."""

    local: Local
    world: Outside
    folder: Path

    def hurry(self) -> None:
        """Has what was refused come again within a minute; as deployed it takes up to nine."""
        sqs = self.local.cloud.client("sqs")
        for name in QUEUES:
            sqs.set_queue_attributes(
                QueueUrl=self.local.resource(name), Attributes={"VisibilityTimeout": "60"}
            )

    def publish_all(self) -> None:
        """Everything that there is: a theme, images, moves, removals, a broken post, a told one."""
        local = self.local
        for key, data in (
            ("site.yaml", SITE.encode()),
            ("theme/logo.svg", b"<svg/>"),
            ("theme/base.html", b'<!-- ours -->{% extends "default/base.html" %}'),
            ("static/own.jpg", PICTURE.read_bytes()),
        ):
            local.put(key, data)
        local.wait_until_idle(seconds=SECONDS)
        local.publish_all(
            {
                "posts/a.md": markdown("A", FERRY, tags="[sea]", aliases="[/old/a/]"),
                "posts/b.md": markdown("B", "![x](/static/own.jpg)", tags="[sea, land]"),
                "posts/moved.md": markdown("Moved", "[A](a.md)", slug="first"),
                "posts/gone.md": markdown("Gone"),
                "posts/bad.md": markdown("Bad", FERRY, slug="bad"),
                "posts/undated.md": "---\ntitle: Undated\n---\n\nWords.\n",
                "posts/told.md": markdown("Told", date=_now(), slug="told"),
                "pages/about.md": markdown("About"),
            },
            timeout=SECONDS,
        )
        local.publish(
            "posts/moved.md", markdown("Moved", "[A](a.md)", slug="second"), timeout=SECONDS
        )
        local.remove("posts/gone.md", timeout=SECONDS)
        local.publish("posts/bad.md", BROKEN, timeout=SECONDS)
        local.until(lambda: local.mails("Told"), seconds=SECONDS)
        local.wait_until_idle(seconds=SECONDS)
        assert {meta.get("presswork-status") for *_, meta in _objects(local).values()} == {
            None,
            "301",
            "410",
        }

    def before(self) -> Before:
        """How all is now."""
        self.local.wait_until_idle(seconds=SECONDS)
        return Before(
            objects=_objects(self.local),
            mails=len(self.local.mails("")),
            hooks=len(self.world.hooks),
            first_date=self._undated(),
        )

    def _undated(self) -> datetime:
        source = self.local.cloud.stores.sources.read("posts/undated.md")
        post = self.local.cloud.stores.posts.read(source.post or "") if source else None
        assert post is not None
        return post.first_date

    def give(self, *words: str) -> dict[str, Any]:
        """The answer to a command that is to end well."""
        code, answer = presswork(self.local, *words)
        assert code == 0, answer
        return answer

    def export(self, *words: str) -> str:
        """The state in a file."""
        path = self.folder / f"{len(list(self.folder.iterdir()))}.jsonl"
        self.give("export-state", str(path), *words)
        return str(path)

    def is_as(self, before: Before, name: str) -> None:
        """Rebuilds, and holds all against how it was; prints the last line of the drill."""
        local = self.local
        self.give("rebuild", "--timeout", "390")
        local.wait_until_idle(seconds=SECONDS)
        after = _objects(local)
        lost = {key for key in before.objects.keys() - after.keys() if not _is_former(local, key)}
        assert lost == set()
        assert {k for k in after.keys() & before.objects if after[k] != before.objects[k]} == set()
        assert {k for k in after.keys() - before.objects if not k.startswith("-/assets/")} == set()
        found = self.give("verify")
        assert (len(local.mails("")), len(self.world.hooks)) == (before.mails, before.hooks)
        assert self._undated() == before.first_date
        bad = local.cloud.stores.sources.read("posts/bad.md")
        assert bad is not None
        assert bad.status is Status.REJECTED
        assert self._status("bad/index.html") == "200"
        assert local.dead_letters() == {}
        count, stubs = len(after.keys() & before.objects), found["stubs"]
        print(f"\ndrill: {name}: {count} objects as before, {stubs} stubs; nobody told anew")  # noqa: T201 - its last line

    def _status(self, end: str) -> str:
        (found,) = [meta for key, (*_, meta) in _objects(self.local).items() if key.endswith(end)]
        return str(found.get("presswork-status", "200"))

    def empty(self, bucket: str) -> None:
        """Deletes every object of a bucket, as `aws s3 rm --recursive` does."""
        s3 = self.local.cloud.client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        for key in [entry["Key"] for page in pages for entry in page.get("Contents", ())]:
            s3.delete_object(Bucket=bucket, Key=key)


@pytest.fixture(scope="module")
def drill(local: Local, world: Outside, tmp_path_factory: pytest.TempPathFactory) -> Drill:
    """A site with everything."""
    drill = Drill(local, world, tmp_path_factory.mktemp("states"))
    drill.hurry()
    drill.publish_all()
    return drill


def test_the_bucket_of_the_site_was_emptied(drill: Drill) -> None:
    """A rebuild makes it again."""
    before = drill.before()
    drill.empty(drill.local.cloud.outputs.SiteBucket)
    drill.is_as(before, "bucket of the site emptied")


def test_the_bucket_of_the_content_was_emptied(drill: Drill) -> None:
    """The delete markers go, and the table is what it was."""
    local, before = drill.local, drill.before()
    state, since = drill.export(), _now()
    drill.empty(local.cloud.outputs.ContentBucket)
    local.wait_until_idle(seconds=SECONDS)
    assert drill._status("bad/index.html") == "410"
    drill.give("import-state", state, "--replace", "--yes", "--undelete-since", since)
    drill.is_as(before, "bucket of the content emptied")


def test_the_table_was_restored_to_a_point_in_time(drill: Drill) -> None:
    """What came after it is as the bucket has it, and told to nobody again."""
    local = drill.local
    state = drill.export()
    local.publish_all(
        {
            "posts/later.md": markdown("Later", date=_now()),
            "posts/a.md": markdown("A changed", FERRY, tags="[land]", aliases="[/old/a/]"),
            "posts/moved.md": markdown("Moved", "[A](a.md)", slug="third"),
        },
        timeout=SECONDS,
    )
    local.remove("posts/b.md", timeout=SECONDS)
    local.until(lambda: local.mails("Later"), seconds=SECONDS)
    before = drill.before()
    answer = drill.give("import-state", state, "--replace", "--yes")
    assert answer["gone"] == ["posts/b.md"]
    drill.is_as(before, "table restored to a point in time")


def _delete_stack(local: Local) -> Outputs:
    """Deletes the stack; the outputs that name what is left of it."""
    outputs, cloudformation = local.cloud.outputs, local.cloud.client("cloudformation")
    cloudformation.delete_stack(StackName=local.cloud.name)
    local.until(lambda: local.cloud.name not in _stacks(cloudformation), seconds=120)
    return outputs


def _stacks(cloudformation: Any) -> set[str]:
    active = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_FAILED"]
    answer = cloudformation.list_stacks(StackStatusFilter=active)
    return {each["StackName"] for each in answer["StackSummaries"]}


def _deploy(local: Local) -> None:
    with emulator.alone(local.layout):
        local.cloud = deploy(local.layout, local.cloud.record, local.options)


def _kept(local: Local, table: str) -> str:
    """The table that a stack left, under a name of its own.

    On AWS it has one. The local cloud names a table by its stack, and the next one empties it.
    """
    dynamodb, name = local.cloud.client("dynamodb"), f"{table}-kept"
    described = dynamodb.describe_table(TableName=table)["Table"]
    keys = ("KeySchema", "AttributeDefinitions")
    dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", **{key: described[key] for key in keys}
    )
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            dynamodb.put_item(TableName=name, Item=item)
    return name


def test_the_stack_was_deleted(drill: Drill) -> None:
    """A new one is made of the buckets and the table that it left."""
    local, before = drill.local, drill.before()
    old = _delete_stack(local)
    table = _kept(local, old.Table)
    _deploy(local)
    drill.hurry()
    assert local.cloud.outputs.ContentBucket != old.ContentBucket
    state = drill.export("--table", table)
    drill.give(
        "import-state",
        state,
        *("--content-from", old.ContentBucket, "--vault-from", old.VaultBucket),
    )
    drill.is_as(before, "stack deleted")
