"""What an operator asks of a stack: what images are missing, to fetch them, to take a post down."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from flow.world import Origin, World, picture, plain
from presswork.clock import utc_now
from presswork.correlation import correlation_of
from presswork_cli.app import app
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate import images, logs, takedown
from presswork_cli.operate.address import address
from presswork_cli.operate.follow import Journey
from presswork_cli.operate.stack import Deployed, Stack
from presswork_cli.printing.answers import Counts, ImagesAnswer, Outputs

URL = "http://images.example/boat.jpg"
OTHER = "http://images.example/other.jpg"
HOME = "http://images.example/home.jpg"


class Operated(Stack):
    """The world as its operator reaches it; what he does is followed by all its stages."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.refreshed: list[str] = []
        self.outputs = Outputs(
            ContentBucket="content", SiteBucket="site", VaultBucket="vault", SiteUrl="https://s.x"
        )
        self.stores = world.stores

    def client(self, service: str) -> Any:
        """The world's own client, or one whose messages and deletions are acted upon."""
        return Acting(self.world, {"s3": self.world.s3, "sqs": self.world.sqs}[service])

    def resource(self, logical_id: str) -> str:
        """The queue of bulk work."""
        assert logical_id == "ImagesBulkQueue"
        return str(self.world.urls["bulk"])

    def absent(self, why: str) -> Failure:
        """It is always there."""
        raise AssertionError(why)

    def refresh(self, paths: Sequence[str]) -> None:
        """Notes what caches are to forget."""
        self.refreshed += paths


class Acting:
    """A client after whose changes the stages run."""

    def __init__(self, world: World, client: Any) -> None:
        self._world = world
        self._client = client

    def __getattr__(self, name: str) -> Any:
        """The client's own call."""
        return getattr(self._client, name)

    def delete_object(self, **request: str) -> None:
        """A file of the authors' is missed by the stages."""
        if request["Bucket"] == "content":
            self._world.delete(request["Key"])
            self._world.run()
        else:
            self._client.delete_object(**request)

    def send_message(self, **request: Any) -> Any:
        """A message is handled at once."""
        answer = self._client.send_message(**request)
        self._world.run()
        return answer


@pytest.fixture
def stack(world: World, origin: Origin) -> Operated:
    """A post with an image at home, one owed and one refused; another with the one at home."""
    world.s3.put_bucket_versioning(Bucket="vault", VersioningConfiguration={"Status": "Enabled"})
    origin.files["/home.jpg"] = picture()
    refused = "![x](http://127.0.0.1/x.jpg)"
    world.put("posts/a.md", plain("A", f"![x]({HOME})\n\n![x]({URL})\n\n{refused}", slug="a"))
    world.put("posts/b.md", plain("B", f"![x]({HOME})", slug="b"))
    world.run()
    return Operated(world)


def take_down(stack: Operated, key: str, *, forget: bool = False) -> Any:
    """The answer to one takedown."""
    return takedown.takedown(stack, Journey(key, key), forget=forget, timeout=20)


def originals(world: World) -> int:
    """How many versions of originals the vault holds, delete markers too."""
    listed = world.s3.list_object_versions(Bucket="vault", Prefix="originals/")
    return len([*listed.get("Versions", []), *listed.get("DeleteMarkers", [])])


def test_images_lists_what_is_not_at_home(stack: Operated) -> None:
    """By state, with the reason and the posts; of one post all; by file, key or id."""
    answer = images.find(stack, None, None)
    assert {(each.url, each.state, each.posts) for each in answer.images} == {
        (URL, "owed", ("posts/a.md",)),
        ("http://127.0.0.1/x.jpg", "refused", ("posts/a.md",)),
    }
    (owed,) = images.find(stack, "owed", None).images
    assert owed.next_try is not None
    assert owed.reason is not None
    assert "404" in owed.reason
    assert images.find(stack, "lost", None).images == ()
    id = stack.world.fed("posts/a.md").id
    for name in ("posts/a.md", "site/posts/a.md", id):
        assert images.find(stack, None, name).summary.model_dump() == {
            "total": 3,
            "rehosted": 1,
            "owed": 1,
            "refused": 1,
            "lost": 0,
        }
    with pytest.raises(Failure, match="no post is known as posts/none"):
        images.find(stack, None, "posts/none.md")


