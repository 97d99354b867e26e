"""Each role may do what its stage does, and nothing else: the flow is held to the template."""

import json
import sys
from collections.abc import Iterator

import pytest

from flow.recorded import QUEUES, RecordedWorld, granted, stack
from flow.test_embedded_images import uri
from flow.test_rebuild import Rebuilt
from flow.test_webhook import SECRET, Context, as_json, request
from flow.world import SITE_URL, SUBSCRIPTIONS, Origin, picture, plain
from presswork.aws.buckets import ContentBucket
from presswork.aws.idempotency import Idempotency
from presswork.aws.secrets import Secrets
from presswork.events import Type
from presswork.stages.status import StatusReader
from presswork.stages.webhook.stage import Webhook
from presswork_cli.operate.rebuild import rebuild
from template.rights import REASONS, TRACING, Grant, refused, table, unused
from template.stack import name_of

ALL_REASONS = (*REASONS, *TRACING)


@pytest.fixture(scope="module")
def world() -> Iterator[RecordedWorld]:
    """A site after a short history that leaves out no kind of work."""
    origin = Origin(files={"/x.jpg": picture()})
    server = origin.serve()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWERTOOLS_SERVICE_NAME", "test")
        world = RecordedWorld(origin, server.server_port, most=3)
        for chapter in (
            *(posts, news, documents, images, own_files, theme, periods, webhook),
            dead_letters,
        ):
            chapter(world, origin)
            assert world.dead == [], chapter
        yield world
        world.close()
    server.shutdown()
    server.server_close()


def pass_hours(world: RecordedWorld, hours: int) -> None:
    """Lets the clock run, and all that is due be done."""
    world.later(hours=hours)
    world.fire()
    world.maintained()
    world.run()


def posts(world: RecordedWorld, _: Origin) -> None:
    """Posts and pages are published, wait, are rejected, scheduled, moved and taken down."""
    world.maintained()
    world.put("posts/a.md", plain("A", tags="[sea]", slug="a"))
    world.put("posts/b.md", plain("A", slug="a"))
    world.put("posts/links.md", plain("Links", "[a](a.md)"))
    world.put("posts/bad.md", "---\ntitle: [\n---\n")
    world.put("pages/about.md", plain("About"))
    world.put("posts/soon.md", plain("Soon", date="2026-05-05 09:00:00"))
    world.run()
    for key in ("posts/a.md", "pages/about.md"):  # as a mounted bucket writes a file first
        world.put(key, b"")
    world.run()
    world.delete("posts/a.md")
    world.put("pages/about.md", plain("About us", slug="about-us"))
    world.run()
    pass_hours(world, 24)
    for key in ("posts/b.md", "posts/links.md", "posts/soon.md", "pages/about.md"):
        world.delete(key)
    world.run()


def news(world: RecordedWorld, origin: Origin) -> None:
    """More is told than an hour allows, to a receiver that answers at the second try."""
    origin.hook_status = 503
    world.before("TransactWriteItems", "failed", lambda: setattr(origin, "hook_status", 204))
    for number in range(6):
        world.put(f"posts/{number}.md", plain(f"News {number}", date=f"{world.now:%Y-%m-%d %X}"))
        world.run()
    pass_hours(world, 1)


def documents(world: RecordedWorld, _: Origin) -> None:
    """The data of a post is away when a feed is made of it."""
    world.put("posts/away.md", plain("Away", date="2026-05-05"))
    for name in ("parse", "render"):
        for body in world.take(name):
            world.deliver(name, body)
    key = "2026/05/away/index.json"
    data = world.bucket.get(key)
    world.bucket.delete(key)
    for body in world.take("index"):
        world.deliver("index", body)
    world.s3.put_object(Bucket="site", Key=key, Body=data)
    world.run()


def images(world: RecordedWorld, origin: Origin) -> None:
    """An image comes home late; it is shown by posts, by none, and goes; it is shown again.

    Then its original is still there. The time after that it was taken down.
    """
    address = "![x](http://images.example/late.jpg)"
    origin.files["/copy.jpg"] = picture("olive")
    for keeps_original in (True, False):
        world.put("posts/late.md", plain("Late", address))
        world.put("posts/too.md", plain("Too", f"{address} ![y]({uri(picture())})"))
        world.run()
        origin.files["/late.jpg"] = picture("olive")
        pass_hours(world, 1)
        world.put("posts/copy.md", plain("Copy", "![x](http://images.example/copy.jpg)"))
        world.run()
        for key in ("posts/late.md", "posts/too.md", "posts/copy.md"):
            world.delete(key)
        world.run()
        pass_hours(world, 49)
        for key in () if keeps_original else world.keys("vault"):
            world.s3.delete_object(Bucket="vault", Key=key)
    world.put("posts/late.md", plain("Late", address))
    world.run()


