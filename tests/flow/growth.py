"""Sites of any size, made in a short time, for what is counted in them."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from unittest.mock import patch

from flow.world import World, plain
from presswork import site
from presswork.stages.converge import Inputs
from presswork.stages.render import stage
from presswork.tasks import Task, UpdateList, UpdateMonth

A_MONTH = 40
"""How many posts a month has, however many there are: nobody writes faster in a larger site."""

TERMS = 4
"""How many tags the posts share: the newest twenty of each stand in the months that are made."""

NOW = datetime(2026, 3, 1, tzinfo=UTC)
"""The time in these sites: right after their newest month."""


def post(number: int, month: int, tags: str, title: str = "Post") -> str:
    """A post of a month, counted backwards from February 2026."""
    years, months = divmod(2 - 1 - month, 12)
    date = datetime(2026 + years, months + 1, 1 + number % 28, 9, number % 60, tzinfo=UTC)
    words = "Words that fill a line of the text of a post. " * 40
    return plain(f"{title} {number:06}", words, date=f"{date:%Y-%m-%d %H:%M:%S}", tags=tags)


def newest(title: str, body: str = "", *, minute: int = 0) -> str:
    """A post as people write it, with five tags and two categories: the newest of these sites."""
    words = "Words that fill a line of the text of a post. " * 40
    more = {"tags": "[sea, t0, t1, t2, t3]", "categories": "[[a], [b]]"}
    return plain(title, f"{words}\n\n{body}", date=f"2026-02-28 21:{minute:02}:00", **more)


def grow(world: World, size: int, newest: int = A_MONTH) -> None:
    """A site of this many posts, oldest first; each list is made once, when all are there.

    Posts go into the newest month, of `newest` posts, and the one before: pages and archives older
    than that stay unmade, to save time, for no case looks at them.
    """
    lists: set[str] = set()
    for number in reversed(range(size)):
        month = 0 if number < newest else 1 + (number - newest) // A_MONTH
        is_old = month > 1
        world.put(f"posts/{number}.md", post(number, month, f"[sea, t{number % TERMS}]"))
        with patch.object(stage, "converge", _only_read) if is_old else nullcontext():
            for name in ("parse", "render"):
                for body in world.take(name):
                    world.deliver(name, body)
        live = world.fed(f"posts/{number}.md").live
        lists.update(() if is_old or live is None else site.positions(live.lists))
        for name in ("index", "notify", "ear"):
            world.take(name)
    world.maintain.run(world.now)
    world.run()
    months = {site.month_in(name) for _, _, name in (n.partition("period:") for n in lists) if name}
    tasks: list[Task] = [
        *(UpdateList(list=name) for name in lists),
        *(UpdateMonth(month=m) for m in months),
    ]
    world.index.bring_up_to_date(tasks, note=lambda _: None)
    world.take("index")  # the documents of old posts are never made


def _only_read(
    _: object,
    keys: Iterable[str],
    read: Callable[[Sequence[str]], Inputs],
    *__: object,
    **___: object,
) -> Inputs:
    """Makes no page."""
    return read(tuple(keys))
