"""The options and defaults that more than one wing has."""

from typing import Annotated

import typer

STACK = "presswork"
"""The name of the stack, where no other is given."""

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")]
Timeout = Annotated[
    float, typer.Option(min=0.1, metavar="SECONDS", help="How long to follow before giving up.")
]
Patience = Annotated[
    float,
    typer.Option(
        min=0.1, metavar="SECONDS", help="Give up once nothing has moved for so many seconds."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
