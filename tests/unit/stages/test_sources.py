"""What is kept of versions of sources from one message to the next."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from presswork.object import Content
from presswork.settings import Site
from presswork.stages.sources import SourceReader, Version

if TYPE_CHECKING:
    from presswork.aws.buckets import ContentBucket

NOW = datetime(2026, 5, 4, tzinfo=UTC)


@dataclass
class Bucket:
    """Posts that are told by their keys, and which were asked for."""

    asked: list[str] = field(default_factory=list)

    def get(self, key: str, *, version_id: str | None, most: int) -> Content:
        """A post whose title is its key."""
        self.asked.append(key)
        data = f"---\ntitle: {key}\n---\n\nWords.\n".encode()
        return Content(
            data=data[: most + 1], version_id=version_id or "", etag="", last_modified=NOW
        )


def version(name: str, site: Site | None = None) -> Version:
    """A version of a post."""
    return Version(f"posts/{name}.md", "v1", site or Site(), NOW, f"/{name}/")


def test_a_version_that_is_kept_is_not_read_again() -> None:
    """What is asked for beside it is read, and both come in the order in which they were asked."""
    bucket = Bucket()
    reader = SourceReader(cast("ContentBucket", bucket))
    reader.read(version("a"))
    found = reader.read_all([version("b"), version("a")])
    assert [each.post.title for each in found] == ["posts/b.md", "posts/a.md"]
    assert bucket.asked == ["posts/a.md", "posts/b.md"]


def test_a_version_under_other_settings_is_another() -> None:
    """What a post is made under is part of what was kept."""
    bucket = Bucket()
    reader = SourceReader(cast("ContentBucket", bucket))
    reader.read(version("a"))
    reader.read(version("a", Site(title="Another")))
    reader.read(version("a", Site(title="Another")))
    assert bucket.asked == ["posts/a.md", "posts/a.md"]
