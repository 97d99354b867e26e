"""In which order the messages of a batch are worked, some of which were received before.

One of these may have ended its worker, and nobody knows which.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]


def is_repeated(record: Record) -> bool:
    """Whether a message was received before: then its worker failed, or its worker's batch did."""
    return _count(record) > 1


def in_order(records: Sequence[Record]) -> list[Record]:
    """The new messages first, then the repeated ones: of two, each is first every other time.

    So a message comes before the one that ends its worker within two receives, whatever else is in
    the batch, and whatever batch that is.
    """
    return sorted(records, key=lambda record: (is_repeated(record), _place(record)))


def _count(record: Record) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


def _place(record: Record) -> int:
    """A number of the message, with another sign at each receive."""
    digest = hashlib.sha256(record["messageId"].encode()).digest()
    number = int.from_bytes(digest[:8], signed=True) | 1  # never 0, which has no other sign
    return number if _count(record) % 2 else -number
