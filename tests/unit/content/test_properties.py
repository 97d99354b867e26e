"""What holds for any bytes at all."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib  # type: ignore[import-untyped]
import nh3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from presswork.content import Parsed, Site, is_post, parse, settings
from presswork.content.html.allowed import FORMULA_ATTRIBUTES, FORMULA_ELEMENTS
from presswork.content.html.embeds import FRAME_ATTRIBUTES
from presswork.content.html.headings import is_anchor
from presswork.content.html.sanitizing import sanitize
from presswork.errors import Rejected
from presswork.settings import EMBED_HOSTS, EmbedHost
from unit.content.hostile_bodies import BODIES

SITE = Site(timezone="Asia/Shanghai")
TRUSTING = Site(trusted_html=("posts/team/",))
FRAMING = Site(embeds=EMBED_HOSTS)
PLAYERS = [
    "<iframe src='https://www.youtube.com/embed/a1B2c3D4e5F?x=1' srcdoc=x sandbox=''>",
    "<iframe src='//player.vimeo.com/video/12345'>",
    "<iframe src='https://www.youtube-nocookie.com.evil.example/embed/a1B2c3D4e5F'></iframe>",
]
OUR_PLAYERS = [
    "https://www.youtube-nocookie.com/embed/a1B2c3D4e5F",
    "https://player.vimeo.com/video/12345?dnt=1",
]
HERE = Path(__file__).parent
BITS = st.sampled_from(json.loads((HERE / "html-bits.json").read_text(encoding="utf-8")))
MATTER = st.sampled_from(json.loads((HERE / "matter-bits.json").read_text(encoding="utf-8")))


def outcome(
    data: bytes, key: str = "posts/2021-11-21-x.md", site: Site = SITE
) -> Parsed | tuple[object, ...]:
    """The post, or why there is none."""
    try:
        return parse(data, key, site)
    except Rejected as rejected:
        return rejected.rule, rejected.line, rejected.column, rejected.message, rejected.fix


def elements(html: str) -> Iterator[Any]:
    """Each element as a browser makes it of the text."""
    return (
        each
        for each in html5lib.parseFragment(html, namespaceHTMLElements=False).iter()
        if isinstance(each.tag, str)
    )


MATHML = "{http://www.w3.org/1998/Math/MathML}"
SVG = "{http://www.w3.org/2000/svg}"


def judge_formulas(html: str) -> None:
    """Fails if a formula holds more than what shows it, HTML above all."""
    for element in html5lib.parseFragment(html).iter():
        if not isinstance(element.tag, str):
            continue
        assert not element.tag.startswith(SVG)
        if element.tag.startswith(MATHML):
            name = element.tag.removeprefix(MATHML)
            assert name in FORMULA_ELEMENTS
            assert set(element.keys()) <= {"id", "dir", "lang"} | FORMULA_ATTRIBUTES.get(
                name, set()
            )
            assert all(MATHML in child.tag for child in element), "something else in a formula"


def judge(html: str, *, looks: bool = False) -> None:
    """Fails if a browser could be made to act by this HTML, which may have `looks` of its own."""
    judge_formulas(html)
    for element in elements(html):
        assert element.tag not in {"script", "style", "object", "embed", "form"}
        if element.tag == "input":  # the box of a task, which nobody can tick
            assert looks or element.attrib.keys() <= {"type", "disabled", "checked"}
            assert not element.attrib.keys() & {"name", "value", "form", "autofocus"}
            assert element.get("type") == "checkbox"
            assert "disabled" in element.attrib
        assert looks or element.tag != "iframe"
        assert element.tag not in {"svg", "base", "meta", "link", "template", "noscript"}
        for name, value in element.items():
            assert not name.lower().startswith("on")
            assert name not in {"srcset", "srcdoc", "formaction"}
            assert name != "style" or (looks and "url(" not in value.lower())
            if name == "src" and element.tag in {"audio", "source", "track", "video"}:
                assert looks or ":" not in value.partition("/")[0]
            if name in {"href", "src", "cite", "poster"}:
                scheme = "".join(each for each in value if each > " ").lower().partition(":")
                assert (
                    not scheme[1]
                    or "/" in scheme[0]
                    or scheme[0]
                    not in {
                        "javascript",
                        "data",
                        "vbscript",
                    }
                )
            if name == "id" and not looks:
                is_heading = element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}
                assert value.startswith("p-") or (is_heading and is_anchor(value))


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    """Any bytes are a post or are rejected, and the same each time."""
    assert outcome(data) == outcome(data)
    assert isinstance(is_post("posts/x", data), bool)


@given(st.lists(MATTER, max_size=30), st.text(max_size=50))
def test_any_front_matter(matter: list[str], body: str) -> None:
    """Whatever stands between the fences, nothing but a rejection comes of it."""
    data = f"---\n{''.join(matter)}\n---\n{body}".encode(errors="surrogatepass")
    found = outcome(data)
    assert found == outcome(data)
    if isinstance(found, Parsed):
        assert found.post.model_dump_json()
    else:
        line, column = found[1:3]
        assert line is None or (isinstance(line, int) and 1 <= line <= data.count(b"\n") + 1)
        assert column is None or (isinstance(column, int) and column >= 1)


@given(st.lists(MATTER, max_size=20))
@example(["&a ", "date: ", "&a ", "---\n"])
def test_any_settings(bits: list[str]) -> None:
    """Whatever stands in site.yaml gives settings or a rejection."""
    with contextlib.suppress(Rejected):
        assert isinstance(settings("".join(bits).encode()), Site)


@given(st.lists(BITS, max_size=40))
@example(["<svg>", "<style>", "<img src=", "x", " onerror=alert(1) ", ">"])
@example(["<math>", "<mi xlink:href=", "'", "data:text/html,", "'", ">"])
@example(["x ", "<img src=", "'", "javascript:alert(1)", "'", ">"])
@example(["<select>", "<img src=", "http://x/a.png", "<p>"])
@example(["<img src=", "</p>", "&#1;"])
@example(["<audio src=", "[^1]: ", "<p>"])
def test_no_html_acts(bits: list[str]) -> None:
    """Nothing in a page can act, however broken its HTML; sanitised again, it stays the same."""
    for key in ("posts/2021-11-21-x.md", "posts/2021-11-21-x.html"):
        for prefix in ("", "<p>", "<div>"):
            found = outcome(f"{prefix}{''.join(bits)}".encode(), key)
            if isinstance(found, Parsed):
                judge(found.html)
                assert sanitize(found.html).strip() == found.html
                assert {image.url for image in found.images} == {
                    address
                    for each in elements(found.html)
                    for address in (each.get("src", ""), each.get("poster", ""))
                    if each.tag in {"img", "video"} and address.startswith("http")
                }


@given(st.lists(BITS, max_size=40))
def test_no_trusted_html_acts(bits: list[str]) -> None:
    """Trust is for looks: not even an administrator's HTML has scripts and handlers."""
    found = outcome(f"<div>{''.join(bits)}".encode(), "posts/team/2021-11-21-x.html", TRUSTING)
    if isinstance(found, Parsed):
        judge(found.html, looks=True)
        assert sanitize(found.html, trusted=True).strip() == found.html


