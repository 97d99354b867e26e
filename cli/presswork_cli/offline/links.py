"""Where the links of a content folder's posts lead, when all of them are there at once: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from presswork.content import links
from presswork.post import UP, LinkTarget
from presswork_cli.offline.claims import Outcome


class Targets:
    """The live posts among some outcomes, by the handles that others may link to them by."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self._by_handle: dict[str, list[LinkTarget]] = {}
        for outcome in outcomes:
            self._add(outcome)
        for targets in self._by_handle.values():
            targets.sort(key=attrgetter("rank"))

    def _add(self, outcome: Outcome) -> None:
        if outcome.parsed is None or outcome.status not in UP:
            return
        post = outcome.parsed.post
        target = LinkTarget(post=post.id, source=outcome.key, path=post.path)
        for handle in links.handles_of(outcome.key, post):
            self._by_handle.setdefault(handle, []).append(target)

    def __call__(self, handle: str) -> Sequence[LinkTarget]:
        """The posts that are known by a handle, in the order of their rank."""
        return self._by_handle.get(handle, ())


def with_links(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes with the posts as readers get them: links to sources lead to pages."""
    targets = Targets(outcomes)
    return [_linked(outcome, targets) for outcome in outcomes]


def _linked(outcome: Outcome, targets: Targets) -> Outcome:
    if outcome.parsed is None:
        return outcome
    post = outcome.parsed.post
    linked = links.sources_linked(post.html, outcome.key)
    if not linked:
        return outcome
    addresses = links.addresses(linked, outcome.key, targets)
    html = links.with_addresses(post.html, outcome.key, addresses)
    parsed = replace(outcome.parsed, post=post.model_copy(update={"html": html}))
    return replace(outcome, parsed=parsed)
