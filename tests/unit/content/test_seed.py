"""One real post of a feed tool, and one of our own writing with each of its quirks."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from presswork.content import Parsed, Site, derived_id, parse
from presswork.theme_files import DEFAULT_THEME, ThemeFiles

ORIGIN = "http://zkres1.myzaker.com/202111/619aef118e9f0942e579cdf8_1024.jpg"
PROXIED = f"https://cors.zfour.workers.dev/?{ORIGIN}"
CAPTION = (
    "11 月 19 日，中共中央总书记、国家主席、中央军委主席习近平在北京出席第三次"
    ' " 一带一路 " 建设座谈会并发表重要讲话。新华社记者 申宏 摄'
)
OURS = Path(__file__).with_name("garden.txt").read_text(encoding="utf-8")


@pytest.fixture
def seed(seeds: list[Path]) -> Parsed:
    """The real post, parsed."""
    return parse(seeds[0].read_bytes(), f"posts/{seeds[0].name}", Site())


def test_seed_metadata(seed: Parsed) -> None:
    """Each field of the real post is what its author meant."""
    post = seed.post
    assert post.title == "推动共建_一带一路_高质量发展"
    assert post.date == datetime(2021, 11, 21, 18, 10, 5, tzinfo=UTC)
    assert (post.updated, post.expires, post.draft) == (None, None, False)
    assert post.slug == "推动共建-一带一路-高质量发展"
    assert post.path == "/2021/11/推动共建-一带一路-高质量发展/"
    assert post.id == derived_id("posts/000_274826922ccb6b93.txt")
    assert post.lang == "zh-Hans"
    assert post.authors == ("ZAKER",)
    assert post.categories == (("新媒体", "ZAKER", "source"),)
    assert (post.tags, post.aliases) == ((), ())
    assert post.extra == {"comments": False}
    assert post.words == 1746
    assert post.reading_minutes == 4
    assert post.summary.startswith("【学习进行时】11 月 19 日，")
    assert post.summary.endswith("为您解读。")
    assert len(post.revision) == 64


def test_seed_image(seed: Parsed) -> None:
    """The four mentions of the picture are one image, and the page is to show it once."""
    assert seed.post.cover == ORIGIN
    (image,) = seed.images
    assert image.url == ORIGIN
    assert image.seen == (PROXIED, ORIGIN)
    assert image.alt == CAPTION
    assert seed.html.count("<img") == 1


def test_seed_body(seed: Parsed) -> None:
    """Nothing of the feed tool's machinery is left, and nothing of the text is lost."""
    for trace in ("onclick", "cors.", "data-", "class=", "id=", "<p></p>", "<div", "referrer"):
        assert trace not in seed.html
    assert seed.html.count("<p>") == 36
    assert f"<figcaption>{CAPTION}</figcaption></figure>" in seed.html
    assert '<strong>聚焦一个 " 通 " 字</strong>' in seed.html
    assert sum("\u4e00" <= each <= "\u9fff" for each in seed.text) == 1720


def test_seed_repairs(seed: Parsed) -> None:
    """Each mending is told, with its count and its line in the file."""
    told = {repair.rule: (repair.line, repair.count) for repair in seed.repairs}
    assert told == {
        "event-handler": (16, 1),
        "source-class": (16, 3),
        "image-unwrapped": (16, 1),
        "lazy-image": (16, 1),
        "wrapper": (15, 1),
        "empty-paragraph": (16, 2),
        "figure": (16, 1),
        "alt-from-caption": (16, 1),
    }


def test_our_own_of_that_kind() -> None:
    """A post with the same quirks comes out whole, from its first bytes to its braces."""
    parsed = parse(OURS.encode(), "posts/x.txt", Site(categories="parallel"))
    assert parsed.post.title == "河边_夏天_的花园"
    assert parsed.post.categories == (("城市",), ("园林",), ("source",))
    assert parsed.post.cover == "http://img.example/2021/garden_1024.jpg"
    assert parsed.post.summary == (
        '河边的花园在 6 月开放，" 整整一天 " 都有人来。孩子们在树下读书，老人们在亭子里说话。'
    )
    assert parsed.html == (
        "<p>本报 林记者</p>"
        f"<p>{parsed.post.summary}</p>"
        '<figure><img alt="傍晚的花园。林记者 摄" src="http://img.example/2021/garden_1024.jpg">'
        "<figcaption>傍晚的花园。林记者 摄</figcaption></figure>"
        '<p>园丁说：" 花比去年开得早。"</p>'
        '<p><strong>聚焦一个 " 静 " 字</strong></p>'
        "<p>{{ 花 }} {% 草 %}</p>"
    )


