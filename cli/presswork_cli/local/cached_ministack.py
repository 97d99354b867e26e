"""Runs MiniStack, and has it remember what it would work out anew: docs/local-cloud.md.

A query of DynamoDB parses its condition once for every item of the partition, so the list of a
thousand posts takes a tenth of a second, in the one thread that is the whole cloud; every request
parses the policies of its role. Each of these functions answers equal arguments alike.

Beside that it has three parts of MiniStack done otherwise: the keys of a query
(`key_conditions.py`), the batches of a queue (`batches.py`), and HTTP. That is spoken by uvicorn
here, whose parser is in C: hypercorn's took a third of the cloud's time. And it saves while it runs
(`saving.py`), and ends when its state was removed (`orphan.py`).

It is run as a program, with the cloud's own Python: `python -P cached_ministack.py`.
"""

import json
import os
import sys
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

_REMEMBERED = 4096
_LAST_ANSWERS = 5
"""Seconds that requests under way have to be answered in, once the process is to end."""


def remember(module: Any, name: str) -> None:
    """Has a function of text remember its answers; a list is handed out as a copy of its own."""
    work = lru_cache(_REMEMBERED)(getattr(module, name))

    def answer(*texts: Any) -> Any:
        found = work(*texts)
        return list(found) if isinstance(found, list) else found

    setattr(module, name, answer)


def remember_documents(module: Any, name: str) -> None:
    """Has a function of JSON documents remember its answers by their text."""
    work = getattr(module, name)

    @lru_cache(_REMEMBERED)
    def by_text(text: str) -> Any:
        return work(text)

    def answer(document: Any) -> Any:
        return list(by_text(document if isinstance(document, str) else json.dumps(document)))

    setattr(module, name, answer)


def replace(module: Any, name: str, made_of: Callable[[Any], Any]) -> None:
    """Puts something in the place of a function, made of that function."""
    setattr(module, name, made_of(getattr(module, name)))


async def serve(application: Any, config: Any) -> None:
    """Serves an application by the configuration of hypercorn, until the process is to end."""
    import uvicorn  # type: ignore[import-not-found]  # noqa: PLC0415 - the cloud's own

    host, _, port = config.bind[0].rpartition(":")
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            host=host,
            port=int(port),
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=int(config.keep_alive_timeout),
            timeout_graceful_shutdown=_LAST_ANSWERS,
        )
    )
    await server.serve()


def main() -> None:
    """Starts MiniStack as `python -m ministack` does."""
    # Not for MiniStack, which hands its environment on to every function.
    saves, run = Path(os.environ.pop("PRESSWORK_SAVES")), os.environ.pop("PRESSWORK_RUN")
    record = Path(os.environ.pop("PRESSWORK_RECORD"))
    # Of the cloud's own environment; ours knows the file, and not what it runs.
    import hypercorn.asyncio  # type: ignore[import-not-found]  # noqa: PLC0415
    from ministack import app  # type: ignore[import-not-found]  # noqa: PLC0415
    from ministack.core import iam_evaluator  # type: ignore[import-not-found]  # noqa: PLC0415
    from ministack.services import dynamodb, lambda_svc, sqs  # type: ignore[import-not-found]  # noqa: PLC0415

    sys.path.append(str(Path(__file__).parents[2]))  # beside its own; no function inherits it
    from presswork_cli.local import saving  # noqa: PLC0415
    from presswork_cli.local.batches import Batches  # noqa: PLC0415
    from presswork_cli.local.key_conditions import Evaluation  # noqa: PLC0415
    from presswork_cli.local.orphan import Orphan  # noqa: PLC0415

    for name in ("_tokenize", "_condition_syntax_error"):
        remember(dynamodb, name)
    remember_documents(iam_evaluator, "parse_policy_document")
    replace(dynamodb, "_evaluate_condition", Evaluation)
    replace(sqs, "_receive_messages_for_esm", partial(Batches.of, lambda_svc, sqs))
    hypercorn.asyncio.serve = serve
    saving.install(app, saves, run, Orphan(record, run))
    app.main()


if __name__ == "__main__":
    main()
