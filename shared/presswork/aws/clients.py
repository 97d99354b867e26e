"""Clients of AWS, made once per process: making one costs more than a hundred calls.

They come from botocore's session, as boto3's do, but without what boto3 adds to them: transfers of
large files, which nothing here uses. And without two things that took a fifth of the time of a PUT:
who asks was put together anew for each call, and an object waited to be asked for.
"""

import os
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.handlers import add_expect_header
from botocore.session import Session, get_session

from presswork.aws.parallel import WORKERS

_CONFIG = Config(
    connect_timeout=3,
    read_timeout=15,
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
    retries = Config(retries={"mode": "standard", "total_max_attempts": attempts})
    return session().create_client(service, config=_CONFIG.merge(retries))


def variable(name: str) -> str:
    """The environment variable `name`, which the template declares."""
    return os.environ[name]
