"""Whatever an origin answers, and however a source spells an image: one of three things follows."""

import socket

from hypothesis import given, settings
from hypothesis import strategies as st

from presswork.errors import RetryLater
from presswork.imaging import Fetched, FetchedImage, Limits, Refused, fetch, fetch_first
from presswork.post import ImageRef

LIMITS = Limits(silence=0.5, total=2)
SEARCH = settings(max_examples=400, deadline=None)

_NAMES = (
    *("Content-Length", "Content-Encoding", "Transfer-Encoding", "Location", "Retry-After"),
    *("ETag", "Last-Modified", "Connection", "Content-Type", "X-\xe9", "", " ", ":", "Set-Cookie"),
)
_VALUES = (
    *("", "0", "-1", "5", "1e9", "9" * 30, "1730000000000000", "١٢", "²", "nan", "inf", "0x10"),
    *("chunked", "gzip", "gzip, br", "identity", "UTF-8", "\x00", "\xff", "=?utf-8?q?a?=", "a\r b"),
    *("/", "//", "///x", "?", "#", "http://[", "https://[::1]/", "http://a.example:x/", "http://"),
    *("http://a.example:99999/", "https://xn--/", "//\xe9.example/", "javascript:x", "data:,x"),
    *("http://a.example\\@b/", "http://%/%zz", "Sun, 99 Nov 9999 99:99:99 GMT", '"' * 2_000),
    *("Mon, 01 Jan 0001 00:00:00 +9999", "Fri, 31 Dec 9999 23:59:59 -2359", "\ud800", "\u2028"),
    *("http://\u2100.example/", "http://a.example/\ud800", "http://" + "a" * 300 + ".example/"),
)
_STATUSES = (
    *("HTTP/1.1 200 OK", "HTTP/1.0 301 Moved", "HTTP/1.1 302", "HTTP/1.1 103 Early Hints"),
    *("HTTP/1.1 304 x", "HTTP/1.1 404 x", "HTTP/1.1 429 x", "HTTP/1.1 503 x", "HTTP/1.1 101 x"),
    *(
        "HTTP/1.1 999 x",
        "HTTP/1.1 -20 x",
        "HTTP/1.1 2OO x",
        "HTTP/1.1",
        "HTTP/2 200",
        "",
        "ICY 200",
    ),
)
_BODIES = (b"", b"GIF89a", b"5\r\nGIF89\r\n0\r\n\r\n", b"fffffffff\r\n", b"-1\r\n", b"\x1f\x8b\x08")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


value = st.sampled_from(_VALUES) | st.text(max_size=20)
header = st.tuples(st.sampled_from(_NAMES), value).map(
    lambda each: _bytes(f"{each[0]}: {each[1]}\r\n")
)
head = st.tuples(st.sampled_from(_STATUSES), st.lists(header, max_size=4)).map(
    lambda each: _bytes(each[0]) + b"\r\n" + b"".join(each[1]) + b"\r\n"
)
answer = st.tuples(
    st.lists(head, max_size=2), st.sampled_from(_BODIES) | st.binary(max_size=40)
).map(lambda each: b"".join(each[0]) + each[1])
whole = value.filter(lambda text: "\ud800" not in text)
"""No source has half of a character: front matter with one is rejected, and UTF-8 has none."""
spelling = whole | st.tuples(st.sampled_from(["https://a.example/", "http://", "//"]), whole).map(
    "".join
)


class Origin:
    """Every host and port of the world; all send the same bytes, whatever they are asked."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def resolve(self, _host: str, _port: int) -> tuple[str, ...]:
        """One public address."""
        return ("93.184.216.34",)

    def connect(self, _address: str, _port: int, _timeout: float) -> socket.socket:
        """A socket with the whole answer in it."""
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(self._answer)
            theirs.shutdown(socket.SHUT_WR)
            return ours


@SEARCH
@given(answer)
def test_any_answer_is_an_answer_or_a_reason(answer: bytes) -> None:
    """A fetch gives what came, refuses it, or puts it off; it raises nothing else."""
    origin = Origin(answer)
    try:
        fetched = fetch(
            "http://a.example/x.png", limits=LIMITS, resolve=origin.resolve, connect=origin.connect
        )
    except (Refused, RetryLater) as failure:
        str(failure).encode()  # it is kept as the reason
        return
    assert isinstance(fetched, Fetched)
    for kept in (fetched.url, fetched.mime, fetched.etag, fetched.last_modified, *fetched.hops):
        (kept or "").encode()


@SEARCH
@given(answer, st.lists(spelling, max_size=3), spelling)
def test_any_spelling_can_be_asked_for(answer: bytes, seen: list[str], url: str) -> None:
    """So does the search through all places where an image may be, whatever they are called."""
    origin = Origin(answer)
    try:
        found = fetch_first(
            ImageRef(url=url, seen=tuple(seen)),
            limits=LIMITS,
            resolve=origin.resolve,
            connect=origin.connect,
        )
    except (Refused, RetryLater) as failure:
        str(failure).encode()  # it is kept as the reason
        return
    assert isinstance(found, FetchedImage)
