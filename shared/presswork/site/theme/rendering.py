"""How templates become text: those of the default theme, or those of `theme/` in their place."""

import marshal
from collections.abc import Mapping, MutableMapping
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

Compiled = MutableMapping[str, bytes]
"""Templates of the default theme as Python runs them, by what tells them and their sources."""


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


def compile_into(compiled: Compiled, site: Site, base_url: str, theme: ThemeFiles) -> None:
    """Has templates for a site taken from there, and those that are not there put there.

    Who gives them answers for them: they are run as they are, and are of that site alone.
    """
    from jinja2 import BytecodeCache  # noqa: PLC0415 - as below
    from jinja2.bccache import Bucket  # noqa: PLC0415 - as below

    class Kept(BytecodeCache):
        """What was compiled before."""

        def load_bytecode(self, bucket: Bucket) -> None:
            """Gives a template what it was compiled to, if its source is the same."""
            code = compiled.get(bucket.key + bucket.checksum)
            if code is not None:
                bucket.code = marshal.loads(code)  # noqa: S302 - of who answers for it

        def dump_bytecode(self, bucket: Bucket) -> None:
            """Keeps what a template was compiled to."""
            compiled[bucket.key + bucket.checksum] = marshal.dumps(bucket.code)

    for environment in (_pages(site, base_url, theme), _forms()):
        environment.bytecode_cache = Kept()


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
