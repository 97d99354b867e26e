"""Clients of AWS, made once per process: making one costs more than a hundred calls.

They come from botocore's session, as boto3's do, but without what boto3 adds to them: transfers of
large files, which nothing here uses. And without two things that took a fifth of the time of a PUT:
who asks was put together anew for each call, and an object waited to be asked for.
"""

import os
import random
from functools import cache, partial
from typing import Any

from botocore.config import Config
from botocore.handlers import add_expect_header
from botocore.session import Session, get_session

from presswork.aws.parallel import WORKERS

PATIENCE = 5
"""Seconds until a connection that says nothing is given up: two fit into every function's time."""
LONG_PATIENCE = 15
"""The same for who is asked once alone, and for the local cloud, which shares a laptop."""

_CONFIG = Config(
    connect_timeout=3,
    max_pool_connections=WORKERS,
    user_agent="presswork",
    s3={"addressing_style": "path"} if "AWS_ENDPOINT_URL" in os.environ else {},
)


@cache
def session() -> Session:
    """The process's session: its clients share what they read of AWS's services."""
    made = get_session()
    # Its stub knows no handler of more than keywords.
    made.unregister("before-call.s3", add_expect_header)  # type: ignore[arg-type]
    return made


@cache
def client(service: str, *, attempts: int = 5) -> Any:
    """The process's client of one AWS service, and how often it asks when no answer comes."""
    is_slow = attempts == 1 or "AWS_ENDPOINT_URL" in os.environ
    config = Config(
        read_timeout=LONG_PATIENCE if is_slow else PATIENCE,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    made: Any = session().create_client(service, config=_CONFIG.merge(config))
    made.meta.events.register(f"needs-retry.{service}", partial(_pause, attempts))
    return made


def _pause(most: int, *, response: Any, attempts: int, **_: Any) -> float | None:
    """Seconds until a call that is throttled is made again; None for any other answer.

    botocore has no such pause for SNS's `Throttled` before 1.44, and Lambda has a botocore of its
    own. The length is that of its standard mode: AWS SDKs and Tools Reference Guide, "Retry
    behavior".
    """
    if response is None or attempts >= most:
        return None
    is_throttled = response[1].get("Error", {}).get("Code") == "Throttled"
    return random.random() * 2 ** (attempts - 1) if is_throttled else None  # noqa: S311 - a pause


def variable(name: str) -> str:
    """The environment variable `name`, which the template declares."""
    return os.environ[name]
