"""The command itself, as programs call it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from e2e.local import Local, markdown


def presswork(local: Local, *arguments: str, seconds: float = 400) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON answer of one run beside this cloud."""
    state = ["--state", str(local.layout.state)]
    done = subprocess.run(
        [sys.executable, "-m", "presswork_cli", "local", *state, *arguments, "--json"],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def test_status_names_all_that_was_deployed(local: Local) -> None:
    """Every output has a value, and the site's is an address of this cloud."""
    code, answer = presswork(local, "status")
    assert code == 0
    assert answer["running"] is True
    assert all(answer["outputs"].values())
    assert answer["outputs"]["SiteUrl"].endswith(f":{local.cloud.record.port}")


def test_publish_answers_with_address_images_and_stages(local: Local, tmp_path: Path) -> None:
    """A live post: where it is, and when it passed each stage."""
    file = tmp_path / "posts" / "by-command.md"
    file.parent.mkdir()
    file.write_text(markdown("By command"))
    code, answer = presswork(local, "publish", str(file))
    (post,) = answer["posts"]
    assert (code, answer["format"], answer["site"]) == (0, 1, local.cloud.outputs.SiteUrl)
    assert (post["file"], post["key"]) == (str(file), "posts/by-command.md")
    assert (post["status"], post["error"]) == ("live", None)
    assert [stage["stage"] for stage in post["stages"]] == ["parse", "images", "render", "index"]
    seconds = [stage["seconds"] for stage in post["stages"]]
    assert seconds == sorted(seconds)
    assert local.get(post["url"]).status == 200


def test_a_rejected_post_is_exit_1(local: Local, tmp_path: Path) -> None:
    """A program learns of line and cure, and the others go live all the same."""
    bad, good = tmp_path / "bad.md", tmp_path / "good.md"
    bad.write_text(markdown("Bad", date="2025-02-30"))
    good.write_text(markdown("Good beside bad"))
    code, answer = presswork(local, "publish", str(bad), str(good))
    assert code == 1
    assert [post["status"] for post in answer["posts"]] == ["rejected", "live"]
    assert answer["posts"][0]["error"]["line"] == 3


def test_remove_answers_in_the_form_of_publish(local: Local) -> None:
    """A removed post has the status removed, and no address."""
    local.live("posts/to-remove.md", markdown("To remove"))
    code, answer = presswork(local, "remove", "posts/to-remove.md")
    (post,) = answer["posts"]
    assert (code, post["status"], post["url"]) == (0, "removed", None)


def test_a_second_removal_finds_the_first_done(local: Local) -> None:
    """Removing what is gone already is fine, and waits for nothing."""
    local.live("posts/to-remove-twice.md", markdown("To remove twice"))
    assert presswork(local, "remove", "posts/to-remove-twice.md")[0] == 0
    code, answer = presswork(local, "remove", "posts/to-remove-twice.md", "--timeout", "5")
    assert (code, answer["posts"][0]["status"]) == (0, "removed")


def test_what_was_never_published_cannot_be_removed(local: Local) -> None:
    """A misspelled key is wrong usage, not silence."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "presswork_cli", "local"),
            *("--state", str(local.layout.state), "remove", "posts/no-such-post.md"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "nothing was ever published under posts/no-such-post.md" in done.stderr


def test_env_gives_every_function_its_variables(local: Local) -> None:
    """What `sam local invoke --env-vars` reads: each function as deployed, at Docker's own name."""
    state = ["--state", str(local.layout.state)]
    command = [sys.executable, "-m", "presswork_cli", "local", *state, "env"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    functions = json.loads(done.stdout)
    assert len(functions) == 8
    assert functions["ParseFunction"]["TABLE_NAME"] == local.cloud.outputs.Table
    port = local.cloud.record.port
    for variables in functions.values():
        assert variables["AWS_ENDPOINT_URL"] == f"http://host.docker.internal:{port}"
    secret = subprocess.run([*command, "--credentials"], capture_output=True, text=True, check=True)
    assert secret.stdout.strip().endswith(local.cloud.record.secret_key)
