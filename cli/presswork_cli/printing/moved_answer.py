"""What `import` and `export` answer to programs."""

from typing import Literal

from presswork.post import Error, Model, PostWarning

LEADS_ON, NOTHING = 301, 404


class MovedAddress(Model):
    """An address of the blog: what it showed, and what a reader is answered there now.

    `answered` is 200, 301 or 404, `shown` where the reader ends up, and `why` the reason of a 404.
    """

    path: str
    kind: str
    answered: int
    shown: str = ""
    why: str = ""


class MovedFile(Model):
    """A file of the new folder of which something is to be told.

    `warnings` are what readers may not see as it was meant, such as marks that are left as text.
    `error` is why it is not shown, and `got_line` says that it got a line that keeps its address.
    """

    key: str
    warnings: tuple[PostWarning, ...] = ()
    error: Error | None = None
    got_line: bool = False

    @property
    def is_told(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.warnings or self.error or self.got_line)


class MovedNote(Model):
    """What of a file of the blog did not come along, and the cure."""

    file: str
    line: int | None = None
    rule: str
    message: str
    fix: str


class MovedAnswer(Model):
    """`import --json`: what a blog has become.

    `summary` counts posts, pages and files, posts and pages by their status, and the addresses
    that readers knew: those that are kept (200), lead on (301), or are lost (404). `addresses` has
    each of them. `posts` has what is to be told of the files written, `notes` what did not come
    along.
    """

    format: Literal[1] = 1
    tool: str
    source: str
    out: str
    dry_run: bool
    summary: dict[str, int]
    addresses: tuple[MovedAddress, ...] = ()
    posts: tuple[MovedFile, ...] = ()
    notes: tuple[MovedNote, ...] = ()

    @property
    def redirected(self) -> list[MovedAddress]:
        """The addresses that lead to another."""
        return [each for each in self.addresses if each.answered == LEADS_ON]

    @property
    def lost(self) -> list[MovedAddress]:
        """The addresses at which nothing stands any more."""
        return [each for each in self.addresses if each.answered == NOTHING]


class NotWritten(Model):
    """An object of a bucket that is no file of the folder, and why."""

    key: str
    error: Error


class MovedOut(Model):
    """`export --json`: how many files were written, and how many were there as they are."""

    format: Literal[1] = 1
    out: str
    written: int
    unchanged: int
    not_written: tuple[NotWritten, ...] = ()
