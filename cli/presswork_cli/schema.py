"""Writes the JSON Schema of `site.yaml` into the documentation: `make docs`."""

from pathlib import Path

from presswork_cli.local.layout import REPOSITORY
from presswork_cli.new.schema import text

PUBLISHED: Path = REPOSITORY / "docs" / "site.schema.json"

if __name__ == "__main__":
    PUBLISHED.write_text(text(), encoding="utf-8")
