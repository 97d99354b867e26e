"""What front matter says in vain, and what its author is told."""

import pytest

from presswork.content import Site, parse
from presswork.content.source import read
from presswork.post import PostWarning


def warnings(source: str) -> list[PostWarning]:
    """What a source is told."""
    return list(read(source.encode()).warnings)


def told(matter: str) -> list[tuple[str, int | None]]:
    """The rules and lines of what front matter in YAML is told."""
    return [(each.rule, each.line) for each in warnings(f"---\n{matter}\n---\nText.\n")]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("titel", "title"),
        ("tgas", "tags"),
        ("dtae", "date"),
        ("auhtor", "author"),
        ("tittle", "title"),
        ("descripton", "description"),
        ("permalinks", "permalink"),
        ("sumnary", "summary"),
        ("Catagories", "categories"),
        ("featured_imgae", "featuredimage"),
    ],
)
def test_a_key_that_is_nearly_known(key: str, meant: str) -> None:
    """One letter that is wrong, missing or too many, or two that are swapped, are told."""
    (warning,) = warnings(f"---\n{key}: x\n---\n")
    assert (warning.rule, warning.line, warning.count) == ("unknown-key", 2, 1)
    assert key in warning.message
    assert warning.fix == f"Write {meant} if that is meant."


@pytest.mark.parametrize(
    "matter",
    [
        "titel: x\ntitle: y",
        "dat: x",
        "tagz: x",
        "slgu2: x",
        "colour: x",
        "publisher: x\nfeature: x\nphoto: x\nupdates: x",
        "layouts: x\ntypes: y",
        "linktitle: x\nversion: y\nimagealt: z",
        "titlle2: x",
    ],
)
def test_a_key_of_its_own(matter: str) -> None:
    """Words of their own, short ones, and those whose known neighbour is given are no slips."""
    assert told(matter) == []


@pytest.mark.parametrize(
    ("line", "shown", "fix"),
    [
        ("title: My #1 tip", "'#1 tip'", "`title: 'My #1 tip'`"),
        ("title: C # for all", "'# for all'", "`title: 'C # for all'`"),
        ("title: It's #1", "'#1'", '`title: "It\'s #1"`'),
        ("summary: a #b", "'#b'", "`summary: 'a #b'`"),
        ("tags: #sea #wind", "'#sea #wind'", "`tags: '#sea #wind'`"),
        ("tags: [sea, {a: b #c\n }]", "'#c'", "each member"),
        ("tags:\n  - sea\n  - #wind", "'#wind'", "each member"),
        ("slug: c #sharp", "'#sharp'", "`slug: 'c #sharp'`"),
    ],
)
def test_a_value_that_is_cut(line: str, shown: str, fix: str) -> None:
    """What YAML takes for a comment is shown with the line of its value, and how to keep it."""
    (warning,) = warnings(f"---\ndate: 2021-03-04\n{line}\n---\n")
    assert warning.rule == "cut-at-comment"
    assert warning.line == 3 + line.count("\n") - line.count("\n }")
    assert shown in warning.message
    assert fix in warning.fix


def test_each_value_has_its_own_comment() -> None:
    """One that is cut says nothing of the next one."""
    assert told("title: a #b\nsummary: c") == [("cut-at-comment", 2)]
    assert told("title: a #b\nsummary: c #d") == [("cut-at-comment", 2), ("cut-at-comment", 3)]


@pytest.mark.parametrize(
    "matter",
    [
        "title: x\n# a comment",
        'title: "x" #1',
        "title: # to come",
        "date: 2021-03-04 #first",
        "draft: true # for now",
        "tags: sea # and wind",
        "tags: # these\n  - sea",
        "title: C#",
        "mood: good #1",
        "summary: |\n  a #b",
    ],
)
def test_a_comment_that_is_one(matter: str) -> None:
    """Comments on lines of their own, behind quotes, dates and lists cut nothing."""
    assert told(matter) == []


@pytest.mark.parametrize(
    "matter", ["password: a #b", "params: {password: a #b\n }", "secret: a #b", "passwrod: a #b"]
)
def test_a_secret_is_shown_nowhere(matter: str) -> None:
    """What may be one is in no message, whatever YAML cuts of it."""
    assert "#b" not in str(warnings(f"---\n{matter}\n---\n"))


@pytest.mark.parametrize(
    "source",
    [
        "title: x\ndate: 2021-03-04\ntags:\n  - a\n\nText.",
        "title: x\ntags: [a, b]\n\nText.",
        "–––\ntitle: x\ndate: 2021-03-04\n–––\n\nText.",
        "--\ntitle: x\ndate: 2021-03-04\n--\n",
        "\n***\ntitle: x\ndate: 2021-03-04\n***\n",
        'title = "x"\ndate = 2021-03-04\n\nText.',
    ],
)
def test_a_header_that_is_text(source: str) -> None:
    """Lines that look like front matter, but are not fenced as such, are told where they begin."""
    (warning,) = warnings(source)
    assert warning.rule == "front-matter-unread"
    assert warning.line == (2 if source.startswith("\n") else 1)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Text.\n\ntitle: x\ndate: y\n",
        "Note: this\ntitle: x\ndate: y\n",
        "title: the word\n\ndate: the fruit\n",
        "# title: x\ndate: y\n",
        "Summary: of the thing\nand more of it.\n",
        "- title: x\n- date: y\n",
        "```\ntitle: x\ndate: y\n```\n",
        "Title: x\nDate: 2021-03-04\n\nText.",
    ],
)
def test_a_text_that_is_one(source: str) -> None:
    """Prose and lists with colons, and headers that are read, look like no front matter."""
    assert warnings(source) == []


def test_what_is_told_of_front_matter_stands_with_what_is_told_of_the_text() -> None:
    """A post has the warnings of its source, those of front matter first."""
    source = b"---\ntitel: x\nweight: heavy\ndate: 2021-03-04\n---\nText.\n"
    found = parse(source, "posts/a.md", Site()).warnings
    assert [each.rule for each in found] == ["unknown-key", "unread-value"]
