"""parse: S3 events about ContentBucket, and hints from other stages."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from presswork import wire
from presswork.aws.queues import Afresh, Sweep
from presswork.stages import site_settings
from presswork.stages.own_files import NO_POST, OwnFiles
from presswork.stages.parse import Parse
from presswork.stages.site_settings import SiteSettings
from presswork.stages.sweep import SweepSite

logger = Logger()
metrics = Metrics(namespace="Presswork")
parse = Parse.from_env()
settings = SiteSettings.from_env()
sweep = SweepSite.from_env()
files = OwnFiles.from_env()


def look(body: wire.Body) -> None:
    """Looks at each key that a message hints at, and counts what became of it."""
    if "sweep" in body:
        sweep.page(Sweep.model_validate(body))
    elif "afresh" in body:
        parse.afresh(Afresh.model_validate(body).afresh)
    for hint in wire.looks(body):
        if hint.key == site_settings.KEY:
            settings.look()
            outcome = "settings"
        else:
            status = parse.look(hint.key, hint.sequencer)
            if status in NO_POST:
                files.look(hint.key)
            outcome = status.value
        logger.info("looked", extra={"key": hint.key, "outcome": outcome})
        metrics.add_metric(name=outcome.capitalize(), unit=MetricUnit.Count, value=1)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    return wire.process(event, context, look)
