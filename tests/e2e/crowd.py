"""Fifty authors at once, all in the same lists: no entry is lost, and later none is left.

`make crowd` runs it: it takes minutes. `tests/flow/test_crowd.py` shows the same in memory.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

from e2e.local import ATOM, Local, markdown

COUNT = 50
NEWEST = 20
SECONDS = 900
"""Where many work at once a function may run out of its time: its messages come again later."""


def at_once(calls: list[Callable[[], object]]) -> None:
    """Makes all calls at the same time."""
    with ThreadPoolExecutor(len(calls)) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()


def titles(local: Local, path: str) -> list[str]:
    """The titles in a feed."""
    root = ET.fromstring(local.get(path).body)
    return [entry.findtext(f"{ATOM}title", "") for entry in root.iter(f"{ATOM}entry")]


def test_fifty_posts_at_once_stand_in_all_their_lists_and_leave_them(local: Local) -> None:
    """Tag, category, month, feeds, sitemap and search name each post, and no removed one."""
    word = f"crowd{uuid4().hex[:8]}"
    names = [f"{word}-{number:02}" for number in range(COUNT)]
    posts = {
        f"posts/{word}/{name}.md": markdown(
            name,
            slug=name,
            date=f"2024-07-{1 + number % 28:02}",
            tags=f"[{word}]",
            categories=f"[{word}]",
        )
        for number, name in enumerate(names)
    }
    s3, bucket = local.cloud.client("s3"), local.cloud.outputs.ContentBucket
    home = local.cloud.stores.lists
    at_once(
        [
            partial(s3.put_object, Bucket=bucket, Key=key, Body=text.encode())
            for key, text in posts.items()
        ]
    )
    local.wait_until_idle(seconds=SECONDS)

    month = local.get("/2024/07/").text
    assert [name for name in names if f">{name}</a>" not in month] == []
    newest = [member.card.title for member in home.newest(f"tag:{word}", limit=NEWEST)]
    assert len(newest) == NEWEST
    for place in (f"/tags/{word}/", f"/categories/{word}/"):
        page = local.get(place).text
        assert {name for name in names if f">{name}</a>" in page} == set(newest), place
        assert titles(local, f"{place}feed.xml") == newest, place
    first = [member.card.title for member in home.newest("home", limit=NEWEST)]
    assert titles(local, "/feed.xml") == first
    addresses = {local.url(f"/2024/07/{name}/") for name in names}
    assert addresses <= local.sitemap()
    found = json.loads(local.get("/-/search/2024.json").body)
    assert sorted(post[1] for post in found) == names

    at_once([partial(s3.delete_object, Bucket=bucket, Key=key) for key in posts])
    local.wait_until_idle(seconds=SECONDS)

    assert {local.get(address).status for address in addresses} == {410}
    gone = (f"/tags/{word}/", f"/categories/{word}/", "/2024/07/", "/-/search/2024.json")
    assert {local.get(place).status for place in gone} == {404}
    assert not addresses & local.sitemap()
    assert not set(names) & set(titles(local, "/feed.xml"))
    assert word not in local.get("/").text
    assert "2024-07" not in local.get("/-/search/periods.json").text
    assert local.dead_letters() == {}
