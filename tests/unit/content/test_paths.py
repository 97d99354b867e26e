"""Slugs, and the paths made of them."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswork.content import Site, parse
from presswork.invisible import visible
from presswork.slugs import ascii_slug, slugify
from unit.content.reading import OPEN, read, refusal


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("推动共建_一带一路_高质量发展", "推动共建-一带一路-高质量发展"),
        ("Hello,  World!", "hello-world"),
        ("「你好」，世界：第二部！", "你好-世界-第二部"),
        ("Don’t Panic", "dont-panic"),
        ("Don't Panic", "dont-panic"),
        ("Cafe\u0301 À la carte", "café-à-la-carte"),
        ("v1.2 / C++", "v1-2-c"),
        ("İstanbul", "i̇stanbul"),
        ("हिन्दी में", "हिन्दी-में"),
        ("🎉", ""),
        ("../..", ""),
        ("x" * 300, "x" * 200),
        ("汉" * 100, "汉" * 66),
        ("x" * 199 + "e\u0323\u0301", "x" * 199),
        ("x" * 198 + "q\u0323", "x" * 198),
        ("\U0001f170\ufe0f .b", "b"),
        ("e\u0301 \u0301", "é"),
    ],
)
def test_slug(title: str, slug: str) -> None:
    """A slug keeps letters of every script, and is cut between characters."""
    assert slugify(title) == slug


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    """Making a slug of a slug changes nothing, and it is never too long."""
    slug = slugify(text)
    assert slugify(slug) == slug
    assert len(slug.encode()) <= 200


def test_slugs_are_never_empty() -> None:
    """Without a letter in the title the digits of the name serve, and then the id."""
    assert read(title="'!!!'", key="posts/123.md").post.slug == "123"
    nameless = read(title="'!!!'", key="posts/---.md").post
    assert nameless.slug == nameless.id


@pytest.mark.parametrize(
    ("key", "slug"),
    [
        ("posts/2024-01-02-short-name.md", "short-name"),
        ("posts/Tide_Tables.v2.md", "Tide_Tables.v2"),
        ("posts/My  first post!.md", "My-first-post!"),
        ("posts/leaf-bundle/index.md", "leaf-bundle"),
        ("posts/2024-01-02-leaf-bundle/index.md", "leaf-bundle"),
        ("posts/cafe\u0301.md", "café"),
        ("posts/雨天.md", "雨天"),
        ("posts/a%2Fb?c#d.md", "a-2Fb-c-d"),
        ("posts/facade.md", "facade"),
        ("posts/index.md", "a-title"),
        ("posts/2024/index.md", "a-title"),
        ("posts/000_274826922ccb6b93.txt", "a-title"),
        ("posts/619aef118e9f0942e579cdf8.md", "a-title"),
        ("posts/2024-01-02.md", "a-title"),
        ("posts/hooks/default/msg_2KWPBgLlAfxdpx2AI54pPJ85f4W.md", "a-title"),
        ("posts/0d8f1d2c-93c5-4c5a-8a0e-0e4c3e3b1a2b.md", "a-title"),
        ("posts/---.md", "a-title"),
    ],
)
def test_a_slug_is_the_files_name(key: str, slug: str) -> None:
    """To the letter, without its date; of the title where a machine named the file."""
    assert read(title="A Title", key=key).post.slug == slug


def test_a_slug_from_the_title() -> None:
    """By the setting the title comes first, and the file's name where no word is left of it."""
    site = Site(slug_from="title")
    assert read(title="A Title", key="posts/Name.md", site=site).post.slug == "a-title"
    assert read(title="'!!!'", key="posts/Name.md", site=site).post.slug == "Name"


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("Tide_Tables.v2", "Tide_Tables.v2"),
        ("Don't & Do", "Don't-&-Do"),
        ("'%e4%bd%a0%e5%a5%bd'", "你好"),
        ("'100%'", "100"),
        ("'50%-off'", "50-off"),
        ("about.html", "about"),
        ("'../../x'", "x"),
    ],
)
def test_an_own_slug_is_kept_to_the_letter(asked: str, slug: str) -> None:
    """Only what a part of a path cannot hold is left out."""
    assert read(slug=asked).post.slug == slug