def test_refresh_asks_for_what_pages_show(stack: Operated, world: World, origin: Origin) -> None:
    """An image that only a page shows is asked for with those of the posts."""
    origin.files["/about.jpg"] = picture("navy")
    world.put("pages/about.md", plain("About", f"![x]({HOME.replace('home', 'about')})"))
    world.run()
    answer, done = images.refresh(stack, None, timeout=20)
    assert done
    assert {each.posts for each in answer.images} >= {("pages/about.md",)}


@pytest.mark.parametrize("of", ["posts/b.md", None])
def test_refresh_asks_for_what_is_at_home(stack: Operated, origin: Origin, of: str | None) -> None:
    """Of one post or of all, each image once; what is owed or refused is left alone."""
    (before,) = (each for each in images.find(stack, None, "posts/b.md").images)
    asked = len(origin.requests)
    origin.files["/home.jpg"] = picture("green")
    answer, done = images.refresh(stack, of, timeout=20)
    assert done
    ((image),) = answer.images
    assert (image.url, image.state, image.posts) == (HOME, "rehosted", ("posts/a.md", "posts/b.md"))
    assert image.media != before.media
    assert image.visited == stack.world.now
    assert origin.requests[asked:] == ["/home.jpg"]
    for name in "ab":
        assert f"/-/media/{image.media}/" in (stack.world.page(f"/2026/05/{name}/") or "")


def test_heal_fetches_before_its_time(stack: Operated, world: World, origin: Origin) -> None:
    """What came back is on its page at once; what did not is as it was."""
    origin.files["/boat.jpg"] = picture("red")
    answer, done = images.heal(stack, "owed", None, timeout=20)
    assert done
    assert [(each.url, each.state) for each in answer.images] == [(URL, "rehosted")]
    assert (world.page("/2026/05/a/") or "").count("<picture") == 2
    assert images.heal(stack, "owed", None, timeout=20) == (
        ImagesAnswer(images=(), summary=Counts()),
        True,
    )


def test_heal_asks_anew_for_what_was_lost(stack: Operated, world: World, origin: Origin) -> None:
    """On demand an image that was given up is asked for again, and stays lost if it is."""
    origin.absent_status = 410
    world.later(days=2)
    world.maintain.run(world.now)
    world.run()
    (lost,) = images.find(stack, "lost", None).images
    assert lost.since is not None
    (still,) = images.heal(stack, "lost", None, timeout=20)[0].images
    assert (still.state, still.url) == ("lost", URL)
    origin.files["/boat.jpg"] = picture("red")
    (home,) = images.heal(stack, "lost", "posts/a.md", timeout=20)[0].images
    assert home.state == "rehosted"


def test_takedown_leaves_nothing_that_the_post_alone_showed(
    stack: Operated, world: World, origin: Origin
) -> None:
    """Its page answers 410, its media are gone at once; what others show and originals stay."""
    origin.files["/boat.jpg"] = picture("red")
    images.heal(stack, "owed", None, timeout=20)
    before = originals(world)
    answer = take_down(stack, "posts/a.md")
    assert answer.post.status == "removed"
    assert world.page("/2026/05/a/") == "410"
    assert (len(answer.deleted), len(answer.kept), answer.forgotten) == (1, 1, ())
    keys = [key for key in world.pages() if key.startswith("-/media/")]
    assert keys
    assert all(key.startswith(f"-/media/{answer.kept[0]}/") for key in keys)
    assert "<picture" in (world.page("/2026/05/b/") or "")
    assert originals(world) == before
    assert stack.refreshed == [f"/-/media/{answer.deleted[0]}/*", "/2026/05/a/*"]


