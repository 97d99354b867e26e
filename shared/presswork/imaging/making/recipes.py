"""How variants are encoded, and the short name of it: known without loading the image library."""

import hashlib
import json
from functools import cache
from typing import Any

import PIL

from presswork.imaging.making.media import QUALITY

RESAMPLING = 1
"""Lanczos, by its number in Pillow."""

# To be raised when other things of an SVG are taken over.
_DRAWINGS = 1
# How many widths have a fallback: media that have more are made anew, so that all are alike.
_FALLBACKS = 1


@cache
def recipe(quality: int = QUALITY) -> str:
    """A short hash of everything but the image that decides the bytes of its variants."""
    known = [PIL.__version__, RESAMPLING, _DRAWINGS, _FALLBACKS, settings(quality)]
    spelled = json.dumps(known, sort_keys=True)
    return hashlib.sha256(spelled.encode()).hexdigest()[:8]


def settings(quality: int) -> dict[str, dict[str, Any]]:
    """What each encoder is told; AVIF is as close to the pixels at 60 as the others are at 80."""
    # Threads would share one core.
    avif = {"quality": max(0, quality - 20), "speed": 9, "max_threads": 1}
    return {
        "avif": {**avif, "subsampling": "4:2:0"},
        # Coloured lines and letters would fray with fewer samples of colour.
        "avif drawing": {**avif, "subsampling": "4:4:4"},
        "webp": {"quality": quality, "method": 2},
        "webp lossless": {"lossless": True, "quality": 40, "method": 2},
        "jpeg": {"quality": quality, "optimize": True, "progressive": True},
        "png": {"compress_level": 6},
    }
