"""How `sam` is called, and what is told when it fails; `sam` is a script of the test's own here."""

from pathlib import Path

import pytest

from presswork_cli.failure import Failure
from presswork_cli.local import sam
from presswork_cli.local.emulator import Record
from presswork_cli.local.layout import Layout

RECORD = Record(pid=1, port=4566, access_key="presswork", secret_key="s")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A layout whose `sam` does nothing."""
    layout = Layout(repository=tmp_path, state=tmp_path / "state", tools=tmp_path / "tools")
    layout.log("build").parent.mkdir(parents=True)
    script(layout, "exit 0")
    return layout


def script(layout: Layout, body: str) -> None:
    """Makes `sam` a shell script."""
    program = layout.tools / "sam" / "bin" / "sam"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)


def test_a_failed_deploy_tells_what_failed_and_where_the_log_is(layout: Layout) -> None:
    """Of all that sam says, the line that matters is shown, and the rest is kept."""
    script(layout, "echo CREATE_COMPLETE Table; echo CREATE_FAILED Topic no right; exit 1")
    with pytest.raises(Failure) as failure:
        sam.run(layout, RECORD, "deploy", [])
    log = layout.log("deploy")
    assert failure.value.code == 3
    assert failure.value.message == (
        f"`sam deploy` failed:\nCREATE_FAILED Topic no right\nThe whole log is {log}"
    )
    assert "CREATE_COMPLETE Table" in log.read_text()


def test_sam_speaks_to_the_local_cloud_alone(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the account that the caller works with reaches sam, and sam reports nothing."""
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "t")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    script(layout, "env")
    sam.run(layout, RECORD, "build", [])
    told = dict(line.split("=", 1) for line in layout.log("build").read_text().splitlines())
    assert {name for name in told if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_ENDPOINT_URL",
        "AWS_SECRET_ACCESS_KEY",
    }
    assert told["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert told["SAM_CLI_TELEMETRY"] == "0"
    assert told["PIP_INDEX_URL"] == "https://mirror.example/simple"


def test_sam_build_finds_the_python_that_has_pip(layout: Layout) -> None:
    """The one that runs Presswork may have none, as those that uv makes."""
    script(layout, "echo $PATH")
    sam.run(layout, RECORD, "build", [])
    first, *_ = layout.log("build").read_text().split(":")
    assert Path(first) == layout.tools / "uv" / "bin"


def test_an_empty_parameter_is_said_too() -> None:
    """A parameter that is left away would keep what the last deployment said."""
    assert sam._overrides({"ConnectTo": ""}) == ["--parameter-overrides", 'ConnectTo=""']


def test_missing_tools_name_the_command_that_installs_them(tmp_path: Path) -> None:
    """A fresh clone is told how to go on."""
    with pytest.raises(Failure, match="make tools") as failure:
        _ = Layout(tools=tmp_path).sam
    assert failure.value.code == 3


def test_linux_wheels_are_dropped_elsewhere(tmp_path: Path) -> None:
    """Of what was built for Lambda's Linux our own code stays, and nothing else."""
    layer, images = tmp_path / "SharedLayer" / "python", tmp_path / "ImagesFunction"
    for folder in (layer / "presswork", layer / "lxml", images / "PIL"):
        folder.mkdir(parents=True)
        (folder / "module.py").touch()
    for file in (layer / "typing_extensions.py", images / "app.py"):
        file.touch()
    sam.drop_linux_wheels(tmp_path)
    assert [entry.name for entry in layer.iterdir()] == ["presswork"]
    assert [entry.name for entry in images.iterdir()] == ["app.py"]
    assert (layer / "presswork" / "module.py").exists()


def test_the_newest_words_of_a_log_are_told(layout: Layout) -> None:
    """Lines without words, and those that are yet to come, are passed over."""
    assert sam.last_line(layout, "build") == ""
    layout.log("build").write_text("Starting\n  Running PythonPipBuilder:CopySource\n=======\n\n")
    assert sam.last_line(layout, "build") == "Running PythonPipBuilder:CopySource"
