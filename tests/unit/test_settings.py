"""The settings as editors and administrators are told of them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from presswork import content
from presswork.settings import RAISED, Site, Theme, contrast
from presswork.site import stylesheet
from presswork_cli.local.layout import REPOSITORY
from presswork_cli.new.schema import schema, text
from presswork_cli.schema import PUBLISHED

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
    example, *_ = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
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


@pytest.mark.parametrize(
    ("start", "target", "kept"),
    [
        ("/old", "/new/", {"/old/": "/new/"}),
        ("/caf%C3%A9/index.html", "/thé/?a=é#b", {"/café/": "/th%C3%A9/?a=%C3%A9#b"}),
        ("/a.php", "https://example.org/%41?x=1", {"/a.php": "https://example.org/%41?x=1"}),
        ("/?p=12", "/about/", {"/?p=12": "/about/"}),
        ("/posts/a/", "/", {"/posts/a/": "/"}),
        ("/tags/Sea", "/tags/sea/", {"/tags/Sea/": "/tags/sea/"}),
        ("/tags/sea/index.xml", "/feed.xml", {"/tags/sea/index.xml": "/feed.xml"}),
    ],
)
def test_a_redirect_is_kept_in_one_spelling(start: str, target: str, kept: dict[str, str]) -> None:
    """Addresses are as readers see them, and where they lead is percent-encoded."""
    site = Site(redirects={start: target})
    assert site.redirects == kept
    assert Site.model_validate(site.model_dump()) == site


@pytest.mark.parametrize(
    ("redirects", "why"),
    [
        ({"/": "/a/"}, "belongs to the site itself"),
        ({"/tags/sea/": "/a/"}, "belongs to the site itself"),
        ({"/-/x": "/a/"}, "belongs to the site itself"),
        ({"/2021/11/": "/a/"}, "belongs to the site itself"),
        ({"/a/index.json": "/b/"}, "belongs to the site itself"),
        ({"a": "/b/"}, "write 'a' as /old/page/"),
        ({"/.well-known/x": "/b/"}, "as /old/page/"),
        ({"/a//b/": "/b/"}, "as /old/page/"),
        ({"/a\u202eb/": "/b/"}, "invisible"),
        ({f"/{'x' * 1100}/": "/b/"}, "longer than 1024"),
        ({"/a/": "b"}, "write 'b' as /new/page/"),
        ({"/a/": "//evil.example/"}, "as /new/page/"),
        ({"/a/": "/\\evil.example/"}, "as /new/page/"),
        ({"/a/": "http://example.org/"}, "as /new/page/"),
        ({"/a/": "https://me@example.org/"}, "as /new/page/"),
        ({"/a/": "/" + "x" * 2000}, "as /new/page/"),
        ({"/a/": "/a"}, "leads to itself"),
        ({"/a/": "/a/?x=1#y"}, "leads to itself"),
        ({"/a/": "/b", "/b/": "/c/#x", "/c/": "/a/"}, "/a/ leads to itself over /b/ over /c/"),
        ({"/x/": "/a/", "/a/": "/b/", "/b/": "/a/"}, "/a/ leads to itself over /b/"),
        ({"/a": "/b/", "/a/": "/c/"}, "leads to two places"),
        ({f"/{n}": "/b/" for n in range(201)}, "at most 200"),
    ],
)
def test_a_redirect_that_cannot_be(redirects: dict[str, str], why: str) -> None:
    """What is wrong is said, and how it is written."""
    with pytest.raises(ValidationError, match=re.escape(why)):
        Site(redirects=redirects)
