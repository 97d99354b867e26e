"""verify: what an operator is told of a site that is not as its content calls for."""

import json
from datetime import timedelta
from typing import Any

import pytest

from flow.test_same_site import settle_down, worlds
from flow.world import World, plain
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate.stack import Stack
from presswork_cli.operate.verify import verify
from presswork_cli.printing import show
from presswork_cli.printing.answers import Outputs


class Known(Stack):
    """A stack in memory."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.outputs = Outputs(
            ContentBucket="content", SiteBucket="site", SiteUrl="https://site.example/"
        )
        self.stores = world.stores

    def client(self, service: str) -> Any:
        """A client of the world."""
        assert service == "s3"
        return self._world.s3

    def absent(self, why: str) -> Failure:
        """It is there."""
        return Failure(why, Exit.NO_CLOUD)

    def refresh(self, paths: object) -> None:
        """It has no caches."""


def _site(world: World) -> None:
    world.put("posts/a.md", plain("A", tags="[sea]"))
    world.put("posts/b.md", plain("B", slug="b", aliases="[/old/b/]"))
    settle_down(world, 1)
    world.put("posts/b.md", plain("B", slug="c"))
    settle_down(world, 2)


def test_a_site_as_it_should_be_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing differs; media and the stubs of former paths stand apart."""
    with worlds() as world:
        _site(world)
        answer = verify(Known(world), world.now)
    assert answer.is_fine, answer
    assert answer.stubs == 2
    assert answer.equal > 20
    show.verified(answer)
    assert f"{answer.equal} objects are as the content calls for" in capsys.readouterr().out


def test_each_difference_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """An object that is gone, one that is changed, one too many, one answered otherwise."""
    with worlds() as world:
        _site(world)
        world.bucket.delete("tags/sea/index.html")
        world.s3.put_object(Bucket="site", Key="index.html", Body=b"defaced")
        world.s3.put_object(Bucket="site", Key="stray/index.html", Body=b"stray")
        page = world.s3.get_object(Bucket="site", Key="2026/05/a/index.html")["Body"].read()
        world.s3.put_object(
            Bucket="site",
            Key="2026/05/a/index.html",
            Body=page,
            Metadata={"presswork-status": "410"},
        )
        answer = verify(Known(world), world.now)
    assert answer.missing == ("tags/sea/index.html",)
    assert answer.different == ("2026/05/a/index.html", "index.html")
    assert answer.left_over == ("stray/index.html",)
    assert not answer.is_fine
    show.verified(answer)
    assert "left over  stray/index.html" in capsys.readouterr().out
    assert json.loads(answer.model_dump_json())["missing"] == ["tags/sea/index.html"]


def test_a_change_that_was_not_looked_at_is_named() -> None:
    """A post that has fallen due, whose hint is still to come, is behind."""
    with worlds() as world:
        later = world.now + timedelta(days=1)
        world.put("posts/due.md", plain("Due", date=f"{later:%Y-%m-%d %H:%M:%S}"))
        _site(world)
        assert verify(Known(world), world.now).is_fine
        answer = verify(Known(world), later + timedelta(minutes=1))
    assert answer.behind == ("posts/due.md",)
