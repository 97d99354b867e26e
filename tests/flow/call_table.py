"""The calls of AWS that publishing makes, counted by stage and by what they are about.

They stand in docs/calls.md, each with its reason. `bench/calls.py --table` writes that table anew;
test_calls.py holds publishing to it.
"""

import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from flow.growth import newest, post
from flow.memory import MemoryCloud
from flow.world import Origin, World

COLUMNS = ("terms", "new", "images", "bench", "edit", "delete", "cold")
"""The cases, in the order in which they happen."""

UNKNOWN = "?"
"""The reason of a call that nobody has given one."""

_OF_THE_SITE = (
    (r"-/media/.*", "media"),
    (r"-/search/.*", "search"),
    (r"-/sitemap/.*", "sitemap"),
    (r"(.*/)?[a-z]+\.(xml|json)", "feed"),
    (r"\d{4}/\d\d/[^/]+/index\.html", "page"),
    (r"\d{4}/.*|archives/.*", "archive"),
    (r"(tags|categories)/index\.html", "terms"),
    (r"(tags|categories)/.*", "term"),
    (r"index\.html", "home"),
)
_DOCUMENT = re.compile(r"\d{4}/\d\d/[^/]+/index\.json")


@dataclass(frozen=True, order=True)
class Call:
    """A call as it stands in the table: who makes it, and what kind of thing it is about."""

    stage: str
    operation: str
    item: str

    def __str__(self) -> str:
        return f"{self.stage}: {self.operation} {self.item}".rstrip()


@dataclass
class Span:
    """A call from its begin to its end, in turns: each begin and each end is one."""

    call: Call
    begin: int
    end: int


class CountedWorld(World):
    """The flow, which notes each call that a stage makes; `latency` is what follows each."""

    def __init__(
        self,
        origin: Origin,
        port: int,
        cloud: MemoryCloud,
        *,
        latency: Callable[[], None] = lambda: None,
    ) -> None:
        self.made: list[Call] = []
        self.spans: list[Span] = []
        self._stage = ""
        self._turns = count()
        self._mine = threading.local()

        def end() -> None:
            latency()
            span = vars(self._mine).pop("span", None)
            if span is not None:
                span.end = next(self._turns)

        super().__init__(origin, port, cloud, latency=end)
        self.ssm.meta.events.register("before-call", self._before_call)

    def close(self) -> None:
        """Lets go of the clients."""
        self.ssm.meta.events.unregister("before-call", self._before_call)
        super().close()

    def _deliver(self, name: str, body: dict[str, Any]) -> None:
        self._stage = {"bulk": "images", "backfill": "parse"}.get(name, name)
        super()._deliver(name, body)

    def _before_call(self, model: Any, params: dict[str, Any], **more: object) -> None:
        if self._at_work:
            call = Call(self._stage, model.name, about(model.name, params["body"]))
            self._mine.span = Span(call, next(self._turns), sys.maxsize)
            self.made.append(call)
            self.spans.append(self._mine.span)
        super()._before_call(model, params, **more)

    def counted(self, change: Callable[[], object]) -> Counter[Call]:
        """What the stages call from a change on until no message is left."""
        self.made.clear()
        self.spans.clear()
        change()
        self.run()
        return Counter(self.made)


def cases(world: CountedWorld) -> dict[str, Counter[Call]]:
    """What each of the things costs that an author does; one after another, in this order."""
    put = world.put
    images = "\n\n".join(f"![x](http://images.example/{name}.jpg)" for name in ("x", "y"))

    def cold() -> None:
        world.renew_workers()
        put("posts/cold.md", newest("Cold!", minute=3))

    changes: dict[str, Callable[[], object]] = {
        "terms": lambda: put("posts/terms.md", newest("Terms!")),
        "new": lambda: put("posts/new.md", newest("New!", minute=1)),
        "images": lambda: put("posts/images.md", newest("Images!", images, minute=2)),
        "bench": lambda: put("posts/bench.md", post(3, 0, "[sea]", "New!")),
        "edit": lambda: put("posts/new.md", newest("New?", minute=1)),
        "delete": lambda: world.delete("posts/new.md"),
        "cold": cold,
    }
    assert tuple(changes) == COLUMNS
    return {name: world.counted(change) for name, change in changes.items()}


