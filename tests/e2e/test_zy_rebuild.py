"""An emptied site is made again; near the end, since it makes all that the other tests left."""

from typing import Any

from e2e.local import Local, markdown
from e2e.outside import ORIGIN, Outside
from e2e.test_command import presswork

Objects = dict[str, tuple[bytes, str, str, dict[str, str]]]


def _objects(local: Local) -> Objects:
    """Every object of the site: its bytes, its type, how long it is kept, how it is answered."""
    s3, bucket = local.cloud.client("s3"), local.cloud.outputs.SiteBucket

    def read(key: str) -> tuple[bytes, str, str, dict[str, str]]:
        answer: dict[str, Any] = s3.get_object(Bucket=bucket, Key=key)
        body = answer["Body"].read()
        return body, answer["ContentType"], answer["CacheControl"], answer["Metadata"]

    return {key: read(key) for key in local.objects()}


def _is_former(local: Local, key: str) -> bool:
    """Whether an object is of a theme that is no more, or media that no post shows any more."""
    kind, _, rest = key.removeprefix("-/").partition("/")
    hash = rest.partition("/")[0]
    return kind == "assets" or (
        kind == "media" and not list(local.cloud.stores.media.uses(hash).posts())
    )


def test_an_emptied_site_is_made_again_byte_for_byte(local: Local, world: Outside) -> None:
    """The same keys, bytes, types and answers: media, redirects and stubs of what is gone, too."""
    local.live(
        "posts/rebuilt/pictured.md", markdown("Pictured", f"![A ferry](http://{ORIGIN}/ferry.jpg)")
    )
    local.live("posts/rebuilt/moved.md", markdown("Moved", slug="rebuilt-first"))
    moved = local.live("posts/rebuilt/moved.md", markdown("Moved", slug="rebuilt-second"))
    gone = local.live("posts/rebuilt/gone.md", markdown("Gone"))
    local.remove("posts/rebuilt/gone.md")
    local.wait_until_idle()
    before = _objects(local)
    fetched = len(world.fetched)
    assert [key for key in before if key.startswith("-/media/")]
    statuses = {meta.get("presswork-status") for *_, meta in before.values()}
    assert statuses == {None, "301", "410"}
    s3 = local.cloud.client("s3")
    for key in before:
        s3.delete_object(Bucket=local.cloud.outputs.SiteBucket, Key=key)
    assert local.objects() == {}
    code, answer = presswork(local, "rebuild", "--timeout", "300")
    assert (code, answer["done"], answer["sent_all"]) == (0, True, True)
    local.wait_until_idle()
    after = _objects(local)
    assert after.keys() >= {key for key in before if not _is_former(local, key)}
    assert before.keys() >= after.keys()
    assert {key for key in after if after[key] != before[key]} == set()
    assert len(world.fetched) == fetched
    assert (local.get(moved).status, local.get(gone).status) == (200, 410)
    code, receipt = presswork(local, "explain", "posts/rebuilt/pictured.md")
    assert (code, receipt["status"], receipt["pending"]) == (0, "live", [])
    assert {each["state"] for each in receipt["objects"]} == {"equal"}
    assert all(each["there"] for each in receipt["items"])
    assert local.dead_letters() == {}
