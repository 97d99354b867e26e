"""Delivering outbound hooks, behind the same network as fetches."""

from collections.abc import Mapping

from presswork.imaging.fetching.connecting import Connect, Resolve, system_connect, system_resolve
from presswork.imaging.fetching.fetcher import AGENT, retry_if_busy
from presswork.imaging.fetching.transport import Deadline, Request, send
from presswork.imaging.fetching.urls import locate
from presswork.imaging.limits import DEFAULTS, Limits, Refused


def deliver(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    limits: Limits = DEFAULTS,
    resolve: Resolve = system_resolve,
    connect: Connect = system_connect,
) -> int:
    """POST `body` to a public address and return the status, which is one of the 200s.

    Redirects are not followed. Raises `RetryLater` for 429, 5xx and whatever goes wrong below HTTP,
    `Refused` for every other status and for what the network forbids.
    """
    target = locate(url, limits.ports)
    fixed = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close"}
    answer = send(
        Request("POST", target, {**fixed, **headers}, body),
        limits=limits,
        deadline=Deadline(limits.total),
        resolve=resolve,
        connect=connect,
    )
    retry_if_busy(answer, target)
    if not answer.successful:
        raise Refused("hook.status", f"{target.host} answered with status {answer.status}.")
    return answer.status
