"""`presswork webhook`: sources with secrets of their own, and a sender to try them with."""

import json
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from typer.testing import CliRunner

from presswork.content import settings
from presswork_cli.app import app
from presswork_cli.failure import Exit, Failure, of_aws
from presswork_cli.local.layout import REPOSITORY
from presswork_cli.operate.commands import OnAws
from presswork_cli.webhook import sending, sources
from unit.cli.webhook_stack import Endpoint, StackWithSources, endpoint

MANUAL = " ".join((REPOSITORY / "docs" / "operate.md").read_text(encoding="utf-8").split())
PARAMETER = "/presswork/blog/webhooks/ci"
POST = "---\ntitle: Tide\n---\n\nHigh at noon.\n"


@pytest.fixture
def hooks() -> Iterator[Endpoint]:
    """Where the webhook of the stack answers."""
    with endpoint() as here:
        yield here


@pytest.fixture
def stack(hooks: Endpoint, monkeypatch: pytest.MonkeyPatch) -> StackWithSources:
    """The stack that every command finds."""
    stack = StackWithSources(hooks.url)
    monkeypatch.setattr(OnAws, "connect", lambda _: stack)
    return stack


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A post to send."""
    path = tmp_path / "tide.md"
    path.write_text(POST, encoding="utf-8")
    return path


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long a sender would have waited each time."""
    pauses: list[float] = []
    monkeypatch.setattr(sending, "Sender", partial(sending.Sender, sleep=pauses.append))
    return pauses


def give(*words: str, typed: str = "") -> Any:
    """One run of a command."""
    return CliRunner().invoke(app, ["webhook", *words], input=typed)


