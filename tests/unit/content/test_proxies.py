"""The origin behind each kind of image proxy."""

from base64 import urlsafe_b64encode

import pytest

from presswork.content.html.images import address_of
from presswork.content.html.proxies import PROXIES

ORIGIN = "https://o.example/a/b.jpg"
PLAIN = ORIGIN.replace("https", "http")
QUOTED = "https%3A%2F%2Fo.example%2Fa%2Fb.jpg"
BASE64 = urlsafe_b64encode(ORIGIN.encode()).decode().rstrip("=")
DIGEST = "0123456789abcdef0123456789abcdef01234567"
THROUGH = [
    (f"https://proxy.example/?{ORIGIN}", ORIGIN),
    ("https://wsrv.nl/?url=o.example/a/b.jpg&w=300", PLAIN),
    ("https://images.weserv.nl/?url=ssl:o.example/a/b.jpg&h=2", ORIGIN),
    (f"https://images.weserv.nl/?w=3&url={QUOTED}", ORIGIN),
    ("https://i0.wp.com/o.example/a/b.jpg?resize=300%2C200&ssl=1", ORIGIN),
    ("https://i2.wp.com/o.example/a/b.jpg?w=300", PLAIN),
    ("https://i1.wp.com/o.example/a?q=id%3D7&ssl=1", "https://o.example/a?id=7"),
    (
        "https://n.files.wordpress.com/2020/a.jpg?w=3&h=2",
        "https://n.files.wordpress.com/2020/a.jpg",
    ),
    (
        "https://github.com/ada/pier/blob/main/img/a.png?raw=true",
        "https://raw.githubusercontent.com/ada/pier/main/img/a.png",
    ),
    (
        "https://git.example/ada/docs/pier/-/blob/v1/a%20b.png",
        "https://git.example/ada/docs/pier/-/raw/v1/a%20b.png",
    ),
    (
        "https://mmbiz.qpic.cn/mmbiz_png/AbC/640?wx_fmt=png&tp=webp&wxfrom=5&wx_lazy=1",
        "https://mmbiz.qpic.cn/mmbiz_png/AbC/640?wx_fmt=png",
    ),
    (f"http://read.html5.qq.com/image?src=forum&q=5&r=0&imgflag=7&imageUrl={ORIGIN}", ORIGIN),
    (f"{ORIGIN}?x-oss-process=image/resize,w_300/format,webp", ORIGIN),
    (f"{ORIGIN}?imageView2/2/w/300", ORIGIN),
    (f"https://gimg2.baidu.com/image_search/src={QUOTED}&refer=http%3A%2F%2Fo.example", ORIGIN),
    (f"https://timgsa.baidu.com/timg?image&quality=80&src={QUOTED}", ORIGIN),
    (f"https://img01.sogoucdn.com/net/a/04/link?appid=100520029&url={QUOTED}", ORIGIN),
    (f"https://camo.githubusercontent.com/{DIGEST}/{ORIGIN.encode().hex()}", ORIGIN),
    (f"https://camo.example/{DIGEST}?url={QUOTED}", ORIGIN),
    (f"https://n.example/_next/image?url={QUOTED}&w=640&q=75", ORIGIN),
    ("https://o.example/_next/image?url=%2Fa%2Fb.jpg&w=640&q=75", ORIGIN),
    (f"https://n.example/_vercel/image?w=1&url={QUOTED}", ORIGIN),
    ("https://o.example/_image?href=%2Fa%2Fb.jpg&f=webp", ORIGIN),
    (f"https://n.example/.netlify/images?url={QUOTED}&w=50", ORIGIN),
    (f"https://img.example/sig/rs:fit:300:300/plain/{ORIGIN}@webp", ORIGIN),
    (f"https://img.example/sig/w:300/plain/{QUOTED}", ORIGIN),
    (f"https://img.example/sig/w:300/{BASE64}.webp", ORIGIN),
    (f"https://img.example/sig/w:300/{BASE64[:16]}/{BASE64[16:]}.webp", ORIGIN),
    (f"https://reader.example/proxy/signature=/{BASE64}==", ORIGIN),
    ("https://cdn.statically.io/img/o.example/f=auto,w=600/a/b.jpg", ORIGIN),
    ("https://cdn.statically.io/img/o.example/a/b.jpg", ORIGIN),
    ("https://o-example.cdn.ampproject.org/i/s/o.example/a/b.jpg", ORIGIN),
    ("https://o-example.cdn.ampproject.org/ii/w640/o.example/a/b.jpg", PLAIN),
    ("https://images-ext-1.discordapp.net/external/s-1/https/o.example/a/b.jpg", ORIGIN),
    (
        "https://images-ext-1.discordapp.net/external/s/%3Fid%3D7/https/o.example/a",
        "https://o.example/a?id=7",
    ),
    (f"https://ci3.googleusercontent.com/proxy/AbC=s0-d-e1-ft#{ORIGIN}", ORIGIN),
    (
        f"https://images1-focus-opensocial.googleusercontent.com/gadgets/proxy?a=b&url={QUOTED}",
        ORIGIN,
    ),
    (f"https://www.google.co.uk/imgres?imgurl={QUOTED}&imgrefurl=x", ORIGIN),
    (f"https://external.xx.fbcdn.net/safe_image.php?d=A&w=1&url={QUOTED}&cfs=1", ORIGIN),
    (f"https://external-lax3-1.xx.fbcdn.net/emg1/v/t13/9?url={QUOTED}&fb_obo=1", ORIGIN),
    (f"https://external-content.duckduckgo.com/iu/?u={QUOTED}&f=1", ORIGIN),
    (f"https://i.embed.ly/1/display/resize?key=k&url={QUOTED}", ORIGIN),
    (f"https://slack-imgs.com/?c=1&o1=ro&url={QUOTED}", ORIGIN),
    (f"https://feeds.example/image-proxy?url={QUOTED}", ORIGIN),
    ("https://o.example/wp-content/timthumb.php?src=/a/b.jpg&w=3", ORIGIN),
    (f"https://res.cloudinary.com/me/image/fetch/w_300,f_auto/{ORIGIN}", ORIGIN),
    (f"https://res.cloudinary.com/me/image/fetch/w_300/{ORIGIN.replace('//', '/')}", ORIGIN),
    (f"https://substackcdn.com/image/fetch/$s_!x!,w_1456,c_limit/{QUOTED}", ORIGIN),
    (f"https://n.example/cdn-cgi/image/width=300/{ORIGIN}", ORIGIN),
    (f"https://n.example/_ipx/w_300/{ORIGIN}", ORIGIN),
    (f"https://thumbor.example/unsafe/300x200/smart/{QUOTED}", ORIGIN),
    (f"https://s.yimg.com/ny/api/res/1.2/sig--/opts/{ORIGIN}", ORIGIN),
    (f"https://ik.imagekit.io/me/tr:w-300/{ORIGIN}", ORIGIN),
    (f"https://a.i.optimole.com/w:auto/q:90/{ORIGIN}", ORIGIN),
    (f"https://cors-anywhere.herokuapp.com/{ORIGIN}", ORIGIN),
    (f"https://me.imgix.net/{QUOTED}?w=300", ORIGIN),
    ("https://wsrv.nl/?url=https%3A%2F%2Fi0.wp.com%2Fo.example%2Fa%2Fb.jpg%3Fssl%3D1", ORIGIN),
    (f"https://n.example/_next/image?url=https%3A%2F%2Fwsrv.nl%2F%3Furl%3D{QUOTED}", ORIGIN),
]


