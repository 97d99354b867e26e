"""The images with which Pillow tests itself: broken, odd and rare ones among them."""

import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from presswork.imaging import Refused, make

SAMPLES = Path(__file__).parents[3] / ".venvs/samples/sources/pillow/Tests/images"
KNOWN = (".jpg", ".png", ".gif", ".webp", ".avif")
REFUSALS = {
    "image.type",
    "image.broken",
    "image.bytes",
    "image.pixels",
    "image.frames",
    "image.memory",
    "image.svg",
}


def verdict(file: Path) -> str:
    """What becomes of a file: kept, kept in part, or the rule that refuses it."""
    try:
        media = make(file.read_bytes())
    except Refused as refused:
        return refused.rule
    assert media.files
    assert all(media.files.values())
    assert media.width > 0
    assert media.height > 0
    return "kept in part" if media.truncated else "kept"


def test_every_sample_is_kept_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """None crashes, none hangs; each is made or refused with a reason."""
    files = sorted(path for path in SAMPLES.rglob("*") if path.is_file())
    assert len(files) > 500, "make samples fetches them"
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        verdicts = dict(zip(files, pool.map(verdict, files), strict=True))
    counts = Counter(verdicts.values())
    assert set(counts) <= REFUSALS | {"kept", "kept in part"}
    # What is whole and of a known format is kept; these are by far most of their kind.
    known = [
        v for f, v in verdicts.items() if f.suffix in (".jpg", ".png", ".gif", ".webp", ".avif")
    ]
    assert known.count("kept") / len(known) > 0.9
    with capsys.disabled():
        told = ", ".join(f"{count} {name}" for name, count in counts.most_common())
        sys.stdout.write(f" {len(files)} samples in {time.monotonic() - began:.0f} s: {told} ")
