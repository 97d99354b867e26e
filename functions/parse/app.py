"""parse: S3 events about ContentBucket, and what other stages ask for."""

from presswork import startup

startup.begin()

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from presswork import wire
from presswork.messages import Hint
from presswork.post import Status
from presswork.stages.parse.router import KeyRouter
from presswork.telemetry import OUTCOMES, function_logger, function_metrics

logger = function_logger()
metrics = function_metrics()
router = KeyRouter.from_env()


def parse(message: wire.Received) -> None:
    """Hands a message to the stage, and counts what became of a post."""
    outcome = router.route(message)
    logger.info("parsed", extra={"about": message.model_dump(mode="json"), "outcome": outcome})
    if isinstance(message, Hint) and outcome in OUTCOMES:
        metrics.add_metric(name=OUTCOMES[Status(outcome)], unit=MetricUnit.Count, value=1)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, parse)


startup.done()
