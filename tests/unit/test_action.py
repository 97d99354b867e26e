"""action.yml, and the pipelines that docs/git.md prints: what they ask for, and what they run."""

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from action_runner import Event, Expression, Repository, Run, Runner, filled, git, holds
from template.ci_role import RoleStack

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
PAGE = (ROOT / "docs" / "git.md").read_text(encoding="utf-8")
WORKFLOW_TEXT, PIPELINE_TEXT = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
# `on` is a boolean to YAML 1.1, which PyYAML reads and GitHub does not.
WORKFLOW: dict[Any, Any] = yaml.safe_load(WORKFLOW_TEXT)
PIPELINE: dict[str, Any] = yaml.safe_load(PIPELINE_TEXT)
JOB: dict[str, Any] = WORKFLOW["jobs"]["presswork"]

_VARIABLE = re.compile(r"\$\{?([A-Z][A-Z_]+)\b")


def documented(heading: str) -> dict[str, str]:
    """The names of a table of the page, each with what it means to leave it away."""
    part = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", part, re.MULTILINE))


@pytest.mark.parametrize("name", STEPS)
def test_no_expression_is_in_a_script(name: str) -> None:
    """What GitHub fills in comes by the environment: in a script it could be a command."""
    assert "${{" not in STEPS[name]["run"]
    assert STEPS[name]["shell"] == "bash"


@pytest.mark.parametrize("name", STEPS)
def test_each_variable_of_a_script_is_given_and_quoted(name: str) -> None:
    """By the step or by GitHub; a value with a space or a star in it stays one word."""
    script = STEPS[name]["run"]
    of_github = {"RUNNER_TEMP", "GITHUB_ACTION_PATH", "GITHUB_OUTPUT"}
    given = {*STEPS[name].get("env", {})} - {"PIP_DISABLE_PIP_VERSION_CHECK"}
    assert given <= set(_VARIABLE.findall(script)) <= given | of_github
    bare = re.sub(r'"[^"]*"|\[\[.*?\]\]', "", script)
    assert not _VARIABLE.search(bare), bare


def test_each_input_is_used_and_documented() -> None:
    """With its default, by the name that the page tells."""
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text()))
    table = documented("What the action is given")
    assert used == set(ACTION["inputs"]) == set(table)
    for name, each in ACTION["inputs"].items():
        assert table[name].startswith(f"`{each['default']}`" if each["default"] else "that of")


def test_the_action_installs_by_hashes_alone() -> None:
    """Nothing but the lock and the checkout is installed, and nothing to build it is fetched."""
    installs = re.findall(r'"\$\{pip\[@\]\}" (.+)', STEPS["Install Presswork"]["run"])
    assert installs == [
        '--require-hashes --requirement "$GITHUB_ACTION_PATH/requirements/command.txt"',
        '--no-deps --no-build-isolation "$GITHUB_ACTION_PATH"',
    ]


@pytest.mark.parametrize(
    ("event", "ref"),
    [
        *product(
            ("push", "workflow_dispatch", "pull_request", "pull_request_target", "issue_comment"),
            ("refs/heads/main", "refs/heads/draft", "refs/tags/main", "refs/pull/1/merge"),
        )
    ],
)
@pytest.mark.parametrize("failed", [False, True])
def test_only_the_default_branch_is_synced(event: str, ref: str, *, failed: bool) -> None:
    """By a push or by hand, also when the check failed; by nothing that strangers can begin."""
    steps = {"install": {"outcome": "success"}, "newest": {"outputs": {"sync": "yes"}}}
    context = {"github": Event(event, ref).context, "inputs": {}, "steps": steps}
    asks = holds(
        STEPS["See whether a newer commit changed the folder"]["if"], context, failed=failed
    )
    is_ours = event in {"push", "workflow_dispatch"} and ref == "refs/heads/main"
    assert asks == is_ours
    assert holds(STEPS["Sync"]["if"], context, failed=failed)
    answers: list[dict[str, Any]] = [{}, {"outputs": {}}, {"outputs": {"sync": ""}}]
    for answer in answers:
        context["steps"] = {**steps, "newest": answer}
        assert not holds(STEPS["Sync"]["if"], context, failed=failed)