def own_files(world: RecordedWorld, _: Origin) -> None:
    """Files that lie beside posts and pages, in static/ and in assets/ come, change and go."""
    shown = "![x](photo.jpg) ![x](/assets/photo.jpg) ![x](/images/photo.jpg) [x](paper.pdf)"
    files = ["posts/photo.jpg", "pages/photo.jpg", "assets/photo.jpg", "static/images/photo.jpg"]
    for key in files:
        world.put(key, picture("navy"))
    world.put("posts/paper.pdf", b"%PDF-1.7\n1 0 obj\n")
    world.put("posts/shows.md", plain("Shows", shown))
    world.put("pages/shows.md", plain("Shows, too", shown))
    world.run()
    for key in files:
        world.put(key, picture("gold"))
    world.run()
    for key in files:
        world.delete(key)
    world.run()


def theme(world: RecordedWorld, _: Origin) -> None:
    """Settings and a theme with an asset are put in force, and the site is made again."""
    world.put("site.yaml", "title: Ours\n")
    world.put("theme/theme.css", "body { background: url(sea.png) }\n")
    world.put("theme/sea.png", b"\x89PNG\r\n\x1a\n")
    world.run()
    for key in world.keys("site"):
        world.bucket.delete(key)
    rebuild(Rebuilt(world), timeout=60, watch=lambda _: world.run())


def periods(world: RecordedWorld, _: Origin) -> None:
    """A month has more posts than a page lists, then fewer."""
    for number in range(4):
        world.put(f"posts/p{number}.md", plain(f"P{number}", date=f"2026-03-0{1 + number}"))
    world.run()
    for number in range(4):
        world.delete(f"posts/p{number}.md")
    world.run()


def webhook(world: RecordedWorld, _: Origin) -> None:
    """A signed post comes twice; of another the first attempt fails. It is asked for, and goes."""
    world.ssm.put_parameter(Name="/hooks/default", Value=SECRET, Type="SecureString")
    stage = Webhook(
        ContentBucket(world.s3, "content"),
        Secrets(world.ssm),
        Idempotency.at("table", world.table.client),
        "/hooks",
        "/status",
        "https://hooks.example",
    )
    key = "posts/hooks/default/a.md"

    def die() -> None:
        raise ConnectionError

    def send(body: str = as_json(key), id: str = "1") -> str:
        with world.recorder.working_as("WebhookRole"):
            answer = stage.accept(request(body, id=id, type="application/json"), Context())
        return str(answer["status_url"]).rpartition("/")[2]

    def ask(token: str) -> str:
        reader = StatusReader(
            world.stores.sources, world.stores.posts, stage.secrets, "/status", SITE_URL
        )
        with world.recorder.working_as("StatusRole"):
            return reader.read(token).status

    world.before("PutObject", key, die)
    with pytest.raises(ConnectionError):
        world.at_work(send)
    send()
    token = send()
    world.hint(key)
    world.run()
    assert ask(token) == "waiting"
    deleted = send(json.dumps({"key": key, "deleted": True}), "2")
    world.hint(key)
    world.run()
    assert ask(deleted) == "removed"


def dead_letters(world: RecordedWorld, _: Origin) -> None:
    """A message fails for good, and lies there for a day."""
    world.sqs.send_message(QueueUrl=world.dead_urls["ParseDeadLetters"], MessageBody="{}")
    pass_hours(world, 1)
    pass_hours(world, 24)


@pytest.fixture(params=["", "4566"], ids=["aws", "local"])
def rights(request: pytest.FixtureRequest) -> tuple[Grant, ...]:
    """What the template grants on AWS, and on the local cloud."""
    return granted(request.param)


def test_no_role_does_what_it_may_not(rights: tuple[Grant, ...], world: RecordedWorld) -> None:
    """Whatever a role did is granted to it."""
    assert refused(rights, world.recorder.uses) == []


def test_no_role_may_do_what_it_never_does(rights: tuple[Grant, ...], world: RecordedWorld) -> None:
    """Granted and never used: 0 for each role, but for what AWS itself does with it."""
    sys.stdout.write("\n".join(["", *table(rights, world.recorder.uses, ALL_REASONS), ""]))
    assert unused(rights, world.recorder.uses, ALL_REASONS) == []


def test_no_right_can_be_taken_away(rights: tuple[Grant, ...], world: RecordedWorld) -> None:
    """Without any one right that no reason excuses, a role is refused what it does."""
    for right in rights:
        less = [each for each in rights if each != right]
        is_excused = any(reason.excuses(right) for reason in ALL_REASONS)
        assert is_excused or refused(less, world.recorder.uses), right


def test_every_reason_is_needed() -> None:
    """A reason that excuses no right is to go."""
    known = {*granted(), *granted("4566")}
    for reason in ALL_REASONS:
        assert any(reason.excuses(grant) for grant in known), reason


def test_each_stage_acts_on_what_it_hears(world: RecordedWorld) -> None:
    """The template subscribes as the world does, and no message is delivered to do nothing."""
    subscribed = {(name, type) for name, types in SUBSCRIPTIONS.items() for type in types}
    assert subscribed == {
        (name, Type(type))
        for subscription in stack().of("AWS::SNS::Subscription").values()
        for name, queue in QUEUES.items()
        if name_of(subscription["Endpoint"]) == queue
        for type in subscription["FilterPolicy"]["type"]
    }
    assert subscribed == world.acted_on
