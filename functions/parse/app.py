"""parse: S3 events about ContentBucket, and what other stages ask for."""

import warnings
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from presswork import wire
from presswork.messages import Hint
from presswork.stages.parse.router import KeyRouter

# An invocation may count nothing: a backfill, or a message that is delivered again.
warnings.filterwarnings("ignore", "No application metrics to publish")

logger = Logger()
metrics = Metrics(namespace="Presswork")
router = KeyRouter.from_env()


def parse(message: wire.Received) -> None:
    """Hands a message to the stage, and counts what became of it."""
    outcome = router.route(message)
    logger.info("parsed", extra={"about": message.model_dump(mode="json"), "outcome": outcome})
    if isinstance(message, Hint):
        metrics.add_metric(name=outcome.capitalize(), unit=MetricUnit.Count, value=1)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, parse)
