"""docs/events.md: its examples are what the flow announces, its snippet what a stack can be."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from flow.world import Origin, World, picture, plain
from presswork.events import Event, Type
from template.stack import Stack

PAGE = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
BLOCKS = {
    kind: re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for kind in ("json", "yaml")
}


@pytest.fixture
def whole() -> Stack:
    """The template with all that it can have."""
    return Stack({})


@pytest.fixture
def announced(world: World, origin: Origin) -> dict[str, Event]:
    """The first event of each type in the history that the page tells."""
    world.put("posts/fog.md", plain("Fog", "![a boat](http://images.example/boat.jpg)", slug="fog"))
    world.put("posts/later.md", plain("Later", slug="fog"))
    world.put("posts/broken.md", "---\ntitle: Broken\ndate: 2026-02-30\n---\nWords.\n")
    world.run()
    origin.files["/boat.jpg"] = picture()
    world.later(hours=2)
    world.maintain.run(world.now)
    world.run()
    world.delete("posts/fog.md")
    world.run()
    return {event.type: event for event in reversed(world.announced)}


def examples() -> Iterator[dict[str, Any]]:
    """The events that the page shows, whole or each in a line."""
    whole, lines = BLOCKS["json"]
    yield json.loads(whole)
    yield from map(json.loads, lines.splitlines())


def test_each_type_is_shown_as_it_is_announced(announced: dict[str, Event]) -> None:
    """One event of every type, field by field, and the first of them in full."""
    whole, *lines = examples()
    assert whole in lines
    assert [each["type"] for each in lines] == [type.value for type in Type]
    assert lines == [announced[type].model_dump(mode="json") for type in Type]


def test_who_hears_what_is_what_the_template_says(whole: Stack) -> None:
    """The stages that the table names are those whose filters have the type."""
    heard = {type.value: set[str]() for type in Type}
    for name, subscription in whole.of("AWS::SNS::Subscription").items():
        for type in subscription.get("FilterPolicy", {}).get("type", []):
            heard[type].add(name.removesuffix("Subscription").lower())
    rows = re.findall(r"^\| `(post\.\w+)` \| .* \| (.*) \|$", PAGE, re.MULTILINE)
    told = {type: set(names.split(", ")) - {"whoever subscribes"} for type, names in rows}
    assert told == heard


def test_the_snippet_is_a_stack(tmp_path: Path) -> None:
    """SAM makes a stack of it, and cfn-lint finds nothing in that."""
    (tmp_path / "template.yaml").write_text(BLOCKS["yaml"][0], encoding="utf-8")
    command = [str(Path(sys.executable).with_name("cfn-lint")), "template.yaml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_snippet_hears_what_failed_and_what_came(capsys: pytest.CaptureFixture[str]) -> None:
    """Its filter names types that there are, its policy lets the topic send, its function runs."""
    resources = yaml_parse(BLOCKS["yaml"][0])["Resources"]
    subscription = resources["Subscription"]["Properties"]
    assert {*subscription["FilterPolicy"]["type"]} <= {type.value for type in Type}
    assert subscription["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]}
    }
    queues = resources["FromTopic"]["Properties"]["Queues"]
    assert queues == [{"Ref": "Queue"}, {"Ref": "DeadLetters"}]
    function: dict[str, Any] = {}
    exec(resources["Listener"]["Properties"]["InlineCode"], function)
    batch = {"Records": [{"body": json.dumps(each)} for each in examples()]}
    function["handler"](batch, None)
    assert capsys.readouterr().out.startswith("post.live posts/fog.md\npost.parsed posts/fog.md\n")
