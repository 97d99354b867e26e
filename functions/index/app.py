"""index: posts that went live or down, whose lists are to follow."""

from presswork import startup

startup.begin()

from collections.abc import Sequence
from typing import Any

from presswork import correlation, wire
from presswork.stages.index.stage import Index
from presswork.telemetry import function_logger

logger = function_logger()
router = Index.from_env()


def index(messages: Sequence[wire.Received]) -> None:
    """Hands the messages of a batch to the stage."""
    router.route(messages)
    for each in messages:
        with correlation.scope(each.correlationid):
            logger.info("indexed", extra={"about": each.model_dump(mode="json")})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process_together(event, context, index)


startup.done()
