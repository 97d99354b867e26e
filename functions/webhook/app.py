"""webhook: signed posts from the outside, over HTTP."""

from typing import Any

from aws_lambda_powertools import Logger

from presswork import http_api
from presswork.stages.webhook import InProgress, Refusal, Webhook

logger = Logger()
webhook = Webhook.from_env()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
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