@given(st.lists(BITS | st.sampled_from(PLAYERS), max_size=40))
def test_frames_are_our_own(bits: list[str]) -> None:
    """Where players are allowed, no frame has an address or a right that its author chose."""
    found = outcome(f"<p>{''.join(bits)}".encode(), "posts/2021-11-21-x.html", FRAMING)
    if isinstance(found, Parsed):
        assert sanitize(found.html, embeds=frozenset(EMBED_HOSTS)).strip() == found.html
        frames = [each for each in elements(found.html) if each.tag == "iframe"]
        for frame in frames:
            assert frame.get("sandbox") == FRAME_ATTRIBUTES["sandbox"]
            assert frame.get("src") in {None, *OUR_PLAYERS}
            assert "srcdoc" not in frame.keys()  # noqa: SIM118  an element is no mapping


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:24])
@pytest.mark.parametrize("suffix", ["md", "html"])
def test_a_hostile_body_is_a_post_or_rejected(body: str, suffix: str) -> None:
    """Neither ends parse otherwise; how long it may take is measured by `make bench`."""
    outcome(body.encode(), f"posts/2021-11-21-x.{suffix}")


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='java&#1;script:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><table><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<iframe srcdoc='<script>alert(1)</script>' src='javascript:alert(1)'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<template><script>alert(1)</script></template>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><p><style><!--</style><img title='--&gt;<img src onerror=alert(1)>'>",
    "<math></p><style><!--</style><img src/onerror=alert(1)>--></style></math>",
    "<noscript><style></noscript><img src=x onerror=alert(1)></style></noscript>",
    "<svg><foreignObject><noscript><style></noscript><img src onerror=alert(1)>",
    "<template><style></template><img src=x onerror=alert(1)></style></template>",
    "<math><annotation-xml encoding='text/html'><style><img src=1 onerror=alert(1)></style>",
    "<svg><image href='javascript:alert(1)'/><image href='https://x/a.png' onload=x /></svg>",
    "<table background='javascript:alert(1)'><td background='data:text/html,x'>x</table>",
    "<img data-src='javascript:alert(1)' srcset='data:text/html,x 2x'>",
    "<a name='x&quot; onclick=alert(1)'></a><a href='#x&quot; onclick=alert(1)'>x</a>",
    "<video poster='javascript:alert(1)'><source src='javascript:alert(1)'></video>",
    "<iframe src='java&#10;script:alert(1)'></iframe><embed src='data:text/html,x'>",
    "<base href='javascript:/x/'><a href='y'>x</a><img src='y.png'>",
    "<link rel=canonical href='javascript:alert(1)'><a href='/y'>x</a>",
    "<pre class='lang-x&quot;onload=alert(1)'>a<br>b</pre>",
    "<figure><figcaption><svg onload=alert(1)></figcaption><img src=x onerror=alert(1)></figure>",
    "[caption]<img src=x onerror=alert(1)><script>alert(1)</script>[/caption]",
    "[x](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)>",
    "[x](data:text/html,alert)",
    "<h2 id=location class=fixed>x</h2>",
    "<math><mi href='javascript:alert(1)' onclick=alert(1)>x</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img onerror=x&gt;'>",
    "<math><mtext><img src=x onerror=alert(1)><b>x</b></mtext></math>",
    "<math><mi><iframe srcdoc='<img src onerror=alert(1)>'></iframe></mi></math>",
    "<math><iframe><img title='</iframe><img src onerror=alert(1)>'></math>",
    "<math><title><img title='</title><img src onerror=alert(1)>'></math>",
    "<math><xmp><img title='</xmp><img src onerror=alert(1)>'></math>",
    "<math><annotation-xml encoding='application/xhtml+xml'><svg onload=alert(1)></math>",
    "<math><semantics><mi>x</mi><annotation-xml encoding='text/html'><img src onerror=alert(1)>",
    "<math><maction actiontype='statusline#https://evil.example' xlink:href='javascript:x'>x",
    "<math xlink:href='javascript:alert(1)'><mstyle mathbackground='url(javascript:x)'>x</mstyle>",
    "<math><mtext><svg><desc><math><mi><style><img src onerror=alert(1)></style></math>",
    "<math><mtext></p><table><mi><malignmark><style><img src onerror=alert(1)>",
    "<svg><math><mi><foreignObject><style><!--</style><img title='--&gt;<img src onerror=x>'>",
    "<math></math><mi><img src=x onerror=alert(1)></mi>",
    "<video src='javascript:alert(1)' onerror=alert(1) autoplay></video>",
    "<video src=a.mp4 poster='javascript:alert(1)'><source src='data:text/html,x'>",
    "<audio src='//evil.example/x.mp3' autoplay><video src='/\\evil.example/x.mp4'></video>",
    "<video src='x.mp4'><track src='javascript:alert(1)'><style><img src onerror=alert(1)>",
    "<script src='https://gist.github.com/a/0f.js&quot;onload=alert(1)'></script>",
    "<p markdown='1'><img src=x onerror=alert(1)>[x](javascript:alert(1))</p>",
    "<textarea><img src=x onerror=alert(1)></textarea><xmp><script>alert(1)</script></xmp>",
    "<title><img src=x onerror=alert(1)>",
    "<p {onclick}=alert(1) {}>x",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("around", ["{}", "<p>{}</p>", "text {} text", "<math><mtext>{}"])
