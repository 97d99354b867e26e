"""What GitLab is told: a Code Quality report, which it shows beside the lines of a merge request.

GitLab Docs, "Code Quality report format".
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from presswork_cli.printing.annotations import Annotation, Level
from presswork_cli.printing.terminal import echo_json

_SEVERITIES: dict[Level, str] = {"error": "major", "warning": "minor", "notice": "info"}


def reported(annotations: Iterable[Annotation]) -> None:
    """Prints the report, and nothing else."""
    echo_json(json.dumps(list(entries(annotations)), indent=2, ensure_ascii=False))


def entries(annotations: Iterable[Annotation]) -> Iterator[dict[str, Any]]:
    """The entries of the report. What is said of a whole file stands at its first line.

    A fingerprint stays as lines move; what is said twice of a file has two.
    """
    known: Counter[tuple[str, ...]] = Counter()
    for each in annotations:
        said = (each.file, each.rule, each.message)
        known[said] += 1
        mark = "\0".join((*said, str(known[said])))
        yield {
            "description": f"{each.message} {each.fix}".strip(),
            "check_name": each.rule,
            "fingerprint": sha256(mark.encode(errors="replace")).hexdigest(),
            "severity": _SEVERITIES[each.level],
            "location": {"path": each.file, "lines": {"begin": each.line or 1}},
        }
