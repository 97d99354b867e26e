"""What a publish calls of AWS is what docs/calls.md says, with a reason for each call."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow import call_table
from flow.call_table import COLUMNS, Call, CountedWorld
from flow.growth import NOW, grow
from flow.in_a_row import TimedSite
from flow.memory import MemoryCloud
from flow.world import Origin, picture
from presswork.aws import parallel

IN_A_ROW = {False: (23, 32), True: (38, 47)}
"""How many calls wait for each other until a post is live, and until its lists are, at most: of one
without images, and of one with two."""

PAGE = Path(__file__).parents[2] / "docs" / "calls.md"
SIZE = 100


@pytest.fixture(scope="module")
def made() -> Iterator[dict[str, Counter[Call]]]:
    """The calls of each case, in a site of a hundred posts."""
    origin = Origin(files={"/x.jpg": picture(), "/y.jpg": picture("navy")})
    server = origin.serve()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWERTOOLS_SERVICE_NAME", "test")
        patch.setattr(parallel, "WORKERS", 1)
        world = CountedWorld(origin, server.server_port, MemoryCloud())
        world.now = NOW
        grow(world, SIZE)
        yield call_table.cases(world)
        assert world.dead == []
        world.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("case", COLUMNS)
def test_a_publish_makes_the_calls_of_the_table(case: str, made: dict[str, Counter[Call]]) -> None:
    """One more, or one less, is named; `python bench/calls.py --table` writes the table anew."""
    counted = call_table.read(PAGE.read_text(encoding="utf-8"))[0][case]
    more, fewer = made[case] - counted, counted - made[case]
    assert [f"{call} ({count} more)" for call, count in more.items()] == []
    assert [f"{call} ({count} fewer)" for call, count in fewer.items()] == []


def test_each_call_of_the_table_has_its_reason() -> None:
    """Who adds a call says why."""
    _, why = call_table.read(PAGE.read_text(encoding="utf-8"))
    assert why
    assert [str(call) for call, reason in why.items() if reason in ("", call_table.UNKNOWN)] == []


def test_a_table_made_anew_keeps_its_reasons() -> None:
    """What stands before it and behind it stays, too."""
    call, other = Call("parse", "GetItem", "SITE"), Call("parse", "GetItem", "POST")
    made = {name: Counter({call: 2}) for name in COLUMNS}
    before = "# Calls\n\n" + "\n".join(call_table.table(made, {call: "it moved"})) + "\n\nEnd.\n"
    made["new"][other] = 1
    after = call_table.rewritten(before, made)
    assert call_table.read(after) == (made, {call: "it moved", other: call_table.UNKNOWN})
    assert (after[:9], after[-6:]) == ("# Calls\n\n", "\nEnd.\n")
    assert call_table.rewritten(after, made) == after


@pytest.fixture(scope="module")
def site() -> Iterator[TimedSite]:
    """A site of a hundred posts."""
    server = (origin := Origin()).serve()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWERTOOLS_SERVICE_NAME", "test")
        patch.setattr(parallel, "WORKERS", 1)
        site = TimedSite(origin, server.server_port)
        grow(site.world, SIZE)
    yield site
    site.world.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("images", [False, True])
def test_so_many_calls_wait_for_each_other(images: bool, site: TimedSite) -> None:
    """The rest is under way meanwhile, whatever the machine is busy with."""
    site.in_a_row(images=images)  # the workers are warm at the next
    live, lists = site.in_a_row(images=images)
    most_until_live, most_until_lists = IN_A_ROW[images]
    assert live <= most_until_live
    assert lists <= most_until_lists
