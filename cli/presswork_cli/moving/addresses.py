"""The addresses of a blog, held against those that its posts have here: pure.

A post that the site's `permalink` puts elsewhere gets a line of front matter; what else differs is
led on by `redirects`. What each address answers in the end is asked of the planner, not assumed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from presswork.post import UP
from presswork.settings import Site
from presswork.site_keys import Owner, canonical, key_of, owner
from presswork_cli.moving import own_line, site_file
from presswork_cli.moving.blog import KINDS, Blog, OldAddress
from presswork_cli.moving.standing import Answered, Standing, read_with
from presswork_cli.offline.claims import Outcome

MOST_REDIRECTS = 200

_NO_ROOM = f"`redirects` of site.yaml has {MOST_REDIRECTS} lines, and they are taken"
_OF_LISTS = "the site keeps it for a tag or another list that is spelled so, so it cannot lead on"
_NOT_SHOWN = "what stood there is not shown: see what is said of its file"


class Fate(NamedTuple):
    """An address of the blog, and what a reader is answered there now; `why` of one that is lost.

    `shown` is where the reader ends up.
    """

    address: OldAddress
    answered: Answered
    shown: str = ""
    why: str = ""


@dataclass(frozen=True)
class Settled:
    """The files and settings by which the addresses of a blog are kept, and how each fares."""

    settings: Site
    files: Mapping[str, bytes | Path]
    standing: Standing
    fates: tuple[Fate, ...]
    changed: frozenset[str] = field(default=frozenset())
    """The keys of the sources that got a line."""


def settled(
    blog: Blog,
    settings: Site,
    now: datetime,
    watch: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Settled:
    """A blog whose addresses are kept, as far as they can be; `watch` sees the sources' keys."""
    sources = [key for key in blog.files if key.startswith(("posts/", "pages/"))]
    outcomes = {key: read_with(settings, key, blog.data(key), now) for key in watch(sources)}
    own, outcomes = _with_own_lines(blog, settings, outcomes, now)
    files = {**blog.files, **own}
    standing = Standing.of(settings, outcomes.values(), files)
    redirects, no_room = _redirects(blog.addresses, standing)
    settings = site_file.with_redirects(settings, redirects)
    standing = replace(standing, settings=settings)
    fates = tuple(_fate(each, standing, no_room) for each in blog.addresses)
    return Settled(settings, files, standing, fates, frozenset(own))


def _with_own_lines(
    blog: Blog, settings: Site, outcomes: Mapping[str, Outcome], now: datetime
) -> tuple[dict[str, bytes], dict[str, Outcome]]:
    """The sources that got a line to keep an address, and what all of them say."""
    claimed = {path: key for key, each in outcomes.items() for path in _paths(each)}
    wanted: dict[str, list[str]] = defaultdict(list)
    for each in blog.addresses:
        if each.leads_to in outcomes:
            wanted[each.leads_to].append(canonical(each.path))
    own, found = dict[str, bytes](), dict(outcomes)
    for key, paths in wanted.items():
        missing = [path for path in paths if path not in claimed and _is_claimable(path)]
        if not missing or not _paths(found[key]):
            continue
        before = found[key]
        candidates = _candidates(blog.data(key), missing, is_page_wanted=paths[0] in missing)
        best = _kept(before, paths)
        for new in candidates:
            outcome = read_with(settings, key, new, now)
            if _is_same(before, outcome) and _kept(outcome, paths) > best:
                best = _kept(outcome, paths)
                own[key], found[key] = new, outcome
        for path in _paths(before):
            claimed.pop(path, None)
        claimed |= dict.fromkeys(_paths(found[key]), key)
    return own, found


def _is_claimable(path: str) -> bool:
    """Whether an author may have a path; a line that asks for another would be told for ever."""
    return owner(key_of(path)) is Owner.CLAIM


def _candidates(data: bytes, missing: Sequence[str], *, is_page_wanted: bool) -> Iterator[bytes]:
    """The source with a line more or two; those that keep more come first."""
    placed = own_line.with_permalink(data, missing[0]) if is_page_wanted else None
    rest = missing[1:] if placed else missing
    if placed is not None:
        both = own_line.with_aliases(placed, rest) if rest else None
        yield from filter(None, (both, placed))
    alone = own_line.with_aliases(data, missing)
    if alone is not None:
        yield alone


def _paths(outcome: Outcome) -> tuple[str, ...]:
    """Where a post stands that readers see, and what leads there."""
    if outcome.parsed is None or outcome.status not in UP:
        return ()
    return (outcome.parsed.post.path, *outcome.parsed.post.aliases)


def _kept(outcome: Outcome, wanted: Sequence[str]) -> tuple[bool, int]:
    """How well a post keeps its addresses: that of its page, and how many in all."""
    paths = _paths(outcome)
    return paths[:1] == (wanted[0],), len({*paths} & {*wanted})


def _is_same(one: Outcome, other: Outcome) -> bool:
    """Whether a source with one line more is the same post, but for its addresses."""
    if one.parsed is None or other.parsed is None or one.status is not other.status:
        return False
    old, new = one.parsed.post, other.parsed.post
    told = (old.title, old.date, old.html, old.tags, old.categories)
    return told == (new.title, new.date, new.html, new.tags, new.categories)


def _redirects(
    addresses: Iterable[OldAddress], standing: Standing
) -> tuple[dict[str, str], frozenset[str]]:
    """Where addresses lead that nobody holds, and those for which there is no room."""
    found: dict[str, str] = {}
    for each in sorted(addresses, key=lambda each: KINDS.index(each.kind)):
        target = standing.address_of(each.leads_to) if each.leads_to else None
        path = canonical(each.path)
        is_missing = target is not None and path not in found and standing.is_free(path)
        if is_missing and target and site_file.is_redirect(path, target):
            found[path] = target
    fit = dict(list(found.items())[:MOST_REDIRECTS])
    return fit, frozenset(found.keys() - fit.keys())


def _fate(each: OldAddress, standing: Standing, no_room: frozenset[str]) -> Fate:
    """How an address of the blog fares; what shows something else than before is lost, too."""
    path = canonical(each.path)
    answered = standing.answers(path)
    shown = standing.address_of(each.leads_to) if each.leads_to else None
    if answered == "200" and shown is not None and canonical(shown) == path:
        return Fate(each, answered, path)
    if answered == "301" and shown is not None and standing.target(path) == shown:
        return Fate(each, answered, shown)
    return Fate(each, "404", why=each.why or _why_lost(path, answered, shown, no_room))


def _why_lost(path: str, answered: Answered, shown: str | None, no_room: frozenset[str]) -> str:
    """Why a path does not lead to where its page is `shown` now."""
    if path in no_room:
        return _NO_ROOM
    if shown is None:
        return _NOT_SHOWN
    if answered != "404":
        return f"something else stands there; what stood there is at {shown}"
    if owner(key_of(path)) is Owner.LIST:
        return f"{_OF_LISTS}; what stood there is at {shown}"
    return f"`redirects` cannot have this address; what stood there is at {shown}"
