"""`export-state`: the table's promises out to a file."""

from datetime import datetime
from pathlib import Path

from presswork.aws.sites import IMPORTING
from presswork.aws.table import Table
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import ExportAnswer
from presswork_cli.recovery import state_file
from presswork_cli.recovery.promises import SITE, is_post, promises
from presswork_cli.recovery.whole_table import every_item


def export_state(stack: Stack, path: Path, now: datetime, *, table: str | None) -> ExportAnswer:
    """Writes the promises of the stack's table, or of another one, to a file."""
    source = Table(stack.client("dynamodb"), table or stack.outputs.Table)
    if IMPORTING in (source.get(*SITE) or {}):
        raise Failure(
            f"a state is being imported into {source.name}: give that `import-state` again first",
            Exit.USAGE,
        )
    kept = list(promises(every_item(source)))
    header = state_file.write(path, kept, now)
    return ExportAnswer(
        file=str(path),
        table=source.name,
        taken=now,
        items=header.items,
        posts=sum(map(is_post, kept)),
        told=sum(str(item["SK"]).startswith("TOLD#") for item in kept),
    )
