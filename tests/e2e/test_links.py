"""A link to another source, on the local cloud: it leads to its page, once that is there."""

from e2e.local import Local, markdown


def test_a_link_leads_to_a_post_that_comes_later(local: Local) -> None:
    """Until then its words stand alone; a minute after the target came they are a link."""
    url = local.live("posts/links/first.md", markdown("First", "See [the other](second.md)."))
    assert "See the other." in local.get(url).text
    other = local.live("posts/links/second.md", markdown("Second"))
    path = other.removeprefix(local.url("").rstrip("/"))
    local.until(lambda: f'<a href="{path}"' in local.get(url).text, seconds=150)
