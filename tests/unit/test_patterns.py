"""What the patterns of the package cost on texts that repeat themselves."""

import gc
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]  # where the literals of a pattern stand

import pytest

import presswork
from presswork.patterns import LatePattern, late

COMMON = (
    *" \t\na1.-_/\\\"'`~<>&#%{}[]()!:;*+=$@,あ",
    *("\r\n", "a b", 'a="b" ', "<a", "<a ", "</a", '<a href="', "<!--", "<pre>", "{% a ", "{{ a "),
    *("{{< a ", "[a](", "[a]", "![a](", "&a", "&#1", "{: .a", "$a", "`a", "> ", "\\\\", "\\{"),
    *("---\n", "```\n", "a: b\n", "- a\n", "\n- "),
)
ON_OTHER_TEXT = {
    "presswork.content.front_matter.strict_toml._PART": "keys of TOML that tomllib has read",
    "presswork.content.front_matter.strict_toml._STRING_OR_COMMENT": "TOML that tomllib has read",
    "presswork.content.markdown._TASK": "HTML of comrak: each item has its end",
    "presswork.content.own_files._IMAGE": "sanitised HTML: each tag has its end",
    "presswork.content.own_files._LINK": "as above",
    "presswork.content.own_files._PLAYED": "as above",
    "presswork.content.own_files._POSTER": "as above",
    "presswork.content.prose._CLEAN_TAG": "as above",
    "presswork.content.prose._FOOTNOTE_MARK": "as above",
    "presswork.site.contents._TAG": "as above",
    "presswork.content.dialects.eleventy._FIRST": "handed on to be matched at the beginning alone",
    "presswork.content.dialects.eleventy._FIRST_AND_CLASS": "as above",
    "presswork.content.html.image_repairs._TRACKER": "as above",
    "presswork.content.html.tree._LISTING": "HTML of lxml: each element has its end",
}
"""Patterns that take squared time on a text which none of their callers has, and why."""
LENGTH = 3_000
NOTICED = 0.001
"""Seconds from which on a pattern's time is compared with that on a longer text."""
_METHODS = {"match", "fullmatch", "search", "sub", "subn", "finditer", "findall", "split"}
SEARCHES = ("search", "sub", "subn", "finditer", "findall", "split")


def _patterns() -> Iterator[tuple[str, "re.Pattern[str]", set[str]]]:
    """Each pattern by its name in a module, with the methods of it that are called.

    One that is only handed on is searched with, as far as this can tell.
    """
    names = [found.name for found in pkgutil.walk_packages(presswork.__path__, "presswork.")]
    modules = {name: importlib.import_module(name) for name in names}
    sources = {name: inspect.getsource(module) for name, module in modules.items()}
    whole = "\n".join(sources.values())
    for module_name, module in modules.items():
        for name, value in vars(module).items():
            pattern = value.compiled() if isinstance(value, LatePattern) else value
            if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                source = sources[module_name] if name.startswith("_") else whole
                called = set(re.findall(rf"\b{name}\.([a-z]+)\(", source))
                yield f"{module_name}.{name}", pattern, called & _METHODS or {"search"}


PATTERNS = {name: (pattern, called) for name, pattern, called in _patterns()}


def _literals(parsed: object) -> Iterator[str]:
    run = ""
    for operation, given in parsed:  # type: ignore[attr-defined]
        if str(operation) == "LITERAL":
            run += chr(given)
            continue
        if run:
            yield run
        run = ""
        parts = given if isinstance(given, tuple) else (given,)
        for part in (
            each for group in parts for each in (group if isinstance(group, list) else [group])
        ):
            if isinstance(part, _parser.SubPattern):
                yield from _literals(part)
    if run:
        yield run


def _seconds(pattern: "re.Pattern[str]", called: set[str], text: str) -> float:
    start = time.process_time()
    for method in called:
        if method in SEARCHES:
            for _ in pattern.finditer(text):
                pass
        elif method in {"match", "fullmatch"}:
            getattr(pattern, method)(text)
    return time.process_time() - start


def _slow(pattern: "re.Pattern[str]", called: set[str]) -> str | None:
    """A text that takes a pattern more than eight times as long when it is four times as long."""
    own = list(dict.fromkeys(_literals(_parser.parse(pattern.pattern, pattern.flags))))[:12]
    units = dict.fromkeys([*COMMON, *own, *(a + b for a in own[:4] for b in own[:4])])
    for unit in units:
        for prefix in ("", *own[:6]):

            def text(length: int, prefix: str = prefix, unit: str = unit) -> str:
                return prefix + unit * (length // len(unit)) + "\x01"

            if _seconds(pattern, called, text(LENGTH)) < NOTICED:
                continue
            short, long = (
                min(_seconds(pattern, called, text(length)) for _ in range(3))
                for length in (LENGTH, 4 * LENGTH)
            )
            if short > NOTICED and long > 8 * short:
                return f"{prefix!r} + {unit!r} * n"
    return None


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_pattern_takes_no_squared_time(name: str) -> None:
    """Its time grows as the text does, whatever is repeated in it."""
    slow = _slow(*PATTERNS[name])
    if name in ON_OTHER_TEXT:
        assert slow, f"{name} needs no exception"
    else:
        assert slow is None, f"{name} takes squared time on {slow}"


def test_a_squared_pattern_would_be_seen() -> None:
    """One that searches ahead from each of its beginnings is told with what it was slow on."""
    assert _slow(re.compile(r"<[^>]*>"), {"sub"}) == "'' + '<' * n"
    assert _slow(re.compile(r"\s+\Z"), {"search"}) == "'' + ' ' * n"
    assert _slow(re.compile(r"\s+\Z"), {"match"}) is None


def test_every_late_pattern_can_be_compiled() -> None:
    """Those that stand in no name of a module as well."""
    found = [each for each in gc.get_objects() if isinstance(each, LatePattern)]
    assert len(found) > 300
    for each in found:
        each.compiled()


def test_a_late_pattern_is_compiled_when_it_is_first_used() -> None:
    """Until then nobody knows that it cannot be; then it does all that a pattern does."""
    broken, sound = late("(never closed"), late(r"(?P<word>[a-z]+)", re.IGNORECASE)
    with pytest.raises(re.error):
        broken.search("text")
    assert sound.pattern == r"(?P<word>[a-z]+)"
    assert sound.sub("*", "a B 1") == "* * 1"
    assert sound.groupindex == {"word": 1}
