"""images: posts whose images are to come home, owed images, and media that nobody shows."""

from typing import Any

from aws_lambda_powertools import Logger

from presswork import wire
from presswork.aws.queues import Collect, Heal, Touch
from presswork.events import Event
from presswork.stages.images.stage import ImagesStage

logger = Logger()
images = ImagesStage.from_env()


def prepare(body: wire.Body) -> None:
    """Heals an image, takes media away, or prepares a post."""
    if "heal" in body:
        heal = Heal.model_validate(body)
        images.heal(heal.heal, anew=heal.anew, refresh=heal.refresh)
    elif "collect" in body:
        images.collect(Collect.model_validate(body).collect)
    elif "touch" in body:
        touch = Touch.model_validate(body)
        images.prepare(touch.touch, touch.hop)
    else:
        images.prepare(Event.model_validate(wire.message(body)).data.post)
    logger.info("prepared", extra={"about": dict(body)})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, prepare)
