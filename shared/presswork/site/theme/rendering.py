"""How templates become text: those of the default theme, or those of `theme/` in their place."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from presswork.kept import kept
from presswork.settings import Site
from presswork.site.theme.assets import THEME
from presswork.site.theme.context import OF_ONE_PAGE, alike, every_page
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
        return _pages(site, base_url, theme).get_template(template).render(values)
    from presswork.site.theme import sandbox  # noqa: PLC0415 - as Jinja itself

    return sandbox.render(theme, template, values)


def render(template: str, **values: object) -> str:
    """The text that a template of a form which no theme changes makes of the values."""
    return _forms().get_template(template).render(values)


@kept
def _pages(site: Site, base_url: str, theme: ThemeFiles) -> "Environment":
    """The default theme's templates of pages, for one site."""
    # Jinja costs 50 ms of cold start, and some stages only want the names of lists.
    from presswork.site.theme.settled import SettledEnvironment  # noqa: PLC0415

    class Pages(KeysFirst, SettledEnvironment):
        """Those of the default theme, for one site."""

    common = alike(site, base_url, theme)
    Pages.settled = {name: each for name, each in common.items() if name not in OF_ONE_PAGE}
    return _made(Pages, THEME)


@cache
def _forms() -> "Environment":
    """The templates of what has one form in every theme."""
    from jinja2 import Environment  # noqa: PLC0415 - as above

    class Forms(KeysFirst, Environment):
        """Those of feeds, sitemaps and images."""

    return _made(Forms, FIXED)


def _made(kind: "type[Environment]", folder: Path) -> "Environment":
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415 - as above

    environment = kind(
        loader=FileSystemLoader(folder),
        finalize=finalize,
        undefined=StrictUndefined,
        **OPTIONS,
    )
    prepare(environment)
    return environment
