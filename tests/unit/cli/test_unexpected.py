"""A fault of our own in one post of many."""

from pathlib import Path

import pytest

from unit.cli.test_app import run
from unit.cli.test_check import post


@pytest.mark.parametrize("verb", ["check", "build"])
def test_the_other_posts_are_told_all_the_same(
    verb: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One is rejected with what to do, the others are read; the log has what a report needs."""

    def raises(text: str) -> str:
        if "poison" in text:
            raise LookupError(text)
        return text

    monkeypatch.setattr("presswork.content.parsing.highlighted", raises)
    for name, body in (("a", "first"), ("b", "poison"), ("c", "last")):
        post(tmp_path / "blog" / "posts" / f"{name}.md", body, slug=name)
    out = ["--out", str(tmp_path / "out")] if verb == "build" else []
    code, stdout, _ = run(capsys, verb, str(tmp_path / "blog"), *out, "--json")
    assert code == 1
    assert '"internal"' in stdout
    assert "LookupError" in stdout
    assert "posts/b.md" in caplog.text
    assert "Traceback" in caplog.text
    if verb == "build":
        assert "first" in (tmp_path / "out/2021/05/a/index.html").read_text()
        assert "last" in (tmp_path / "out/2021/05/c/index.html").read_text()
    else:
        assert stdout.count('"verdict": "ok"') == 2
