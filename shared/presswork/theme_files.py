"""The word for what `theme/` puts in the place of the default theme's files, and beside them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from presswork.errors import Rejected

PREFIX = "theme/"
"""Where the files of a theme lie in ContentBucket."""


@dataclass(frozen=True)
class ThemeFiles:
    """The files of `theme/` by their names there; equal by `digest`, which is empty without any.

    `sources` are what something is made of, templates and `style.css`, as text. `assets` are served
    as they are: it maps each to the sha256 of its bytes, in hex.
    """

    sources: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    assets: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """The digest follows from the files."""
        files = [sorted(self.sources.items()), sorted(self.assets.items())]
        text = json.dumps(files, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest() if any(files) else ""
        object.__setattr__(self, "digest", digest)

    @property
    def has_templates(self) -> bool:
        """Whether any page is made otherwise than by the default theme."""
        return any(name.endswith(".html") for name in self.sources)


DEFAULT_THEME = ThemeFiles()
"""None of a site's own files: all of it is made by the default theme."""


class BrokenTheme(Rejected):
    """A theme cannot be used: because of the file at the key `file`, or, for `theme/`, of all."""

    def __init__(self, file: str, rule: str, line: int | None, message: str, fix: str) -> None:
        super().__init__(rule, line, None, message, fix)
        self.file = file
