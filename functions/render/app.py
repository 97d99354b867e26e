"""render: posts that are ready to be shown, or to be taken down; and static files."""

from presswork import startup

startup.begin()

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from presswork import correlation, wire
from presswork.clock import utc_now
from presswork.stages.render.router import Rendering, RenderRouter
from presswork.telemetry import SECONDS_TO_LIVE, function_logger, function_metrics

logger = function_logger()
metrics = function_metrics()
router = RenderRouter.from_env()


def finish(begun: Sequence[Rendering]) -> None:
    """Has messages finished that were begun, and tells how long each upload took to be seen."""
    router.finish(begun)
    for each in begun:
        with correlation.scope(each.message.correlationid):
            logger.info("rendered", extra={"about": each.message.model_dump(mode="json")})
        if each.uploaded is not None:
            seconds = (utc_now() - each.uploaded).total_seconds()
            metrics.add_metric(name=SECONDS_TO_LIVE, unit=MetricUnit.Seconds, value=seconds)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process_in_two(event, context, router.begin, finish)


startup.done()
