"""What templates get is plain, and docs/themes.md says all of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from presswork.post import Post
from presswork.settings import Site
from presswork.site.samples import check_theme
from presswork.site.theme import context, sandbox
from presswork.site.theme.environment import FILTERS, FUNCTIONS
from presswork.site.theme.values import PAGES, EveryPage
from presswork.theme_files import ThemeFiles
from theme_reference import blocks, with_reference

DOCUMENT = Path(__file__).parents[3] / "docs" / "themes.md"

Recorded = list[tuple[str, Mapping[str, Any]]]


@pytest.fixture
def recorded(site: Site, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """The template and the values of each sample page, as the sandbox is given them."""
    pages: Recorded = []

    def record(_: ThemeFiles, template: str, values: Mapping[str, Any]) -> str:
        pages.append((template, values))
        return "A page"

    monkeypatch.setattr(sandbox, "render", record)
    check_theme(site, ThemeFiles(sources={"base.html": ""}))
    return pages


def wrong(value: Any, kind: Any, name: str = "") -> list[str]:
    """Where a value is not of the documented kind, to the last key and the last item."""
    if is_typeddict(kind):
        hints = get_type_hints(kind)
        if type(value) is not dict or value.keys() != hints.keys():
            return [name]
        return [each for key in hints for each in wrong(value[key], hints[key], f"{name}.{key}")]
    if get_origin(kind) in (Union, UnionType):
        return [] if any(wrong(value, one) == [] for one in get_args(kind)) else [name]
    if get_origin(kind) in (list, dict) and type(value) is get_origin(kind):
        items = value.values() if isinstance(value, dict) else value
        return [each for item in items for each in wrong(item, get_args(kind)[-1], f"{name}[]")]
    return [] if kind is Any or type(value) is kind else [name]


def test_templates_get_what_is_documented_and_no_more(recorded: Recorded) -> None:
    """Each kind of page has the keys of its TypedDict and of every page's, all of plain types."""
    assert {template for template, _ in recorded} == set(PAGES)
    for template, values in recorded:
        common, own = get_type_hints(EveryPage), get_type_hints(PAGES[template])
        assert not common.keys() & own.keys()
        assert values.keys() == common.keys() | own.keys(), template
        hints = common | own
        assert [key for key in hints if wrong(values[key], hints[key], key)] == [], template


def test_what_may_lack_is_seen_there_and_lacking(recorded: Recorded) -> None:
    """The samples show each value that may be nothing both ways, so that themes are tried so."""
    seen: dict[tuple[str, str], set[bool]] = {}
    for template, values in recorded:
        for key, kind in get_type_hints(PAGES[template]).items():
            if NoneType in get_args(kind):
                seen.setdefault((template, key), set()).add(values[key] is None)
    assert seen
    assert [where for where, both in seen.items() if len(both) < 2] == []


def test_front_matter_is_told_in_plain_values(site: Site, post: Callable[..., Post]) -> None:
    """What no other field holds keeps its shape; what is no number, list or such is a text."""
    made = post(extra={"price": 2, "sizes": ({"on": site.zone},), "none": None, "yes": True})
    assert context.post(site, made)["extra"] == {
        "price": 2,
        "sizes": [{"on": "Asia/Shanghai"}],
        "none": None,
        "yes": True,
    }


def test_the_document_says_what_templates_get() -> None:
    """The page of themes says what the code gives; `make docs` writes it anew."""
    document = DOCUMENT.read_text(encoding="utf-8")
    assert with_reference(document) == document
    assert all(f"`{name}(" in document for name in FUNCTIONS)
    assert all(f"`\\|{name}`" in document for name in FILTERS)
    assert all(f"### `{template}`" in document for template in PAGES)


def test_the_document_says_what_each_block_is_for() -> None:
    """Its table has those of `base.html`, in their order; other templates have none beside them."""
    document = DOCUMENT.read_text(encoding="utf-8")
    table = document.partition("| block | what stands there |\n| --- | --- |\n")[2].partition(
        "\n\n"
    )
    assert [row.split("`")[1] for row in table[0].splitlines()] == blocks()["base.html"]
    assert {name for names in blocks().values() for name in names} == {*blocks()["base.html"]}
