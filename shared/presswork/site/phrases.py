"""The theme's own words, in the languages it speaks; a site in any other language gets English."""

from dataclasses import dataclass
from datetime import date

_ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}


@dataclass(frozen=True)
class Phrases:
    """What the theme says to readers, in one language; `{}` is filled in."""

    language: str
    skip: str
    feed: str
    updated: str
    minutes: str
    filed_under: str
    tag: str
    category: str
    subcategories: str
    archive: str
    archives: str
    author: str
    series: str
    tags: str
    categories: str
    authors: str
    all_series: str
    by_year: str
    contents: str
    related: str
    menu: str
    search: str
    search_words: str
    search_found: str
    search_nothing: str
    search_failed: str
    search_more: str
    search_without: str
    neighbours: str
    elsewhere: str
    newer: str
    older: str
    home: str
    empty_title: str
    empty_text: str
    not_found_title: str
    not_found_text: str
    gone_title: str
    gone_text: str
    moved: str
    table: str
    image: str
    image_owed: str
    image_absent: str
    image_source: str

    def day(self, day: date) -> str:
        """A date as readers write it."""
        if self.language == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"

    def day_of_month(self, day: date) -> str:
        """A date as readers write it where its month is plain."""
        return f"{day.day}日" if self.language == "zh" else str(day.day)

    def year(self, year: str) -> str:
        """A year, given as `2021`, as readers write it."""
        return f"{int(year)}年" if self.language == "zh" else str(int(year))

    def month_of_year(self, month: str) -> str:
        """A month, given as `2021-11`, as readers write it where its year is plain."""
        number = int(month.partition("-")[2])
        return f"{number}月" if self.language == "zh" else _ENGLISH_MONTHS[number - 1]

    def month(self, month: str) -> str:
        """A month, given as `2021-11`, as readers write it."""
        year, number = month.split("-")
        if self.language == "zh":
            return f"{int(year)}年{int(number)}月"
        return f"{_ENGLISH_MONTHS[int(number) - 1]} {int(year)}"


_ENGLISH = Phrases(
    language="en",
    skip="Skip to the text",
    feed="Feed",
    updated="updated {}",
    minutes="{} min read",
    filed_under="Filed under",
    tag="Tag",
    category="Category",
    subcategories="Categories below",
    archive="Archive",
    archives="Archives",
    author="Author",
    series="Series",
    tags="Tags",
    categories="Categories",
    authors="Authors",
    all_series="Series",
    by_year="By year",
    contents="Contents",
    related="More on {}",
    menu="Site",
    search="Search",
    search_words="Words in titles and summaries",
    search_found="Found: {}",
    search_nothing="Nothing found",
    search_failed="The search could not be read; try again later",
    search_more="Look in older posts",
    search_without="The search needs JavaScript. Every post stands in the archives:",
    neighbours="More posts",
    elsewhere="Elsewhere",
    newer="Newer",
    older="Older",
    home="Home",
    empty_title="Nothing here yet",
    empty_text="The first post is still being written. Come back soon, or follow the feed.",
    not_found_title="Page not found",
    not_found_text="There is nothing at this address. It may have been mistyped.",
    gone_title="This page was removed",
    gone_text="What stood here was taken down by its author.",
    moved="This page has moved to",
    table="Table",
    image="Image",
    image_owed="This image has not arrived yet",
    image_absent="This image is not shown here",
    image_source="original at {}",
)
_CHINESE = Phrases(
    language="zh",
    skip="跳到正文",
    feed="订阅",
    updated="更新于 {}",
    minutes="约 {} 分钟读完",
    filed_under="归入",
    tag="标签",
    category="分类",
    subcategories="下级分类",
    archive="归档",
    archives="归档",
    author="作者",
    series="系列",
    tags="标签",
    categories="分类",
    authors="作者",
    all_series="系列",
    by_year="按年",
    contents="目录",
    related="更多“{}”文章",
    menu="本站",
    search="搜索",
    search_words="标题和摘要中的词",
    search_found="找到 {} 篇",
    search_nothing="没有找到",
    search_failed="搜索数据无法读取，请稍后再试",
    search_more="继续搜索更早的文章",
    search_without="搜索需要 JavaScript。所有文章都在归档中：",
    neighbours="更多文章",
    elsewhere="个人主页",
    newer="较新",
    older="较早",
    home="首页",
    empty_title="这里还没有文章",
    empty_text="第一篇文章还在路上。欢迎稍后再来，或先订阅。",
    not_found_title="找不到这个页面",
    not_found_text="这个地址下没有内容，也许是输入有误。",
    gone_title="这个页面已被移除",
    gone_text="原有的内容已由作者撤下。",
    moved="本页已移至",
    table="表格",
    image="图片",
    image_owed="图片尚未取回",
    image_absent="图片无法在此显示",
    image_source="原图在 {}",
)
_BY_LANGUAGE = {"en": _ENGLISH, "zh": _CHINESE}


def phrases_for(language: str) -> Phrases:
    """The phrases for a BCP 47 language tag."""
    return _BY_LANGUAGE.get(language.lower().split("-")[0], _ENGLISH)


def direction(language: str) -> str:
    """The way a language's text runs: `rtl` or `ltr`."""
    return "rtl" if language.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"
