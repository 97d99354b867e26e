"""What a function tells of its work: lines of a log, and at most ten metrics."""

import warnings
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from presswork.correlation import CorrelationFilter
from presswork.post import Status

if TYPE_CHECKING:
    from aws_lambda_powertools import Metrics

NAMESPACE = "Presswork"

OUTCOMES: dict[Status, str] = {
    **{status: status.capitalize() for status in Status if status is not Status.SKIPPED},
    Status.UNLISTED: Status.LIVE.capitalize(),
    Status.EXPIRED: Status.GONE.capitalize(),
}
"""What a look at a key of a post comes to, and the name that parse counts it under."""

SECONDS_TO_LIVE = "SecondsToLive"
"""From an upload until readers see what it made; of render."""

IMAGES_OWED = "ImagesOwed"
"""How many images have yet to come home, as long as there are any; of maintain."""

NOT_TOLD = "NotTold"
"""Mails and hooks that were given up, or may have been sent or not; of notify."""

UNAUTHORIZED = "Unauthorized"
"""Requests that no sender who is known has signed; of the webhook."""


def function_logger() -> Logger:
    """The one logger that a function makes; those of the stages write through it."""
    logger = Logger()
    logger.registered_handler.addFilter(CorrelationFilter())
    return logger


def function_metrics() -> "Metrics":
    """The metrics of a function; an invocation may have nothing to count."""
    from aws_lambda_powertools import Metrics  # noqa: PLC0415 - most functions have none

    warnings.filterwarnings("ignore", "No application metrics to publish")
    return Metrics(namespace=NAMESPACE)


def count_unauthorized(cause: str) -> None:
    """Counts a request that nobody who is known has signed: one metric, whatever the cause.

    A metric of each cause would be paid for; the line of the log that counts has the cause in it.
    """
    from aws_lambda_powertools.metrics import MetricUnit  # noqa: PLC0415 - who signs waits less

    metrics = function_metrics()
    metrics.add_metric(name=UNAUTHORIZED, unit=MetricUnit.Count, value=1)
    metrics.add_metadata(key="cause", value=cause)
    metrics.flush_metrics()
