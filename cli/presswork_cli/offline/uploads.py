"""What of a folder belongs in ContentBucket, under which key, and what does not: nothing is sent.

Keys are paths below the content folder, in NFC: a name is the same wherever it was typed.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from unicodedata import category, normalize

from presswork import content
from presswork.content import attachments
from presswork.content.html.lazy_images import is_picture
from presswork.content.own_files import keys_of, own_files
from presswork.errors import Rejected
from presswork.imaging import Limits
from presswork.post import Error
from presswork.settings import Site
from presswork.theme_files import PREFIX
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS, published_key, root_of
from presswork_cli.offline import folder
from presswork_cli.offline.check import unfit_name
from presswork_cli.offline.claims import read

ROOTS = ("posts", "pages", "static", "assets", "theme")
"""The folders at the top of a content folder; elsewhere in the bucket nobody looks."""

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""What a post shows does not depend on when it is read."""

_POSTS = ("posts", "pages")
_WELL_KNOWN = "static/.well-known"
_NEVER = frozenset({"node_modules"})
_LINK_FIX = "Put the file itself in the place of the link."


@dataclass(frozen=True)
class Upload:
    """A file, the key that it goes to, and its size in bytes."""

    path: Path
    key: str
    size: int


@dataclass(frozen=True)
class RefusedFile:
    """A file that cannot be sent, or is not to be, and why; `key` is the one that it would have."""

    file: str
    key: str
    error: Error


@dataclass
class Uploads:
    """The files of a folder by key, those that are refused, and what was left aside at its top.

    `root` is the content folder, `scope` the beginning of all keys: empty, but for a part of it.
    """

    root: Path
    scope: str
    name: str
    files: dict[str, Upload] = field(default_factory=dict)
    refused: list[RefusedFile] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Path | None:
        """The `site.yaml` of the content folder, if it has one."""
        return folder.settings_file(self.root)

    def holds(self, key: str) -> bool:
        """Whether something in the folder goes by a key, be it refused: such a key is not gone."""
        refused = (each.key for each in self.refused)
        return key in self.files or any(
            key == each or key.startswith(f"{each}/") for each in refused
        )


def uploads_of(named: Path) -> Uploads:
    """The files of a content folder, of a part of one, or of a plain folder of posts.

    Raises Failure when a folder cannot be read: what is in it would seem to be gone. So it does for
    two files that belong under one key.
    """
    if not named.is_dir():
        raise Failure(f"{named} is no folder: name the one that your posts are in", Exit.USAGE)
    found = _placed(named.resolve())
    is_whole = any((found.root / name).is_dir() for name in _POSTS)
    for path in _walk(found, found.root / found.scope, is_whole=is_whole):
        key = _key(path.relative_to(found.root), is_whole=is_whole)
        if key is not None and key.startswith(found.scope):
            _add(found, path, key)
    return found


def content_folder_here() -> Path:
    """Where one stands, in a content folder; any other one is to be named.

    Else a `sync` without a word, in a home folder say, would show all of it to the world.
    """
    found = _placed(Path.cwd())
    if not _is_content(found.root):
        raise Failure(
            "no site.yaml and no posts/ lie here: go into the folder of your site, or name one, "
            "`presswork sync DIR`",
            Exit.USAGE,
        )
    return Path()


def upload_key(file: str) -> str:
    """The key of one file by where it lies on disk, or by its name where that tells nothing.

    In a content folder it is the one that `uploads_of` gives it.
    """
    path = Path(os.path.normpath(Path(file).absolute()))
    found = _placed(path.parent)
    inside = PurePosixPath(found.scope, path.name)
    if inside.parts[0] in ROOTS and not inside.is_relative_to(PREFIX):
        return normalize("NFC", inside.as_posix())
    return published_key(file)


def shown_by(post: Path, key: str, data: bytes) -> list[Upload]:
    """The files of its author that a post shows or links to, as they lie in its content folder.

    They are those that the cloud would look for. Raises Failure for one that is not to be sent.
    """
    root = root_of(post, key)
    outcome = read(key, data, _settings(root), "", uploaded=_ANY_TIME, now=_ANY_TIME)
    if outcome.parsed is None:
        return []
    found: dict[str, Upload] = {}
    for ref in own_files(outcome.parsed.post, key).values():
        for place, path in _places(root, ref.url):
            if path.is_file():
                found.setdefault(place, _fit(root, path, place))
                break
    return list(found.values())


def _settings(root: Path) -> Site:
    """The settings that a post is read with; broken ones are told when they are published."""
    try:
        return folder.settings_of(folder.settings_file(root))
    except Rejected:
        return Site()


def _places(root: Path, url: str) -> Iterator[tuple[str, Path]]:
    """The keys that an own file may have, each with its places on disk.

    A folder without `posts/` in it holds itself what would lie there.
    """
    for key in keys_of(url):
        for name in dict.fromkeys((key, key.removeprefix("posts/"))):
            if not any(part.startswith(".") for part in name.split("/")):
                yield key, root / name


def _fit(root: Path, path: Path, key: str) -> Upload:
    size = path.stat().st_size
    error = _unfit(root.resolve(), path, key) or _too_large(key, size)
    if error is not None:
        raise Failure(f"{path}: {error.message} {error.fix}", Exit.USAGE)
    return Upload(path, key, size)


