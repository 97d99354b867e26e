"""When an image that did not come home is asked for again, and when it is given up: pure."""

from datetime import datetime, timedelta

from presswork.post import ImageState
from presswork.state import RemoteImage

FIRST_PAUSE = timedelta(hours=1)
LONGEST_PAUSE = timedelta(days=7)
ATTEMPTS = 8
"""Tries in vain until an image is given up: with pauses that grow fourfold, after five weeks."""

ABSENCE = timedelta(days=1)
"""An image is given up when it is called gone twice at least so far apart."""

_LONGEST_REASON = 1000


def refused(image: RemoteImage, rule: str, now: datetime) -> RemoteImage:
    """The image after a rule forbade it."""
    return _ended(image, ImageState.REFUSED, rule, now)


def failed_attempt(
    before: RemoteImage,
    image: RemoteImage,
    reason: str,
    now: datetime,
    *,
    gone: bool,
    after: float | None,
) -> RemoteImage:
    """The image after one more try in vain: the pauses grow, and in the end it is given up.

    `before` is the image as it was before its lease. `gone` says that every place answered 404 or
    410, `after` the seconds a server asked to be left alone. A try ahead of its time, for a new
    revision, moves neither the next one nor the end nearer.
    """
    absent_since = image.absent_since or (now if gone else None)
    image = image.model_copy(update={"absent_since": absent_since, "reason": _short(reason)})
    if gone and absent_since is not None and now - absent_since >= ABSENCE:
        return _ended(image, ImageState.LOST, reason, now)
    if before.state is ImageState.LOST:
        return _ended(image, ImageState.LOST, reason, before.since or now)
    if before.next_try is not None and before.next_try > now:
        return image.model_copy(update={"next_try": before.next_try})
    attempts = image.attempts + 1
    if attempts >= ATTEMPTS:
        ended = image.model_copy(update={"attempts": attempts})
        return _ended(ended, ImageState.LOST, reason, now)
    # A count of seconds from outside may be more than a timedelta holds.
    asked = timedelta(seconds=min(after or 0, LONGEST_PAUSE.total_seconds()))
    next_try = now + min(max(FIRST_PAUSE * 4 ** (attempts - 1), asked), LONGEST_PAUSE)
    if gone and absent_since is not None:
        next_try = min(next_try, absent_since + ABSENCE)
    update = {
        "state": ImageState.OWED,
        "attempts": attempts,
        "next_try": next_try.replace(microsecond=0),
    }
    return image.model_copy(update=update)


def _ended(image: RemoteImage, state: ImageState, reason: str, now: datetime) -> RemoteImage:
    since = now.replace(microsecond=0)
    update = {"state": state, "reason": _short(reason), "next_try": None, "since": since}
    return image.model_copy(update=update)


def _short(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
