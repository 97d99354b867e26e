"""How pictures stand in the table: short enough that a post of 300 images is one item.

DynamoDB allows an item 400 KB, and the keys of one picture's files share all but their ends.
"""

from collections.abc import Mapping
from typing import Any

from presswork.post import Image, Picture
from presswork.site_keys import MEDIA


def pack_picture(picture: Picture) -> dict[str, Any]:
    """A picture with the folder of its files named once, as `at`; raises ValueError for another.

    The files are named by width and format, for example `800.webp 800.jpeg`.
    """
    names, folders = [], set()
    for width, files in picture.files.items():
        for format, key in files.items():
            folder, _, name = key.rpartition("/")
            if name != f"{width}.{format}":
                raise ValueError(f"{key} is not named by its width and format")
            folders.add(folder)
            names.append(name)
    if len(folders) > 1:
        raise ValueError(f"the files of one picture lie in {len(folders)} folders")
    return {
        "width": picture.width,
        "height": picture.height,
        "at": next(iter(folders), ""),
        "files": " ".join(names),
        "placeholder": picture.placeholder,
    }


def unpack_picture(item: Mapping[str, Any]) -> Picture:
    """The picture that `pack_picture` made this of."""
    files: dict[int, dict[str, str]] = {}
    for name in str(item["files"]).split():
        width, _, format = name.partition(".")
        files.setdefault(int(width), {})[format] = f"{item['at']}/{name}"
    return Picture.model_validate({**item, "files": files})


def pack_image(image: Image) -> dict[str, Any]:
    """An image of a post, without what it has not, and its folder without what its media say."""
    packed: dict[str, Any] = {"state": image.state.value}
    if image.media is not None:
        packed["media"] = image.media
    if image.file is not None:
        packed["file"] = image.file
    if image.picture is not None:
        picture = pack_picture(image.picture)
        packed["picture"] = picture | {"at": picture["at"].removeprefix(_folder(image.media))}
    return packed


def unpack_image(item: Mapping[str, Any]) -> Image:
    """The image that `pack_image` made this of."""
    picture = item.get("picture")
    if picture is None:
        return Image.model_validate({**item, "picture": None})
    at = str(picture["at"])
    if at and "/" not in at:
        picture = {**picture, "at": f"{_folder(item['media'])}{at}"}
    return Image.model_validate({**item, "picture": unpack_picture(picture)})


def _folder(media: str | None) -> str:
    """How the keys of all files begin that were made of the same bytes."""
    return f"{MEDIA}{media}/"
