"""Front matter in each dialect, told from text that only looks like it."""

import pytest

from presswork.content import Site, is_post, parse
from presswork.content.front_matter.front_matter import split
from unit.content.reading import OPEN, refusal

KEY = "posts/2021-03-04-x.md"


@pytest.mark.parametrize(
    "source",
    [
        '+++\ntitle = "Tea"\n+++\nBody',
        '\ufeff\n+++ \ntitle = "Tea"\n+++\t\nBody',
        '{"title": "Tea"}\nBody',
        '\n{\n  "title": "Tea"\n}  \n\nBody',
        ';;;\n"title": "Tea"\n;;;\nBody',
        ';;;\n{"title": "Tea"}\n;;;\nBody',
        '"title": "Tea",\n"tags": []\n;;;\nBody',
        "title: Tea\ntags: []\n---\nBody",
        "title: Tea\nlayout: post\n# a comment\ntags:\n- a\n  b\n----\nBody",
        '---json\n{\n  "title": "Tea"\n}\n---\nBody',
        '---toml\ntitle = "Tea"\n---\nBody',
        "--- yaml\ntitle: Tea\n---\nBody",
        "----\ntitle: Tea\n----\nBody",
        "---\n\n# a comment\n\ntitle: Tea\n---\nBody",
        "---\r\ntags:\r\n\t- a\r\ntitle: Tea\r\n---\r\nBody",
    ],
)
def test_dialects(source: str) -> None:
    """However it is fenced and written, the title is found and the body is the rest."""
    parsed = parse(source.encode(), KEY, Site())
    assert parsed.post.title == "Tea"
    assert parsed.html == "<p>Body</p>"


@pytest.mark.parametrize(
    "source",
    [
        "Title: the tide\n---\n\nText",
        "A word: and more\nagain: this\n---\n\nText",
        "---\n\nText after a rule.\n\n---\n\nMore",
        "---\n\nNote: this is prose.\n\n---\n\nMore",
        "---\n\nText after a rule that stands alone.",
        "-----\n\nText after a long rule.",
        "-----\nNote: this\n-----\nText",
        "--- x\ntitle: y\n---\n",
        "{{ title }}\n\nText",
        "{ not json }\n\nText",
        '{: .class "x"}\n\nText',
        '"Quoted": said he.\n\nText',
        "Text\n\n---\ntitle: x\n---\n",
        "+++ no fence",
        ";; x",
    ],
)
def test_text_that_only_looks_like_it(source: str) -> None:
    """A heading, a rule, a template or a paragraph is never swallowed."""
    matter = split(source)
    assert (matter.entries, matter.body, matter.body_line) == ({}, source, 1)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("---\na: 1\n---\nx", 4),
        ("\n\n+++\na = 1\n+++\n\nx", 6),
        ('{\n"a": 1\n}\nx', 4),
        ("title: a\ndate: b\n---\nx", 4),
        ('"a": 1\n;;;\nx', 3),
    ],
)
def test_the_line_on_which_the_body_begins(source: str, line: int) -> None:
    """It counts from 1 in the file, so that what is told of the body can be found."""
    assert split(source).body_line == line
    assert split(source).body.strip() == "x"


