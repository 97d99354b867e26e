"""A post goes live, changes, and goes away again."""

import json

from flow.world import Origin, World, picture

POST = """---
title: A calm sea
date: 2026-05-04 09:00:00
tags: [sea]
---

The sea was calm.

![A boat](http://images.example/boat.jpg)
"""


def test_a_post_goes_live(world: World, origin: Origin) -> None:
    """An uploaded post ends as a page with its image at home, in every list."""
    origin.files["/boat.jpg"] = picture()
    world.put("posts/sea.md", POST)
    world.run()
    post = world.fed("posts/sea.md")
    assert post.live is not None and post.live.up and post.touched == ()
    page = world.page("/2026/05/a-calm-sea/")
    assert page is not None and "The sea was calm." in page and "images.example" not in page
    pages = world.pages()
    assert "/media/" in page and any(key.endswith(".webp") for key in pages)
    for key in ("index.html", "feed.xml", "2026/05/index.html", "tags/sea/index.html"):
        assert b"A calm sea" in pages[key], key
    assert b"/2026/05/a-calm-sea/" in pages["sitemap/2026-05.xml"]
    assert {"404.html", "robots.txt", "sitemap.xml"} <= pages.keys()
    document = json.loads(pages["2026/05/a-calm-sea/index.json"])
    assert document["title"] == "A calm sea"
    assert world.dead == []
