"""ci-role.yaml as CloudFormation sees it."""

from functools import cached_property
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from template.stack import REPOSITORY, Stack

TEMPLATE: Path = REPOSITORY / "ci-role.yaml"
ACCOUNT = "AWS::AccountId"
"""The account's id, as a policy names it."""

GIVEN = {"Repository": "you/blog"}


class RoleStack(Stack):
    """The template under these parameters; the rest have their defaults."""

    @cached_property
    def source(self) -> dict[str, Any]:
        """The template as it is written, with intrinsics in their long form."""
        parsed: dict[str, Any] = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
        return parsed

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The value of every parameter: the repository alone has to be given."""
        defaults = {name: each.get("Default") for name, each in self.source["Parameters"].items()}
        return defaults | GIVEN | dict(self.given)

    def _transformed(self) -> dict[str, Any]:
        """Nothing in it is SAM's."""
        return self.source
