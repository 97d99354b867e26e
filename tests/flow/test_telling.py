"""Followers are told of a new post once; authors of what keeps theirs from going live."""

import json

import pytest
from standardwebhooks import Webhook

from flow.world import HOOK_SECRET, Origin, World, plain

NOW = "2026-05-04 11:00:00"


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


def test_a_mail_whose_worker_died_is_not_sent_twice(world: World) -> None:
    """A worker that dies right after its mail leaves the promise; nobody is told again."""
    world.put("posts/a.md", plain("News", date=NOW))
    world.crash_at("TransactWriteItems", "'sent'")
    world.run()
    assert not world.pending_crash()
    assert len(world.mails()) == 1


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
    world.before("DeleteItem", "TOLD#author", verify)
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

    world.before("DeleteItem", "digest#", recover)
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
