"""The files of `theme/` as they lie in ContentBucket, and what is made of them.

Apart from what looks at a theme, since it imports all that makes pages: parse reads posts all day,
and a theme now and then.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from presswork import software
from presswork.aws.buckets import ContentBucket, SiteBucket
from presswork.aws.conflicts import Changed
from presswork.aws.themes import packed
from presswork.errors import RetryLater
from presswork.object import Content, ListedObject
from presswork.settings import Site
from presswork.site import own_assets
from presswork.site.samples import check_theme
from presswork.site.theme.reading import MOST_ASSET, check_sizes, is_theme_file, read_theme
from presswork.theme_files import PREFIX, BrokenTheme, ThemeFiles

MOST_PACKED = 300_000
"""What an item has room for, beside the names of 200 assets (DynamoDB: 400 KB)."""


@dataclass(frozen=True)
class FoundTheme:
    """A theme that works, and its assets by name."""

    theme: ThemeFiles
    assets: Mapping[str, Content]


def listing(content: ContentBucket) -> list[ListedObject]:
    """The templates and assets that are there."""
    return [each for each in content.listing(PREFIX) if is_theme_file(each.key)]


def digest(files: Sequence[ListedObject]) -> str:
    """A digest of which files there are, and which software looks at them."""
    text = json.dumps([[each.key, each.etag] for each in files] + [software.digest()])
    return hashlib.sha256(text.encode()).hexdigest()


def find(content: ContentBucket, files: Sequence[ListedObject], site: Site) -> FoundTheme:
    """The theme of some files; raises BrokenTheme, and Changed when one of them is gone."""
    check_sizes({each.key: each.size for each in files})
    found = {each.key: _get(content, each.key) for each in files}
    hashes = {key: hashlib.sha256(each.data).hexdigest() for key, each in found.items()}
    theme = read_theme({key: each.data for key, each in found.items()}, hashes)
    if len(packed(theme.sources)) > MOST_PACKED:
        raise BrokenTheme(
            PREFIX,
            "theme.size",
            None,
            "The templates and the stylesheet are too large together, even when compressed.",
            "Take pictures and fonts out of the stylesheet, and put them beside it.",
        )
    check_theme(site, theme)
    return FoundTheme(theme, {name: found[PREFIX + name] for name in theme.assets})


def versions(content: ContentBucket, assets: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes of assets, by name, as they were at their VersionIds."""
    files = {}
    for name, version_id in assets.items():
        found = content.get(PREFIX + name, version_id=version_id, most=MOST_ASSET)
        if found is None:
            raise RetryLater(f"version {version_id} of {PREFIX}{name} is not there")
        files[name] = found.data
    return files


def put(site: SiteBucket, theme: ThemeFiles, files: Mapping[str, bytes]) -> None:
    """Puts assets on the site, as far as they are not there."""
    for key, made in own_assets(theme, files).items():
        site.put_media(key, made.body, made.content_type)


def _get(content: ContentBucket, key: str) -> Content:
    found = content.get(key, most=MOST_ASSET)
    if found is None:
        raise Changed
    return found
