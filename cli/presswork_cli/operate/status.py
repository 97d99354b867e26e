"""`status`: where a stack is, how far its backfill is, and which files are broken."""

from presswork.state import SiteState
from presswork_cli.keys import SETTINGS
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import BackfillProgress, BrokenFile, StatusAnswer


def status_of(stack: Stack, endpoint: str, region: str) -> StatusAnswer:
    """What an operator is told of a stack; one on AWS has no `endpoint` of its own."""
    backfill, site = stack.stores.backfills.read(), stack.stores.sites.read()
    return StatusAnswer(
        running=True,
        endpoint=endpoint,
        region=region,
        stack=stack.name,
        outputs=stack.outputs,
        sweep=BackfillProgress(sent=backfill.sent, done=backfill.done) if backfill else None,
        theme=site.theme,
        broken=_broken(site),
    )


def _broken(site: SiteState) -> tuple[BrokenFile, ...]:
    """The settings and the theme that are not in force, because of an error."""
    settings = [BrokenFile(file=SETTINGS, error=site.error)] if site.error else []
    theme = site.theme_error
    return (*settings, *([BrokenFile(file=theme.file, error=theme.error)] if theme else []))
