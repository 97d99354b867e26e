"""Fair queues: while much work of one group waits, a message of another group goes first.

SQS looks at a message's MessageGroupId on standard queues, and SNS hands it on to them: Amazon SQS
Developer Guide, "How Amazon SQS fair queues work"; Amazon SNS API Reference, "Publish". A mark that
is lost costs an author some waiting, and nothing else.
"""

import hashlib

BULK = "bulk"
"""The group of all bulk work."""


def group_of(body: str, *, bulk: bool) -> str:
    """The group of a message: one for all bulk work, and for every other message one of its own."""
    return BULK if bulk else hashlib.sha256(body.encode()).hexdigest()
