"""`rebuild`: the whole site made again from what is true, and how far that has come."""

import time
from collections.abc import Callable

from presswork.aws.conflicts import retry_on_conflict
from presswork.aws.queues import Queue
from presswork.messages import BackfillPage
from presswork.state import SiteState
from presswork_cli.operate.queues import Backlog
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import RebuildAnswer

IDLE = 3
"""How many looks in a row have to find nothing waiting: SQS counts about."""

_PAUSE = 1.0
Watch = Callable[[RebuildAnswer], None]


def rebuild(stack: Stack, *, timeout: float, watch: Watch) -> RebuildAnswer:
    """Has the site made again, or takes up a rebuild that has not ended; follows it to its end.

    `watch` hears how far it is. The work goes on whether anybody follows it or not.
    """
    site, resumed = _begin(stack)
    backlog = Backlog(stack)
    deadline, idle = time.monotonic() + timeout, 0
    while True:
        answer = _look(stack, site, resumed=resumed, waiting=backlog.waiting())
        watch(answer)
        idle = idle + 1 if answer.sent_all and not answer.waiting else 0
        if idle == IDLE:
            return answer.model_copy(update={"done": True})
        if time.monotonic() > deadline:
            return answer
        time.sleep(_PAUSE)


def _begin(stack: Stack) -> tuple[SiteState, bool]:
    """The state of the site that is made now, and whether that had begun before."""

    def attempt() -> tuple[SiteState, bool]:
        site = stack.stores.sites.read()
        if site.is_rebuilding:
            return site, True
        update = {"rebuild": site.rebuild + 1, "lock_version": site.lock_version + 1}
        site = site.model_copy(update=update)
        stack.stores.sites.commit(site)
        return site, False

    site, resumed = retry_on_conflict("the settings", attempt)
    queue = Queue(stack.client("sqs"), stack.resource("ParseBulkQueue"))
    queue.send(BackfillPage(build=site.build))
    return site, resumed


def _look(stack: Stack, site: SiteState, *, resumed: bool, waiting: int) -> RebuildAnswer:
    backfill = stack.stores.backfills.read()
    if backfill is not None and backfill.build != site.build:
        now = stack.stores.sites.read().build  # a backfill for newer settings stands in its place
        backfill = backfill if backfill.build == now else None
    return RebuildAnswer(
        site=stack.outputs.SiteUrl,
        resumed=resumed,
        sent=backfill.sent if backfill else 0,
        sent_all=backfill.done if backfill else False,
        waiting=waiting,
    )
