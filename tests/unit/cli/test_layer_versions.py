"""The command and the functions make pages with the same libraries, or the command says so."""

from pathlib import Path

import pytest

from presswork import software
from presswork_cli.failure import Failure
from presswork_cli.local import deployment, layer_versions
from presswork_cli.local.deployment import Options
from presswork_cli.local.layer_versions import refuse_others
from presswork_cli.local.layout import Layout


def test_the_locks_of_both_agree() -> None:
    """A clone runs with what it deploys; each library is found in the layer's lock."""
    locked = {
        name.lower() for name, _ in layer_versions._PIN.findall(Layout().requirements.read_text())
    }
    assert {name.lower() for name in software.LIBRARIES} <= locked
    refuse_others(Layout())


def test_another_version_is_named_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody upgraded a library beside Presswork."""
    monkeypatch.setattr(layer_versions, "version", lambda _: "99")
    with pytest.raises(Failure, match=r"^anyascii is 99 here, and [\d.]+ in the layer") as failure:
        deployment.start(Layout(state=tmp_path), Options())
    assert failure.value.code == 2
    assert not list(tmp_path.iterdir())
