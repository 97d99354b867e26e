"""Runs the uv beside this Python with the indexes of pip, whose settings uv does not read."""

import ast
import os
import subprocess
import sys
from pathlib import Path

# pip's word, uv's, and what parts several values there; what is set for uv itself comes first.
SETTINGS = (
    ("index-url", "UV_DEFAULT_INDEX", " "),
    ("extra-index-url", "UV_INDEX", " "),
    ("find-links", "UV_FIND_LINKS", ","),
    ("trusted-host", "UV_INSECURE_HOST", " "),
    ("cert", "SSL_CERT_FILE", " "),
    ("proxy", "ALL_PROXY", " "),
    ("timeout", "UV_HTTP_TIMEOUT", " "),
)
# A later section of pip's settings wins.
SECTIONS = ("global", "install", ":env:")


def main() -> int:
    """Runs uv with the arguments of this command."""
    told = _of_pip()
    # As pip does: any index may have any package; the hashes of the locks say which file is right.
    environment = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for word, name, between in SETTINGS:
        if values := told.get(word, "").split():
            environment[name] = between.join(values)
    alone = ["--no-index"] if told.get("no-index", "").lower() in ("1", "true", "yes", "on") else []
    uv = Path(sys.executable).with_name("uv")
    return subprocess.call([uv, *sys.argv[1:], *alone], env=environment | os.environ)  # noqa: S603 - ours


def _of_pip() -> dict[str, str]:
    """The settings of pip by name, of whichever files and variables it reads."""
    listed = subprocess.check_output([sys.executable, "-m", "pip", "config", "list"], text=True)
    found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        found.setdefault(section, {})[name] = ast.literal_eval(value)
    return found["global"] | found["install"] | found[":env:"]


if __name__ == "__main__":
    sys.exit(main())