def about(operation: str, request: Mapping[str, Any]) -> str:
    """What kind of thing a call is about, whichever one it is."""
    if "Bucket" in request:
        return _object(request["Bucket"], request.get("Key", request.get("Prefix", "")))
    if operation == "Query":
        return _query(request)
    if operation == "Publish":
        return str(request["MessageAttributes"]["type"]["StringValue"])
    if operation == "SendMessage":
        return str(json.loads(request["MessageBody"])["kind"])
    return " + ".join(sorted({_item(key) for key in _keys(operation, request)}))


def _keys(operation: str, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The items that a call is about, as far as it is about any."""
    if operation == "BatchGetItem":
        for each in request["RequestItems"].values():
            yield from each["Keys"]
    elif operation == "TransactWriteItems":
        for each in request["TransactItems"]:
            yield from (write.get("Key") or write["Item"] for write in each.values())
    elif "TableName" in request:
        yield request.get("Key") or request["Item"]


def _object(bucket: str, key: str) -> str:
    if bucket == "site" and _DOCUMENT.fullmatch(key):
        return "site: document"
    if bucket == "site":
        found = (name for pattern, name in _OF_THE_SITE if re.fullmatch(pattern, key))
        return f"site: {next(found, key)}"
    folder = key.partition("/")[0]
    return f"{bucket}: {folder}"


def _item(key: Mapping[str, Any]) -> str:
    pk, sk = key["PK"]["S"], key["SK"]["S"]
    kind, _, name = pk.partition("#")
    if kind == "LIST":
        return f"LIST#{name.partition(':')[0]}"
    if kind == "TOLD":
        return "TOLD hour"
    if sk.startswith("TOLD#"):
        return f"{kind} TOLD"
    return f"{kind} use" if sk.startswith("POST#") else kind


def _query(request: Mapping[str, Any]) -> str:
    values = request["ExpressionAttributeValues"]
    pk = values[":pk"]["S"]
    sk = values.get(":prefix", {"S": ""})["S"]
    where = {":above": "above", ":below": "below", ":first": "between"}
    found = [word for name, word in where.items() if name in values]
    return " ".join([_item({"PK": {"S": pk}, "SK": {"S": sk}}), *found])


def table(made: Mapping[str, Counter[Call]], why: Mapping[Call, str]) -> Iterator[str]:
    """The rows of the table: a line for each kind of call, and the sums."""
    yield f"| stage | call | of | {' | '.join(COLUMNS)} | why |"
    yield "|" + " --- |" * (4 + len(COLUMNS))
    for call in dict.fromkeys(call for name in COLUMNS for call in made[name]):
        counts = [str(made[name][call] or "") for name in COLUMNS]
        cells = [call.stage, call.operation, call.item, *counts, why.get(call, UNKNOWN)]
        yield f"| {' | '.join(cells)} |"
    sums = [str(made[name].total()) for name in COLUMNS]
    yield f"| | all | | {' | '.join(sums)} | |"


def read(text: str) -> tuple[dict[str, Counter[Call]], dict[Call, str]]:
    """What a text with the table says of each case, and the reason of each call."""
    made: dict[str, Counter[Call]] = {name: Counter() for name in COLUMNS}
    why: dict[Call, str] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 4 + len(COLUMNS) or cells[0] in ("", "stage", "---"):
            continue
        call = Call(*cells[:3])
        why[call] = cells[-1]
        for name, cell in zip(COLUMNS, cells[3:-1], strict=True):
            if cell:
                made[name][call] = int(cell)
    return made, why


def rewritten(text: str, made: Mapping[str, Counter[Call]]) -> str:
    """The text with its table made anew; reasons that were given stay."""
    before, header, after = text.partition("| stage |")
    _, why = read(header + after)
    end = after.partition("\n\n")[2]
    return before + "\n".join([*table(made, why), ""]) + (f"\n{end}" if end else "")
