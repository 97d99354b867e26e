"""Equal input is equal bytes, in every process."""

import os
import subprocess
import sys

MAKE_ALL = """
import hashlib, json
from datetime import UTC, datetime
from presswork.post import Image, ImageRef, ImageState, Picture, Post
from presswork.settings import Site
from presswork.site import *

site, base = Site(timezone="Asia/Shanghai"), "https://press.example"
files = {w: {f: f"-/media/5eed/r1/{w}.{f}" for f in ("webp", "jpeg")} for w in (800, 1600)}
picture = Picture(width=1600, height=1000, files=files)
url = "https://img.example/hill.jpg"
images = {url: Image(state=ImageState.REHOSTED, picture=picture)}
post = Post(
    id="p", title="The press", date=datetime(2021, 11, 21, tzinfo=UTC), path="/p/", slug="p",
    lang="en", tags=("a", "b", "c"), categories=(("a", "b"), ("c",)), cover=url,
    images=(ImageRef(url=url, seen=(url,)),), extra={"b": 1, "a": [{"d": 1, "c": 2}]},
    html=f'<p><img src="{url}" alt=""></p>',
)
one = card(post, images)
data = post_json(site, base, post, images)
objects = [
    data,
    post_page(site, base, post, images),
    home(site, base, [one], "2020-03"),
    period(site, base, "2021-11", [one]),
    period(site, base, "2021-11-05", parts=["2021-11-05-4"]),
    term(site, base, "tag:a", [Member(card=one, words="a")], None),
    atom(site, base, [json.loads(data.body)]),
    sitemap_shard(base, [one]),
    sitemap_index(base, {"period:2021-11", "period:2021-12", "pages:a"}),
    *base_objects(site, base).values(),
]
digest = hashlib.sha256(b"".join(each.body for each in objects))
digest.update(repr((one, lists_of(site, post))).encode())
print(len(objects), digest.hexdigest())
"""


def made_with(seed: str) -> str:
    """What a fresh process makes of everything."""
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": f"UTC-{seed}"}
    command = [sys.executable, "-c", MAKE_ALL]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return run.stdout


def test_every_process_makes_the_same_bytes() -> None:
    """Neither the order of hashes nor the machine's time zone is in an object of the site."""
    assert made_with("1") == made_with("2")
