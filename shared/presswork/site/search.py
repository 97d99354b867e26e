"""Search without a server: a page, its script, and what the script reads.

That are the posts of each year, in one object; of a year with too many posts for a page those of
each month, and so on: where posts are listed together they are searched together. The script looks
for words in titles and summaries itself. An index of the words takes a reader more bytes than they
do, and an author more writes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from presswork.object import Object
from presswork.post import Card
from presswork.settings import Site
from presswork.site.addresses import SEARCH_PATH
from presswork.site.lists import year_of
from presswork.site.objects import FRESH, page
from presswork.site.phrases import phrases_for
from presswork.site.text import clean
from presswork.site.theme.assets import SCRIPT, asset_key
from presswork.site.theme.rendering import render_page
from presswork.site.theme.values import SearchPage
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

_JSON = "application/json; charset=utf-8"


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
    """What can be searched, such as `2022` and `2021-11`, newest first."""
    return _data(sorted(set(periods), reverse=True))


def searched_periods(periods: Iterable[str], years: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What is searched, the oldest first: each year that is whole, and of the others the periods.

    `periods` are those that list posts; `years` says into which months a year is split, if it is.
    """
    return tuple(
        dict.fromkeys(
            period if years.get(year_of(period)) else year_of(period) for period in sorted(periods)
        )
    )


def search_segment(site: Site, members: Iterable[Card]) -> Object:
    """What is searched of a period: its posts, newest first.

    Each is its path, title, summary, day, and its language if that is not the site's.
    """
    phrases = phrases_for(site.language)
    ordered = sorted(members, key=lambda card: (card.date, card.id), reverse=True)
    return _data(
        [
            [
                card.path,
                clean(card.title),
                clean(card.summary),
                phrases.day(card.date.astimezone(site.zone)),
                *([card.lang] if card.lang != site.language else []),
            ]
            for card in ordered
        ]
    )


def _data(value: object) -> Object:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Object(text.encode() + b"\n", _JSON, FRESH)
