"""Writes the JSON Schema of `site.yaml` into the documentation: `make docs`."""

import json
from pathlib import Path

from presswork.settings import schema
from presswork_cli.local.layout import REPOSITORY

PUBLISHED: Path = REPOSITORY / "docs" / "site.schema.json"


def text() -> str:
    """The schema as the file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PUBLISHED.write_text(text(), encoding="utf-8")
