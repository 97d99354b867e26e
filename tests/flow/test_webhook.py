"""The second way in: a signed request writes a post below its source's own prefix."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from standardwebhooks import Webhook as Signature

from flow.world import World, plain
from presswork.aws.buckets import ContentBucket
from presswork.aws.idempotency import Idempotency, InProgress
from presswork.aws.secrets import Secrets
from presswork.http_api import HttpRequest, Refusal
from presswork.post import Status
from presswork.signatures import Unauthorized
from presswork.stages.webhook.stage import Webhook
from presswork.status_links import StatusLink

pytestmark = pytest.mark.moto  # powertools writes its own expressions for idempotency

SECRET = "whsec_" + "d2ViaG9vay1zZWNyZXQtb2YtMzItYnl0ZXMtaGVyZQ=="
OTHER_SECRET = "whsec_" + "YW5vdGhlci1zZWNyZXQtb2YtMzItYnl0ZXMtaGVyZQ=="


@dataclass
class Context:
    """What Lambda tells a function of its invocation."""

    function_name: str = "webhook"

    def get_remaining_time_in_millis(self) -> int:
        """The time left."""
        return 10_000


@pytest.fixture
def webhook(world: World) -> Webhook:
    """The stage, with one source that has a secret."""
    world.ssm.put_parameter(Name="/hooks/default", Value=SECRET, Type="SecureString")
    return Webhook(
        ContentBucket(world.s3, "content"),
        Secrets(world.ssm),
        Idempotency.at("table", world.table.client),
        "/hooks",
        "/status",
        "https://hooks.example",
    )


def request(
    body: str,
    *,
    type: str = "text/markdown",
    id: str = "msg_1",
    secret: str = SECRET,
    age: float = 0,
    source: str = "default",
    changed: Mapping[str, str] | None = None,
) -> HttpRequest:
    """A request signed with the standard's own library."""
    moment = datetime.now(UTC) - timedelta(seconds=age)
    headers = {
        "content-type": type,
        "webhook-id": id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Signature(secret).sign(id, moment, body),
    }
    headers |= changed or {}
    return HttpRequest(source=source, headers=headers, query={}, body=body.encode())


def as_json(key: str, content: str = "Text.") -> str:
    """A post in the form of JSON."""
    return json.dumps({"key": key, "content": content})


def test_a_signed_post_goes_live(world: World, webhook: Webhook) -> None:
    """A signed Markdown post is written below the source's prefix, and ends as a live page."""
    answer = webhook.accept(request(plain("From afar")), Context())
    assert answer["key"] == "posts/hooks/default/msg_1.md"
    assert answer["status_url"].startswith("https://hooks.example/status/")
    world.hint(answer["key"])
    world.run()
    assert "From afar" in (world.page("/2026/05/from-afar/") or "")


def test_a_post_as_json_names_its_key(webhook: Webhook) -> None:
    """A post sent as JSON is written at the key it names below the prefix."""
    body = as_json("posts/hooks/default/sub/named.md", plain("Named"))
    answer = webhook.accept(request(body, type="application/json"), Context())
    assert answer["key"] == "posts/hooks/default/sub/named.md"
    relative = request(as_json("short.md"), type="application/json; charset=utf-8", id="2")
    assert webhook.accept(relative, Context())["key"] == "posts/hooks/default/short.md"


@pytest.mark.parametrize(
    "bad",
    [
        request("x", secret=OTHER_SECRET),
        request("x", age=301),
        request("x", age=-3600),
        request("x", source="unknown"),
        request("x", source="../default"),
        request("x", changed={"webhook-signature": ""}),
        request("x", changed={"webhook-signature": "v1,@@@"}),
        request("x", changed={"webhook-signature": "nonsense"}),
        request("x", changed={"webhook-timestamp": "soon"}),
        request("x", changed={"webhook-id": "msg_2"}),
        request("x").model_copy(update={"body": b"y"}),
        request("x").model_copy(update={"body": b"\xff"}),
        request("x").model_copy(update={"headers": {"content-type": "text/markdown"}}),
    ],
)
def test_what_is_not_signed_well_is_refused(
    world: World, webhook: Webhook, bad: HttpRequest
) -> None:
    """Unsigned, wrongly signed, stale and early requests get 401, and nothing is written."""
    with pytest.raises(Unauthorized):
        webhook.accept(bad, Context())
    assert _nothing_written(world)


