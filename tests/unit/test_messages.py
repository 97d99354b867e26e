"""Queue messages are told apart by their kind; what has none that is known is refused."""

import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from presswork import messages, wire
from presswork.correlation import correlation_of
from presswork.events import Event, Type
from presswork.messages import BackfillPage, Hint, Message, RetryImage, UnknownMessage
from presswork.state import BuildId

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
HINT = {"key": "posts/a b.md", "sequencer": "0A"}
S3_EVENT = {"Records": [{"s3": {"object": {"key": "posts/a+b.md", "sequencer": "0A"}}}]}


@pytest.mark.parametrize(
    "message",
    [
        Hint(key="posts/a.md"),
        RetryImage(url="https://images.example/a.jpg", anew=True),
        BackfillPage(build=BuildId(settings=3, rebuild=1), after="posts/k.md"),
    ],
)
def test_a_message_is_read_as_it_was_sent(message: Message) -> None:
    """JSON carries each of its fields."""
    body = json.loads(message.model_dump_json())
    assert wire.read(body) == (message,)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "of_tomorrow", "post": "p"},
        {"key": "posts/a.md"},
        {"kind": "hint"},
        {"specversion": "1.0", "type": "post.of_tomorrow"},
    ],
)
def test_what_no_stage_knows_is_refused(body: dict[str, Any]) -> None:
    """Neither a kind of tomorrow, nor a message without one, nor one without its fields is read."""
    with pytest.raises(UnknownMessage, match="no stage knows"):
        wire.read(body)


def test_each_kind_has_a_name_of_its_own() -> None:
    """No two messages are told apart by anything but their kind."""
    kinds = [each.model_fields["kind"].default for each in get_args(messages.Message)]
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize(
    "body", [{"source": "aws.s3", "detail": {"object": HINT}}, S3_EVENT, {"kind": "hint"} | HINT]
)
def test_each_form_of_hint_names_the_same_key(body: dict[str, Any]) -> None:
    """EventBridge's keys are raw, S3's are form-encoded, ours are as they are."""
    assert wire.read(body) == (Hint(key="posts/a b.md", sequencer="0A"),)


@pytest.mark.parametrize(
    "body",
    [
        {
            "source": "aws.s3",
            "time": "2026-05-04T09:00:00Z",
            "detail": {"object": {**HINT, "version-id": "v1"}},
        },
        {
            "Records": [
                {
                    "eventTime": "2026-05-04T09:00:00.000Z",
                    "s3": {"object": {"key": "posts/a+b.md", "versionId": "v1"}},
                }
            ]
        },
    ],
)
def test_a_hint_of_s3_says_when_and_of_which_upload(body: dict[str, Any]) -> None:
    """Both forms of event name the VersionId, of which with the key the upload's id is made."""
    (hint,) = wire.read(body)
    assert isinstance(hint, Hint)
    assert hint.uploaded == NOW
    assert hint.correlationid == correlation_of("posts/a b.md", "v1")


def test_a_test_of_a_notification_says_nothing() -> None:
    """S3 sends one when a notification is set up; it is no error."""
    assert wire.read({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}) == ()


def test_an_event_comes_raw_or_in_an_envelope() -> None:
    """Both deliveries of a topic are the same event."""
    event = Event.of(Type.LIVE, post="p", key="posts/a.md", revision=1, now=NOW)
    raw = json.loads(event.model_dump_json())
    enveloped = {"Type": "Notification", "Message": event.model_dump_json()}
    assert wire.read(raw) == wire.read(enveloped) == (event,)
