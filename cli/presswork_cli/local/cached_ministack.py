"""Runs MiniStack, and has it remember what it would work out anew: docs/local-cloud.md.

A query of DynamoDB parses its condition once for every item of the partition, so the list of a
thousand posts takes a tenth of a second, in the one thread that is the whole cloud; every request
parses the policies of its role. Each of these functions answers equal arguments alike.

It is run as a program, with the cloud's own Python: `python -P cached_ministack.py`.
"""

import json
from functools import lru_cache
from typing import Any

_REMEMBERED = 4096


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


def main() -> None:
    """Starts MiniStack as `python -m ministack` does."""
    # Of the cloud's own environment; ours knows the file, and not what it runs.
    from ministack import app  # type: ignore[import-not-found]  # noqa: PLC0415
    from ministack.core import iam_evaluator  # type: ignore[import-not-found]  # noqa: PLC0415
    from ministack.services import dynamodb  # type: ignore[import-not-found]  # noqa: PLC0415

    for name in ("_tokenize", "_condition_syntax_error"):
        remember(dynamodb, name)
    remember_documents(iam_evaluator, "parse_policy_document")
    app.main()


if __name__ == "__main__":
    main()
