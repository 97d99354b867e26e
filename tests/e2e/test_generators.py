"""A blog that has moved here: what CloudFront answers at every address that its readers know."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
import yaml

from e2e.local import Local
from generators import blogs
from presswork_cli.operate import publish
from presswork_cli.operate.follow import Journey
from presswork_cli.operate.publish import Draft

NAME = "pelican"


@pytest.fixture(scope="module")
def moved(local: Local, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """The cloud while it holds the blog, at the address of the cloud."""
    folder = blogs.moved(NAME, tmp_path_factory.mktemp(NAME))
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "site.yaml"
    }
    settings = blogs.settings(NAME)
    del settings["base_url"]
    local.put("site.yaml", yaml.safe_dump(settings, allow_unicode=True).encode())
    _until_in_force(local, settings["permalink"])
    drafts = [Draft(key, key, data) for key, data in files.items() if not key.startswith("static/")]
    journeys = [Journey(draft.key, draft.key) for draft in drafts]
    publish.publish(local.cloud, drafts, journeys, timeout=180, passed=lambda *_: None)
    for key in files.keys() - {draft.key for draft in drafts}:
        local.put(key, files[key])
    local.wait_until_idle(seconds=180)
    yield local
    for key in ("site.yaml", *files):
        local.delete(key)
    _until_in_force(local, "/:year/:month/:slug/")
    local.wait_until_idle(seconds=180)


def _until_in_force(local: Local, permalink: str) -> None:
    local.until(lambda: local.cloud.stores.sites.read().site.permalink == permalink, seconds=120)


def test_every_address_answers_200_or_301(moved: Local) -> None:
    """But for those that are known to be lost; whoever is sent on arrives."""
    paths = [path for each in blogs.addresses(NAME).values() for path in each]
    answers = {path: moved.get(moved.url(path)) for path in paths}
    lost = {path for path, answer in answers.items() if answer.status not in (200, 301)}
    assert lost == {
        path for path in paths if any(re.fullmatch(each, path) for each in blogs.NOT_KEPT[NAME])
    }
    sent_on = [answer.headers["location"] for answer in answers.values() if answer.status == 301]
    assert sent_on
    assert {moved.get(unquote(location)).status for location in sent_on} == {200}
