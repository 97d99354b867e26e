"""What `presswork serve` answers of files on disk, which have no metadata."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from presswork.post import Post
from presswork.settings import Site
from presswork.site import key_of, not_found, redirect, redirect_to
from presswork.site.stubs import LOCATION, STATUS
from presswork_cli.offline.entries import RenderedPost
from presswork_cli.offline.planner import Objects, plan_site
from presswork_cli.serve.addresses import content_type, file_of, moved_to


@pytest.fixture(scope="module")
def objects() -> Objects:
    """A site with all kinds of objects."""
    post = Post(
        id="p",
        title="Fog",
        date=datetime(2026, 1, 1, tzinfo=UTC),
        path="/fog.html",
        slug="fog",
        lang="en",
        tags=("sea",),
        aliases=("/old.php", "/雨/", "/?p=12"),
        html=f"<p>{redirect('/x/').body.decode().splitlines()[7]}</p>",
    )
    site = Site(base_url="https://press.example", redirects={"/a/": "https://b.example/?c=d&e#f"})
    return plan_site(site, [RenderedPost(post, {})])


def test_a_key_tells_the_kind_of_its_file(objects: Objects) -> None:
    """The one that the cloud tells for it; a stub is answered by its status."""
    pages = {key: each for key, each in objects.items() if STATUS not in each.metadata}
    assert {key: content_type(key) for key in pages} == {
        key: each.content_type for key, each in pages.items()
    }


def test_a_stub_is_known_by_its_bytes(objects: Objects) -> None:
    """And leads where its metadata say; a page that tells of one is none."""
    found = {key: moved_to(each.body) for key, each in objects.items()}
    assert found == {key: each.metadata.get(LOCATION) for key, each in objects.items()}
    assert found[key_of("/a/")] == "https://b.example/?c=d&e#f"


def test_a_stub_whose_target_has_no_room_in_metadata_leads_on_by_itself() -> None:
    """As in the cloud, which answers it as a page."""
    assert moved_to(redirect_to("/" + "a" * 1899).body) == "/" + "a" * 1899
    assert moved_to(redirect_to("/" + "a" * 1900).body) is None


def test_no_other_page_is_a_stub() -> None:
    """Not even one that says the same words and more."""
    assert moved_to(not_found(Site(), "").body) is None
    assert moved_to(redirect("/a/").body + b"<!-- more -->") is None
    assert moved_to(b'<meta http-equiv="refresh" content="0; url=//evil.example/">') is None


def test_a_file_is_found_inside_alone(tmp_path: Path) -> None:
    """No folder, nothing above, nothing behind a link that leads out."""
    folder = tmp_path / "site"
    (folder / "a").mkdir(parents=True)
    (folder / "a/b.txt").write_text("b")
    (tmp_path / "secret.txt").write_text("s")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    assert file_of(folder, "a/b.txt") == folder / "a/b.txt"
    for key in ("a", "", "../secret.txt", "a/../a/b.txt", "a//b.txt", "out.txt", "a/b.txt/c"):
        assert file_of(folder, key) is None
