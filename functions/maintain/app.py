"""maintain: by the clock, what has fallen due."""

from presswork import startup

startup.begin()

from datetime import datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from presswork.stages.maintain import Maintain
from presswork.telemetry import IMAGES_OWED, function_logger, function_metrics

logger = function_logger()
metrics = function_metrics()
maintain = Maintain.from_env()


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> None:
    """Lambda's entry point; its now is the scheduled event's time."""
    owed = maintain.run(datetime.fromisoformat(event["time"]))
    logger.info("maintained", extra={"now": event["time"]})
    if owed:
        metrics.add_metric(name=IMAGES_OWED, unit=MetricUnit.Count, value=owed)


startup.done()