@pytest.mark.parametrize(
    ("permalink", "path"),
    [
        ("/:year/:month/:slug/", "/2021/04/tea/"),
        ("/:year/:month/:day/:slug/", "/2021/04/01/tea/"),
        ("/blog/:slug/", "/blog/tea/"),
        ("/p/:id/", "/p/tea-1/"),
        ("/:year/:title.html", "/2021/tea.html"),
        ("/:year/:title", "/2021/tea/"),
        ("/:categories/:title:output_ext", "/drinks/warm/tea.html"),
        ("/:category/:filename/", "/drinks/warm/Tea_Time/"),
        ("/:section/:slug/", "/en/tea/"),
        ("/:sections/:slug/", "/en/kitchen/tea/"),
        ("/:short_year/:i_month/:i_day/:y_day/:slug/", "/21/4/1/091/tea/"),
        ("/:hour/:minute/:second/:slug/", "/02/00/05/tea/"),
        ("/posts/:slug/", "/posts/tea/"),
        ("/archives/:slug/", "/archives/tea/"),
    ],
)
def test_permalink(permalink: str, path: str) -> None:
    """The site's permalink is filled with the day in the site's zone, and what the post is."""
    site = Site(permalink=permalink, timezone="Asia/Shanghai")
    key = "posts/en/kitchen/2021-03-31-Tea_Time.md"
    front = {"categories": "[Drinks, Warm]", "date": "2021-03-31T18:00:05Z"}
    assert read(key=key, slug="tea", id="tea-1", site=site, **front).post.path == path


def test_what_a_post_has_none_of_takes_no_part() -> None:
    """Without a category or a folder the path is as if nothing had been asked for."""
    site = Site(permalink="/:section/:categories/:slug/")
    assert read(key="posts/tea.md", site=site).post.path == "/tea/"


@pytest.mark.parametrize(
    ("spelled", "path"),
    [
        ("/about/our-work/", "/about/our-work/"),
        ("about/our-work", "/about/our-work/"),
        ("/2021/03/tea.html", "/2021/03/tea.html"),
        ("/2021/03/Tea_Time.htm", "/2021/03/Tea_Time.htm"),
        ("/a/index.html", "/a/"),
        ("/caf%C3%A9/", "/café/"),
        ("/cafe\u0301/", "/café/"),
        ("/:year/:slug/", "/2021/own/"),
        ("/:year/:title.html", "/2021/own.html"),
        ("/notes/release-1.2", "/notes/release-1.2/"),
        ("/docs/node.js/", "/docs/node.js/"),
        ("https://old.example/2015/tea/?p=1", "/2015/tea/"),
        ("/a/?x=1#y", "/a/"),
        ("/posts/b/", "/posts/b/"),
        ("/Media/x/", "/Media/x/"),
        ("/archives/sample/", "/archives/sample/"),
        ("/2021/13/", "/2021/13/"),
    ],
)
def test_own_path(spelled: str, path: str) -> None:
    """A post may name its path, in the spellings that generators allow, kept to the letter."""
    assert read(permalink=f"'{spelled}'", slug="own").post.path == path


def test_url_is_a_path_only_when_it_looks_like_one() -> None:
    """The url of a linked page is no wish for a path."""
    assert read(url="/a/b/").post.path == "/a/b/"
    assert read(url="a/b/").post.path == "/a/b/"
    for elsewhere in ("https://example.org/", "//example.org/a/", "example.org/a/", "mailto:a@b/c"):
        linked = read(url=f"'{elsewhere}'", site=OPEN).post
        assert linked.path == "/2021/03/a/"
        assert linked.extra == {"url": elsewhere}


UNFIT = [
    ("/", "home"),
    ("/index.html", "home"),
    ("/a//b/", "form"),
    ("/a/../b/", "form"),
    ("/%2e%2e/b/", "form"),
    ("/a/./b/", "form"),
    ("/a/%252e%252e/b/", "form"),
    ("/.well-known/x/", "form"),
    ("/a/ /b/", "form"),
    ("/:no_such_word/", "form"),
    ("/a.html/b/", "form"),
    ("/a.html/", "form"),
    ("/a%00b/", "character"),
    ("/a\\b/", "character"),
    ("/%ff/", "character"),
    ("/a%E2%80%AEb/", "character"),
    ("/a%E2%80%8Bb/", "character"),
    ("/a/%2e%2e/b/", "form"),
    ("/a/..%2fb/", "form"),
    ("/a/./b/", "form"),
    ("/a/%252e%252e/b/", "form"),
    ("/tags/x/", "reserved"),
    ("/tags/index-x.html", "reserved"),
    ("/search/", "reserved"),
    ("/-/x/", "reserved"),
    ("/404.html", "reserved"),
    ("/2021/", "archive"),
    ("/2021/11/", "archive"),
    ("/2021/11/21/", "archive"),
    ("/" + "x/" * 520, "length"),
]


