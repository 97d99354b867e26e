"""Blogs that have moved here: what CloudFront answers at every address that their readers know."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml

from e2e.local import Local
from generators import blogs
from presswork_cli.local.cloud import Response

SETTINGS = "site.yaml"
SECONDS = 900
"""Where many lists change at once index may give up: its message comes again after six minutes."""


MOVED = [name for name in blogs.HEADINGS if name != "hugo"]
"""Each takes a minute: `hugo-ugly` is the same blog, and folders as addresses has `hexo`, too."""


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
    files = _files(blogs.moved(name, tmp_path_factory.mktemp(name)))
    settings = blogs.settings(name)
    del settings["base_url"]
    local.put(SETTINGS, yaml.safe_dump(settings, allow_unicode=True).encode())
    _until_in_force(local, settings["permalink"])
    local.wait_until_idle(seconds=SECONDS)  # else each post would make the pages of all anew
    posts = {key: data for key, data in files.items() if not key.startswith("static/")}
    for key in files.keys() - posts.keys():
        local.put(key, files[key])
    local.publish_all(posts, timeout=SECONDS)
    local.wait_until_idle(seconds=SECONDS)
    yield MovedBlog(name, local)
    for key in files:
        local.delete(key)
    local.wait_until_idle(seconds=SECONDS)


def _files(folder: Path) -> dict[str, bytes]:
    """What the content folder of a blog holds, by key, but for its settings."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != SETTINGS
    }


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
    assert lost == {
        path for path in paths if any(re.fullmatch(each, path) for each in blogs.NOT_KEPT[name])
    }
    sent_on = [answer for answer in answers.values() if answer.status == 301]
    assert sent_on
    assert {answer.url: _followed(local, answer) for answer in sent_on} == {
        answer.url: 200 for answer in sent_on
    }
