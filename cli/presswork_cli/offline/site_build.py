"""One build of a site: what is as it was is left, and all cores make the rest.

Sources are read, and pages made, in processes of their own. Between the two stands the plan, which
is made here, of records without texts.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from presswork import site
from presswork.content import links
from presswork.content.decoding import decode
from presswork.post import Image, Post, PostWarning
from presswork.settings import Site
from presswork.site.theme.rendering import compile_into
from presswork_cli.offline.cache import Bodies, Remembered, Row
from presswork_cli.offline.entries import Entry, ListedCard, RenderedPost
from presswork_cli.offline.folder import File
from presswork_cli.offline.links import Targets
from presswork_cli.offline.lists import Lists
from presswork_cli.offline.output import Output
from presswork_cli.offline.own_theme import OwnTheme
from presswork_cli.offline.planner import Document, Frame, Objects, Piece, makes_post, plan_units
from presswork_cli.offline.records import (
    PostRecord,
    ReadSource,
    Source,
    kept,
    put,
    understood,
)
from presswork_cli.offline.references import References, Referred, line_of, warning
from presswork_cli.offline.rows import Kept, SourceRecord, as_before, places, record_of
from presswork_cli.offline.workers import worked
from presswork_cli.offline.written import Written, write

_RECORD = Kept._fields.index("record")

Watch = Callable[[Iterable[File]], Iterable[File]]


@dataclass(frozen=True)
class Shown:
    """A post that has a page: its source, its images, and where its links to sources lead."""

    source: Source
    post: PostRecord
    images: Mapping[str, Image]
    addresses: Mapping[str, str]

    @property
    def entry(self) -> Entry:
        """The post in the plan, but for a card that shows its cover."""
        post = self.post
        told = (post.digest, sorted(self.images.items()), sorted(self.addresses.items()))
        return Entry(
            id=post.id,
            date=post.date,
            path=post.path,
            aliases=tuple(post.aliases),
            lists=post.lists,
            series=post.series,
            tag=post.tag,
            listed=ListedCard.of(post.card),
            digest=sha256(repr(told).encode()).hexdigest()[:32],
        )


@dataclass
class SiteBuild:
    """A site that is built; `before` is what the last build remembered, `after` what this one does.

    `files` are the sources by their keys.
    """

    root: Path
    files: Mapping[str, File]
    settings: Site
    own: OwnTheme
    now: datetime
    strict: bool
    output: Output
    written: Written
    bodies: Bodies
    before: Remembered
    processes: int
    after: Remembered = field(default_factory=Remembered)

    def read(self, watch: Watch) -> list[Source]:
        """The sources, in the order of their keys; only those that have changed are read."""
        records: dict[str, SourceRecord] = {}
        unread = []
        for key, file in self.files.items():
            known = self._remembered(file)
            if known is None:
                unread.append(file)
            else:
                records[key], self.after.sources[key] = known[0], list(known[1])
        found = worked(unread, self._understood, name=_path, processes=self.processes)
        for _, (file, read) in zip(watch(unread), found, strict=True):
            records[file.key] = read.record
            self.after.sources[file.key] = list(kept(read, self.bodies))
        rows = self.after.sources
        return [Source(records[key], Kept(*rows[key]), self.now) for key in self.files]

    def keep_records(self, sources: Iterable[Source]) -> None:
        """Puts the records that are others than before among the bodies."""
        for source in sources:
            row = self.after.sources[source.key]
            if row[_RECORD] is None:
                row[_RECORD] = put(source.record, self.bodies)

    def warnings(
        self, sources: list[Source], others: Sequence[Referred]
    ) -> dict[str, tuple[PostWarning, ...]]:
        """What each source refers to in vain, by its key; `others` are there as well."""
        among = [*sources, *others]
        references = References(self.root, self.settings.redirects, among, tuple)
        found: dict[str, tuple[PostWarning, ...]] = {}
        for source in sources:
            referring = source.referring
            lost = tuple(references.lost(referring)) if referring else ()
            if lost:
                lines = self._lines(source.record, [each.sign for each in lost])
                found[source.key] = tuple(warning(each, lines[each.sign]) for each in lost)
        return found

    def shown(
        self,
        sources: list[Source],
        images_of: Mapping[str, Mapping[str, Image]],
        others: Sequence[Referred],
    ) -> list[Shown]:
        """The posts that have a page; `images_of` gives their images by the keys of sources."""
        linking = any(source.post and source.post.referring[0] for source in sources)
        targets = Targets((*sources, *others) if linking else ())
        return [
            Shown(source, source.post, images_of[source.key], _addresses(source, targets))
            for source in sources
            if source.post is not None and source.is_shown
        ]

    def entry(self, shown: Shown) -> Entry:
        """A post in the plan."""
        return self._with_cover(shown, shown.entry)

    def plan(
        self,
        lists: Lists,
        static: Collection[str],
        lost: set[str],
        units: Collection[str] | None = None,
    ) -> list[Piece]:
        """The pieces of the site, those of the theme among them, as `plan_units` has them."""
        assets = [
            Piece((key,), _asset, (key, sha256(asset.body).hexdigest()))
            for key, asset in self.own.assets.items()
        ]
        theme = self.own.theme
        return [
            *plan_units(self.settings, lists, units, theme=theme, static=static, lost=lost),
            *assets,
        ]

    def make(self, pieces: Iterable[Piece], shown: Mapping[str, Shown]) -> None:
        """Makes the pieces that are not as they are to be: posts first, since feeds are of them.

        `shown` are the posts by their ids.
        """
        missing = []
        for piece in pieces:
            name, digest = piece.keys[0], piece.digest
            row = self.before.pieces.get(name)
            if row is not None and self.written.is_as(row, digest):
                self.after.pieces[name] = [*row[:2], piece.unit]
                self.written.keep(row[1])
            else:
                missing.append((piece, digest))
        self.after.templates = dict(self.before.templates)
        settings, theme = self.settings, self.own.theme
        compile_into(self.after.templates, settings, settings.base_url, theme)
        frame = self._frame(shown)
        for are_posts in (True, False):
            of_kind = [each for each in missing if makes_post(each[0]) is are_posts]

            def made(item: tuple[Piece, str]) -> tuple[Row, int]:
                piece, digest = item
                objects = piece.objects(frame)
                bodies = {key: objects[key].body for key in objects}
                files, new = write(self.output, bodies)
                return [digest, files], new

            results = worked(of_kind, made, name=_name, processes=self.processes)
            for (piece, _), (row, new) in results:
                self.after.pieces[piece.keys[0]] = [*row, piece.unit]
                self.written.count(row[1], new)

    def places(self) -> Iterator[tuple[Any, Any]]:
        """Where all bodies that are still needed are told of."""
        for row in self.after.sources.values():
            yield from places(row)

    def _remembered(self, file: File) -> tuple[SourceRecord, Kept] | None:
        """What is remembered of a file that is the same; its times may be others."""
        row = self.before.sources.get(file.key)
        if row is None:
            return None
        known, signature = Kept(*row), file.signature
        record = record_of(known, self.bodies)
        if known.signature == tuple(signature) and known.settled:
            return record, known
        same = as_before(known, record, signature, file.data)
        return (record, same) if same is not None else None

    def _understood(self, file: File) -> ReadSource:
        theme = self.own.theme.digest
        return understood(file, self.settings, theme, now=self.now, strict=self.strict)

    def _lines(self, record: SourceRecord, signs: Iterable[str]) -> dict[str, int | None]:
        """The lines on which addresses stand in a source; looked for once."""
        unknown = [sign for sign in signs if sign not in record.lines]
        if unknown:
            text = decode(self.files[record.key].data).text
            record.lines.update({sign: line_of(text, sign) for sign in unknown})
            self.after.sources[record.key][_RECORD] = None
        return record.lines

    def _with_cover(self, shown: Shown, entry: Entry) -> Entry:
        """The entry, with a card that shows the cover, where that is home."""
        image = shown.images.get(shown.post.cover or "")
        if image is None or image.picture is None:
            return entry
        row = self.before.cards.get(shown.source.key)
        if row is None or row[0] != entry.digest:
            row = [entry.digest, site.card(self._whole(shown), shown.images).model_dump_json()]
        self.after.cards[shown.source.key] = row
        return entry._replace(listed=ListedCard.of(row[1]))

    def _frame(self, by_id: Mapping[str, Shown]) -> Frame:
        def rendered(entry: Entry) -> RenderedPost:
            shown = by_id[entry.id]
            return RenderedPost(self._whole(shown), shown.images)

        def document(entry: Entry) -> Document:
            key = site.data_key(entry.path)
            signature = self.output.signature(key)
            if signature is not None and signature == self.written.signatures.get(key):
                with suppress(OSError, ValueError):
                    document = json.loads((self.output.folder / key).read_bytes())
                    if self.output.signature(key) == signature:
                        return dict(document)
            each = rendered(entry)
            base_url = self.settings.base_url
            made = site.post_json(self.settings, base_url, each.post, each.images)
            return dict(json.loads(made.body))

        assets = self.own.assets
        return Frame(self.settings, self.own.theme, rendered, document, assets)

    def _whole(self, shown: Shown) -> Post:
        """The post as readers get it."""
        place = shown.source.body
        post = Post.model_validate_json(self.bodies.get(place or (0, 0)))
        if not shown.post.referring[0]:
            return post
        html = links.with_addresses(post.html, shown.source.key, shown.addresses)
        return post.model_copy(update={"html": html})


def _addresses(source: Source, targets: Targets) -> dict[str, str]:
    """Where the links of a source to others lead."""
    linked = source.post.referring[0] if source.post else {}
    return links.addresses(linked, source.key, targets) if linked else {}


def _asset(frame: Frame, key: str, _: str) -> Objects:
    """A file of the theme that is served as it is."""
    return {key: frame.assets[key]}


def _path(file: File) -> str:
    return str(file.path)


def _name(item: tuple[Piece, str]) -> str:
    return item[0].keys[0]
