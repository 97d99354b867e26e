"""Exports move in by `import` and `sync`: what CloudFront answers at every address of theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import yaml

from e2e.local import Local
from e2e.test_command import presswork
from exports import PRIVATE, beside
from presswork.clock import utc_now
from presswork_cli.local.cloud import Response
from presswork_cli.moving import importing
from presswork_cli.moving.tools import Tool
from presswork_cli.printing.moved_answer import MovedAnswer

SETTINGS = "site.yaml"
SECONDS = 400


@dataclass(frozen=True)
class MovedExport:
    """The cloud while it holds what an export became, the receipt, and the answer of `sync`."""

    tool: Tool
    local: Local
    receipt: MovedAnswer
    synced: dict[str, Any]


@pytest.fixture(scope="module")
def own_settings(local: Local) -> Iterator[None]:
    """The cloud's own settings are in force again when all exports are gone."""
    yield
    local.delete(SETTINGS)
    local.until(
        lambda: local.cloud.stores.sites.read().site.permalink == "/:year/:month/:slug/",
        seconds=120,
    )
    local.wait_until_idle(seconds=SECONDS)


@pytest.fixture(scope="module", params=[Tool.WORDPRESS, Tool.GHOST])
def moved(
    request: pytest.FixtureRequest,
    local: Local,
    own_settings: None,  # noqa: ARG001 - what it does comes after what is done here
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MovedExport]:
    """One export after the other: it moves in with its files, and is taken away again."""
    tool: Tool = request.param
    old = tmp_path_factory.mktemp(tool.value)
    new = old / "new"
    wishes = importing.Wishes(tool, beside.laid(tool.value, old / "export"), new)
    receipt = importing.import_blog(wishes, utc_now())
    _stand_at_the_cloud(new / SETTINGS)
    words = ["sync", str(new), "--name", tool.value, "--timeout", str(SECONDS)]
    code, synced = presswork(local, *words, seconds=SECONDS)
    assert code == 0, synced
    local.wait_until_idle(seconds=SECONDS)
    yield MovedExport(tool, local, receipt, synced)
    for path in new.rglob("*"):
        if path.is_file() and path.name != SETTINGS:
            local.delete(path.relative_to(new).as_posix())
    local.wait_until_idle(seconds=SECONDS)


def _stand_at_the_cloud(file: Path) -> None:
    """The site is asked at the address of the cloud, and not at that of the blog."""
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    settings.pop("base_url", None)
    file.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")


def _followed(local: Local, answer: Response) -> int:
    """What a reader is answered who is sent on: to the slash of a folder first, then once."""
    target = urljoin(answer.url, answer.headers["location"])
    then = local.get(target)
    if then.status == 301 and target == f"{answer.url}/":
        then = local.get(urljoin(target, then.headers["location"]))
    return then.status


def test_every_address_answers_as_the_receipt_says(moved: MovedExport) -> None:
    """200 or 301, but for those that it names as lost; whoever is sent on arrives."""
    told = {each.path: each.answered for each in moved.receipt.addresses}
    answers = {path: moved.local.get(path) for path in told}  # `/?p=12` has a query
    assert len(told) > 30
    assert {path: answer.status for path, answer in answers.items()} == told
    sent_on = [answer for answer in answers.values() if answer.status == 301]
    ends = {answer.url: _followed(moved.local, answer) for answer in sent_on}
    assert ends == dict.fromkeys(ends, 200)


def test_nothing_private_is_there(moved: MovedExport) -> None:
    """Drafts are in the content bucket, and no word of them is on the site."""
    drafts = [each for each in moved.synced["posts"] if each["status"] == "draft"]
    assert len(drafts) >= 4
    pages = [key for key in moved.local.objects() if key.endswith((".html", ".json", ".xml"))]
    assert len(pages) > 40
    site = "\n".join(moved.local.get(f"/{key}").text for key in pages).lower()
    assert [word for word in PRIVATE[moved.tool.value] if word.lower() in site] == []
