"""Followers are told of a new post once; authors of what keeps theirs from going live."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from standardwebhooks import Webhook

from flow.memory import MemoryCloud
from flow.memory_table import failed
from flow.world import HOOK_SECRET, RECEIVES, Crash, Origin, World, plain
from presswork.aws.deliveries import AN_HOUR, CHANNELS
from presswork.aws.table import Item, Put

NOW = "2026-05-04 11:00:00"


def progresses(world: World, key: str = "posts/a.md") -> dict[str, str]:
    """How far the telling of a post has come, on each channel and to its author."""
    notes = world.stores.deliveries.notes(world.fed(key).id)
    return {note.subject: note.progress.value for note in notes}


def pass_an_hour(world: World) -> None:
    """The clock goes on, and what it makes happen is done."""
    world.later(hours=1)
    world.maintain.run(world.now)
    world.run()


def test_a_new_post_is_told_once(world: World, origin: Origin) -> None:
    """One mail and one hook at publishing; nothing more at an edit, a redelivery, a return."""
    text = plain("News", date=NOW, slug="news")
    world.put("posts/a.md", text)
    world.run(repeat=True)
    assert len(world.mails()) == 1
    assert "News" in world.mails()[0]
    assert len(origin.received) == 1
    headers, body = origin.received[0]
    assert headers["webhook-id"]
    document = json.loads(body)
    assert document["data"]["posts"][0]["url"] == "https://site.example/2026/05/news/"
    world.put("posts/a.md", plain("News, mended", date=NOW, slug="news"))
    world.run()
    marker = world.delete("posts/a.md")
    world.run()
    world.undelete("posts/a.md", marker)
    world.run()
    assert (len(world.mails()), len(origin.received)) == (1, 1)


def test_the_hook_is_signed(world: World, origin: Origin) -> None:
    """The signature is what a receiver that uses the standard's own library expects."""
    world.put("posts/a.md", plain("News", date=NOW))
    world.run()
    headers, body = origin.received[0]
    stamped = headers["webhook-timestamp"]
    assert int(stamped) == int(world.now.timestamp())
    signature = Webhook(HOOK_SECRET).sign(headers["webhook-id"], world.now, body.decode())
    assert headers["webhook-signature"] == signature


def test_a_moved_file_is_not_told_again(world: World, origin: Origin) -> None:
    """A post that lives on under another id on the same path is old news."""
    text = plain("News", date=NOW, slug="news")
    world.put("posts/a.md", text)
    world.run()
    world.put("posts/b.md", text)
    world.delete("posts/a.md")
    world.run()
    assert (len(world.mails()), len(origin.received)) == (1, 1)


def test_old_posts_are_not_news(world: World, origin: Origin) -> None:
    """A post dated more than 48 hours ago, a draft and a future post are told to nobody."""
    world.put("posts/old.md", plain("Old", date="2026-05-02 11:00:00"))
    world.put("posts/draft.md", plain("Draft", date=NOW, draft="true"))
    world.put("posts/future.md", plain("Future", date="2026-05-05 11:00:00"))
    world.run()
    assert world.mails() == []
    assert origin.received == []


def test_a_hook_that_fails_is_tried_again(world: World, origin: Origin) -> None:
    """A receiver that answers 503 gets the same message later; the mail is not sent twice."""
    origin.hook_status = 503
    world.put("posts/a.md", plain("News", date=NOW))

    def recover() -> None:
        origin.hook_status = 204

    world.before("TransactWriteItems", "failed", recover)
    world.run()
    assert [headers["webhook-id"] for headers, _ in origin.received] == [
        origin.received[0][0]["webhook-id"]
    ] * 2
    assert len(world.mails()) == 1
    assert world.dead == []


