"""Links that lead through a page of their platform, to where their authors meant them to lead."""

from urllib.parse import parse_qs, urlsplit

_TARGETS = {
    ("www.google.com", "/url"): ("q", "url"),
    ("l.facebook.com", "/l.php"): ("u",),
    ("lm.facebook.com", "/l.php"): ("u",),
    ("l.instagram.com", "/"): ("u",),
    ("www.youtube.com", "/redirect"): ("q",),
    ("medium.com", "/r/"): ("url",),
    ("link.zhihu.com", "/"): ("target",),
    ("link.jianshu.com", "/"): ("t",),
    ("link.juejin.cn", "/"): ("target",),
    ("vk.com", "/away.php"): ("to",),
}
"""The parameters that hold the address, by host and path."""
_LONGEST = 8_000


def target_of(url: str) -> str | None:
    """The address to which a page of a platform leads on; None where it is none."""
    if "=" not in url or len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(url)
        names = _TARGETS.get((parts.netloc.lower(), parts.path))
        if names is None:
            return None
        given = parse_qs(parts.query, max_num_fields=100)
    except ValueError:
        return None
    found = (given[name][0] for name in names if name in given)
    return next((each for each in found if each.startswith(("http://", "https://"))), None)
