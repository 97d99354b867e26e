"""The ways to tell people of a new post: mail, and a signed outbound hook."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Protocol

from standardwebhooks import Webhook as Signature

from presswork import imaging
from presswork.aws.mail import Mail
from presswork.aws.secrets import Secrets
from presswork.errors import Rejected
from presswork.post import Model

_SEVEN_BIT = SMTP.clone(cte_type="7bit")
"""SES takes nothing else in a raw message."""


class Announcement(Model):
    """A new post as its followers hear of it; `url` is absolute."""

    id: str
    title: str
    url: str
    date: datetime
    lang: str
    summary: str


class Channel(Protocol):
    """One way to tell people."""

    @property
    def name(self) -> str:
        """The name it has in the table."""

    @property
    def repeatable(self) -> bool:
        """Whether receivers know a repetition by its id."""

    def send(self, site: str, posts: Sequence[Announcement], now: datetime) -> None:
        """Tells of some posts at once; RetryLater when it may work later, Rejected when never."""


@dataclass(frozen=True)
class MailChannel:
    """One plain mail to the address that followers read."""

    mail: Mail
    sender: str
    to: str
    name: str = "mail"
    repeatable: bool = False

    def send(self, site: str, posts: Sequence[Announcement], now: datetime) -> None:
        """Sends one mail, dated now, through SES."""
        subject = posts[0].title if len(posts) == 1 else f"{len(posts)} new posts on {site}"
        text = "\n\n".join(
            "\n".join(filter(None, (post.title, post.summary, post.url))) for post in posts
        )
        message = compose(site, self.sender, self.to, subject, text + "\n")
        message["Date"] = format_datetime(now)
        self.mail.send(message)


@dataclass(frozen=True)
class HookChannel:
    """One POST signed after Standard Webhooks 1.0.0, to one receiver."""

    url: str
    secrets: Secrets
    secret_name: str
    network: imaging.Network
    name: str = "hook"
    repeatable: bool = True

    def send(self, site: str, posts: Sequence[Announcement], now: datetime) -> None:
        """Sends `{"type": "post.live", "timestamp", "data": {"site", "posts": […]}}`."""
        secret = self.secrets.read(self.secret_name)
        if secret is None:
            raise Rejected(
                "hook.secret",
                None,
                None,
                f"The parameter {self.secret_name} with the hook's secret does not exist.",
                "Put it with `aws ssm put-parameter --type SecureString`.",
            )
        ids = "\n".join(post.id for post in posts)
        id = f"msg_{hashlib.sha256(ids.encode()).hexdigest()[:32]}"
        document = {
            "type": "post.live",
            "timestamp": now.isoformat(),
            "data": {"site": site, "posts": [post.model_dump(mode="json") for post in posts]},
        }
        body = json.dumps(document, ensure_ascii=False)
        headers = {
            "content-type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signature(secret).sign(id, now, body),
        }
        imaging.deliver(
            self.url,
            body.encode(),
            headers,
            resolve=self.network.resolve,
            connect=self.network.connect,
        )


def compose(site: str, sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """A plain text mail from the site; line breaks in a title cannot add headers."""
    message = EmailMessage(policy=_SEVEN_BIT)
    message["From"] = formataddr((_one_line(site), sender))
    message["To"] = to
    message["Subject"] = _one_line(subject)
    message.set_content(text)
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())
