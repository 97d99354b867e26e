"""docs/seed.md: the table of what becomes of a dirty post, and of the tests that hold it."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "docs" / "seed.md"


def test_every_line_of_the_table_is_held() -> None:
    """Each row names tests that exist, or files of the corpus."""
    rows = [line for line in TABLE.read_text().splitlines() if line.startswith("| ")][2:]
    tests = {
        name
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert len(rows) >= 26
    for row in rows:
        named = re.findall(r"`(test_\w+|corpus/[^`]+)`", row.split(" | ")[-1])
        assert named, row
        for name in named:
            assert name in tests or (TESTS / name).is_file(), name
