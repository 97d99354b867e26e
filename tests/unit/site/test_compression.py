"""What CloudFront compresses: every text that the site is made of."""

from datetime import UTC, datetime

from presswork.post import Post
from presswork.settings import Site
from presswork.site import static_file
from presswork_cli.offline.entries import RenderedPost
from presswork_cli.offline.planner import plan_site

COMPRESSED = frozenset(
    {
        "application/dash+xml",
        "application/eot",
        "application/font",
        "application/font-sfnt",
        "application/javascript",
        "application/json",
        "application/opentype",
        "application/otf",
        "application/pkcs7-mime",
        "application/protobuf",
        "application/rss+xml",
        "application/truetype",
        "application/ttf",
        "application/vnd.apple.mpegurl",
        "application/vnd.ms-fontobject",
        "application/x-font-opentype",
        "application/x-font-truetype",
        "application/x-font-ttf",
        "application/x-httpd-cgi",
        "application/x-javascript",
        "application/x-mpegurl",
        "application/x-opentype",
        "application/x-otf",
        "application/x-perl",
        "application/x-ttf",
        "application/xhtml+xml",
        "application/xml",
        "font/eot",
        "font/opentype",
        "font/otf",
        "font/ttf",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/js",
        "text/plain",
        "text/richtext",
        "text/tab-separated-values",
        "text/x-component",
        "text/x-java-source",
        "text/x-script",
        "text/xml",
        "vnd.apple.mpegurl",
    }
)
"""Amazon CloudFront Developer Guide, "Serve compressed files", "File types that CloudFront
compresses": https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html

Neither application/atom+xml nor application/feed+json is among them.
"""


def test_every_text_of_the_site_is_compressed() -> None:
    """Pages, data, feeds, sitemaps, what the search reads, and the files of the theme."""
    post = Post(
        id="a",
        title="A",
        date=datetime(2026, 5, 4, tzinfo=UTC),
        path="/2026/05/a/",
        slug="a",
        lang="en",
        tags=("sea",),
    )
    made = plan_site(Site(base_url="https://site.example"), [RenderedPost(post)])
    types = {key: made[key].content_type.partition(";")[0] for key in made}
    assert {"feed.xml", "rss.xml", "feed.json", "tags/sea/feed.xml"} <= types.keys()
    assert {key: kind for key, kind in types.items() if kind not in COMPRESSED} == {}


def test_a_static_feed_is_compressed() -> None:
    """One that its author made is called as those of the site are."""
    for name in ("own.xml", "own.json", "own.svg", "own.txt", "own.csv"):
        assert static_file(name, b"").content_type.partition(";")[0] in COMPRESSED
