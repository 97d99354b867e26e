"""A post as a feed tool writes it: the seed, and an example of ours with each of its quirks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from e2e.local import Local
from e2e.outside import ORIGIN, SEED_ORIGIN, Outside
from presswork_cli.printing.answers import PostAnswer

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "posts" / "2021-11-harbour-library.txt"
SEEDS = ROOT.parent / "shared" / "seeds"


@dataclass(frozen=True)
class Seed:
    """A file of this kind, and what it is to become."""

    file: Path
    origin: str
    title: str
    categories: list[str]


@dataclass(frozen=True)
class Published:
    """A seed that went live while its image's origin was asleep."""

    seed: Seed
    answer: PostAnswer
    url: str
    html: str


OURS = Seed(EXAMPLE, ORIGIN, "海边新图书馆_开门_迎客", ["新媒体", "海湾晚报", "source"])
GIVEN = Seed(
    SEEDS / "000_274826922ccb6b93.txt",
    SEED_ORIGIN,
    "推动共建_一带一路_高质量发展",
    ["新媒体", "ZAKER", "source"],
)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(OURS, id="ours"),
        pytest.param(
            GIVEN,
            id="seed",
            marks=pytest.mark.skipif(not GIVEN.file.exists(), reason="needs ../shared"),
        ),
    ],
)
def published(request: pytest.FixtureRequest, local: Local, world: Outside) -> Iterator[Published]:
    """Each seed in turn, live, its image still owed."""
    seed: Seed = request.param
    world.asleep.add(seed.origin)
    answer = local.publish(f"posts/{seed.file.name}", seed.file.read_bytes())
    world.asleep.discard(seed.origin)
    try:
        assert answer.status == "live", answer
        assert answer.url is not None
        yield Published(seed, answer, answer.url, local.get(answer.url).text)
    finally:
        local.remove(answer.key)


def test_its_title_is_kept_exactly(local: Local, published: Published) -> None:
    """Underscores in a title are no emphasis."""
    assert local.document(published.url)["title"] == published.seed.title
    heading = BeautifulSoup(published.html, "lxml").h1
    assert heading is not None
    assert heading.get_text(strip=True) == published.seed.title


def test_its_date_is_an_instant(local: Local, published: Published) -> None:
    """An RFC 822 date is read as what it says, in UTC."""
    assert local.document(published.url)["date"] == "2021-11-21T18:10:05Z"


def test_its_categories_are_a_chain(local: Local, published: Published) -> None:
    """A list of categories is one path from the root."""
    assert local.document(published.url)["categories"] == [published.seed.categories]


def test_its_four_mentions_are_one_image(published: Published) -> None:
    """Two proxied spellings and two plain ones are one image, owed while its origin sleeps."""
    assert published.answer.images.model_dump() == {
        "total": 1,
        "rehosted": 0,
        "owed": 1,
        "refused": 0,
        "lost": 0,
    }


@pytest.mark.parametrize("trace", ["onclick", "cors.", "data-original", "opacity_0", "img_0"])
def test_its_page_holds_no_trace_of_the_tool(published: Published, trace: str) -> None:
    """Handlers, proxies, lazy-loading attributes, classes and ids of the source are gone."""
    assert trace in published.seed.file.read_text()
    assert trace not in published.html


def test_its_image_comes_home_when_the_origin_answers(local: Local, published: Published) -> None:
    """The hourly run fetches what is owed once it is due; the page then shows it from the site."""
    local.maintain(datetime.now(UTC) + timedelta(days=60))

    def shown() -> list[str]:
        page = BeautifulSoup(local.get(published.url).body, "lxml")
        return [str(image["src"]) for image in page.select("article img[src]")]

    sources = local.until(shown)
    assert all(source.startswith("/-/media/") for source in sources)
    assert local.get(sources[0]).headers["content-type"].startswith("image/")


def test_its_categories_are_three_when_the_site_says_parallel(
    local: Local, published: Published
) -> None:
    """With `categories: parallel` each stands for itself."""
    assert local.publish("site.yaml", "categories: parallel\n").status == "live"
    try:
        local.live(published.answer.key, published.seed.file.read_bytes())
        found = local.document(published.url)["categories"]
    finally:
        local.remove("site.yaml")
    assert found == [[name] for name in published.seed.categories]
