"""`presswork preview`: one post as its readers would see it, in a folder that a browser opens."""

import tempfile
from functools import cache
from pathlib import Path

from presswork import content, site
from presswork.clock import utc_now
from presswork.content import Parsed, links
from presswork.content.decoding import decode
from presswork.errors import Rejected
from presswork.post import Error, Status
from presswork.settings import Site
from presswork.theme_files import BrokenTheme, ThemeFiles
from presswork_cli.failure import Exit, Failure
from presswork_cli.keys import root_of
from presswork_cli.offline import folder, own_theme
from presswork_cli.offline.check import unfit_name
from presswork_cli.offline.claims import Outcome, read
from presswork_cli.offline.entries import RenderedPost
from presswork_cli.offline.folder import File
from presswork_cli.offline.links import with_links
from presswork_cli.offline.losses import with_losses
from presswork_cli.offline.output import Output
from presswork_cli.offline.pictures import Pictures
from presswork_cli.offline.planner import plan_site
from presswork_cli.offline.references import References, with_warnings
from presswork_cli.offline.relative import Relative
from presswork_cli.printing.answers import PreviewAnswer

NOWHERE = "https://preview.invalid"
"""The address of a site that names none (RFC 2606, section 2); no link leads there."""


def preview(
    path: Path, out: Path | None = None, settings_file: Path | None = None
) -> PreviewAnswer:
    """Makes the site that this post alone would be, its links fit for a folder.

    Without `out` the folder is a new one for temporary files. Nothing is fetched: a remote image is
    a note, as on a page whose images have not come home yet. Files beside the post that it shows or
    links to come along. Raises Failure when something cannot be read or written, or is no post.
    """
    file = folder.file_of(path)
    root = root_of(file.path, file.key)
    if path.is_dir():
        raise Failure(
            f"{path} is a folder: name one post of it, or make the whole with `presswork build`",
            Exit.USAGE,
        )
    data, uploaded = file.data, file.uploaded
    if not content.is_post(file.key, data):
        usual = f"one begins with front matter, or is called {path.stem}.md"
        why = content.why_skipped(file.key, data) or usual
        raise Failure(f"{path} is no post: {why[0].lower()}{why[1:].rstrip('.')}", Exit.USAGE)
    unfit = unfit_name(file.key)
    if unfit is not None:
        return PreviewAnswer(file=folder.displayed(path), error=unfit)
    faulty = settings_file = settings_file or folder.settings_file(root)
    try:
        settings = folder.settings_of(settings_file)
        own = own_theme.read(root, settings)
        faulty = path
        parsed = content.parse(data, file.key, settings, uploaded=uploaded, theme=own.theme.digest)
    except BrokenTheme as broken:
        faulty = root / broken.file
        return PreviewAnswer(file=folder.displayed(faulty), error=Error.of(broken))
    except Rejected as rejected:
        return PreviewAnswer(file=folder.displayed(faulty or path), error=Error.of(rejected))
    output = Output(out or Path(tempfile.mkdtemp(prefix="presswork-")), apart_from=path)
    for key, made in own.assets.items():
        output.put(key, made.body)
    parsed = _among_others(parsed, data, settings, own.theme, file)
    _put(output, settings, own.theme, parsed, file)
    return PreviewAnswer(
        file=folder.displayed(path),
        page=str(output.folder / site.key_of(parsed.post.path)),
        files=tuple(str(output.folder / key) for key in sorted(output.keys)),
        post=parsed.post,
        repairs=parsed.repairs,
        warnings=parsed.warnings,
    )


def _among_others(
    parsed: Parsed, data: bytes, settings: Site, theme: ThemeFiles, file: File
) -> Parsed:
    """The post as `check` and `build` have it: warned of, its links leading to pages.

    No other page is made; the rest of its folder is read only when the post refers to it.
    """
    root, now = root_of(file.path, file.key), utc_now()

    @cache
    def others() -> tuple[Outcome, ...]:
        rest = (each for each in folder.all_of(root, lambda _: None) if each.key != file.key)
        return tuple(
            read(o.key, o.data, settings, theme.digest, uploaded=o.uploaded, now=now) for o in rest
        )

    outcome = with_losses(Outcome(file.key, Status.LIVE, parsed), data)
    references = References(root, settings.redirects, [outcome], others)
    [outcome] = with_warnings([outcome], references, lambda _: decode(data).text)
    has_links = bool(links.sources_linked(parsed.html, file.key))
    return with_links([outcome, *(others() if has_links else ())])[0].parsed or parsed


def _put(output: Output, settings: Site, theme: ThemeFiles, parsed: Parsed, file: File) -> None:
    root = root_of(file.path, file.key)
    pictures = Pictures(root, output.put, quality=settings.images.quality)
    post, images = parsed.post, pictures.images_of(parsed, file.key)
    update = {"base_url": settings.base_url or NOWHERE, "redirects": {}}
    addressed = settings.model_copy(update=update)
    objects = plan_site(addressed, [RenderedPost(post, images)], theme=theme)
    relative = Relative({*objects, *output.keys}, settings.base_url)
    for key, made in objects.items():
        is_page = key.endswith(".html")
        body = relative.page(made.body.decode(), key).encode() if is_page else made.body
        output.put(key, body)
