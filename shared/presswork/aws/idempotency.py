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
    IdempotencyValidationError,
)

from presswork.aws.clients import client, variable

SECONDS = 7 * 24 * 3600


class InProgress(Exception):
    """The same request is being worked on elsewhere."""


class OtherRequest(Exception):
    """Another request had this id before."""


@dataclass(frozen=True)
class Idempotency:
    """Items `IDEMPOTENCY#webhook` / `webhook#<hash of source and id>`, kept for a week.

    Each holds the first answer, and in `validation` a hash of what it was the answer to.
    """

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

    def answer(
        self, id: str, content: str, act: Callable[[], dict[str, Any]], context: Any
    ) -> dict[str, Any]:
        """What `act` returns, or returned the first time that this id came with this content.

        Raises InProgress while it runs elsewhere, and OtherRequest when the content was another.
        """
        config = IdempotencyConfig(
            event_key_jmespath="id",
            payload_validation_jmespath="content",
            expires_after_seconds=SECONDS,
        )
        config.register_lambda_context(context)

        def first(*, request: dict[str, str]) -> dict[str, Any]:  # noqa: ARG001 - it is hashed
            return act()

        once = idempotent_function(
            first,
            data_keyword_argument="request",
            persistence_store=self.layer,
            config=config,
            key_prefix="webhook",
        )
        try:
            return dict(once(request={"id": id, "content": content}))
        except IdempotencyValidationError as error:
            raise OtherRequest from error
        except IdempotencyAlreadyInProgressError as error:
            raise InProgress from error
