"""`presswork webhook`, on this machine and as on AWS: from a first post to a refused one."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from e2e.local import Local, markdown
from e2e.test_verbs import Way, as_on_aws, on_this_machine

Reach = Callable[[Local, Path], Way]


@dataclass(frozen=True)
class SourceInUse:
    """A source as its operator and its sender have it."""

    way: Way
    name: str
    local: Local

    @property
    def file(self) -> str:
        """The name of its post, which wants a path that no other source had."""
        return f"tide-{self.name}.md"

    def sent(self, file: str, *words: str, typed: str = "") -> tuple[int, Any]:
        """The exit code of a `send`, and what it tells of the post."""
        code, answer = self.way.answer("webhook", "send", self.name, file, *words, typed=typed)
        (post,) = answer["posts"]
        return code, post

    def write(self, file: str, text: str) -> None:
        """A post to send."""
        (self.way.folder / file).write_text(text, encoding="utf-8")

    def shown(self, url: str) -> tuple[int, str]:
        """What readers get at an address."""
        page = self.local.get(url)
        return page.status, page.body.decode()


@pytest.fixture(params=[on_this_machine, as_on_aws])
def source(request: pytest.FixtureRequest, local: Local, tmp_path: Path) -> SourceInUse:
    """A name that is no source yet, by either way."""
    reach: Reach = request.param
    return SourceInUse(reach(local, tmp_path), f"hooked-{reach.__name__.replace('_', '-')}", local)


def test_a_source_from_its_first_post_to_its_last(source: SourceInUse) -> None:
    """Made, sent with, rotated, its old secret dropped, removed: who may not send any more is told.

    What it sent stays published, until it is removed as any post is.
    """
    way, name = source.way, source.name
    code, added = way.answer("webhook", "add", name)
    assert code == 0
    assert_lines_for_a_shell_work(source, added["curl"])

    source.write(source.file, markdown(f"Tide of {name}", "High at noon."))
    code, post = source.sent(source.file)
    assert (code, post["status"], post["key"]) == (0, "live", f"posts/hooks/{name}/{source.file}")
    status, page = source.shown(post["url"])
    assert (status, "High at noon." in page) == (200, True)

    source.write("bad.md", markdown("Bad", date="2025-02-30"))
    code, bad = source.sent("bad.md")
    assert (code, bad["status"], bad["error"]["line"], bad["url"]) == (1, "rejected", 3, None)
    assert bad["error"]["fix"]

    assert_both_secrets_are_good_until_the_old_one_is_dropped(source, added["secret"])

    code, gone = source.sent(source.file, "--delete")
    assert (code, gone["status"]) == (0, "removed")
    assert source.shown(post["url"])[0] == 410

    assert_nobody_sends_once_it_is_removed(source)


def assert_lines_for_a_shell_work(source: SourceInUse, lines: str) -> None:
    """They are copied from the answer of `add`; curl prints that of the webhook."""
    done = subprocess.run(
        ["sh", "-euc", lines], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["key"] == f"posts/hooks/{source.name}/hello-from-{source.name}.md"
    assert answer["status_url"].startswith(source.local.cloud.outputs.WebhookUrl.rstrip("/"))


def assert_both_secrets_are_good_until_the_old_one_is_dropped(
    source: SourceInUse, old: str
) -> None:
    """So that whoever sends is given the new one without a post that is refused."""
    way, name = source.way, source.name
    code, rotated = way.answer("webhook", "rotate", name)
    assert (code, rotated["secrets"]) == (0, 2)
    for number, secret in enumerate((old, rotated["secret"])):
        source.write(source.file, markdown(f"Tide of {name}", f"Signed anew, {number}."))
        code, post = source.sent(source.file, "--stdin", typed=secret)
        assert (code, post["status"]) == (0, "live")
        assert f"Signed anew, {number}." in source.shown(post["url"])[1]
    code, dropped = way.answer("webhook", "rotate", name, "--drop-old")
    assert (code, dropped["dropped"], dropped["secret"]) == (0, 1, None)
    refused = way.message("webhook", "send", name, source.file, "--stdin", typed=old, code=1)
    assert "answers 401" in refused
    assert source.sent(source.file, "--stdin", typed=rotated["secret"])[0] == 0


def assert_nobody_sends_once_it_is_removed(source: SourceInUse) -> None:
    """Its secret is none any more; its posts are counted, and stay."""
    way, name = source.way, source.name
    secret = way.answer("webhook", "rotate", name)[1]["secret"]
    assert name in {each["source"] for each in way.answer("webhook", "list")[1]["sources"]}
    code, removed = way.answer("webhook", "remove", name, "--yes")
    assert (code, removed["posts"]) == (0, 2)  # the one of the shell, and the one that was rejected
    refused = way.message("webhook", "send", name, source.file, "--stdin", typed=secret, code=1)
    assert "answers 401" in refused
    assert "there is no source" in way.message("webhook", "send", name, source.file)
    assert name not in {each["source"] for each in way.answer("webhook", "list")[1]["sources"]}
    assert f"Hello from {name}" in source.local.feed()
