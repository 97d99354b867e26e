"""Calls that do not wait for each other."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from presswork import correlation
from presswork.aws import parallel
from presswork.aws.parallel import WORKERS, in_parallel

Call = Callable[[], object]


@pytest.fixture(autouse=True, params=[WORKERS, 1])
def workers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """How many calls may be under way at once: many, or one as a test may want it."""
    monkeypatch.setattr(parallel, "WORKERS", request.param)
    yield request.param
    parallel._pool.cache_clear()


def test_answers_are_in_the_order_of_the_calls() -> None:
    """However many calls there are."""
    for count in (0, 1, 2, 3 * WORKERS):
        assert in_parallel([lambda n=n: n for n in range(count)]) == list(range(count))  # type: ignore[misc]


def test_calls_are_under_way_together(workers: int) -> None:
    """As many as there are workers: each of these waits for all of the others."""
    barrier = threading.Barrier(workers)
    in_parallel([lambda: barrier.wait(30)] * workers)


def test_calls_within_calls_need_no_place() -> None:
    """They would wait for ever for places that those hold who wait for them."""
    inner: list[Call] = [threading.get_ident] * 2
    found = in_parallel([lambda: in_parallel(inner)] * WORKERS)
    assert all(len(set(ids)) == 1 for ids in found)


def test_what_a_call_is_made_for_goes_along() -> None:
    """Its log names the upload that caused it, and what it carries on stays with it."""
    with correlation.scope("a"):
        assert in_parallel([correlation.current] * 2) == ["a", "a"]
        in_parallel([lambda: None])


def test_the_first_error_is_raised_when_all_have_ended(workers: int) -> None:
    """Nothing is under way any more for who handles it, however long the others take."""
    ended = list[str]()

    def fail(name: str, seconds: float) -> None:
        time.sleep(seconds)
        ended.append(name)
        raise ValueError(name)

    with pytest.raises(ValueError, match="first"):
        in_parallel([lambda: fail("first", 0), lambda: fail("second", 0.1)])
    assert ended == ["first", "second"][:workers]