def answered(*words: str) -> Any:
    """What a command that ends well answers to programs."""
    done = give(*words, "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


def failure(done: Any) -> Failure:
    """The failure that a command ended with."""
    assert isinstance(done.exception, Failure), done.output
    return done.exception


def quoted(done: Any) -> str:
    """The message of a failure, which docs/operate.md has as well."""
    message = failure(done).message
    assert message in MANUAL
    return message


def secrets_of(stack: StackWithSources) -> list[str]:
    """The secrets of the source `ci`, the newest first."""
    return stack.parameters.values[PARAMETER][0].split(" ")


def test_a_source_is_made_with_a_secret_of_its_own(stack: StackWithSources) -> None:
    """It is told where it sends to, and the secret, this once."""
    answer = answered("add", "ci")
    assert secrets_of(stack) == [answer["secret"]]
    assert answer["url"] == f"{stack.outputs.WebhookUrl}/ci"
    assert answer["parameter"] == PARAMETER
    Webhook(answer["secret"])
    assert answer["curl"].startswith(f"SECRET='{answer['secret']}' URL='{answer['url']}'\n")
    shown = give("add", "zapier")
    assert stack.parameters.values["/presswork/blog/webhooks/zapier"][0] in shown.stdout


def test_a_source_that_is_there_keeps_its_secret(stack: StackWithSources) -> None:
    """Whoever signs with it is not refused by a second `add`."""
    before = answered("add", "ci")["secret"]
    assert "presswork webhook rotate ci" in quoted(give("add", "ci"))
    assert secrets_of(stack) == [before]


def test_the_lines_for_a_shell_send_a_post(stack: StackWithSources, hooks: Endpoint) -> None:
    """They are run as they are printed, by sh with curl and openssl; the signature is good."""
    hooks.answer(202, {"key": "posts/hooks/ci/hello-from-ci.md"})
    answer = answered("add", "ci")
    done = subprocess.run(
        ["sh", "-euc", answer["curl"]], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "posts/hooks/ci/hello-from-ci.md" in done.stdout
    (heard,) = hooks.heard
    assert (heard.method, heard.path) == ("POST", "/ci")
    Webhook(*secrets_of(stack)).verify(heard.body, heard.headers, json_parse=False)
    assert json.loads(heard.body)["key"] == "hello-from-ci.md"
    assert json.loads(heard.body)["content"].splitlines()[0] == "# Hello from ci"


def test_a_new_secret_comes_first_and_the_old_one_stays(stack: StackWithSources) -> None:
    """Until it is dropped, and no other is made by that."""
    first = answered("add", "ci")["secret"]
    second = answered("rotate", "ci")
    assert secrets_of(stack) == [second["secret"], first]
    assert (second["secrets"], second["dropped"]) == (2, 0)
    third = answered("rotate", "ci", "--keep")["secret"]
    assert secrets_of(stack) == [third, second["secret"], first]
    dropped = answered("rotate", "ci", "--drop-old")
    assert (dropped["secret"], dropped["secrets"], dropped["dropped"]) == (None, 1, 2)
    assert secrets_of(stack) == [third]
    assert answered("rotate", "ci", "--drop-old")["dropped"] == 0
    assert secrets_of(stack) == [third]


def test_secrets_are_not_heaped_up(stack: StackWithSources) -> None:
    """Each of them is good, so that there are a few at most."""
    answered("add", "ci")
    for _ in range(sources.MOST - 1):
        answered("rotate", "ci")
    assert "--drop-old" in quoted(give("rotate", "ci"))
    assert len(secrets_of(stack)) == sources.MOST


def test_two_who_rotate_at_once_are_told(stack: StackWithSources) -> None:
    """One of their secrets is not kept, and would be refused."""
    answered("add", "ci")
    stack.parameters.meanwhile = "whsec_other"
    done = give("rotate", "ci")
    assert "at the same time" in quoted(done)
    assert "whsec_" not in done.output


def test_a_source_goes_with_its_secrets_and_leaves_its_posts(stack: StackWithSources) -> None:
    """It is asked first, and what stays published is said."""
    answered("add", "ci")
    stack.content.keys = ["posts/hooks/ci/a.md", "posts/hooks/ci/b/c.md", "posts/hooks/cd/a.md"]
    asked = give("remove", "ci", typed="n\n")
    assert asked.exit_code == 1
    assert "2 files stay below posts/hooks/ci/, and published" in " ".join(asked.stderr.split())
    assert PARAMETER in stack.parameters.values
    assert answered("remove", "ci", "--yes")["posts"] == 2
    assert PARAMETER not in stack.parameters.values


def test_sources_are_listed_without_their_secrets(stack: StackWithSources) -> None:
    """By their names, with what the settings in force give them."""
    for name in ("zapier", "ci", "feed"):
        answered("add", name)
    answered("rotate", "ci")
    stack.parameters.values["/presswork/blog/hook"] = ("whsec_other", 1)
    stack.settings.site = settings(b"sources: {ci: {paths: /releases/, authority: author}}")
    listed = answered("list")["sources"]
    assert [(each["source"], each["secrets"]) for each in listed] == [
        *(("ci", 2), ("feed", 1), ("zapier", 1)),
    ]
    assert (listed[0]["paths"], listed[0]["authority"]) == ("/releases/", "author")
    assert listed[0]["since"] == "2026-11-29T10:00:00Z"
    shown = give("list").stdout
    assert "whsec_" not in shown
    assert "2 secrets since 2026-11-29 10:00 UTC, paths /releases/" in shown


@pytest.mark.parametrize(
    "words", [("rotate", "ci"), ("rotate", "ci", "--drop-old"), ("remove", "ci")]
)
@pytest.mark.usefixtures("stack")
def test_a_source_that_is_not_there_is_told(words: tuple[str, ...]) -> None:
    """The way out is in the message."""
    done = give(*words)
    assert "there is no source ci in the stack blog" in quoted(done)
    assert failure(done).code == Exit.USAGE


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (("add", "ci"), "PutParameter"),
        (("rotate", "ci"), "GetParameter"),
        (("remove", "ci", "--yes"), "GetParameter"),
        (("list",), "GetParametersByPath"),
        (("send", "ci", __file__), "GetParameter"),
    ],
)
def test_a_right_that_is_missing_is_named(
    stack: StackWithSources, words: tuple[str, ...], right: str
) -> None:
    """It is no absent source: whoever administers the account is to be asked."""
    stack.parameters.denied = True
    error = of_aws(give(*words).exception)
    assert error is not None
    assert error.message.endswith(f"ask who administers the account for that right: ssm:{right}")


@pytest.mark.parametrize("verb", ["add", "rotate", "remove"])
@pytest.mark.parametrize("name", ["Ci", "a/b", "", "-a", "../hook", "hook"])
@pytest.mark.usefixtures("stack")
def test_a_name_of_no_source_is_told(verb: str, name: str) -> None:
    """No endpoint has it."""
    assert "names no source" in failure(give(verb, "--", name)).message


