"""A site with every kind of page, built for browsers to look at: `python sample.py OUT [zh]`."""

import hashlib
import json
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import yaml

from presswork_cli.local.layout import REPOSITORY
from presswork_cli.offline.build import BuildOptions, build

HERE = Path(__file__).parent
EXAMPLES = REPOSITORY / "examples"
ORIGIN = "http://images.presswork.example/"
LANGUAGES = {
    "en": {},
    "zh": {"title": "慢船", "language": "zh-Hans", "description": "来自小港口的信。"},
}


def make(out: Path, language: str = "en") -> None:
    """Builds the example posts and those beside this file, with all of their pictures, into OUT."""
    with tempfile.TemporaryDirectory() as folder:
        content, vault = Path(folder, "content"), Path(folder, "vault")
        (content / "posts").mkdir(parents=True)
        for post in (*(EXAMPLES / "posts").iterdir(), *(HERE / "posts").iterdir()):
            shutil.copy(post, content / "posts")
        settings = yaml.safe_load((HERE / "site.yaml").read_text()) | LANGUAGES[language]
        (content / "site.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
        _fill(vault)
        options = BuildOptions(
            content, out, now=datetime(2026, 1, 1, tzinfo=UTC), vault=vault, clean=True
        )
        answer = build(options)
    if answer.summary.get("live", 0) < len(list((HERE / "posts").iterdir())):
        sys.exit(f"posts are missing: {answer}")


def _fill(vault: Path) -> None:
    """The pictures of the examples, as VaultBucket would hold them."""
    for name in ("sources", "originals"):
        (vault / name).mkdir(parents=True)
    for picture in (EXAMPLES / "images").iterdir():
        if picture.suffix == ".py":
            continue
        digest = hashlib.sha256(picture.read_bytes()).hexdigest()
        shutil.copy(picture, vault / "originals" / digest)
        url = hashlib.sha256(f"{ORIGIN}{picture.name}".encode()).hexdigest()
        (vault / "sources" / f"{url}.json").write_text(json.dumps({"sha256": digest}))


if __name__ == "__main__":
    make(Path(sys.argv[1]), *sys.argv[2:])
