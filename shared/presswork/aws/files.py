"""Which images are made of each file of ContentBucket."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from presswork.aws.table import Delete, Put, Table
from presswork.post import image_id


@dataclass(frozen=True)
class Files:
    """Items `FILE#<key>` / `IMAGE#<id>` with `url`, for each key that an own image may lie at.

    A file that comes, changes or goes is so known to its images by one Query.
    """

    table: Table

    def note(self, url: str, keys: Iterable[str]) -> None:
        """Notes an image under each key, before any of them is read."""
        for key in keys:
            item = {"PK": f"FILE#{key}", "SK": f"IMAGE#{image_id(url)}", "url": url}
            self.table.write(Put(item))

    def forget(self, url: str, keys: Iterable[str]) -> None:
        """Takes an image away that nobody wants any more."""
        for key in keys:
            self.table.write(Delete(f"FILE#{key}", f"IMAGE#{image_id(url)}"))

    def images(self, key: str) -> Iterator[str]:
        """The canonical URLs of the images that may lie at a key."""
        for item in self.table.query(f"FILE#{key}", prefix="IMAGE#"):
            yield str(item["url"])
