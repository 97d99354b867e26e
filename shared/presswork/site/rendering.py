"""How templates become text: one Jinja environment over the theme, escaping everywhere."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
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
from presswork.site.assets import THEME, icon, stylesheet
from presswork.site.phrases import direction, phrases_for

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


def _finalize(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


@cache
def _environment() -> "Environment":
    # Jinja costs 50 ms of cold start, and some stages only want the names of lists.
    from jinja2 import (  # noqa: PLC0415
        Environment,
        FileSystemLoader,
        StrictUndefined,
    )

    environment = Environment(
        loader=FileSystemLoader(THEME),
        autoescape=True,
        auto_reload=False,
        finalize=_finalize,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"href": href, "instant": instant}
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
    return environment


def render_page(
    template: str, site: Site, base_url: str, *, path: str | None, language: str, **values: object
) -> str:
    """A whole page; without a `path` it stands for no address and is kept out of search engines."""
    return render(
        template,
        site=site,
        base_url=base_url,
        path=path,
        language=language,
        phrases=phrases_for(site.language),
        icon=icon()[0],
        stylesheet=stylesheet(site.theme)[0],
        feed=FEED_KEY,
        zone=site.zone,
        **values,
    )


def render(template: str, **values: object) -> str:
    """The text that a template of the theme makes of the values."""
    return _environment().get_template(template).render(values)