def _placed(here: Path) -> Uploads:
    """Where a folder lies in its content folder; one that is in none stands by itself.

    What lies below `static/` is of the site that this belongs to, though it be called `posts/`.
    """
    around = [parent for parent in here.parents if _is_content(parent)]
    apart = [each for each in around if here.relative_to(each).parts[0] in ("static", "assets")]
    if _is_content(here) and not apart:
        return Uploads(here, "", "site")
    for parent in (*apart, *around[:1]):
        inside = here.relative_to(parent)
        if inside.parts[0] in ROOTS:
            return Uploads(parent, normalize("NFC", f"{inside.as_posix()}/"), "site")
    return Uploads(here, "", normalize("NFC", here.name) or "site")


def _is_content(path: Path) -> bool:
    return folder.is_content_folder(path) or (path / "pages").is_dir()


def _key(inside: Path, *, is_whole: bool) -> str | None:
    """The key of a path in a content folder; None for what is aside.

    Where neither `posts/` nor `pages/` is, other files are read as `build` reads them: as posts,
    and what lies beside them.
    """
    key = normalize("NFC", inside.as_posix())
    if key == SETTINGS or (len(inside.parts) > 1 and inside.parts[0] in ROOTS):
        return key
    return None if is_whole else f"posts/{key}"


def _walk(found: Uploads, here: Path, *, is_whole: bool) -> Iterator[Path]:
    """The files below a folder in the order of their names, and links, which are not followed."""
    try:
        entries = sorted(here.iterdir())
    except OSError as error:
        raise folder.unreadable(here, error) from error
    for path in entries:
        inside = path.relative_to(found.root)
        is_top = len(inside.parts) == 1
        if _is_hidden(inside) or path.name in _NEVER:
            continue
        if is_top and (_is_built(path) or (is_whole and _is_aside(path))):
            found.aside.append(path.name)
        elif path.is_dir() and not path.is_symlink():
            yield from _walk(found, path, is_whole=is_whole)
        else:
            yield path


def _is_hidden(inside: Path) -> bool:
    return inside.name.startswith(".") and inside.as_posix() != _WELL_KNOWN


def _is_aside(path: Path) -> bool:
    return path.name != SETTINGS and not (path.name in ROOTS and path.is_dir())


def _is_built(path: Path) -> bool:
    """Whether a folder holds a site that was built: it has a home page and a sitemap."""
    return (path / "sitemap.xml").is_file() and (path / "index.html").is_file()


def _add(found: Uploads, path: Path, key: str) -> None:
    """Takes a file along, or notes why it is refused."""
    other = found.files.get(key)
    if other is not None:
        raise Failure(
            f"{other.path} and {path} both belong under the key {key}: rename one of them",
            Exit.USAGE,
        )
    try:
        error, size = _unfit(found.root, path, key), 0
        if error is None:
            size = path.stat().st_size
            error = _too_large(key, size)
    except OSError as failed:
        raise folder.unreadable(path, failed) from failed
    if error is None:
        found.files[key] = Upload(path, key, size)
    else:
        found.refused.append(RefusedFile(folder.displayed(path), folder.displayed(key), error))


def _unfit(root: Path, path: Path, key: str) -> Error | None:
    """Why a file is not sent, whatever it holds: where it leads, what it is, what it is called."""
    if path.is_symlink():
        error = _unfit_link(root, path)
        if error is not None:
            return error
    if not stat.S_ISREG(path.stat().st_mode):
        return Error(
            rule="file.kind",
            message="It is neither a file nor a folder.",
            fix="Delete it, or move it out of the folder.",
        )
    error = unfit_name(key)
    if error is None and any(category(sign) == "Cc" for sign in key):
        return Error(
            rule="file.name",
            message="The file's name has a control character, such as the end of a line.",
            fix="Rename the file.",
        )
    return error


def _unfit_link(root: Path, path: Path) -> Error | None:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return _link("The link leads nowhere.", "Delete it, or put the file itself in its place.")
    if not target.is_relative_to(root):
        return _link("The link leads out of the folder: what is there is not sent.", _LINK_FIX)
    if target.is_dir():
        return _link("Links to folders are not followed.", "Put the folder itself in its place.")
    if any(part.startswith(".") for part in target.relative_to(root).parts):
        return _link("The link leads to a hidden file: such files are not sent.", _LINK_FIX)
    return None


def _link(message: str, fix: str) -> Error:
    return Error(rule="file.link", message=message, fix=fix)


def _too_large(key: str, size: int) -> Error | None:
    """Why Presswork would not take a file of this name and size; themes are read apart."""
    if content.is_static(key):
        try:
            content.static_place(key)
        except Rejected as rejected:
            return Error.of(rejected)
        return _larger(size, content.MAX_STATIC_BYTES)
    if key == SETTINGS or key.startswith(PREFIX):
        return None
    if PurePosixPath(key).suffix.lower() in content.SUFFIXES and content.may_be_post(key):
        return _larger(size, content.MAX_BYTES)
    return _larger(size, Limits().body if is_picture(key) else attachments.MOST_BYTES)


def _larger(size: int, most: int) -> Error | None:
    if size <= most:
        return None
    return Error(
        rule="file.size",
        message=f"The file has {size / 1024**2:.1f} MiB; {most // 1024**2} are allowed.",
        fix="Make it smaller, or keep it elsewhere and link to it.",
    )
