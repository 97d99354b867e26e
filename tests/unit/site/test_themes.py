"""theme/: what may override the default theme, what its templates reach, and how much they take."""

import hashlib
import pickle
from collections.abc import Callable
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from presswork.object import Object
from presswork.post import Image, ImageRef, Post
from presswork.settings import Site, Theme
from presswork.site import base_objects, home, own_assets, post_page, stylesheet
from presswork.site.samples import check_theme
from presswork.site.theme.assets import THEME, TYPES
from presswork.site.theme.reading import MOST_ASSET, MOST_FILES, is_theme_file, read_theme
from presswork.theme_files import BrokenTheme, ThemeFiles

Make = Callable[..., Post]


def theme(**files: str | bytes) -> ThemeFiles:
    """A theme of files, named `post_html` for `theme/post.html`."""
    named = {f"theme/{name.replace('_', '.')}": data for name, data in files.items()}
    data = {key: each.encode() if isinstance(each, str) else each for key, each in named.items()}
    return read_theme(data, {key: hashlib.sha256(each).hexdigest() for key, each in data.items()})


def broken(site: Site, **files: str | bytes) -> BrokenTheme:
    """What is wrong with a theme."""
    with pytest.raises(BrokenTheme) as caught:
        check_theme(site, theme(**files))
    return caught.value


def test_the_default_theme_is_a_good_theme(
    site: Site, base_url: str, post: Make, images: dict[str, Image]
) -> None:
    """Copied as it is, template by template, it makes the very same pages in the sandbox."""
    copies = {path.name.replace(".", "_"): path.read_text() for path in THEME.glob("*.html")}
    assert len(copies) > 9
    copied = theme(**copies)
    check_theme(site, copied)
    refs = tuple(ImageRef(url=url, seen=(url,)) for url in images)
    made = post(images=refs, tags=("sea",), html=f'<p><img src="{refs[0].url}"></p>')
    assert post_page(site, base_url, made, images, theme=copied) == post_page(
        site, base_url, made, images
    )
    assert home(site, base_url, (), None, theme=copied) == home(site, base_url, (), None)


def test_a_template_may_extend_the_one_it_overrides(
    site: Site, base_url: str, post: Make, read: Callable[[Object], Any]
) -> None:
    """The default theme's is at hand under `default/`; other pages stay as they are."""
    own = '{% extends "default/post.html" %}{% block title %}Ours: {{ post.title }}{% endblock %}'
    ours = theme(post_html=own)
    check_theme(site, ours)
    page = read(post_page(site, base_url, post(), {}, theme=ours))
    assert page.xpath("//title/text()") == ["Ours: The press in the cellar"]
    assert page.xpath("//h1//text()") == ["The press in the cellar"]
    assert home(site, base_url, (), None, theme=ours) == home(site, base_url, (), None)


def test_the_default_theme_cannot_be_hidden(site: Site, base_url: str, post: Make) -> None:
    """A file in a folder `default/` of the theme is not what that prefix names."""
    files = {
        "theme/default/post.html": b"Hidden",
        "theme/post.html": b"{% extends 'default/post.html' %}",
    }
    ours = read_theme(files, {})
    assert post_page(site, base_url, post(), {}, theme=ours) == post_page(
        site, base_url, post(), {}
    )


def test_values_are_escaped(site: Site, base_url: str, post: Make) -> None:
    """A template that says nothing of escaping writes no markup of others."""
    ours = theme(post_html="<h1>{{ post.title ~ '<' }}</h1>")
    page = post_page(site, base_url, post(title="<script>"), {}, theme=ours)
    assert page.body == b"<h1>&lt;script&gt;&lt;</h1>"


def test_a_key_hides_the_method_of_its_name(site: Site, base_url: str, post: Make) -> None:
    """`post.extra.items` is what the author calls so; the methods of other dicts are there."""
    text = "{{ post.extra.items }}{% for name, value in post.items() %}.{% endfor %}"
    ours = theme(post_html=text)
    assert (
        post_page(site, base_url, post(extra={"items": 3}), {}, theme=ours).body == b"3" + b"." * 22
    )


# The methods of pydantic's models open files, and unpickle; those of datetimes know the clock.
_PICKLE = pickle.dumps(print, protocol=0).decode()

