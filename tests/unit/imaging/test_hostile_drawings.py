"""Drawings of bad will are made or refused, and soon."""

import pytest

from hostile_cases import IMAGES, NO_IMAGES, in_time
from presswork.imaging import Refused, make
from presswork.imaging.making import parent


@pytest.mark.parametrize("name", IMAGES)
def test_a_hostile_drawing_costs_little(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its verdict within two seconds of CPU, those of the decoder's process included."""
    maker = parent._Maker()
    monkeypatch.setattr(parent, "_maker", maker)
    rule = None
    with in_time():
        try:
            make(IMAGES[name])
        except Refused as refused:
            rule = refused.rule
        maker.close()  # only then is its time told
    assert (rule == "image.type") == (name in NO_IMAGES)
