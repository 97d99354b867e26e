"""What depends on the settings of a site, worked out once for many posts."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, TypeVar

from pydantic import BaseModel

MOST = 4
"""For how many settings at once something is kept: a process works for one site or two."""

_Settings = TypeVar("_Settings", bound=BaseModel)
_Rest = ParamSpec("_Rest")
_Made = TypeVar("_Made")


class _Kept(NamedTuple):
    settings: BaseModel
    text: str
    rest: tuple[tuple[object, ...], dict[str, object]]
    made: object


def kept(
    make: Callable[Concatenate[_Settings, _Rest], _Made],
) -> Callable[Concatenate[_Settings, _Rest], _Made]:
    """A pure function of settings and what can be compared, which makes of the same once the same.

    Settings are the same if they are one object, or one text: equal ones may differ in the order of
    their authors, which pages and fingerprints show.
    """
    known: list[_Kept] = []

    @wraps(make)
    def remembered(settings: _Settings, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Made:
        others = rest, named
        for each in known:
            if each.settings is settings and each.rest == others:
                return each.made  # type: ignore[return-value]  # it was made by this function
        text = settings.model_dump_json()
        same = next((each for each in known if each.text == text and each.rest == others), None)
        made = same.made if same else make(settings, *rest, **named)
        known.append(_Kept(settings, text, others, made))
        del known[:-MOST]
        return made  # type: ignore[return-value]  # as above

    return remembered
