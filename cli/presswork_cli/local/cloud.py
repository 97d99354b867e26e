"""The stack in the local cloud, as its operator and its readers reach it."""

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import urllib3
from botocore.config import Config

from presswork.aws.clients import session
from presswork_cli.failure import Exit, Failure
from presswork_cli.local.emulator import LOOPBACK, REGION, Record, running
from presswork_cli.local.layout import Layout
from presswork_cli.operate.stack import Stack

_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 3},
    connect_timeout=3,
    read_timeout=30,
    max_pool_connections=32,
    user_agent="presswork",
    s3={"addressing_style": "path"},
)

# An invocation is waited for to its end: asked again, it would begin a second worker.
_INVOKING = _CONFIG.merge(Config(retries={"max_attempts": 0}, read_timeout=300))


@dataclass(frozen=True)
class Response:
    """What a fetch was answered; header names are in lower case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8 text."""
        return self.body.decode()


@dataclass(frozen=True)
class Cloud(Stack):
    """The local cloud that runs, with the stack deployed into it."""

    record: Record

    @property
    def endpoint(self) -> str:
        """Where it listens on this machine."""
        return self.record.endpoint

    @property
    def aws(self) -> str:
        """With the address of the cloud on this machine."""
        return f"aws --endpoint-url {self.record.endpoint}"

    def client(self, service: str) -> Any:
        """A boto3 client with the rights of the account's root."""
        return _client(service, self.record)

    def absent(self, why: str) -> Failure:
        """The failure of a cloud without the stack, with the way to deploy it."""
        return Failure(
            f"nothing is deployed in the local cloud ({why}): deploy with `presswork local up`",
            Exit.NO_CLOUD,
        )

    def refresh(self, paths: Sequence[str]) -> None:
        """Nothing: what stands before the site here caches nothing."""

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> Response:
        """Asks the local cloud for one of its own URLs, redirects not followed.

        Browsers resolve names below `localhost` to loopback (RFC 6761, section 6.3); Python does
        not.
        """
        parts = urllib3.util.parse_url(url)
        answer = _pool(self.record.port).request(
            method,
            parts.request_uri,
            headers={"Host": parts.netloc or "", **(headers or {})},
            body=body or None,
            redirect=False,
        )
        return Response(
            url=url,
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.data,
        )


def connect(layout: Layout) -> Cloud:
    """The local cloud that runs here."""
    record = running(layout)
    if record is None:
        raise no_cloud()
    return Cloud(record)


def connect_beside(layout: Layout) -> Cloud:
    """The local cloud of a site that is not where one stands."""
    record = running(layout)
    if record is None:
        state = shlex.quote(os.path.relpath(layout.state))
        raise Failure(
            f"no local cloud runs in {layout.state.parent}: start one there with "
            f"`presswork local --state {state} up`",
            Exit.NO_CLOUD,
        )
    return Cloud(record)


def no_cloud() -> Failure:
    """The failure of a command that finds no local cloud, with the way to start one."""
    return Failure("no local cloud runs here: start one with `presswork local up`", Exit.NO_CLOUD)


def nothing_to_stop(layout: Layout) -> Failure:
    """The failure of `down` where nothing runs; the folder tells who stands in another one."""
    return Failure(
        f"no local cloud runs in {layout.state}: nothing is to be stopped", Exit.NO_CLOUD
    )


@cache
def _pool(port: int) -> urllib3.HTTPConnectionPool:
    # MiniStack reads the length of a page and the page apart: one that is written over meanwhile is
    # broken off.
    again = urllib3.Retry(
        total=None, connect=False, read=1, other=False, allowed_methods={"GET", "HEAD"}
    )
    return urllib3.HTTPConnectionPool(LOOPBACK, port, maxsize=8, retries=again, timeout=30)


@cache
def _client(service: str, record: Record) -> Any:
    return session().create_client(
        service,
        endpoint_url=record.endpoint,
        region_name=REGION,
        aws_access_key_id=record.access_key,
        aws_secret_access_key=record.secret_key,
        config=_INVOKING if service == "lambda" else _CONFIG,
    )
