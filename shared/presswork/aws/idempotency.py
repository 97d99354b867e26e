"""The first answer to a request, given again to every repetition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
)

from presswork.aws.clients import client, variable

SECONDS = 7 * 24 * 3600


class InProgress(Exception):
    """The same request is being worked on elsewhere."""


@dataclass(frozen=True)
class Idempotency:
    """Items `IDEMPOTENCY#webhook` / `webhook#<hash of source and id>`, kept for a week."""

    layer: DynamoDBPersistenceLayer

    @classmethod
    def from_env(cls) -> Self:
        """The answers kept in the table named by TABLE_NAME."""
        return cls.at(variable("TABLE_NAME"), client("dynamodb"))

    @classmethod
    def at(cls, table: str, dynamodb: Any) -> Self:
        """The answers kept in a table."""
        return cls(
            DynamoDBPersistenceLayer(
                table_name=table,
                key_attr="PK",
                sort_key_attr="SK",
                static_pk_value="IDEMPOTENCY#webhook",
                expiry_attr="ttl",
                boto3_client=dynamodb,
            )
        )

    def answer(self, id: str, act: Callable[[], dict[str, Any]], context: Any) -> dict[str, Any]:
        """What `act` returns, or returned the first time; InProgress while it runs elsewhere."""
        config = IdempotencyConfig(expires_after_seconds=SECONDS)
        config.register_lambda_context(context)

        def first(*, id: str) -> dict[str, Any]:  # noqa: ARG001 - what Powertools hashes
            return act()

        once = idempotent_function(
            first,
            data_keyword_argument="id",
            persistence_store=self.layer,
            config=config,
            key_prefix="webhook",
        )
        try:
            return dict(once(id=id))
        except IdempotencyAlreadyInProgressError as error:
            raise InProgress from error
