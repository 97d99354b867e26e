"""Drawings of bad will are made or refused, and soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hostile_cases import IMAGES, NO_IMAGES, in_time
from presswork.imaging import Refused, make

if TYPE_CHECKING:
    from presswork.imaging.making.workshop import Workshop


@pytest.mark.parametrize("name", IMAGES)
def test_a_hostile_drawing_costs_little(name: str, workshop: Workshop) -> None:
    """Each has its verdict within two seconds of CPU, those of the decoder's process included."""
    rule = None
    with in_time():
        try:
            make(IMAGES[name])
        except Refused as refused:
            rule = refused.rule
        workshop.close()  # only then is its time told
    assert (rule == "image.type") == (name in NO_IMAGES)
