"""What `check` says of the files of a folder before they are sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from presswork import content
from presswork.errors import Rejected
from presswork.post import Error
from presswork.settings import Site
from presswork.theme_files import PREFIX, BrokenTheme
from presswork_cli.keys import SETTINGS
from presswork_cli.offline import folder, own_theme
from presswork_cli.offline.claims import read
from presswork_cli.offline.folder import File
from presswork_cli.offline.uploads import RefusedFile, Upload, Uploads

Watch = Callable[[Iterable[Upload]], Iterable[Upload]]


@dataclass(frozen=True)
class Judgement:
    """The posts that are refused, and how many repairs each of the others needs."""

    refused: tuple[RefusedFile, ...]
    repairs: dict[str, int]


def broken(uploads: Uploads) -> tuple[Site, RefusedFile | None]:
    """The settings, and why they or the theme are refused; broken settings count as none."""
    path = uploads.settings
    try:
        site = folder.settings_of(path)
    except Rejected as rejected:
        return Site(), RefusedFile(folder.displayed(str(path)), SETTINGS, Error.of(rejected))
    if not any(key.startswith(PREFIX) for key in uploads.files):
        return site, None
    try:
        own_theme.read(uploads.root, site)
    except BrokenTheme as theme:
        file = folder.displayed(uploads.root / theme.file)
        return site, RefusedFile(file, theme.file, Error.of(theme))
    return site, None


def judge(uploads: Iterable[Upload], site: Site, now: datetime, watch: Watch = iter) -> Judgement:
    """Reads the posts among some files as the cloud would; `watch` sees them as they are read."""
    refused, repairs = [], {}
    for each in watch([each for each in uploads if content.may_be_post(each.key)]):
        file = File(each.path, each.key)
        outcome = read(each.key, file.data, site, "", uploaded=file.uploaded, now=now)
        if outcome.error is not None:
            refused.append(RefusedFile(folder.displayed(each.path), each.key, outcome.error))
        elif outcome.parsed is not None and outcome.parsed.repairs:
            repairs[each.key] = len(outcome.parsed.repairs)
    return Judgement(tuple(refused), repairs)
