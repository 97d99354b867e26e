"""The values that templates get: dicts, lists, texts, numbers and booleans, and nothing else.

docs/themes.md shows them as they stand here. An address on the site is a path or a site key, which
a template writes with `|href`; one elsewhere is named `url`, and written as it is.
"""

from collections.abc import Mapping
from typing import Any, TypedDict


class Link(TypedDict):
    """A page of the site, and what it is called."""

    text: str
    """Its name for readers."""
    path: str
    """Its path."""


class AuthorLink(TypedDict):
    """An author of a post."""

    text: str
    """The author's name."""
    path: str | None
    """The path of the author's page, if there is one."""


class MenuLink(TypedDict):
    """An entry of `menu` in site.yaml."""

    text: str
    """The words of the link."""
    url: str
    """A path on the site, or an address elsewhere."""


class AuthorData(TypedDict):
    """What site.yaml says of an author."""

    url: str | None
    """The author's own page elsewhere."""
    bio: str
    """A sentence about the author, or an empty text."""


class SiteData(TypedDict):
    """The settings that pages show."""

    title: str
    """The name of the site."""
    description: str
    """A sentence about the site, or an empty text."""
    language: str
    """The site's own language, such as `pt-BR`."""
    menu: list[MenuLink]
    """The links at the top of every page."""
    search: bool
    """Whether the site has a search page."""
    authors: dict[str, AuthorData]
    """Who writes for the site, by name."""


class Moment(TypedDict):
    """An instant; all but `utc` are in the site's time zone."""

    utc: str
    """As RFC 3339 has it, `2021-11-21T18:10:05Z`."""
    local: str
    """The same with the offset of the site's zone, `2021-11-22T02:10:05+08:00`."""
    day_text: str
    """The date as readers write it, `22 November 2021`."""
    day_of_month_text: str
    """The date where its month is plain, `22`."""
    year: int
    """The year."""
    month: int
    """The month, from 1."""
    day: int
    """The day of the month, from 1."""
    weekday: int
    """The day of the week: Monday is 1, Sunday is 7."""
    hour: int
    """The hour, from 0 to 23."""
    minute: int
    """The minute."""


class CardData(TypedDict):
    """A post as lists show it."""

    id: str
    """What the post is known by, whatever it is called."""
    path: str
    """The path of its page."""
    title: str
    """Its title, or an empty text."""
    date: Moment
    """When it was published."""
    lang: str
    """Its language."""
    summary: str
    """Its summary, or an empty text."""
    cover: str | None
    """The site key of a small image."""


class HeadingData(TypedDict):
    """A heading of a post's text."""

    level: int
    """Its level in the source, 1 to 6."""
    id: str
    """Its anchor on the page."""
    text: str
    """Its words."""


class PostData(TypedDict):
    """A post, as its author wrote it."""

    id: str
    """What the post is known by, whatever it is called."""
    title: str
    """Its title."""
    date: Moment
    """When it was published."""
    updated: Moment | None
    """When it was changed, if its author says so."""
    expires: Moment | None
    """When it will be taken down, if its author says so."""
    unlisted: bool
    """Whether only those see it who know its address: it stands in no list."""
    page: bool
    """Whether it is a page: in no list of posts, and shown without a date."""
    path: str
    """The path of its page."""
    data: str
    """The path of the same as data, such as `/2021/11/x/index.json`."""
    slug: str
    """The last part of its path."""
    lang: str
    """Its language."""
    authors: list[str]
    """The names of its authors."""
    categories: list[list[str]]
    """Its categories, each as the way to it from the root."""
    tags: list[str]
    """Its tags."""
    series: str | None
    """The name of the series that it is a part of."""
    weight: int | None
    """What orders posts that the date does not, light ones first."""
    summary: str
    """Its summary, or an empty text."""
    words: int
    """How many words it has."""
    reading_minutes: int
    """How long it takes to read."""
    toc: list[HeadingData]
    """All its headings, in order."""
    aliases: list[str]
    """Other paths that lead to it."""
    extra: dict[str, Any]
    """What its front matter says beside all this; a template gives what may lack a `default`."""


class ContentsEntry(TypedDict):
    """A heading in the table of contents."""

    id: str
    """Its anchor on the page."""
    text: str
    """Its words."""
    children: list["ContentsEntry"]
    """The headings one level below it."""


class PreviewData(TypedDict):
    """The image that other sites show beside a link to the page."""

    url: str
    """Its full address."""
    width: int
    """Its width in pixels."""
    height: int
    """Its height in pixels."""


class AroundData(TypedDict):
    """The posts that a post's page leads to."""

    newer: CardData | None
    """The next newer post of the site."""
    older: CardData | None
    """The next older post of the site."""
    next_part: CardData | None
    """The next part of the series."""
    last_part: CardData | None
    """The part of the series before this one."""
    related: list[CardData]
    """The next older posts of its first tag, newest first, at most three."""


class YearData(TypedDict):
    """A year that has posts."""

    year: str
    """The year, `2021`."""
    text: str
    """The year as readers write it."""
    path: str
    """The path of its page."""
    months: list[Link]
    """Its months that have posts, newest first."""


class MonthOfYear(TypedDict):
    """A month of a year, and its posts."""

    text: str
    """Its name where its year is plain, `November`."""
    path: str
    """The path of its archive, which has the posts of the whole site."""
    cards: list[CardData]
    """Its posts, newest first; none where the year has too many."""


