"""images: posts whose images are to come home, owed images, and media that nobody shows."""

from presswork import startup

startup.begin()

from typing import Any

from presswork import wire
from presswork.stages.images.stage import ImagesStage
from presswork.telemetry import function_logger

logger = function_logger()
router = ImagesStage.from_env()


def prepare(message: wire.Received) -> None:
    """Hands a message to the stage."""
    router.route(message)
    logger.info("prepared", extra={"about": message.model_dump(mode="json")})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, prepare)


startup.done()
