"""parse: S3 events about ContentBucket, and hints from other stages."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from presswork import wire
from presswork.aws.queues import Afresh, Backfill, Dress
from presswork.stages.parse.backfill import BackfillStage
from presswork.stages.parse.router import Look

logger = Logger()
metrics = Metrics(namespace="Presswork")
look = Look.from_env()
sweep = BackfillStage.from_env()


def work(body: wire.Body) -> None:
    """Does what another stage asks for, or looks at each key, and counts what became of it."""
    if "sweep" in body:
        sweep.page(Backfill.model_validate(body))
    elif "dress" in body:
        look.theme.look(Dress.model_validate(body).dress)
    elif "afresh" in body:
        look.parse.afresh(Afresh.model_validate(body).afresh)
    for hint in wire.looks(body):
        outcome = look.at(hint.key, hint.sequencer)
        logger.info("looked", extra={"key": hint.key, "outcome": outcome})
        metrics.add_metric(name=outcome.capitalize(), unit=MetricUnit.Count, value=1)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, work)
