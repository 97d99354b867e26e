"""docs/faq.md, docs/compared.md and README.md: short answers, and numbers that hold."""

import re
from pathlib import Path

import pytest

from presswork.content.attachments import MOST_BYTES
from presswork.content.decoding import MAX_BYTES
from presswork.content.parsing import MAX_IMAGES
from presswork.content.static_files import MAX_STATIC_BYTES
from presswork.imaging.limits import Limits
from presswork.settings import Site
from presswork_cli.cost.answer import estimated

DOCS = Path(__file__).parents[2] / "docs"
FAQ = (DOCS / "faq.md").read_text(encoding="utf-8")
README = (DOCS.parent / "README.md").read_text(encoding="utf-8")
COMPARED = (DOCS / "compared.md").read_text(encoding="utf-8")
ANSWERS = dict(re.findall(r"^### ([^\n]+)\n\n(.+?)(?=\n\n#|\Z)", FAQ, re.MULTILINE | re.DOTALL))
MIB = 2**20


@pytest.mark.parametrize("question", ANSWERS)
def test_an_answer_is_short_and_leads_on(question: str) -> None:
    """One paragraph of at most four lines, with a link to more."""
    answer = ANSWERS[question].strip()
    assert "\n\n" not in answer
    assert len(answer.split("\n")) <= 4
    assert "](" in answer


def test_the_limits_are_those_of_the_code() -> None:
    """Each number of the answer about limits is the one that is kept to."""
    limits = ANSWERS["What are the limits?"]
    redirects = Site.model_fields["redirects"].metadata
    assert [int(n) for n in re.findall(r"\b\d+(?= )", limits)] == [
        MAX_BYTES // MIB,
        MAX_IMAGES,
        Limits().body // MIB,
        MOST_BYTES // MIB,
        MAX_STATIC_BYTES // MIB,
        redirects[0].max_length,
    ]


def dollars(case: str, unit: str = "") -> float:
    """What `presswork cost` says of a case, or of a service in it."""
    (found,) = (each for each in estimated().cases if each.about.startswith(case))
    of = [line.dollars for line in found.lines if line.unit.startswith(unit)]
    return sum(of) if unit else found.dollars


def test_the_dollars_are_those_of_the_command() -> None:
    """What the pages say a month, posts and views cost is what `presswork cost` says."""
    idle = dollars("a month in which nothing")
    alarmed = idle + dollars("a month of the ten alarms")
    views = dollars("a month of a blog", "cloudfront.")
    assert f"| ${idle:.2f} to ${alarmed:.2f} |" in COMPARED
    assert f"| 20,000 views a month | ${views:.2f} |" in COMPARED
    bursts, alone = (
        dollars("1,000 posts with 2 images, in"),
        dollars("1,000 posts with 2 images, one"),
    )
    assert f"${idle:.2f} for a month" in FAQ
    assert f"${bursts:.2f} to ${alone:.2f} for a thousand posts" in FAQ
    assert f"| ${idle:.2f} a month; with the ten alarms ${alarmed:.2f} |" in README
    assert f"| ${bursts:.2f} in bursts, ${alone:.2f} one at a time" in README
    assert round(views / 20 * 100) == 4
    assert "four cents for\na thousand views" in FAQ


def test_the_times_are_those_that_were_measured() -> None:
    """What is said of Hugo's and Presswork's builds stands in docs/performance.md."""
    measured = (DOCS / "performance.md").read_text(encoding="utf-8")
    row = re.search(
        r"^\| Hugo \| .* \| ([\d.]+) \| [\d.]+ \| ([\d.]+) × \|$", measured, re.MULTILINE
    )
    own = re.search(r"^\| Presswork \| [\d.]+ \| [\d.]+ \| \| ([\d.]+) \|", measured, re.MULTILINE)
    assert row
    assert own
    assert f"{own[1]} s for 10,000 posts | **{float(row[1]):.1f} s** (both measured)" in COMPARED
    assert f"{float(row[1]):.1f} s of Hugo alone" in COMPARED
    assert f"{row[2]} times as long" in COMPARED


def test_the_first_hour_is_the_one_that_was_measured() -> None:
    """What the README says installing takes is of the lines in docs/install.md."""
    page = (DOCS / "install.md").read_text(encoding="utf-8")
    installs, ups = (
        sorted(float(seconds) for seconds in re.findall(rf"{what} ([\d.]+) s", page))
        for what in (": install", ", up")
    )
    assert f"in {installs[0]:.0f} to {installs[-1]:.0f} seconds" in README
    assert f"in {ups[0]:.0f} to {ups[-1]:.0f} " in README
    for size in re.findall(
        r"^Python 3.11: .*installed (\d+) MB, tools (\d+) MB", page, re.MULTILINE
    )[0]:
        assert f"{size} MB" in README
