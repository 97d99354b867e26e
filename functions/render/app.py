"""render: posts that are ready to be shown, or to be taken down; and static files."""

from typing import Any

from aws_lambda_powertools import Logger

from presswork import wire
from presswork.aws.queues import Copy
from presswork.events import Event
from presswork.stages.render.stage import Render
from presswork.stages.render.static_files import StaticFiles

logger = Logger()
stage = Render.from_env()
files = StaticFiles.from_env()


def render(body: wire.Body) -> None:
    """Hands the post that an event is about to the stage, or copies a static file."""
    if "copy_file" in body:
        files.copy(Copy.model_validate(body).copy_file)
        logger.info("copied", extra={"about": dict(body)})
        return
    event = Event.model_validate(wire.message(body))
    stage.render(event.data.post)
    logger.info("rendered", extra={"post": event.data.post, "type": event.type.value})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, render)
