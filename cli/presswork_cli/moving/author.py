"""The author whom a blog's settings name for all posts, in the posts that name none."""

from presswork.content import source
from presswork.errors import Rejected
from presswork_cli.moving import own_line
from presswork_cli.moving.blog import Note, data_of
from presswork_cli.moving.sources import Gathered, is_text


def name_author(found: Gathered, file: str, author: str) -> None:
    """Gives each post without an author a line with that of the settings, and tells of it."""
    named = 0
    for key, each in found.files.items():
        if not (key.startswith("posts/") and is_text(key)):
            continue
        data = data_of(each)
        new = own_line.with_author(data, author)
        if new is not None and _says_more_only(data, new, author):
            found.files[key] = new
            named += 1
    if named:
        message = f"{author} is named as the author of all posts: {named} got the line `author`."
        found.notes.append(Note(file, "moving.author", message, "Nothing, or delete the lines."))


def _says_more_only(old: bytes, new: bytes, author: str) -> bool:
    """Whether a source says its author, and else what it said before."""
    try:
        before, after = source.read(old), source.read(new)
    except Rejected:
        return False
    told = {key: entry.value for key, entry in after.entries.items()}
    same = {key: entry.value for key, entry in before.entries.items()}
    added = [value for key, value in told.items() if key not in same]
    is_kept = all(told.get(key) == value for key, value in same.items())
    return added == [author] and is_kept and after.body.lstrip("\r\n") == before.body.lstrip("\r\n")