@pytest.mark.parametrize(
    ("body", "type", "status"),
    [
        (as_json("posts/a.md"), "application/json", 403),
        (as_json("posts/hooks/other/a.md"), "application/json", 403),
        (as_json("../../a.md"), "application/json", 400),
        (as_json(".hidden.md"), "application/json", 400),
        (as_json("a\u0000.md"), "application/json", 400),
        (as_json("a//b.md"), "application/json", 400),
        (as_json("e\u0301.md"), "application/json", 400),
        (as_json("x" * 1100), "application/json", 400),
        ("not json", "application/json", 400),
        ('{"key": 1, "content": "x"}', "application/json", 400),
        ("[]", "application/json", 400),
        ("x", "image/png", 415),
        ("x" * (1024 * 1024 + 1), "text/markdown", 413),
    ],
)
def test_what_is_signed_but_wrong_is_refused(
    world: World, webhook: Webhook, body: str, type: str, status: int
) -> None:
    """A key outside the prefix or of no sound form, a bad body and a huge one are refused."""
    with pytest.raises(Refusal) as refusal:
        webhook.accept(request(body, type=type), Context())
    assert refusal.value.status == status
    assert _nothing_written(world)


def test_a_repeated_request_gets_the_first_answer(world: World, webhook: Webhook) -> None:
    """The same webhook-id again is answered as at first, and writes nothing."""
    first = webhook.accept(request(plain("One")), Context())
    again = webhook.accept(request(plain("One"), age=5), Context())
    assert again == first
    versions = world.s3.list_object_versions(Bucket="content")["Versions"]
    assert len(versions) == 1
    other = webhook.accept(request(plain("Two"), id="msg_2"), Context())
    assert other["key"] != first["key"]


@pytest.mark.parametrize(
    "other",
    [
        lambda: request(plain("Two")),
        lambda: request(plain("One"), type="text/html"),
        lambda: request(plain("One")).model_copy(update={"query": {"key": "named.md"}}),
    ],
    ids=["text", "type", "key"],
)
def test_a_known_id_with_another_post_is_refused(
    world: World, webhook: Webhook, other: Callable[[], HttpRequest]
) -> None:
    """Its sender would take the answer to the first for that to the second, which is lost."""
    first = webhook.accept(request(plain("One")), Context())
    with pytest.raises(Refusal, match="another post") as refusal:
        webhook.accept(other(), Context())
    assert refusal.value.status == 409
    assert len(world.s3.list_object_versions(Bucket="content")["Versions"]) == 1
    assert webhook.accept(request(plain("One")), Context()) == first


def test_a_repetition_meanwhile_is_told_to_come_later(world: World, webhook: Webhook) -> None:
    """While the first request is being worked on, the same one is in progress."""
    seen: list[Any] = []

    def repeat() -> None:
        with pytest.raises(InProgress):
            webhook.accept(request(plain("One")), Context())
        seen.append(True)

    world.before("PutObject", "msg_1", repeat)
    world.at_work(lambda: webhook.accept(request(plain("One")), Context()))
    assert seen == [True]


def _nothing_written(world: World) -> bool:
    objects = world.s3.list_objects_v2(Bucket="content").get("KeyCount")
    answers = list(world.table.query("IDEMPOTENCY#webhook"))
    return objects == 0 and answers == []