@pytest.mark.parametrize(("wrapper", "origin"), THROUGH)
def test_the_origin_behind_a_proxy(wrapper: str, origin: str) -> None:
    """The address that a proxy was given is found, and told to be unwrapped."""
    address = address_of(wrapper)
    assert address is not None
    assert (address.url, address.unwrapped) == (origin, True)


def test_every_proxy_is_tried() -> None:
    """No row of the table is without an example that needs it."""
    from urllib.parse import urlsplit  # noqa: PLC0415

    needed = set()
    for wrapper, _ in THROUGH:
        parts = urlsplit(wrapper)
        needed.add(next(at for at, proxy in enumerate(PROXIES) if proxy.inside(parts) is not None))
    assert needed == set(range(len(PROXIES)))


@pytest.mark.parametrize(
    "url",
    [
        "https://web.archive.org/web/2020im_/https://o.example/a.jpg",
        "https://p.example/?url=https://o.example/a.jpg",
        "https://p.example/article/http-is-old.png",
        "https://p.example/_next/image",
        "https://i0.wp.com/",
        "https://cdn.statically.io/img/o.example/",
        "https://p.example/aHR0c.png",
        "https://p.example/aHR0cP__.png",
        f"https://camo.example/{DIGEST}/{b'not a URL'.hex()}",
        f"https://camo.example/{DIGEST}/ffffffffffffffffffff",
    ],
)
def test_no_proxy(url: str) -> None:
    """An archive is none, and neither is what only looks like one."""
    address = address_of(url)
    assert address is not None
    assert (address.url, address.unwrapped) == (url, False)
