"""webhook: signed posts from the outside, over HTTP."""

from presswork import startup

startup.begin()

from typing import Any

from presswork import correlation, http_api
from presswork.stages.webhook import InProgress, Refusal, Webhook
from presswork.telemetry import function_logger

logger = function_logger()
webhook = Webhook.from_env()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    with correlation.scope():
        return _answer(event, context)


def _answer(event: dict[str, Any], context: Any) -> dict[str, Any]:
    try:
        answer = webhook.accept(http_api.request(event), context)
    except Refusal as refusal:
        logger.warning("refused", extra={"status": refusal.status, "why": str(refusal)})
        return http_api.response(refusal.status, {"message": str(refusal)})
    except InProgress:
        message = {"message": "The same request is being worked on."}
        return http_api.response(409, message, {"retry-after": "5"})
    logger.info("accepted", extra={"key": answer["key"]})
    return http_api.response(202, answer)


startup.done()
