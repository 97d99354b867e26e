"""webhook: signed posts from the outside, over HTTP."""

from presswork import startup

startup.begin()

from typing import Any

from presswork import correlation, http_api
from presswork.stages.webhook.stage import InProgress, Refusal, Unauthorized, Webhook
from presswork.telemetry import count_unauthorized, function_logger

logger = function_logger()
webhook = Webhook.from_env()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    with correlation.scope():
        return _answer(http_api.request(event), context)


def _answer(request: http_api.HttpRequest, context: Any) -> dict[str, Any]:
    try:
        answer = webhook.accept(request, context)
    except Unauthorized as refusal:
        logger.warning("refused", extra={"source": request.source, "cause": refusal.cause})
        count_unauthorized(refusal.cause)
        message = "The signature is missing, wrong or older than five minutes: see docs/webhooks.md"
        return http_api.response(401, {"message": message})
    except Refusal as refusal:
        logger.warning("refused", extra={"status": refusal.status, "why": str(refusal)})
        return http_api.response(refusal.status, {"message": str(refusal)})
    except InProgress:
        message = "The same request is being worked on: send it again in some seconds."
        return http_api.response(409, {"message": message}, {"retry-after": "5"})
    logger.info("accepted", extra={"key": answer["key"]})
    return http_api.response(202, answer)


startup.done()
