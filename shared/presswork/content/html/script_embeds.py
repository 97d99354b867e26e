"""Scripts that would write something to read where they stand, and where that can be read."""

import re

from presswork.patterns import late

_HOSTS = {
    r"gist\.github\.com/([\w.-]+/[0-9a-f]+|[0-9a-f]+)(?:\.js|\.json)": "https://gist.github.com/{}",
    r"gitlab\.com/((?:[\w.-]+/)*-/snippets/\d+|snippets/\d+)\.js": "https://gitlab.com/{}",
    r"asciinema\.org/a/(\w+)\.js": "https://asciinema.org/a/{}",
    r"jsfiddle\.net/((?:\w+/){1,3})embed/(?:[\w,]+/)*": "https://jsfiddle.net/{}",
    r"static\.polldaddy\.com/p/(\d+)\.js|secure\.polldaddy\.com/p/(\d+)\.js": "https://poll.fm/{}",
    r"www\.buzzsprout\.com/((?:\d+/)*\d+)(?:-[\w-]*)?\.js": "https://www.buzzsprout.com/{}",
}
_READERS = tuple(
    (late(rf"(?:https?:)?//(?:{host})(?:[?#].*)?", re.ASCII), link) for host, link in _HOSTS.items()
)
_WIDGETS = {
    "data-telegram-post": (late(r"\w+/\d+", re.ASCII), "https://t.me/{}"),
}
_SPEAKER_DECK = late(r"[0-9a-f]{16,40}")


def link_of(attributes: dict[str, str]) -> str | None:
    """Where readers find what a script with these attributes would show; None for all others."""
    src = attributes.get("src", "").strip()
    for pattern, link in _READERS:
        found = pattern.fullmatch(src)
        if found:
            return link.format(next(filter(None, found.groups())))
    for name, (pattern, link) in _WIDGETS.items():
        value = attributes.get(name, "").strip()
        if pattern.fullmatch(value):
            return link.format(value)
    id = attributes.get("data-id", "")
    if "speakerdeck" in src and _SPEAKER_DECK.fullmatch(id):
        return f"https://speakerdeck.com/player/{id}"
    return None