def test_takedown_of_more_than_caches_take_has_them_forget_everything(
    stack: Operated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CloudFront refuses more than fifteen paths with a star."""
    monkeypatch.setattr(takedown, "MOST_FOLDERS", 0)
    take_down(stack, "posts/a.md")
    assert stack.refreshed == ["/*"]


def test_takedown_forget_deletes_the_originals_for_good(stack: Operated, world: World) -> None:
    """Only with the last post that shows it an original goes, in all its versions."""
    assert take_down(stack, "posts/a.md", forget=True).forgotten == ()
    assert originals(world) == 1
    answer = take_down(stack, "posts/b.md", forget=True)
    assert len(answer.forgotten) == 1
    assert originals(world) == 0
    assert world.stores.images.read(HOME) is None
    left = world.s3.list_object_versions(Bucket="vault").get("Versions", [])
    assert left == []


def test_the_verbs_answer_in_json(stack: Operated, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output is JSON alone; the stack is the one that is named before the verb."""
    asked: list[tuple[str, str | None]] = []

    def deployed(name: str, region: str | None, *_: object) -> Stack:
        asked.append((name, region))
        return stack

    monkeypatch.setattr("presswork_cli.operate.stack.Deployed", deployed)
    command = ["--stack", "blog", "--region", "eu-west-1", "images", "--state", "owed", "--json"]
    result = CliRunner().invoke(app, command)
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["format"], asked) == (0, 1, [("blog", "eu-west-1")])
    assert [image["url"] for image in answer["images"]] == [URL]
    table = CliRunner().invoke(app, ["images"])
    assert URL in table.stdout


def test_the_address_of_a_post_is_where_readers_find_it(stack: Operated) -> None:
    """By file, key or id, and without a name that of the site; what is down has none."""
    id = stack.world.fed("posts/a.md").id
    for name in ("site/posts/a.md", "posts/a.md", id):
        assert address(stack, name) == "https://s.x/2026/05/a/"
    assert address(stack, None) == "https://s.x"
    take_down(stack, "posts/a.md")
    with pytest.raises(Failure, match=r"readers do not see posts/a\.md: it is gone"):
        address(stack, "posts/a.md")
    with pytest.raises(Failure, match=r"nothing is known of posts/c\.md"):
        address(stack, "posts/c.md")


@pytest.mark.parametrize(("has_browser", "printed"), [(True, ""), (False, "https://s.x\n")])
def test_a_browser_opens_the_site(
    stack: Operated, monkeypatch: pytest.MonkeyPatch, has_browser: bool, printed: str
) -> None:
    """Where there is none, or none is wanted, the address is printed; `--json` opens nothing."""
    opened: list[str] = []

    def browser(url: str) -> bool:
        opened.append(url)
        return has_browser

    monkeypatch.setattr("webbrowser.open", browser)
    monkeypatch.setattr("presswork_cli.operate.stack.Deployed", lambda *_: stack)
    assert CliRunner().invoke(app, ["open"]).stdout == printed
    assert opened == ["https://s.x"]
    assert CliRunner().invoke(app, ["open", "--print"]).stdout == "https://s.x\n"
    told = CliRunner().invoke(app, ["open", "posts/a.md", "--json"])
    assert json.loads(told.stdout) == {"format": 1, "url": "https://s.x/2026/05/a/"}
    assert opened == ["https://s.x"]


def test_the_lines_of_a_post_are_those_of_its_upload(stack: Operated, world: World) -> None:
    """By the id that `explain` tells, and since the upload; what was deleted has none."""
    source = world.stores.sources.read("posts/a.md")
    assert source is not None
    assert source.version_id is not None
    found = logs.logs(stack, "posts/a.md", None, utc_now())
    assert (found.about, found.stages) == ("posts/a.md", logs.STAGES)
    assert found.ids == {correlation_of("posts/a.md", source.version_id)}
    head = world.s3.head_object(Bucket="content", Key="posts/a.md")
    assert found.since == head["LastModified"] - timedelta(minutes=1)
    take_down(stack, "posts/b.md")
    now = utc_now()
    assert logs.logs(stack, "posts/b.md", None, now).since == now - logs.KEPT


def test_help_says_what_owed_means() -> None:
    """The word is explained where it is used."""
    for group in ([], ["local"]):
        shown = CliRunner().invoke(app, [*group, "images", "--help"], env={"COLUMNS": "200"})
        assert "waiting to be fetched again" in shown.stdout


def test_a_stack_that_is_not_there_is_exit_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says where it was looked for and how to name another."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # where nothing answers
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    stack = Deployed("no-such-stack", "eu-west-1")
    with pytest.raises(Failure, match="--stack and --region") as failure:
        _ = stack.outputs
    assert failure.value.code is Exit.NO_CLOUD
