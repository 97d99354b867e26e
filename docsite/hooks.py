"""Gives the site of the documents the layout of the repository; mkdocs.yml names this file.

A page lies where its file lies, README.md at the top. So a relative link is right on the site and
on a forge alike. What documents link to beyond themselves, a source or a folder, gets a page that
shows it.
"""

import re
import subprocess
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from mkdocs.structure.files import File, Files, InclusionLevel

ROOT = Path(__file__).parents[1]
PAGES = (":(glob)*.md", "docs")
STYLE = "docsite/style.css"

_LINK = re.compile(r"\]\(([^)\s#:]+)(#[^)\s]*)?\)")
_DIAGRAM = re.compile(r"^```mermaid\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_EDGE = re.compile(r"\[(.+?)\] --> \w+\[(.+?)\]")
_LANGUAGES = {".ejs": "html", ".liquid": "html", ".mjs": "js"}


def on_files(files: Files, config: Any, **_: object) -> Files:
    """Takes the pages from the repository as it is laid out, and adds what they link to."""
    for file in [file for file in files if file.src_dir == config.docs_dir]:
        files.remove(file)
    names = _tracked(*PAGES)
    for name in (*names, STYLE):
        files.append(File(name, str(ROOT), config.site_dir, config.use_directory_urls))
    for name in sorted({target for page in names for target in _sources(page)}):
        shown = File.generated(config, f"{name}.md", content=_shown(name))
        shown.inclusion = InclusionLevel.NOT_IN_NAV
        files.append(shown)
    return files


def on_page_markdown(markdown: str, page: Any, **_: object) -> str:
    """Leads links to sources to the pages that show them, and shows a diagram as a table."""
    here = page.file.src_uri

    def led(link: re.Match[str]) -> str:
        return f"]({link[1].rstrip('/')}.md)" if _is_source(_target(here, link[1])) else link[0]

    return _DIAGRAM.sub(_table, _LINK.sub(led, markdown))


def _tracked(*places: str) -> list[str]:
    """The files of the repository at some places, those of tomorrow's commit among them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *places]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(name for name in listed.rstrip("\0").split("\0") if (ROOT / name).is_file())


def _sources(page: str) -> list[str]:
    """What a page links to beyond the documents."""
    if not page.endswith(".md"):
        return []
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = (_target(page, link) for link, _ in _LINK.findall(text))
    return [target for target in targets if _is_source(target)]


def _target(page: str, link: str) -> str:
    return normpath(str(PurePosixPath(page).parent / link))


def _is_source(target: str) -> bool:
    """Whether it is in the repository and no page, nor a picture or a file of the documents."""
    return (
        not target.startswith(("..", "docs/"))
        and not target.endswith(".md")
        and (bool(target.strip(".")) and (ROOT / target).exists())
    )


def _shown(name: str) -> str:
    """A page with the text of a source, or of each in a folder."""
    files = [name] if (ROOT / name).is_file() else _tracked(name)
    return f"# {name}\n\n" + "\n".join(_listing(name, file) for file in files)


def _listing(place: str, file: str) -> str:
    text = (ROOT / file).read_text(encoding="utf-8").rstrip("\n")
    suffix = PurePosixPath(file).suffix
    fence = "`" * 8
    heading = "" if file == place else f"## {file.removeprefix(f'{place}/')}\n\n"
    language = _LANGUAGES.get(suffix, suffix.removeprefix("."))
    return f"{heading}{fence} {language}\n{text}\n{fence}\n"


def _table(diagram: re.Match[str]) -> str:
    """Who imports whom: a library that draws it would have to come from somebody else's server."""
    imported: dict[str, list[str]] = {}
    for importer, name in _EDGE.findall(diagram[1]):
        imported.setdefault(importer, []).append(f"`{name}`")
    rows = (f"| `{importer}` | {', '.join(names)} |" for importer, names in imported.items())
    return "\n".join(("| package | imports |", "| --- | --- |", *rows, ""))
