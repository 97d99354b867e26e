"""Followers are told of a new post once: not again at an edit, not again at a heal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from standardwebhooks import Webhook

from e2e.local import Local, markdown
from e2e.outside import SLEEPER, Heard, Outside
from presswork.aws.deliveries import AN_HOUR, CHANNELS, digest_list
from presswork_cli.operate import images

KEY = "posts/telling.md"
TITLE = "Told to everyone once"
PICTURE = f"http://{SLEEPER}/morning.jpg"
TEXT = f"![A sleeper]({PICTURE})"
FEEDS = ("feed.xml", "rss.xml", "feed.json")


@dataclass(frozen=True)
class DeliveryLog:
    """A post dated now, live with an image owed, and announced."""

    url: str
    date: str


@pytest.fixture(scope="module")
def told(local: Local, world: Outside) -> Iterator[DeliveryLog]:
    """The post, after everyone was told of it."""
    date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    url = local.live(KEY, markdown(TITLE, TEXT, date=date))
    local.until(lambda: hooks(world))
    local.until(lambda: local.mails(TITLE))
    yield DeliveryLog(url, date)
    world.asleep.add(SLEEPER)


def hooks(world: Outside) -> list[Heard]:
    """The hooks that speak of the post."""
    return [heard for heard in world.hooks if TITLE.encode() in heard.body]


@pytest.mark.usefixtures("told")
def test_a_hook_is_signed(local: Local, world: Outside) -> None:
    """The receiver can verify it by the rules of Standard Webhooks, for five minutes."""
    heard = hooks(world)[0]
    secret = local.cloud.client("ssm").get_parameter(
        Name="/presswork/presswork/hook", WithDecryption=True
    )["Parameter"]["Value"]
    Webhook(secret).verify(heard.body, heard.headers)
    assert heard.path == "/announce"


@pytest.mark.usefixtures("told")
def test_everyone_is_told_once(local: Local, world: Outside) -> None:
    """When nothing is left to do, one hook was heard and one mail was sent."""
    local.wait_until_idle()
    assert (len(hooks(world)), len(local.mails(TITLE))) == (1, 1)


def test_one_mail_goes_to_the_readers(local: Local, told: DeliveryLog) -> None:
    """The mail names the title and the address."""
    (mail,) = local.mails(TITLE)
    assert mail["To"] == ["readers@example.com"]
    assert told.url in mail["BodyText"]


def test_an_edit_is_told_to_nobody(local: Local, world: Outside, told: DeliveryLog) -> None:
    """A changed text brings the page up to date, and nobody is told again."""
    local.live(KEY, markdown(TITLE, f"Edited. {TEXT}", date=told.date))
    assert "Edited." in local.get(told.url).text
    local.wait_until_idle()
    assert (len(hooks(world)), len(local.mails(TITLE))) == (1, 1)


def test_an_owed_image_is_healed_and_told_to_nobody(
    local: Local, world: Outside, told: DeliveryLog
) -> None:
    """The hourly run fetches it once its origin answers; the page shows it, nobody is told.

    Only what carries the text is written: the page, its data and the feeds.
    """
    assert "/-/media/" not in local.get(told.url).text
    (owed,) = images.find(local.cloud, "owed", KEY).images
    assert (owed.url, owed.posts) == (PICTURE, (KEY,))
    id = local.cloud.stores.sources.read(KEY)
    assert id is not None
    before, heard = local.objects(), local.heard(id.post)
    assert "post.healed" not in heard
    world.asleep.discard(SLEEPER)
    local.maintain(datetime.now(UTC) + timedelta(minutes=1))
    local.wait_until_idle()
    assert local.objects() == before, "it was fetched before its time"
    local.maintain(datetime.now(UTC) + timedelta(days=60))
    local.until(lambda: "/-/media/" in local.get(told.url).text)
    local.wait_until_idle()
    assert (len(hooks(world)), len(local.mails(TITLE))) == (1, 1)
    after = local.objects()
    path = told.url.removeprefix(local.cloud.outputs.SiteUrl).strip("/")
    written = {key for key in after if before.get(key) != after[key]}
    written -= {key for key in written if key.startswith("-/media/")}
    feeds = {key for key in written if key.rpartition("/")[2] in FEEDS}
    assert written - feeds == {f"{path}/index.html", f"{path}/index.json"}
    assert "feed.xml" in feeds
    more = local.heard(id.post)[len(heard) :]
    assert sorted(more) == ["post.healed", "post.listed", "post.live", "post.ready"]
    assert images.find(local.cloud, "owed", KEY).images == ()


def test_an_old_post_is_told_to_nobody(local: Local, world: Outside) -> None:
    """A post of last year is no news."""
    title = "Last year's news"
    local.live("posts/last-year.md", markdown(title, date="2025-01-02"))
    local.wait_until_idle()
    assert not [heard for heard in world.hooks if title.encode() in heard.body]
    assert not local.mails(title)


def test_what_an_hour_has_no_room_for_is_told_in_its_digest(local: Local, world: Outside) -> None:
    """Each post is told once on each channel: by itself at once, or with the others at the end."""
    lists, now, word = local.cloud.stores.lists, datetime.now(UTC), uuid4().hex
    later, date = now + timedelta(hours=2), now.strftime("%Y-%m-%dT%H:%M:%SZ")
    # Twice as many as an hour has room for, and one: also when the hour ends meanwhile.
    news = sorted(f"{word} {uuid4().hex}" for _ in range(2 * AN_HOUR + 1))
    for title in news:
        local.live(f"posts/news/{title}.md", markdown(title, date=date))

    def told() -> list[list[str]]:
        """The titles by mail, and by hook; one as often as it was told."""
        mails = [mail["BodyText"] for mail in local.mails(word)]
        hooks = [heard.body.decode() for heard in world.hooks]
        return [[t for t in news for text in texts if t in text] for texts in (mails, hooks)]

    def put_off() -> list[int]:
        return [len(list(lists.due(digest_list(channel), later))) for channel in CHANNELS]

    def counts() -> list[int]:
        return [len(titles) + late for titles, late in zip(told(), put_off(), strict=True)]

    local.until(lambda: counts() == [len(news)] * 2)
    assert min(put_off()) > 0
    local.maintain(later)
    local.until(lambda: put_off() == [0, 0])
    assert told() == [news, news]
