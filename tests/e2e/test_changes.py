"""What becomes of a post that its author changes, moves, hides, deletes or brings back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from e2e.local import Local, markdown
from presswork.aws.fair_queues import BULK
from presswork.messages import Hint
from presswork_cli.local.cloud import Response


@pytest.fixture
def key() -> str:
    """A key of the test's own."""
    return f"posts/{uuid4().hex}.md"


@pytest.fixture
def title() -> str:
    """A title that no other post has."""
    return f"Post {uuid4().hex}"


@dataclass(frozen=True)
class Appointment:
    """Two posts, of which one comes and one goes at the same moment."""

    title: str
    at: datetime
    coming: str
    going: str
    going_url: str
    maintained: float

    @property
    def hints(self) -> set[str]:
        """What Scheduler will send to parse at that moment."""
        return {Hint(key=each).model_dump_json() for each in (self.coming, self.going)}


@pytest.fixture(scope="module")
def appointment(local: Local) -> Appointment:
    """Asked for early in this file and looked at late: its moment comes while other tests run."""
    maintained, title = local.invocations("MaintainFunction"), f"Post {uuid4().hex}"
    coming, going = (f"posts/{uuid4().hex}.md" for _ in range(2))
    began = datetime.now(UTC)
    url = local.live(going, markdown(f"{title} goes"))
    now = datetime.now(UTC)
    # Scheduler is asked for more than a minute ahead: by then both posts must have been looked at.
    at = now + timedelta(seconds=70) + 5 * (now - began)
    then = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert local.publish(coming, markdown(f"{title} comes", date=then)).status == "scheduled"
    assert local.live(going, markdown(f"{title} goes", expires=then)) == url
    made = Appointment(title, at, coming, going, url, maintained)
    assert made.hints <= local.scheduled()
    return made


def test_the_same_upload_twice_writes_nothing_and_announces_nothing(
    local: Local, key: str, title: str
) -> None:
    """The second upload of equal bytes leaves every object as it was, and no event follows."""
    text = markdown(title)
    answer = local.publish(key, text)
    local.wait_until_idle()
    objects, heard = local.objects(), local.heard(answer.id)
    assert "post.live" in heard
    assert local.publish(key, text).status == "live"
    local.wait_until_idle()
    assert local.objects() == objects
    assert local.heard(answer.id) == heard


@pytest.mark.usefixtures("appointment")
def test_a_post_is_announced_once(local: Local, key: str, title: str) -> None:
    """One upload is one live event."""
    answer = local.publish(key, markdown(title))
    local.wait_until_idle()
    assert local.heard(answer.id).count("post.live") == 1


