"""images: posts whose images are to come home, and owed images to be fetched again."""

from typing import Any

from aws_lambda_powertools import Logger

from presswork import wire
from presswork.aws.queues import Heal, Touch
from presswork.events import Event
from presswork.stages.images import BringHome

logger = Logger()
images = BringHome.from_env()


def prepare(body: wire.Body) -> None:
    """Heals an image, or prepares a post."""
    if "heal" in body:
        images.heal(Heal.model_validate(body).heal)
    elif "touch" in body:
        images.prepare(Touch.model_validate(body).touch)
    else:
        images.prepare(Event.model_validate(wire.message(body)).data.post)
    logger.info("prepared", extra={"about": dict(body)})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, prepare)
