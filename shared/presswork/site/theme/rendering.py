"""How templates become text: those of the default theme, or those of `theme/` in their place."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from presswork.settings import Site
from presswork.site.theme.assets import THEME
from presswork.site.theme.context import every_page
from presswork.site.theme.environment import FIXED, OPTIONS, KeysFirst, finalize, prepare
from presswork.theme_files import ThemeFiles

if TYPE_CHECKING:
    from jinja2 import Environment


def render_page(
    template: str,
    site: Site,
    base_url: str,
    theme: ThemeFiles,
    values: Mapping[str, object],
    *,
    path: str | None,
    language: str,
    canonical: str | None = None,
) -> str:
    """A whole page; without a `path` it stands for no address and is kept out of search engines.

    Raises BrokenTheme when it is made by a template of `theme/` that does not work for it.
    """
    common = every_page(site, base_url, theme, path=path, language=language, canonical=canonical)
    values = {**common, **values}
    if not theme.has_templates:
        return render(template, **values)
    from presswork.site.theme import sandbox  # noqa: PLC0415 - as Jinja itself

    return sandbox.render(theme, template, values)


def render(template: str, **values: object) -> str:
    """The text that a template of the default theme makes of the values."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> "Environment":
    # Jinja costs 50 ms of cold start, and some stages only want the names of lists.
    from jinja2 import (  # noqa: PLC0415
        Environment,
        FileSystemLoader,
        StrictUndefined,
    )

    class Templates(KeysFirst, Environment):
        """Those of the default theme."""

    environment = Templates(
        loader=FileSystemLoader((THEME, FIXED)),
        finalize=finalize,
        undefined=StrictUndefined,
        **OPTIONS,
    )
    prepare(environment)
    return environment
