"""What every template is made with: its options, its functions and its filters."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presswork.site.addresses import absolute, feed_key, href, list_path
from presswork.site.phrases import direction
from presswork.site.text import clean

if TYPE_CHECKING:
    from jinja2 import Environment

FIXED = Path(__file__).parent / "fixed"
"""The templates of feeds, sitemaps and images: forms that no theme changes."""

OPTIONS: Mapping[str, Any] = {
    "autoescape": True,
    "auto_reload": False,
    "keep_trailing_newline": True,
    "lstrip_blocks": True,
    "trim_blocks": True,
}

FUNCTIONS: Mapping[str, Callable[..., str]] = {
    "absolute": absolute,
    "direction": direction,
    "feed_key": feed_key,
    "list_path": list_path,
}
"""The functions that templates have beside Jinja's."""

FILTERS: Mapping[str, Callable[..., str]] = {"href": href}
"""The filters that templates have beside Jinja's."""


class KeysFirst:
    """Has `post.title` look for the key of a dict before it looks for a method of that name."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What stands behind a dot."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)  # type: ignore[misc]  # that of Jinja


def finalize(value: Any) -> Any:
    """A value as pages hold it."""
    return clean(value) if isinstance(value, str) else value


def prepare(environment: "Environment") -> None:
    """Gives templates the functions and filters that they share, those of `theme/` too."""
    environment.filters |= FILTERS
    environment.globals |= FUNCTIONS