def test_what_was_not_installed_is_not_run() -> None:
    """Neither the check nor what follows it."""
    steps = {"install": {"outcome": "failure"}}
    context = {"github": Event("push").context, "inputs": {}, "steps": steps}
    ran = [name for name, each in STEPS.items() if holds(each.get("if", ""), context, failed=True)]
    assert ran == []


def test_the_workflow_has_fifteen_lines_and_few_rights() -> None:
    """It reads the repository and proves who it is; credentials are for a push alone."""
    assert len(WORKFLOW_TEXT.splitlines()) == 15
    assert WORKFLOW["permissions"] == {"contents": "read", "id-token": "write"}
    assert WORKFLOW[True] == {"pull_request": None, "push": {"branches": ["main"]}}
    assert WORKFLOW["concurrency"] == {"group": "presswork-${{ github.ref }}"}
    checkout, credentials, action = JOB["steps"]
    assert (checkout["uses"], "if" in checkout) == ("actions/checkout@v4", False)
    assert credentials["if"] == "github.event_name == 'push'"
    assert set(credentials["with"]) == {"role-to-assume", "aws-region"}
    assert action["uses"].startswith("presswork/presswork@")
    assert set(action["with"]) <= set(ACTION["inputs"])
    assert str(action["with"]["delete"]).lower() == "true"


def test_the_role_is_made_as_the_page_says() -> None:
    """Each parameter is in the template with the default that the page tells."""
    parameters = RoleStack({}).source["Parameters"]
    table = documented("The role")
    assert set(table) == set(parameters)
    for name, each in parameters.items():
        default = each.get("Default")
        assert table[name].startswith(f"`{default}`" if default else "it has to be given"), name
    (given,) = re.findall(r"--parameter-overrides ((?:\w+=\S+ ?)+)", PAGE)
    for pair in given.split():
        name, _, value = pair.partition("=")
        assert re.fullmatch(parameters[name]["AllowedPattern"], value)
    assert parameters["Stack"]["Default"] == ACTION["inputs"]["stack"]["default"]


def test_what_the_action_says_is_on_the_page() -> None:
    """Each error of its own has its cure there."""
    told = re.findall(r"'::error::([^:']+(?::[^.']+)?)", (ROOT / "action.yml").read_text())
    assert len(told) == 2
    for message in told:
        assert message.split(": have")[0] in PAGE, message


def test_the_pipeline_of_gitlab_takes_the_role_by_its_token() -> None:
    """For the audience that the template trusts; a merge request gets none."""
    stack = RoleStack({"Host": "gitlab.com"})
    (statement,) = stack.of("AWS::IAM::Role")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    sync, check = PIPELINE["sync"], PIPELINE["check"]
    assert (
        sync["id_tokens"]["AWS_TOKEN"]["aud"]
        == (statement["Condition"]["StringEquals"]["gitlab.com:aud"])
    )
    assert "id_tokens" not in check
    assert set(sync["variables"]) == {"AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"}
    assert check["artifacts"]["reports"]["codequality"] in check["script"][0]
    assert "requirements/command.txt" in PIPELINE[".presswork"]["before_script"][1]


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A machine where all is installed by now; the command says how it was called, and fails.

    Whether it fails is said by the folder: it does where there is a file `bad.md`.
    """
    programs, temporary = tmp_path / "programs", tmp_path / "temp"
    installed = temporary / "presswork" / "bin"
    for place in (programs / "python3", installed / "python", installed / "presswork"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("#!/bin/sh\nexit 0\n")
        place.chmod(0o755)
    (installed / "presswork").write_text(
        '#!/bin/sh\nprintf "<%s>" presswork "$@"; echo; for folder; do :; done\n'
        '[ ! -e "$folder/bad.md" ]\n'
    )
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path)}
    return Runner(ROOT, tmp_path / "workspace", temporary, environment)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository whose blog lies below its root, with a first post."""
    repository = Repository.at(tmp_path, "my blog")
    repository.write(first="One.")
    repository.push()
    return repository


def called(run: Run) -> list[str]:
    """How the command was called."""
    return [line for line in run.log.splitlines() if line.startswith("<presswork>")]


