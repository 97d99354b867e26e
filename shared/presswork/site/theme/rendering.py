"""How templates become text: one Jinja environment over the theme, escaping everywhere."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presswork.settings import Site
from presswork.site.addresses import (
    ARCHIVES_PATH,
    FEED_KEY,
    JSON_FEED_KEY,
    RSS_KEY,
    SEARCH_PATH,
    absolute,
    feed_key,
    href,
    list_path,
)
from presswork.site.phrases import direction, phrases_for
from presswork.site.theme.assets import ICON, THEME, asset_key, stylesheet

if TYPE_CHECKING:
    from jinja2 import Environment

# What XML 1.0 does not allow or discourages (section 2.2, Characters); HTML calls it an error.
_NO_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """The text without characters that no page or feed may hold; markup stays markup."""
    return type(text)(_NO_CHARACTER.sub("", text))


def instant(moment: datetime) -> str:
    """An instant as RFC 3339 wants it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def linked_data(values: Mapping[str, Any]) -> str:
    """A thing in the words of schema.org, fit to stand in a `script` element."""
    data = {"@context": "https://schema.org"} | {key: each for key, each in values.items() if each}
    # A script element ends at the first "</script", whatever JSON thinks of it.
    text = json.dumps(data, ensure_ascii=False).replace("&", "\\u0026")
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def finalize(value: Any) -> Any:
    """A value as pages hold it."""
    return clean(value) if isinstance(value, str) else value


FIXED = Path(__file__).parent / "fixed"
"""The templates of feeds, sitemaps and images: forms that no theme changes."""

OPTIONS: Mapping[str, Any] = {
    "autoescape": True,
    "auto_reload": False,
    "keep_trailing_newline": True,
    "lstrip_blocks": True,
    "trim_blocks": True,
}


def prepare(environment: "Environment") -> None:
    """Gives templates the words that they share, those of `theme/` too."""
    from jinja2 import pass_context  # noqa: PLC0415 - as Jinja itself

    @pass_context
    def local(context: Mapping[str, Any], moment: datetime) -> datetime:
        return moment.astimezone(context["zone"])

    environment.filters |= {"href": href, "instant": instant, "local": local}
    environment.globals |= {
        "absolute": absolute,
        "archives_path": ARCHIVES_PATH,
        "direction": direction,
        "feed_key": feed_key,
        "json_feed": JSON_FEED_KEY,
        "list_path": list_path,
        "rss": RSS_KEY,
        "search_path": SEARCH_PATH,
    }


@cache
def _environment() -> "Environment":
    # Jinja costs 50 ms of cold start, and some stages only want the names of lists.
    from jinja2 import (  # noqa: PLC0415
        Environment,
        FileSystemLoader,
        StrictUndefined,
    )

    environment = Environment(  # noqa: S701 - OPTIONS escape
        loader=FileSystemLoader((THEME, FIXED)),
        finalize=finalize,
        undefined=StrictUndefined,
        **OPTIONS,
    )
    prepare(environment)
    return environment


def render_page(
    template: str, site: Site, base_url: str, *, path: str | None, language: str, **values: object
) -> str:
    """A whole page; without a `path` it stands for no address and is kept out of search engines.

    Raises BrokenTheme when it is made by a template of `theme/` that does not work for it.
    """
    values |= {
        "site": site,
        "base_url": base_url,
        "path": path,
        "language": language,
        "phrases": phrases_for(site.language),
        "icon": asset_key(site.overrides, ICON),
        "stylesheet": stylesheet(site.theme, site.overrides)[0],
        "feed": FEED_KEY,
        "zone": site.zone,
    }
    if not site.overrides.has_templates:
        return render(template, **values)
    from presswork.site.theme import sandbox  # noqa: PLC0415 - as Jinja itself

    return sandbox.render(site.overrides, template, values)


def render(template: str, **values: object) -> str:
    """The text that a template of the default theme makes of the values."""
    return _environment().get_template(template).render(values)