@pytest.mark.usefixtures("pauses")
def test_a_post_is_sent_and_followed_to_its_page(
    stack: StackWithSources, hooks: Endpoint, file: Path
) -> None:
    """Signed with the newest secret, its key in the signed body; the answer is `publish`'s."""
    answered("add", "ci")
    answered("rotate", "ci")
    status = {"key": "posts/hooks/ci/tide.md", "url": None, "error": None}
    hooks.answer(202, {"key": "posts/hooks/ci/tide.md", "status_url": f"{hooks.url}/status/t"})
    hooks.answer(200, {**status, "status": "accepted", "due": None})
    hooks.answer(200, {**status, "status": "live", "url": "https://blog.example/tide/"})
    answer = answered("send", "ci", str(file))
    assert answer["site"] == "https://blog.example"
    (post,) = answer["posts"]
    assert (post["file"], post["key"], post["status"], post["url"]) == (
        *(str(file), "posts/hooks/ci/tide.md", "live", "https://blog.example/tide/"),
    )
    sent, asked, _ = hooks.heard
    assert (sent.method, sent.path, asked.method, asked.path) == ("POST", "/ci", "GET", "/status/t")
    Webhook(secrets_of(stack)[0]).verify(sent.body, sent.headers, json_parse=False)
    assert json.loads(sent.body) == {"key": "tide.md", "content": POST}


@pytest.mark.usefixtures("pauses", "stack")
def test_a_post_that_is_turned_down_is_told_with_line_and_cure(hooks: Endpoint, file: Path) -> None:
    """The exit code is 1, and the last good version's address is not that of this one."""
    answered("add", "ci")
    error = {"rule": "date.form", "line": 3, "column": 7, "message": "No date.", "fix": "Mend it."}
    hooks.answer(202, {"key": "posts/hooks/ci/x.md", "status_url": f"{hooks.url}/status/t"})
    hooks.answer(200, {"status": "rejected", "url": "https://blog.example/x/", "error": error})
    done = give("send", "ci", str(file), "--key", "x.md")
    assert done.exit_code == Exit.REJECTED
    assert f"{file}:3:7: No date." in done.stdout
    assert "fix: Mend it." in done.stdout
    assert "https://blog.example/x/" not in done.stdout
    assert json.loads(hooks.heard[0].body)["key"] == "x.md"


@pytest.mark.usefixtures("pauses", "stack")
def test_a_post_is_deleted_by_its_key(hooks: Endpoint, tmp_path: Path) -> None:
    """The file need not be there any more."""
    answered("add", "ci")
    hooks.answer(202, {"key": "posts/hooks/ci/gone.md", "status_url": f"{hooks.url}/status/t"})
    hooks.answer(200, {"status": "removed"})
    answer = answered("send", "ci", str(tmp_path / "gone.md"), "--delete")
    assert answer["posts"][0]["status"] == "removed"
    assert json.loads(hooks.heard[0].body) == {"key": "gone.md", "deleted": True}


@pytest.mark.usefixtures("stack")
def test_a_sender_that_is_told_to_come_later_does(
    hooks: Endpoint, file: Path, pauses: list[float]
) -> None:
    """As late as it was told, with the same webhook-id, so that nothing is written twice."""
    answered("add", "ci")
    hooks.answer(429, {"message": "Too Many Requests"}, retry_after="2")
    hooks.answer(409, {"message": "The same request is being worked on."}, retry_after="5")
    hooks.answer(429, {"message": "Too Many Requests"}, retry_after="86400")
    hooks.answer(500)
    hooks.answer(202, {"key": "posts/hooks/ci/tide.md", "status_url": f"{hooks.url}/status/t"})
    hooks.answer(429, retry_after="1")
    hooks.answer(200, {"status": "live", "url": "https://blog.example/tide/"})
    assert answered("send", "ci", str(file))["posts"][0]["status"] == "live"
    assert pauses == [2, 5, 30, 1, 1]
    ids = {each.headers["webhook-id"] for each in hooks.heard if each.method == "POST"}
    assert len(ids) == 1


