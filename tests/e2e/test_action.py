"""The action runs as GitHub runs it, in a repository, and syncs to the local cloud."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from action_runner import Event, Repository, Run, Runner, git
from e2e.local import Local, markdown
from first_hour import KEPT
from presswork_cli.local.emulator import REGION

ROOT = Path(__file__).parents[2]
PUSH, PULL_REQUEST = Event("push"), Event("pull_request", "refs/pull/1/merge")
NEWEST = "See whether a newer commit changed the folder"


@dataclass(frozen=True)
class Blog:
    """A repository, and the machine and the cloud that its action runs on."""

    repository: Repository
    runner: Runner
    local: Local

    def run(self, event: Event, **inputs: str) -> Run:
        """What becomes of a run for the newest commit."""
        self.repository.check_out(self.runner.workspace)
        return self.runner.run(event, folder=self.repository.folder, **inputs)

    def holds(self, post: str) -> bool:
        """Whether the bucket holds a post."""
        answer = self.local.cloud.client("s3").list_objects_v2(
            Bucket=self.local.cloud.outputs.ContentBucket, Prefix=f"posts/{post}.md"
        )
        return bool(answer["KeyCount"])


@pytest.fixture(scope="module")
def runner(local: Local, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A machine with the action checked out, and the credentials that an earlier step has left."""
    place = tmp_path_factory.mktemp("runner")
    action, temporary, home = (place / name for name in ("action", "temp", "home"))
    for folder in (temporary, home):
        folder.mkdir()
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        if (ROOT / name).is_file():
            (action / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, action / name)
    record = local.cloud.record
    kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
    return Runner(
        action,
        place / "workspace",
        temporary,
        kept
        | {
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "AWS_ENDPOINT_URL": record.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": record.access_key,
            "AWS_SECRET_ACCESS_KEY": record.secret_key,
        },
    )


def test_a_bad_post_is_told_at_its_line_and_mended_it_is_live(
    local: Local, runner: Runner, tmp_path: Path
) -> None:
    """A pull request is checked alone; a push publishes all that is good, and fails for the bad."""
    name = uuid4().hex[:8]
    repository = Repository.at(tmp_path, f"blog-{name}")
    blog = Blog(repository, runner, local)
    good, bad = f"good-{name}", f"bad-{name}"
    broken = markdown(f"Bad {name}", date="2026-02-30")
    repository.write(**{good: markdown(f"Good {name}"), bad: broken})
    repository.push()
    place = {
        "file": f"{repository.folder}/{bad}.md",
        "line": str(broken.splitlines().index("date: 2026-02-30") + 1),
    }
    for event, synced in ((PULL_REQUEST, "skipped"), (PUSH, "failure")):
        run = blog.run(event)
        outcome = (run.conclusion, run.outcomes["Check"], run.outcomes["Sync"])
        assert outcome == ("failure", "failure", synced), run.log
        (told,) = run.commands
        assert (told.name, told.properties.items() >= place.items()) == ("error", True)
        assert "There is no such date as '2026-02-30'." in told.data
        assert "| error | " in run.summary
        assert (f"refused   posts/{bad}.md" in run.log) == (event is PUSH)
        assert (blog.holds(good), blog.holds(bad)) == (event is PUSH, False)

    repository.write(**{bad: markdown(f"Bad {name}")})
    repository.push()
    run = blog.run(PUSH)
    assert (run.conclusion, set(run.outcomes.values())) == ("success", {"success"}), run.log
    assert "1 unchanged" in run.log
    assert run.commands == []
    live = next(each for each in run.log.split() if each.endswith(f"/bad-{name}/"))
    assert local.get(live.removeprefix(local.cloud.outputs.SiteUrl)).status == 200


def test_inputs_are_words_and_nothing_more(local: Local, runner: Runner, tmp_path: Path) -> None:
    """A name that a shell would run is the name of a folder, and of a stack that is not there."""
    mark = tmp_path / "mark"
    name = uuid4().hex[:8]
    repository = Repository.at(tmp_path, f"$(touch mark) `touch mark`; touch mark *{name}")
    repository.write(**{name: markdown(f"Warned {name}", "[nowhere](nowhere.md)")})
    repository.push()
    run = Blog(repository, runner, local).run(
        PUSH, strict="true", stack=f"$(touch {mark})", region=REGION
    )
    outcome = [run.outcomes[name] for name in ("Check", NEWEST, "Sync")]
    assert outcome == ["failure", "success", "failure"], run.log
    (told,) = run.commands
    assert (told.name, told.properties["file"]) == ("error", f"{repository.folder}/{name}.md")
    assert "no stack $(touch" in run.log
    assert not mark.exists()
    assert not list(runner.workspace.rglob(mark.name))
