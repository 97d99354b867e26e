"""Which stack a verb acts on, where none was named."""

from pathlib import Path
from typing import Any

import pytest

from presswork_cli.app import in_front
from presswork_cli.failure import Exit, Failure
from presswork_cli.operate import finding, samconfig
from presswork_cli.operate.commands import OnAws
from presswork_cli.printing.answers import Outputs

PRESSWORK = [{"OutputKey": name, "OutputValue": "x"} for name in Outputs.model_fields]


class Region:
    """CloudFormation in one region: it lists stacks a page at a time."""

    def __init__(self, *pages: dict[str, list[dict[str, str]]]) -> None:
        self.pages = pages
        self.meta = self
        self.region_name = "eu-west-1"

    def get_paginator(self, operation: str) -> "Region":
        """A paginator of stacks."""
        assert operation == "describe_stacks"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        """Every page."""
        return [
            {"Stacks": [{"StackName": name, "Outputs": outputs} for name, outputs in page.items()]}
            for page in self.pages
        ]


def test_the_one_stack_with_our_outputs_is_found() -> None:
    """On whatever page it is, whatever else the region has."""
    other = [{"OutputKey": "ContentBucket", "OutputValue": "x"}]
    assert finding.the_one(Region({"cdk": [], "other": other}, {"blog": PRESSWORK})) == "blog"


def test_of_several_none_is_guessed() -> None:
    """The message names them, and the ways to choose."""
    with pytest.raises(Failure) as failure:
        finding.the_one(Region({"notes": PRESSWORK}, {"blog": PRESSWORK}))
    assert failure.value.code is Exit.USAGE
    assert failure.value.message == (
        "2 stacks in eu-west-1 are Presswork's: blog, notes: choose one with --stack NAME, or by "
        "PRESSWORK_STACK"
    )


def test_where_there_is_none_the_usual_name_is_looked_at() -> None:
    """A first deployment that failed has no outputs: `doctor` says so of it."""
    assert finding.the_one(Region({"presswork": []})) == "presswork"


def _saved(folder: Path, text: str) -> None:
    (folder / samconfig.NAME).write_text(text)


def test_samconfig_names_the_stack_of_a_folder(tmp_path: Path) -> None:
    """That of the folder, or of the one around it; what is said of deploy goes before global."""
    inner = tmp_path / "site"
    inner.mkdir()
    _saved(
        tmp_path,
        '[default.global.parameters]\nstack_name = "old"\n'
        '[default.deploy.parameters]\nstack_name = "blog"\nregion = "eu-west-1"\n',
    )
    for folder in (tmp_path, inner):
        found = samconfig.nearest(folder)
        assert (found.stack, found.region, found.profile) == ("blog", "eu-west-1", None)
    _saved(inner, '[default.global.parameters]\nstack_name = "notes"\n')
    assert samconfig.nearest(inner).stack == "notes"
    assert samconfig.nearest(tmp_path.parent / "elsewhere").stack is None


@pytest.mark.parametrize("text", ["", "default = 1", "[default]\ndeploy = 1", "[default.deploy]"])
def test_a_samconfig_without_a_stack_says_nothing(tmp_path: Path, text: str) -> None:
    """One of another shape is none of ours."""
    _saved(tmp_path, text)
    assert samconfig.nearest(tmp_path) == samconfig.Saved()


def test_a_broken_samconfig_is_named(tmp_path: Path) -> None:
    """It is not passed over: another stack would be acted on than the one that it means."""
    _saved(tmp_path, "[default\n")
    with pytest.raises(Failure, match=r"samconfig\.toml is no TOML: .*: mend it, or delete it"):
        samconfig.nearest(tmp_path)


def test_another_stack_than_that_of_samconfig_is_not_looked_for_in_its_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Region and profile of the file are those of its own stack."""
    asked: list[tuple[str | None, ...]] = []
    monkeypatch.setattr("presswork_cli.operate.stack.Deployed", lambda *given: asked.append(given))
    monkeypatch.chdir(tmp_path)
    _saved(
        tmp_path,
        '[default.deploy.parameters]\nstack_name = "blog"\nregion = "eu-west-1"\nprofile = "me"\n',
    )
    OnAws().connect()
    OnAws("blog", "us-east-1", endpoint="http://x").connect()
    OnAws("notes").connect()
    assert asked == [
        ("blog", "eu-west-1", "me", None),
        ("blog", "us-east-1", "me", "http://x"),
        ("notes", None, None, None),
    ]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("publish a.md --stack blog", "--stack blog publish a.md"),
        ("publish a.md --region=eu-west-1 --json", "--region=eu-west-1 publish a.md --json"),
        ("publish a.md --local --json", "local publish a.md --json"),
        ("--local --profile me status", "--profile me local status"),
        ("status --stack", "--stack status"),
        ("publish -- --local --stack", "publish -- --local --stack"),
        ("local status", "local status"),
    ],
)
def test_the_options_that_name_a_stack_may_stand_after_the_verb(given: str, meant: str) -> None:
    """They are brought before it, each with its value; what follows `--` is no option."""
    assert in_front(given.split()) == meant.split()
