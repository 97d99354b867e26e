"""The ways work can fail: for good, for now, or nobody knows whether it did."""


class Rejected(Exception):
    """The input is at fault: record it, tell its author, do not retry.

    `line` and `column` count from 1 in the source file; `fix` is a sentence that tells the way out.
    """

    def __init__(
        self, rule: str, line: int | None, column: int | None, message: str, fix: str
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.line = line
        self.column = column
        self.message = message
        self.fix = fix


class RetryLater(Exception):
    """The world is at fault: the same work may succeed after `after` seconds, if that is known."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class InDoubt(RetryLater):
    """What was asked may have been done: only who knows a repetition is asked again."""
