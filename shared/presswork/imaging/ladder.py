"""Where to look for an image: at its origin first, through the proxies of its source last."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TypeGuard

from presswork.errors import RetryLater
from presswork.imaging.connecting import Connect, Resolve, system_connect, system_resolve
from presswork.imaging.fetcher import Fetched, fetch
from presswork.imaging.limits import DEFAULTS, Limits, Refused
from presswork.imaging.urls import locate
from presswork.post import ImageRef

# A source that spells one image in a hundred ways must not cost a hundred fetches.
_MOST_RUNGS = 8

Result = Fetched | Refused | RetryLater


@dataclass(frozen=True)
class Rung:
    """One way to ask for an image; `referred` sends the URL's own site as the Referer."""

    url: str
    referred: bool = False


@dataclass(frozen=True)
class Try:
    """One request that was made, and what came of it, in words."""

    url: str
    referred: bool
    outcome: str


@dataclass(frozen=True)
class Found:
    """The bytes of an image, where they came from, and the tries it took with the good one."""

    data: bytes
    url: str
    etag: str | None
    last_modified: str | None
    mime: str
    tries: tuple[Try, ...]


def rungs(ref: ImageRef) -> tuple[Rung, ...]:
    """The ways to ask for an image, best first, at most eight.

    The origin over https, then as it is spelled; both again with the origin's own Referer, for
    hosts that want one; then the other spellings of the source, which are proxies mostly.
    """
    seen = [url for url in map(_absolute, ref.seen) if url is not None]
    http = _with_scheme(ref.url, "http")
    origin = [_with_scheme(ref.url, "https")]
    if http == ref.url or http in seen:
        origin.append(http)
    plain = [Rung(url) for url in origin]
    referred = [Rung(url, referred=True) for url in origin]
    others = [Rung(url) for url in seen if url not in (ref.url, *origin)]
    return tuple(dict.fromkeys((*plain, *referred, *others)))[:_MOST_RUNGS]


def climb(
    ref: ImageRef,
    *,
    deadline: float = 20.0,
    limits: Limits = DEFAULTS,
    resolve: Resolve = system_resolve,
    connect: Connect = system_connect,
) -> Found:
    """The first image that a rung gives, within `deadline` seconds over all of them.

    Raises `Refused` when every rung was refused, `RetryLater` when one may do better another time,
    with the longest pause that a server asked for.
    """
    ends = time.monotonic() + deadline
    results: list[tuple[Rung, Result]] = []
    for rung in rungs(ref):
        if rung.referred and not _answered(rung.url, results):
            continue
        left = ends - time.monotonic()
        if left <= 0:
            results.append((rung, RetryLater("no time left")))
            break
        result = _ask(rung, replace(limits, total=min(limits.total, left)), resolve, connect)
        results.append((rung, result))
        if _is_image(result):
            return _found(result, results)
    failures = [result for _, result in results]
    if isinstance(failures[0], Refused) and all(isinstance(f, Refused) for f in failures):
        raise failures[0]
    pauses = [f.after for f in failures if isinstance(f, RetryLater) and f.after is not None]
    raise RetryLater(_story(ref, results), max(pauses, default=None))


def _ask(rung: Rung, limits: Limits, resolve: Resolve, connect: Connect) -> Result:
    try:
        referer = locate(rung.url, limits.ports).origin if rung.referred else None
        return fetch(rung.url, limits=limits, resolve=resolve, connect=connect, referer=referer)
    except (Refused, RetryLater) as failure:
        return failure


def _answered(url: str, results: Sequence[tuple[Rung, Result]]) -> bool:
    """A Referer changes the mind of a server that answers, not of one that cannot be reached."""
    return any(rung.url == url and isinstance(result, Fetched) for rung, result in results)


def _is_image(result: Result) -> TypeGuard[Fetched]:
    return (
        isinstance(result, Fetched)
        and result.status == HTTPStatus.OK
        and result.mime.startswith("image/")
    )


def _found(fetched: Fetched, results: Sequence[tuple[Rung, Result]]) -> Found:
    return Found(
        data=fetched.data,
        url=fetched.url,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        mime=fetched.mime,
        tries=tuple(Try(rung.url, rung.referred, _outcome(result)) for rung, result in results),
    )


def _outcome(result: Result) -> str:
    if _is_image(result):
        return "found"
    if isinstance(result, Fetched):
        no_image = "answered with something that is no image"
        return no_image if result.status == HTTPStatus.OK else f"status {result.status}"
    return str(result)


def _story(ref: ImageRef, results: Sequence[tuple[Rung, Result]]) -> str:
    tries = "; ".join(f"{rung.url}: {_outcome(result)}" for rung, result in results)
    return f"{ref.url} was not found: {tries}"


def _absolute(spelling: str) -> str | None:
    """A spelling that can be asked for by itself: absolute, or without its scheme only."""
    url = f"https:{spelling}" if spelling.startswith("//") else spelling
    return url if url.lower().startswith(("http://", "https://")) else None


def _with_scheme(url: str, scheme: str) -> str:
    return f"{scheme}:{url.partition(':')[2]}"
