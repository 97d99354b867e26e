"""What the site of a set of files answers at every address, as the planner has it: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal
from urllib.parse import unquote

from presswork import content, site
from presswork.content.static_files import STATIC
from presswork.errors import Rejected
from presswork.post import UP, Error
from presswork.settings import Site
from presswork.site_keys import Owner, owner
from presswork_cli.offline.build import effective
from presswork_cli.offline.claims import Outcome, read, resolve_claims
from presswork_cli.offline.entries import RenderedPost, entry_of
from presswork_cli.offline.planner import claimed_keys, plan

Answered = Literal["200", "301", "404"]
"""What a reader is answered: a page or a file, what leads on, or nothing."""


@dataclass(frozen=True)
class Standing:
    """The settings of a site, what its posts say by key, and which static files it has.

    Static files are the keys of the folder by the keys of the site.
    """

    settings: Site
    outcomes: Mapping[str, Outcome]
    static: Mapping[str, str]
    refused: Mapping[str, Error]

    @classmethod
    def of(cls, settings: Site, outcomes: Iterable[Outcome], keys: Iterable[str]) -> "Standing":
        """What stands where; `keys` are those of the whole folder."""
        static, refused = dict[str, str](), dict[str, Error]()
        for key in filter(content.is_static, keys):
            try:
                static[content.static_place(key)] = key
            except Rejected as rejected:
                refused[key] = Error.of(rejected)
        resolved = {each.key: each for each in resolve_claims(outcomes)}
        return cls(settings, resolved, static, refused)

    def address_of(self, leads_to: str) -> str | None:
        """Where what a file holds is shown, if it is; an address stands for itself."""
        if leads_to.startswith("https://"):
            return leads_to
        if leads_to.startswith("/"):
            return leads_to if self.answers(leads_to) == "200" else self.target(leads_to)
        outcome = self.outcomes.get(leads_to)
        if outcome is not None and outcome.parsed is not None and outcome.status in UP:
            return outcome.parsed.post.path
        if leads_to in self.static.values():
            return f"/{leads_to.removeprefix(STATIC)}"
        return None

    def answers(self, path: str) -> Answered:
        """What a reader is answered at a path."""
        key = site.key_of(path)
        if key in self._stubs:
            return "301"
        return "200" if key in self._keys or key in self.static else "404"

    def target(self, path: str) -> str | None:
        """Where a path leads that is no page itself."""
        return self._stubs.get(site.key_of(path))

    def is_free(self, path: str) -> bool:
        """Whether nobody holds a path, and an author may have it."""
        return self.answers(path) == "404" and owner(site.key_of(path)) is Owner.CLAIM

    @cached_property
    def _shown(self) -> list[RenderedPost]:
        return [
            RenderedPost(each.parsed.post)
            for each in self.outcomes.values()
            if each.parsed is not None and each.status in UP
        ]

    @cached_property
    def _keys(self) -> frozenset[str]:
        """All keys of pages, feeds and stubs."""
        settings = effective(self.settings, "")
        entries = [entry_of(settings, each) for each in self._shown]
        pieces = plan(settings, entries, static=self.static)
        return frozenset(key for piece in pieces for key in piece.keys)

    @cached_property
    def _stubs(self) -> Mapping[str, str]:
        """Where those lead that lead on, by their keys."""
        taken = {*claimed_keys(self._shown), *self.static}
        redirects = {site.key_of(path): to for path, to in self.settings.redirects.items()}
        found = {key: _seen(to) for key, to in redirects.items() if key not in taken}
        for each in self._shown:
            found |= {site.key_of(path): each.post.path for path in each.post.aliases}
        return found


def _seen(location: str) -> str:
    """An address as readers see it: not percent-encoded where it is a path."""
    return unquote(location) if location.startswith("/") else location


def read_with(settings: Site, key: str, data: bytes, now: datetime) -> Outcome:
    """What a file says by itself; one without a date has that of now."""
    return read(key, data, settings, "", uploaded=now, now=now)
