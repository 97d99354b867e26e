"""`python presswork_images.py URLS.json OUT ORIGINALS QUALITY WIDTH`: one WebP of each image.

The images come as they come to a post: by the same walls, as many at once, and from a host no more
than it may be asked. The stores of a stack, which the peers have none of, are folders here.
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from presswork import imaging
from presswork.post import ImageRef

_CLOSED = 9
"""A port at which nobody listens: images are asked for by https first."""


def named(urls: Sequence[str]) -> tuple[list[ImageRef], imaging.Network]:
    """The images by names of hosts, and a network that finds them: no bare address may be asked."""
    refs, entries = [], set()
    for url in urls:
        parts = urlsplit(url)
        name = f"host{str(parts.hostname).rpartition('.')[2]}.example"
        refs.append(ImageRef(url=f"http://{name}{parts.path}", seen=()))
        entries.add(f"{name}:80:{parts.hostname}:{parts.port}")
        entries.add(f"{name}:443:{parts.hostname}:{_CLOSED}")
    return refs, imaging.Network.of(",".join(sorted(entries)))


def main(urls: Sequence[str], out: Path, originals: Path, quality: int, width: int) -> None:
    """Brings the images home."""
    refs, network = named(urls)
    throttle = imaging.HostThrottle()

    def bring(ref: ImageRef) -> None:
        found = imaging.fetch_first(
            ref, resolve=network.resolve, connect=network.connect, throttle=throttle
        )
        name = hashlib.sha256(found.data).hexdigest()
        (originals / name).write_bytes(found.data)
        made = imaging.make(
            found.data,
            widths=(width,),
            formats=("webp",),
            quality=quality,
            series=str(urlsplit(found.url).hostname),
        )
        for file, data in made.files.items():
            (out / f"{name}-{file}").write_bytes(data)

    with ThreadPoolExecutor(imaging.AT_ONCE) as pool:
        imaging.work_by_host(pool, bring, refs, lambda ref: str(urlsplit(ref.url).hostname))


if __name__ == "__main__":
    list_of_urls, files, kept, quality, width = sys.argv[1:]
    wanted = json.loads(Path(list_of_urls).read_bytes())
    main(wanted, Path(files), Path(kept), int(quality), int(width))