def test_only_an_import_s_events_are_of_the_bulk_group(local: Local, key: str, title: str) -> None:
    """The topic hands the groups of events on to its queues, here as on AWS."""
    old = local.publish(key, markdown(title, date="2009-11-21 18:10:05"))
    today = markdown(f"{title} today", date=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    new = local.publish(key.replace(".md", "-today.md"), today)
    local.wait_until_idle()
    for answer, is_bulk in ((old, True), (new, False)):
        assert "post.live" in local.heard(answer.id)
        mine = [event.id for event in local.events if event.data.post == answer.id]
        assert {local.groups[id] == BULK for id in mine} == {is_bulk}


def test_an_overwrite_is_followed_by_page_lists_and_feed(
    local: Local, key: str, title: str
) -> None:
    """A new title under the old key shows everywhere, and the old one nowhere."""
    local.live(key, markdown(f"{title} old", slug=title.replace(" ", "-").lower()))
    url = local.live(key, markdown(f"{title} new", slug=title.replace(" ", "-").lower()))
    for place in (url, "/", "/2025/03/"):
        text = local.get(place).text
        assert f"{title} new" in text, place
        assert f"{title} old" not in text, place
    assert {name for name in local.feed() if title in name} == {f"{title} new"}


def test_a_deleted_post_is_gone(local: Local, key: str, title: str) -> None:
    """Its address answers 410; home, month, feed and sitemap name it no more."""
    url = local.live(key, markdown(title))
    assert local.remove(key).status == "removed"
    gone = local.get(url)
    assert (gone.status, title in gone.text) == (410, False)
    for place in ("/", "/2025/03/"):
        assert title not in local.get(place).text, place
    assert title not in local.feed()
    assert url not in local.sitemap()


def test_caches_forget_a_deleted_post(local: Local, key: str, title: str) -> None:
    """They are asked to when it is down, of its whole folder; not when it is published."""
    url = local.live(key, markdown(title))
    path = url.removeprefix(local.cloud.outputs.SiteUrl)
    assert f"{path}*" not in local.forgotten()
    before = local.invalidations()
    local.remove(key)
    local.wait_until_forgotten(f"{path}*", before)


def test_a_deleted_post_has_no_data_either(local: Local, key: str, title: str) -> None:
    """With the page its index.json goes."""
    url = local.live(key, markdown(title))
    local.remove(key)
    assert title not in local.get(url + "index.json").text


def test_a_moved_file_keeps_its_address(local: Local, key: str, title: str) -> None:
    """Created under B, then deleted under A, as `aws s3 mv` does: B is live on A's path."""
    text, other = markdown(title), f"posts/moved/{uuid4().hex}.md"
    url = local.live(key, text)
    assert local.publish(other, text).status == "waiting"
    local.delete(key)
    assert local.url(local.until(lambda: _live(local, other))) == url
    assert local.get(url).status == 200


def _live(local: Local, key: str) -> str | None:
    """The path of the post that a key feeds, once it is up."""
    source = local.cloud.stores.sources.read(key)
    post = local.cloud.stores.posts.read(source.post) if source and source.post else None
    if post is None or post.live is None or post.pending_index.known:
        return None
    return post.live.path if post.live.up else None


def test_an_undeleted_post_is_live_again(local: Local, key: str, title: str) -> None:
    """A delete marker taken away raises no event of creation, and yet the post comes back."""
    url = local.live(key, markdown(title))
    marker = local.delete(key)
    local.until(lambda: local.get(url).status == 410)
    local.undelete(key, marker)
    local.until(lambda: local.get(url).status == 200)
    local.until(lambda: title in local.feed())


def test_a_post_that_becomes_a_draft_is_taken_down(local: Local, key: str, title: str) -> None:
    """Its author hid it: its page answers 410."""
    url = local.live(key, markdown(title))
    assert local.publish(key, markdown(title, draft="true")).status == "draft"
    assert local.get(url).status == 410
    assert title not in local.feed()


def test_a_draft_is_unseen(local: Local, key: str, title: str) -> None:
    """A draft that was never live stands nowhere on the site."""
    answer = local.publish(key, markdown(title, draft="true"))
    assert (answer.status, answer.url) == ("draft", None)
    local.wait_until_idle()
    assert title not in local.get("/").text
    assert title not in local.feed()


def test_a_future_post_is_unseen(local: Local, key: str, title: str) -> None:
    """A post dated tomorrow is scheduled, and stands nowhere on the site."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = local.publish(key, markdown(title, date=tomorrow))
    assert (answer.status, answer.url) == ("scheduled", None)
    local.wait_until_idle()
    assert title not in local.get("/").text
    assert title not in local.feed()


def test_a_page_is_published_and_told_to_crawlers_alone(local: Local, title: str) -> None:
    """Its path is that of its file; home and feed do not name it, the sitemap does."""
    name = uuid4().hex
    url = local.live(f"pages/{name}/index.md", f"# {title}\n\nWords.\n")
    assert url == local.url(f"/{name}/")
    assert title in local.get(url).text
    assert url in local.sitemap()
    assert title not in local.feed()
    assert name not in local.get("/").text
    assert local.remove(f"pages/{name}/index.md").status == "removed"
    assert local.get(url).status == 410
    assert url not in local.sitemap()


def test_a_static_file_stands_at_its_own_path(local: Local) -> None:
    """As it is, with its type, below the root; and it goes when it is deleted."""
    names = (f"files/{uuid4().hex}.txt", f".well-known/{uuid4().hex}")
    for name in names:
        local.put(f"static/{name}", b"As it is.")
        page = local.until(lambda path=f"/{name}": _found(local, path))  # type: ignore[misc]
        assert page.body == b"As it is."
        local.delete(f"static/{name}")
        local.until(lambda path=f"/{name}": not _found(local, path))  # type: ignore[misc]
    assert local.get("/files/none").status == 301


def _found(local: Local, path: str) -> Response | None:
    page = local.get(path)
    return page if page.status == 200 else None


def test_a_rejected_change_leaves_the_last_good_revision_live(
    local: Local, key: str, title: str
) -> None:
    """The author gets line and cure; readers keep the page."""
    url = local.live(key, markdown(title))
    answer = local.publish(key, markdown(title, date="2025-02-30"))
    assert answer.status == "rejected"
    assert answer.error is not None
    assert answer.error.line == 3
    assert answer.error.fix
    assert local.get(url).status == 200


def test_the_author_of_a_rejected_post_is_mailed_once(local: Local, key: str, title: str) -> None:
    """The mail names the file and the line."""
    local.publish(key, markdown(title, date="2025-02-30"))
    mails = local.until(lambda: local.mails(key))
    local.wait_until_idle()
    assert len(local.mails(key)) == 1
    assert mails[0]["To"] == ["author@example.com"]
    assert f"{key}:3" in mails[0]["BodyText"]


def test_of_two_posts_on_one_path_the_second_waits(local: Local, key: str, title: str) -> None:
    """The holder keeps the path; when it goes, who waited gets it."""
    other = f"posts/second/{uuid4().hex}.md"
    url = local.live(key, markdown(title, "The first."))
    assert local.publish(other, markdown(title, "The second.")).status == "waiting"
    assert "The first." in local.get(url).text
    local.remove(key)
    local.until(lambda: "The second." in local.get(url).text)


def test_an_object_that_is_no_post_is_skipped(local: Local) -> None:
    """An image beside the posts is stored, and nothing is made of it."""
    answer = local.publish("posts/picture.png", b"\x89PNG\r\n\x1a\n")
    assert (answer.status, answer.error) == ("skipped", None)


def test_a_post_appears_and_another_goes_at_its_minute(
    local: Local, appointment: Appointment
) -> None:
    """Scheduler alone has both looked at in time: maintain, which would too, does not run here."""
    url = local.until(lambda: _live(local, appointment.coming), seconds=600)
    assert datetime.now(UTC) >= appointment.at
    local.until(lambda: local.get(appointment.going_url).status == 410)
    assert local.get(url).status == 200
    comes = {f"{appointment.title} comes"}
    local.until(lambda: {name for name in local.feed() if appointment.title in name} == comes)
    local.until(lambda: not appointment.hints & local.scheduled())
    assert local.invocations("MaintainFunction") == appointment.maintained > 0


def test_nothing_ended_in_a_dead_letter_queue(local: Local) -> None:
    """All of this was done without one message that no retry could save."""
    local.wait_until_idle()
    assert local.dead_letters() == {}
