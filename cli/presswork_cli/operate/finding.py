"""Which stack is meant where none is named: the one in the region that is a Presswork."""

from collections.abc import Mapping
from typing import Any

from presswork_cli.failure import Exit, Failure
from presswork_cli.options import STACK
from presswork_cli.printing.answers import Outputs


def the_one(cloudformation: Any) -> str:
    """The name of the one stack with the outputs of Presswork; the usual name where none has them.

    A first deployment that failed has no outputs: by its usual name it can be told what it is.
    """
    pages = cloudformation.get_paginator("describe_stacks").paginate()
    names = sorted(
        str(stack["StackName"])
        for page in pages
        for stack in page["Stacks"]
        if not missing_outputs(stack)
    )
    if len(names) > 1:
        raise Failure(
            f"{len(names)} stacks in {cloudformation.meta.region_name} are Presswork's: "
            f"{', '.join(names)}: choose one with --stack NAME, or by PRESSWORK_STACK",
            Exit.USAGE,
        )
    return names[0] if names else STACK


def missing_outputs(stack: Mapping[str, Any]) -> list[str]:
    """The outputs that every Presswork has, and a stack has not."""
    listed = {output["OutputKey"] for output in stack.get("Outputs", ())}
    return sorted(Outputs.model_fields.keys() - listed)
