"""explain: the receipt of a post says what is, and why; it changes nothing."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from flow.test_operating import Operated
from flow.test_same_site import settle_down, worlds
from flow.world import SITE_URL, World, plain
from presswork.correlation import correlation_of
from presswork_cli.app import app
from presswork_cli.failure import Failure
from presswork_cli.operate.explain import explain
from presswork_cli.operate.stack import Deployed
from presswork_cli.printing.receipt import ExplainAnswer

HOME = "![x](http://images.example/home.jpg)"


class Explained(Operated):
    """The world as its operator reaches it, who may only read."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.outputs = self.outputs.model_copy(update={"SiteUrl": f"{SITE_URL}/"})

    def client(self, service: str) -> Any:
        """The world's own client."""
        return {"s3": self.world.s3, "sns": self.world.sns, "sqs": self.world.sqs}[service]


def _explain(world: World, name: str) -> ExplainAnswer:
    """A receipt, for which nothing was written."""
    before = world.calls.copy()
    answers: list[ExplainAnswer] = []
    world.at_work(lambda: answers.append(explain(Explained(world), name)))
    made = world.calls - before
    reading = {"BatchGetItem", "GetItem", "Query", "GetObject", "HeadObject", "ListObjectsV2"}
    assert not made.keys() - reading, "explain writes"
    return answers[0]


def _states(answer: ExplainAnswer) -> dict[str, str]:
    return {each.key: each.state for each in answer.objects}


def test_a_live_post_has_a_whole_receipt() -> None:
    """Source, revision, paths, images, lists, neighbours, what was told, and all its objects."""
    with worlds() as world:
        world.put("posts/older.md", plain("Older", date="2020-01-01", tags="[sea]"))
        text = plain("Sea", HOME, date="2030-05-03", tags="[sea]", aliases="[/old/]")
        version = world.put("posts/sea.md", text)
        settle_down(world, 1)
        answer = _explain(world, "posts/sea.md")
        post = world.fed("posts/sea.md")
        assert (answer.status, answer.error, answer.pending) == ("live", None, ())
        assert (answer.source.version_id, answer.source.is_current) == (version, True)
        assert answer.post is not None
        assert (answer.post.id, answer.post.fingerprint) == (post.id, post.fingerprint)
        assert answer.live is not None
        assert (answer.live.url, answer.live.is_current) == (f"{SITE_URL}/2030/05/sea/", True)
        assert {(each.name, each.held, each.is_own) for each in answer.claims} == {
            ("/2030/05/sea/", True, True),
            ("/old/", True, True),
        }
        (image,) = answer.images
        assert (image.state, image.posts) == ("rehosted", ("posts/sea.md",))
        assert {"home", "tag:sea"} < set(answer.lists)
        assert [(each.role, each.title) for each in answer.beside] == [
            ("older", "Older"),
            ("related", "Older"),
        ]
        assert {(each.channel, each.progress) for each in answer.told} == {
            ("mail", "sent"),
            ("hook", "sent"),
        }
        states = _states(answer)
        assert set(states.values()) == {"equal"}
        assert states.keys() >= {
            "2030/05/sea/index.html",
            "2030/05/sea/index.json",
            "old/index.html",
            "index.html",
            "feed.xml",
            "2030/05/index.html",
            "-/sitemap/2030-05.xml",
            "tags/sea/index.html",
        }
        media = {key for key in world.keys("site") if key.startswith("-/media/")}
        assert media <= states.keys()
        assert all(each.there for each in answer.items)
        assert {"SITE", "SRC#posts/sea.md", f"POST#{post.id}", "LIST#home"} <= {
            each.pk for each in answer.items
        }


def test_it_is_known_by_file_key_and_id() -> None:
    """Whatever an operator has at hand; what is not known is said."""
    with worlds() as world:
        world.put("posts/sea.md", plain("Sea"))
        settle_down(world, 1)
        answer = _explain(world, "posts/sea.md")
        assert _explain(world, "/home/ines/blog/posts/sea.md") == answer
        assert _explain(world, world.fed("posts/sea.md").id) == answer
        with pytest.raises(Failure, match=r"nothing is known of posts/land\.md"):
            _explain(world, "posts/land.md")


def test_objects_that_are_not_as_they_should_be_are_named() -> None:
    """A page that is other, one that is missing, one that is too many, and a lost picture."""
    with worlds() as world:
        world.put("posts/sea.md", plain("Sea", HOME, date="2020-05-03", aliases="[/old/]"))
        settle_down(world, 1)
        media = next(key for key in world.keys("site") if key.startswith("-/media/"))
        world.bucket.delete(media)
        world.bucket.delete("2020/05/sea/index.html")
        world.s3.put_object(Bucket="site", Key="index.html", Body=b"other")
        world.s3.put_object(Bucket="site", Key="old/index.json", Body=b"{}")
        states = _states(_explain(world, "posts/sea.md"))
        assert {key: state for key, state in states.items() if state != "equal"} == {
            media: "missing",
            "2020/05/sea/index.html": "missing",
            "index.html": "different",
            "old/index.json": "left over",
        }


