"""Digests of what the local cloud is made of."""

from pathlib import Path

from presswork_cli.local.inputs import digest


def tree(root: Path) -> Path:
    """A folder with two files."""
    (root / "deep").mkdir(parents=True)
    (root / "app.py").write_text("one = 1\n")
    (root / "deep" / "words.txt").write_text("two\n")
    return root


def test_equal_files_are_one_digest_wherever_they_lie(tmp_path: Path) -> None:
    """Neither the place of a folder nor a file's date has a part in it."""
    assert digest([tree(tmp_path / "a" / "it")]) == digest([tree(tmp_path / "b" / "it")])


def test_every_change_is_seen(tmp_path: Path) -> None:
    """Other bytes, another name, one file more, bytes moved between files, other words."""
    root = tree(tmp_path / "it")
    seen = [digest([root]), digest([root], "word"), digest([root, root / "app.py"])]
    (root / "app.py").write_text("one = 2\n")
    seen.append(digest([root]))
    (root / "app.py").rename(root / "application.py")
    seen.append(digest([root]))
    (root / "empty").touch()
    seen.append(digest([root]))
    (root / "application.py").write_text("one")
    (root / "deep" / "words.txt").write_text(" = 2\ntwo\n")
    seen.append(digest([root]))
    assert len(set(seen)) == len(seen)


def test_bytecode_has_no_part_in_it(tmp_path: Path) -> None:
    """What Python leaves beside its code changes nothing."""
    root = tree(tmp_path / "it")
    before = digest([root])
    cache = root / "deep" / "__pycache__"
    cache.mkdir()
    (cache / "app.cpython-311.pyc").write_bytes(b"code")
    assert digest([root]) == before
