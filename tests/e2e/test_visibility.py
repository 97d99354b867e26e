"""Who may see a post, as an anonymous reader finds it through CloudFront."""

import hashlib
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from PIL import Image as Pillow

from e2e.local import Local, markdown
from e2e.outside import ORIGIN, PICTURES, Outside
from presswork.state import Progress, Subject
from presswork_cli.local.cloud import Response
from presswork_cli.printing.answers import PostAnswer
from who_sees_what import ROWS, SECRET, Post, documented, yes_or_no

PICTURE = (PICTURES / "ferry.jpg").read_bytes() + b"\0visibility"
HASH = hashlib.sha256(PICTURE).hexdigest()
NOTHING, NOINDEX, UNLISTED = list(ROWS)[:3]
STATUSES = {
    "`unlisted: true`": "unlisted",
    "`private: true`": "draft",
    "`password: …`": "draft",
    "`publishDate` ahead": "scheduled",
    "an object of 0 bytes": "skipped",
}
"""What an author is told of a row's post; of all others that they are live."""


@dataclass(frozen=True)
class Seen:
    """A row's post, and what its picture is: bytes that no other post shows."""

    row: str
    post: Post
    picture: bytes

    @property
    def key(self) -> str:
        """Where an author puts it."""
        return f"posts/visibility/{self.slug}.md"

    @property
    def slug(self) -> str:
        """The name of its file, and the end of its path."""
        return self.post.path.split("/")[-2]

    def text(self, now: datetime) -> str:
        """What the author puts there: a post of this moment, which makes news."""
        says = ROWS[self.row]
        if says is None:
            return ""
        return markdown(
            self.post.title,
            f"{says.words}\n\n![Boat](http://{ORIGIN}/{self.slug}.jpg)",
            date=f"{now:%Y-%m-%dT%H:%M:%SZ}",
            tags="[visibility]",
            **says.front,
        )


@dataclass(frozen=True)
class Readable:
    """The cloud with a post of each row on it, at rest; and what stands on it for everybody."""

    local: Local
    posts: dict[str, Seen]
    answers: dict[str, PostAnswer]
    site: dict[str, bytes]

    def page(self, row: str) -> Response:
        """What a reader is answered at the post's path."""
        return self.local.get(self.posts[row].post.path)

    def data(self, row: str) -> Response:
        """What a reader is answered beside it."""
        return self.local.get(f"{self.posts[row].post.path}index.json")

    def found(self, row: str) -> dict[str, str]:
        """The cells of a row."""
        post = self.posts[row].post
        return post.named(self.site) | {
            "page": str(self.page(row).status),
            "robots": self._robots(row),
            "`index.json`": yes_or_no(self.data(row).status == 200),
            "media": yes_or_no(self._has_media(row)),
            "mail": yes_or_no(self.local.mails(post.title) or self._is_for_a_digest(row)),
        }

    def _is_for_a_digest(self, row: str) -> bool:
        """Whether it is promised to the next digest, as all are beyond five in an hour."""
        id, path = self.answers[row].id, self.posts[row].post.path
        subject = Subject.announcement(id or "", path, "mail")
        told = self.local.cloud.stores.deliveries.read(subject) if id else None
        return told is not None and told.progress is Progress.PUT_OFF

    def _robots(self, row: str) -> str:
        page, data = self.page(row), self.data(row)
        if page.status != 200:
            return "–"
        told = page.headers.get("x-robots-tag")
        assert told == data.headers.get("x-robots-tag")
        assert ('<meta name="robots" content="noindex">' in page.text) is bool(told)
        return told or "index"

    def _has_media(self, row: str) -> bool:
        """Whether its picture answers, where one of the same size is known to."""
        known, own = self.posts[NOTHING], self.posts[row]
        hashes = [hashlib.sha256(each.picture).hexdigest() for each in (known, own)]
        places = set(re.findall(rf"/-/media/{hashes[0]}/[^\s\"]+", self.page(NOTHING).text))
        assert places
        (status,) = {self.local.get(place.replace(*hashes)).status for place in places}
        return bool(status == 200)


