"""`presswork build`: the whole site of a content folder, without any cloud."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from presswork import content
from presswork.content.decoding import decode
from presswork.errors import Rejected
from presswork.post import UP, Error, Image, ImageState, Status
from presswork.settings import Site
from presswork.site import absolute
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
from presswork_cli.offline.planner import RenderedPost, plan_site
from presswork_cli.offline.references import with_warnings
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
    for key, made in (plan_site(settings, rendered.values(), theme=own.theme) | own.assets).items():
        output.put(key, made.body)
    posts = [_built(each, files[each.key], settings, rendered.get(each.key)) for each in outcomes]
    posts += _copy_static(options.source, output)
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
    return with_links(
        with_warnings(outcomes, options.source, lambda key: decode(files[key].data).text, tuple)
    )


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


def _copy_static(source: Path, output: Output) -> Iterator[BuiltPost]:
    """Copies static files to where the cloud has them, and tells which may not stand there."""
    for path in sorted((source / "static").rglob("*")):
        key = path.relative_to(source).as_posix()
        if not path.is_file() or not content.is_static(key):
            continue
        try:
            with path.open("rb") as file:
                data = file.read(content.MAX_STATIC_BYTES + 1)
            content.check_static_size(key, data)
            output.put(content.static_place(key), data)
        except OSError as error:
            raise folder.unreadable(path, error) from error
        except Rejected as rejected:
            status, why = Status.REJECTED.value, Error.of(rejected)
            yield BuiltPost(file=str(path), key=key, status=status, error=why)


def _broken(options: BuildOptions, file: Path, error: Error, key: str = SETTINGS) -> BuildAnswer:
    status = Status.REJECTED.value
    post = BuiltPost(file=str(file), key=key, status=status, error=error)
    return BuildAnswer(out=str(options.out), site="", posts=(post,), summary={status: 1})


def _built(
    outcome: Outcome, file: File, settings: Site, rendered: RenderedPost | None
) -> BuiltPost:
    post = outcome.parsed.post if outcome.parsed else None
    return BuiltPost(
        file=str(file.path),
        key=outcome.key,
        id=post.id if post else None,
        status=outcome.status.value,
        revision=post.revision if post else None,
        url=absolute(settings.base_url, rendered.post.path) if rendered else None,
        repairs=outcome.parsed.repairs if outcome.parsed else (),
        warnings=outcome.parsed.warnings if outcome.parsed else (),
        images=_counts(rendered.images.values() if rendered else ()),
        error=outcome.error,
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
