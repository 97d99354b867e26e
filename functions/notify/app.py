"""notify: what followers and authors are to hear of."""

from typing import Any

from aws_lambda_powertools import Logger

from presswork import wire
from presswork.aws.queues import Digest, Reminder
from presswork.events import Event
from presswork.stages.notify.stage import Notify

logger = Logger()
stage = Notify.from_env()


def notify(body: wire.Body) -> None:
    """Tells of an event, reminds an author, or sends a digest."""
    if "remind" in body:
        reminder = Reminder.model_validate(body)
        stage.remind(reminder.remind, reminder.revision)
    elif "digest" in body:
        digest = Digest.model_validate(body)
        stage.digest(digest.digest, digest.until)
    else:
        stage.notify(Event.model_validate(wire.message(body)))
    logger.info("notified", extra={"about": dict(body)})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, notify)
