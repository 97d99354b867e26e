"""The images of posts without a cloud: files of the folder, and originals of a copied vault."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from presswork import imaging
from presswork.content import Parsed, attachments
from presswork.content.own_files import attached_name, keys_of, own_files
from presswork.imaging import Limits
from presswork.post import Image, ImageState, Picture
from presswork.site_keys import MEDIA

OWED = Image(state=ImageState.OWED)
REFUSED = Image(state=ImageState.REFUSED)


class Original(NamedTuple):
    """A file that is to be made ready for pages; an image, but for one with a `name` of its own."""

    path: Path
    name: str | None = None

    @property
    def most_bytes(self) -> int:
        """How large it may be."""
        return Limits().body if self.name is None else attachments.MOST_BYTES


class Made(NamedTuple):
    """What an original has become, and its files by their site keys."""

    image: Image
    files: Mapping[str, bytes]


class Originals:
    """Where the images of posts lie.

    `vault` is a folder with what VaultBucket holds, as `aws s3 sync` copies it; without one each
    remote image is owed. `root` is the content folder. `looked` tells of each path at which a file
    was looked for whether it was there.
    """

    def __init__(self, root: Path, vault: Path | None = None) -> None:
        self._root = root.resolve()
        self._vault = vault
        self.looked: dict[str, bool] = {}

    def remote(self, urls: Iterable[str]) -> Iterator[tuple[str, Original | None]]:
        """Remote images by their URLs; None for one that has not come home."""
        for url in urls:
            path = self._in_vault(url)
            yield url, Original(path) if path is not None else None

    def own(self, files: Mapping[str, str]) -> Iterator[tuple[str, Original]]:
        """The author's own files that are there, by the addresses that a post has for them."""
        for address, url in files.items():
            path = self._own(url)
            if path is not None:
                yield address, Original(path, attached_name(url))

    def _own(self, url: str) -> Path | None:
        """The file of the folder that an own image is; none outside of it.

        A folder without `posts/` in it holds what would lie there itself.
        """
        for key in keys_of(url):
            for name in (key, key.removeprefix("posts/")):
                path = (self._root / name).resolve()
                is_there = path.is_relative_to(self._root) and path.is_file()
                self.looked[str(self._root / name)] = is_there
                if is_there:
                    return path
        return None

    def _in_vault(self, url: str) -> Path | None:
        if self._vault is None:
            return None
        name = hashlib.sha256(url.encode()).hexdigest()
        record = self._vault / "sources" / f"{name}.json"
        if not record.is_file():
            return None
        original = self._vault / "originals" / str(json.loads(record.read_bytes())["sha256"])
        return original if original.is_file() else None


class Pictures:
    """Makes what a page shows of images, each once; `keep` takes each file, with its site key."""

    def __init__(self, root: Path, keep: Callable[[str, bytes], None], *, quality: int) -> None:
        self._originals = Originals(root)
        self._keep = keep
        self._quality = quality
        self._made: dict[str, Image] = {}

    def images_of(self, parsed: Parsed, key: str) -> dict[str, Image]:
        """The images of a post by their addresses; `key` is that of its source."""
        images = {ref.url: OWED for ref in parsed.images}
        for url in images.keys() & parsed.embedded.keys():
            images[url] = self._shared(parsed.embedded[url])
        own = {address: ref.url for address, ref in own_files(parsed.post, key).items()}
        for address, original in self._originals.own(own):
            images[address] = self._image(original)
        return images

    def _image(self, original: Original) -> Image:
        if original.path.stat().st_size > original.most_bytes:
            return REFUSED
        return self._shared(original.path.read_bytes(), original.name)

    def _shared(self, data: bytes, name: str | None = None) -> Image:
        id = job_id(hashlib.sha256(data).hexdigest(), name)
        if id not in self._made:
            made = make(data, name, self._quality)
            for key, body in made.files.items():
                self._keep(key, body)
            self._made[id] = made.image
        return self._made[id]


def job_id(digest: str, name: str | None) -> str:
    """What tells one making from others of the same quality: the original, and a file's name."""
    return digest if name is None else f"{digest} {name}"


def make(data: bytes, name: str | None, quality: int) -> Made:
    """What pages show of an image, or, with a `name`, of another file."""
    return _image(data, quality) if name is None else _file(data, name)


def _file(data: bytes, name: str) -> Made:
    """A file that is no image: copied as it is, if it is what its suffix says."""
    if attachments.type_of(name, data) is None:
        return Made(REFUSED, {})
    hash = hashlib.sha256(data).hexdigest()
    key = attachments.site_key(hash, name)
    return Made(Image(state=ImageState.REHOSTED, media=hash, file=key), {key: data})


def _image(data: bytes, quality: int) -> Made:
    try:
        media = imaging.make(data, quality=quality, one_fallback=True)
    except imaging.Refused:
        return Made(REFUSED, {})
    keys: dict[int, dict[str, str]] = {}
    files: dict[str, bytes] = {}
    for name, body in media.files.items():
        width, _, format = name.partition(".")
        key = f"{MEDIA}{media.hash}/{imaging.recipe(quality)}/{name}"
        files[key] = body
        keys.setdefault(int(width), {})[format] = key
    picture = Picture(width=media.width, height=media.height, files=keys)
    return Made(Image(state=ImageState.REHOSTED, picture=picture), files)
