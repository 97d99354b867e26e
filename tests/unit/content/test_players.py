"""Films and sounds in bodies: the author's own are played, others are links."""

import pytest

from presswork.content import Site
from presswork.content.own_files import own_files
from unit.content.reading import read


@pytest.mark.parametrize("src", ["clip.mp4", "./a/clip.mp4", "../clip.mp4", "/v/clip.mp4"])
@pytest.mark.parametrize("name", ["video", "audio"])
def test_an_own_file_is_played(name: str, src: str) -> None:
    """It never begins by itself, and the reader has its controls."""
    html = read(f"<p>a <{name} src='{src}' autoplay loop onplay=x></{name}></p>").html
    assert html == (
        f'<p>a <{name} controls="" preload="metadata" src="{src}" loop=""></{name}></p>'
    )


@pytest.mark.parametrize(
    "src",
    ["https://a.example/v.mp4", "//a.example/v.mp4", "/\\a.example/v.mp4", "data:video/mp4,x"],
)
@pytest.mark.parametrize("trusted", [(), ("posts/",)])
def test_another_hosts_file_is_not_played(src: str, trusted: tuple[str, ...]) -> None:
    """A page asks no other host for anything."""
    html = read(f"<p>a <video src='{src}'></video></p>", site=Site(trusted_html=trusted)).html
    if not trusted:
        assert "<video" not in html
    assert "autoplay" not in html


def test_another_hosts_file_is_told() -> None:
    """It is a link by a repair, and a warning says how it would be played."""
    parsed = read("Text.\n\n<audio src=https://a.example/v.mp3></audio>")
    assert 'href="https://a.example/v.mp3"' in parsed.html
    assert "embed-linked" in [repair.rule for repair in parsed.repairs]
    (warning,) = parsed.warnings
    assert (warning.rule, warning.line) == ("remote-media", 6)
    assert "beside the post" in warning.fix


def test_a_player_of_known_hosts_is_no_loss() -> None:
    """The link to a film of YouTube is where people see it."""
    assert not read("<p><video src=https://youtu.be/a1B2c3D4e5F></video>").warnings


def test_where_its_page_says_it_stands_nothing_is_its_own() -> None:
    """An HTML page with a base names files of that place."""
    body = "<base href=https://a.example/b/><p><video src=v.mp4></video></p>"
    assert 'href="https://a.example/b/v.mp4"' in read(body, key="posts/a.html").html


def test_files_that_are_played_come_along() -> None:
    """The film, its other forms, its subtitles, and its poster as an image."""
    post = read(
        "<video poster=p.png><source src=a.webm><source src=a.mp4><track src=a.vtt></video>\n\n"
        "<audio src=b.mp3></audio>"
    ).post
    assert list(own_files(post, "posts/x.md")) == ["p.png", "a.webm", "a.mp4", "a.vtt", "b.mp3"]


@pytest.mark.parametrize("trusted", [(), ("posts/",)])
def test_a_poster_is_an_image_of_the_post(trusted: tuple[str, ...]) -> None:
    """It has the canonical address, like every other image."""
    parsed = read(
        "<video src=a.mp4 poster='http://A.example:80/p.png?t=1'></video>",
        site=Site(trusted_html=trusted),
    )
    assert [image.url for image in parsed.images] == ["http://a.example/p.png"]
    assert 'poster="http://a.example/p.png"' in parsed.html


def test_what_a_player_loses_is_told() -> None:
    """Words for old browsers and films of other hosts; one that loses nothing is told of not."""
    whole = read("<video src=a.mp4 controls width=640></video>")
    assert not whole.repairs
    less = read("<video src=a.mp4><source src=https://a.example/b.mp4>No film.</video>")
    assert "<source" not in less.html
    assert [repair.rule for repair in less.repairs] == ["player"]


@pytest.mark.parametrize(
    ("attribute", "kept"),
    [("width=640", True), ("width=100%", False), ("height=9x", False), ("muted", True)],
)
def test_looks_of_a_player_are_plain(attribute: str, kept: bool) -> None:
    """A size is a number of pixels."""
    name = attribute.partition("=")[0]
    assert (f" {name}=" in read(f"<video src=a.mp4 {attribute}></video>").html) is kept
