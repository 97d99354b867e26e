"""Search without a server: a page, its script, and what the script reads of each period.

A period has one object, whose posts the script searches for words of their titles and summaries:
one with too many posts for a page has its parts instead, so none of them is large.
"""

import json
from collections.abc import Iterable, Sequence

from presswork.object import Object
from presswork.post import Card
from presswork.settings import Site
from presswork.site.addresses import SEARCH_PATH, search_key
from presswork.site.objects import FRESH, page
from presswork.site.periods import month_in
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
    """The periods that can be searched, such as `2021-11`, newest first."""
    return _data(sorted(set(periods), reverse=True))


def search_segment(site: Site, period: str, members: Sequence[Card]) -> dict[str, Object]:
    """What is searched of a period, by key.

    `posts` are its posts, newest first, each as path, title, summary, day of the month, and its
    language if that is not the site's; `day` is what stands before and after a day's number.
    """
    ordered = sorted(members, key=lambda card: (card.date, card.id), reverse=True)
    found = {
        "day": phrases_for(site.language).around_day(month_in(period)),
        "posts": [
            [
                card.path,
                clean(card.title),
                clean(card.summary),
                card.date.astimezone(site.zone).day,
                *([card.lang] if card.lang != site.language else []),
            ]
            for card in ordered
        ],
    }
    return {search_key(period): _data(found)}


def _data(value: object) -> Object:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Object(text.encode() + b"\n", _JSON, FRESH)
