"""The images of posts without a cloud: files of the folder, and originals of a copied vault."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from presswork import imaging
from presswork.content import Parsed, attachments
from presswork.content.own_files import attached_name, keys_of, own_files
from presswork.imaging import Limits
from presswork.post import Image, ImageState, Picture
from presswork.site_keys import MEDIA


class Pictures:
    """Makes what pages show of images, each once; `keep` takes each file made, with its site key.

    `vault` is a folder with what VaultBucket holds, as `aws s3 sync` copies it; without one each
    remote image is owed. `root` is the content folder.
    """

    def __init__(
        self,
        root: Path,
        keep: Callable[[str, bytes], None],
        *,
        quality: int,
        vault: Path | None = None,
    ) -> None:
        self._root = root.resolve()
        self._keep = keep
        self._vault = vault
        self._quality = quality
        self._made: dict[str, Image] = {}

    def images_of(self, parsed: Parsed, key: str) -> dict[str, Image]:
        """The images of a post by their addresses; `key` is that of its source."""
        images = {
            ref.url: self._shared(parsed.embedded[ref.url])
            if ref.url in parsed.embedded
            else self._remote(ref.url)
            for ref in parsed.images
        }
        for address, ref in own_files(parsed.post, key).items():
            path, name = self._own(ref.url), attached_name(ref.url)
            if path is not None:
                images[address] = self._image(path) if name is None else self._file(path, name)
        return images

    def _own(self, url: str) -> Path | None:
        """The file of the folder that an own image is; none outside of it.

        A folder without `posts/` in it holds what would lie there itself.
        """
        for key in keys_of(url):
            for name in (key, key.removeprefix("posts/")):
                path = (self._root / name).resolve()
                if path.is_relative_to(self._root) and path.is_file():
                    return path
        return None

    def _remote(self, url: str) -> Image:
        owed = Image(state=ImageState.OWED)
        if self._vault is None:
            return owed
        name = hashlib.sha256(url.encode()).hexdigest()
        record = self._vault / "sources" / f"{name}.json"
        if not record.is_file():
            return owed
        original = self._vault / "originals" / str(json.loads(record.read_bytes())["sha256"])
        return self._image(original) if original.is_file() else owed

    def _image(self, path: Path) -> Image:
        if path.stat().st_size > Limits().body:
            return Image(state=ImageState.REFUSED)
        return self._shared(path.read_bytes())

    def _file(self, path: Path, name: str) -> Image:
        """A file that is no image: copied as it is, if it is what its suffix says."""
        if path.stat().st_size > attachments.MOST_BYTES:
            return Image(state=ImageState.REFUSED)
        data = path.read_bytes()
        if attachments.type_of(name, data) is None:
            return Image(state=ImageState.REFUSED)
        hash = hashlib.sha256(data).hexdigest()
        key = attachments.site_key(hash, name)
        self._keep(key, data)
        return Image(state=ImageState.REHOSTED, media=hash, file=key)

    def _shared(self, data: bytes) -> Image:
        hash = hashlib.sha256(data).hexdigest()
        if hash not in self._made:
            self._made[hash] = self._make(data)
        return self._made[hash]

    def _make(self, data: bytes) -> Image:
        try:
            made = imaging.make(data, quality=self._quality)
        except imaging.Refused:
            return Image(state=ImageState.REFUSED)
        files: dict[int, dict[str, str]] = {}
        for name, body in made.files.items():
            width, _, format = name.partition(".")
            key = f"{MEDIA}{made.hash}/{imaging.recipe(self._quality)}/{name}"
            self._keep(key, body)
            files.setdefault(int(width), {})[format] = key
        picture = Picture(width=made.width, height=made.height, files=files)
        return Image(state=ImageState.REHOSTED, picture=picture)
