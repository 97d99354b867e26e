"""A signed outbound hook."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from standardwebhooks import Webhook as Signature

from presswork import imaging
from presswork.aws.secrets import Secrets
from presswork.errors import Rejected
from presswork.stages.notify.channels.channel import Announcement


@dataclass(frozen=True)
class HookChannel:
    """One POST signed after Standard Webhooks 1.0.0, to one receiver."""

    url: str
    secrets: Secrets
    secret_name: str
    network: imaging.Network
    name: str = "hook"
    repeatable: bool = True

    def prepare(
        self, id: str, site: str, posts: Sequence[Announcement], now: datetime
    ) -> Callable[[], None]:
        """What sends `{"type": "post.live", "timestamp", "data": {"site", "posts": […]}}`."""
        secret = self.secrets.read(self.secret_name)
        if secret is None:
            raise Rejected(
                "hook.secret",
                None,
                None,
                f"The parameter {self.secret_name} with the hook's secret does not exist.",
                "Put it with `aws ssm put-parameter --type SecureString`.",
            )
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

        def send() -> None:
            imaging.deliver(
                self.url,
                body.encode(),
                headers,
                resolve=self.network.resolve,
                connect=self.network.connect,
            )

        return send
