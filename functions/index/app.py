"""index: posts that went live or down, whose lists are to follow."""

from typing import Any

from aws_lambda_powertools import Logger

from presswork import wire
from presswork.aws.queues import Furnish
from presswork.events import Event
from presswork.stages.index import Index

logger = Logger()
stage = Index.from_env()


def index(body: wire.Body) -> None:
    """Hands the post that an event is about to the stage, or furnishes the site."""
    if "furnish" in body:
        stage.furnish(Furnish.model_validate(body).furnish)
    else:
        stage.index(Event.model_validate(wire.message(body)).data.post)
    logger.info("indexed", extra={"about": dict(body)})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, index)