ABSENT = {
    "a method that unpickles": f"{{{{ site.parse_raw({_PICKLE!r}, allow_pickle=True) }}}}",
    "a method that reads a file": "{{ site.parse_file('/etc/hostname') }}",
    "a method of a post": "{{ post.model_copy() }}",
    "what the settings hide": "{{ site._abc_impl }}",
    "what a function holds": "{{ asset.func }}",
    "the clock": "{{ post.date.now() }}",
    "the zone of the machine": "{{ post.date.astimezone() }}",
    "a file": "{{ zone.from_file('/etc/hostname') }}",
    "a subscript in place of an attribute": "{{ site['parse_raw'] }}",
    "an attribute in a filter": "{{ ([site]|map(attribute='parse_raw')|first)('x') }}",
}
UNSAFE = {
    "the class": "{{ ''.__class__.__mro__ }}",
    "the globals of a function": "{{ asset.__globals__ }}",
    "an attribute in a format": "{{ '{0.__class__}'.format(site) }}",
    "a subscript": "{{ site['__class__'] }}",
    "an attribute in a filter": "{{ [site]|map(attribute='__class__')|first }}",
    "the filter of attributes": "{{ site|attr('__class__') }}",
    "the sandbox": "{{ self.__init__ }}",
    "a change of what it is given": "{{ post.tags.append('sea') }}",
}


@pytest.mark.parametrize("template", ABSENT.values(), ids=ABSENT)
def test_a_template_gets_nothing_but_plain_values(site: Site, template: str) -> None:
    """Values have no methods but those of texts, numbers, lists and dicts."""
    found = broken(site, post_html=f"<p>\n{template}")
    assert (found.rule, found.file, found.line) == ("theme.undefined", "theme/post.html", 2)


@pytest.mark.parametrize("template", UNSAFE.values(), ids=UNSAFE)
def test_a_template_reaches_nothing_behind_its_values(site: Site, template: str) -> None:
    """What Python itself hides behind a value is refused, with the line."""
    found = broken(site, post_html=f"<p>\n{template}")
    assert (found.rule, found.file, found.line) == ("theme.unsafe", "theme/post.html", 2)


@pytest.mark.parametrize(
    "template",
    [
        "{{ [1, 2]|random }}",
        "{{ lipsum() }}",
        "{{ asset }}",
        "{{ [1]|map('string') }}",
        "{{ 'x' ~ asset }}",
        "{{ post.title.upper }}",
        "{{ post.title.upper|trim }}",
        "{{ '{}'.format(post.title.upper) }}",
        "{{ cycler('a', 'b') }}",
        "{{ asset|trim }}",
        "{{ site|pprint }}",
    ],
)
def test_a_template_writes_the_same_each_time(site: Site, template: str) -> None:
    """Chance, and the addresses of things in memory, are refused."""
    assert broken(site, post_html=template).rule in {
        "theme.syntax",
        "theme.undefined",
        "theme.error",
    }


def test_the_lists_that_filters_make_are_lists(site: Site, base_url: str, post: Make) -> None:
    """What Jinja makes bit by bit would have an address in memory for its text."""
    ours = theme(post_html="{{ [1, 2]|map('string')|string }}")
    assert post_page(site, base_url, post(), {}, theme=ours).body == b"[&#39;1&#39;, &#39;2&#39;]"


_LOOP = "{% for a in range(9999) %}{% for b in range(9999) %}BODY{% endfor %}{% endfor %}"
_CUBE = "{% for a in all %}{% for b in all %}{% for c in all %}{% endfor %}{% endfor %}{% endfor %}"
_TWICE = "{% set all = namespace(x='0123456789') %}{% for a in range(60) %}BODY{% endfor %}"

