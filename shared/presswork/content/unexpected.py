"""The last guard of parsing: a fault of our own costs one post, never those beside it."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from presswork.errors import Rejected

RULE = "internal"

_Rest = ParamSpec("_Rest")
_Result = TypeVar("_Result")
_Parse = Callable[Concatenate[bytes, str, _Rest], _Result]

logger = logging.getLogger(__name__)


def rejecting_the_unexpected(parse: _Parse[_Rest, _Result]) -> _Parse[_Rest, _Result]:
    """The function, with `Rejected` in place of any other exception; the traceback is logged.

    A `MemoryError` goes on: it is the machine's, and the same post may be read on a larger one.
    """

    @wraps(parse)
    def guarded(data: bytes, key: str, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Result:
        try:
            return parse(data, key, *rest, **named)
        except (Rejected, MemoryError):
            raise
        except Exception as error:  # any kind: what nobody thought of must not end its neighbours
            logger.exception("%s could not be read: a fault in Presswork", key)
            kind = type(error).__name__
            raise Rejected(
                RULE,
                None,
                None,
                f"Reading the post failed by a fault in Presswork: {kind}.",
                "Report it with the traceback of the log and the post. Until it is mended, take "
                "out what the post did not have when it was last read.",
            ) from error

    return guarded
