"""`site.yaml` of a blog that moves: what of its settings holds here, and the file's text: pure."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import yaml
from pydantic import ValidationError

from presswork import content
from presswork.errors import Rejected
from presswork.settings import Site
from presswork_cli.moving.blog import Note

_WRITTEN_AS_IT_IS = str.maketrans({"%": "%25", "?": "%3F", "#": "%23"})


def fitting(wanted: Mapping[str, Any], file: str) -> tuple[Site, list[Note]]:
    """The settings that can be had, and a note of each that cannot: its default stands then.

    `file` is where the blog had them.
    """
    fit, notes = dict[str, Any](), list[Note]()
    for name, value in wanted.items():
        try:
            content.settings(text({**fit, name: value}).encode())
            fit[name] = value
        except Rejected as rejected:
            notes.append(Note(file, rejected.rule, rejected.message, rejected.fix))
    return content.settings(text(fit).encode()), notes


def with_redirects(settings: Site, redirects: Mapping[str, str]) -> Site:
    """The settings with more redirects; each leads from and to a path as readers see it."""
    spelled = {_spelled(path): _spelled(target) for path, target in redirects.items()}
    every = {**settings.redirects, **spelled}
    return settings.model_copy(update={"redirects": Site(redirects=every).redirects})


def is_redirect(path: str, target: str) -> bool:
    """Whether a line of `redirects` can lead from one path to the other."""
    try:
        return bool(Site(redirects={_spelled(path): _spelled(target)}).redirects)
    except ValidationError:
        return False


def text(settings: Site | Mapping[str, Any]) -> str:
    """The file's text: the settings that are no defaults, addresses as readers see them."""
    if isinstance(settings, Site):
        redirects = {_spelled(path): _readable(to) for path, to in settings.redirects.items()}
        settings = settings.model_dump(mode="json", exclude_defaults=True)
        if redirects:
            settings["redirects"] = redirects
    return yaml.safe_dump(dict(settings), allow_unicode=True, sort_keys=False, width=1000)


def _spelled(path: str) -> str:
    """A path as `redirects` has it: what would end it there is percent-encoded."""
    is_path = path.startswith("/") and not path.startswith("/?p=")
    return path.translate(_WRITTEN_AS_IT_IS) if is_path else path


def _readable(location: str) -> str:
    """A path that is percent-encoded, as people read it."""
    is_bare = location.startswith("/") and not {"?", "#"} & set(location)
    return _spelled(unquote(location)) if is_bare else location
