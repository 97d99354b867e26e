"""What authors bring along themselves: pictures beside and inside posts, and files to save."""

import base64
import hashlib
import io
from pathlib import Path

from bs4 import BeautifulSoup
from PIL import Image

from e2e.local import Local, markdown
from e2e.outside import ORIGIN, PICTURES, Outside
from presswork_cli.operate import images

FERRY = (PICTURES / "ferry.jpg").read_bytes()
PDF = b"%PDF-1.7\n1 0 obj\n"


def upload(local: Local, key: str, data: bytes) -> None:
    """Puts a file beside the posts."""
    bucket = local.cloud.outputs.ContentBucket
    local.cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=data)


def test_what_an_author_brings_along_is_on_the_site(local: Local) -> None:
    """An embedded picture, a cover and a PDF come along under the rights of the functions."""
    embedded = FERRY + b"\0"
    uri = f"data:image/jpeg;base64,{base64.b64encode(embedded).decode()}"
    upload(local, "posts/files/cover.jpg", FERRY)
    upload(local, "posts/files/tides.pdf", PDF)
    text = f"![A ferry]({uri})\n\n[Tides](tides.pdf)"
    url = local.live("posts/files/a.md", markdown("Brought along", text, cover="./cover.jpg"))
    page = BeautifulSoup(local.get(url).body, "lxml")
    sources = [str(image["src"]) for image in page.select("article img")]
    for data in (FERRY, embedded):
        (source,) = [each for each in sources if hashlib.sha256(data).hexdigest() in each]
        assert local.get(source).headers["content-type"] == "image/jpeg"
    (link,) = [str(a["href"]) for a in page.select("article a") if a.text == "Tides"]
    assert link == f"/-/media/{hashlib.sha256(PDF).hexdigest()}/tides.pdf"
    answer = local.get(link)
    assert answer.body == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "attachment"
    assert "sandbox" in answer.headers["content-security-policy"]
    upload(local, "posts/files/tides.pdf", PDF + b"2")
    copy = f"/-/media/{hashlib.sha256(PDF + b'2').hexdigest()}/tides.pdf"
    local.until(lambda: f'href="{copy}"' in local.get(url).text)
    assert local.dead_letters() == {}


def drawing(colour: str) -> bytes:
    """A small picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (48, 32), colour).save(out, "PNG")
    return out.getvalue()


def test_a_page_shows_pictures_of_each_folder_that_may_hold_them(local: Local) -> None:
    """One beside it, one in static/ and one in assets/ are read under the rights of images."""
    places = {
        "boat.png": ("pages/fleet/boat.png", drawing("navy")),
        "/fleet/flag.png": ("static/fleet/flag.png", drawing("gold")),
        "/assets/map.png": ("assets/map.png", drawing("teal")),
    }
    for key, data in places.values():
        upload(local, key, data)
    text = "\n\n".join(f"![Shown]({address})" for address in places)
    url = local.live("pages/fleet/index.md", f"# The fleet\n\n{text}\n")
    page = BeautifulSoup(local.get(url).body, "lxml")
    sources = [str(image["src"]) for image in page.select("article img")]
    for source, (_, data) in zip(sources, places.values(), strict=True):
        assert hashlib.sha256(data).hexdigest() in source
        assert local.get(source).status == 200


def test_an_origin_is_asked_again_on_demand(local: Local, world: Outside) -> None:
    """`heal --refresh` visits the images of a post, and what came home stays."""
    key, path = "posts/refresh.md", "/refreshed/ferry.jpg"
    local.live(key, markdown("To be refreshed", f"![A ferry](http://{ORIGIN}{path})"))
    visits = world.fetched.count(f"{ORIGIN}{path}")
    answer, done = images.refresh(local.cloud, key, timeout=30)
    assert done
    ((image),) = answer.images
    assert image.state == "rehosted"
    assert image.visited is not None
    assert world.fetched.count(f"{ORIGIN}{path}") == visits + 1
    assert Path(path).name in image.url
