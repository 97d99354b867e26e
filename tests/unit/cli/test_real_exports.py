"""Exports and a blog that others wrote to test their tools, which `make samples` fetches."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from presswork import content
from presswork.content import source
from presswork_cli.offline import losses
from unit.cli.test_app import run
from unit.cli.test_build import files
from unit.cli.test_exports import CONTENT, SHORTCODE, WP
from unit.cli.test_generators import Moved

SOURCES = Path(__file__).parents[3] / ".venvs/samples/sources"
PELICAN = SOURCES / "pelican/pelican/tests"
NIKOLA = SOURCES / "nikola/tests/data/wordpress_import"
BLOG = SOURCES / "pelican/samples"
EXPORTS = (
    PELICAN / "content/wordpressexport.xml",
    NIKOLA / "wordpress_export_example.xml",
    NIKOLA / "wordpress_unicode_export.xml",
)
TOLD = {
    "pages/about.html": {"link-page"},
    "posts/2012-02-16-caption-on-image.html": {"template-left"},
}
"""What is told of posts: a link to /wp-admin/, and a caption around a link that never ends."""

each_export = pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.stem)


def moved(tool: str, blog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Moved:
    """A blog that was moved, and built."""
    new, out = tmp_path / "new", tmp_path / "out"
    code, receipt, error = run(capsys, "import", tool, str(blog), "--out", str(new), "--json")
    assert code == 0, error
    _, built, _ = run(capsys, "build", str(new), "--out", str(out), "--json")
    return Moved(json.loads(receipt), json.loads(built)["posts"], files(out), files(new))


def words(text: str) -> Counter[str]:
    """The words of a text, without those of shortcodes."""
    bare = re.sub(r"\[/?sourcecode[^\]]*\]", " ", SHORTCODE.sub(" ", text))
    return Counter(re.findall(r"[^\W_]+", bare))


def shown(html: bytes | str) -> str:
    """The text of HTML, with what stands for pictures."""
    page = BeautifulSoup(html, "lxml")
    return f"{page.get_text(' ')} {' '.join(str(each.get('alt')) for each in page.find_all('img'))}"


@each_export
def test_the_receipt_of_an_export_is_true(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each address is answered as told, or the receipt says why not; no post waits."""
    blog = moved("wordpress", export, tmp_path, capsys)
    told = blog.receipt["addresses"]
    assert len(told) > 10
    for each in told:
        assert each["answered"] != 404 or each["why"]
        is_taken = each["why"].startswith("something else stands there")
        assert (blog.status(each["path"]) == each["answered"]) is not is_taken, each
    rules = {each["key"]: {it["rule"] for it in each["warnings"]} for each in blog.posts}
    assert {key: it for key, it in rules.items() if it and it != TOLD.get(key)} == {}


@each_export
def test_every_word_of_an_export_is_on_a_page(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of what was published, title and text; the loss meter finds nothing on the way either."""
    blog = moved("wordpress", export, tmp_path, capsys)
    site = words(" ".join(shown(page) for key, page in blog.site.items() if key.endswith(".html")))
    for item in etree.parse(export, etree.XMLParser(recover=True)).iter("item"):
        kind, status = item.findtext(f"{WP}post_type"), item.findtext(f"{WP}status")
        if kind in ("post", "page") and status == "publish":
            title, text = item.findtext("title", ""), shown(item.findtext(CONTENT, "") or "<p>")
            assert (words(title) | words(text)).keys() - site.keys() == set()
    settings = content.settings(blog.source["site.yaml"])
    for key, data in blog.source.items():
        if key.startswith(("posts/", "pages/")) and key not in TOLD:
            assert losses.measure(data, content.parse(data, key, settings)) == ()


def test_a_tag_that_a_title_speaks_of_is_a_word_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The title «… some <html> entities …» is no HTML where it stands without CDATA."""
    blog = moved("wordpress", EXPORTS[0], tmp_path, capsys)
    data = blog.source["posts/2012-02-16-html-entity-test.html"]
    assert "some <html> entities" in str(source.read(data).entries["title"].value)


def test_no_line_of_a_post_asks_for_an_address_of_the_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A post at /tags/ is elsewhere here; it would be told of by every `check`."""
    blog = moved("wordpress", EXPORTS[0], tmp_path, capsys)
    data = blog.source["posts/2012-02-04-with-tags.html"]
    assert source.read(data).entries["aliases"].value == ["/?p=25"]


def test_the_blog_of_pelicans_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each address that Pelican gives it is told, but those of what is not written in Markdown."""
    blog = tmp_path / "blog"
    shutil.copytree(BLOG, blog)
    shutil.move(blog / "pelican.conf.py", blog / "pelicanconf.py")
    there = moved("pelican", blog, tmp_path, capsys)
    told = {each["path"]: each["answered"] for each in there.receipt["addresses"]}
    assert {path: there.status(path) for path in told} == told
    site = PELICAN / "output/custom"
    made = {f"/{path.relative_to(site).as_posix()}" for path in site.rglob("*.*")}
    assert {path for path in told.keys() & made if told[path] == 404} == {"/jinja2_template.html"}
    assert {
        "/a-markdown-powered-article.html",
        "/author/alexis-metaireau.html",
        "/category/cat1.html",
        "/feeds/all.rss.xml",
        "/feeds/cat1.atom.xml",
        "/pictures/Fat_Cat.jpg",
        "/pictures/Sushi.jpg",
        "/robots.txt",
    } <= told.keys() & made
    left = {note["file"] for note in there.receipt["notes"]}
    assert {f"content/{path.relative_to(BLOG / 'content')}" for path in BLOG.rglob("*.rst")} <= left
