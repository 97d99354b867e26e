"""index: posts that went live or down, whose lists are to follow."""

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools import Logger

from presswork import wire
from presswork.aws.queues import Furnish
from presswork.events import Event
from presswork.stages.index.stage import Index

logger = Logger()
stage = Index.from_env()


def index(bodies: Sequence[wire.Body]) -> None:
    """Furnishes the site, and hands the posts that events are about to the stage."""
    for body in bodies:
        if "furnish" in body:
            stage.furnish(Furnish.model_validate(body).furnish)
    events = [Event.model_validate(wire.message(body)) for body in bodies if "furnish" not in body]
    stage.index(event.data.post for event in events)
    logger.info("indexed", extra={"about": list(bodies)})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process_together(event, context, index)
