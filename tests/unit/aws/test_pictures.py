"""How the images of posts stand in the table."""

from presswork.aws.pictures import pack_image, unpack_image
from presswork.post import Image, ImageState, Picture

NO_FILES = Picture(width=9, height=6, files={})


def shown(folder: str, media: str = "5eed") -> Image:
    """An image that came home, with one file there."""
    files = {800: {"webp": f"{folder}/800.webp"}}
    picture = Picture(width=900, height=600, files=files, placeholder="#808080")
    return Image(state=ImageState.REHOSTED, media=media, picture=picture)


def test_an_image_is_read_as_it_was_written() -> None:
    """With its files in the folder of its media, elsewhere, or without any."""
    there = shown("-/media/5eed/r1")
    nothing = Image(state=ImageState.REHOSTED, media="5eed", picture=NO_FILES)
    for image in (there, shown("-/media/other/r1"), nothing, Image(state=ImageState.OWED)):
        assert unpack_image(pack_image(image)) == image


def test_what_media_say_is_not_said_twice() -> None:
    """A hash is long: a post with two images fits in a unit less of the table without it."""
    packed = pack_image(shown("-/media/5eed/r1"))
    assert packed["picture"]["at"] == "r1"


def test_an_image_that_was_written_in_full_is_read() -> None:
    """The folder of an item from before is whole."""
    packed = pack_image(shown("-/media/5eed/r1"))
    packed["picture"]["at"] = "-/media/5eed/r1"
    assert unpack_image(packed) == shown("-/media/5eed/r1")
