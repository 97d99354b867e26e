"""Brings 200 images home from eight hosts behind 50 ms, beside Hugo and eleventy-img, in turns.

`python bench/remote_images.py --hugo BINARY --eleventy FOLDER` prints JSON. FOLDER has
`@11ty/eleventy-img` in its `node_modules`; a peer that is not named is left out. Each makes one
WebP of 640 pixels with equal settings: the quality, the method of the encoder, Lanczos. Each starts
as a process of its own, with empty caches, and writes its files to a disk.

Hugo fetches on a page one image after another and renders pages side by side: it gets as many
pages as there are images, which suits it best. The wall time counts, and the processor time of all
processes that were begun.
"""

import argparse
import io
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

COUNT, HOSTS, MILLISECONDS = 200, 8, 50
QUALITY, METHOD, WIDTH = 80, 2, 640
SIZE = (1600, 1067)
HERE = Path(__file__).parent
DRIVERS = HERE / "peers" / "images"

Command = Callable[[Path, Sequence[str]], list[str]]


@dataclass(frozen=True)
class Run:
    """What one run of one program took, in seconds, and what came of it."""

    wall: float
    cpu: float
    files: int
    bytes: int


def photograph(number: int) -> bytes:
    """A JPEG of 1.7 megapixels, soft with some grain, other than all others."""
    soft = Image.effect_noise((60, 40), 90 + number / 10).resize(SIZE, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(SIZE, 12)
    grey = Image.blend(soft, grain, 0.25)
    turned = grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    file = io.BytesIO()
    Image.merge("RGB", (grey, turned, soft)).save(file, "JPEG", quality=88)
    return file.getvalue()


@contextmanager
def origin(folder: Path) -> Iterator[list[str]]:
    """The URLs of the pictures in a folder, each host having its part of them."""
    command = [sys.executable, str(DRIVERS / "origin.py"), str(folder), str(HOSTS)]
    with subprocess.Popen(  # noqa: S603  our own words
        [*command, str(MILLISECONDS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        port, *hosts = next(process.stdout or iter(())).split()
        names = sorted(file.name for file in folder.iterdir())
        yield [f"http://{hosts[n % HOSTS]}:{port}/{name}" for n, name in enumerate(names)]
        process.communicate()


def presswork(home: Path, urls: Sequence[str]) -> list[str]:
    """Presswork, as it brings the images of a post home."""
    originals = home / "originals"
    originals.mkdir()
    driver = DRIVERS / "presswork_images.py"
    return [
        *(sys.executable, str(driver), str(_listed(home, urls)), str(home / "out")),
        *(str(originals), str(QUALITY), str(WIDTH)),
    ]


def eleventy_img(home: Path, urls: Sequence[str]) -> list[str]:
    """eleventy-img, with its own number of images at once."""
    driver = DRIVERS / "eleventy_img.cjs"
    return [
        *("node", str(driver), str(_listed(home, urls)), str(home / "out"), str(home / "cache")),
        *(str(METHOD), str(QUALITY), str(WIDTH)),
    ]


def hugo(binary: str) -> Command:
    """Hugo, with a page for each image."""

    def command(home: Path, urls: Sequence[str]) -> list[str]:
        site = home / "site"
        shutil.copytree(DRIVERS / "hugo", site)
        options = f"{WIDTH}x webp q{QUALITY} Lanczos"
        (site / "data").mkdir()
        (site / "data" / "bench.json").write_text(json.dumps({"options": options}))
        posts = site / "content" / "posts"
        posts.mkdir(parents=True)
        for number, url in enumerate(urls):
            front = json.dumps({"title": f"Post {number}", "image": url})
            (posts / f"{number}.md").write_text(f"{front}\n\nA picture.\n")
        return [
            *(binary, "--quiet", "--source", str(site), "--destination", str(home / "out")),
            *("--cacheDir", str(home / "cache")),
        ]

    return command


def _listed(home: Path, urls: Sequence[str]) -> Path:
    path = home / "urls.json"
    path.write_text(json.dumps(urls))
    return path


def run(command: Command, urls: Sequence[str], where: Path) -> Run:
    """One run, with nothing left of earlier ones."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "out").mkdir()
        arguments = command(home, urls)
        began = time.monotonic()
        with subprocess.Popen(arguments, cwd=where, stdout=sys.stderr) as process:  # noqa: S603
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
        if process.returncode:
            raise SystemExit(f"{arguments[0]} ended with {process.returncode}")
        made = list((home / "out").rglob("*.webp"))
        for path in made:
            with Image.open(path) as image:
                if image.width != WIDTH:
                    raise SystemExit(f"{path} is {image.width} pixels wide")
        total = sum(path.stat().st_size for path in made)
        return Run(round(wall, 3), round(used.ru_utime + used.ru_stime, 3), len(made), total)


def report(runs: dict[str, list[Run]]) -> dict[str, object]:
    """The runs, their medians, and each peer's time as a multiple of ours."""
    medians = {
        name: {
            "wall": statistics.median(each.wall for each in of_it),
            "cpu": statistics.median(each.cpu for each in of_it),
        }
        for name, of_it in runs.items()
    }
    ours = medians["presswork"]
    return {
        "images": {"count": COUNT, "hosts": HOSTS, "milliseconds": MILLISECONDS, "size": SIZE},
        "settings": {"format": "webp", "width": WIDTH, "quality": QUALITY, "method": METHOD},
        "machine": {"processors": os.cpu_count(), "system": platform.platform()},
        "load": os.getloadavg()[0],
        "runs": {name: [asdict(each) for each in of_it] for name, of_it in runs.items()},
        "medians": medians,
        "times_ours": {
            name: {key: round(value / ours[key], 2) for key, value in theirs.items()}
            for name, theirs in medians.items()
            if name != "presswork"
        },
    }


def main() -> None:
    """Runs each program in turn, so many times."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hugo", metavar="BINARY")
    options.add_argument("--eleventy", metavar="FOLDER", type=Path)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    programs: dict[str, tuple[Command, Path]] = {"presswork": (presswork, HERE)}
    if asked.hugo:
        programs["hugo"] = (hugo(str(Path(asked.hugo).absolute())), HERE)
    if asked.eleventy:
        programs["eleventy-img"] = (eleventy_img, asked.eleventy)
    runs: dict[str, list[Run]] = {name: [] for name in programs}
    random.seed(0)
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder)
        for number in range(COUNT):
            (pictures / f"{number:03}.jpg").write_bytes(photograph(number))
        with origin(pictures) as urls:
            for _ in range(asked.rounds):
                for name, (command, where) in programs.items():
                    runs[name].append(run(command, urls, where))
                    print(name, runs[name][-1], file=sys.stderr)
    print(json.dumps(report(runs), indent=1))


if __name__ == "__main__":
    main()
