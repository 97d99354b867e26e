"""The images of a whole site: each original is made once, and not again while it is the same."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from presswork.post import Image
from presswork_cli.failure import Exit, Failure
from presswork_cli.offline.cache import Place, Row
from presswork_cli.offline.folder import unreadable
from presswork_cli.offline.pictures import OWED, REFUSED, Original, Originals, job_id, make
from presswork_cli.offline.records import PostRecord, Source
from presswork_cli.offline.signature import Signature, is_settled
from presswork_cli.offline.site_build import SiteBuild
from presswork_cli.offline.written import write

Wanted = dict[str, Image | str]
"""The images of a post by their addresses; of one that is to be made, the id of its job."""


class Job(NamedTuple):
    """An original to make something of: a file, or a body of the cache."""

    digest: str
    name: str | None
    path: Path | None
    place: Place | None


class SiteImages:
    """Makes the images of the posts of a build, as far as they are not made already.

    Of each source `jobs` are the ids of its images, and `looked` where files were looked for.
    """

    def __init__(self, build: SiteBuild, originals: Originals) -> None:
        self._build = build
        self._originals = originals
        self.jobs: dict[str, tuple[str, ...]] = {}
        self.looked: dict[str, tuple[tuple[str, bool], ...]] = {}

    def of(self, sources: Iterable[Source]) -> dict[str, dict[str, Image]]:
        """The images of each source that is shown, by their addresses."""
        jobs: dict[str, Job] = {}
        wanted = {
            source.key: self._wanted(source, source.post, jobs)
            for source in sources
            if source.post is not None and source.is_shown
        }
        made = self._made(jobs)
        return {
            key: {
                address: made[image] if isinstance(image, str) else image
                for address, image in images.items()
            }
            for key, images in wanted.items()
        }

    def _wanted(self, source: Source, post: PostRecord, jobs: dict[str, Job]) -> Wanted:
        wanted: Wanted = {}
        for url, original in self._originals.remote(post.images):
            if url in post.embedded:
                digest = post.embedded[url]
                jobs[digest] = Job(digest, None, None, source.pictures[url])
                wanted[url] = digest
            else:
                wanted[url] = OWED if original is None else self._wanted_file(original, jobs)
        *_, own = post.referring
        self._originals.looked.clear()
        for address, original in self._originals.own(own):
            wanted[address] = self._wanted_file(original, jobs)
        self.jobs[source.key] = tuple(each for each in wanted.values() if isinstance(each, str))
        self.looked[source.key] = tuple(self._originals.looked.items())
        return wanted

    def _wanted_file(self, original: Original, jobs: dict[str, Job]) -> Image | str:
        try:
            signature = Signature.of(original.path.stat())
            if signature.size > original.most_bytes:
                return REFUSED
            digest = self._digest(original.path, signature)
        except OSError as error:
            raise unreadable(original.path, error) from error
        id = job_id(digest, original.name)
        jobs[id] = Job(digest, original.name, original.path, None)
        return id

    def _digest(self, path: Path, signature: Signature) -> str:
        name = str(path)
        row = self._build.after.files.get(name) or self._build.before.files.get(name)
        if row is None or row[0] != [*signature] or not row[1]:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            row = [[*signature], is_settled(signature), digest]
        self._build.after.files[name] = row
        return str(row[2])

    def _made(self, jobs: Mapping[str, Job]) -> dict[str, Image]:
        """What each job makes; rows tell of what its files are and what became of it."""
        for id, row in self._build.before.images.items():
            if id in jobs and self._build.written.is_as(row, id):
                self._build.after.images[id] = row
                self._build.written.keep(row[1])
        missing = [each for each in jobs.items() if each[0] not in self._build.after.images]
        if missing:
            self._make_all(missing)
        return {id: Image.model_validate(self._build.after.images[id][2]) for id in jobs}

    def _make_all(self, missing: list[tuple[str, Job]]) -> None:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - few builds make any

        with ThreadPoolExecutor(
            self._build.processes
        ) as threads:  # each waits for a process that decodes
            for (id, _), (row, new) in zip(missing, threads.map(self._make, missing), strict=True):
                self._build.after.images[id] = row
                self._build.written.count(row[1], new)

    def _make(self, item: tuple[str, Job]) -> tuple[Row, int]:
        id, job = item
        data = self._data(job)
        made = make(data, job.name, self._build.settings.images.quality)
        files, new = write(self._build.output, made.files)
        return [id, files, made.image.model_dump(mode="json")], new

    def _data(self, job: Job) -> bytes:
        if job.place is not None:
            return self._build.bodies.get(job.place)
        path = job.path or Path()
        try:
            data = path.read_bytes()
        except OSError as error:
            raise unreadable(path, error) from error
        if hashlib.sha256(data).hexdigest() != job.digest:
            raise Failure(f"{path} was changed while the site was built: build again", Exit.USAGE)
        return data
