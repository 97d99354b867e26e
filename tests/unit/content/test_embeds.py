"""Players of other sites: frames of our own making, or links."""

import pytest

from presswork.content.html.embeds import FRAME_SOURCES, FRAME_URLS, embed_of
from presswork.content.site_file import settings
from presswork.errors import Rejected
from presswork.settings import EMBED_HOSTS, EmbedHost, Site
from unit.content.reading import read

ID = "a1B2c3D4e5F"
TUBE = f"https://www.youtube-nocookie.com/embed/{ID}"
BILI = "https://player.bilibili.com/player.html?bvid=BV17x411w7KC&autoplay=0"


@pytest.mark.parametrize(
    ("url", "host", "src"),
    [
        (f"https://www.youtube.com/embed/{ID}?autoplay=1&start=90", "youtube", f"{TUBE}?start=90"),
        (f"http://www.youtube.com/watch?list=x&v={ID}&t=1m30s", "youtube", f"{TUBE}?start=90"),
        (f"https://youtu.be/{ID}", "youtube", TUBE),
        (f"https://www.youtube.com/shorts/{ID}", "youtube", TUBE),
        ("https://vimeo.com/12345", "vimeo", "https://player.vimeo.com/video/12345?dnt=1"),
        (
            "https://player.vimeo.com/video/12345?h=0a1b2c3d4e&color=red",
            "vimeo",
            "https://player.vimeo.com/video/12345?h=0a1b2c3d4e&dnt=1",
        ),
        ("https://player.bilibili.com/player.html?aid=1&bvid=BV17x411w7KC", "bilibili", BILI),
        ("https://www.bilibili.com/video/BV17x411w7KC/?p=3", "bilibili", f"{BILI}&p=3"),
        (
            "https://player.bilibili.com/player.html?aid=170001&page=1",
            "bilibili",
            "https://player.bilibili.com/player.html?aid=170001&autoplay=0",
        ),
        (
            "https://mastodon.social/@ann/1234567",
            "mastodon",
            "https://mastodon.social/@ann/1234567/embed",
        ),
    ],
)
def test_embeds(url: str, host: EmbedHost, src: str) -> None:
    """The address of a frame is made anew from the id, in a form that sanitising knows."""
    embed = embed_of(url)
    assert embed is not None
    assert (embed.host, embed.src) == (host, src)
    assert FRAME_URLS[host].fullmatch(src)
    assert src.startswith(tuple(f"{source}/" for source in FRAME_SOURCES[host]))
    assert embed_of(embed.link) == embed


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/embed/short",
        f"https://www.youtube.com.evil.example/embed/{ID}",
        f"https://evil.example/embed/{ID}",
        f"javascript:https://www.youtube.com/embed/{ID}",
        "https://www.youtube.com/channel/x",
        "https://player.vimeo.com/video/x",
        "https://player.bilibili.com/player.html?bvid=x",
        "https://unknown.social/@ann/1234567",
        "https://[::1",
        "",
    ],
)
def test_no_embed(url: str) -> None:
    """Any other address is none."""
    assert embed_of(url) is None


def test_frames_only_where_the_settings_allow_them() -> None:
    """A player is a frame in a sandbox, with a link for those who see none; or else a link."""
    body = f'<p>a</p><iframe src="https://youtu.be/{ID}" title="The  film" onload=x></iframe>'
    framed = read(body, site=Site(embeds=("youtube",)))
    assert f'<iframe src="{TUBE}" title="The film" ' in framed.html
    for attribute in ("sandbox=", 'loading="lazy"', "referrerpolicy=", 'width="560" height="315"'):
        assert attribute in framed.html
    link = f"https://www.youtube.com/watch?v={ID}"
    assert f'<a href="{link}" rel="noopener noreferrer">The film</a></figcaption>' in framed.html
    assert framed.text == "a\nThe film"
    for site in (Site(), Site(embeds=("vimeo",))):
        linked = read(body, site=site)
        assert "<iframe" not in linked.html
        assert f'href="{link}"' in linked.html


def test_all_embeds_at_once() -> None:
    """True means every host, false none; another name is an error that names the known ones."""
    assert settings(b"embeds: true").embeds == EMBED_HOSTS
    assert settings(b"embeds: false").embeds == ()
    assert settings(b"embeds: [vimeo]").embeds == ("vimeo",)
    with pytest.raises(Rejected, match="youtube") as caught:
        settings(b"title: x\nembeds: [example]")
    assert (caught.value.rule, caught.value.line) == ("settings.embeds", 2)


def test_trust_is_given_by_folder() -> None:
    """A trusted folder keeps looks and frames, but no scripts; its neighbours keep neither."""
    body = (
        '<div class="card" style="color:red" onclick="x()"><script>x()</script>'
        '<iframe src="https://maps.example/1"></iframe><iframe src="http://maps.example/2"></iframe>'
        '<p id="a" style="background:url(https://x.example/t.gif)">b</p></div>'
    )
    site = settings(b"trusted_html: [posts/team/]")
    trusted = read(body, key="posts/team/a.html", site=site).html
    assert trusted == (
        '<div class="card" style="color:red"><iframe src="https://maps.example/1"></iframe>'
        '<iframe></iframe><p id="a"><img alt="" src="https://x.example/t.gif">b</p></div>'
    )
    for key in ("posts/teams/a.html", "posts/team.html", "posts/x/posts/team/a.html"):
        assert "card" not in read(body, key=key, site=site).html
    assert "card" not in read(body, key="posts/b.html", site=site, trusted_html="true").html
    assert read(body, key="pages/b.html", site=settings(b"trusted_html: [pages/]")).html == trusted


@pytest.mark.parametrize("folder", ["posts/team", "team/", "", "/posts/team/"])
def test_trust_needs_a_folder(folder: str) -> None:
    """What is not a folder of posts is refused, and the way to write one shown."""
    with pytest.raises(Rejected, match="posts/team/") as caught:
        settings(f"trusted_html: ['{folder}']".encode())
    assert caught.value.rule == "settings.trusted_html"
