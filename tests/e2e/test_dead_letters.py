"""Messages that no retry could save, on the real queues; put there directly, as five tries last."""

from typing import Any

from e2e.local import Local, markdown
from e2e.test_command import presswork
from presswork.messages import Hint


def _put(local: Local, queue: str, body: str) -> str:
    sqs = local.cloud.client("sqs")
    answer: dict[str, Any] = sqs.send_message(QueueUrl=local.resource(queue), MessageBody=body)
    return str(answer["MessageId"])


def test_dead_letters_are_listed_shown_sent_on_and_dropped(local: Local) -> None:
    """A hint sent on is worked on; what no stage knows can be seen, and dropped."""
    url = local.live("posts/dead-letter.md", markdown("Dead letter"))
    hint = _put(local, "ParseDeadLetters", Hint(key="posts/dead-letter.md").model_dump_json())
    unknown = _put(local, "ParseDeadLetters", '{"kind": "of another software"}')
    nowhere = _put(local, "SubscriptionDeadLetters", "no event")
    code, listed = presswork(local, "dead-letters", "list")
    counts = {each["queue"]: each["messages"] for each in listed["queues"] if each["messages"]}
    assert (code, counts) == (0, {"ParseDeadLetters": 2, "SubscriptionDeadLetters": 1})
    code, shown = presswork(local, "dead-letters", "show", "ParseDeadLetters")
    about = {each["id"]: (each["about"], each["goes_to"]) for each in shown["messages"]}
    assert about == {
        hint: ("hint posts/dead-letter.md", ["ParseQueue"]),
        unknown: ("nothing that a stage knows", ["ParseQueue"]),
    }
    looks = local.cloud.stores.sources.read("posts/dead-letter.md")
    assert looks is not None
    code, done = presswork(local, "dead-letters", "redrive", "ParseDeadLetters", "--only", hint)
    assert (code, done["queues"][0]["handled"]) == (0, 1)
    local.until(lambda: _looks(local) > looks.lock_version)
    code, done = presswork(local, "dead-letters", "redrive", "SubscriptionDeadLetters")
    assert (code, done["queues"][0]["kept"][0]["id"]) == (1, nowhere)
    for queue, id in (("ParseDeadLetters", unknown), ("SubscriptionDeadLetters", nowhere)):
        code, done = presswork(local, "dead-letters", "drop", queue, "--id", id, "--yes")
        assert (code, done["queues"][0]["handled"]) == (0, 1)
    assert local.dead_letters() == {}
    assert local.get(url).status == 200


def _looks(local: Local) -> int:
    source = local.cloud.stores.sources.read("posts/dead-letter.md")
    return source.lock_version if source is not None else 0
