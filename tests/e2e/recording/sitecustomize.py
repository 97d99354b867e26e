"""Makes the local cloud note its decisions on rights: Python imports this at its start."""

import json
import os
import sys
from pathlib import Path
from typing import Any

if sys.orig_argv[-1].endswith("cached_ministack.py"):
    from ministack.core import iam_evaluator  # type: ignore[import-not-found]  # the cloud's own

    decide = iam_evaluator.evaluate

    def noted(asked: Any, *policies: Any) -> Any:
        """Decides, and appends who asked for what to the file named by RIGHTS_LOG."""
        answer = decide(asked, *policies)
        about = [asked.principal_arn, asked.action, asked.resource_arn, answer.decision]
        with Path(os.environ["RIGHTS_LOG"]).open("a") as log:
            log.write(json.dumps(about) + "\n")
        return answer

    iam_evaluator.evaluate = noted
