"""When models are built, and by whom."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

from presswork.deferred import Deferred
from presswork.post import Model
from presswork.settings import Site
from presswork.state import PostState


class Slow:
    """A part of a model that waits, while it is built, for another thread to build it as well."""

    def __init__(self) -> None:
        self.built = 0
        self._both = Barrier(2)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The schema of what it stands on."""
        self.built += 1
        with suppress(BrokenBarrierError):
            self._both.wait(timeout=0.5)
        return handler(source)


def test_a_model_is_built_once_whatever_threads_use_it_first() -> None:
    """Two threads that use it at the same time check by its own rules, made by one of them."""
    slow = Slow()

    class Parent(Deferred):
        pass

    class Example(Parent):
        number: Annotated[int, slow]

    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(lambda number: Example(number=number), (1, 2)))
    assert [each.number for each in made] == [1, 2]
    assert slow.built == 1


def test_no_model_is_built_before_it_is_used() -> None:
    """Neither those of the table and of messages, nor settings."""

    class Example(Model):
        number: int

    assert not Example.__pydantic_complete__
    Example(number=1)
    assert Example.__pydantic_complete__
    assert issubclass(PostState, Deferred)
    assert issubclass(Site, Deferred)
