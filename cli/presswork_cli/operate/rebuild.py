"""`rebuild`: the whole site made again from what is true, and how far that has come."""

import time
from collections.abc import Callable

from presswork.aws.backfills import Backfills
from presswork.aws.changed import Changed
from presswork.aws.queues import Backfill, Queue
from presswork.aws.sites import SiteState
from presswork.errors import RetryLater
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import RebuildAnswer

QUEUES = (
    "ParseQueue",
    "ParseBulkQueue",
    "ImagesQueue",
    "ImagesBulkQueue",
    "RenderQueue",
    "IndexQueue",
)
"""What the work goes through, in its order."""

ROUNDS = 8
IDLE = 3
"""How many looks in a row have to find nothing waiting: SQS counts about."""

_PAUSE = 1.0
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)

Watch = Callable[[RebuildAnswer], None]


def rebuild(stack: Stack, *, timeout: float, watch: Watch) -> RebuildAnswer:
    """Has the site made again, or takes up a rebuild that has not ended; follows it to its end.

    `watch` hears how far it is. The work goes on whether anybody follows it or not.
    """
    site, resumed = _begin(stack)
    deadline, idle = time.monotonic() + timeout, 0
    while True:
        answer = _look(stack, site, resumed=resumed)
        watch(answer)
        idle = idle + 1 if answer.sent_all and not answer.waiting else 0
        if idle == IDLE:
            return answer.model_copy(update={"done": True})
        if time.monotonic() > deadline:
            return answer
        time.sleep(_PAUSE)


def _begin(stack: Stack) -> tuple[SiteState, bool]:
    """The state of the site that is made now, and whether that had begun before."""
    for _ in range(ROUNDS):
        site = stack.sites.read()
        resumed = site.is_rebuilding(site.swept)
        if not resumed:
            update = {"rebuild": site.rebuild + 1, "lock": site.lock + 1}
            site = site.model_copy(update=update)
            try:
                stack.sites.commit(site)
            except Changed:
                continue
        queue = Queue(stack.client("sqs"), stack.resource("ParseBulkQueue"))
        queue.send(Backfill(sweep=site.furnishing))
        return site, resumed
    raise RetryLater(f"the settings kept changing for {ROUNDS} rounds")


def _look(stack: Stack, site: SiteState, *, resumed: bool) -> RebuildAnswer:
    backfill = Backfills(stack.table).read()
    if backfill is not None and backfill.furnishing != site.furnishing:
        now = stack.sites.read().furnishing  # a backfill for newer settings stands in its place
        backfill = backfill if backfill.furnishing == now else None
    return RebuildAnswer(
        site=stack.outputs.SiteUrl,
        resumed=resumed,
        sent=backfill.sent if backfill else 0,
        sent_all=backfill.done if backfill else False,
        waiting=sum(_waiting(stack, name) for name in QUEUES),
    )


def _waiting(stack: Stack, queue: str) -> int:
    answer = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.resource(queue), AttributeNames=list(_COUNTS)
    )
    return sum(int(answer["Attributes"][count]) for count in _COUNTS)
