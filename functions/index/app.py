"""index: posts that went live or down, whose lists are to follow."""

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools import Logger

from presswork import wire
from presswork.stages.index.stage import Index

logger = Logger()
router = Index.from_env()


def index(messages: Sequence[wire.Received]) -> None:
    """Hands the messages of a batch to the stage."""
    router.route(messages)
    logger.info("indexed", extra={"about": [each.model_dump(mode="json") for each in messages]})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process_together(event, context, index)
