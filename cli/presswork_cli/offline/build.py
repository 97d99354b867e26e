"""`presswork build`: the whole site of a content folder, without any cloud."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from presswork.errors import Rejected
from presswork.post import Error, Image, ImageState, PostWarning, Repair, Status
from presswork.settings import Site
from presswork.site import absolute, key_of, keys_of
from presswork.theme_files import BrokenTheme
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS
from presswork_cli.offline import folder, own_theme, states
from presswork_cli.offline.again import Request, again
from presswork_cli.offline.cache import Cache, DamagedError, NoCache, UnusableError
from presswork_cli.offline.claims import waits
from presswork_cli.offline.folder import File, files_of
from presswork_cli.offline.lists import Lists
from presswork_cli.offline.made_with import digest_of
from presswork_cli.offline.output import Output
from presswork_cli.offline.own_theme import OwnTheme
from presswork_cli.offline.pictures import Originals
from presswork_cli.offline.planner import without
from presswork_cli.offline.records import Source, microseconds
from presswork_cli.offline.signature import seen
from presswork_cli.offline.site_build import Shown, SiteBuild, Watch
from presswork_cli.offline.site_images import SiteImages
from presswork_cli.offline.site_static import SiteStatic
from presswork_cli.offline.workers import cores
from presswork_cli.offline.written import Written
from presswork_cli.printing.answers import BuildAnswer, BuiltPost, Counts

SERVED_AT = "http://localhost:8000"
"""The address of a site that names none: where `python3 -m http.server` would serve it."""

_WARNINGS = "warnings"


@dataclass(frozen=True)
class BuildOptions:
    """What is to be built: from which folder, to where, and with what else.

    `base_url` overrides that of the settings, `vault` is a copy of VaultBucket, `clean` takes away
    what an earlier build left behind, and `strict` measures what sources lose on their way. Posts
    of a status in `also` are shown as if they were live, and `instead` are read in the place of the
    files of their keys. In the folder `cache` stands what the last build remembered; without one
    nothing is remembered. As many `processes` share the work, by default one for each core.
    """

    source: Path
    out: Path
    now: datetime
    settings: Path | None = None
    base_url: str = ""
    vault: Path | None = None
    clean: bool = False
    strict: bool = False
    also: frozenset[Status] = frozenset()
    instead: tuple[File, ...] = ()
    cache: Path | None = None
    processes: int = 0


def _silent(_: str) -> None:
    """Nobody is told."""


def build(
    options: BuildOptions, watch: Watch = iter, say: Callable[[str], None] = _silent
) -> BuildAnswer:
    """Builds the site, and says what became of each file; `watch` sees the files as they are read.

    A file that is rejected, or waits for what another holds, is left out. Raises Failure when
    something cannot be read or written; settings or a theme that are broken build nothing. `say`
    tells why there is no use of a cache.
    """
    known = _known(options)
    if known is not None:
        return known
    Output(options.out, apart_from=options.source)
    settings_file = options.settings or folder.settings_file(options.source)
    try:
        settings = folder.settings_of(settings_file)
        own = own_theme.read(options.source, settings)
    except BrokenTheme as broken:
        return _broken(options, options.source / broken.file, Error.of(broken), key=broken.file)
    except Rejected as rejected:
        return _broken(options, settings_file or options.source / SETTINGS, Error.of(rejected))
    return build_with(settings, own, options, watch, say, of_folder=True)


def build_with(
    settings: Site,
    own: OwnTheme,
    options: BuildOptions,
    watch: Watch = iter,
    say: Callable[[str], None] = _silent,
    *,
    of_folder: bool = False,
) -> BuildAnswer:
    """As `build`, with settings and a theme that are in force whatever the folder holds.

    Those `of_folder` are the ones that it holds: then the next build may be one after a change.
    """
    settings = effective(settings, options.base_url)
    of_folder = of_folder and not options.also and not options.instead
    try:
        return _built_with(settings, own, options, watch, say, of_folder=of_folder)
    except DamagedError as error:
        say(f"The cache is made anew, since it is damaged: {error}.")
    if options.cache is not None:
        Cache.forget(options.cache)
    return _built_with(settings, own, options, watch, say, of_folder=of_folder)


def _known(options: BuildOptions) -> BuildAnswer | None:
    """The answer where little has changed since the last build."""
    if options.cache is None or options.also or options.instead:
        return None
    request = _request(options)
    found = again(request, options.cache, microseconds(options.now), all_posts=True)
    if found is None:
        return None
    return BuildAnswer(
        out=str(options.out),
        site=found.site,
        posts=tuple(map(BuiltPost.model_validate_json, found.posts)),
        summary=found.summary,
        files=found.files,
        written=found.written,
        stale=found.stale,
    )


def _request(options: BuildOptions) -> Request:
    return Request(
        source=str(options.source),
        out=str(options.out),
        settings=str(options.settings or ""),
        base_url=options.base_url,
        vault=str(options.vault or ""),
        strict=options.strict,
        clean=options.clean,
    )


def _cache(
    options: BuildOptions, settings: Site, own: OwnTheme, say: Callable[[str], None]
) -> Cache | NoCache:
    if options.cache is None:
        return NoCache()
    try:
        return Cache(options.cache, digest_of(settings, own.theme, strict=options.strict))
    except UnusableError as error:
        say(f"Nothing is remembered of this build: {error}.")
        return NoCache()


def _built_with(
    settings: Site,
    own: OwnTheme,
    options: BuildOptions,
    watch: Watch,
    say: Callable[[str], None],
    *,
    of_folder: bool,
) -> BuildAnswer:
    request, started = _request(options), time.time_ns()
    before = seen(states.others_read(request))
    output = Output(options.out, apart_from=options.source)
    without = [options.out, *([options.cache] if options.cache else [])]
    files = {file.key: file for file in files_of(options.source, without=without)}
    files |= {file.key: file for file in options.instead if file.key in files}
    with _cache(options, settings, own, say) as cache:
        build = SiteBuild(
            root=options.source,
            files=files,
            settings=settings,
            own=own,
            now=options.now,
            strict=options.strict,
            output=output,
            written=Written(output, output.present()),
            bodies=cache.bodies,
            before=cache.before,
            processes=options.processes or cores(),
        )
        answer, collides = _made(build, options, watch)
        if options.cache is not None:
            whole = states.whole_of(build, request, before, started, answer, collides=collides)
            build.after.whole = list(whole or ()) if of_folder else []
        if vars(build.after) != vars(cache.before):
            cache.save(build.after, list(build.places()))
    return answer


def _made(build: SiteBuild, options: BuildOptions, watch: Watch) -> tuple[BuildAnswer, bool]:
    """The answer, and whether anything stands in the way of something else."""
    sources = build.read(watch)
    for source in sources:
        source.shown |= options.also
    waiting = waits(sources, as_authors=build.settings.as_authors)
    for source in sources:
        if source.key in waiting:
            source.status, source.error = Status.WAITING, waiting[source.key]
    warnings = build.warnings(sources, ())
    build.keep_records(sources)
    images = SiteImages(build, Originals(options.source, options.vault))
    shown = build.shown(sources, images.of(sources), ())
    static = SiteStatic(build, lambda: _claimed(shown))
    lost: set[str] = set()
    entries = {each.source.key: build.entry(each) for each in shown}
    pieces = build.plan(Lists(entries.values()), static.files, lost)
    shadowed = _shadowed([key for piece in pieces for key in piece.keys], static.files)
    build.make(without(pieces, shadowed), {each.post.id: each for each in shown})
    static.write()
    by_key = {each.source.key: each for each in shown}
    posts = []
    for source in sources:
        shown_as, lost_in = by_key.get(source.key), warnings.get(source.key, ())
        posts.append(built(build, source, shown_as, lost_in, shadowed))
        if options.cache is not None:
            entry = entries.get(source.key)
            state = states.state_of(source, shown_as, posts[-1], images, entry)
            states.keep(build, source, posts[-1], state)
    posts += static.refused
    stale = build.written.stale
    if options.clean:
        build.output.remove(stale)
    answer = BuildAnswer(
        out=str(options.out),
        site=build.settings.base_url,
        posts=tuple(posts),
        summary=_summary(posts),
        files=len(build.output.keys),
        written=build.output.written,
        stale=() if options.clean else stale,
    )
    return answer, bool(waiting or shadowed or lost - {""})


def _claimed(shown: Iterable[Shown]) -> dict[str, str]:
    """The keys of the source that claims a key of the site."""
    return {
        key: each.source.key
        for each in shown
        for path in (each.post.path, *each.post.aliases)
        for key in keys_of(path)
    }


def _shadowed(keys: Collection[str], static: Iterable[str]) -> set[str]:
    """The keys that a folder keeps from being written."""
    return set(keys) & _folders((*keys, *static))


def _summary(posts: Iterable[BuiltPost]) -> Counter[str]:
    posts = tuple(posts)
    return Counter(post.status for post in posts) + Counter(
        {_WARNINGS: sum(len(post.warnings) for post in posts)}
    )


def effective(settings: Site, base_url: str) -> Site:
    """The settings of a site that has an address."""
    base_url = base_url or settings.base_url or SERVED_AT
    return settings.model_copy(update={"base_url": base_url.rstrip("/")})


def _folders(keys: Iterable[str]) -> set[str]:
    """The folders that lie on the way to some keys."""
    found: set[str] = set()
    for key in keys:
        parent = key.rpartition("/")[0]
        while parent and parent not in found:
            found.add(parent)
            parent = parent.rpartition("/")[0]
    return found


def _broken(options: BuildOptions, file: Path, error: Error, key: str = SETTINGS) -> BuildAnswer:
    status = Status.REJECTED.value
    post = BuiltPost(file=str(file), key=key, status=status, error=error)
    return BuildAnswer(out=str(options.out), site="", posts=(post,), summary={status: 1})


def built(
    build: SiteBuild,
    source: Source,
    shown: Shown | None,
    lost: tuple[PostWarning, ...],
    shadowed: Collection[str],
) -> BuiltPost:
    """What is answered of a source."""
    record, post = source.record, source.post
    aliases = shown.post.aliases if shown else ()
    hidden = [alias for alias in aliases if key_of(alias) in shadowed]
    warnings = map(PostWarning.model_validate, record.warnings)
    return BuiltPost(
        file=str(build.files[source.key].path),
        key=source.key,
        id=post.id if post else None,
        status=source.status.value,
        revision=post.revision if post else None,
        url=absolute(build.settings.base_url, shown.post.path) if shown else None,
        repairs=tuple(map(Repair.model_validate, record.repairs)),
        warnings=(*warnings, *lost, *map(_hidden_by_folder, hidden)),
        images=_counts(shown.images.values()) if shown and shown.images else Counts(),
        error=source.error,
    )


def _hidden_by_folder(alias: str) -> PostWarning:
    return PostWarning(
        rule="alias.folder",
        message=f"The alias {alias[:80]} is left out: on disk a folder has that name.",
        fix="Nothing on the site itself, which has both; give up one of them for a folder.",
    )


def _counts(images: Iterable[Image]) -> Counts:
    states = Counter(image.state for image in images)
    return Counts(total=states.total(), **{state.value: states[state] for state in ImageState})


def check_base_url(base_url: str) -> str:
    """An address for a site, checked as the setting is; raises Failure."""
    try:
        return Site(base_url=base_url).base_url
    except ValueError as error:
        raise Failure(
            f"{base_url} is no address for a site: write it as https://example.org, without ? "
            "and #",
            Exit.USAGE,
        ) from error
