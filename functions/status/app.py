"""status: what became of a post that came by the webhook, over HTTP."""

from presswork import startup

startup.begin()

from typing import Any

from presswork import http_api
from presswork.stages.status import Refusal, StatusReader
from presswork.telemetry import function_logger

logger = function_logger()
reader = StatusReader.from_env()

_NEVER_KEPT = {"cache-control": "no-store"}


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    try:
        outcome = reader.read(http_api.path_parameter(event, "token"))
    except Refusal as refusal:
        logger.warning("refused", extra={"status": refusal.status, "why": str(refusal)})
        return http_api.response(refusal.status, {"message": str(refusal)}, _NEVER_KEPT)
    logger.info("told", extra={"key": outcome.key, "outcome": outcome.status})
    return http_api.response(200, outcome.model_dump(mode="json"), _NEVER_KEPT)


startup.done()
