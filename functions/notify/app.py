"""notify: what followers and authors are to hear of."""

from presswork import startup

startup.begin()

from typing import Any

from presswork import wire
from presswork.stages.notify.stage import Notify
from presswork.telemetry import function_logger

logger = function_logger()
router = Notify.from_env()


def notify(message: wire.Received) -> None:
    """Hands a message to the stage."""
    router.route(message)
    logger.info("notified", extra={"about": message.model_dump(mode="json")})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, notify)


startup.done()
