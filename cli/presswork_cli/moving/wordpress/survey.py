"""What is to be known of all items of an export before the first of them is written."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, quote, unquote, urlsplit

from presswork_cli.moving import written, zones
from presswork_cli.moving.sources import Gathered
from presswork_cli.moving.wordpress import body
from presswork_cli.moving.wordpress.permalinks import Placed
from presswork_cli.moving.wordpress.wxr import Channel, Entry

OURS = ("post", "page")
"""The types of items that become posts and pages."""
FOR_ALL = ("publish", "future")
"""The statuses of what everybody may see, now or when its time comes."""

_FORM = "%Y-%m-%d %H:%M:%S"


@dataclass
class Survey:
    """The blog, and what its items refer to."""

    channel: Channel
    attachments: dict[str, body.Attachment] = field(default_factory=dict)
    pages_of_files: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By the path of the page of a file: the file's address, and the item that it belongs to."""
    attached: dict[str, list[str]] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    parents: dict[str, tuple[str, str]] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    times: list[zones.Pair] = field(default_factory=list)
    bases: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What texts show lists of terms to begin with: `("category", "topics")`, and how often."""

    @property
    def prefix(self) -> str:
        """What all addresses begin with: a slash, or a folder of the host."""
        path = unquote(parts_of(self.channel.address).path).strip("/")
        return f"/{path}/" if path else "/"

    def add(self, entry: Entry) -> None:
        """Takes note of an item."""
        path = path_of(entry.link)
        if entry.type == "attachment":
            file = body.Attachment(
                entry.attachment_url,
                next(iter(entry.meta.get("_wp_attachment_image_alt", ())), ""),
                entry.excerpt,
            )
            self.attachments[entry.id] = file
            self.attached.setdefault(entry.parent, []).append(entry.id)
            if path is not None and path != "/":
                self.pages_of_files[path] = (file.url, entry.parent)
        elif entry.type == "wp_block" and is_for_all(entry):
            self.blocks[entry.id] = entry.content
        elif entry.type in OURS:
            self._add_ours(entry, path)

    def base(self, taxonomy: str) -> str:
        """What the addresses of a taxonomy's lists begin with; WordPress's own where none shows."""
        shown = [each for each in self.bases.most_common() if each[0][0] == taxonomy]
        return shown[0][0][1] if shown else taxonomy

    def library(self, found: Gathered) -> body.Library:
        """What the texts of items refer to."""
        local = (key.removeprefix("static") for key in found.files)
        return body.Library(
            origin=self._origin,
            attachments=self.attachments,
            attached={parent: tuple(ids) for parent, ids in self.attached.items() if parent != "0"},
            blocks=self.blocks,
            places=self.places,
            pages_of_files={
                path.rstrip("/"): url for path, (url, _) in self.pages_of_files.items() if url
            },
            local=frozenset(local),
        )

    def is_own(self, address: str) -> bool:
        """Whether an address is one of the blog."""
        return body.Library(origin=self._origin).is_own(parts_of(address).netloc)

    @property
    def _origin(self) -> str:
        parts = parts_of(self.channel.address)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    def _add_base(self, path: str) -> None:
        """Takes note of a link to the list of a term: `/topics/harbour/`."""
        base, *terms = path.removeprefix(self.prefix).strip("/").split("/")
        for taxonomy, known in (("category", self.channel.categories), ("tag", self.channel.tags)):
            if terms and all(quote(term).lower() in known or term in known for term in terms):
                self.bases[taxonomy, base] += 1

    def _add_ours(self, entry: Entry, path: str | None) -> None:
        for each in body.own_paths(entry.content, body.Library(origin=self._origin)):
            self._add_base(each)
        local, utc = time_of(entry.date), time_of(entry.date_gmt)
        if local and utc:
            self.times.append((local, utc))
        if entry.type == "page":
            self.parents[entry.id] = (slug_of(entry), entry.parent)
        if is_for_all(entry) and path is not None and path != "/":
            self.places[entry.id] = path
            if entry.type == "post" and local:
                categories = (each.nicename for each in entry.terms if each.taxonomy == "category")
                terms = frozenset(map(unquote, categories))
                self.placed.append(Placed(path, slug_of(entry), local, terms))


def is_for_all(entry: Entry) -> bool:
    """Whether everybody may see an item, now or when its time comes."""
    return entry.status in FOR_ALL and entry.is_whole and not entry.is_locked


def path_of(address: str) -> str | None:
    """The path of an address as readers see it; None for none, and where a query tells it apart."""
    parts = parts_of(address)
    return None if parts.query or not address else unquote(parts.path) or "/"


def parts_of(address: str) -> SplitResult:
    """The parts of an address; none of one that is broken."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def slug_of(entry: Entry) -> str:
    """The part of an address that an item has of its own; empty for a draft without one."""
    return written.part(unquote(entry.name))


def time_of(text: str) -> datetime | None:
    """A time as the database of WordPress has it; `0000-00-00 00:00:00` is none."""
    try:
        return datetime.strptime(text, _FORM)  # noqa: DTZ007 - which zone it is in is not told
    except ValueError:
        return None
