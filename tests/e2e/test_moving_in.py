"""Blogs move in by `import` and `sync`: what CloudFront answers at every address that they had."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml

from e2e.local import Local
from e2e.test_command import presswork
from generators import blogs
from presswork_cli.local.cloud import Response

SETTINGS = "site.yaml"
SECONDS = 900
"""Where many lists change at once index may give up: its message comes again after six minutes."""

MOVED = [name for name in blogs.NAMES if name != "hugo-ugly"]


@dataclass(frozen=True)
class MovedBlog:
    """The cloud while it holds a blog, at the address of the cloud."""

    name: str
    local: Local


@pytest.fixture(scope="module")
def own_settings(local: Local) -> Iterator[None]:
    """The cloud's own settings are in force again when all blogs are gone."""
    yield
    local.delete(SETTINGS)
    _until_in_force(local, "/:year/:month/:slug/")
    local.wait_until_idle(seconds=SECONDS)


@pytest.fixture(scope="module", params=MOVED)
def moved(
    request: pytest.FixtureRequest,
    local: Local,
    own_settings: None,  # noqa: ARG001 - what it does comes after what is done here
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MovedBlog]:
    """One blog after the other: it moves in, and is taken away again."""
    name: str = request.param
    folder, _ = blogs.moved(name, tmp_path_factory.mktemp(name))
    _stand_at_the_cloud(folder / SETTINGS)
    words = ["sync", str(folder), "--name", name, "--timeout", str(SECONDS)]
    code, answer = presswork(local, *words, seconds=2 * SECONDS)
    assert code == 0, answer
    local.wait_until_idle(seconds=SECONDS)
    yield MovedBlog(name, local)
    for path in folder.rglob("*"):
        if path.is_file() and path.name != SETTINGS:
            local.delete(path.relative_to(folder).as_posix())
    local.wait_until_idle(seconds=SECONDS)


def _stand_at_the_cloud(file: Path) -> None:
    """The site is asked at the address of the cloud, and not at that of the blog."""
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    del settings["base_url"]
    file.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")


def _until_in_force(local: Local, permalink: str) -> None:
    local.until(lambda: local.cloud.stores.sites.read().site.permalink == permalink, seconds=120)


def _followed(local: Local, answer: Response) -> int:
    """What a reader is answered who is sent on: to the slash of a folder first, then once."""
    target = urljoin(answer.url, answer.headers["location"])
    then = local.get(target)
    if then.status == 301 and target == f"{answer.url}/":
        then = local.get(urljoin(target, then.headers["location"]))
    return then.status


def test_every_address_answers_200_or_301(moved: MovedBlog) -> None:
    """But for those that are known to be lost; whoever is sent on arrives."""
    name, local = moved.name, moved.local
    paths = [path for each in blogs.addresses(name).values() for path in each]
    answers = {path: local.get(local.url(path)) for path in paths}
    lost = {path for path, answer in answers.items() if answer.status not in (200, 301)}
    assert lost == {path for path in paths if re.fullmatch(blogs.NOT_KEPT[name], path)}
    sent_on = [answer for answer in answers.values() if answer.status == 301]
    assert sent_on
    assert {answer.url: _followed(local, answer) for answer in sent_on} == {
        answer.url: 200 for answer in sent_on
    }