@pytest.mark.parametrize(("path", "rule"), [*UNFIT, ("/a.php", "file")])
def test_paths_that_no_post_may_ask_for(path: str, rule: str) -> None:
    """No post stands at the home page, an archive, the site's own places, or out of reach."""
    rejected = refusal(f"---\ndate: 2021-03-04\npermalink: '{path}'\n---\n")
    assert (rejected.rule, rejected.line) == (f"path.{rule}", 3)


@pytest.mark.parametrize(("path", "rule"), [*UNFIT, ("/a/index.json", "form")])
def test_a_bad_alias_costs_itself_alone(path: str, rule: str) -> None:
    """The post is read, without that alias; a warning names it, its line and the way out."""
    parsed = read(redirect_from=f"['{path}', /old/]")
    assert parsed.post.aliases == ("/old/",)
    (warning,) = parsed.warnings
    assert (warning.rule, warning.line) == (f"alias.{rule}", 2)
    assert warning.fix


@pytest.mark.parametrize(
    ("key", "front", "path"),
    [
        ("posts/05.md", "title: '21'", "/2021/03/21-{}/"),
        ("posts/a.md", "slug: '05'", "/2021/03/05-{}/"),
        ("pages/search.md", "", "/search-{}/"),
        ("pages/tags/sea.md", "", "/tags-{}/sea/"),
        ("pages/2021/04/index.md", "", "/2021/04-{}/"),
        ("pages/index.md", "", "/index-{}/"),
    ],
)
def test_a_path_of_the_sites_own_is_given_to_nobody(key: str, front: str, path: str) -> None:
    """Who did not ask for it stands beside it, by the beginning of the id; a warning says so."""
    parsed = parse(f"---\ndate: 2021-03-04\n{front}\n---\n".encode(), key, Site())
    assert parsed.post.path == path.format(parsed.post.id[:4])
    (warning,) = (each for each in parsed.warnings if each.rule == "path.reserved")
    assert parsed.post.path in warning.message


def test_a_file_of_the_sites_own_is_given_to_nobody() -> None:
    """The mark stands before the ending of a path."""
    site = Site(permalink="/:slug.html")
    post = read(key="posts/a.md", slug="'404'", site=site).post
    assert post.path == f"/404-{post.id[:4]}.html"


def test_a_settled_path_is_not_settled_again() -> None:
    """Whatever the site's permalink is by now, a version is read for the path that it had."""
    data, site = b"---\ndate: 2021-03-04\npermalink: /tags/x/\n---\n", Site()
    post = parse(data, "posts/a.md", site, path="/held/").post
    assert (post.path, post.slug) == ("/held/", "a")


def test_aliases() -> None:
    """Former paths of any ending, each once; without a slash beside the post, or its file."""
    post = read(
        aliases="[/old/, old, ../up/, ' /older/x', 2019]", redirect_from="/oldest.html"
    ).post
    assert post.aliases == (
        "/old/",
        "/posts/old/",
        "/up/",
        "/older/x/",
        "/posts/2019/",
        "/oldest.html",
    )
    assert read(redirect_from="[old, a.php]").post.aliases == ("/old/", "/a.php")
    beside = read(permalink="/blog/new/", aliases="[old.html]").post
    assert beside.aliases == ("/blog/old.html",)
    assert read(key="posts/en/x/index.md", aliases="[old]").post.aliases == ("/posts/en/old/",)
    assert read(key="pages/docs/x.md", aliases="[old]").post.aliases == ("/docs/old/",)
    site = Site(permalink="/:sections/:year/:slug/")
    of_site = read(key="posts/en/x.md", site=site, aliases="[old, ../up/]").post
    assert of_site.aliases == ("/en/2021/old/", "/en/up/")


@pytest.mark.parametrize(
    "spelled", ["/?p=123", "?p=123", "https://old.example/?p=123", "/?x=1&p=123"]
)
def test_an_alias_by_number(spelled: str) -> None:
    """WordPress names its posts by numbers; other questions to the home page lead nowhere."""
    assert read(aliases=f"['{spelled}']").post.aliases == ("/?p=123",)
    assert read(aliases="['/?page=3']").warnings[0].rule == "alias.home"


