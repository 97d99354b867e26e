"""boto3 clients, made once per process: making one costs more than a hundred calls."""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 4},
    connect_timeout=3,
    read_timeout=15,
    max_pool_connections=16,
    s3={"addressing_style": "path"} if "AWS_ENDPOINT_URL" in os.environ else {},
)


@cache
def client(service: str) -> Any:
    """The process's client of one AWS service."""
    return boto3.client(service, config=_CONFIG)  # type: ignore[call-overload]


def variable(name: str) -> str:
    """The environment variable `name`, which the template declares."""
    return os.environ[name]