@pytest.mark.usefixtures("stack")
def test_a_sender_gives_up(hooks: Endpoint, file: Path, pauses: list[float]) -> None:
    """After some tries; nothing was rejected by that."""
    answered("add", "ci")
    hooks.answer(429, {"message": "Too Many Requests"})
    said = failure(give("send", "ci", str(file)))
    assert said.code == Exit.NO_CLOUD
    assert "429 Too Many Requests" in said.message
    assert (len(hooks.heard), len(pauses)) == (6, 5)


@pytest.mark.parametrize(
    ("status", "message", "said"),
    [
        (401, "The signature is wrong.", "presswork webhook list"),
        (409, "This webhook-id came with another post before.", "nothing was written"),
        (413, "The body is larger than 1048576 bytes.", "nothing was written"),
    ],
)
@pytest.mark.usefixtures("stack")
def test_what_the_webhook_refuses_is_told(
    hooks: Endpoint, file: Path, status: int, message: str, said: str
) -> None:
    """With what the endpoint says of it, and exit code 1."""
    answered("add", "ci")
    hooks.answer(status, {"message": message})
    refused = failure(give("send", "ci", str(file)))
    assert f"{status} {message.rstrip('.')}" in refused.message
    assert said in refused.message
    assert (refused.code, len(hooks.heard)) == (Exit.REJECTED, 1)


@pytest.mark.usefixtures("stack")
def test_a_secret_of_others_is_tried_by_standard_input(
    hooks: Endpoint, file: Path, pauses: list[float]
) -> None:
    """So an old one is seen to be good still, or to be none any more."""
    old = answered("add", "ci")["secret"]
    new = answered("rotate", "ci")["secret"]
    hooks.answer(202, {"key": "posts/hooks/ci/tide.md", "status_url": f"{hooks.url}/status/t"})
    hooks.answer(200, {"status": "draft"})
    done = give("send", "ci", str(file), "--stdin", typed=f"{old}\n")
    assert done.exit_code == 0, done.output
    assert pauses == []
    Webhook(old).verify(hooks.heard[0].body, hooks.heard[0].headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(hooks.heard[0].body, hooks.heard[0].headers, json_parse=False)
    assert "is no secret" in failure(give("send", "ci", str(file), "--stdin", typed="x")).message


@pytest.mark.usefixtures("stack", "pauses")
def test_a_post_that_does_not_come_through_is_told(hooks: Endpoint, file: Path) -> None:
    """It ends as `publish` does: exit code 3, status `timeout`."""
    answered("add", "ci")
    hooks.answer(202, {"key": "posts/hooks/ci/tide.md", "status_url": f"{hooks.url}/status/t"})
    hooks.answer(200, {"status": "accepted"})
    done = give("send", "ci", str(file), "--timeout", "0.1", "--json")
    assert done.exit_code == Exit.NO_CLOUD
    assert json.loads(done.stdout)["posts"][0]["status"] == "timeout"


@pytest.mark.parametrize("document", [b"<html>", {}, {"key": "posts/hooks/ci/tide.md"}, []])
@pytest.mark.usefixtures("stack")
def test_what_is_no_webhook_of_ours_is_told(hooks: Endpoint, file: Path, document: Any) -> None:
    """An answer without a status_url is none."""
    answered("add", "ci")
    hooks.answer(202, document)
    assert "tells no status_url" in failure(give("send", "ci", str(file))).message


def test_nobody_who_answers_is_told(stack: StackWithSources, file: Path) -> None:
    """The endpoint's address is in the message."""
    answered("add", "ci")
    stack.outputs = stack.outputs.model_copy(update={"WebhookUrl": "http://hooks.localhost:9"})
    said = failure(give("send", "ci", str(file)))
    assert "hooks.localhost:9 does not answer" in said.message
    assert said.code == Exit.NO_CLOUD


@pytest.mark.parametrize("data", [None, b"\x89PNG\r\n\x1a\n\0\0"])
@pytest.mark.usefixtures("stack")
def test_what_is_no_text_is_not_sent(hooks: Endpoint, tmp_path: Path, data: bytes | None) -> None:
    """Nor is a file that is not there."""
    path = tmp_path / "picture.md"
    if data is not None:
        path.write_bytes(data)
    assert str(path) in failure(give("send", "ci", str(path))).message
    assert hooks.heard == []