class EveryPage(TypedDict):
    """Every page, whatever its template."""

    site: SiteData
    """The settings that pages show."""
    base_url: str
    """The address that the site's paths begin with, `https://example.org`."""
    path: str | None
    """The page's own path; `none` for a notice, which stands for no address."""
    canonical: str | None
    """The full address that search engines are to keep, which may be elsewhere."""
    language: str
    """The language of the page: that of its post, or the site's."""
    phrases: dict[str, str]
    """The theme's own words, in the site's language."""
    stylesheet: str
    """The site key of the stylesheet."""
    icon: str
    """The site key of the icon."""
    feed: str
    """The site key of the Atom feed."""
    rss: str
    """The site key of the RSS feed."""
    json_feed: str
    """The site key of the JSON feed."""
    archives_path: str
    """The path of the archives."""
    search_path: str
    """The path of the search page."""


class PostPage(TypedDict):
    """A post."""

    post: PostData
    """The post."""
    text: str
    """Its text as markup, images and all: write `{{ text|safe }}`."""
    cover: str
    """Its cover as markup; empty where the text shows it."""
    preview: PreviewData | None
    """The image for links to the page."""
    linked_data: str
    """The post in the words of schema.org, as JSON for a script element."""
    authors: list[AuthorLink]
    """Its authors, and their pages."""
    around: AroundData
    """The posts that it leads to."""
    contents: list[ContentsEntry]
    """The table of contents, empty for short posts."""
    series: Link | None
    """The page of its series."""
    trails: list[list[Link]]
    """Its categories, each as the pages on the way to it."""
    tags: list[Link]
    """The pages of its tags."""
    month: Link | None
    """The archive of its month; `none` for a page, and for a post that stands in no list."""


class HomePage(TypedDict):
    """The home page."""

    cards: list[CardData]
    """The newest posts, newest first."""
    months: list[Link]
    """Their months, and the next older one, newest first."""
    linked_data: str
    """The site in the words of schema.org, as JSON for a script element."""


class TermPage(TypedDict):
    """A tag, a category, an author, or a series."""

    name: str
    """The list, such as `tag:sea`, as `list_path` takes it."""
    kind: str
    """What it is, in the site's language: `Tag`."""
    title: str
    """What it is called."""
    feed_of_term: str | None
    """The site key of its Atom feed; none on a site without feeds of terms."""
    terms: Link
    """The page of all of its kind."""
    parents: list[Link]
    """Of a category, those on the way to it, from the root."""
    children: list[Link]
    """Of a category, those one level below it."""
    about: AuthorData | None
    """What site.yaml says of an author."""
    cards: list[CardData]
    """Its newest posts, newest first."""
    months: list[Link]
    """Their months in the archives of the site, and the next older one, newest first."""
    years: list[Link]
    """The pages of all its posts, by year, newest first."""


class TermPeriodPage(TypedDict):
    """The posts of a tag, a category, an author or a series in a year, a month or a day."""

    kind: str
    """What the term is, in the site's language: `Tag`."""
    title: str
    """What the year, month or day is called."""
    term: Link
    """The page of the term."""
    larger: Link | None
    """The page of the year or month around it; `none` for a year."""
    months: list[MonthOfYear]
    """The posts of a year by month, newest first; none where it has too many."""
    cards: list[CardData]
    """The posts of a month or a day, newest first; none where it has too many."""
    parts: list[Link]
    """Where it has too many, the months or days in it, oldest first."""


class TermsPage(TypedDict):
    """All tags, categories, authors or series; or those of many that begin alike."""

    kind: str
    """What each is, in the site's language: `Tag`."""
    title: str
    """What they are called, or how they begin."""
    larger: Link | None
    """The page above it; `none` for all of a kind."""
    terms: list[Link]
    """Their pages, in the order of their names."""
    parts: list[Link]
    """Where they are too many, those that begin alike."""


class PeriodPage(TypedDict):
    """A month, a day of a month with many posts, or a part of such a day."""

    title: str
    """What it is called."""
    larger: Link
    """The period that it is a part of."""
    cards: list[CardData]
    """Its posts, newest first; none where it has parts."""
    parts: list[Link]
    """The smaller periods that it splits into, oldest first."""
    newer: Link | None
    """The next newer month that has posts."""
    older: Link | None
    """The next older month that has posts."""


class YearPage(TypedDict):
    """A year."""

    title: str
    """The year as readers write it."""
    months: list[MonthOfYear]
    """Its months that have posts, newest first."""
    newer: Link | None
    """The next newer year that has posts."""
    older: Link | None
    """The next older year that has posts."""


class ArchivesPage(TypedDict):
    """The archives."""

    years: list[YearData]
    """The years that have posts, newest first."""
    terms: list[Link]
    """The pages of all tags, of all categories, and so on, as far as there are some."""


class SearchPage(TypedDict):
    """The search page."""

    script: str
    """The site key of the script that searches."""


class NoticePage(TypedDict):
    """A notice: there is nothing at this address, or no longer."""

    title: str
    """What it says, in a few words."""
    text: str
    """What it says, in a sentence."""


PAGES: Mapping[str, type] = {
    "post.html": PostPage,
    "home.html": HomePage,
    "term.html": TermPage,
    "term_period.html": TermPeriodPage,
    "terms.html": TermsPage,
    "period.html": PeriodPage,
    "year.html": YearPage,
    "archives.html": ArchivesPage,
    "search.html": SearchPage,
    "notice.html": NoticePage,
}
"""What each template gets beside what every page gets."""
