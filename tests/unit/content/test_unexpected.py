"""A fault of our own while one post is read."""

import logging

import pytest

from presswork.content import Site, parse
from presswork.errors import Rejected

SOURCE = b"---\ndate: 2021-03-04\n---\ntext"


def break_parsing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Every body raises this from here on."""

    def raises(*_: object) -> str:
        raise error

    monkeypatch.setattr("presswork.content.body.Body.html", raises)


@pytest.mark.parametrize("error", [ValueError("Empty tag name"), RecursionError(), KeyError("x")])
def test_a_fault_rejects_the_post_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """Its author learns the kind and the way out, and the log has the traceback and the file."""
    break_parsing(monkeypatch, error)
    with caplog.at_level(logging.ERROR), pytest.raises(Rejected) as caught:
        parse(SOURCE, "posts/a.md", Site())
    assert caught.value.rule == "internal"
    assert type(error).__name__ in caught.value.message
    assert "Report" in caught.value.fix
    (record,) = caplog.records
    assert "posts/a.md" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[1] is error


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt()])
def test_what_is_no_fault_of_the_post_goes_on(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """A machine too small and a person who stops the work say nothing about the post."""
    break_parsing(monkeypatch, error)
    with pytest.raises(type(error)):
        parse(SOURCE, "posts/a.md", Site())


def test_a_rejection_stays_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    """What is the post's own fault is not logged as one of ours."""
    with pytest.raises(Rejected, match="no date"):
        parse(b"text", "posts/a.md", Site())
    assert not caplog.records
