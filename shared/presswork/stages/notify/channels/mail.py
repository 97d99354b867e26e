"""Plain mail through SES."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from presswork import correlation
from presswork.aws.mail import Mail
from presswork.stages.notify.channels.channel import Announcement

_SEVEN_BIT = SMTP.clone(cte_type="7bit")
"""SES takes nothing else in a raw message."""


@dataclass(frozen=True)
class MailChannel:
    """One plain mail to the address that followers read."""

    mail: Mail
    sender: str
    to: str
    name: str = "mail"
    repeatable: bool = False

    def prepare(
        self,
        id: str,  # noqa: ARG002 - mail has none that a reader would know again
        site: str,
        posts: Sequence[Announcement],
        now: datetime,
    ) -> Callable[[], None]:
        """What sends one mail, dated now, through SES."""
        subject = posts[0].title if len(posts) == 1 else f"{len(posts)} new posts on {site}"
        text = "\n\n".join(
            "\n".join(filter(None, (post.title, post.summary, post.url))) for post in posts
        )
        message = compose(site, self.sender, self.to, subject, text + "\n")
        message["Date"] = format_datetime(now)
        return lambda: self.mail.send(message)


def compose(site: str, sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """A plain text mail from the site; line breaks in a title cannot add headers."""
    message = EmailMessage(policy=_SEVEN_BIT)
    message["From"] = formataddr((_one_line(site), sender))
    message["To"] = to
    message["Subject"] = _one_line(subject)
    if correlation.carried():
        message["X-Presswork-Correlation"] = " ".join(correlation.carried())
    message.set_content(text)
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())
