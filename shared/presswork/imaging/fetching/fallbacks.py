"""Where to look for an image: at its origin first, through the proxies of its source last."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TypeGuard
from urllib.parse import urlsplit

from presswork.cache_busters import without_cache_busters
from presswork.errors import RetryLater
from presswork.imaging.fetching.connecting import Connect, Resolve, system_connect, system_resolve
from presswork.imaging.fetching.fetcher import Fetched, Validators, fetch
from presswork.imaging.fetching.throttle import HostThrottle
from presswork.imaging.fetching.urls import locate
from presswork.imaging.limits import DEFAULTS, Limits, Refused
from presswork.post import ImageRef

# A source that spells one image in a hundred ways must not cost a hundred fetches.
_MOST_RUNGS = 8
_NO_LONGER_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

Result = Fetched | Refused | RetryLater


@dataclass(frozen=True)
class Candidate:
    """One way to ask for an image; `referred` sends the URL's own site as the Referer."""

    url: str
    referred: bool = False


@dataclass(frozen=True)
class Try:
    """One request that was made, and what came of it, in words; the status if one was given."""

    url: str
    referred: bool
    outcome: str
    status: int | None = None


@dataclass(frozen=True)
class FetchedImage:
    """The bytes of an image, where they came from, and the tries it took with the good one.

    `asked` is the URL that was asked for, `url` the one that redirects ended at. `unchanged` says
    that a conditional request was answered with 304; then there is no data.
    """

    data: bytes
    url: str
    etag: str | None
    last_modified: str | None
    mime: str
    tries: tuple[Try, ...]
    asked: str
    unchanged: bool = False


class Missing(RetryLater):
    """No candidate gave the image, but one may another time.

    `gone` says that every host which may be asked answered with 404 or 410.
    """

    def __init__(
        self, message: str, after: float | None, tries: tuple[Try, ...], *, gone: bool
    ) -> None:
        super().__init__(message, after)
        self.tries = tries
        self.gone = gone


class AllRefused(Refused):
    """Every candidate is forbidden; the rule is the first one's."""

    def __init__(self, rule: str, message: str, tries: tuple[Try, ...]) -> None:
        super().__init__(rule, message)
        self.tries = tries


def candidates(ref: ImageRef) -> tuple[Candidate, ...]:
    """The ways to ask for an image, best first, at most eight.

    The origin over https, then in the clear; both again with the origin's own Referer, for hosts
    that want one; then the other spellings of the source, which are proxies mostly. The origin is
    asked by the query that its author wrote: what may be a cache-buster may choose the picture.
    """
    seen = [url for url in map(_absolute, ref.seen) if url is not None]
    asked = next((url for url in seen if _is_written_form(url, ref.url)), ref.url)
    origin = [_with_scheme(asked, "https"), _with_scheme(asked, "http")]
    plain = [Candidate(url) for url in origin]
    referred = [Candidate(url, referred=True) for url in origin]
    others = [Candidate(url) for url in (*seen, ref.url) if url not in origin]
    return tuple(dict.fromkeys((*plain, *referred, *others)))[:_MOST_RUNGS]


def fetch_first(
    ref: ImageRef,
    *,
    deadline: float = 20.0,
    limits: Limits = DEFAULTS,
    resolve: Resolve = system_resolve,
    connect: Connect = system_connect,
    throttle: HostThrottle | None = None,
    validators: Mapping[str, Validators] | None = None,
) -> FetchedImage:
    """The first image that a candidate gives, within `deadline` seconds over all of them.

    `validators` has those of an earlier visit by the URL that was asked then
    (`FetchedImage.asked`).
    Raises `AllRefused` when every candidate was refused, `Missing` when one may do better another
    time, with the longest pause that a server asked for.
    """
    ends = time.monotonic() + deadline
    known = validators or {}
    results: list[tuple[Candidate, Result]] = []

    def ask(candidate: Candidate, left: float) -> Result:
        try:
            return fetch(
                candidate.url,
                limits=replace(limits, total=min(limits.total, left)),
                resolve=resolve,
                connect=connect,
                referer=locate(candidate.url, limits.ports).origin if candidate.referred else None,
                validators=known.get(candidate.url),
                throttle=throttle,
            )
        except (Refused, RetryLater) as failure:
            return failure

    for candidate in candidates(ref):
        if candidate.referred and not _answered(candidate.url, results):
            continue
        left = ends - time.monotonic()
        if left <= 0:
            results.append((candidate, RetryLater("no time left")))
            break
        result = ask(candidate, left)
        results.append((candidate, result))
        if _is_image(result) or (candidate.url in known and _is_unchanged(result)):
            return _found(candidate, result, results)
    raise _failure(ref, results)


