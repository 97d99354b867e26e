"""Search without a server: a page, its script, and what the script reads of each period.

A period has a list of its posts, and an index over the words of their titles and summaries in four
parts, so that a reader who looks for a word loads a quarter of it. The script of the theme knows
words and parts the same way.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import category, normalize

from presswork.object import Object
from presswork.patterns import late
from presswork.post import Card
from presswork.settings import Site
from presswork.site.addresses import SEARCH_PATH, search_key
from presswork.site.objects import FRESH, page
from presswork.site.phrases import phrases_for
from presswork.site.text import clean
from presswork.site.theme.assets import SCRIPT, asset_key
from presswork.site.theme.rendering import render_page
from presswork.site.theme.values import SearchPage
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

PARTS = 4

_JSON = "application/json; charset=utf-8"
_WORD = late(r"[^\W_]+")
# Han, kana and Thai: scripts that put no space between words.
_UNSPACED = late("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def search_page(site: Site, base_url: str, *, theme: ThemeFiles = DEFAULT_THEME) -> Object:
    """The page that readers search on; it reads nothing before they do."""
    return page(
        render_page(
            "search.html",
            site,
            base_url,
            theme,
            SearchPage(script=asset_key(theme, SCRIPT)),
            path=SEARCH_PATH,
            language=site.language,
        )
    )


def search_periods(periods: Iterable[str]) -> Object:
    """The periods that can be searched, such as `2021-11`, newest first."""
    return _data(sorted(set(periods), reverse=True))


def search_keys(period: str) -> tuple[str, ...]:
    """The site keys of what is searched of a period."""
    names = ("posts", *map(str, range(PARTS)))
    return tuple(search_key(period, name) for name in names)


def search_segment(site: Site, period: str, members: Sequence[Card]) -> dict[str, Object]:
    """What is searched of a period, by key.

    The posts, newest first, each as path, title, summary, day and language; and the parts of the
    index: by token, the places of the posts that have it.
    """
    phrases = phrases_for(site.language)
    ordered = sorted(members, key=lambda card: (card.date, card.id), reverse=True)
    posts = [
        [
            card.path,
            clean(card.title),
            clean(card.summary),
            phrases.day(card.date.astimezone(site.zone)),
            card.lang,
        ]
        for card in ordered
    ]
    parts: list[dict[str, list[int]]] = [{} for _ in range(PARTS)]
    for position, card in enumerate(ordered):
        for token in sorted(set(tokens(f"{card.title} {card.summary}"))):
            parts[ord(token[0]) % PARTS].setdefault(token, []).append(position)
    made = [posts, *(dict(sorted(part.items())) for part in parts)]
    return dict(zip(search_keys(period), map(_data, made), strict=True))


def tokens(text: str) -> Iterator[str]:
    """The words of a text, without case and accents; pairs of characters where no space parts them.

    The last character of such a run stands alone, too, so that each of them begins a token.
    """
    folded = "".join(c for c in normalize("NFKD", text) if category(c)[0] != "M").lower()
    for run in _UNSPACED.findall(folded):
        yield from (run[at : at + 2] for at in range(len(run)))
    yield from _WORD.findall(_UNSPACED.sub(" ", folded))


def _data(value: object) -> Object:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Object(text.encode() + b"\n", _JSON, FRESH)
