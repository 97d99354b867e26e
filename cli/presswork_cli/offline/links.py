"""Where the links of a content folder's posts lead, when all of them are there at once: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Protocol

from presswork.content import links
from presswork.post import LinkTarget
from presswork_cli.offline.claims import Outcome


class Linkable(Protocol):
    """A source that others may link to."""

    @property
    def target(self) -> LinkTarget | None:
        """Its post, if readers see it."""

    @property
    def handles(self) -> Sequence[str]:
        """What it may be linked to by."""


class Targets:
    """The live posts among some sources, by the handles that others may link to them by."""

    def __init__(self, sources: Iterable[Linkable]) -> None:
        self._by_handle: dict[str, list[LinkTarget]] = {}
        for source in sources:
            if (target := source.target) is not None:
                for handle in source.handles:
                    self._by_handle.setdefault(handle, []).append(target)
        for targets in self._by_handle.values():
            targets.sort(key=attrgetter("rank"))

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
