"""Players and posts of a few other sites, shown in a frame where a site's settings allow it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from presswork.patterns import late
from presswork.settings import EmbedHost

# Mastodon has no end of servers, and the policy of a page names each host that it may frame.
_MASTODON = ("mastodon.social", "mastodon.online", "fosstodon.org", "hachyderm.io")
FRAME_SOURCES: dict[EmbedHost, tuple[str, ...]] = {
    "youtube": ("https://www.youtube-nocookie.com",),
    "vimeo": ("https://player.vimeo.com",),
    "bilibili": ("https://player.bilibili.com",),
    "mastodon": tuple(f"https://{host}" for host in _MASTODON),
}
"""What `frame-src` of a Content-Security-Policy has to allow for each host."""

FRAME_ATTRIBUTES = {
    "loading": "lazy",
    "referrerpolicy": "strict-origin-when-cross-origin",
    "sandbox": "allow-scripts allow-same-origin allow-popups allow-presentation",
}
"""What every frame has: players need scripts and their own origin, which is never the site's."""

FRAME_URLS: dict[EmbedHost, re.Pattern[str]] = {
    "youtube": late(
        r"https://www\.youtube-nocookie\.com/embed/[\w-]{11}(?:\?start=[1-9]\d{0,5})?", re.ASCII
    ),
    "vimeo": late(
        r"https://player\.vimeo\.com/video/\d{1,12}\?(?:h=[0-9a-f]{6,16}&)?dnt=1", re.ASCII
    ),
    "bilibili": late(
        r"https://player\.bilibili\.com/player\.html"
        r"\?(?:bvid=BV[0-9A-Za-z]{10}|aid=\d{1,15})&autoplay=0(?:&p=\d{1,4})?",
        re.ASCII,
    ),
    "mastodon": late(
        rf"https://(?:{'|'.join(map(re.escape, _MASTODON))})"
        r"/@\w{1,30}(?:@[\w.-]{1,100})?/\d{1,20}/embed",
        re.ASCII,
    ),
}
"""The addresses that a frame may have: those that `embed_of` makes, and no others."""

_YOUTUBE_ID = late(r"[\w-]{11}", re.ASCII)
_START = late(r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,6})s?)?", re.ASCII)
_VIMEO = late(r"/(?:video/)?(\d{1,12})(?:/([0-9a-f]{6,16}))?/?", re.ASCII)
_BVID = late(r"BV[0-9A-Za-z]{10}", re.ASCII)
_NUMBER = late(r"\d{1,15}", re.ASCII)
_STATUS = late(r"/@(\w{1,30}(?:@[\w.-]{1,100})?)/(\d{1,20})(?:/embed)?/?", re.ASCII)


@dataclass(frozen=True)
class Embed:
    """A frame of a known host: its address, made anew from an id, and where people go instead."""

    host: EmbedHost
    src: str
    link: str
    width: int = 560
    height: int = 315


def embed_of(url: str) -> Embed | None:
    """The embed to which an address of a player leads; None for any other address."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    reader = _READERS.get(host) if parts.scheme in ("http", "https") else None
    return reader(host, parts.path, dict(parse_qsl(parts.query))) if reader else None


def _youtube(host: str, path: str, query: dict[str, str]) -> Embed | None:
    last = path.rstrip("/").rpartition("/")[2]
    id = query.get("v", "") if path == "/watch" else last
    known = (
        path == "/watch" or host == "youtu.be" or path.startswith(("/embed/", "/shorts/", "/v/"))
    )
    if not known or not _YOUTUBE_ID.fullmatch(id):
        return None
    start = _seconds(query.get("start") or query.get("t") or "")
    return Embed(
        "youtube",
        f"https://www.youtube-nocookie.com/embed/{id}{f'?start={start}' if start else ''}",
        f"https://www.youtube.com/watch?v={id}{f'&t={start}s' if start else ''}",
    )


def _seconds(spelled: str) -> int:
    found = _START.fullmatch(spelled)
    hours, minutes, seconds = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    return total if total < 1_000_000 else 0  # noqa: PLR2004  six digits


def _vimeo(_host: str, path: str, query: dict[str, str]) -> Embed | None:
    found = _VIMEO.fullmatch(path)
    if not found:
        return None
    secret = found[2] or query.get("h", "")
    secret = secret if re.fullmatch(r"[0-9a-f]{6,16}", secret) else ""
    return Embed(
        "vimeo",
        f"https://player.vimeo.com/video/{found[1]}?{f'h={secret}&' if secret else ''}dnt=1",
        f"https://vimeo.com/{found[1]}{f'/{secret}' if secret else ''}",
    )


def _bilibili(_host: str, path: str, query: dict[str, str]) -> Embed | None:
    last = path.rstrip("/").rpartition("/")[2]
    bvid = last if path.startswith("/video/") else query.get("bvid", "")
    aid = last[2:] if last.startswith("av") else query.get("aid", "")
    if _BVID.fullmatch(bvid):
        id, link = f"bvid={bvid}", bvid
    elif _NUMBER.fullmatch(aid):
        id, link = f"aid={aid}", f"av{aid}"
    else:
        return None
    page = query.get("p") or query.get("page") or ""
    part = page if re.fullmatch(r"[1-9][0-9]{0,3}", page) and page != "1" else ""
    return Embed(
        "bilibili",
        f"https://player.bilibili.com/player.html?{id}&autoplay=0{f'&p={part}' if part else ''}",
        f"https://www.bilibili.com/video/{link}/{f'?p={part}' if part else ''}",
    )


def _mastodon(host: str, path: str, _query: dict[str, str]) -> Embed | None:
    found = _STATUS.fullmatch(path)
    if not found:
        return None
    link = f"https://{host}/@{found[1]}/{found[2]}"
    return Embed("mastodon", f"{link}/embed", link, 400, 480)


_READERS: dict[str, Callable[[str, str, dict[str, str]], Embed | None]] = {
    **dict.fromkeys(("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be"), _youtube),
    **dict.fromkeys(("youtube-nocookie.com", "www.youtube-nocookie.com"), _youtube),
    **dict.fromkeys(("vimeo.com", "www.vimeo.com", "player.vimeo.com"), _vimeo),
    **dict.fromkeys(("bilibili.com", "www.bilibili.com", "m.bilibili.com"), _bilibili),
    "player.bilibili.com": _bilibili,
    **dict.fromkeys(_MASTODON, _mastodon),
}
