"""What the template says of its parameters, and of what outlives the stack."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml


@dataclass(frozen=True)
class Parameter:
    """A parameter of the template, with what CloudFormation holds against its values."""

    name: str
    description: str
    default: str
    pattern: str
    allowed: tuple[str, ...]
    constraint: str

    def accepts(self, value: str) -> bool:
        """Whether CloudFormation would take the value."""
        if self.allowed and value not in self.allowed:
            return False
        return not self.pattern or re.fullmatch(self.pattern, value) is not None


@dataclass(frozen=True)
class Template:
    """The template, as far as an operator is asked and told of it."""

    parameters: Mapping[str, Parameter]
    retained: tuple[str, ...]

    @classmethod
    def read(cls, file: Path) -> Self:
        """The template of a file."""
        document = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe one
        return cls(
            parameters={
                name: _parameter(name, said) for name, said in document["Parameters"].items()
            },
            retained=tuple(
                name
                for name, resource in document["Resources"].items()
                if resource.get("DeletionPolicy", "").startswith("Retain")
            ),
        )


def _parameter(name: str, said: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=name,
        description=said["Description"],
        default=said["Default"],
        pattern=said.get("AllowedPattern", ""),
        allowed=tuple(said.get("AllowedValues", ())),
        constraint=said["ConstraintDescription"],
    )


_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is ten times as quick


class _Loader(_SAFE):  # type: ignore[misc, valid-type]  # it is one of these two
    """YAML with the tags of CloudFormation, which nobody looks at here."""


_Loader.add_multi_constructor("!", lambda *_: None)
