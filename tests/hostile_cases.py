"""What people of bad will upload, or point to: each case is to cost no more than two seconds."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from presswork.content import MAX_BYTES

MOST_SECONDS = 2.0

_HEAD = "---\ntitle: Hostile\ndate: 2024-01-02\n---\n"
_MARK = "{% raw %}"

IMAGES = {
    "comments.svg": ("<!---->" * 60 + "x").encode(),
    "blanks.svg": (" " * 1_000_000 + "x").encode(),
    "style-stars.svg": (
        "<svg xmlns='http://www.w3.org/2000/svg'><style>" + "/*" * 500_000 + "</style></svg>"
    ).encode(),
}
"""Files that are no drawing, and one that is little but opened comments."""

NO_IMAGES = ("comments.svg", "blanks.svg")
"""Those of them that are refused, as `image.type`."""

SLOW = (_HEAD + _MARK * ((MAX_BYTES - len(_HEAD)) // len(_MARK))).encode()
"""A post as long as one may be that takes several times the time that one may take."""


@dataclass(frozen=True)
class HostilePost:
    """A post, and the rule that rejects it if it may not be live."""

    source: bytes
    rule: str | None


def _post(source: str, rule: str | None = None) -> HostilePost:
    return HostilePost(source.encode(), rule)


POSTS = {
    "exclamations": _post(_HEAD + "!" * 60_000 + "x\n"),
    "toml-blanks": _post("+++\n" + " " * 60_000 + "\n+++\ntext\n"),
    "date-blanks": _post(
        "---\ntitle: Hostile\ndate: Mon" + " " * 60_000 + "x\n---\ntext\n", "date.form"
    ),
    "srcset-blanks": _post(_HEAD + '<img src="a.png" srcset="' + " " * 60_000 + '">\n'),
    "nested": _post(
        _HEAD + "[" * 20_000 + "\n\n" + "> " * 5_000 + "x\n\n" + "*a _b " * 10_000 + "\n",
        "body.depth",
    ),
    "footnotes": _post(
        _HEAD + "".join(f"[^{n}]: see [^{n + 1}]\n\n" for n in range(20_000)) + "text[^0]\n",
        "body.elements",
    ),
    "addresses": _post(_HEAD + "a@b.example " * 40_000, "body.addresses"),
}


@contextmanager
def in_time() -> Iterator[None]:
    """The block, and the processes that it starts and waits for, take no more than two seconds."""
    before = _spent()
    yield
    spent = _spent() - before
    assert spent < MOST_SECONDS, f"{spent:.1f} s"


def _spent() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
