"""`presswork serve` as a browser meets it: what is saved is shown, and what is wrong with it."""

import json
from pathlib import Path
from threading import Thread

from browser.test_pages import run
from unit.cli.test_check import post
from unit.cli.test_serve import served


def test_a_page_loads_itself_again(tmp_path: Path) -> None:
    """With what is wrong in a panel that fits a small screen, under the site's own policy.

    A theme's styles do not reach the panel; axe finds nothing to say of it.
    """
    file = post(tmp_path / "blog" / "posts" / "a.md")
    theme = tmp_path / "blog" / "theme"
    theme.mkdir()
    (theme / "style.css").write_text("* { font-size: 31px; } details, ol { display: none; }")
    with served(tmp_path / "blog") as reader:
        Thread(target=reader.serving.follow, daemon=True).start()
        origin = reader.server.url.rstrip("/")
        arguments = (origin, "/2021/05/a/", file, "2021-05-04", "2021-02-30")
        seen = json.loads(run("node", "serve.mjs", *arguments))
    assert seen == {
        "unmarked": 0,
        "place": f"{file}:3:1",
        "fits": True,
        "font": "14px",
        "text": False,
        "left": 0,
        "refused": [],
        "violations": [],
    }
