"""Films and sounds of the author's own, played from the site itself."""

import json

import pytest

from flow.same_site import assert_same_site
from flow.test_attachments import MP3, MP4, PATH, copy
from flow.world import Origin, World, picture, plain

FILM = '<video src="clip.mp4" poster="{}"></video>\n\n<audio src="/tune.mp3"></audio>'


@pytest.mark.parametrize("poster", ["still.jpg", "https://images.example/still.jpg"])
def test_a_film_and_its_poster_come_along(world: World, origin: Origin, poster: str) -> None:
    """Page and data play copies on the site, and ask no other host for the poster."""
    origin.files["/still.jpg"] = picture()
    world.put("posts/clip.mp4", MP4)
    world.put("posts/still.jpg", picture())
    world.put("static/tune.mp3", MP3)
    world.put("posts/a.md", plain("A", FILM.format(poster), slug="a"))
    world.run()
    assert world.dead == []
    page = world.page(PATH) or ""
    assert f'src="/{copy(MP4, "clip.mp4")}"' in page
    assert f'src="/{copy(MP3, "tune.mp3")}"' in page
    still = page.partition(' poster="/')[2].partition('"')[0]
    assert still.startswith("-/media/")
    assert still in world.pages()
    assert "images.example" not in page
    document = json.loads(world.pages()["2026/05/a/index.json"])
    assert f'src="https://site.example/{copy(MP4, "clip.mp4")}"' in document["html"]
    assert f'poster="https://site.example/{still}"' in document["html"]
    assert_same_site(world)


def test_a_poster_that_is_not_there_is_left_out(world: World) -> None:
    """The film is played without, and the other host is not asked by any reader."""
    world.put("posts/clip.mp4", MP4)
    world.put("posts/a.md", plain("A", FILM.format("https://images.example/none.jpg"), slug="a"))
    world.run()
    page = world.page(PATH) or ""
    assert "<video" in page
    assert "poster" not in page
    assert "images.example" not in page