def test_each_input_comes_to_the_command(runner: Runner, repository: Repository) -> None:
    """As an option where it is asked for, and the folder as one word."""
    repository.check_out(runner.workspace)
    assert called(runner.run(Event("push"), folder="my blog")) == [
        "<presswork><check><--output-format><github><--><my blog>",
        "<presswork><sync><--stack><presswork><--><my blog>",
    ]
    asked = {"stack": "notes", "region": "eu-west-1", "strict": "true", "delete": "true"}
    assert called(runner.run(Event("push"), folder="my blog", **asked)) == [
        "<presswork><check><--output-format><github><--strict><--><my blog>",
        "<presswork><sync><--stack><notes><--region><eu-west-1><--delete><--><my blog>",
    ]


def test_what_is_refused_fails_the_job_and_keeps_nothing_else(
    runner: Runner, repository: Repository
) -> None:
    """A push is synced after a check that failed; a pull request is not."""
    repository.write(bad="Bad.")
    repository.push()
    repository.check_out(runner.workspace)
    run = runner.run(Event("push"), folder="my blog")
    assert (run.conclusion, len(called(run))) == ("failure", 2)
    run = runner.run(Event("pull_request", "refs/pull/1/merge"), folder="my blog")
    assert (run.conclusion, len(called(run))) == ("failure", 1)


def test_an_older_commit_does_not_come_after_a_newer_one(
    runner: Runner, repository: Repository
) -> None:
    """Its run is put off or run again: it syncs, unless a newer commit changed the folder."""
    first = git(repository.clone, "rev-parse", "HEAD")
    (repository.clone / "README.md").write_text("For who works on it.")
    repository.push()
    repository.check_out(runner.workspace, first)
    assert runner.run(Event("push"), folder="my blog").outcomes["Sync"] == "success"

    repository.write(first="Two.")
    repository.push()
    for folder in ("my blog", "."):
        run = runner.run(Event("push"), folder=folder)
        assert (run.conclusion, run.outcomes["Sync"]) == ("success", "skipped")
        (told,) = run.commands
        assert (told.name, told.data.startswith("Nothing was synced: a newer")) == ("notice", True)
    repository.check_out(runner.workspace)
    assert runner.run(Event("push"), folder="my blog").outcomes["Sync"] == "success"


def test_a_folder_that_a_step_made_is_of_its_commit(runner: Runner, repository: Repository) -> None:
    """What git does not keep is not synced once anything is newer."""
    first = git(repository.clone, "rev-parse", "HEAD")
    repository.check_out(runner.workspace)
    (runner.workspace / "made").mkdir()
    assert runner.run(Event("push"), folder="made").outcomes["Sync"] == "success"
    (repository.clone / "README.md").write_text("For who works on it.")
    repository.push()
    repository.check_out(runner.workspace, first)
    (runner.workspace / "made").mkdir()
    assert runner.run(Event("push"), folder="made").outcomes["Sync"] == "skipped"


def test_without_an_answer_of_the_origin_nothing_is_synced(
    runner: Runner, repository: Repository
) -> None:
    """Nobody knows whether the commit is the newest: the job fails and says why."""
    repository.check_out(runner.workspace)
    git(runner.workspace, "remote", "set-url", "origin", (repository.clone / "no").as_uri())
    run = runner.run(Event("push"), folder="my blog")
    assert (run.conclusion, run.outcomes["Sync"]) == ("failure", "skipped")
    (told,) = run.commands
    assert (told.name, "origin does not tell" in told.data) == ("error", True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("github.event_name", "push"),
        ("github.event_name == 'PUSH'", True),
        ("github.nothing", ""),
        ("!github.nothing && 'it''s'", "it's"),
        ("github.nothing || 'b' || 'c'", "b"),
        ("'a' == 'a' && 'b' != 'b' || 'c'", "c"),
        ("format('{0}/{1}', github.ref, 'x')", "refs/heads/main/x"),
        ("(failure() || success()) && always() && !cancelled()", True),
    ],
)
def test_expressions_are_read_as_github_documents(text: str, value: object) -> None:
    """The runner of these tests is held to what "Evaluate expressions" says."""
    context = {"github": Event("push").context}
    assert Expression(text, context).value() == value
    assert filled(f"a ${{{{ {text} }}}} b", context) == f"a {value} b"


def test_a_step_without_a_status_function_is_skipped_after_a_failure() -> None:
    """As GitHub adds `success()` to it."""
    for condition in ("", "'x' == 'x'"):
        assert holds(condition, {}, failed=False)
        assert not holds(condition, {}, failed=True)
    assert holds("${{ failure() }}", {}, failed=True)