def test_at_most_twenty_aliases() -> None:
    """What one transaction cannot claim is left out, with a warning on the line of the first."""
    names = [f"/old/{number}/" for number in range(21)]
    assert len(read(aliases=f"[{', '.join(names[:20])}]").post.aliases) == 20
    parsed = read(aliases=f"[{', '.join(names)}]")
    assert parsed.post.aliases == tuple(names[:20])
    (warning,) = parsed.warnings
    assert (warning.rule, warning.line) == ("aliases.count", 2)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("推动共建_一带一路", "tui-dong-gong-jian-yi-dai-yi-lu"),
        ("Crème brûlée", "creme-brulee"),
        ("iPhone", "iphone"),
        ("Straße № 5", "strasse-no-5"),
        ("Москва", "moskva"),
        ("\ue000", ""),
    ],
)
def test_slug_in_ascii(title: str, slug: str) -> None:
    """A site may have its paths in ASCII: other scripts are spelled by sound."""
    assert ascii_slug(title) == slug


@given(st.text())
def test_a_slug_in_ascii_is_one(text: str) -> None:
    """Whatever the title, nothing but small letters, digits and hyphens is left."""
    slug = ascii_slug(text)
    assert re.fullmatch("[a-z0-9-]*", slug)
    assert slugify(slug) == slug


def test_slug_by_the_setting() -> None:
    """A slug is in the title's script, in ASCII, or a hash that a new title does not change."""
    ascii_site = Site(slug="ascii")
    assert read(title="潮水", key="posts/1.md", site=ascii_site).post.slug == "chao-shui"
    assert read(key="posts/潮水_Über.md", site=ascii_site).post.slug == "chao-shui-_Uber"
    assert read(slug="潮水", site=Site(slug="ascii")).post.slug == "chao-shui"
    hashed = Site(slug="hash")
    first, second = (read(title=title, site=hashed).post.slug for title in ("潮水", "Tide"))
    assert first == second
    assert re.fullmatch("[0-9a-f]{12}", first)
    assert read(key="posts/b.md", site=hashed).post.slug != first
    assert read(slug="潮水", site=hashed).post.slug == "潮水"
    assert read(abbrlink="4e10").post.slug == "4e10"
    assert read(slug="own", abbrlink="4e10").post.slug == "own"
    nameless = read(title="'\ue000'", key="posts/\ue000.md", site=Site(slug="ascii")).post
    assert nameless.slug == nameless.id


@pytest.mark.parametrize("value", ["'/x/{{ page.slug }}/'", "'{% x %}'"])
def test_a_permalink_that_is_no_path(value: str) -> None:
    """A template is not carried out."""
    rejected = refusal(f"---\ndate: 2021-03-04\npermalink: {value}\n---\n")
    assert (rejected.rule, rejected.line) == ("path.template", 3)


def test_a_permalink_that_names_a_style() -> None:
    """Jekyll's names of styles are no paths: the site's permalink holds."""
    post = read(permalink="pretty", site=OPEN).post
    assert (post.path, post.extra) == ("/2021/03/a/", {"permalink": "pretty"})


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ({"slug": "my\u200b-slug"}, {"slug": "my-slug", "path": "/2021/03/my-slug/"}),
        ({"slug": "\ufeff"}, {"slug": "a"}),
        ({"permalink": "/about\u202e/us\u2060/"}, {"path": "/about/us/"}),
        ({"permalink": "/می\u200cخواهم/"}, {"path": "/می\u200cخواهم/"}),
        ({"url": "/👩\u200d💻/"}, {"path": "/👩\u200d💻/"}),
        ({"id": "spring\u00ad-report"}, {"id": "spring-report"}),
        ({"aliases": "[/old\u200b/]"}, {"aliases": ("/old/",)}),
        ({"tags": "[sea\u200b, sea]"}, {"tags": ("sea",)}),
        ({"title": "Donau\u00addampf", "key": "posts/1234.md"}, {"slug": "donaudampf"}),
        ({"key": "posts/so\u00adft\u200b.md"}, {"slug": "soft"}),
    ],
)
def test_what_nobody_sees_is_in_no_name(matter: dict[str, str], expected: dict[str, Any]) -> None:
    """A sign that was pasted along is dropped, and told where the author wrote the name itself."""
    front: dict[str, Any] = dict(matter)
    parsed = read(key=front.pop("key", "posts/a.md"), **front)
    found = {name: getattr(parsed.post, name) for name in expected}
    assert found == expected
    told = [repair.before for repair in parsed.repairs if repair.rule == "invisible-sign"]
    written = [value for name, value in front.items() if name not in ("tags", "title")]
    assert bool(told) == any(visible(value) != value for value in written)
    assert all("<U+" in (before or "") for before in told)


def test_an_id_with_an_invisible_sign_is_the_id_without_it() -> None:
    """Two posts whose ids look the same have the same id, and one of them waits."""
    assert read(id="spring\u200b").post.id == read(id="spring").post.id