def test_a_mail_whose_worker_died_is_in_doubt(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """A worker that dies right after its mail leaves the promise; nobody is told again.

    Within the hour it is shown as what it is, and counted.
    """
    world.put("posts/a.md", plain("News", date=NOW))
    world.crash_at("TransactWriteItems", "'sent'")
    world.run()
    assert not world.pending_crash()
    assert progresses(world) == {"mail": "sending", "hook": "sent"}
    pass_an_hour(world)
    assert progresses(world) == {"mail": "in doubt", "hook": "sent"}
    assert len(world.mails()) == 1
    assert capsys.readouterr().out.count('"NotTold":[1.0]') == 1
    assert list(world.table.query("LIST#telling")) == []


@pytest.mark.moto  # SES refuses a sender that it does not know
def test_a_mail_that_ses_refuses_is_sent_later(world: World) -> None:
    """What SES did not take is tried again, for followers and for the author, and sent once."""
    world.ses.delete_identity(Identity="site@example.com")

    def verify() -> None:
        world.ses.verify_email_identity(EmailAddress="site@example.com")

    world.put("posts/a.md", plain("News", date=NOW))
    world.before("TransactWriteItems", "failed", verify)
    world.run()
    assert len(world.mails()) == 1
    world.ses.delete_identity(Identity="site@example.com")
    world.put("posts/b.md", "---\ntitle: [unclosed\n---\n")
    world.before("UpdateItem", "failed", verify)
    world.run()
    assert len(world.mails()) == 2
    assert world.dead == []


@pytest.mark.moto  # the envelope is as SES got it
def test_a_title_in_any_script_can_be_mailed(world: World) -> None:
    """The envelope has the bare address, and the message nothing but ASCII, as SES wants it."""
    world.put("site.yaml", "title: 日志，思考\n")
    world.run()
    world.put("posts/a.md", plain("消息", date=NOW))
    world.run()
    (mail,) = world.mails()
    assert mail.isascii()
    source = world.sent()[0].source
    assert source == "site@example.com"


def test_a_digest_that_fails_is_sent_later(world: World, origin: Origin) -> None:
    """A digest whose receiver answers 503 is not lost, and comes once."""
    for number in range(7):
        world.put(f"posts/{number}.md", plain(f"Post {number}", date=NOW, slug=f"p{number}"))
    world.run()
    told = len(origin.received)
    origin.hook_status = 503
    world.later(hours=1)
    world.maintain.run(world.now)

    def recover() -> None:
        origin.hook_status = 204

    world.before("UpdateItem", "failed", recover)
    world.run()
    assert world.dead == []
    digests = [json.loads(body)["data"]["posts"] for _, body in origin.received[told:]]
    assert [len(posts) for posts in digests] == [2, 2]  # the one that failed, and the one that came
    assert len(world.mails()) == 6
    assert list(world.table.query("LIST#digest:hook")) == []


def test_more_than_five_an_hour_become_a_digest(world: World, origin: Origin) -> None:
    """Of eight posts at once five are told one by one, and three together at the next hour."""
    for number in range(8):
        world.put(f"posts/{number}.md", plain(f"Post {number}", date=NOW, slug=f"p{number}"))
    world.run()
    assert len(world.mails()) == 5
    world.maintain.run(world.now)
    world.run()
    assert len(world.mails()) == 5
    world.later(hours=1)
    world.maintain.run(world.now)
    world.run(repeat=True)
    assert len(world.mails()) == 6
    assert "3 new posts" in world.mails()[-1]
    assert len(origin.received) == 6
    assert len(json.loads(origin.received[-1][1])["data"]["posts"]) == 3
    world.later(hours=1)
    world.maintain.run(world.now)
    world.run()
    assert len(world.mails()) == 6


def test_an_author_is_told_of_a_rejection_once(world: World) -> None:
    """A rejected post's author gets file, line, reason and cure in one mail for each new error."""
    world.put("posts/a.md", "---\ntitle: [unclosed\n---\n\nText.\n")
    world.run(repeat=True)
    assert len(world.mails()) == 1
    assert "posts/a.md:" in world.mails()[0]
    assert "author@example.com" in world.mails()[0]
    world.put("posts/a.md", "---\ntitle: T\ndate: yesterday\n---\n\nText.\n")
    world.run()
    assert len(world.mails()) == 2
    world.put("site.yaml", "titel: T\n")
    world.hint("site.yaml")
    world.run()
    assert len(world.mails()) == 3


@pytest.mark.moto  # a reminder is delayed
def test_an_author_is_told_of_a_wait_that_lasts(world: World) -> None:
    """A post that still waits at its reminder is told of; one that waits no longer is not."""
    world.put("posts/a.md", plain("A", slug="x", date="2025-05-04"))
    world.run()
    for name in "bc":
        world.put(f"posts/{name}.md", plain(name, slug="x", date="2025-05-04"))
        world.run()
    waiting, given_up = world.fed("posts/b.md"), world.fed("posts/c.md")
    world.delete("posts/c.md")
    world.run()
    world.notify.remind(given_up.id, given_up.revision)
    assert world.mails() == []
    world.notify.remind(waiting.id, waiting.revision)
    assert len(world.mails()) == 1
    assert "author@example.com" in world.mails()[0]
    assert "posts/a.md" in world.mails()[0]


def one_post(world: World) -> None:
    """A post that is live, and told to nobody yet."""
    world.put("posts/a.md", plain("News", date=NOW))


def two_that_were_put_off(world: World) -> None:
    """A digest that is due: the hour had no room for them."""
    for channel in CHANNELS:
        full = {"PK": f"TOLD#{channel}", "SK": "2026-05-04T12:00:00Z", "count": AN_HOUR}
        world.table.write(Put(full))
    for name in "ab":
        world.put(f"posts/{name}.md", plain(name, date=NOW, slug=name))
    world.run()
    assert world.mails() == []
    world.later(hours=1)
    world.maintain.run(world.now)


def a_rejection(world: World) -> None:
    """A post that its author is to mend."""
    world.put("posts/a.md", "---\ntitle: [unclosed\n---\n")


def a_throttled_call() -> None:
    """What AWS answers once."""
    raise failed("ThrottlingException", "any")


def a_dead_worker() -> None:
    """What becomes of a worker."""
    raise Crash


CALLS = (
    *("BatchGetItem", "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
    *("TransactWriteItems", "SendRawEmail", "SendMessage", "GetParameter"),
)


@contextmanager
def worlds() -> Iterator[tuple[World, Origin]]:
    """A world in memory, every call of which can be hindered, and the web around it."""
    origin = Origin()
    server = origin.serve()
    world = World(origin, server.server_port, MemoryCloud())
    world.ssm.meta.events.register("before-call", world._before_call)
    yield world, origin
    world.close()
    server.shutdown()
    server.server_close()


@cache
def before_telling(
    begin: Callable[[World], None],
) -> tuple[datetime, list[Item], list[dict[str, Any]]]:
    """When all is done but the telling: the items of the table, and what notify is sent."""
    with worlds() as (world, _):
        begin(world)
        for name in ("parse", "render", "index"):
            for body in world.take(name):
                world.deliver(name, body)
        return world.now, world.items(), world.take("notify")


@contextmanager
def telling(begin: Callable[[World], None]) -> Iterator[tuple[World, Origin]]:
    """A world in which all is done but the telling."""
    now, items, messages = before_telling(begin)
    with worlds() as (world, origin):
        world.now = now
        for item in items:
            world.table.write(Put(item))
        for body in messages:
            world.sqs.send_message(QueueUrl=world.urls["notify"], MessageBody=json.dumps(body))
        yield world, origin


@pytest.mark.parametrize("fault", [a_dead_worker, a_throttled_call])
@pytest.mark.parametrize("begin", [one_post, two_that_were_put_off, a_rejection])
def test_whatever_happens_all_are_told_once(
    begin: Callable[[World], None], fault: Callable[[], None]
) -> None:
    """Before each call that a telling makes a worker dies once, or the call is refused.

    Hooks come again under their own id, or once; a mail comes once, or is shown as in doubt.
    """
    doubts = set()
    for operation in CALLS:
        for skip in count():
            with telling(begin) as (world, origin):
                world.before(operation, "", fault, skip=skip)
                world.run()
                if world.pending_crash():
                    break
                for _ in range(2):
                    pass_an_hour(world)
                ids = {headers["webhook-id"] for headers, _ in origin.received}
                assert len(ids) == (0 if begin is a_rejection else 1), (operation, skip)
                told = {item.get("progress") for item in world.items() if _is_telling(item)}
                is_in_doubt = "in doubt" in told
                assert told <= {"sent", "in doubt"}, (operation, skip)
                assert len(world.mails()) in ((0, 1) if is_in_doubt else (1,))
                assert list(world.table.query("LIST#telling")) == []
                assert list(world.table.query("LIST#digest:mail")) == []
                if is_in_doubt:
                    doubts.add(operation)
    assert doubts
    if fault is a_throttled_call:  # only when it cannot be noted that it was sent
        assert doubts <= {"UpdateItem", "TransactWriteItems"}


def _is_telling(item: Item) -> bool:
    return str(item["SK"]).startswith("TOLD#")


@pytest.mark.parametrize(
    ("error", "mails", "progress"),
    [
        (EndpointConnectionError(endpoint_url="https://ses"), 1, "sent"),
        (failed("AccountSendingPausedException", "SendRawEmail"), 1, "sent"),
        (ReadTimeoutError(endpoint_url="https://ses"), 0, "in doubt"),
    ],
)
def test_ses_fails_once(world: World, error: Exception, mails: int, progress: str) -> None:
    """What was surely not sent is sent again; what may have been is shown, and not repeated."""

    def fail() -> None:
        raise error

    world.put("posts/a.md", plain("News", date=NOW))
    world.before("SendRawEmail", "", fail)
    world.run()
    assert (len(world.mails()), world.dead) == (mails, [])
    assert progresses(world) == {"mail": progress, "hook": "sent"}


def test_a_hook_that_nobody_took_up_is_sent_within_the_hour(world: World, origin: Origin) -> None:
    """Its message was given up after ten tries; the receiver is there again, and is told."""
    origin.hook_status = 503
    world.put("posts/a.md", plain("News", date=NOW))
    world.run()
    assert [name for name, _ in world.dead] == ["notify"]
    assert progresses(world)["hook"] == "failed"
    origin.hook_status = 204
    pass_an_hour(world)
    assert progresses(world) == {"mail": "sent", "hook": "sent"}
    assert len({headers["webhook-id"] for headers, _ in origin.received}) == 1


def test_a_receiver_that_is_away_leaves_no_dead_letters(world: World, origin: Origin) -> None:
    """While its message is tried it comes again and again; after that maintain alone has it."""
    origin.hook_status = 503
    world.put("posts/a.md", plain("News", date=NOW))
    world.run()
    began, tries = len(world.dead), len(origin.received)
    for _ in range(5):
        pass_an_hour(world)
    assert len(world.dead) == began
    assert tries < len(origin.received) <= tries + 5
    assert progresses(world)["hook"] == "failed"


def test_what_fails_for_days_is_given_up(
    world: World, origin: Origin, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is news no more: nobody takes it up again, and that it was not told is counted."""
    origin.hook_status = 503
    world.put("posts/a.md", plain("News", date=NOW))
    world.run()
    for _ in range(3):
        world.later(days=1)
        world.maintain.run(world.now)
        world.run()
    assert progresses(world) == {"mail": "sent", "hook": "given up"}
    assert capsys.readouterr().out.count('"NotTold":[1.0]') == 1
    tries = len(origin.received)
    pass_an_hour(world)
    assert len(origin.received) == tries


def test_a_cured_error_is_told_to_nobody(world: World) -> None:
    """A mail that SES did not take is not sent when the author has mended the settings meanwhile.

    The same mistake is told of when it is made again.
    """

    def refuse() -> None:
        raise failed("Throttling", "SendRawEmail")

    for _ in range(RECEIVES):
        world.before("SendRawEmail", "", refuse)
    world.put("site.yaml", "titel: T\n")
    world.run()
    world.put("site.yaml", "title: T\n")
    world.run()
    pass_an_hour(world)
    assert world.mails() == []
    assert list(world.table.query("LIST#telling")) == []
    world.put("site.yaml", "titel: T\n")
    world.run()
    assert len(world.mails()) == 1
