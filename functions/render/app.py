"""render: posts that are ready to be shown, or to be taken down."""

from typing import Any

from aws_lambda_powertools import Logger

from presswork import wire
from presswork.events import Event
from presswork.stages.render import Render

logger = Logger()
stage = Render.from_env()


def render(body: wire.Body) -> None:
    """Hands the post that an event is about to the stage."""
    event = Event.model_validate(wire.message(body))
    stage.render(event.data.post)
    logger.info("rendered", extra={"post": event.data.post, "type": event.type.value})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, render)
