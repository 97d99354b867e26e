"""Posts damaged at random: `python fuzz.py FOLDER SECONDS SEED LAST` reads them for so long.

It is a process of its own, since what a library in C never ends can only be ended with its process.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from presswork.content import Site, is_post, parse
from presswork.errors import Rejected
from presswork.settings import EMBED_HOSTS

MOST_CPU = 1.0
"""Seconds that no post may take."""
TRIES = 3
"""How often one that takes longer is read again: a busy machine is no fault of the post."""

SUFFIXES = {".htm", ".html", ".markdown", ".md", ".txt"}
FOREIGN = "node_modules"
LARGEST = 60_000
SITES = (
    Site(),
    Site(embeds=EMBED_HOSTS, categories="parallel"),
    Site(trusted_html=("posts/",), slug="ascii"),
)
BITS = """
<p> </p> <div> <div\u2003 <title> <style> <script> </script> <textarea> <xmp> <plaintext> <iframe
<embed> <video <audio <source <track <math> <mi> <semantics> </math> <svg> <foreignObject> <table>
<td> <select> <noscript> <template> <details> <summary> <pre> <code> <a\u2003href= <img\u2003src=
<!-- --> <![CDATA[ ]]> <? ?> <!x {} {...x} ={} \u2003{a}="b" \u2003markdown=1 \u2003onclick=x
\u2003src="a.mp4" \u2003poster= \u2003style="background:url(x)" \u2003srcset="a\u20032x,b"
https://a.example/ javascript: data:image/png;base64,AAAA // /\\ # #a [caption] [/caption] {{ }} {%
%} {{< >}} {{% %}} ``` ~~~ ` $$ $ ** __ _ * ~~ [ ]( ) ![ ]: [^1] [^1]: > [!NOTE] - 1. | |-| :: = ---
+++ ;;; { } ' " & &# &#x &amp; &#0; &#xfffe; \\ \u0000 \u0007 \ufeff \ufffe \U0001f600 \u202e \u3042
\\frac{ \\sqrt{ \\left( \\right) \\begin{align} \\end{align} \\pmod \\lbrace a( [0,1) \\"
title: date: permalink: aliases: tags: draft: &a *a !x ? : , [ ] 2021-99-99 0x 1e9 .inf ~ null
""".replace("\u2003", " ").split("\n")
WORDS = [bit.replace("\u2003", " ") for line in BITS for bit in line.split(" ") if bit]
BYTES = (
    b"\xff",
    b"\xfe\xff",
    b"\x00",
    b"\xc3",
    b"\xe2\x80",
    b"\r",
    b"\r\n",
    b"\x1b",
    b"\xed\xa0\x80",
)
Damage = Callable[[random.Random, bytes, bytes], bytes]


def _inserted(dice: random.Random, data: bytes, _: bytes) -> bytes:
    at = dice.randint(0, len(data))
    bits = "".join(dice.choices(WORDS, k=dice.randint(1, 6)))
    return data[:at] + bits.encode(errors="surrogatepass") + data[at:]


def _repeated(dice: random.Random, data: bytes, _: bytes) -> bytes:
    at = dice.randint(0, len(data))
    many = dice.choice((2, 30, 2_000))
    return data[:at] + dice.choice(WORDS).encode() * many + data[at:]


def _cut(dice: random.Random, data: bytes, _: bytes) -> bytes:
    start = dice.randint(0, len(data))
    return data[:start] + data[start + dice.choice((1, 10, 1_000)) :]


def _doubled(dice: random.Random, data: bytes, _: bytes) -> bytes:
    start = dice.randint(0, len(data))
    part = data[start : start + dice.choice((5, 200))]
    return data[:start] + part * dice.choice((2, 50)) + data[start:]


def _moved(dice: random.Random, data: bytes, _: bytes) -> bytes:
    start, at = dice.randint(0, len(data)), dice.randint(0, len(data))
    part = data[start : start + 200]
    rest = data[:start] + data[start + 200 :]
    return rest[:at] + part + rest[at:]


def _crossed(dice: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: dice.randint(0, len(data))] + other[dice.randint(0, len(other)) :]


def _spoiled(dice: random.Random, data: bytes, _: bytes) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + dice.choice(BYTES) + data[at + dice.randint(0, 2) :]


def _unbalanced(dice: random.Random, data: bytes, _: bytes) -> bytes:
    sign = dice.choice((b"<", b">", b'"', b"'", b"/", b"`", b"}", b"]", b"-", b":", b"\n", b"="))
    places = [at for at in range(len(data)) if data[at : at + 1] == sign]
    if not places:
        return data
    at = dice.choice(places)
    return data[:at] + data[at + 1 :]


DAMAGES: tuple[Damage, ...] = (
    *(_inserted, _repeated, _cut, _doubled, _moved, _crossed, _spoiled, _unbalanced),
)


def sources(folder: Path) -> list[bytes]:
    """The posts in a folder that are no larger than posts mostly are, in one order everywhere."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    found = (path.read_bytes() for path in paths if path.is_file() and FOREIGN not in path.parts)
    return [data for data in found if len(data) <= LARGEST]


def damaged(dice: random.Random, whole: list[bytes]) -> Iterator[bytes]:
    """Posts with one to eight damages each, without an end."""
    while True:
        data = dice.choice(whole)
        for _ in range(dice.randint(1, 8)):
            data = dice.choice(DAMAGES)(dice, data, dice.choice(whole))[: 4 * LARGEST]
        yield data


def cpu_seconds(data: bytes, key: str, site: Site) -> float:
    """What one reading takes; anything but a post or a rejection is raised."""
    start = time.process_time()
    try:
        is_post(key, data)
        parse(data, key, site)
    except Rejected as rejected:
        if rejected.rule == "internal":
            raise rejected.__cause__ or rejected from None
    return time.process_time() - start


def hold(whole: list[bytes], seconds: float, seed: int, last: Path) -> None:
    """Damages posts for so long; fails with the post where one is not read as it should be.

    Each stands in the file `last` before it is read: one that is never read to its end is there.
    """
    dice = random.Random(seed)
    end = time.monotonic() + seconds
    for count, data in enumerate(damaged(dice, whole)):
        if time.monotonic() > end:
            assert count, "not one post was tried"
            return
        key = f"posts/2021-11-21-x.{dice.choice(('md', 'html', 'txt'))}"
        site = dice.choice(SITES)
        last.write_bytes(f"number {count}, {key}, {site!r}\n".encode() + data)
        try:
            took = cpu_seconds(data, key, site)
            if took > MOST_CPU:
                took = min(cpu_seconds(data, key, site) for _ in range(TRIES))
            assert took <= MOST_CPU, f"it took {took:.1f} s"
        except Exception as error:
            error.add_note(f"FUZZ_SEED={seed}, number {count}, {key}, {site!r}: {data[:3_000]!r}")
            raise


if __name__ == "__main__":
    hold(sources(Path(sys.argv[1])), float(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