RUNAWAYS = {
    "a loop that writes nothing": _LOOP.replace("BODY", ""),
    "a loop that calls nothing": "{% set all = range(9999)|list %}" + _CUBE,
    "a loop that writes": _LOOP.replace("BODY", "x" * 500),
    "a macro": "{% macro m() %}{% endmacro %}" + _LOOP.replace("BODY", "{% set x = m() %}"),
    "a text added to itself": _TWICE.replace("BODY", "{% set all.x = all.x ~ all.x %}"),
    "a text added by plus": _TWICE.replace("BODY", "{% set all.x = all.x + all.x %}"),
    "a block set": _TWICE.replace(
        "BODY", "{% set y %}{{ all.x }}{{ all.x }}{% endset %}{% set all.x = y %}"
    ),
    "a text joined": _TWICE.replace("BODY", "{% set all.x = [all.x, all.x]|join %}"),
    "a text replaced": _TWICE.replace("BODY", "{% set all.x = all.x|replace('0', '00') %}"),
    "a text multiplied": "{{ 'x' * 9999999999 }}",
    "a list multiplied": "{{ ([1] * 9999999999)|length }}",
    "a wide format": "{{ '{:9999999999}'.format(1) }}",
    "a wide format inside of another": "{{ '{:{}}'.format(1, 9999999999) }}",
    "a width that memory has room for": "{{ '{:99999}'.format(1) }}",
    "a wide text": "{{ 'x'.ljust(99999) }}",
    "a wide filter": "{{ 'x'|center(99999) }}",
    "percent": "{{ '%9999999999d' % 1 }}",
    "a large number": "{{ 9 ** 9999999999 }}",
    "a number squared": _TWICE.replace("'0123456789'", "99999").replace(
        "BODY", "{% set all.x = all.x * all.x %}"
    ),
    "a long range": "{{ range(9999999999)|length }}",
    "a filter with a large number": "{{ [1]|batch(9999999999, 1)|list|length }}",
    "a precision": "{{ 1.5|round(9999999999, 'floor') }}",
    "a power of large numbers": "{{ (99999 ** 5) ** 99 }}",
    "a high power": "{{ 2 ** 999 }}",
    "a template in itself": "{% include 'post.html' %}",
    "a block in itself": "{% block a %}{{ self.a() }}{% endblock %}",
}


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the time, so that what is endless ends soon."""
    monkeypatch.setattr("presswork.site.theme.limits.SECONDS", 0.2)


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("template", RUNAWAYS.values(), ids=RUNAWAYS)
def test_a_page_has_its_limits(site: Site, template: str) -> None:
    """What would take all time or memory ends soon, with an error that tells the line."""
    found = broken(site, post_html=f"\n{template}")
    assert (found.rule, found.file) == ("theme.limit", "theme/post.html")
    assert found.line in {2, None}


@pytest.mark.usefixtures("_short")
def test_blocks_that_call_each_other_are_ended(site: Site) -> None:
    """Thirty blocks, each calling the next twice, are a thousand million calls."""
    blocks = "".join(
        f"{{% block b{n} %}}{{{{ self.b{n + 1}() }}}}{{{{ self.b{n + 1}() }}}}{{% endblock %}}"
        for n in range(30)
    )
    found = broken(site, post_html=blocks + "{% block b30 %}{% endblock %}")
    assert found.rule == "theme.limit"


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in 'x'.center(40) %}{% endfor %}",
        "{% macro m() %}{% endmacro %}" + "{% set x = m() %}" * 40,
        "{% if path %}x{% endif %}" * 40,
    ],
    ids=["turn", "call", "part"],
)
def test_the_clock_is_looked_at(site: Site, monkeypatch: pytest.MonkeyPatch, template: str) -> None:
    """Each turn of a loop, each call, and each part of a page ends one that has no time left."""
    looks = count()
    clock = SimpleNamespace(thread_time=lambda: next(looks) / 10)
    monkeypatch.setattr("presswork.site.theme.limits.time", clock)
    found = broken(site, post_html=template)
    assert (found.rule, found.file) == ("theme.limit", "theme/post.html")
    assert "seconds" in found.message


def test_a_loop_knows_its_length(site: Site, base_url: str, post: Make) -> None:
    """`loop` is Jinja's, though the clock is looked at."""
    text = "{% for a in [1, 2] %}{{ a }}{{ loop.length }}{{ loop.last }} {% endfor %}"
    ours = theme(post_html=text)
    assert post_page(site, base_url, post(), {}, theme=ours).body == b"12False 22True "


def test_a_long_text_of_a_post_is_not_the_themes(site: Site, base_url: str, post: Make) -> None:
    """The limit of a page is beside the text of its post, which may be as long itself."""
    ours = theme(post_html="<!-- ours -->{{ text|safe }}")
    page = post_page(site, base_url, post(html="<p>" + "x" * 5_000_000 + "</p>"), {}, theme=ours)
    assert len(page.body) > 5_000_000


