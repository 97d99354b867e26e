"""Posts of names, titles and addresses as long as they may be: they become live all the same."""

import pytest

from flow.world import World, plain

HAN = "海" * 3_000
WORDS = "word " * 2_000


def _key(length: int) -> str:
    """A key of so many bytes, most of them in two folders."""
    folders = f"posts/{'a' * 250}/{'b' * 250}/"
    return folders + "c" * (length - len(folders) - len(".md")) + ".md"


def _settled(world: World) -> None:
    for _ in range(3):
        world.run()
        world.later(minutes=2)


@pytest.mark.parametrize(
    "front",
    [
        {"title": HAN},
        {"title": WORDS},
        {"title": "Sea", "aliases": f"[/{'a' * 900}/, /{HAN[:250]}/]"},
        {"title": "Sea", "aliases": f"[{HAN}, {WORDS}]"},
        {"title": "Sea", "tags": f"[{HAN}, {'t' * 3_000}]"},
        {"title": "Sea", "categories": f"[{HAN}]"},
        {"title": "Sea", "series": HAN},
        {"title": "Sea", "author": HAN},
        {"title": "Sea", "slug": HAN},
        {"title": "Sea", "slug": "s" * 3_000},
        {"title": "Sea", "summary": HAN},
        {"title": "Sea", "cover": f"{'c' * 3_000}.jpg"},
        {"title": "Sea", "lang": "en"},
    ],
    ids=lambda front: "-".join(f"{name}{len(value)}" for name, value in front.items()),
)
def test_a_long_value_stops_nothing(world: World, front: dict[str, str]) -> None:
    """The post is live, or rejected with its reason; no message is left."""
    title = front.pop("title")
    world.put("posts/a.md", plain(title, "Words.", **front))
    _settled(world)
    source = world.source("posts/a.md")
    if source.error is None:
        post = world.fed("posts/a.md")
        assert post.live is not None
        assert world.page(post.live.path) is not None


@pytest.mark.parametrize("length", [900, 985, 1_000, 1_024])
def test_a_key_may_be_as_long_as_s3_takes(world: World, length: int) -> None:
    """A post under it is live, known by it, and found by those that link to it."""
    key = _key(length)
    assert len(key.encode()) == length
    world.put(key, plain("Sea", slug="sea"))
    world.put("posts/b.md", plain("Way", f"[There](</{key}>)", slug="way"))
    _settled(world)
    assert world.page("/2026/05/sea/") is not None
    assert 'href="/2026/05/sea/"' in (world.page("/2026/05/way/") or "")


def test_links_may_be_long_and_many(world: World) -> None:
    """What no source can be known by stays as it is; of those that are too many the words stay."""
    words = [f"[{number}](</posts/{'x' * 3_000}{number}.md>)" for number in range(2)]
    names = [f"[{number}](<@name:{HAN[:300]}{number}>)" for number in range(300)]
    world.put("posts/b.md", plain("Other", slug="other"))
    linked = "\n\n".join(["[Other](b.md)", *words, *names])
    world.put("posts/a.md", plain("Way", linked, slug="way"))
    _settled(world)
    page = world.page("/2026/05/way/") or ""
    assert 'href="/2026/05/other/"' in page
    assert page.count(".md") == len(words)
    assert "@name" not in page


def test_links_may_lead_to_long_addresses(world: World) -> None:
    """What a post knows of them has its bounds: of those beyond, the words stay."""
    long = "海" * 300
    for number in range(100):
        front = {"slug": f"{long}{number}", "title": f"N{number}"}
        world.put(f"posts/n{number}.md", plain(front.pop("title"), **front))
    linked = "\n\n".join(f"[{n}](n{n}.md#{long}{part})" for n in range(100) for part in "abc")
    world.put("posts/a.md", plain("Way", linked, slug="way"))
    _settled(world)
    page = world.page("/2026/05/way/") or ""
    assert 0 < page.count('href="/2026/05/%E6') < 100
