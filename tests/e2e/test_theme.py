"""What an administrator changes for the whole site, and what a broken change leaves."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from e2e.local import Local, markdown

OURS = '<!-- {mark} -->{{% extends "default/base.html" %}}'


@pytest.fixture
def key() -> str:
    """A key of the test's own."""
    return f"posts/{uuid4().hex}.md"


@pytest.fixture
def title() -> str:
    """A title that no other post has."""
    return f"Post {uuid4().hex}"


@pytest.fixture(autouse=True)
def _as_it_was(local: Local) -> Iterator[None]:
    """Afterwards the site has the default theme and the default settings again."""
    yield
    for each in ("theme/base.html", "theme/home.html", "theme/logo.svg", "site.yaml"):
        local.delete(each)
    local.until(lambda: not local.cloud.stores.sites.read().theme)
    local.wait_until_idle()


def test_a_theme_reaches_every_page_and_a_broken_file_leaves_the_site_as_it_was(
    local: Local, key: str, title: str
) -> None:
    """A template and an asset are in force everywhere; a broken one changes no object at all."""
    url = local.live(key, markdown(title))
    mark = f"ours {uuid4().hex}"
    base = OURS.format(mark=mark) + '{% block feeds %}/{{ asset("logo.svg") }}{% endblock %}'
    local.publish("theme/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert local.publish("theme/base.html", base).status == "live"
    local.wait_until_idle()
    for place in (url, "/", "/2025/03/", "/archives/", "/no/such/page/"):
        assert mark in local.get(place).text, place
    asset = local.get(url).text.partition("/-/assets/")[2].partition("logo.svg")[0]
    logo = local.get(f"/-/assets/{asset}logo.svg")
    assert (logo.status, logo.headers["content-type"]) == (200, "image/svg+xml")
    assert "immutable" in logo.headers["cache-control"]
    objects = local.objects()
    answer = local.publish("theme/home.html", "<p>\n{{ nothing }}")
    assert answer.status == "rejected"
    assert answer.error is not None
    assert (answer.error.rule, answer.error.line) == ("theme.undefined", 2)
    local.wait_until_idle()
    assert local.objects() == objects
    mail = local.until(lambda: local.mails("theme/home.html:2"))
    assert len(mail) == 1
    other = local.live(f"posts/{uuid4().hex}.md", markdown(f"{title} meanwhile"))
    assert mark in local.get(other).text
    assert mark in local.get("/").text
    local.wait_until_idle()
    assert local.dead_letters() == {}


def test_a_title_changed_in_site_yaml_reaches_every_page(
    local: Local, key: str, title: str
) -> None:
    """Also a page that is published meanwhile, and the stub of one that is gone."""
    url, name = local.live(key, markdown(title)), f"Site {uuid4().hex}"
    gone = f"posts/{uuid4().hex}.md"
    gone_url = local.live(gone, markdown(f"{title} gone"))
    local.remove(gone)
    assert local.publish("site.yaml", f"title: {name}\n").status == "live"
    meanwhile = local.live(f"posts/{uuid4().hex}.md", markdown(f"{title} meanwhile"))
    local.wait_until_idle()
    for place in (url, gone_url, meanwhile, "/", "/2025/03/", "/archives/", "/feed.xml"):
        assert name in local.get(place).text, place
