"""`presswork build`: the whole site of a content folder, without any cloud."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from presswork import content
from presswork.content.decoding import decode
from presswork.errors import Rejected
from presswork.post import UP, Error, Image, ImageState, PostWarning, Status
from presswork.settings import Site
from presswork.site import absolute, key_of
from presswork.theme_files import BrokenTheme
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import SETTINGS
from presswork_cli.offline import folder, own_theme
from presswork_cli.offline.claims import Outcome, read, resolve_claims
from presswork_cli.offline.folder import File, files_of
from presswork_cli.offline.links import with_links
from presswork_cli.offline.losses import with_losses
from presswork_cli.offline.output import Output
from presswork_cli.offline.pictures import Pictures
from presswork_cli.offline.planner import Objects, RenderedPost, claimed_keys, plan_site
from presswork_cli.offline.references import References, with_warnings
from presswork_cli.printing.answers import BuildAnswer, BuiltPost, Counts

SERVED_AT = "http://localhost:8000"
"""The address of a site that names none: where `python3 -m http.server` would serve it."""

_WARNINGS = "warnings"

Watch = Callable[[Iterable[File]], Iterable[File]]


@dataclass(frozen=True)
class BuildOptions:
    """What is to be built: from which folder, to where, and with what else.

    `base_url` overrides that of the settings, `vault` is a copy of VaultBucket, `clean` takes away
    what an earlier build left behind, and `strict` measures what sources lose on their way.
    """

    source: Path
    out: Path
    now: datetime
    settings: Path | None = None
    base_url: str = ""
    vault: Path | None = None
    clean: bool = False
    strict: bool = False


def build(options: BuildOptions, watch: Watch = iter) -> BuildAnswer:
    """Builds the site, and says what became of each file; `watch` sees the files as they are read.

    A file that is rejected, or waits for what another holds, is left out. Raises Failure when
    something cannot be read or written; settings or a theme that are broken build nothing.
    """
    output = Output(options.out, apart_from=options.source)
    files = {file.key: file for file in files_of(options.source, without=[options.out])}
    settings_file = options.settings or folder.settings_file(options.source)
    try:
        settings = _effective(folder.settings_of(settings_file), options)
        own = own_theme.read(options.source, settings)
    except BrokenTheme as broken:
        return _broken(options, options.source / broken.file, Error.of(broken), key=broken.file)
    except Rejected as rejected:
        return _broken(options, settings_file or options.source / SETTINGS, Error.of(rejected))
    outcomes = _outcomes(files, watch, settings, own.theme.digest, options)
    pictures = Pictures(
        options.source, output.put, quality=settings.images.quality, vault=options.vault
    )
    rendered = {
        outcome.key: RenderedPost(
            outcome.parsed.post, pictures.images_of(outcome.parsed, outcome.key)
        )
        for outcome in outcomes
        if outcome.parsed is not None and outcome.status in UP
    }
    claimed = {key: name for name, each in rendered.items() for key in claimed_keys([each])}
    static, refused = _static_files(options.source, claimed)
    planned = plan_site(settings, list(rendered.values()), theme=own.theme, static=static)
    shadowed = _put(output, planned | own.assets, static)
    posts = [_built(o, files[o.key], settings, rendered.get(o.key), shadowed) for o in outcomes]
    posts += refused
    stale = output.stale()
    if options.clean:
        output.remove(stale)
    return BuildAnswer(
        out=str(options.out),
        site=settings.base_url,
        posts=tuple(posts),
        summary=_summary(posts),
        files=len(output.keys),
        written=output.written,
        stale=() if options.clean else stale,
    )


def _outcomes(
    files: Mapping[str, File], watch: Watch, settings: Site, theme: str, options: BuildOptions
) -> list[Outcome]:
    """What each file becomes, with links to pages, and what it refers to in vain."""

    def understood(file: File) -> Outcome:
        data = file.data
        outcome = read(file.key, data, settings, theme, uploaded=file.uploaded, now=options.now)
        return with_losses(outcome, data) if options.strict else outcome

    outcomes = resolve_claims(map(understood, watch(files.values())))
    references = References(options.source, settings.redirects, outcomes, tuple)
    return with_links(with_warnings(outcomes, references, lambda key: decode(files[key].data).text))


def exit_code(answer: BuildAnswer, *, strict: bool = False) -> Exit:
    """1 when a file is not shown that its author wanted to be: it was rejected, or waits.

    Who is `strict` takes a warning for a file that is not shown.
    """
    unfit = {Status.REJECTED.value, Status.WAITING.value} & answer.summary.keys()
    unfit |= {_WARNINGS} & answer.summary.keys() if strict else set()
    return Exit.REJECTED if unfit else Exit.FINE


def _summary(posts: Iterable[BuiltPost]) -> Counter[str]:
    posts = tuple(posts)
    return Counter(post.status for post in posts) + Counter(
        {_WARNINGS: sum(len(post.warnings) for post in posts)}
    )


def _effective(settings: Site, options: BuildOptions) -> Site:
    base_url = options.base_url or settings.base_url or SERVED_AT
    return settings.model_copy(update={"base_url": base_url.rstrip("/")})


def _put(output: Output, objects: Objects, static: Mapping[str, Path]) -> set[str]:
    """Writes the site, and returns the keys of files that a folder keeps from being written."""
    shadowed = objects.keys() & _folders((*objects, *static))
    for key in objects.keys() - shadowed:
        output.put(key, objects[key].body)
    for key, path in static.items():
        output.put(key, _read_static(path))
    return shadowed


def _static_files(
    source: Path, claimed: Mapping[str, str]
) -> tuple[dict[str, Path], list[BuiltPost]]:
    """The static files by their keys on the site, as the cloud has them, and those refused."""
    found: dict[str, Path] = {}
    refused = []
    for path in sorted((source / "static").rglob("*")):
        key = path.relative_to(source).as_posix()
        if not path.is_file() or not content.is_static(key):
            continue
        try:
            place = content.static_place(key)
            content.check_static_size(key, _read_static(path))
            if place in claimed:
                raise content.static_claimed(place, claimed[place])
            found[place] = path
        except Rejected as rejected:
            is_claimed = rejected.rule == content.STATIC_CLAIMED
            status = Status.WAITING if is_claimed else Status.REJECTED
            why = Error.of(rejected)
            refused.append(BuiltPost(file=str(path), key=key, status=status.value, error=why))
    return found, refused


def _read_static(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(content.MAX_STATIC_BYTES + 1)
    except OSError as error:
        raise folder.unreadable(path, error) from error


def _folders(keys: Iterable[str]) -> set[str]:
    """The folders that lie on the way to some keys."""
    return {parent.as_posix() for key in keys for parent in PurePosixPath(key).parents}


def _broken(options: BuildOptions, file: Path, error: Error, key: str = SETTINGS) -> BuildAnswer:
    status = Status.REJECTED.value
    post = BuiltPost(file=str(file), key=key, status=status, error=error)
    return BuildAnswer(out=str(options.out), site="", posts=(post,), summary={status: 1})


def _built(
    outcome: Outcome,
    file: File,
    settings: Site,
    rendered: RenderedPost | None,
    shadowed: Collection[str],
) -> BuiltPost:
    post = outcome.parsed.post if outcome.parsed else None
    warnings = outcome.parsed.warnings if outcome.parsed else ()
    if rendered is not None:
        hidden = [alias for alias in rendered.post.aliases if key_of(alias) in shadowed]
        warnings = (*warnings, *map(_hidden_by_folder, hidden))
    return BuiltPost(
        file=str(file.path),
        key=outcome.key,
        id=post.id if post else None,
        status=outcome.status.value,
        revision=post.revision if post else None,
        url=absolute(settings.base_url, rendered.post.path) if rendered else None,
        repairs=outcome.parsed.repairs if outcome.parsed else (),
        warnings=warnings,
        images=_counts(rendered.images.values() if rendered else ()),
        error=outcome.error,
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
