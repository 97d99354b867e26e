"""boto3 clients, made once per process: making one costs more than a hundred calls."""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from presswork.aws.parallel import WORKERS

_CONFIG = Config(
    connect_timeout=3,
    read_timeout=15,
    max_pool_connections=WORKERS,
    s3={"addressing_style": "path"} if "AWS_ENDPOINT_URL" in os.environ else {},
)


@cache
def client(service: str, *, attempts: int = 5) -> Any:
    """The process's client of one AWS service, and how often it asks when no answer comes."""
    retries = Config(retries={"mode": "standard", "total_max_attempts": attempts})
    return boto3.client(service, config=_CONFIG.merge(retries))  # type: ignore[call-overload]


def variable(name: str) -> str:
    """The environment variable `name`, which the template declares."""
    return os.environ[name]
