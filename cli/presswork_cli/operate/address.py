"""`open`: the address of the site, or of a post."""

from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.explain import known
from presswork_cli.operate.publish import url_of
from presswork_cli.operate.stack import Stack


def address(stack: Stack, post: str | None) -> str:
    """Where readers find it; Failure for a post that they do not see."""
    site = stack.outputs.SiteUrl
    if post is None:
        return site
    source, state = known(stack, post)
    if state is None or state.live is None or not state.live.up:
        raise Failure(
            f"readers do not see {source.key}: it is {source.status.value}; `explain` says why",
            Exit.REJECTED,
        )
    return url_of(site, state.live.path)
