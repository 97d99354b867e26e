"""The documents: their links, their form, their words."""

import re
import subprocess
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from packages import PAGE, drawn, reduced

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [*sorted(ROOT.glob("*.md")), *DOCS]
WRITTEN = [page for page in PAGES if page.name != "cli.md"]
"""All but the page that the command line prints of itself."""
COLUMNS, LINES, WORDS = 100, 4, 40
SECTIONS = {"Context", "Decision", "Alternative", "History"}
PRIVATE = re.compile(r"\b(furnish\w*|Dress|Afresh|Shelf|Ledger|Asker|climb|rung|turning)\b")
"""Words that this project used alone, each replaced by the field's word."""


def named(page: Path) -> str:
    """The page's place in the repository, as the name of its test."""
    return str(page.relative_to(ROOT))


each_page = pytest.mark.parametrize("page", PAGES, ids=named)
each_decision = pytest.mark.parametrize("page", DECISIONS, ids=named)


def prose(page: Path) -> list[str]:
    """The lines of a page, those of code blocks left empty."""
    lines, in_code = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        fence = line.lstrip().startswith("```")
        lines.append("" if fence or in_code else line)
        in_code ^= fence
    return lines


def paragraphs(page: Path) -> Iterator[list[str]]:
    """The paragraphs of a page, and the items of its lists; tables and headings are none."""
    lines = (
        "" if re.match(r"[|#]|<!--", line) else re.sub(r"^\s*([-*>]|\d+\.)\s", "\n", line)
        for line in prose(page)
    )
    text = "\n".join(lines)
    for is_text, block in groupby(text.split("\n"), key=lambda line: bool(line.strip())):
        if is_text:
            yield [line.strip() for line in block]


def anchors(page: Path) -> set[str]:
    """What links may name in a page: its headings, spelled as GitHub does."""
    headings = (line.lstrip("#").strip().lower() for line in prose(page) if line.startswith("#"))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def words() -> list[tuple[str, str]]:
    """The words of the glossary, each with its meaning."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", text, re.MULTILINE)
    return [row for row in rows if row[0] not in {"word", "---"}]


def tracked(*patterns: str) -> Iterator[tuple[str, str]]:
    """The texts that git keeps below some places, by name."""
    command = ["git", "ls-files", "-z", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in names.rstrip("\0").split("\0"):
        file = ROOT / name
        if file.is_file() and file.suffix not in {".png", ".jpg"}:
            yield name, file.read_text(encoding="utf-8")


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """A relative link names a file that is there, and a heading in it."""
    for link in re.findall(r"\]\(([^)\s]+)\)", "\n".join(prose(page))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_no_paragraph_is_long(page: Path) -> None:
    """A line of prose has at most 100 columns, and a paragraph four such lines."""
    for line in prose(page):
        assert line.startswith(("|", "!")) or len(line) <= COLUMNS, line
    for lines in paragraphs(page):
        assert len(textwrap.wrap(" ".join(lines), COLUMNS)) <= LINES, lines[0]


def test_what_contributors_are_told_to_change_is_there() -> None:
    """CONTRIBUTING.md names files and folders of the repository."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    places = re.findall(r"`((?:bench|cli|docs|events|functions|shared|tests)/[\w./-]*)`", text)
    assert places
    assert not [place for place in places if not (ROOT / place).exists()]


@pytest.mark.parametrize("page", DOCS, ids=named)
def test_every_page_has_an_example(page: Path) -> None:
    """A block of code, a command or a table; a decision may tell a history in numbered steps."""
    assert re.search(r"^(```|\| --- |1\. )", page.read_text(encoding="utf-8"), re.MULTILINE)


@each_page
def test_the_code_that_a_page_names_is_there(page: Path) -> None:
    """A file of Python or of the tests' scripts, by its path or the end of one."""
    named = set(re.findall(r"`([\w./-]+\.(?:py|mjs))`", page.read_text(encoding="utf-8")))
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    ends = {
        "/" + "/".join(each.split("/")[at:]) for each in files for at in range(each.count("/") + 1)
    }
    assert {f"/{name.removeprefix('./')}" for name in named} <= ends


@each_decision
def test_a_decision_says_why_not_otherwise(page: Path) -> None:
    """Date, status, context, decision, the alternative, and the history that breaks it."""
    text = page.read_text(encoding="utf-8")
    date_and_status = r"\n- Date: \d{4}-\d\d-\d\d\n- Status: (accepted|superseded by \[\d{4}\].*)\n"
    assert re.match(rf"# {page.name[:4]}: .+\n{date_and_status}", text)
    assert {line[3:] for line in prose(page) if line.startswith("## ")} >= SECTIONS
    assert re.search(r"^1\. ", text.partition("\n## History\n")[2], re.MULTILINE)


def test_the_decisions_are_numbered_and_listed() -> None:
    """No number is left out or used twice, and the index has each with its title and date."""
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(\d{4})\]\((.+?)\) \| (.+) \| (.+) \|$", index, re.MULTILINE)
    numbered = []
    for number, page in enumerate(DECISIONS, 1):
        text = page.read_text(encoding="utf-8")
        title, date = re.findall(r"^# \d{4}: (.+)$|^- Date: (.+)$", text, re.MULTILINE)
        numbered.append((f"{number:04}", page.name, title[0], date[1]))
    assert listed == numbered


def test_the_glossary_is_short() -> None:
    """At most forty words, none twice, each explained in one or two sentences."""
    glossary = words()
    assert 0 < len(glossary) == len(dict(glossary)) <= WORDS
    for word, meaning in glossary:
        assert len(re.findall(r"\.(?= |$)", meaning)) in {1, 2}, word


@pytest.mark.parametrize("word", [word for word, _ in words()])
def test_the_words_of_the_glossary_are_used(word: str) -> None:
    """Code or another page uses each word of the glossary."""
    spelled = re.compile(word.replace(" ", "[ _]?"), re.IGNORECASE)
    texts = dict(tracked("shared/presswork", "cli", "docs", ":!docs/glossary.md"))
    assert any(spelled.search(text) for text in texts.values())


def test_the_words_are_the_field_s() -> None:
    """No file says a word of a private language that the field has a word for."""
    places = ("shared", "cli", "functions", "bench", "docs", "tests/*.py", ":(glob)*.md")
    found = {
        f"{name}:{number}: {match[0]}"
        for name, text in tracked(*places)
        if name != "tests/unit/test_documents.py"
        for number, line in enumerate(text.splitlines(), 1)
        for match in PRIVATE.finditer(line)
    }
    assert not found, "\n".join(sorted(found))


def test_the_packages_are_drawn_as_they_are() -> None:
    """docs/architecture.md has the diagram that `make docs` draws."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == drawn(page)


def test_an_edge_that_follows_from_others_is_not_drawn() -> None:
    """The diagram keeps who reaches whom, also where packages import each other."""
    chain = {("a", "b"), ("b", "c")}
    assert reduced(chain | {("a", "c")}) == chain
    assert reduced(chain | {("b", "a")}) == chain | {("b", "a")}
