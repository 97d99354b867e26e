"""The settings as editors and administrators are told of them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from presswork import content
from presswork.settings import RAISED, Site, Theme, contrast, schema
from presswork.site import stylesheet
from presswork_cli.local.layout import REPOSITORY
from presswork_cli.schema import PUBLISHED, text

DOCS = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")


def names(part: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The settings that a part of the schema describes, those inside of others with their way."""
    for name, field in part["properties"].items():
        inner = schema()["$defs"].get(field.get("$ref", "").rpartition("/")[2])
        yield from names(inner, f"{name}.") if inner else [prefix + name]


def test_the_published_schema_is_that_of_the_code() -> None:
    """docs/site.schema.json is what `make docs` writes."""
    assert PUBLISHED.read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("name", list(names(schema())))
def test_every_setting_is_documented(name: str) -> None:
    """docs/settings.md has a row for each setting."""
    assert re.search(rf"^\|[^|]*`{re.escape(name)}`", DOCS, re.MULTILINE)


def test_the_documented_example_is_good() -> None:
    """The file in docs/settings.md is read, and names every setting of the outermost level."""
    (example,) = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    content.settings(example.encode())
    assert set(yaml.safe_load(example)) == set(Site.model_fields)


def test_every_setting_has_a_description_for_editors() -> None:
    """An editor that knows the schema explains each setting."""
    parts = [schema(), *schema()["$defs"].values()]
    fields = [field for part in parts for field in part["properties"].values()]
    assert all(field.get("description") or "$ref" in field for field in fields)
    assert all(part["description"] for part in parts)


def test_accents_are_judged_against_the_stylesheet() -> None:
    """The grounds that contrast is counted with are the stylesheet's own, and the defaults pass."""
    css = stylesheet()[1].body.decode()
    assert re.findall(r"--raised: (#\w{6});", css)[:2] == [RAISED["accent"], RAISED["accent_dark"]]
    assert contrast(Theme().accent, RAISED["accent"]) >= 4.5
    assert contrast(Theme().accent_dark, RAISED["accent_dark"]) >= 4.5
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
