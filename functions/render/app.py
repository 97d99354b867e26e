"""render: posts that are ready to be shown, or to be taken down; and static files."""

from presswork import startup

startup.begin()

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from presswork import wire
from presswork.clock import utc_now
from presswork.stages.render.router import RenderRouter
from presswork.telemetry import SECONDS_TO_LIVE, function_logger, function_metrics

logger = function_logger()
metrics = function_metrics()
router = RenderRouter.from_env()


def render(message: wire.Received) -> None:
    """Hands a message to the stage, and tells how long an upload took to be seen."""
    uploaded = router.route(message)
    logger.info("rendered", extra={"about": message.model_dump(mode="json")})
    if uploaded is not None:
        seconds = (utc_now() - uploaded).total_seconds()
        metrics.add_metric(name=SECONDS_TO_LIVE, unit=MetricUnit.Seconds, value=seconds)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, render)


startup.done()