BROKEN: dict[str, tuple[dict[str, str | bytes], str, str, int | None]] = {
    "syntax": ({"home_html": "<p>\n\n{% if %}"}, "theme.syntax", "theme/home.html", 3),
    "a filter": ({"home_html": "\n{{ 1|nothing }}"}, "theme.syntax", "theme/home.html", 2),
    "a name": ({"period_html": "\n{{ cards.titel }}"}, "theme.undefined", "theme/period.html", 2),
    "a name for posts without": (
        {"post_html": "\n{{ post.extra.subtitle }}"},
        "theme.undefined",
        "theme/post.html",
        2,
    ),
    "a template": (
        {"base_html": "\n{% include 'nav.html' %}"},
        "theme.missing",
        "theme/base.html",
        2,
    ),
    "a template for another day": (
        {"home_html": "Home{% if path != '/' %}\n{% include 'nav.html' %}{% endif %}"},
        "theme.missing",
        "theme/home.html",
        2,
    ),
    "a template by a name": (
        {"term_html": "\n{% include ('n' ~ 'av.html') %}"},
        "theme.missing",
        "theme/term.html",
        2,
    ),
    "a template above": (
        {"year_html": "{% include '../fixed/feed.xml' %}"},
        "theme.missing",
        "theme/year.html",
        1,
    ),
    "a block": (
        {"base_html": "{% extends 'default/base.html' %}\n{% block footr %}{% endblock %}"},
        "theme.block",
        "theme/base.html",
        2,
    ),
    "a block of another page": (
        {"home_html": "{% extends 'base.html' %}\n\n{% block byline %}{% endblock %}"},
        "theme.block",
        "theme/home.html",
        3,
    ),
    "an asset": (
        {"search_html": "\n\n{{ asset('a.png') }}"},
        "theme.error",
        "theme/search.html",
        3,
    ),
    "a macro that others need": ({"dates_html": "x"}, "theme.undefined", "theme/", None),
    "an error": ({"notice_html": "\n{{ 1 / 0 }}"}, "theme.error", "theme/notice.html", 2),
    "an empty page": ({"archives_html": "{# #}"}, "theme.empty", "theme/archives.html", None),
    "a part nobody includes": ({"nav_html": "{% if %}"}, "theme.syntax", "theme/nav.html", 1),
    "the encoding": ({"home_html": b"One\n\xff"}, "theme.encoding", "theme/home.html", 2),
    "a feed": ({"feed_xml": "<feed/>"}, "theme.fixed", "theme/feed.xml", None),
    "a large stylesheet": ({"style_css": "p" * 300_000}, "theme.size", "theme/style.css", None),
    "a large asset": ({"a_png": bytes(MOST_ASSET + 1)}, "theme.size", "theme/a.png", None),
    "many files": (
        {f"a{number}_svg": "<svg/>" for number in range(MOST_FILES + 1)},
        "theme.files",
        "theme/",
        None,
    ),
}


@pytest.mark.parametrize(("files", "rule", "file", "line"), BROKEN.values(), ids=BROKEN)
def test_a_broken_theme_is_told_with_file_and_line(
    site: Site, files: dict[str, str | bytes], rule: str, file: str, line: int | None
) -> None:
    """Whatever kind of page it breaks, and by whichever post."""
    found = broken(site, **files)
    assert (found.rule, found.file, found.line) == (rule, file, line)
    assert found.message.endswith((".", ")"))
    assert found.fix


def test_a_block_that_is_not_there_is_told_with_those_that_are(site: Site) -> None:
    """Those of all that the template extends, near and far."""
    own = "{% extends 'default/post.html' %}{% block titel %}{% endblock %}"
    found = broken(site, post_html=own)
    assert "no block 'titel'" in found.message
    assert found.message.endswith("there are: data, feeds, footer, head, main, title.")


