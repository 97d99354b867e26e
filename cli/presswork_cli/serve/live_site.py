"""The site of a folder, built again when a file of it changes; what is broken changes nothing."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from presswork.clock import utc_now
from presswork.errors import Rejected
from presswork.post import Error, Status
from presswork.settings import Site
from presswork.theme_files import DEFAULT_THEME, PREFIX, BrokenTheme
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS
from presswork_cli.offline import folder, own_theme
from presswork_cli.offline.build import SERVED_AT, BuildOptions, build, build_with
from presswork_cli.offline.folder import File
from presswork_cli.offline.own_theme import OwnTheme
from presswork_cli.offline.site_build import Watch
from presswork_cli.printing.answers import BuildAnswer
from presswork_cli.serve.last_good import LastGood
from presswork_cli.serve.problems import Problem, of_post
from presswork_cli.serve.revision import Revision, departures
from presswork_cli.serve.watching import Files

_UNCOUNTED = frozenset({"warnings", Status.SKIPPED.value})
_ADDRESS = re.compile(r"https?://[^/]*")


@dataclass
class LiveSite:
    """Builds the content folder `root` into the folder `out`, which is its own.

    `also` are statuses of posts that are shown here, though readers would not see them. `settings`
    and `theme` are the last good ones. As many `processes` share a build, by default one for each
    core. What is told to nobody else goes to `say`.
    """

    root: Path
    out: Path
    cache: Path
    also: frozenset[Status] = frozenset()
    say: Callable[[str], None] = field(default=lambda _: None)
    processes: int = 0
    settings: Site = field(default_factory=Site)
    theme: OwnTheme = field(default_factory=lambda: OwnTheme(DEFAULT_THEME, {}))
    revision: Revision = field(default_factory=Revision)
    _files: Files = field(default_factory=dict)
    _last_good: LastGood = field(default_factory=LastGood)
    _broken: dict[str, Problem] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """The address that pages tell of themselves: that of the settings."""
        return self.settings.base_url or SERVED_AT

    def update(self, files: Files, watch: Watch = iter) -> Revision:
        """Builds what has changed since the last time, given the files of the folder as they are.

        The revision stays the same one if nothing is to be told.
        """
        before, self._files = self._files, files
        changed = {
            path for path in files.keys() | before.keys() if files.get(path) != before.get(path)
        }
        is_first = not self.revision.is_built
        try:
            is_of_all = is_first or self._are_of_all(changed)
            if is_of_all:
                self._read_settings_and_theme()
            sources = {file.key: file for file in folder.files_of(self.root)}
            if not is_first:
                again = self._last_good.errors.keys() if is_of_all else ()
                self._judge(sources, changed, {*again})
            answer = self._built(watch)
        except (Failure, OSError) as error:  # a file may go while it is built
            return self._failed(str(error))
        if is_first:
            self._keep(sources, answer)
        return self._told(answer)

    def _are_of_all(self, changed: Iterable[str]) -> bool:
        """Whether files have changed that every page is made with."""
        theme = str(self.root / PREFIX)
        return any(path == str(self.root / SETTINGS) or path.startswith(theme) for path in changed)

    def _read_settings_and_theme(self) -> None:
        self._broken = {}
        file = folder.settings_file(self.root)
        try:
            self.settings = folder.settings_of(file)
        except Rejected as rejected:
            self._broken[SETTINGS] = Problem.of_error(file or SETTINGS, Error.of(rejected))
        try:
            self.theme = own_theme.read(self.root, self.settings)
        except BrokenTheme as broken:
            self._broken[broken.file] = Problem.of_error(self.root / broken.file, Error.of(broken))

    def _judge(self, sources: dict[str, File], changed: set[str], again: set[str]) -> None:
        """Reads the files that have changed, and those of the keys `again`."""
        files = [
            file for file in sources.values() if str(file.path) in changed or file.key in again
        ]
        self._last_good.judge(files, self.settings, self.theme.theme.digest, utc_now())
        self._last_good.forget_all_but(sources)

    def _keep(self, sources: dict[str, File], answer: BuildAnswer) -> None:
        for post in answer.posts:
            file = sources.get(post.key)
            seen = self._files.get(str(file.path)) if file else None
            if file and seen and post.status != Status.REJECTED.value:
                self._last_good.keep(file, seen)

    def _built(self, watch: Watch) -> BuildAnswer:
        """A build as ever, which may know the answer; with what is last good where need be."""
        options = self._options()
        if options.also or options.instead or self._broken:
            return build_with(self.settings, self.theme, options, watch, self.say)
        answer = build(options, watch, self.say)
        if not answer.site:  # settings or theme were broken since they were read
            raise Failure("the settings or the theme were changed meanwhile", Exit.USAGE)
        return answer

    def _options(self) -> BuildOptions:
        return BuildOptions(
            self.root,
            self.out,
            utc_now(),
            clean=True,
            strict=True,
            also=self.also,
            instead=self._last_good.instead,
            cache=self.cache,
            processes=self.processes,
        )

    def _failed(self, why: str) -> Revision:
        """What was built stays; why it is not built again stands on each page."""
        cure = "Mend that; what you see is as it was before."
        problem = Problem("error", str(self.root), None, None, why, cure)
        now = self.revision
        told = Revision(
            everywhere=(*self._broken.values(), problem),
            of_files=now.of_files,
            posts=now.posts,
            counts=now.counts,
            moved=now.moved,
            gone=now.gone,
            is_built=now.is_built,
        )
        return self._newer(told, is_changed=False)

    def _told(self, answer: BuildAnswer) -> Revision:
        posts = {self._path(post.url): post for post in answer.posts if post.url}
        moved, gone = departures(self.revision, posts)
        of_files = {post.key: tuple(of_post(post)) for post in answer.posts}
        files = {post.key: post.file for post in answer.posts}
        for key, error in self._last_good.errors.items():
            of_files[key] = (Problem.of_error(files.get(key, self.root / key), error),)
        told = Revision(
            everywhere=tuple(self._broken.values()),
            of_files={key: problems for key, problems in of_files.items() if problems},
            posts=posts,
            counts={k: n for k, n in answer.summary.items() if k not in _UNCOUNTED},
            moved=moved,
            gone=gone,
            is_built=True,
        )
        return self._newer(told, is_changed=bool(answer.written or answer.stale))

    def _newer(self, told: Revision, *, is_changed: bool) -> Revision:
        now = self.revision
        if is_changed or told.is_built != now.is_built or not told.says_the_same(now):
            self.revision = told
        return self.revision

    def _path(self, url: str) -> str:
        return unquote(_ADDRESS.sub("", url, count=1))
