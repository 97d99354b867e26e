"""Fetching from the open web: every hop checked, everything bounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urljoin

import presswork
from presswork.errors import RetryLater
from presswork.imaging.fetching.connecting import Connect, Resolve, system_connect, system_resolve
from presswork.imaging.fetching.throttle import HostThrottle
from presswork.imaging.fetching.transport import Answer, Deadline, Request, send
from presswork.imaging.fetching.urls import Target, locate
from presswork.imaging.kinds import kind
from presswork.imaging.limits import DEFAULTS, Limits, Refused

AGENT = f"Presswork/{presswork.__version__} (static publishing)"

_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_VALIDATOR = 1024


@dataclass(frozen=True)
class Validators:
    """What an earlier answer gave to ask for a newer one (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A final answer.

    `url` is where it came from, `hops` the URLs that redirected there, in order. `data` is empty
    unless `status` is of the 200s; `mime` is told from it, never from what the server said.
    """

    url: str
    status: int
    data: bytes
    mime: str
    etag: str | None
    last_modified: str | None
    hops: tuple[str, ...]


def fetch(
    url: str,
    *,
    limits: Limits = DEFAULTS,
    resolve: Resolve = system_resolve,
    connect: Connect = system_connect,
    referer: str | None = None,
    validators: Validators | None = None,
    throttle: HostThrottle | None = None,
) -> Fetched:
    """GET `url` and follow its redirects, connecting to public addresses only.

    `resolve` is asked once a hop and all its answers are judged; `connect` gets one that passed.
    Fetches that share a `throttle` wait for each other, and keep the pauses that hosts ask for.
    Raises `Refused`, or `RetryLater` for 429, 5xx and whatever goes wrong below HTTP.
    """
    throttle = throttle or HostThrottle()
    deadline = Deadline(limits.total)
    headers = _headers(referer, validators)
    hops: list[str] = []
    target = locate(url, limits.ports)
    while True:
        with throttle.turn(target.host, deadline.patience):
            answer = send(
                Request("GET", target, headers),
                limits=limits,
                deadline=deadline,
                resolve=resolve,
                connect=connect,
            )
            retry_if_busy(answer, target)
        location = answer.headers.get("Location")
        if answer.status not in _REDIRECTS or location is None:
            return _fetched(target, answer, tuple(hops))
        hops.append(target.url)
        if len(hops) > limits.redirects:
            raise Refused("fetch.redirects", f"{url!r} redirects over {limits.redirects} times.")
        target = _redirected(target, location, limits)


def retry_if_busy(answer: Answer, target: Target) -> None:
    """Raise `RetryLater` for the statuses by which a server asks for patience."""
    if (
        answer.status == HTTPStatus.TOO_MANY_REQUESTS
        or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        after = _retry_after(answer.headers.get("Retry-After"), datetime.now(UTC))
        raise RetryLater(f"{target.host} answered with status {answer.status}.", after)


def _headers(referer: str | None, validators: Validators | None) -> Mapping[str, str]:
    # No type is preferred: a server that picks by this header then sends what was uploaded to it.
    headers = {
        "User-Agent": AGENT,
        "Accept": "image/*,*/*;q=0.1",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if referer is not None:
        headers["Referer"] = referer
    if validators is not None and validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators is not None and validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _redirected(target: Target, location: str, limits: Limits) -> Target:
    # http.client reads headers as Latin-1, servers that leave non-ASCII bare send UTF-8.
    location = location.encode("latin-1").decode("utf-8", "replace")
    try:
        url = urljoin(target.url, location)
    except ValueError as error:
        raise Refused("fetch.url", f"{target.host!r} redirects to no valid URL.") from error
    onward = locate(url, limits.ports)
    if target.scheme == "https" and onward.scheme == "http":
        raise Refused("fetch.downgrade", f"{target.host!r} redirects from https to http.")
    return onward


def _fetched(target: Target, answer: Answer, hops: tuple[str, ...]) -> Fetched:
    return Fetched(
        url=target.url,
        status=answer.status,
        data=answer.body,
        mime=kind(answer.body),
        etag=_validator(answer.headers.get("ETag")),
        last_modified=_validator(answer.headers.get("Last-Modified")),
        hops=hops,
    )


def _validator(value: str | None) -> str | None:
    return value if value and len(value) <= _LONGEST_VALIDATOR else None


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header: a count, or a date (RFC 9110, section 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds())
