"""A post in parts as a file: it is read back as it was sent."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork.content.front_matter.front_matter import split
from presswork.http_api import Refusal
from presswork.stages.webhook.documents import HtmlPost, MarkdownPost, document
from presswork.stages.webhook.files import file_of
from presswork.stages.webhook.keys import key_of

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\r")
texts = st.text(characters, max_size=60)
plain = st.none() | st.booleans() | st.integers(-(10**15) + 1, 10**15 - 1) | texts
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc xyz:#-", min_size=1), inner)
    ),
    max_leaves=12,
)
names = st.text("abcdefghijklmnopqrstuvwxyz_-#: 0123456789", min_size=1, max_size=12).filter(
    lambda name: name not in {"key", "html", "markdown", "content", "deleted"}
)


def read(text: str) -> tuple[dict[str, Any], str]:
    """The front matter of a file, and its body."""
    found = split(text)
    return {name: entry.value for name, entry in found.entries.items()}, found.body


@given(st.dictionaries(st.from_regex(r"\Ax_[a-z]{1,9}\Z"), values, min_size=1, max_size=5), texts)
def test_fields_are_read_back_as_they_were_sent(fields: dict[str, Any], text: str) -> None:
    """In YAML, exactly as they are read where they stand in JSON; and the text below them."""
    post = document(json.dumps({**fields, "markdown": f"# Text\n{text}"}).encode())
    assert isinstance(post, MarkdownPost)
    found, body = read(file_of(post))
    expected, _ = read(json.dumps(fields, ensure_ascii=False) + "\n\n# Text\n")
    assert found == expected
    assert body.lstrip("\n") == f"# Text\n{text}"


@given(st.dictionaries(names, plain, max_size=3))
def test_any_field_is_written(fields: dict[str, Any]) -> None:
    """Whatever its name: what is no key of ours is private, or told of when the post is read."""
    try:
        post = document(json.dumps({**fields, "html": "<p>Text.</p>"}).encode())
    except Refusal:
        return  # a field that is known, with a value that it does not take
    assert isinstance(post, HtmlPost)
    assert set(post.front_matter) == set(fields)
    assert file_of(post).endswith("<p>Text.</p>")


@pytest.mark.parametrize(
    "value",
    [
        *("no", "12:30", "017", "3.10", "2026-05-04", "~", "", " x ", "a: b", "# x", "---", "- x"),
        *("x\n---\ny", "one\u2028two", "one\x85two", "\ufefftide", "é😀潮", "!x", "&a", "*a", "<<"),
        "潮 " * 200,
    ],
)
def test_a_text_stays_a_text(value: str) -> None:
    """Those that YAML reads otherwise where they stand bare."""
    post = document(json.dumps({"title": value, "markdown": "Text."}).encode())
    assert isinstance(post, MarkdownPost)
    assert read(file_of(post))[0] == {"title": value}


def test_an_author_can_go_on_with_the_file() -> None:
    """Its front matter is as one writes it by hand."""
    fields = {"title": "潮汐", "date": "2026-05-04", "tags": ["sea", "no"], "draft": False}
    post = document(json.dumps({**fields, "key": "tide", "markdown": "Text.\n"}).encode())
    assert isinstance(post, MarkdownPost)
    assert file_of(post) == (
        "---\ntitle: 潮汐\ndate: '2026-05-04'\ndraft: false\ntags:\n- sea\n- 'no'\n---\n\nText.\n"
    )


def test_a_text_without_fields_is_the_file() -> None:
    """Nothing stands above it."""
    post = document(b'{"key": "a.html", "html": "<p>Text.</p>"}')
    assert isinstance(post, HtmlPost)
    assert file_of(post) == "<p>Text.</p>"


@pytest.mark.parametrize(
    ("name", "suffix", "key"),
    [
        ("tide", ".md", "tide.md"),
        ("tide", ".html", "tide.html"),
        ("posts/hooks/default/tide", ".md", "tide.md"),
        ("release-1.2", ".md", "release-1.2.md"),
        ("v1.2/notes", ".html", "v1.2/notes.html"),
        ("tide.md", ".html", "tide.md"),
        ("tide.MD", ".md", "tide.MD"),
        ("photo.jpg", ".md", "photo.jpg"),
        (None, ".md", "msg_1.md"),
    ],
)
def test_a_key_without_a_suffix_gets_one(name: str | None, suffix: str, key: str) -> None:
    """That of the type of the text; a number behind a dot is none."""
    assert key_of("default", name, "msg_1", suffix) == f"posts/hooks/default/{key}"


@given(st.text(min_size=1, max_size=100), st.text(min_size=1, max_size=100))
def test_two_ids_have_two_names(one: str, other: str) -> None:
    """Where the id names the file, no post takes another's place."""
    keys = {key_of("default", None, id, ".md") for id in (one, other)}
    assert len(keys) == len({one, other})
