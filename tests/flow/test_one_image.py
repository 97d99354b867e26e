"""Whatever goes wrong with one image is that image's: its post and its neighbours are live."""

import http.client
import logging
import ssl
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from flow.world import Origin, World, picture, plain
from presswork import imaging
from presswork.post import ImageState
from presswork.state import RemoteImage

URLS = ("http://images.example/odd.jpg", "http://images.example/boat.jpg")
PATH = "/2026/05/a/"
FAULTS = [
    ValueError("no URL"),
    OverflowError("a pause without an end"),
    UnicodeEncodeError("idna", "\ud800", 0, 1, "surrogate"),
    MemoryError(),
    RecursionError(),
    BrokenPipeError(),
    KeyError("x"),
    http.client.UnknownProtocol("HTTP/9"),
    ssl.SSLError("odd"),
]


def failing(what: Any, error: Exception, is_odd: Callable[..., bool]) -> Callable[..., Any]:
    """A function of the imaging package that fails for the odd image alone."""

    def fails(*given: Any, **more: Any) -> Any:
        if is_odd(*given):
            raise error
        return what(*given, **more)

    return fails


def odd_image(world: World, origin: Origin) -> RemoteImage:
    """The odd one of two images whose post went live with the other."""
    origin.files |= {"/odd.jpg": picture("red"), "/boat.jpg": picture()}
    world.put("posts/a.md", plain("A", "\n\n".join(f"![x]({url})" for url in URLS), slug="a"))
    world.run()
    assert (world.page(PATH) or "").count("<picture") == 1
    assert world.dead == []
    image = world.stores.images.read(URLS[0])
    assert image is not None
    return image


@pytest.mark.parametrize("name", ["fetch_first", "make"])
@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_a_fault_of_ours_makes_one_image_owed(
    world: World,
    origin: Origin,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    name: str,
    error: Exception,
) -> None:
    """It is told as an error, with its URL, and the image comes home once the fault is mended."""
    ref_or_data = {"fetch_first": lambda ref: ref.url == URLS[0], "make": picture("red").__eq__}
    with monkeypatch.context() as patch:
        patch.setattr(imaging, name, failing(getattr(imaging, name), error, ref_or_data[name]))
        with caplog.at_level(logging.ERROR):
            image = odd_image(world, origin)
    assert image.state is ImageState.OWED
    assert type(error).__name__ in (image.reason or "")
    (record,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert getattr(record, "url", None) == URLS[0]
    world.later(hours=2)
    world.maintain.run(world.now)
    world.run()
    assert (world.page(PATH) or "").count("<picture") == 2


def test_an_image_of_which_nothing_can_be_made_any_more(
    world: World, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Media that were taken away, and whose original is refused by now, hold up no new post."""
    origin.files |= {"/odd.jpg": picture("red"), "/boat.jpg": picture()}
    body = "\n\n".join(f"![x]({url})" for url in URLS)
    world.put("posts/before.md", plain("Before", body, slug="before"))
    world.run()
    world.delete("posts/before.md")
    world.run()
    world.later(days=3)
    world.maintain.run(world.now)
    world.run()
    refusal = imaging.Refused("image.time", "Decoding the image takes too long.")
    odd = failing(imaging.make, refusal, picture("red").__eq__)
    monkeypatch.setattr(imaging, "make", odd)
    image = odd_image(world, origin)
    assert (image.state, image.reason) == (ImageState.REFUSED, "image.time")


def test_an_image_that_there_was_no_time_to_make(
    world: World, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was no try in vain: it is due at once, and the continuation makes it."""
    make, waits = imaging.make, [True, False]

    def makes(data: bytes, **more: Any) -> imaging.Media:
        if data == picture("red") and waits.pop(0):
            raise imaging.NoTurn("Others take all the time.")
        return make(data, **more)

    monkeypatch.setattr(imaging, "make", makes)
    origin.files |= {"/odd.jpg": picture("red"), "/boat.jpg": picture()}
    world.put("posts/a.md", plain("A", "\n\n".join(f"![x]({url})" for url in URLS), slug="a"))
    world.parse.look("posts/a.md")
    (first,) = world.take("images")
    world.deliver("images", first)
    image = world.stores.images.read(URLS[0])
    assert image is not None
    assert (image.state, image.attempts, image.reason) == (ImageState.OWED, 0, None)
    assert image.next_try is not None
    assert image.next_try <= world.now
    world.run()
    assert (world.page(PATH) or "").count("<picture") == 2
    assert waits == []


def test_a_process_makes_what_one_host_gives_for_one_post(
    world: World, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Images of two hosts, or of two posts, are never of one series; a late one is of none."""
    make, series = imaging.make, []

    def makes(data: bytes, **more: Any) -> imaging.Media:
        series.append(more["series"])
        return make(data, **more)

    monkeypatch.setattr(imaging, "make", makes)
    here = world.images.network.connect_to.find("images.example", 80)
    assert here is not None
    anywhere = imaging.Network.of(f":80:127.0.0.1:{here.port},:443:127.0.0.1:1")
    world.images = replace(world.images, network=anywhere)
    colours = ("red", "green", "blue", "gold")
    origin.files |= {f"/{colour}.jpg": picture(colour) for colour in colours}
    hosts = ("images.example", "images.example", "other.example")
    urls = [f"http://{host}/{colour}.jpg" for host, colour in zip(hosts, colours, strict=False)]
    world.put("posts/a.md", plain("A", "\n\n".join(f"![x]({url})" for url in urls), slug="a"))
    world.put("posts/b.md", plain("B", "![x](http://images.example/gold.jpg)", slug="b"))
    world.run()
    a, b = (world.fed(f"posts/{name}.md").id for name in "ab")
    assert sorted(series) == sorted(
        [*[f"{a} images.example"] * 2, f"{a} other.example", f"{b} images.example"]
    )