@pytest.mark.parametrize(
    ("text", "status", "why"),
    [
        (plain("Sea", draft="true"), "draft", "draft"),
        (plain("Sea", date="2040-01-01"), "scheduled", "2040-01-01"),
        (plain("Sea", publishDate="2041-01-01"), "scheduled", "2041-01-01"),
        (plain("Sea", unlisted="true"), "unlisted", "no list"),
        (plain("Sea", expires="2020-01-01"), "expired", "over"),
        ("---\ntitle: [broken\n---\n", "rejected", "last good revision stays live"),
        (plain("Sea", id="mine"), "live", "id mine"),
    ],
    ids=["draft", "scheduled", "held back", "unlisted", "expired", "rejected", "id"],
)
def test_each_status_has_its_reason(text: str, status: str, why: str) -> None:
    """A sentence that says what the status follows from."""
    with worlds() as world:
        world.put("posts/sea.md", plain("Sea", date="2020-01-01"))
        settle_down(world, 1)
        world.put("posts/sea.md", text)
        settle_down(world, 2)
        answer = _explain(world, "posts/sea.md")
        assert answer.status == status
        assert why in answer.why
        assert (answer.error is not None) is (status == "rejected")
        assert set(_states(answer).values()) == {"equal"}


def test_a_removed_post_and_one_that_waits_say_who_has_the_path() -> None:
    """The holder of a path, who waits for it, and the stub of what is gone."""
    with worlds() as world:
        world.put("posts/a.md", plain("Sea", date="2020-05-01", slug="sea"))
        settle_down(world, 1)
        world.put("posts/b.md", plain("Sea", date="2020-05-01", slug="sea"))
        settle_down(world, 2)
        (claim,) = _explain(world, "posts/a.md").claims
        assert (claim.held, claim.waiters) == (True, ("posts/b.md",))
        waiting = _explain(world, "posts/b.md")
        assert (waiting.status, "/2020/05/sea/" in waiting.why) == ("waiting", True)
        assert [(each.source, each.is_own) for each in waiting.claims] == [("posts/a.md", False)]
        world.delete("posts/b.md")
        world.delete("posts/a.md")
        settle_down(world, 3)
        gone = _explain(world, "posts/a.md")
        assert (gone.status, gone.live and gone.live.up) == ("gone", False)
        assert "There is no object" in gone.why
        assert _states(gone) == {"2020/05/sea/index.html": "equal"}


def test_what_stages_have_yet_to_do_is_pending() -> None:
    """A revision that was not rendered, and a version that was not looked at."""
    with worlds() as world:
        world.put("posts/sea.md", plain("Sea", date="2020-05-01"))
        for body in world.take("parse"):
            world.deliver("parse", body)
        assert _explain(world, "posts/sea.md").pending == ("render: revision 1 is to go live",)
        settle_down(world, 1)
        world.put("posts/sea.md", plain("Sea again", date="2020-05-01"))
        assert not _explain(world, "posts/sea.md").source.is_current


def test_the_command_tells_it_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The status and the reason first; exit code 1 when something is amiss; `--json` has all."""
    with worlds() as world:
        world.put("posts/sea.md", plain("Sea", date="2020-05-01"))
        settle_down(world, 1)
        monkeypatch.setattr("presswork_cli.operate.stack.Deployed", lambda *_: Explained(world))
        told = CliRunner().invoke(app, ["explain", "posts/sea.md"])
        assert (told.exit_code, told.stdout.splitlines()[0]) == (0, "live      posts/sea.md")
        world.bucket.delete("2020/05/sea/index.html")
        told = CliRunner().invoke(app, ["explain", "posts/sea.md"])
        assert told.exit_code == 1
        assert "missing    2020/05/sea/index.html" in told.stdout
        answer = json.loads(CliRunner().invoke(app, ["explain", "posts/sea.md", "--json"]).stdout)
        assert (answer["format"], answer["status"]) == (1, "live")


def test_it_names_the_upload_and_the_way_to_its_log_lines() -> None:
    """The id that the functions log under; also that of an older upload which readers still see."""
    with worlds() as world:
        first = world.put("posts/sea.md", plain("Sea"))
        world.run()
        (upload,) = _explain(world, "posts/sea.md").uploads
        assert upload.correlation_id == correlation_of("posts/sea.md", first)
        assert upload.logs == (
            "for stage in webhook parse images render index notify; do aws logs tail "
            "/aws/lambda/presswork-$stage --since 30d --filter-pattern "
            f"'{{ $.correlation_id = \"*{upload.correlation_id}*\" }}'; done"
        )
        second = world.put("posts/sea.md", "---\ntitle: [\n---\n")
        world.run()
        newest, seen = _explain(world, "posts/sea.md").uploads
        assert (newest.what, seen.what) == ("newest upload", "accepted revision")
        assert newest.correlation_id == correlation_of("posts/sea.md", second)
        assert seen == upload.model_copy(update={"what": "accepted revision"})


def test_the_way_to_the_log_lines_leads_to_the_stack_s_own_region() -> None:
    """And to the stack's own functions."""
    logs = Deployed(name="blog", region="eu-west-1").logs_of("0123")
    assert "aws --region eu-west-1 logs tail /aws/lambda/blog-$stage" in logs
