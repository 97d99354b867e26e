"""maintain: by the clock, what has fallen due."""

from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger

from presswork.stages.maintain import Maintain

logger = Logger()
maintain = Maintain.from_env()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> None:
    """Lambda's entry point; its now is the scheduled event's time."""
    now = datetime.fromisoformat(event["time"])
    maintain.run(now)
    logger.info("maintained", extra={"now": event["time"]})
