"""The JSON Schema of `site.yaml`, for editors that check a file as it is written."""

import ast
import inspect
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from presswork import settings


def schema() -> dict[str, Any]:
    """The JSON Schema of `site.yaml`, for editors that check a file as it is written.

    What stands below each setting in the code describes it. pydantic would read that too, but
    whenever the settings are imported: a tenth of the time that a function takes to start.
    """
    document = settings.Site.model_json_schema()
    for setting, value in settings.Site().model_dump(mode="json").items():
        document["properties"][setting].setdefault("default", value)
    models = {settings.Site.__name__: document, **document["$defs"]}
    for model, setting, text in _descriptions():
        properties = models.get(model, {}).get("properties", {})
        if setting in properties and "$ref" not in properties[setting]:  # its model has its own
            properties[setting] = dict(sorted({**properties[setting], "description": text}.items()))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **document,
        "title": "Presswork: site.yaml",
    }


def _descriptions() -> Iterator[tuple[str, str, str]]:
    """What stands below each attribute of a class: the names of both, and the text."""
    for model in ast.parse(inspect.getsource(settings)).body:
        if not isinstance(model, ast.ClassDef):
            continue
        for setting, below in pairwise(model.body):
            match setting, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    yield model.name, name, inspect.cleandoc(text)


def text() -> str:
    """The schema as the file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