def small_picture(number: int) -> bytes:
    """A picture that is soon made ready, and is no other number's."""
    out = io.BytesIO()
    Pillow.new("RGB", (120, 80), (0, 0, number)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def readable(local: Local, world: Outside) -> Iterator[Readable]:
    """The posts of all rows, which come in one go and are taken away again."""
    now = datetime.now(UTC)
    posts = {
        row: Seen(
            row,
            Post(f"Hidden harbour {number}", f"/{now:%Y/%m}/hidden-harbour-{number}/"),
            small_picture(number),
        )
        for number, row in enumerate(ROWS)
    }
    world.pictures |= {f"/{each.slug}.jpg": each.picture for each in posts.values()}
    answers = local.publish_all({each.key: each.text(now) for each in posts.values()}, timeout=180)
    local.wait_until_idle()
    yield Readable(
        local, posts, {row: answers[each.key] for row, each in posts.items()}, everything(local)
    )
    for each in posts.values():
        local.delete(each.key)
    local.wait_until_idle()


def everything(local: Local) -> dict[str, bytes]:
    """What a reader is answered for each object of the site, but for media."""
    keys = [key for key in local.objects() if not key.startswith("-/media/")]
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda key: local.get(local.url(f"/{key}")), keys)
        return {key: answer.body for key, answer in zip(keys, answers, strict=True)}


@pytest.mark.parametrize("row", ROWS)
def test_an_anonymous_reader_finds_what_the_table_says(readable: Readable, row: str) -> None:
    """Each cell of the row, and nothing of what it keeps from everybody."""
    assert readable.found(row) == documented()[row]
    assert not [key for key, body in readable.site.items() if SECRET.encode() in body]
    assert readable.local.mails(SECRET) == []


def test_an_author_is_told_what_became_of_each(readable: Readable) -> None:
    """Whoever has a page has its address, and nobody else has one."""
    for row, answer in readable.answers.items():
        assert answer.status == STATUSES.get(row, "live")
        has_page = documented()[row]["page"] == "200"
        path = readable.posts[row].post.path
        assert answer.url == (readable.local.url(path) if has_page else None)


def test_an_unlisted_post_is_followed_to_the_index(readable: Readable) -> None:
    """Who publishes it waits until the lists leave it out; its data says what it is."""
    assert [stage.stage for stage in readable.answers[UNLISTED].stages][-1] == "index"
    data = readable.local.document(readable.posts[UNLISTED].post.path)
    assert data["visibility"] == "unlisted"


def test_search_engines_are_told_in_a_header_of_their_own(readable: Readable) -> None:
    """What says so in the bucket is no reader's; and the home page is theirs all the same."""
    for answer in map(readable.page, (NOINDEX, UNLISTED)):
        assert answer.headers["x-robots-tag"] == "noindex"
        assert not any(name.startswith("x-amz-meta-presswork") for name in answer.headers)
    assert "x-robots-tag" not in readable.local.get("/").headers


def test_a_post_that_gets_a_password_takes_its_picture_along(local: Local) -> None:
    """410 for the page, 404 for what it alone showed, and caches are told to forget both."""
    key, title = "posts/visibility/family.md", "For the family"
    front = {"tags": "[visibility]", "slug": "family"}
    local.put("posts/visibility/secret.jpg", PICTURE)
    url = local.live(key, markdown(title, "![Us](secret.jpg)", **front))
    (source, *_) = re.findall(rf'src="(/[^"]*{HASH}[^"]*)"', local.get(url).text)
    assert local.get(source).status == 200
    before = local.invalidations()
    answer = local.publish(key, markdown(title, "![Us](secret.jpg)", password=SECRET, **front))
    assert answer.status == "draft"
    local.wait_until_idle()
    assert local.get(url).status == 410
    assert local.get(source).status == 404
    assert not [name for name in local.objects() if HASH in name]
    local.wait_until_forgotten(f"{source.partition(HASH)[0]}{HASH}/*", before)
    path = url.removeprefix(local.url("").rstrip("/"))
    assert not Post(title, path).is_named(everything(local), lambda _: True)


def test_what_is_written_empty_keeps_what_is_live(local: Local) -> None:
    """A post and a page stand while a mounted disk has written no more of them than a name."""
    for key in ("posts/visibility/mounted.md", "pages/visibility.md"):
        url = local.live(key, markdown("On a mounted disk", slug="mounted"))
        before = local.cloud.stores.sources.read(key)
        assert before is not None
        lock = before.lock_version
        local.put(key, b"")
        local.until(lambda key=key, lock=lock: _is_looked_at(local, key, lock))  # type: ignore[misc]
        local.wait_until_idle()
        assert local.get(url).status == 200
        local.live(key, markdown("On a mounted disk", "Written.", slug="mounted"))
        assert "Written." in local.get(url).text
    assert local.dead_letters() == {}


def _is_looked_at(local: Local, key: str, lock: int) -> bool:
    source = local.cloud.stores.sources.read(key)
    return source is not None and source.lock_version > lock
