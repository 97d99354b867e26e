"""The look at every file again, where the table may be older than the bucket."""

from presswork.aws.queues import Queue
from presswork.aws.table import Table
from presswork.messages import Hint
from presswork_cli.operate.stack import Stack
from presswork_cli.recovery.buckets import Bucket
from presswork_cli.recovery.whole_table import every_item


def have_looked_at_again(stack: Stack) -> list[str]:
    """Sends a hint for each key at which the bucket has not what the table saw last.

    The answer is these keys.
    """
    items = every_item(Table(stack.client("dynamodb"), stack.outputs.Table))
    seen = {i["key"]: i["version_id"] for i in items if str(i["PK"]).startswith("SRC#")}
    newest = Bucket.listed(stack.client("s3"), stack.outputs.ContentBucket).newest
    there = {key: copy.id for key, copy in newest.items()}
    moved = sorted(key for key in seen | there if seen.get(key) != there.get(key))
    queue = Queue(stack.client("sqs"), stack.resource("ParseBulkQueue"))
    queue.send_all(Hint(key=key) for key in moved)
    return moved
