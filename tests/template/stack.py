"""The template as CloudFormation sees it: SAM's transform applied, conditions decided."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

REPOSITORY = Path(__file__).parents[2]
TEMPLATE = REPOSITORY / "template.yaml"

_NOTHING = object()
_IN_SUB = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")


@dataclass(frozen=True)
class Stack:
    """The template under these parameters; the rest have their defaults."""

    given: Mapping[str, str]
    account: str = "123456789012"

    @cached_property
    def source(self) -> dict[str, Any]:
        """The template as it is written, with intrinsics in their long form."""
        parsed: dict[str, Any] = yaml_parse(TEMPLATE.read_text())
        return parsed

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The value of every parameter."""
        return {
            name: self.given.get(name, parameter["Default"])
            for name, parameter in self.source["Parameters"].items()
        }

    @cached_property
    def resources(self) -> dict[str, Any]:
        """Every resource that this stack makes, by logical id."""
        resolved = {
            name: self._decide(resource)
            for name, resource in self._transformed()["Resources"].items()
            if "Condition" not in resource or self.holds(resource["Condition"])
        }
        assert resolved
        return resolved

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """The value of every output."""
        return {name: self._decide(out["Value"]) for name, out in self.source["Outputs"].items()}

    @cached_property
    def refusals(self) -> list[str]:
        """Why CloudFormation refuses these parameters together."""
        return [
            assertion["AssertDescription"]
            for rule in self.source["Rules"].values()
            if self._judge(rule["RuleCondition"])
            for assertion in rule["Assertions"]
            if not self._judge(assertion["Assert"])
        ]

    def of(self, kind: str) -> dict[str, Any]:
        """The properties of every resource of one type, by logical id; there is at least one."""
        found = {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }
        assert found, f"the template has no {kind}"
        return found

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template holds."""
        return self._judge(self.source["Conditions"][condition])

    def _transformed(self) -> dict[str, Any]:
        template = deepcopy(self.source)
        for resource in template["Resources"].values():
            for place in ("CodeUri", "ContentUri"):
                if place in resource.get("Properties", {}):
                    resource["Properties"][place] = "s3://bucket/key"
        session = boto3.Session(region_name="us-east-1")
        translated: dict[str, Any] = Translator({}, Parser(), boto_session=session).translate(
            sam_template=template, parameter_values=dict(self.parameters)
        )
        return translated

    def _judge(self, expression: Any) -> bool:
        match expression:
            case {"Fn::Not": [inner]}:
                return not self._judge(inner)
            case {"Fn::And": inner}:
                return all(self._judge(each) for each in inner)
            case {"Fn::Or": inner}:
                return any(self._judge(each) for each in inner)
            case {"Fn::Equals": [left, right]}:
                return bool(self._value(left) == self._value(right))
            case {"Condition": name}:
                return self.holds(name)
        raise AssertionError(expression)

    def _value(self, expression: Any) -> Any:
        names = {**self.parameters, "AWS::AccountId": self.account}
        return names[expression["Ref"]] if isinstance(expression, dict) else expression

    def _decide(self, value: Any) -> Any:
        """`value` with every Fn::If decided and what is AWS::NoValue left away."""
        match value:
            case {"Fn::If": [condition, yes, no]}:
                return self._decide(yes if self.holds(condition) else no)
            case {"Ref": "AWS::NoValue"}:
                return _NOTHING
            case dict():
                decided = {key: self._decide(each) for key, each in value.items()}
                return {key: each for key, each in decided.items() if each is not _NOTHING}
            case list():
                return [each for each in map(self._decide, value) if each is not _NOTHING]
        return value


def references(value: Any) -> Iterator[str]:
    """Every name that a value refers to by Ref, Fn::GetAtt or Fn::Sub."""
    match value:
        case {"Ref": name}:
            yield name
        case {"Fn::GetAtt": [name, *_]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from _IN_SUB.findall(text)
        case {"Fn::Sub": [text, names]}:
            yield from set(_IN_SUB.findall(text)) - set(names)
            yield from references(names)
        case dict():
            for each in value.values():
                yield from references(each)
        case list():
            for each in value:
                yield from references(each)


def name_of(value: Any) -> str:
    """The one resource that a value refers to."""
    (name,) = references(value)
    return name


def listed(value: Any) -> list[Any]:
    """A policy's value, which may stand alone or in a list."""
    return value if isinstance(value, list) else [value]