@pytest.mark.parametrize(
    ("source", "rule", "line", "column"),
    [
        ("+++\na = 1\n", "unterminated", 1, 1),
        ("---\n\n  \n", "unterminated", 1, 1),
        (';;;\n"a": 1\n', "unterminated", 1, 1),
        ("---js\nx\n---\n", "language", 1, 4),
        ("+++\n\na = \n+++\n", "toml", 3, 5),
        ("+++\na = 1\na = 2\n+++\n", "toml", 3, 6),
        ('+++\na = "x\n+++\n', "toml", 2, 7),
        ("+++\na = '''\n+++\n", "toml", 2, 8),
        (f"+++\na = {'[' * 2000}\n+++\n", "depth", 2, 1),
        (f"+++\n[{'a.' * 20_000}a]\n+++\n", "depth", 2, 1),
        (f"+++\nb = 1\na = {'[' * 40}{']' * 40}\n+++\n", "depth", 3, 1),
        (f"+++\na = {'9' * 5000}\n+++\n", "toml", 2, None),
        (f"+++\na = [{'0,' * 11_000}]\n+++\n", "nodes", 2, 1),
        ('{"a": 1,\n "a": 2}\n', "duplicate-key", 2, 2),
        ('{"a": {"b": 1, "b": 2}}\n', "json", 1, 7),
        ('{"a": NaN}\n', "json", 1, 7),
        ('{"a": 1\n', "json", 2, 1),
        ('{"a": "x\n"}\n', "json", 1, 9),
        ('{"a": 1} x\n', "json", 1, 9),
        ('{"a": "\\ud800"}\n', "character", 1, 2),
        (f'{{"a": {"[" * 100_000}\n', "size", 1, 1),
        (f'{{"a": {"[" * 30_000}}}\n', "depth", 1, 7),
        (';;;\n"a": 1\n"b": 2\n;;;\n', "json", 3, 1),
        (';;;\n{"a": 1}\nb\n;;;\n', "json", 3, 1),
        (f"+++\n{'#' * 65_536}\n+++\n", "size", 2, 1),
    ],
)
def test_refused(source: str, rule: str, line: int, column: int | None) -> None:
    """What cannot be read, or is too much, is rejected at its place in the file."""
    rejected = refusal(source.encode())
    assert (rejected.rule, rejected.line) == (f"frontmatter.{rule}", line)
    assert column is None or rejected.column == column


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("---\ntitle: x\nparams:\n  lang: no such one\n---\n", 4, 3),
        ('+++\ntitle = """\nlang = 1\n"""\n[extra]\n  lang = "no such one"\n+++\n', 6, 3),
        ('+++\ntitle = """\nlang = 1\n"""\nlang = "no such one"\n+++\n', 5, 1),
        ('+++\nextra.lang = "no such one"\n+++\n', 2, 1),
        ('+++\n# lang = "x"\nlang = "no such one"\n+++\n', 3, 1),
        ('{"a": 1,\n  "params": {"b": 1,\n "lang": "no such one"}}\n', 3, 2),
    ],
)
def test_places_of_keys(source: str, line: int, column: int) -> None:
    """A value that turns out wrong later is blamed on the line of its key, in tables, too."""
    rejected = refusal(source.encode(), KEY)
    assert (rejected.rule, rejected.line, rejected.column) == ("lang.tag", line, column)


def test_values_of_toml_and_json() -> None:
    """What stays in `extra` is what was written, as JSON can hold it."""
    toml = (
        "+++\na = 1979-05-27T07:32:00Z\nb = 07:32:00\nc = inf\nd = 0x1F\ne = 12345678901234567890\n"
    )
    assert parse(f"{toml}+++\n".encode(), KEY, OPEN).post.extra == {
        "a": "1979-05-27T07:32:00+00:00",
        "b": "07:32:00",
        "c": "inf",
        "d": 31,
        "e": "12345678901234567890",
    }
    json = b'{"a": 3.10, "b": 1e400, "c": 12345678901234567890, "d": [null, true, 1.5]}\n'
    assert parse(json, KEY, OPEN).post.extra == {
        "a": "3.10",
        "b": "1e400",
        "c": "12345678901234567890",
        "d": [None, True, 1.5],
    }


def test_tabs_are_mended_only_where_that_is_safe() -> None:
    """Tabs alone are read as spaces; tabs among spaces could mean two things."""
    repairs = parse(b"---\ntags:\n\t- a\n\t- b\n---\n", KEY, Site()).repairs
    assert [(each.rule, each.line, each.count) for each in repairs] == [("tab-indentation", 3, 2)]
    assert refusal(b"---\na:\n\tb:\n  c: 1\n---\n").rule == "frontmatter.yaml"


@pytest.mark.parametrize(
    ("key", "source", "expected"),
    [
        ("posts/a.note", '+++\ntitle = "x"\n+++\n', True),
        ("posts/a", '{"title": "x"\n}\n\nText', True),
        ("posts/a.json", '{"title": "x"\n}\n', False),
        ("posts/a.jsonl", '{"title": "x"}\n{"title": "y"}\n', False),
        ("posts/a.css", "--- x\n---\n", False),
        ("posts/a.sql", "-----\n-- a comment\n-----\n", False),
    ],
)
def test_what_starts_with_front_matter_is_a_post(key: str, source: str, expected: bool) -> None:
    """Whatever its suffix; a file of data is none."""
    assert is_post(key, source.encode()) is expected
