"""Where a text comes from: what its translation may know, and whom it tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from presswork.content.repair_log import RepairLog


@dataclass(frozen=True)
class Origin:
    """The source of a body: what is translated or left in it goes to `log`, by its line.

    The body begins on `first_line`; `values` are those of its front matter, as they were written.
    """

    log: RepairLog
    first_line: int
    markdown: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)