def test_what_is_not_given_is_derived_or_absent() -> None:
    """No update, end, tags or aliases are made up; id, slug, language and summary are."""
    post = parse(OURS.encode(), "posts/x.txt", Site()).post
    assert (post.updated, post.expires, post.draft, post.tags, post.aliases) == (
        None, None, False, (), (),
    )  # fmt: skip
    assert (post.id, post.slug) == (derived_id("posts/x.txt"), "x")
    assert (post.lang, post.authors, post.extra) == ("zh-Hans", ("林记者",), {"comments": False})


@pytest.mark.parametrize("start", ["", "\n", "\n \t\n", "\ufeff", "\ufeff\n"])
@pytest.mark.parametrize("suffix", ["txt", "html", "htm", "md", "markdown"])
def test_neither_suffix_nor_empty_lines_matter(start: str, suffix: str) -> None:
    """Front matter is found behind what stands before it, and HTML is known by what it is."""
    source = start + OURS.removeprefix("\n")
    parsed = parse(source.encode(), f"posts/x.{suffix}", Site())
    expected = parse(OURS.encode(), "posts/x.txt", Site())
    assert parsed.html == expected.html
    assert parsed.post.title == expected.post.title


def test_every_character_of_the_text_is_kept(seeds: list[Path]) -> None:
    """Quotes, spaces beside them, dashes: nothing is lost, added, or made prettier."""
    for source in (OURS, *(path.read_text(encoding="utf-8") for path in seeds)):
        body = source.rsplit("\n---\n", 1)[1]
        parsed = parse(source.encode(), "posts/x.txt", Site())
        assert parsed.text.split() == unescape(re.sub(r"<[^>]+>", " ", body)).split()


def test_a_byline_is_text_and_no_summary() -> None:
    """A first paragraph of a few characters stays, and the summary is of the one behind it."""
    parsed = parse(OURS.encode(), "posts/x.txt", Site())
    assert parsed.html.startswith("<p>本报 林记者</p>")
    assert parsed.post.summary.startswith("河边的花园")


def test_a_bold_paragraph_is_no_heading() -> None:
    """What looks like a heading and is none stays a paragraph."""
    html = parse(OURS.encode(), "posts/x.txt", Site()).html
    assert '<p><strong>聚焦一个 " 静 " 字</strong></p>' in html
    assert "<h" not in html


def test_what_came_out_comes_out_again() -> None:
    """Mended HTML has nothing left to mend."""
    front, _ = OURS.split("<div>", 1)
    once = parse(OURS.encode(), "posts/x.txt", Site())
    twice = parse((front + once.html).encode(), "posts/x.txt", Site())
    assert (twice.html, twice.text, twice.post.words) == (once.html, once.text, once.post.words)
    assert {repair.rule for repair in twice.repairs} == set()


def test_in_another_zone_the_instant_stays() -> None:
    """The site's zone moves the path of a post to another day or month, never its instant."""
    late = OURS.replace("21 Nov", "30 Nov")
    here = parse(late.encode(), "posts/x.txt", Site())
    there = parse(late.encode(), "posts/x.txt", Site(timezone="Asia/Shanghai"))
    assert here.post.date == there.post.date == datetime(2021, 11, 30, 18, 10, 5, tzinfo=UTC)
    assert here.post.path.startswith("/2021/11/")
    assert there.post.path.startswith("/2021/12/")


def test_only_a_random_parameter_changed() -> None:
    """The fingerprint knows the image, not the parameter that keeps a cache from answering."""

    def revision(text: str, site: Site | None = None) -> str:
        return parse(text.encode(), "posts/x.txt", site or Site()).post.revision

    again = OURS.replace("_1024.jpg", "_1024.jpg?t=0.5312")
    assert again != OURS
    assert revision(again) == revision(OURS)
    assert revision(OURS.replace("_1024", "_2048")) != revision(OURS)
    assert revision(OURS, Site(title="Another")) != revision(OURS)
    assert revision(OURS + "<p>五言</p>") != revision(OURS + "<p>七言</p>")


def test_the_theme_is_part_of_the_fingerprint() -> None:
    """Another theme makes another page of the same bytes, and none leaves the revision alone."""

    def revision(theme: ThemeFiles) -> str:
        return parse(OURS.encode(), "posts/x.txt", Site(), theme=theme.digest).post.revision

    ours, theirs = (ThemeFiles(sources={"post.html": text}) for text in ("ours", "theirs"))
    assert len({revision(ours), revision(theirs), revision(DEFAULT_THEME)}) == 3
    assert revision(DEFAULT_THEME) == parse(OURS.encode(), "posts/x.txt", Site()).post.revision
