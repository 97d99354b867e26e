"""The images of posts without a cloud: files of the folder, and originals of a copied vault."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from presswork import imaging, site
from presswork.content import Parsed
from presswork.content.images import is_relative
from presswork.imaging import Limits
from presswork.post import Image, ImageState, Picture, Post


class Pictures:
    """Makes what pages show of images, each once; `keep` takes each file made, with its site key.

    `vault` is a folder with what VaultBucket holds, as `aws s3 sync` copies it; without one each
    remote image is owed. `root` is the folder that addresses beginning with a slash start from.
    """

    def __init__(
        self, root: Path, keep: Callable[[str, bytes], None], vault: Path | None = None
    ) -> None:
        self._root = root.resolve()
        self._keep = keep
        self._vault = vault
        self._made: dict[str, Image] = {}

    def of(self, parsed: Parsed, file: Path) -> dict[str, Image]:
        """The images of a post by their addresses; `file` is its source."""
        images = {
            ref.url: self._made_of(parsed.embedded[ref.url])
            if ref.url in parsed.embedded
            else self._remote(ref.url)
            for ref in parsed.images
        }
        for address, path in self._beside(parsed.post, file):
            images[address] = self._image(path)
        return images

    def _beside(self, post: Post, file: Path) -> Iterator[tuple[str, Path]]:
        """The images that a post names by a file of the folder; none outside of it."""
        for address in site.image_urls(post.html):
            if not is_relative(address):
                continue
            name = unquote(urlsplit(address).path)
            start = self._root if name.startswith("/") else file.parent
            path = (start / name.lstrip("/")).resolve()
            if path.is_relative_to(self._root) and path.is_file():
                yield address, path

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
        return self._made_of(path.read_bytes())

    def _made_of(self, data: bytes) -> Image:
        hash = hashlib.sha256(data).hexdigest()
        if hash not in self._made:
            self._made[hash] = self._make(data)
        return self._made[hash]

    def _make(self, data: bytes) -> Image:
        try:
            made = imaging.make(data)
        except imaging.Refused:
            return Image(state=ImageState.REFUSED)
        files: dict[int, dict[str, str]] = {}
        for name, body in made.files.items():
            width, _, format = name.partition(".")
            key = f"media/{made.hash}/{imaging.recipe()}/{name}"
            self._keep(key, body)
            files.setdefault(int(width), {})[format] = key
        picture = Picture(width=made.width, height=made.height, files=files)
        return Image(state=ImageState.REHOSTED, picture=picture)
