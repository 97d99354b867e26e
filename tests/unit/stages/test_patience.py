"""An author whose post waits is told after five minutes; behind a webhook's post, at once."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from presswork.authority import HELD_BY_SOURCE
from presswork.aws.mail import Mail
from presswork.aws.queues import Queue
from presswork.aws.stores import Stores
from presswork.content import claim_held
from presswork.events import Event, Type
from presswork.post import Error, Status
from presswork.stages.notify.stage import PATIENCE, AuthorMail, Notify
from presswork.state import PostState

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
KEY, OTHER, HOOK = "posts/a.md", "posts/b.md", "posts/hooks/zapier/h.md"


@dataclass
class Outgoing:
    """What SQS and SES are given."""

    delays: list[int] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    def send_message(self, **arguments: Any) -> None:
        """Keeps the delay of a message."""
        self.delays.append(arguments["DelaySeconds"])

    def send_raw_email(self, **arguments: Any) -> None:
        """Keeps the bytes of a mail."""
        self.mails.append(arguments["RawMessage"]["Data"])


def hear(stores: Stores, key: str, error: Error, *, revision: int = 1) -> Outgoing:
    """What goes out when a post waits, and notify hears of that revision."""
    post = PostState(
        id="p", source=key, status=Status.WAITING, revision=1, first_date=NOW, error=error
    )
    stores.write(stores.posts.save(None, post))
    outgoing = Outgoing()
    author = AuthorMail(Mail(outgoing), "site@example.com", "author@example.com")
    queue = Queue(outgoing, "notify")
    stage = Notify(stores, queue, (), author, "https://site.example", lambda: NOW)
    stage.route(Event.of(Type.WAITING, post="p", key=key, revision=revision, now=NOW))
    return outgoing


def test_who_waits_for_a_webhook_is_told_at_once(stores: Stores) -> None:
    """The mail names the post that is in the way."""
    outgoing = hear(stores, KEY, claim_held("/a/", KEY, HOOK))
    assert (outgoing.delays, len(outgoing.mails)) == ([], 1)
    assert HOOK.encode() in outgoing.mails[0]


@pytest.mark.parametrize(("key", "holder"), [(KEY, OTHER), (HOOK, KEY), (HOOK, HOOK)])
def test_who_waits_for_another_author_is_told_later(stores: Stores, key: str, holder: str) -> None:
    """A move is over by then; nor is a webhook's post urgent."""
    outgoing = hear(stores, key, claim_held("/a/", key, holder))
    assert (outgoing.delays, outgoing.mails) == ([PATIENCE.total_seconds()], [])


def test_an_older_revision_is_not_told(stores: Stores) -> None:
    """What waits no more, or for another reason, has an event of its own."""
    error = Error(rule=HELD_BY_SOURCE, message="It waits.", fix="Wait.")
    outgoing = hear(stores, KEY, error, revision=0)
    assert (outgoing.delays, outgoing.mails) == ([], [])