def test_known_attacks(around: str, attack: str) -> None:
    """What has been tried against others does not work here, frames and trust or none."""
    source = around.replace("{}", attack).encode()
    for site in (SITE, FRAMING):
        found = outcome(source, site=site)
        assert isinstance(found, Parsed)
        judge(found.html)
    found = outcome(source, "posts/team/2021-11-21-x.html", TRUSTING)
    assert isinstance(found, Parsed)
    judge(found.html, looks=True)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_the_sanitiser_leaves_of_an_attack_is_the_same_again(attack: str) -> None:
    """A browser reads its work as it does: nothing comes to life when it is read twice."""
    for embeds in (frozenset[EmbedHost](), frozenset(EMBED_HOSTS)):
        kept = sanitize(attack.replace("&#1;", ""), embeds=embeds)  # parse leaves none of them
        assert sanitize(kept, embeds=embeds) == kept
        judge(kept, looks=bool(embeds))


def test_the_judge_sees_an_attack() -> None:
    """The judge of these tests would find what it looks for."""
    caught = 0
    for attack in ATTACKS:
        try:
            judge(attack)
        except AssertionError:
            caught += 1
    # Markdown's own are text to a browser, some need a repair to come to life, as do those in a
    # title or a textarea, and an id such as location is one that a heading may have.
    assert caught >= len(ATTACKS) - 10


def test_sanitising_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the sanitiser that makes a page safe: what it lets pass stands in the page."""
    seen: list[str] = []

    def lets_all_pass(html: str, **_: object) -> str:
        seen.append(html)
        return html + "<script>alert(1)</script>"

    monkeypatch.setattr("presswork.content.body.sanitize", lets_all_pass)
    found = outcome(b"text")
    assert isinstance(found, Parsed)
    assert "<script>" in found.html
    assert seen == ["<p>text</p>\n"]


def test_seeds_are_a_fixed_point(seeds: list[Path]) -> None:
    """Parsing what parsing made of a real post changes nothing."""
    for seed in seeds:
        html = parse(seed.read_bytes(), "posts/x.txt", SITE).html
        again = parse(f"---\ndate: 2021-11-21\n---\n{html}".encode(), "posts/x.txt", SITE)
        assert again.html == html
        assert again.repairs == ()
        assert nh3.is_html(html)