@pytest.mark.parametrize(
    "files",
    [
        {"post_html": "{% extends 'default/post.html' %}{% block footer %}Ours{% endblock %}"},
        {
            "home_html": "{% extends 'base.html' %}{% block main %}"
            "{% block own %}{% endblock %}a{% endblock %}"
        },
        {
            "home_html": "{% extends 'base.html' %}{% block own %}a{% endblock %}"
            "{% block main %}{{ self.own() }}{% endblock %}"
        },
        {
            "frame_html": "{% block main %}{% block inner %}{% endblock %}{% endblock %}a",
            "middle_html": "{% extends 'frame.html' %}{% block inner %}"
            "{% block core %}{% endblock %}{% endblock %}",
            "home_html": "{% extends 'middle.html' %}{% block core %}a{% endblock %}",
        },
        {
            "home_html": "{% extends 'base.html' if path else 'default/base.html' %}"
            "{% block main %}a{% endblock %}{% block own %}{% endblock %}"
        },
        {"frame_html": "{% block a %}{% endblock %}"},
    ],
    ids=["far up", "nested", "called", "of an own frame", "of whichever", "at the top"],
)
def test_a_block_that_is_there_or_called_is_none_that_is_missed(
    site: Site, files: dict[str, str | bytes]
) -> None:
    """A block within a block is new, and one called by `self` shows there."""
    check_theme(site, theme(**files))


def test_a_line_of_ones_own_in_the_footer(
    site: Site, base_url: str, read: Callable[[Object], Any]
) -> None:
    """By one block of `base.html`, on every page, behind what stands there."""
    own = "{% extends 'default/base.html' %}{% block footer %}<p>Ines Vale</p>{% endblock %}"
    page = read(home(site, base_url, (), None, theme=theme(base_html=own)))
    assert page.xpath("//footer[@class='colophon']/*[last()]/text()") == ["Ines Vale"]


@pytest.mark.parametrize(
    ("key", "is_file"),
    [
        ("theme/post.html", True),
        ("theme/parts/nav.html", True),
        ("theme/style.css", True),
        ("theme/fonts/a.woff2", True),
        ("theme/feed.xml", True),
        ("theme/README.md", False),
        ("theme/.DS_Store", False),
        ("theme/.git/a.html", False),
        ("theme/", False),
        ("posts/a.html", False),
    ],
)
def test_other_files_are_left_alone(key: str, is_file: bool) -> None:
    """Templates, and what is served; a note beside them breaks nothing."""
    assert is_theme_file(key) is is_file


def test_an_asset_has_an_address_of_its_content(site: Site) -> None:
    """Files lie as in `theme/`, in a folder that another content changes; templates do not."""
    one, other = theme(style_css="p {}", a_png=b"1"), theme(style_css="p {}", a_png=b"2")
    (key,) = own_assets(one, {"a.png": b"1"})
    folder = key.removesuffix("a.png")
    assert own_assets(one, {"a.png": b"1"})[key].content_type == "image/png"
    assert stylesheet(Theme(), one)[0].startswith(folder)
    assert not stylesheet(Theme(), other)[0].startswith(folder)
    with_template = theme(style_css="p {}", a_png=b"1", base_html="<p>")
    assert stylesheet(Theme(), with_template) == stylesheet(Theme(), one)
    made = base_objects(site, site.base_url, theme=one)
    assert stylesheet(site.theme, one)[0] in made
    assert stylesheet(site.theme)[0] not in made


def test_the_colours_of_the_settings_are_in_an_own_stylesheet() -> None:
    """`theme.accent` holds for whoever uses `--accent`."""
    css = stylesheet(Theme(accent="#003366"), theme(style_css="a { color: var(--accent) }"))[1].body
    assert css.startswith(b"a { color: var(--accent) }")
    assert b"#003366" in css


def test_an_own_icon_and_script_are_in_the_place_of_the_defaults(site: Site, base_url: str) -> None:
    """A file of the name is used without any template that names it."""
    ours = theme(icon_svg="<svg/>", search_js="1")
    keys = set(own_assets(ours, {"icon.svg": b"<svg/>", "search.js": b"1"}))
    page = home(site, base_url, (), None, theme=ours).body.decode()
    assert sum(f"/{key}" in page for key in keys) == 1
    assert not {
        key for key in base_objects(site, base_url, theme=ours) if key.endswith((".svg", ".js"))
    }


def test_equal_files_are_equal_themes_and_others_are_not() -> None:
    """The digest tells all files, by name and content."""
    digests = {
        each.digest
        for each in (
            theme(),
            theme(a_html="x"),
            theme(b_html="x"),
            theme(a_html="y"),
            theme(a_svg="x"),
            theme(a_svg="y"),
        )
    }
    assert len(digests) == 6
    assert theme(a_html="x") == theme(a_html="x")


def test_every_kind_of_asset_has_a_type() -> None:
    """The suffix tells it; a browser guesses nothing."""
    assert all("/" in type for type in TYPES.values())
