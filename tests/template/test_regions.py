"""Where AWS the template can be deployed to."""

import json
import re
from importlib.resources import files

from template.stack import REPOSITORY, Stack


def lacking(stack: Stack) -> dict[str, set[str]]:
    """The regions whose CloudFormation does not know every type of the template, and what it lacks.

    cfn-lint brings the registries of all regions along, as they were on the day of its release.
    """
    types = {resource["Type"] for resource in stack.resources.values()}
    providers = files("cfnlint").joinpath("data", "schemas", "providers")
    found = {}
    for listing in providers.iterdir():
        region = listing.name.removesuffix(".json")
        if listing.name.endswith(".json") and region != "sam":
            found[region] = types - set(json.loads(listing.read_text()))
    assert "us-east-1" in found
    return {region: types for region, types in found.items() if types}


def test_regions_that_lack_a_type_are_told(whole: Stack) -> None:
    """docs/deploy.md has a row for each set of missing types, with all of its regions."""
    page = (REPOSITORY / "docs" / "deploy.md").read_text(encoding="utf-8")
    section = page.split("## Regions\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| `")]
    told = {
        region: set(re.findall(r"`(AWS::[\w:]+)`", types))
        for regions, types in rows
        for region in re.findall(r"`([a-z0-9-]+)`", regions)
    }
    assert told == lacking(whole)
