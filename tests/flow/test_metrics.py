"""What the functions count is what the dashboard shows: at most ten metrics, none in vain."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flow.test_functions import Invoke, invoke
from flow.world import World, plain
from presswork.clock import utc_now
from presswork.events import Event, Type
from presswork.telemetry import (
    IMAGES_OWED,
    NAMESPACE,
    NOT_TOLD,
    OUTCOMES,
    SECONDS_TO_LIVE,
    UNAUTHORIZED,
)
from template.stack import Stack

__all__ = ["invoke"]

MOST = 10
"""Amazon CloudWatch Pricing, "Free tier": ten metrics of one's own."""

QUEUES = {"parse": "parse", "backfill": "parse", "bulk": "images", "images": "images"}
Told = dict[tuple[str, str], list[float]]
Work = Callable[[], Told]


@pytest.fixture
def work(
    invoke: Invoke,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Work:
    """Has the functions do all that waits for them; returns what they told, by name and service."""

    def run(stage: str, event: dict[str, Any]) -> None:
        monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", stage)
        invoke(f"{stage}.json", event)

    def all_of_it() -> Told:
        capsys.readouterr()
        bodies: list[tuple[str, dict[str, Any]]] = [("", {})]
        while bodies:
            bodies = [
                (QUEUES.get(queue, queue), body)
                for queue in world.urls
                if queue != "ear"
                for body in world.take(queue)
            ]
            for stage, body in bodies:
                record = {"messageId": "1", "body": json.dumps(body), "eventSource": "aws:sqs"}
                run(stage, {"Records": [record]})
        run("maintain", {"time": utc_now().isoformat()})
        return told(capsys.readouterr().out)

    return all_of_it


def told(out: str) -> Told:
    """The values of each metric in what functions printed, by its name and its service."""
    found: Told = {}
    for document in map(json.loads, filter(lambda line: '"_aws"' in line, out.splitlines())):
        for directive in document["_aws"]["CloudWatchMetrics"]:
            assert directive["Namespace"] == NAMESPACE
            assert directive["Dimensions"] == [["service"]]
            for metric in directive["Metrics"]:
                values = found.setdefault((metric["Name"], document["service"]), [])
                values += document[metric["Name"]]
    return found


def shown() -> Iterator[tuple[str, str]]:
    """The metrics of our own that the dashboard shows, each with its service."""
    dashboard = Stack({"Dashboard": "yes"}).of("AWS::CloudWatch::Dashboard")["WorkDashboard"]
    text, _ = dashboard["DashboardBody"]["Fn::Sub"]
    for widget in json.loads(text)["widgets"]:
        for namespace, name, dimension, value, *_ in widget["properties"]["metrics"]:
            if namespace == NAMESPACE:
                assert dimension == "service"
                yield name, value


def upload(world: World, key: str, text: str, time: datetime) -> None:
    """Uploads a post, of which S3 says when that was."""
    world.s3.put_object(Bucket="content", Key=key, Body=text.encode())
    event = {
        "source": "aws.s3",
        "time": time.isoformat().replace("+00:00", "Z"),
        "detail": {"object": {"key": key, "sequencer": "0"}},
    }
    world.sqs.send_message(QueueUrl=world.urls["parse"], MessageBody=json.dumps(event))


def test_what_is_told_is_what_is_shown(
    work: Work,
    world: World,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each metric of the dashboard comes from a function, and each that comes is on it."""
    now = datetime.now(UTC)
    for name, text in {
        "live": plain("A", "![x](http://images.example/missing.jpg)", slug="a"),
        "waiting": plain("A", slug="a"),
        "unlisted": plain("A", slug="b", visibility="unlisted"),
        "draft": plain("A", draft="true"),
        "scheduled": plain("A", date="2099-01-01"),
        "expired": plain("A", expires="2020-01-01", date="2019-01-01"),
        "rejected": "---\ntitle: [\n---\n",
        "gone": plain("A", slug="c"),
    }.items():
        upload(world, f"posts/{name}.md", text, now)
    found = work()
    world.delete("posts/gone.md")
    found |= work()
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "webhook")
    invoke("webhook.json")
    found |= told(capsys.readouterr().out)
    doubtful = {(NOT_TOLD, "notify")}  # tests/flow/test_telling.py has it counted
    assert set(found) | doubtful == set(shown())
    assert len(set(shown())) <= MOST
    names = {*OUTCOMES.values(), SECONDS_TO_LIVE, IMAGES_OWED, UNAUTHORIZED}
    assert {name for name, _ in found} == names


def test_the_way_of_an_upload_is_timed_once(work: Work, world: World) -> None:
    """From when S3 saw it until it is live; not when it is rendered again."""
    now = datetime.now(UTC)
    upload(world, "posts/a.md", plain("A"), now - timedelta(seconds=90))
    (seconds,) = work()[SECONDS_TO_LIVE, "render"]
    assert 90 <= seconds < 150
    post = world.fed("posts/a.md")
    again = Event.of(Type.READY, post=post.id, key=post.source, revision=post.revision, now=now)
    world.sqs.send_message(QueueUrl=world.urls["render"], MessageBody=again.model_dump_json())
    assert (SECONDS_TO_LIVE, "render") not in work()


def test_no_backfill_is_timed(work: Work, world: World) -> None:
    """New settings make every page again, and one look at a key that nobody uploaded is none."""
    upload(world, "posts/a.md", plain("A"), datetime.now(UTC))
    work()
    world.put("site.yaml", "title: Other\nlanguage: de\n")
    found = work()
    assert ("Live", "parse") in found  # the post was looked at again
    assert (SECONDS_TO_LIVE, "render") not in found
    world.put("posts/b.md", plain("B"))  # an event without a time
    found = work()
    assert ("Live", "parse") in found
    assert (SECONDS_TO_LIVE, "render") not in found


def test_what_is_no_post_is_not_counted(work: Work, world: World) -> None:
    """Settings, themes and files are no outcome of a post; nothing owed is not told either."""
    world.put("site.yaml", "title: Other\n")
    world.put("posts/photo.jpg", b"\xff\xd8")
    world.put("theme/theme.css", "")
    assert work() == {}