def _failure(ref: ImageRef, results: Sequence[tuple[Candidate, Result]]) -> Missing | AllRefused:
    outcomes, tries = [result for _, result in results], _tries(results)
    refused = [result for result in outcomes if isinstance(result, Refused)]
    if len(refused) == len(outcomes):
        return AllRefused(refused[0].rule, refused[0].message, tries)
    pauses = [r.after for r in outcomes if isinstance(r, RetryLater) and r.after is not None]
    return Missing(_story(ref, tries), max(pauses, default=None), tries, gone=_is_gone(results))


def _is_gone(results: Sequence[tuple[Candidate, Result]]) -> bool:
    """A host that serves in the clear only is not reached over https, so hosts count, not URLs."""
    allowed = [
        (candidate, result) for candidate, result in results if not isinstance(result, Refused)
    ]
    gone = {
        urlsplit(candidate.url).hostname
        for candidate, result in allowed
        if isinstance(result, Fetched) and result.status in _NO_LONGER_THERE
    }
    return {urlsplit(candidate.url).hostname for candidate, _ in allowed} == gone


def _answered(url: str, results: Sequence[tuple[Candidate, Result]]) -> bool:
    """A Referer changes the mind of a server that answers, not of one that cannot be reached."""
    return any(
        candidate.url == url and isinstance(result, Fetched) for candidate, result in results
    )


def _is_image(result: Result) -> TypeGuard[Fetched]:
    return (
        isinstance(result, Fetched)
        and result.status == HTTPStatus.OK
        and result.mime.startswith("image/")
    )


def _is_unchanged(result: Result) -> TypeGuard[Fetched]:
    return isinstance(result, Fetched) and result.status == HTTPStatus.NOT_MODIFIED


def _found(
    candidate: Candidate, fetched: Fetched, results: Sequence[tuple[Candidate, Result]]
) -> FetchedImage:
    return FetchedImage(
        data=fetched.data,
        url=fetched.url,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        mime=fetched.mime,
        tries=_tries(results),
        asked=candidate.url,
        unchanged=_is_unchanged(fetched),
    )


def _tries(results: Sequence[tuple[Candidate, Result]]) -> tuple[Try, ...]:
    return tuple(
        Try(
            candidate.url,
            candidate.referred,
            _outcome(result),
            result.status if isinstance(result, Fetched) else None,
        )
        for candidate, result in results
    )


def _outcome(result: Result) -> str:
    if _is_image(result):
        return "found"
    if _is_unchanged(result):
        return "unchanged"
    if isinstance(result, Fetched):
        no_image = "answered with something that is no image"
        return no_image if result.status == HTTPStatus.OK else f"status {result.status}"
    return str(result)


def _story(ref: ImageRef, tries: Sequence[Try]) -> str:
    return f"{ref.url} was not found: " + "; ".join(f"{t.url}: {t.outcome}" for t in tries)


def _absolute(spelling: str) -> str | None:
    """A spelling that can be asked for by itself: absolute, or without its scheme only."""
    url = f"https:{spelling}" if spelling.startswith("//") else spelling
    return url if url.lower().startswith(("http://", "https://")) else None


def _is_written_form(url: str, canonical: str) -> bool:
    """Whether a URL is the canonical one but for cache-busters in its query; no URL is not."""
    try:
        parts, wanted = urlsplit(url), urlsplit(canonical)
    except ValueError:
        return False
    return (
        (parts.netloc.lower(), parts.path) == (wanted.netloc, wanted.path)
        and parts.query != wanted.query
        and without_cache_busters(parts.query) == wanted.query
    )


def _with_scheme(url: str, scheme: str) -> str:
    return f"{scheme}:{url.partition(':')[2]}"
