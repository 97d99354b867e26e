"""The loss meter over real blogs: it accuses few posts, and each of them rightly."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import ALLOWED
from presswork.content import Site, is_post, parse
from presswork.errors import Rejected
from presswork_cli.offline.losses import measure

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
UPLOADED = datetime(2024, 1, 1, tzinfo=UTC)

ACCUSED = {
    "18f": {
        # The row below the header has fewer cells than it, so that GFM makes no table of it.
        "2017-11-30-improving-government-outcomes-through-an-agile-contract-format.md": {
            "loss-table"
        },
    },
    "hexo": {},
    "hugo": {
        # The row below the header has more cells than it.
        "site-root.md": {"loss-table"},
    },
    "jekyll": {},
    "zola": {},
}
"""The accusations, each looked at: what readers do not see as it was meant."""


@pytest.mark.parametrize("name", ACCUSED)
def test_who_is_accused_lost_something(name: str) -> None:
    """No sound post is accused, and the posts are enough for that to mean something."""
    if not (CORPUS / name).is_dir():
        pytest.skip(f"{ALLOWED}/corpus")
    accused: dict[str, set[str]] = {}
    measured = 0
    for file in sorted((CORPUS / name).rglob("*.m*")):
        data, key = file.read_bytes(), f"posts/{file.name}"
        if not is_post(key, data):
            continue
        try:
            parsed = parse(data, key, Site(), uploaded=UPLOADED)
        except Rejected:
            continue
        measured += 1
        if found := measure(data, parsed):
            accused[file.name] = {each.rule for each in found}
    assert accused == ACCUSED[name]
    assert measured > 50
