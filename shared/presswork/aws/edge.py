"""The caches that stand between the site's bucket and its readers."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from botocore.exceptions import ClientError

from presswork.aws.clients import client, variable
from presswork.errors import RetryLater

_BUSY = frozenset(
    {"ServiceUnavailable", "Throttling", "ThrottlingException", "TooManyInvalidationsInProgress"}
)

MOST_FOLDERS = 15
"""How many paths with `*` may be on their way at once.

Amazon CloudFront Developer Guide, "Concurrent invalidation request maximum".
"""


@dataclass(frozen=True)
class Edge:
    """The caches of a CloudFront distribution."""

    client: Callable[[], Any]
    distribution: str

    @classmethod
    def from_env(cls) -> Self:
        """The distribution named by DISTRIBUTION_ID; its client is made when needed."""
        return cls(partial(client, "cloudfront"), variable("DISTRIBUTION_ID"))

    def forget(self, paths: Iterable[str], why: Iterable[str]) -> None:
        """Has the caches forget some percent-encoded paths, in one request, paid by the path.

        Asked again for the same reasons CloudFront answers with what it was asked before. Raises
        RetryLater when it is busy.
        """
        items = sorted(set(paths))
        reference = hashlib.sha256("\n".join([*items, *sorted(why)]).encode()).hexdigest()
        batch = {"Paths": {"Quantity": len(items), "Items": items}, "CallerReference": reference}
        try:
            self.client().create_invalidation(
                DistributionId=self.distribution, InvalidationBatch=batch
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _BUSY:
                raise RetryLater(f"CloudFront did not take the invalidation: {error}") from error
            raise
