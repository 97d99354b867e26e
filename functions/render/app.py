"""render: posts that are ready to be shown, or to be taken down; and static files."""

from typing import Any

from aws_lambda_powertools import Logger

from presswork import wire
from presswork.stages.render.router import RenderRouter

logger = Logger()
router = RenderRouter.from_env()


def render(message: wire.Received) -> None:
    """Hands a message to the stage."""
    router.route(message)
    logger.info("rendered", extra={"about": message.model_dump(mode="json")})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, render)