def test_it_starts_without_what_queues_need() -> None:
    """A sender waits for its cold start: state, settings and queue messages are not imported."""
    code = (
        "import sys, presswork.stages.webhook.stage\n"
        "heavy = {f'presswork.{name}' for name in ('messages', 'settings', 'state', 'wire')}\n"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_parts_are_put_together(world: World, webhook: Webhook) -> None:
    """Front matter as fields, and HTML: the file is one that an author would have written."""
    fields = {"title": "In parts", "date": "2026-05-04", "tags": ["sea"], "html": "<p>Words.</p>"}
    answer = webhook.accept(request(json.dumps(fields), type="application/json"), Context())
    assert answer["key"] == "posts/hooks/default/msg_1.html"
    world.hint(answer["key"])
    world.run()
    page = world.page("/2026/05/in-parts/") or ""
    assert "In parts" in page
    assert "<p>Words.</p>" in page
    assert "/tags/sea/" in page


def test_a_post_is_replaced_and_deleted(world: World, webhook: Webhook) -> None:
    """By its key, as often as its sender likes; its versions stay."""
    key = "posts/hooks/default/tide.md"
    for id, text in (("1", "One"), ("2", "Two")):
        body = as_json("tide", plain(text, slug="tide"))
        answer = webhook.accept(request(body, id=id, type="application/json"), Context())
        assert answer["key"] == key
        world.hint(key)
        world.run()
        assert f"{text}</h1>" in (world.page("/2026/05/tide/") or "")
    body = json.dumps({"key": "tide", "deleted": True})
    assert webhook.accept(request(body, id="3", type="application/json"), Context())["key"] == key
    world.hint(key)
    world.run()
    assert "410" in (world.page("/2026/05/tide/") or "410")
    assert world.source(key).status is Status.GONE
    assert len(world.s3.list_object_versions(Bucket="content")["Versions"]) == 2


def test_a_deletion_is_no_text(webhook: Webhook) -> None:
    """Under one webhook-id a post and its deletion are two things: the second is refused."""
    webhook.accept(request(as_json("a.md"), type="application/json"), Context())
    body = json.dumps({"key": "a.md", "deleted": True})
    with pytest.raises(Refusal, match="another post"):
        webhook.accept(request(body, type="application/json"), Context())


def test_senders_of_svix_are_understood(webhook: Webhook) -> None:
    """Their headers have other names; the id is the same one, once."""
    sent = request(plain("One"))
    headers = {n.replace("webhook-", "svix-"): value for n, value in sent.headers.items()}
    first = webhook.accept(sent.model_copy(update={"headers": headers}), Context())
    assert first["key"] == "posts/hooks/default/msg_1.md"
    assert webhook.accept(sent, Context()) == first


def test_a_secret_is_changed_without_a_gap(world: World, webhook: Webhook) -> None:
    """As long as both stand there both are good; the old one alone no more after that."""
    both = f"{OTHER_SECRET} {SECRET}"
    for stored, good in ((both, (SECRET, OTHER_SECRET)), (OTHER_SECRET, (OTHER_SECRET,))):
        world.ssm.put_parameter(
            Name="/hooks/default", Value=stored, Type="SecureString", Overwrite=True
        )
        for number, secret in enumerate(good):
            webhook.accept(request("x", secret=secret, id=f"{len(good)}{number}"), Context())
    with pytest.raises(Unauthorized):
        webhook.accept(request("x", secret=SECRET), Context())


def test_the_secret_of_status_addresses_is_made_once(world: World, webhook: Webhook) -> None:
    """By whoever needs it first; who comes at the same time takes the other's."""
    made: list[str] = []

    def first(**_: object) -> None:
        made.append(_another_makes_it())

    world.ssm.meta.events.register("before-call.ssm.PutParameter", first)
    try:
        answer = webhook.accept(request(plain("One")), Context())
    finally:
        world.ssm.meta.events.unregister("before-call.ssm.PutParameter", first)
    token = answer["status_url"].rpartition("/")[2]
    assert len(made) == 1
    link = StatusLink.read(token, made[0], datetime.now(UTC))
    assert link is not None
    assert link.key == answer["key"]
    again = webhook.accept(request(plain("Two"), id="2"), Context())
    assert StatusLink.read(again["status_url"].rpartition("/")[2], made[0], datetime.now(UTC))


def _another_makes_it() -> str:
    other = boto3.client(
        "ssm", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    value = "of another worker"
    other.put_parameter(Name="/status", Value=value, Type="SecureString")
    return value
