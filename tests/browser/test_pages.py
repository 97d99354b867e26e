"""Every kind of page as a browser, a screen reader and a validator meet it."""

import json
import random
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from browser import sample
from presswork.post import Post
from presswork.settings import Site
from presswork_cli.local.layout import REPOSITORY
from presswork_cli.offline.build import BuildOptions, build
from presswork_cli.offline.entries import RenderedPost
from presswork_cli.offline.planner import plan_site

HERE = Path(__file__).parent
WORDS = """
    harbour morning paper letter bridge winter summer garden window kitchen river mountain street
    market island teacher doctor ferry engine lantern copper silver marble timber canvas thread
    needle button ladder hammer anchor barrel candle mirror pillow basket bottle ribbon saddle
"""
ENGLISH = WORDS.split()
HAN = "港口早晨纸信桥冬夏花园窗厨房河山街市岛老师医生渡轮机灯铜银石木布线针扣梯锤锚桶烛镜枕篮瓶带鞍"
CORPUS = REPOSITORY.parent / "shared" / "corpus" / "18f"
XSD = HERE / "node_modules" / "sitemap" / "schema" / "sitemap.xsd"

APART = {
    "a week": timedelta(days=7),
    "a year": timedelta(days=330),
    "seven years": timedelta(days=2500),
    "ten years": timedelta(days=3600),
}
"""Within what time a thousand posts were written, the last on the first of December."""
PARTS = {"a week": {1, 2}, "a year": {1}, "seven years": {0}, "ten years": {0}}
"""The dashes in the names of what is searched of each: of years, months, days, parts of a day."""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The sample site in English and in Chinese."""
    made = [tmp_path_factory.mktemp(language) for language in sample.LANGUAGES]
    for path, language in zip(made, sample.LANGUAGES, strict=True):
        sample.make(path, language)
    return made


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five hundred real posts as a site."""
    if not CORPUS.is_dir():
        pytest.skip("needs ../shared/corpus/18f")
    out = tmp_path_factory.mktemp("corpus")
    build(BuildOptions(CORPUS, out, now=datetime(2026, 1, 1, tzinfo=UTC)))
    return out


def run(*command: str | Path) -> str:
    """What a tool says; fails with it when the tool does."""
    tool = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    assert tool.returncode == 0, tool.stdout + tool.stderr
    return tool.stdout


def validate(pages: Iterable[Path]) -> None:
    """Holds pages against html-validate."""
    some = [*pages]
    assert some
    for start in range(0, len(some), 200):
        run(
            "node_modules/.bin/html-validate",
            "-c",
            ".htmlvalidate.json",
            *some[start : start + 200],
        )


def test_browsers_and_screen_readers(sites: list[Path]) -> None:
    """Nothing is violated that axe knows of, nothing shifts, scrolls sideways, or is asked for.

    Each kind of page, at 320 and 1,200 pixels, in light and dark, under the template's own CSP.
    """
    assert "160 pages looked at: 0 problems" in run("node", "check.mjs", *sites)


def test_html_is_valid(sites: list[Path]) -> None:
    """The pages of the sample sites are what HTML allows."""
    for site in sites:
        validate(site.rglob("*.html"))


def test_html_of_real_posts_is_valid(corpus: Path) -> None:
    """So are those of five hundred posts by hundreds of authors."""
    validate(corpus.rglob("*.html"))


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a thousand posts with summaries of the usual length, over seven years."""
    out = tmp_path_factory.mktemp("thousand")
    write_search(out, timedelta(days=2.5))
    return out


@pytest.fixture(scope="module", params=APART)
def any_thousand(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand posts within some time, and what the search reads of them."""
    out = tmp_path_factory.mktemp("any-thousand")
    write_search(out, APART[request.param] / 1000)
    names = [path.stem for path in (out / "-" / "search").iterdir()]
    assert {name.count("-") for name in names if name != "periods"} == PARTS[request.param], names
    return out


def write_search(out: Path, apart: timedelta) -> None:
    """What the search of a site of a thousand posts reads; they are so far from each other."""
    words = random.Random(7)
    posts = [RenderedPost(_post(n, words, apart)) for n in range(1000)]
    settings = Site(title="Thousand", base_url="https://press.example")
    for key, made in plan_site(settings, posts).items():
        if key.startswith(("-/", "search/", "archives/")):
            (out / key).parent.mkdir(parents=True, exist_ok=True)
            (out / key).write_bytes(made.body)


def _post(n: int, words: random.Random, apart: timedelta) -> Post:
    """A post of English or Chinese words taken by chance; two of the oldest are looked for."""
    if n % 3:
        some = words.choices(ENGLISH, k=24)
        title, summary = " ".join(some[:6]).capitalize(), " ".join(some[6:])
    else:
        some = words.choices(HAN, k=60)
        title, summary = "".join(some[:12]), "".join(some[12:])
    title = {998: "The lighthouses of Ålesund", 999: "雨天的旧书店"}.get(n, title)
    return Post(
        id=f"p{n}",
        title=title,
        date=datetime(2025, 12, 1, tzinfo=UTC) - n * apart,
        path=f"/posts-of-old/{n}/",
        slug=str(n),
        lang="en" if n % 3 else "zh",
        summary=summary,
    )


def test_search_finds_a_han_word_and_the_start_of_a_latin_one(thousand: Path) -> None:
    """Both in the oldest of a thousand posts, for less than 100 KB; nothing is read before."""
    answers = [
        json.loads(line)
        for line in run(
            "node", "search.mjs", thousand, "书店", "lighth", "alesund LIGHT", "ighthouses"
        ).splitlines()
    ]
    assert [answer["titles"] for answer in answers] == [
        ["雨天的旧书店"],
        ["The lighthouses of Ålesund"],
        ["The lighthouses of Ålesund"],
        [],
    ]
    assert answers[0]["links"] == ["/posts-of-old/999/"]
    assert [answer["said"] for answer in answers] == ["Found: 1"] * 3 + ["Nothing found"]
    assert all(answer["bytes"] < 100_000 for answer in answers), answers


def test_search_costs_a_reader_less_than_100_kb(any_thousand: Path) -> None:
    """Be it for the oldest post or for none, and however fast a thousand were written."""
    said = run("node", "search.mjs", any_thousand, "书店", "lighth", "ighthouses").splitlines()
    answers = [json.loads(line) for line in said]
    assert [answer["links"] for answer in answers] == [
        ["/posts-of-old/999/"],
        ["/posts-of-old/998/"],
        [],
    ]
    assert all(answer["bytes"] < 100_000 for answer in answers), answers


def test_search_stops_at_a_screenful(thousand: Path) -> None:
    """A frequent word reads the newest months alone."""
    (line,) = run("node", "search.mjs", thousand, ENGLISH[0]).splitlines()
    answer = json.loads(line)
    assert len(answer["titles"]) >= 20
    assert answer["bytes"] < 40_000


def test_sitemaps_are_valid(sites: list[Path]) -> None:
    """Each shard is what the schema of sitemaps.org describes."""
    schema = etree.XMLSchema(etree.parse(XSD))
    shards = [path for site in sites for path in site.rglob("-/sitemap/*.xml")]
    assert shards
    for shard in shards:
        assert schema.validate(etree.parse(shard)), schema.error_log
